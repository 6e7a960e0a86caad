// SPDX-License-Identifier: Apache-2.0
import Base

/// Why a settlement has no answer.
package enum SettlementError: Error, Sendable, Hashable {
  /// The contract foresees no such payment; these are the ones it does.
  case unknownPayment(String, known: [String])
  case schedule(ScheduleError)
  case arithmetic(ArithmeticError)

  /// Stable, in kebab-case.
  package var code: String {
    switch self {
    case .unknownPayment: "unknown-payment"
    case .schedule(let error): error.code
    case .arithmetic: "amount-out-of-range"
    }
  }

  package var text: Text {
    switch self {
    case .unknownPayment(let id, let known):
      let list = known.joined(separator: ", ")
      return Text(zh: "合同没有付款“\(id)”；可用：\(list)。", en: "The contract has no payment “\(id)”; known: \(list).")
    case .schedule(let error): return error.text
    case .arithmetic: return Text(zh: "金额超出可表示的范围。", en: "An amount is out of range.")
    }
  }
}

/// What a contract owes, payment by payment, from its papers and from facts: the same answer for the same facts in any order.
package struct Settlement: Sendable {
  package let contract: Contract
  package let schedule: Schedule
  package let asOf: CivilDate
  let timeline: Timeline
  let fees: FeeBook

  /// - Parameters:
  ///   - facts: in any order, without those that were voided.
  ///   - asOf: what is dated later is not known yet, and what still runs is counted to this day.
  package init(
    _ contract: Contract, facts: some Sequence<Fact>, calendar: WorkingCalendar, packs: RulePacks, asOf: CivilDate
  ) throws(SettlementError) {
    let ledger = Ledger(facts, asOf: asOf)
    self.contract = contract
    self.asOf = asOf
    do throws(ScheduleError) {
      schedule = try Schedule(contract, packs: packs, life: ledger.life(asOf: asOf))
    } catch {
      throw .schedule(error)
    }
    timeline = Timeline(contract, schedule, ledger, calendar, asOf: asOf)
    fees = FeeBook(contract)
  }

  /// The statements of every payment the contract foresees, in the order of its plan.
  package func statements() throws(SettlementError) -> [SettlementStatement] { try statements(through: nil) }

  /// The statement of one payment; the payments before it are computed too, for what they carry over and what caps have left.
  ///
  /// - Throws: `unknownPayment`.
  package func statement(of payment: String) throws(SettlementError) -> SettlementStatement {
    guard schedule[payment] != nil, let statement = try statements(through: payment).last else {
      throw .unknownPayment(payment, known: schedule.payments.map(\.id))
    }
    return statement
  }

  private func statements(through last: String?) throws(SettlementError) -> [SettlementStatement] {
    var fold = SettlementFold(self)
    var statements: [SettlementStatement] = []
    do throws(ArithmeticError) {
      for payment in schedule.payments {
        statements.append(try fold.settle(payment))
        if payment.id == last { break }
      }
    } catch {
      throw .arithmetic(error)
    }
    return statements
  }

  /// The statement of one payment.
  package static func compute(
    _ contract: Contract, payment: String, facts: some Sequence<Fact>, calendar: WorkingCalendar, packs: RulePacks, asOf: CivilDate
  ) throws(SettlementError) -> SettlementStatement {
    try Settlement(contract, facts: facts, calendar: calendar, packs: packs, asOf: asOf).statement(of: payment)
  }
}

extension Settlement {
  /// A day on which an event happened or counts as having happened.
  package struct Occurrence: Sendable, Hashable {
    package let day: CivilDate
    package let facts: [UUIDv7]
    /// The duty whose time passed, where nobody recorded the event.
    package let deemedBy: String?
  }

  /// The days of an event up to the statement's day, also those that a duty deems.
  ///
  /// - Parameter payment: whose invoice, period or appraisal is meant.
  package func occurrences(of event: ContractEvent, payment: String? = nil) -> [Occurrence] {
    timeline.days(of: event, for: payment.flatMap { schedule[$0] }).map { Occurrence(day: $0.day, facts: $0.facts, deemedBy: $0.deemedBy) }
  }
}
