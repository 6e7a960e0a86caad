// SPDX-License-Identifier: Apache-2.0
import Base

/// The price of one payment, cut by days where its period was, and split where a later paper changed it.
struct FeeLines {
  let lines: [Line]

  init(_ settlement: Settlement, _ payment: ScheduledPayment) throws(ArithmeticError) {
    switch payment.source {
    case .instalment(let terms, _): lines = [try Self.instalment(settlement, payment, terms)]
    case .period(let terms, _): lines = try Self.period(settlement, payment, terms)
    case .holdOver(let terms, _): lines = try Self.holdOver(payment, terms)
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
    return try Line(
      .fee, rule: terms.id, terms.citation, formula: price.result, basis: price.basis, rate: price.rate, amount: price.amount,
      revision: payment.revision, day: payment.window?.last ?? settlement.schedule.serviceEnd)
  }

  private static func period(_ settlement: Settlement, _ payment: ScheduledPayment, _ terms: Payment) throws(ArithmeticError) -> [Line] {
    guard let period = payment.period, let full = payment.fullPeriod, case .every(let periodicity) = terms.rhythm else { return [] }
    let contract = settlement.contract
    let owner = contract.revisionIndex(on: period.last)
    let isWhole = period == full && contract.revisionIndex(on: period.first) == owner
    if isWhole || periodicity.cut == .whole {
      let price = try price(settlement, terms, owner)
      return [
        try Line(
          .fee, rule: terms.id, terms.citation, formula: price.result, basis: price.basis, rate: price.rate, amount: price.amount,
          revision: owner, day: period.last)
      ]
    }
    var lines: [Line] = []
    var start = period.first
    while start <= period.last {
      let revision = contract.revisionIndex(on: start)
      let next = contract.revisions.indices.contains(revision + 1) ? contract.revisions[revision + 1].revision.effectiveFrom : .last
      let end = CivilDate(day: Int(next.day) - 1).map { min($0, period.last) } ?? period.last
      guard let part = DateRange(start, through: end) else { break }
      if let current = contract.revisions[revision].terms.payments.first(where: { $0.id == terms.id }) {
        let price = try price(settlement, current, revision)
        lines.append(try share(price, part, of: full, terms.id, current.citation, revision))
      }
      guard let after = CivilDate(day: Int(end.day) + 1) else { break }
      start = after
    }
    return lines
  }

  private static func holdOver(_ payment: ScheduledPayment, _ terms: HoldOver) throws(ArithmeticError) -> [Line] {
    guard case .monthly(let fee) = terms.fee, let period = payment.period, let full = payment.fullPeriod else { return [] }
    let price = Price(amount: ExactAmount(fee), words: Words.money(fee), basis: nil, rate: fee.grouped)
    if period == full {
      return [
        try Line(
          .fee, rule: terms.id, terms.citation, formula: Words.both("\(period)：") + price.words, rate: price.rate, amount: price.amount,
          revision: payment.revision, day: period.last)
      ]
    }
    return [try share(price, period, of: full, terms.id, terms.citation, payment.revision)]
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
