// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// An office's decision tables, each revision written once; the statements run in the office's context.
package enum RuleTableStore {
  package struct Revision: DatedRevision {
    package let purpose: String
    package let number: Int32
    package let effectiveFrom: CivilDate
    package let document: JSON
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

  /// The tables in force on a day: of each purpose the revision that took effect last.
  package static func inForce(on day: CivilDate, in tenant: TenantID) -> Query<Revision> {
    Query(
      """
      SELECT DISTINCT ON (purpose) purpose, revision, effective_from, document, sha256, applied_at FROM rule_table \
      WHERE tenant_id = $1 AND effective_from <= $2 ORDER BY purpose, effective_from DESC, revision DESC
      """, [.int4(tenant.number), .civilDate(day)], decode: revision)
  }

  /// The table that a revision's document is.
  ///
  /// - Throws: `StoredDocumentError` for what this version cannot read.
  package static func table(_ revision: Revision) throws(StoredDocumentError) -> RuleTable {
    switch RuleTable.fileShape.decode(revision.document) {
    case .success(let table): return table
    case .failure(let faults): throw .ruleTable(revision.purpose, faults)
    }
  }

  /// Every revision of one table, the oldest first.
  package static func revisions(of purpose: String, in tenant: TenantID) -> Query<Revision> {
    Query(
      """
      SELECT purpose, revision, effective_from, document, sha256, applied_at FROM rule_table \
      WHERE tenant_id = $1 AND purpose = $2 ORDER BY revision
      """, [.int4(tenant.number), .text(purpose)], decode: revision)
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

  /// Adds the revision behind a known one, in force from a day on; fails with `SQLState.changed` when that is not the latest any more, or
  /// with the violation of ``key`` when another is added at the same time.
  ///
  /// - Parameter known: the latest revision, 0 where there is none.
  package static func add(
    _ rules: OfficeState.Rules, behind known: Int32, from day: CivilDate, by user: UUIDv7, at now: Instant, in tenant: TenantID
  ) -> [Statement] {
    [
      Statement(
        "SELECT demand((SELECT coalesce(max(revision), 0) FROM rule_table WHERE tenant_id = $1 AND purpose = $2) = $3, 'JS001')",
        [.int4(tenant.number), .text(rules.purpose), .int4(known)]),
      Statement(
        """
        INSERT INTO rule_table (tenant_id, purpose, revision, effective_from, document, sha256, applied_at, applied_by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        [
          .int4(tenant.number), .text(rules.purpose), .int4(known + 1), .civilDate(day), .json(rules.document.json),
          .bytea(rules.document.digest), .instant(now), .uuid(user),
        ]),
    ]
  }

  package static let key = "rule_table_pkey"

  // MARK: Predicates

  /// What is wrong with one of several predicates.
  package struct PredicateFault: Sendable, Equatable {
    /// Its place among them, from 0.
    package let index: Int
    /// At which character, from 1; nil behind the first few.
    package let character: Int?
    /// PostgreSQL's own words.
    package let reason: String
  }

  /// Has the server read predicates, without evaluating them, and say which are none, and why.
  package static func faults(in predicates: [String]) -> Query<PredicateFault> {
    Query(
      """
      SELECT place, CASE WHEN rank <= 20 THEN predicate_fault_place(predicate) END, reason
      FROM (SELECT predicate, place, reason, row_number() OVER (ORDER BY place) AS rank
        FROM (SELECT predicate, place, predicate_fault(predicate) AS reason
          FROM unnest($1::text[]) WITH ORDINALITY AS given (predicate, place)) AS read
        WHERE reason IS NOT NULL) AS wrong
      ORDER BY place LIMIT 100
      """, [.textArray(predicates)]
    ) { row throws(DecodingFailure) in
      PredicateFault(
        index: Int(try row.int64(0)) - 1, character: try row.optional(1, row.int32).map { Int($0) }, reason: try row.text(2))
    }
  }

  private static let revision: @Sendable (Row) throws(DecodingFailure) -> Revision = { row throws(DecodingFailure) in
    Revision(
      purpose: try row.text(0), number: try row.int32(1), effectiveFrom: try row.civilDate(2), document: try row.json(3),
      checksum: try row.bytea(4), applied: try row.instant(5))
  }
}
