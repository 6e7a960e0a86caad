// SPDX-License-Identifier: Apache-2.0
import Base

/// What the papers of a contract say it costs: in all, by the year, by the month.
struct FeeBook: Sendable {
  private let totals: [Fen]
  private let months: [ExactAmount?]

  init(_ contract: Contract) {
    totals = contract.revisions.map(\.terms.total.amount)
    months = contract.revisions.map { document in
      if let month = document.terms.total.month { return ExactAmount(month) }
      guard let count = document.terms.term.range.wholeMonths else { return nil }
      return try? document.terms.total.amount / Rational(count)
    }
  }

  func total(_ revision: Int) -> ExactAmount { ExactAmount(totals[revision]) }

  /// `nil` where the term is no whole number of months and the paper names no monthly price.
  func month(_ revision: Int) -> ExactAmount? { months[revision] }

  func year(_ revision: Int) -> ExactAmount? { months[revision].flatMap { try? $0 * 12 } }
}

extension DateRange {
  /// How many whole months it is; `nil` when days are left over.
  package var wholeMonths: Int? {
    let (fromYear, fromMonth, _) = first.components
    let (toYear, toMonth, _) = last.components
    let guess = (toYear - fromYear) * 12 + toMonth - fromMonth
    for count in max(1, guess)...max(1, guess + 1) {
      guard let next = try? first.adding(months: count) else { return nil }
      if next.days(since: last) == 1 { return count }
    }
    return nil
  }
}

/// What amounts are taken of in one place of a statement.
struct PriceContext: Sendable {
  var revision: Int
  var periodFee: ExactAmount
  var paid: Fen
  /// What was paid for time not served; `nil` where the service has not ended early.
  var unserved: ExactAmount?
}

/// An amount of the contract in money, and how it came about.
struct Price: Sendable {
  let amount: ExactAmount
  let words: Text
  let basis: Line.BasisAmount?
  let rate: String
}

extension FeeBook {
  /// Turns an amount of the contract into money.
  ///
  /// - Returns: `nil` where its basis is not known yet.
  func price(_ amount: Amount, of event: Case?, in context: PriceContext) throws(ArithmeticError) -> Price? {
    switch amount {
    case .fixed(let fen): return Price(amount: ExactAmount(fen), words: Words.money(fen), basis: nil, rate: fen.grouped)
    case .share(let share, let basis):
      guard let whole = self.basis(basis, of: event, in: context) else { return nil }
      return Price(
        amount: try whole * share.value,
        words: Words.money(whole) + Text(zh: "（\(basis.name.zh)）", en: " (\(basis.name.en))") + Words.both(" × \(share.text)"),
        basis: Line.BasisAmount(basis: basis, amount: whole), rate: share.text)
    }
  }

  private func basis(_ basis: Basis, of event: Case?, in context: PriceContext) -> ExactAmount? {
    switch basis {
    case .total: total(context.revision)
    case .annualFee: year(context.revision)
    case .monthFee: month(context.revision)
    case .periodFee: context.periodFee
    case .overdue: event?.overdue.map(ExactAmount.init)
    case .stake: event?.amount.map(ExactAmount.init)
    case .paid: ExactAmount(context.paid)
    case .unserved: context.unserved
    }
  }
}
