// SPDX-License-Identifier: Apache-2.0
import Base

/// Why a settlement has no answer.
package enum SettlementError: Error, Sendable, Hashable {
  /// The contract foresees no such payment; these are the ones it does.
  case unknownPayment(String, known: [String])
  /// Its statement is confirmed: it is what was confirmed, and is not made again.
  case confirmed(String)
  case schedule(ScheduleError)
  case arithmetic(ArithmeticError)

  /// Stable, in kebab-case.
  package var code: String {
    switch self {
    case .unknownPayment: "unknown-payment"
    case .confirmed: "already-confirmed"
    case .schedule(let error): error.code
    case .arithmetic: "amount-out-of-range"
    }
  }

  package var text: Text {
    switch self {
    case .unknownPayment(let id, let known):
      let hint = NearestName.hint(for: id, among: known)
      return Text(zh: "合同没有付款“\(id)”。\(hint.zh)", en: "The contract has no payment “\(id)”. \(hint.en)")
    case .confirmed(let id): return Text(zh: "付款“\(id)”的结算单已确认，不再改变。", en: "The statement of “\(id)” is confirmed and does not change.")
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
  /// The statements that were confirmed by the day of this settlement, in their order.
  let confirmed: [ConfirmedStatement]
  /// The facts that stand on record.
  let known: Set<UUIDv7>
  let wording: FormulaWording

  /// - Parameters:
  ///   - facts: in any order, without those that were voided.
  ///   - asOf: what is dated later is not known yet, and what still runs is counted to this day.
  ///   - confirmed: the statements that stand, in the order in which they were confirmed; what differs from them is corrected in the next.
  ///   - wording: of the lines' formulas.
  package init(
    _ contract: Contract, facts: some Sequence<Fact>, calendar: WorkingCalendar, packs: RulePacks, asOf: CivilDate,
    confirmed: [ConfirmedStatement] = [], wording: FormulaWording = .current
  ) throws(SettlementError) {
    let ledger = Ledger(facts, asOf: asOf)
    self.contract = contract
    (self.asOf, self.wording) = (asOf, wording)
    do throws(ScheduleError) {
      schedule = try Schedule(contract, packs: packs, life: ledger.life(asOf: asOf))
    } catch {
      throw .schedule(error)
    }
    timeline = Timeline(contract, schedule, ledger, calendar, asOf: asOf)
    fees = FeeBook(contract)
    self.confirmed = confirmed.filter { $0.asOf <= asOf }
    known = self.confirmed.isEmpty ? [] : Set(facts.map(\.id))
  }

  /// What is open: the statements that were not confirmed, in the order of the plan, and what none of them takes in.
  package struct Open: Sendable, Hashable {
    package let statements: [SettlementStatement]
    /// Corrections that no statement follows any more to take in; they are claimed.
    package let corrections: [Line]
    /// What moves on of the confirmed statements without changing them.
    package let standing: [Standing]
  }

  /// A confirmed statement as it stands: what it pays, until when by what is on record now, and what of it was paid.
  package struct Standing: Sendable, Hashable {
    package let payment: ScheduledPayment
    package let payable: Fen
    package let due: SettlementStatement.Due
    package let paid: Fen

    /// What is still to be paid.
    package var unpaid: Fen { (try? payable - paid).map { max($0, .zero) } ?? .zero }
  }

  /// The statements of every payment the contract foresees and whose statement is not confirmed, in the order of its plan.
  package func statements() throws(SettlementError) -> [SettlementStatement] { try open(through: nil).statements }

  package func open() throws(SettlementError) -> Open { try open(through: nil) }

  /// The statement of one payment; the payments before it are computed too, for what they carry over and what caps have left.
  ///
  /// - Throws: `unknownPayment`, or `confirmed` for one whose statement stands already.
  package func statement(of payment: String) throws(SettlementError) -> SettlementStatement {
    if isConfirmed(payment) { throw .confirmed(payment) }
    guard schedule[payment] != nil, let statement = try open(through: payment).statements.last else {
      throw .unknownPayment(payment, known: schedule.payments.map(\.id))
    }
    return statement
  }

  /// Whether a payment's statement was confirmed by the day of this settlement.
  package func isConfirmed(_ payment: String) -> Bool { confirmed.contains { $0.payment == payment } }

  /// The payments whose statements must be confirmed before one's can be.
  package func openBefore(_ payment: String) -> [String] {
    schedule.payments.prefix { $0.id != payment }.map(\.id).filter { !isConfirmed($0) }
  }

  private func open(through last: String?) throws(SettlementError) -> Open {
    var statements: [SettlementStatement] = []
    do throws(ArithmeticError) {
      var fold = try SettlementFold(self)
      for payment in schedule.payments {
        if let statement = try fold.settle(payment) { statements.append(statement) }
        if payment.id == last { break }
      }
      return Open(
        statements: statements, corrections: last == nil ? try fold.remainingCorrections() : [],
        standing: fold.standing)
    } catch {
      throw .arithmetic(error)
    }
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
