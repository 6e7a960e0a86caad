// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
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
    let confirmed = SnapshotStore.confirmed(of: contract, in: tenant)
    let results = try await transaction.rows([
      revisions.statement, years.statement, days.statement, packs.statement, facts.statement, confirmed.statement,
    ])
    let papers = try results[0].decoded(by: revisions)
    guard !papers.isEmpty else { return nil }
    var standing: [ConfirmedStatement] = []
    for figures in try results[5].decoded(by: confirmed) {
      standing.append(try await figures.resolved { try await transaction.first(SnapshotStore.one(figures.name)) })
    }
    let loaded = try results[1].decoded(by: years)
    let assembled = CalendarStore.assemble(loaded, try results[2].decoded(by: days))
    let rules = try results[3].decoded(by: packs)
    return Dossier(
      contract: try RevisionStore.contract(papers), facts: try results[4].decoded(by: facts),
      calendar: try WorkingCalendar(assembled), packs: try RulePackStore.packs(rules),
      sources: Sources(
        papers: papers.map { .init($0) },
        calendar: zip(assembled, loaded).map { StatementSnapshot.Year(year: $0, sha256: Hex.encode($1.checksum)) },
        packs: rules.map { .init($0) }),
      confirmed: standing)
  }
}

extension StatementSnapshot.Document {
  /// A contract's paper as it is stored.
  package init(_ paper: RevisionStore.Revision) {
    self.init(name: paper.contract, revision: Int(paper.number), sha256: Hex.encode(paper.checksum))
  }

  /// A rule pack as it is stored.
  package init(_ pack: RulePackStore.Loaded) {
    self.init(name: pack.code, revision: Int(pack.number), sha256: Hex.encode(pack.checksum))
  }
}
