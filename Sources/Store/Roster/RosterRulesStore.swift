// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// An office's roster rules, each revision written once; the statements run in the office's context.
package enum RosterRulesStore {
  package struct Revision: DatedRevision {
    package let number: Int32
    package let effectiveFrom: CivilDate
    package let document: JSON
    package let checksum: [UInt8]
    package let applied: Instant
  }

  /// Every revision, the oldest first.
  package static func revisions(in tenant: TenantID) -> Query<Revision> {
    Query(
      "SELECT revision, effective_from, document, sha256, applied_at FROM roster_rules WHERE tenant_id = $1 ORDER BY revision",
      [.int4(tenant.number)]
    ) { row throws(DecodingFailure) in
      Revision(
        number: try row.int32(0), effectiveFrom: try row.civilDate(1), document: try row.json(2), checksum: try row.bytea(3),
        applied: try row.instant(4))
    }
  }

  /// The rules that a revision's document is.
  ///
  /// - Throws: `StoredDocumentError` for what this version cannot read.
  package static func rules(_ revision: Revision) throws(StoredDocumentError) -> RosterRules {
    switch RosterRules.fileShape.decode(revision.document) {
    case .success(let rules): return rules
    case .failure(let faults): throw .rosterRules(revision.number, faults)
    }
  }

  /// Adds a revision under the next number, in force from the day that it names, or else from the day on which it is applied.
  package static func add(_ roster: OfficeState.Roster, by user: UUIDv7?, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO roster_rules (tenant_id, revision, effective_from, document, sha256, applied_at, applied_by) \
      SELECT $1, coalesce(max(revision), 0) + 1, $2, $3, $4, $5, $6 FROM roster_rules WHERE tenant_id = $1
      """,
      [
        .int4(tenant.number), .civilDate(roster.effectiveFrom ?? now.date), .json(roster.document.json), .bytea(roster.document.digest),
        .instant(now), .optional(user, .uuid) { .uuid($0) },
      ])
  }
}
