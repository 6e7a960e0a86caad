// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

extension Dossier {
  /// Reads a contract's dossier whole, in a transaction in the office's context: what a command does once.
  ///
  /// - Returns: nil when the office has no such contract.
  /// - Throws: `PostgresError`, and `StoredDocumentError` or `CalendarError` for documents that this version cannot read.
  package static func read(of contract: String, in tenant: TenantID, by transaction: Transaction) async throws -> Dossier? {
    let revisions = RevisionStore.list(of: contract, in: tenant)
    let years = CalendarStore.years()
    let days = CalendarStore.days()
    let packs = RulePackStore.latest()
    let facts = FactStore.unvoided(of: contract, in: tenant)
    let incidents = FactStore.confirmedIncidents(of: contract, in: tenant)
    let results = try await transaction.rows([
      revisions.statement, years.statement, days.statement, packs.statement, facts.statement, incidents.statement,
    ])
    let papers = try results[0].decoded(by: revisions)
    guard !papers.isEmpty else { return nil }
    return Dossier(
      contract: try RevisionStore.contract(papers), facts: try results[4].decoded(by: facts) + results[5].decoded(by: incidents),
      calendar: try WorkingCalendar(CalendarStore.assemble(results[1].decoded(by: years), try results[2].decoded(by: days))),
      packs: try RulePackStore.packs(results[3].decoded(by: packs)))
  }
}
