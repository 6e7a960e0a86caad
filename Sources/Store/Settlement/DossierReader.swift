// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres
import Synchronization

/// Reads dossiers, and keeps what it has decoded of documents: each by its checksum, which is asked for every time, so nothing stale is used.
package final class DossierReader: Sendable {
  private struct Name: Hashable {
    let tenant: TenantID
    let contract: String
  }

  private struct Kept {
    var contracts: [Name: (checksums: [[UInt8]], contract: Contract)] = [:]
    var calendar: (checksums: [[UInt8]], calendar: Years)?
    var packs: (checksums: [[UInt8]], packs: RulePacks)?
  }

  /// The calendar, and the years it is made of.
  private struct Years {
    let calendar: WorkingCalendar
    let years: [StatementSnapshot.Year]
  }

  /// How many contracts are kept before all are dropped.
  private static let bound = 2_000

  private let kept = Mutex(Kept())

  package init() {}

  private static let paperChecksums: SQL =
    "SELECT sha256, contract_id, revision FROM contract_revision WHERE tenant_id = $1 AND contract_id = $2 ORDER BY effective_from, revision"
  private static let calendarChecksums: SQL = "SELECT sha256 FROM calendar_year ORDER BY year"
  private static let packChecksums: SQL = "SELECT DISTINCT ON (code) sha256, code, revision FROM rule_pack ORDER BY code, revision DESC"

  /// The dossier of a contract, in one transaction; nil when the office has no such contract.
  ///
  /// - Throws: `PostgresError`, or `StoredDocumentError` and `CalendarError` for documents that this version cannot read.
  package func dossier(of contract: String, in tenant: TenantID, on lanes: Lanes) async throws -> Dossier? {
    let facts = FactStore.unvoided(of: contract, in: tenant)
    let confirmed = SnapshotStore.confirmed(of: contract, in: tenant)
    let results = try await lanes.rows(
      [
        Statement(Self.paperChecksums, [.int4(tenant.number), .text(contract)]), Statement(Self.calendarChecksums),
        Statement(Self.packChecksums), facts.statement, confirmed.statement,
      ], in: .tenant(tenant.number), .read)
    let papers = try Self.checksums(results[0])
    guard !papers.isEmpty else { return nil }
    var standing: [ConfirmedStatement] = []
    for figures in try results[4].decoded(by: confirmed) {
      standing.append(
        try await figures.resolved { try await lanes.first(SnapshotStore.one(figures.name), in: .tenant(tenant.number)) })
    }
    let years = try await calendar(Self.checksums(results[1]), on: lanes)
    return Dossier(
      contract: try await self.contract(contract, papers, in: tenant, on: lanes),
      facts: try results[3].decoded(by: facts), calendar: years.calendar,
      packs: try await packs(Self.checksums(results[2]), on: lanes),
      sources: Dossier.Sources(
        papers: try Self.documents(results[0]), calendar: years.years, packs: try Self.documents(results[2])),
      confirmed: standing)
  }

  /// A contract's papers alone, and the answers to statements that are asked in the same transaction; nil when the office has no such contract.
  ///
  /// - Throws: as ``dossier(of:in:on:)``.
  package func contract(
    of id: String, in tenant: TenantID, on lanes: Lanes, asking statements: [Statement] = []
  ) async throws -> (contract: Contract, answers: [Rows])? {
    let results = try await lanes.rows(
      [Statement(Self.paperChecksums, [.int4(tenant.number), .text(id)])] + statements, in: .tenant(tenant.number), .read)
    let papers = try Self.checksums(results[0])
    guard !papers.isEmpty else { return nil }
    return (try await contract(id, papers, in: tenant, on: lanes), Array(results.dropFirst()))
  }

  /// What the city decides, as it is loaded now.
  ///
  /// - Throws: `PostgresError`, or `StoredDocumentError` for a pack that this version cannot read.
  package func packs(on lanes: Lanes) async throws -> RulePacks {
    try await packs(Self.checksums(lanes.rows(Statement(Self.packChecksums), in: .platform)), on: lanes)
  }

  /// The working calendar as it is loaded now.
  ///
  /// - Throws: `PostgresError`, or `CalendarError` where a year is missing between others.
  package func calendar(on lanes: Lanes) async throws -> WorkingCalendar {
    try await calendar(Self.checksums(lanes.rows(Statement(Self.calendarChecksums), in: .platform)), on: lanes).calendar
  }

  private static func checksums(_ rows: Rows) throws(DecodingFailure) -> [[UInt8]] {
    var checksums: [[UInt8]] = []
    for row in rows { checksums.append(try row.bytea(0)) }
    return checksums
  }

  /// Documents by checksum, name and revision.
  private static func documents(_ rows: Rows) throws(DecodingFailure) -> [StatementSnapshot.Document] {
    var documents: [StatementSnapshot.Document] = []
    for row in rows {
      documents.append(
        StatementSnapshot.Document(name: try row.text(1), revision: Int(try row.int32(2)), sha256: Hex.encode(try row.bytea(0))))
    }
    return documents
  }

  private func contract(_ id: String, _ checksums: [[UInt8]], in tenant: TenantID, on lanes: Lanes) async throws -> Contract {
    let name = Name(tenant: tenant, contract: id)
    if let known = kept.withLock({ $0.contracts[name] }), known.checksums == checksums { return known.contract }
    let revisions = try await lanes.query(RevisionStore.list(of: id, in: tenant), in: .tenant(tenant.number))
    let contract = try RevisionStore.contract(revisions)
    kept.withLock { kept in
      if kept.contracts.count >= Self.bound { kept.contracts = [:] }
      kept.contracts[name] = (revisions.map(\.checksum), contract)
    }
    return contract
  }

  private func calendar(_ checksums: [[UInt8]], on lanes: Lanes) async throws -> Years {
    if let known = kept.withLock({ $0.calendar }), known.checksums == checksums { return known.calendar }
    let years = CalendarStore.years()
    let days = CalendarStore.days()
    while true {
      // Each statement sees what is committed by then: where the years are the same before and after, the days are theirs.
      let results = try await lanes.rows([years.statement, days.statement, years.statement], in: .platform, .read)
      let loaded = try results[0].decoded(by: years)
      guard try results[2].decoded(by: years) == loaded else { continue }
      let assembled = CalendarStore.assemble(loaded, try results[1].decoded(by: days))
      let years = Years(
        calendar: try WorkingCalendar(assembled),
        years: zip(assembled, loaded).map { StatementSnapshot.Year(year: $0, sha256: Hex.encode($1.checksum)) })
      kept.withLock { $0.calendar = (loaded.map(\.checksum), years) }
      return years
    }
  }

  private func packs(_ checksums: [[UInt8]], on lanes: Lanes) async throws -> RulePacks {
    if let known = kept.withLock({ $0.packs }), known.checksums == checksums { return known.packs }
    let loaded = try await lanes.query(RulePackStore.latest(), in: .platform)
    let packs = try RulePackStore.packs(loaded)
    kept.withLock { $0.packs = (loaded.map(\.checksum), packs) }
    return packs
  }
}
