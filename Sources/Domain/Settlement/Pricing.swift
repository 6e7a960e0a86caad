// SPDX-License-Identifier: Apache-2.0
import Base

/// Turns the cases for which a rule fired into lines.
struct Pricing {
  let fees: FeeBook
  let rule: Consequence
  let charge: Charge
  let context: PriceContext
  private let wording: FormulaWording
  private(set) var pending: [Pending] = []

  init(_ fees: FeeBook, _ rule: Consequence, _ charge: Charge, _ context: PriceContext, _ wording: FormulaWording) {
    self.wording = wording
    self.fees = fees
    self.rule = rule
    self.charge = charge
    self.context = context
  }

  /// A case in money, positive for what the owing side owes.
  private struct Priced {
    let event: Case
    let debtor: Party
    let amount: ExactAmount
    /// The computation without its result.
    let words: Text
    let price: Price?
    let bounds: [Line.AppliedBound]
    /// Whether the words say the bounds already.
    var saysBounds = false

    /// The computation with the bounds that changed its result, so that a sum of several comes to what stands behind it.
    var bounded: Text { saysBounds ? words : bounds.reduce(words) { $0 + Self.note($1) } }

    static func note(_ bound: Line.AppliedBound) -> Text {
      Text(zh: bound.isCeiling ? "（超过上限，按 " : "（低于下限，按 ", en: bound.isCeiling ? " (above the ceiling, so " : " (below the floor, so ")
        + bound.words + Text(zh: " 计）", en: ")")
    }
  }

  mutating func lines(for cases: [Case]) throws(ArithmeticError) -> [Line] {
    var priced: [Priced] = []
    for event in cases { if let one = try price(event) { priced.append(one) } }
    if !rule.measure.addsUp {
      var lines: [Line] = []
      for one in priced { lines.append(try line([one])) }
      return lines
    }
    var lines: [Line] = []
    for party in Party.allCases {
      let owed = priced.filter { $0.debtor == party }
      if !owed.isEmpty { lines.append(try line(owed)) }
    }
    return lines
  }

  // MARK: one case

  private mutating func price(_ event: Case) throws(ArithmeticError) -> Priced? {
    let debtor: Party
    switch charge.owedBy {
    case .office: debtor = .office
    case .vendor: debtor = .vendor
    case .breaching:
      guard let by = event.by else {
        pending.append(Pending("party-missing", rule: rule.id, zh: "情形尚未载明违约方。", en: "An incident does not say which side is in breach."))
        return nil
      }
      debtor = by
    }
    switch charge.tariff {
    case .each(let amount):
      guard let price = try price(amount, event) else { return nil }
      if rule.measure.isOfIncidents {
        // What an incident carries is the amount of all it counts.
        let count = price.basis?.basis == .stake ? Rational.one : event.count
        let (unit, bounds) = try bounded(price.amount, event)
        // The bounds are those of one of them.
        let saysBounds = count != .one && wording >= .bounded
        let one = saysBounds ? bounds.reduce(price.words) { $0 + Priced.note($1) } : price.words
        return Priced(
          event: event, debtor: debtor, amount: try unit * count,
          words: count == .one ? one : one + Words.both(" × ") + Words.quantity(count, event.unit), price: price, bounds: bounds,
          saysBounds: saysBounds)
      }
      let words =
        event.count == 1 && !rule.measure.isOfLateness
        ? price.words : price.words + Words.both(" × ") + Words.quantity(event.count, event.unit)
      return try finish(event, debtor, try price.amount * event.count, words, price)
    case .steps(let bar, let step, let parts, let amount):
      guard let price = try price(amount, event) else { return nil }
      return try steps(event, debtor, bar, step, parts, price)
    case .bands(let bands):
      guard let band = bands.first(where: { band in band.from.map { event.quantity >= $0 } ?? true }),
        let price = try price(band.pays, event)
      else { return nil }
      let place =
        band.from.map { Text(zh: "达到 \(Words.number($0)) 一档：", en: "in the band from \(Words.number($0)): ") }
        ?? Text(zh: "在最低一档：", en: "in the lowest band: ")
      return try finish(event, debtor, price.amount, place + price.words, price)
    case .table(let table):
      guard let grade = event.grade, let amount = table[grade], let price = try price(amount, event) else { return nil }
      return try finish(event, debtor, price.amount, price.words, price)
    case .range:
      guard let amount = event.amount else {
        pending.append(Pending("amount-missing", rule: rule.id, zh: "情形的金额尚未确定。", en: "The amount of an incident is not set yet."))
        return nil
      }
      return try finish(event, debtor, ExactAmount(amount), Words.money(amount), nil)
    }
  }

  private func steps(
    _ event: Case, _ debtor: Party, _ bar: Tariff.Bar, _ step: Rational, _ parts: Tariff.Parts, _ price: Price
  ) throws(ArithmeticError) -> Priced {
    let distance: Rational
    let words: Text
    switch bar {
    case .below(let bar):
      distance = try bar - event.quantity
      words = Words.both("\(Words.number(bar)) − \(Words.number(event.quantity))")
      if distance <= .zero {
        return try finish(
          event, debtor, .zero, Text(zh: "不低于 \(Words.number(bar))，为零", en: "not below \(Words.number(bar)), so nothing"), price)
      }
    case .above(let bar):
      distance = try event.quantity - bar
      words = Words.both("\(Words.number(event.quantity)) − \(Words.number(bar))")
      if distance <= .zero {
        return try finish(
          event, debtor, .zero, Text(zh: "未超过 \(Words.number(bar))，为零", en: "not above \(Words.number(bar)), so nothing"), price)
      }
    }
    let exact = try distance / step
    let count = parts == .whole ? try Rational(exact.floor, over: 1) : exact
    var formula = Text(zh: "（", en: "(") + words + Text(zh: "）", en: ")")
    if step != .one { formula = formula + Words.both(" ÷ \(Words.number(step))") }
    formula = formula + (parts == .whole ? Text(zh: "取整 ", en: ", whole ") : Words.both(" = "))
    let unit = step == .one ? event.unit : Text(zh: "档", en: "steps")
    return try finish(
      event, debtor, try price.amount * count, formula + Words.quantity(count, unit) + Words.both(" × ") + price.words, price)
  }

  private func finish(_ event: Case, _ debtor: Party, _ amount: ExactAmount, _ words: Text, _ price: Price?) throws(ArithmeticError)
    -> Priced
  {
    let (amount, bounds) = try bounded(amount, event)
    return Priced(event: event, debtor: debtor, amount: amount, words: words, price: price, bounds: bounds)
  }

  private mutating func price(_ amount: Amount, _ event: Case) throws(ArithmeticError) -> Price? {
    if let price = try fees.price(amount, of: event, in: context) { return price }
    if case .share(_, let basis) = amount {
      pending.append(
        Pending(
          "basis-missing", rule: rule.id, zh: "\(basis.name.zh)尚无法确定。", en: "It is not known yet what this is a share of: \(basis.name.en)."
        ))
    }
    return nil
  }

  /// Keeps a case's amount within the rule's bounds for a case.
  private func bounded(_ amount: ExactAmount, _ event: Case) throws(ArithmeticError) -> (ExactAmount, [Line.AppliedBound]) {
    guard let limits = charge.bounds.perCase else { return (amount, []) }
    if let limit = limits.atMost, let price = try fees.price(limit, of: event, in: context), amount > price.amount {
      return (price.amount, [Line.AppliedBound(isCeiling: true, limit: price.amount, words: price.words)])
    }
    if let limit = limits.atLeast, let price = try fees.price(limit, of: event, in: context), amount < price.amount {
      return (price.amount, [Line.AppliedBound(isCeiling: false, limit: price.amount, words: price.words)])
    }
    return (amount, [])
  }

  // MARK: the line

  private func line(_ parts: [Priced]) throws(ArithmeticError) -> Line {
    var sum = ExactAmount.zero
    var count = Rational.zero
    for part in parts {
      sum = try sum + part.amount
      count = try count + part.event.count
    }
    let first = parts[0]
    let unit = first.event.unit
    let isUniform =
      parts.allSatisfy { $0.price?.amount == first.price?.amount && $0.price != nil && $0.bounds.isEmpty }
      && first.price?.basis?.basis != .stake
    var formula: Text
    if parts.count == 1 {
      formula = (first.event.note.map { $0 + Text(zh: "；", en: "; ") } ?? Words.none) + first.words
    } else if isUniform, case .each = charge.tariff, let price = first.price {
      formula = Words.quantity(count, unit) + Words.both(" × ") + price.words
    } else {
      formula = Words.shortSum(parts.map { wording >= .bounded ? $0.bounded : $0.words })
    }
    let isBare = if case .range = charge.tariff { parts.count == 1 } else { false }
    if !isBare, !(parts.count == 1 && first.words == Words.money(sum)) {
      let unbounded = first.bounds.isEmpty || first.saysBounds || parts.count > 1
      if unbounded { formula = formula + Words.both(" = ") + Words.money(sum) }
    }
    for bound in first.bounds where parts.count == 1 && !first.saysBounds {
      formula =
        formula
        + (bound.isCeiling
          ? Text(zh: "，超过上限，按 ", en: ", above the ceiling, so ") : Text(zh: "，低于下限，按 ", en: ", below the floor, so "))
        + bound.words + Words.both(" = ") + Words.money(bound.limit)
    }
    let signed = first.debtor == .office ? sum : -sum
    if !sum.isWhole { formula = formula + Words.both(" ≈ ") + Words.money(try sum.rounded()) }
    var facts: [UUIDv7] = []
    for id in parts.flatMap(\.event.facts) where !facts.contains(id) { facts.append(id) }
    return try Line(
      .charge, rule: rule.id, rule.citation, formula: formula, basis: parts.count == 1 || isUniform ? first.price?.basis : nil,
      quantity: rule.measure.addsUp ? count : first.event.quantity, unit: unit,
      rate: parts.count == 1 || isUniform ? first.price?.rate : nil,
      bounds: parts.flatMap(\.bounds), amount: signed, facts: facts, revision: context.revision,
      day: parts.map(\.event.day).max() ?? first.event.day)
  }
}

extension Measure {
  /// Whether its cases are summed into one line; otherwise each has a line of its own.
  var addsUp: Bool {
    switch self {
    case .incidents, .amounts, .missed, .always: true
    case .score, .grade, .daysLate: false
    }
  }
}
