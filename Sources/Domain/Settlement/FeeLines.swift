// SPDX-License-Identifier: Apache-2.0
import Base

/// The price of one payment, cut by days where its period was, and split where a later paper changed it.
struct FeeLines {
  let lines: [Line]

  init(_ settlement: Settlement, _ payment: ScheduledPayment) throws(ArithmeticError) {
    switch payment.source {
    case .instalment(let terms, _): lines = [try Self.instalment(settlement, payment, terms)]
    case .period(let terms, _): lines = try Self.period(settlement, payment, terms)
    case .holdOver(let terms, _): lines = try Self.holdOver(settlement, payment, terms)
    case .release: lines = []
    }
  }

  private static func price(
    _ settlement: Settlement, _ terms: Payment, _ revision: Int
  ) throws(ArithmeticError) -> Price {
    switch terms.amount {
    case .fixed(let fen): return Price(amount: ExactAmount(fen), words: Words.money(fen), basis: nil, rate: fen.grouped)
    case .share(let share, _):
      let total = settlement.fees.total(revision)
      let words = Words.money(total) + Text(zh: "（合同总价）", en: " (the whole price)") + Words.both(" × \(share.text)")
      return Price(
        amount: try total * share.value, words: words, basis: Line.BasisAmount(basis: .total, amount: total), rate: share.text)
    }
  }

  private static func instalment(_ settlement: Settlement, _ payment: ScheduledPayment, _ terms: Payment) throws(ArithmeticError) -> Line {
    let price = try price(settlement, terms, payment.revision)
    let end = settlement.schedule.end(of: payment, in: settlement.contract)
    let day = payment.window.map { min($0.last, end) } ?? end
    return try Line(
      .fee, rule: terms.id, terms.citation, formula: price.result, basis: price.basis, rate: price.rate, amount: price.amount,
      revision: payment.revision, day: day)
  }

  private static func period(_ settlement: Settlement, _ payment: ScheduledPayment, _ terms: Payment) throws(ArithmeticError) -> [Line] {
    guard let period = payment.period, let full = payment.fullPeriod, case .every(let periodicity) = terms.rhythm else { return [] }
    let contract = settlement.contract
    let parts = try parts(of: period, under: contract) { revision throws(ArithmeticError) in
      guard let current = contract.revisions[revision].terms.payments.first(where: { $0.id == terms.id }) else { return nil }
      return (current.citation, try price(settlement, current, revision))
    }
    // What a cut period earns whole is divided among the papers that price it by its own days.
    return try lines(parts, of: terms.id, period, full: periodicity.cut == .whole ? period : full) { $0.result }
  }

  private static func holdOver(
    _ settlement: Settlement, _ payment: ScheduledPayment, _ terms: HoldOver
  ) throws(ArithmeticError) -> [Line] {
    guard let period = payment.period, let full = payment.fullPeriod else { return [] }
    let parts = try parts(of: period, under: settlement.contract) { revision throws(ArithmeticError) in
      guard let current = settlement.contract.monthlyHoldOver(revision), case .monthly(let fee) = current.fee else { return nil }
      return (current.citation, Price(amount: ExactAmount(fee), words: Words.money(fee), basis: nil, rate: fee.grouped))
    }
    let colon = settlement.wording >= .punctuated ? Text(zh: "：", en: ": ") : Words.both("：")
    return try lines(parts, of: terms.id, period, full: full) { Words.both("\(period)") + colon + $0.words }
  }

  // MARK: papers within a period

  /// The days of a period that one price holds for, and the last paper that says so.
  private struct Part {
    var days: DateRange
    var revision: Int
    var citation: Citation
    let price: Price
  }

  /// Divides a period where a later paper changed its price, and only there.
  private static func parts(
    of period: DateRange, under contract: Contract, price: (Int) throws(ArithmeticError) -> (Citation, Price)?
  ) throws(ArithmeticError) -> [Part] {
    var parts: [Part] = []
    var start = period.first
    while start <= period.last {
      let revision = contract.revisionIndex(on: start)
      let next = contract.revisions.indices.contains(revision + 1) ? contract.revisions[revision + 1].revision.effectiveFrom : nil
      let end = min(next?.dayBefore ?? period.last, period.last)
      if let days = DateRange(start, through: end), let (citation, price) = try price(revision) {
        if let last = parts.indices.last, parts[last].price.amount == price.amount, parts[last].days.last.dayAfter == start,
          let joined = DateRange(parts[last].days.first, through: end)
        {
          parts[last] = Part(days: joined, revision: revision, citation: citation, price: price)
        } else {
          parts.append(Part(days: days, revision: revision, citation: citation, price: price))
        }
      }
      guard let after = end.dayAfter else { break }
      start = after
    }
    return parts
  }

  /// - Parameters:
  ///   - full: the days that the whole price is for.
  ///   - whole: the words of a line with the whole price.
  private static func lines(
    _ parts: [Part], of rule: String, _ period: DateRange, full: DateRange, whole: (Price) -> Text
  ) throws(ArithmeticError) -> [Line] {
    var lines: [Line] = []
    for part in parts {
      if part.days == full {
        lines.append(
          try Line(
            .fee, rule: rule, part.citation, formula: whole(part.price), basis: part.price.basis, rate: part.price.rate,
            amount: part.price.amount, revision: part.revision, day: period.last))
      } else {
        lines.append(try share(part.price, part.days, of: full, rule, part.citation, part.revision))
      }
    }
    return lines
  }

  /// The part of a fee that its days earn.
  private static func share(
    _ price: Price, _ part: DateRange, of full: DateRange, _ rule: String, _ citation: Citation, _ revision: Int
  ) throws(ArithmeticError) -> Line {
    let amount = try price.amount * Rational(Int128(part.days), over: Int128(full.days))
    var formula =
      Words.both("\(part.first) … \(part.last)") + Text(zh: "：", en: ": ") + price.words
      + Text(zh: " × \(part.days) 天 ÷ \(full.days) 天 = ", en: " × \(part.days) ÷ \(full.days) days = ") + Words.money(amount)
    if !amount.isWhole { formula = formula + Words.both(" ≈ ") + Words.money(try amount.rounded()) }
    return try Line(
      .fee, rule: rule, citation, formula: formula, basis: price.basis, quantity: Rational(part.days), unit: Words.days, rate: price.rate,
      amount: amount,
      revision: revision, day: part.last)
  }
}

extension Price {
  /// The computation with its result.
  fileprivate var result: Text { basis == nil ? words : words + Words.both(" = ") + Words.money(amount) }
}
