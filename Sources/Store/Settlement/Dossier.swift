// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// All that a contract's settlement rests on: its papers, the facts, the working calendar, the city's rules, the statements confirmed.
package struct Dossier: Sendable {
  /// The stored documents that it was read from, for a snapshot to name.
  package struct Sources: Sendable {
    package let papers: [StatementSnapshot.Document]
    package let calendar: [StatementSnapshot.Year]
    package let packs: [StatementSnapshot.Document]
  }

  package let contract: Contract
  package let facts: [Fact]
  package let calendar: WorkingCalendar
  package let packs: RulePacks
  package let sources: Sources
  /// What was confirmed, in its order.
  package let confirmed: [ConfirmedStatement]

  /// What it comes to, as of a day.
  package func settlement(asOf day: CivilDate) throws(SettlementError) -> Settlement {
    try Settlement(contract, facts: facts, calendar: calendar, packs: packs, asOf: day, confirmed: confirmed)
  }

  /// What judges new facts on a day.
  package func check(on day: CivilDate) throws(ScheduleError) -> FactCheck {
    try FactCheck(contract, packs: packs, life: ServiceLife(facts, asOf: day))
  }

  /// The payments that it foresees, as of a day.
  package func schedule(on day: CivilDate) throws(ScheduleError) -> Schedule {
    try Schedule(contract, packs: packs, life: ServiceLife(facts, asOf: day))
  }

  /// What it comes to with some facts assumed, beside what it comes to without them.
  ///
  /// - Parameters:
  ///   - left: facts that are assumed not to be there.
  ///   - now: the moment of the assumptions.
  package func comparison(
    of scenario: Scenario, without left: Set<UUIDv7> = [], at now: Instant
  ) throws(SettlementError) -> Comparison {
    try Comparison(
      scenario, under: contract, recorded: facts, calendar: calendar, packs: packs, confirmed: confirmed, without: left, at: now)
  }

  /// A payment's statement as of a day, with all that it takes to make it again.
  ///
  /// - Throws: as `StatementSnapshot.make`.
  package func snapshot(of payment: String, asOf day: CivilDate) throws -> (snapshot: StatementSnapshot, statement: SettlementStatement) {
    let inputs = StatementSnapshot.Inputs(
      facts: facts, papers: sources.papers, calendar: sources.calendar, packs: sources.packs, confirmed: confirmed)
    return try StatementSnapshot.make(of: payment, contract, inputs, packs: packs, asOf: day)
  }
}
