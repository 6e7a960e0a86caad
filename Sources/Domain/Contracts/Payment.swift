// SPDX-License-Identifier: Apache-2.0
import Base

/// One instalment of the price, or one for every period.
package struct Payment: Sendable, Hashable {
  package let id: String
  package let citation: Citation
  package let amount: Amount
  package let printed: [PrintedAmount]
  package let due: DeadlineRule?
  /// What must be on record before the payment can be settled for good.
  package let needs: [ContractEvent]
  package let rhythm: Rhythm

  package enum Rhythm: Sendable, Hashable {
    /// Paid once; it takes up what happened until that day, and what the next one takes up begins after it.
    case once(until: CivilDate?)
    /// Paid for every period of the term.
    case every(Periodicity)
  }
}

/// How the term is divided into periods.
package struct Periodicity: Sendable, Hashable {
  package enum Length: Sendable, Hashable {
    case months(Int)
    /// The city's evaluation cycles, whose length the rule pack in force says.
    case cycles(Int)
  }

  /// Where the periods start from.
  package enum Alignment: String, Sendable, Hashable, CaseIterable {
    /// The first day of the term.
    case term
    /// The calendar: months, quarters from January; the first and last period may be short.
    case calendar
  }

  /// What a period that is cut short by the term, an early end or a revision earns.
  package enum Cut: String, Sendable, Hashable, CaseIterable {
    /// The fee by days served.
    case byDays
    /// The whole fee.
    case whole
  }

  package let length: Length
  package let alignment: Alignment
  package let cut: Cut
}

extension Periodicity {
  static let shape: Shape<Periodicity> = .object(
    "periodicity", about: Text(zh: "期间的划分。", en: "How the term is divided into periods."),
    Field.oneOf(
      Alternative("months", .integer(1...60)) { Length.months($0) },
      Alternative("cycles", .integer(1...24)) { Length.cycles($0) }),
    Field("align", .enumeration(Alignment.self), default: "term"), Field("cut", .enumeration(Cut.self), default: "byDays")
  ) { Periodicity(length: $0, alignment: $1, cut: $2) }
}

extension Payment {
  private struct Terms: Sendable {
    let amount: Amount
    let printed: [PrintedAmount]
    let due: DeadlineRule?
    let needs: [ContractEvent]
  }

  private static let terms = Field<Terms>.group(
    Field("amount", Amount.shape), Field("printed", .array(of: PrintedAmount.shape, max: 8), default: []),
    Field(optional: "due", DeadlineRule.shape),
    Field("needs", .array(of: ContractEvent.shape, max: 8, uniqueBy: nil, key: \.code), default: [])
  ) { Terms(amount: $0, printed: $1, due: $2, needs: $3) }

  static let shape: Shape<Payment> = .object(
    "payment", about: Text(zh: "一笔付款，或每期一笔。", en: "One payment, or one for every period."),
    Field("id", .code), Citation.field, terms,
    Field.oneOf(
      optional: Alternative("every", Periodicity.shape) { Rhythm.every($0) }, Alternative("until", .date) { Rhythm.once(until: $0) })
  ) { id, citation, terms, rhythm in
    Payment(
      id: id, citation: citation, amount: terms.amount, printed: terms.printed, due: terms.due, needs: terms.needs,
      rhythm: rhythm ?? .once(until: nil))
  }
}
