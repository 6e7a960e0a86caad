// SPDX-License-Identifier: Apache-2.0
import Base

/// Something one side owes the other under a contract: a duty at one of its times, or a payment.
package struct Obligation: Sendable, Hashable {
  package enum State: String, Sendable, Hashable, CaseIterable {
    /// Not done, and its time is not over or not known yet.
    case pending
    /// Done in time.
    case met
    /// Its time is over and it was not done by then.
    case missed
    /// Its time is over, and what the contract says counts as having happened.
    case deemed
    /// The side that may ask for it does not.
    case waived
  }

  package enum Kind: String, Sendable, Hashable { case duty, payment }

  /// What a payment comes to as far as is known.
  package struct Money: Sendable, Hashable {
    package let payable: Fen
    package let paid: Fen
  }

  /// What follows from missing it, by a rule of the contract.
  package struct Consequence: Sendable, Hashable {
    package let rule: String
    package let citation: Citation
  }

  package struct Done: Sendable, Hashable {
    /// The day on which it was done, or done whole.
    package let day: CivilDate
    package let facts: [UUIDv7]
  }

  /// Its name within the contract, the same whatever else is put on record: the duty's and, where it falls due more than once, which time:
  /// `accept@<record>`, `invoice@<payment>`, `report-daily@<first day>`; a payment is `payment:<payment>`.
  package let id: String
  package let kind: Kind
  /// The contract's item: the duty, or the payment's terms.
  package let item: String
  package let citation: Citation
  package let bearer: Duty.Bearer
  /// The paper it stands on, as its place in the chain.
  package let revision: Int
  package let payment: String?
  package let subject: String?
  /// Until when; nil where the contract sets no time.
  package let due: SettlementStatement.Due?
  /// Any of these shows that it was done.
  package let doneBy: [Text]
  /// What counts as having happened when its time is over.
  package let deems: Text?
  package let consequences: [Consequence]
  /// What is not on record and keeps it from being demanded.
  package let missing: [Text]
  package let money: Money?
  package let done: Done?
  /// The fact that waives it.
  package let waiver: UUIDv7?
  package let state: State

  /// The last day, where one is known.
  package var date: DueDate? { if case .by(let date)? = due { date } else { nil } }

  /// Whether its time is over and it is still not done.
  package var isLate: Bool { state == .missed && done == nil }

  /// The instant at which mere time changes its state; nil where that is over or nothing would change.
  package var turns: Instant? { state == .pending && missing.isEmpty ? date?.outside : nil }

  /// Days from its last day to the day it was done or, where it was not, to this one.
  package func daysLate(on day: CivilDate) -> Int {
    guard let last = date?.lastDay, missing.isEmpty else { return 0 }
    return max(0, (done?.day ?? day).days(since: last))
  }

  /// Who may waive it; nobody what counts as having happened when it is not done.
  package var waivableBy: [Party] {
    guard deems == nil else { return [] }
    return switch bearer {
    case .office: [.vendor]
    case .vendor: [.office]
    case .both: Party.allCases
    }
  }
}

extension Obligation {
  // A duty's name has no colon, so no duty is taken for a payment.
  private static let paymentMark = "payment:"

  static func name(ofPayment payment: String) -> String { paymentMark + payment }

  /// The payment that a name means; nil for a duty's.
  static func payment(named name: String) -> String? {
    name.hasPrefix(paymentMark) ? String(name.dropFirst(paymentMark.count)) : nil
  }
}

extension Duty.Bearer {
  /// Whether it falls to that side.
  package func includes(_ side: Party) -> Bool { self == .both || rawValue == side.rawValue }
}
