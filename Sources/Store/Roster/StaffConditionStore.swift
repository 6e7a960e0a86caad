// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// What is on record of people's training, pledges and approvals, and of what they cleared on leaving; in the office's context.
package enum StaffConditionStore {
  /// A record as it stands in the table.
  package struct Row: Sendable {
    package let id: UUIDv7
    package let contract: String
    package let record: ConditionRecord
    package let document: String
    package let side: Side
    package let recordedBy: UUIDv7
    package let recordedAt: Instant
    package let withdrawnAt: Instant?
    package let withdrawnBecause: String?
  }

  private static let columns: SQL = """
    id, contract_id, person, condition, met_on, expires_on, document, recorded_side, recorded_by, recorded_at, withdrawn_at, withdrawn_because
    """
  private static let ofContract: SQL = """
    SELECT \(columns) FROM staff_condition WHERE tenant_id = $1 AND contract_id = $2 AND ($3 = '' OR person = $3) AND id < $4
    ORDER BY id DESC LIMIT $5
    """
  private static let one: SQL = "SELECT \(columns) FROM staff_condition WHERE tenant_id = $1 AND contract_id = $2 AND id = $3"
  private static let ofPerson: SQL = "SELECT \(columns) FROM staff_condition WHERE tenant_id = $1 AND person = $2 ORDER BY id"

  /// The newest records of a contract, those behind `after` only, of one person where one is named.
  package static func page(
    of contract: String, person: String?, after: UUIDv7?, limit: Int32, in tenant: TenantID
  ) -> Query<Row> {
    Query(
      ofContract, [.int4(tenant.number), .text(contract), .text(person ?? ""), .descending(after), .int4(limit)], decode: row)
  }

  package static func one(_ id: UUIDv7, of contract: String, in tenant: TenantID) -> Query<Row> {
    Query(one, [.int4(tenant.number), .text(contract), .uuid(id)], decode: row)
  }

  /// Everything on record of a person, under whichever contract, the oldest first.
  package static func list(ofPerson person: String, in tenant: TenantID) -> Query<Row> {
    Query(ofPerson, [.int4(tenant.number), .text(person)], decode: row)
  }

  private static let row: @Sendable (Postgres.Row) throws(DecodingFailure) -> Row = { row throws(DecodingFailure) in
    Row(
      id: try row.identifier(0), contract: try row.text(1),
      record: ConditionRecord(
        person: try row.text(2), condition: try row.word(3), on: try row.civilDate(4), expires: try row.optional(5, row.civilDate)),
      document: try row.text(6), side: try row.word(7), recordedBy: try row.identifier(8), recordedAt: try row.instant(9),
      withdrawnAt: try row.optional(10, row.instant), withdrawnBecause: try row.optional(11, row.text))
  }

  /// What stands on record for a contract, of everybody.
  package static func standing(of contract: String, in tenant: TenantID) -> Query<ConditionRecord> {
    Query(
      """
      SELECT person, condition, met_on, expires_on FROM staff_condition
      WHERE tenant_id = $1 AND contract_id = $2 AND withdrawn_at IS NULL ORDER BY id
      """, [.int4(tenant.number), .text(contract)]
    ) { row throws(DecodingFailure) in
      ConditionRecord(
        person: try row.text(0), condition: try row.word(1), on: try row.civilDate(2), expires: try row.optional(3, row.civilDate))
    }
  }

  /// Records that somebody meets a condition.
  package static func add(
    _ record: ConditionRecord, id: UUIDv7, of contract: String, document: String, by user: UUIDv7, side: Side, at now: Instant,
    in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      INSERT INTO staff_condition (tenant_id, id, person, contract_id, condition, met_on, expires_on, document, recorded_by, recorded_side, \
      recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      """,
      [
        .int4(tenant.number), .uuid(id), .text(record.person), .text(contract), .text(record.condition.rawValue), .civilDate(record.on),
        .optional(record.expires, .date) { .civilDate($0) }, .text(document), .uuid(user), .text(side.rawValue), .instant(now),
      ])
  }

  /// Withdraws a record; fails with `SQLState.changed` when it is withdrawn already.
  package static func withdraw(_ id: UUIDv7, because reason: String, by user: UUIDv7, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(
      """
      WITH withdrawn AS (
        UPDATE staff_condition SET withdrawn_by = $3, withdrawn_at = $4, withdrawn_because = $5
        WHERE tenant_id = $1 AND id = $2 AND withdrawn_at IS NULL RETURNING 1)
      SELECT demand(EXISTS (SELECT FROM withdrawn), 'JS001')
      """, [.int4(tenant.number), .uuid(id), .uuid(user), .instant(now), .text(reason)])
  }
}
