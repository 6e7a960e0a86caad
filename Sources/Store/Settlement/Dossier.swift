// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// All that a contract's settlement rests on: its papers, the facts, the working calendar, the city's rules.
package struct Dossier: Sendable {
  package let contract: Contract
  package let facts: [Fact]
  package let calendar: WorkingCalendar
  package let packs: RulePacks

  /// What it comes to, as of a day.
  package func settlement(asOf day: CivilDate) throws(SettlementError) -> Settlement {
    try Settlement(contract, facts: facts, calendar: calendar, packs: packs, asOf: day)
  }

  /// What judges new facts on a day.
  package func check(on day: CivilDate) throws(ScheduleError) -> FactCheck {
    try FactCheck(contract, packs: packs, life: ServiceLife(facts, asOf: day))
  }

  /// What it comes to with some facts assumed, beside what it comes to without them.
  ///
  /// - Parameter now: the moment of the assumptions.
  package func comparison(of scenario: Scenario, at now: Instant) throws(SettlementError) -> Comparison {
    try Comparison(scenario, under: contract, recorded: facts, calendar: calendar, packs: packs, at: now)
  }
}
