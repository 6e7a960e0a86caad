// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// An office's decision tables, each revision written once; the statements run in the office's context.
package enum RuleTableStore {
  package struct Revision: Sendable {
    package let purpose: String
    package let number: Int32
    package let effectiveFrom: CivilDate
    package let document: JSON
    /// SHA-256 of the document's canonical form.
    package let checksum: [UInt8]
    package let applied: Instant
  }

  /// The latest revision of every table.
  package static func latest(in tenant: TenantID) -> Query<Revision> {
    Query(
      """
      SELECT DISTINCT ON (purpose) purpose, revision, effective_from, document, sha256, applied_at FROM rule_table \
      WHERE tenant_id = $1 ORDER BY purpose, revision DESC
      """, [.int4(tenant.number)], decode: revision)
  }

  /// Every revision of every table.
  package static func list(in tenant: TenantID) -> Query<Revision> {
    Query(
      """
      SELECT purpose, revision, effective_from, document, sha256, applied_at FROM rule_table \
      WHERE tenant_id = $1 ORDER BY purpose, revision
      """, [.int4(tenant.number)], decode: revision)
  }

  /// Adds a revision under the next number, in force from the day on which it is applied.
  package static func add(_ rules: OfficeState.Rules, by user: UUIDv7?, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO rule_table (tenant_id, purpose, revision, effective_from, document, sha256, applied_at, applied_by) \
      SELECT $1, $2, coalesce(max(revision), 0) + 1, $3, $4, $5, $6, $7 FROM rule_table WHERE tenant_id = $1 AND purpose = $2
      """,
      [
        .int4(tenant.number), .text(rules.purpose), .civilDate(now.date), .json(rules.document.json), .bytea(rules.document.digest),
        .instant(now), .optional(user, .uuid) { .uuid($0) },
      ])
  }

  /// Has the server read a predicate, without evaluating it; it refuses (class 22 or 42) what is none.
  package static func read(predicate: String) -> Statement { Statement("SELECT $1::jsonpath", [.jsonpath(predicate)]) }

  private static let revision: @Sendable (Row) throws(DecodingFailure) -> Revision = { row throws(DecodingFailure) in
    Revision(
      purpose: try row.text(0), number: try row.int32(1), effectiveFrom: try row.civilDate(2), document: try row.json(3),
      checksum: try row.bytea(4), applied: try row.instant(5))
  }
}
