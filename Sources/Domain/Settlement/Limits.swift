// SPDX-License-Identifier: Apache-2.0
import Base

/// What bounds and caps have left, carried from statement to statement.
struct Limits: Sendable {
  /// What each rule has come to over the contract, positive for what its owing side owes: before its limit for the contract, and within it.
  private var ruleUse: [String: (owed: Fen, kept: Fen)] = [:]
  private var capUse: [String: Fen] = [:]
  private var capUseInPayment: [String: Fen] = [:]
  /// What each rule has come to in this payment under papers before, bare and within its bounds.
  private var ruleUseInPayment: [String: (owed: Fen, kept: Fen)] = [:]

  mutating func beginPayment() {
    capUseInPayment.removeAll()
    ruleUseInPayment.removeAll()
  }

  // MARK: a rule's own bounds

  /// The lines that keep a rule's lines of this payment within its bounds for a payment and for the contract, for each side that owes.
  mutating func bound(
    _ lines: [Line], of rule: Consequence, _ charge: Charge, _ fees: FeeBook, _ context: PriceContext
  ) throws(ArithmeticError) -> [Line] {
    guard charge.bounds.perPayment != nil || charge.bounds.perContract != nil else { return [] }
    switch charge.owedBy {
    // What the other side gets under the same rule counts against it: a bonus and a malus are bounded together.
    case .office: return try bound(lines, 1, rule, charge.bounds, fees, context).map { [$0] } ?? []
    case .vendor: return try bound(lines, -1, rule, charge.bounds, fees, context).map { [$0] } ?? []
    case .breaching:
      let office = try bound(lines.filter { $0.owedBy == .office }, 1, rule, charge.bounds, fees, context)
      let vendor = try bound(lines.filter { $0.owedBy == .vendor }, -1, rule, charge.bounds, fees, context)
      return [office, vendor].compactMap { $0 }
    }
  }

  private mutating func bound(
    _ lines: [Line], _ sign: Int64, _ rule: Consequence, _ bounds: Bounds, _ fees: FeeBook, _ context: PriceContext
  ) throws(ArithmeticError) -> Line? {
    guard let first = lines.first else { return nil }
    let key = "\(rule.id) \(sign)"
    let owed = try Fen.sum(lines.map(\.amount)).times(sign)
    let before = ruleUse[key] ?? (.zero, .zero)
    var kept = owed
    var words: Text?
    let earlier = ruleUseInPayment[key] ?? (.zero, .zero)
    if let limits = bounds.perPayment {
      let sum = try earlier.owed + owed
      let (whole, told) = try Self.keep(sum, limits, fees, context, Text(zh: "本期", en: "in this payment"), words)
      (kept, words) = (try Self.rest(of: whole, from: sum, behind: earlier.kept, owed), told)
    }
    ruleUseInPayment[key] = (try earlier.owed + owed, try earlier.kept + kept)
    let asked = kept
    if let limits = bounds.perContract {
      let sum = try before.owed + asked
      let (whole, told) = try Self.keep(sum, limits, fees, context, Text(zh: "整个合同", en: "over the contract"), words)
      (kept, words) = (try Self.rest(of: whole, from: sum, behind: before.kept, asked), told)
    }
    ruleUse[key] = (try before.owed + asked, try before.kept + kept)
    guard kept != owed else { return nil }
    let told = words ?? Text(zh: "与先前金额合并计算", en: "reckoned together with what came before")
    return try Line(
      .bound, rule: rule.id, rule.citation, formula: Words.money(owed) + Text(zh: "，", en: ", ") + told,
      amount: ExactAmount(try (kept - owed).times(sign)), facts: lines.flatMap(\.facts), revision: context.revision, day: first.day)
  }

  /// What is left for later lines of all that is kept. A ceiling that a later paper moved takes back nothing of what came before it and
  /// grants nothing that was cut then; only a floor asks for more than there is.
  ///
  /// - Parameters:
  ///   - whole: what is kept of `sum`, which is all that was owed.
  ///   - before: what was kept of the lines before.
  ///   - owed: what the later lines owe.
  private static func rest(of whole: Fen, from sum: Fen, behind before: Fen, _ owed: Fen) throws(ArithmeticError) -> Fen {
    let rest = try whole - before
    let least = min(owed, .zero)
    return whole > sum ? max(rest, least) : min(max(rest, least), max(owed, .zero))
  }

  /// Amounts are kept in whole fen, a ceiling rounded down and a floor up, so that neither is ever passed.
  private static func keep(
    _ amount: Fen, _ limits: Bounds.Limits, _ fees: FeeBook, _ context: PriceContext, _ scope: Text, _ words: Text?
  ) throws(ArithmeticError) -> (Fen, Text?) {
    if let limit = limits.atMost, let price = try fees.price(limit, of: nil, in: context) {
      let most = try price.amount.flooredFen()
      if amount > most { return (most, scope + Text(zh: "至多 ", en: " at most ") + price.words + Words.both(" = ") + Words.money(most)) }
    }
    if let limit = limits.atLeast, let price = try fees.price(limit, of: nil, in: context) {
      let least = try (-price.amount).flooredFen().negated()
      if amount < least { return (least, scope + Text(zh: "至少 ", en: " at least ") + price.words + Words.both(" = ") + Words.money(least)) }
    }
    return (amount, words)
  }

  // MARK: caps over rules

  /// Each line's amount once the lines that bound its rule are taken into it.
  private static func afterBounds(_ lines: [Line]) throws(ArithmeticError) -> [Fen] {
    var left = lines.map(\.amount)
    for bound in lines.indices where lines[bound].kind == .bound {
      var change = lines[bound].amount
      left[bound] = .zero
      for index in lines.indices.reversed() where left[index] != .zero && lines[bound].bounds(lines[index]) {
        let changed = try left[index] + change
        // A bound takes a line to nothing at most; the rest comes off the line before.
        let flips = changed != .zero && changed.isNegative != left[index].isNegative
        left[index] = flips ? .zero : changed
        change = flips ? changed : .zero
        if change == .zero { break }
      }
      // A floor that turns what one side owes into what the other does stands for itself.
      left[bound] = change
    }
    return left
  }

  /// The lines that keep what each side owes under the capped rules within the caps.
  ///
  /// - Parameter lines: of one section of a statement; what earlier sections and statements used is remembered.
  mutating func cap(
    _ lines: [Line], _ caps: [Cap], _ fees: FeeBook, _ context: PriceContext, day: CivilDate
  ) throws(ArithmeticError) -> [Line] {
    // What is left of each line after its rule's own bounds and the caps before.
    var left = try Self.afterBounds(lines)
    var found: [Line] = []
    for cap in caps {
      guard let price = try fees.price(cap.atMost, of: nil, in: context) else { continue }
      let most = try price.amount.flooredFen()
      for party in Party.allCases where cap.owedBy == .each || cap.owedBy.rawValue == party.rawValue {
        let key = "\(cap.id) \(party.rawValue)"
        let indices = lines.indices.filter { index in
          cap.rules.contains(lines[index].rule) && (left[index].isNegative ? party == .vendor : left[index] > .zero && party == .office)
        }
        var used = (cap.scope == .contract ? capUse[key] : capUseInPayment[key]) ?? .zero
        var cut = Fen.zero
        for index in indices {
          let owed = try left[index].magnitude()
          let kept = min(owed, max(.zero, try most - used))
          used = try used + kept
          cut = try cut + (owed - kept)
          left[index] = party == .vendor ? try kept.negated() : kept
        }
        if cap.scope == .contract { capUse[key] = used } else { capUseInPayment[key] = used }
        guard cut > .zero else { continue }
        let formula =
          party.name
          + Text(
            zh: "\(cap.scope == .contract ? "累计" : "本期")责任以 ",
            en: ": \(cap.scope == .contract ? "over the contract" : "in this payment") at most ")
          + price.words + Words.both(" = ") + Words.money(most) + Text(zh: " 为限，扣减超出部分 ", en: "; what exceeds it is taken off: ")
          + Words.money(cut)
        found.append(
          try Line(
            .cap, rule: cap.id, cap.citation, formula: formula, basis: price.basis, rate: price.rate,
            amount: ExactAmount(party == .vendor ? cut : try cut.negated()), facts: [], revision: context.revision, day: day))
      }
    }
    return found
  }
}

extension Line {
  /// Whether a line is one of those that this bound was found for: its rule's under the same paper, and of the same side where the
  /// incidents say which.
  fileprivate func bounds(_ line: Line) -> Bool {
    line.kind == .charge && line.rule == rule && line.revision == revision && Set(line.facts).isSubset(of: facts)
  }
}

extension ExactAmount {
  /// The most whole fen that are not above this.
  func flooredFen() throws(ArithmeticError) -> Fen { try ExactAmount(fen: Rational(fen.floor, over: 1)).rounded() }
}

extension Fen {
  func magnitude() throws(ArithmeticError) -> Fen { isNegative ? try negated() : self }
}
