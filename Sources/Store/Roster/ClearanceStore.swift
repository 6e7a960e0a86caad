// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// What people cleared on leaving a contract's work; the statements run in the office's context.
package enum ClearanceStore {
  package enum State: String, Sendable, CaseIterable { case declared, confirmed, rejected }

  package struct Row: Sendable {
    package let id: UUIDv7
    package let contract: String
    package let person: String
    package let materialsReturned: CivilDate
    package let dataDestroyed: CivilDate
    package let document: String
    package let state: State
    package let side: Side
    package let declaredBy: UUIDv7
    package let declaredAt: Instant
    package let decidedBy: UUIDv7?
    package let decidedAt: Instant?
    package let note: String?
    package let version: Int32

    /// The day on which everything was cleared.
    package var done: CivilDate { max(materialsReturned, dataDestroyed) }
  }

  private static let columns: SQL = """
    id, contract_id, person, materials_returned_on, data_destroyed_on, document, state, declared_side, declared_by, declared_at, decided_by, \
    decided_at, decision_note, version
    """
  private static let ofContract: SQL = """
    SELECT \(columns) FROM staff_clearance WHERE tenant_id = $1 AND contract_id = $2 AND ($3 = '' OR person = $3) AND id < $4
    ORDER BY id DESC LIMIT $5
    """
  private static let one: SQL = "SELECT \(columns) FROM staff_clearance WHERE tenant_id = $1 AND contract_id = $2 AND id = $3"
  private static let standing: SQL =
    "SELECT \(columns) FROM staff_clearance WHERE tenant_id = $1 AND contract_id = $2 AND state <> 'rejected' ORDER BY id"
  private static let ofPerson: SQL = "SELECT \(columns) FROM staff_clearance WHERE tenant_id = $1 AND person = $2 ORDER BY id"

  /// The newest clearances under a contract, those behind `after` only, of one person where one is named.
  package static func page(
    of contract: String, person: String?, after: UUIDv7?, limit: Int32, in tenant: TenantID
  ) -> Query<Row> {
    Query(
      ofContract, [.int4(tenant.number), .text(contract), .text(person ?? ""), .descending(after), .int4(limit)], decode: row)
  }

  package static func one(_ id: UUIDv7, of contract: String, in tenant: TenantID) -> Query<Row> {
    Query(one, [.int4(tenant.number), .text(contract), .uuid(id)], decode: row)
  }

  /// Everything that a person cleared, under whichever contract, the oldest first.
  package static func list(ofPerson person: String, in tenant: TenantID) -> Query<Row> {
    Query(ofPerson, [.int4(tenant.number), .text(person)], decode: row)
  }

  /// Everything that was cleared under a contract and not rejected, the oldest first.
  package static func standing(of contract: String, in tenant: TenantID) -> Query<Row> {
    Query(standing, [.int4(tenant.number), .text(contract)], decode: row)
  }

  private static let row: @Sendable (Postgres.Row) throws(DecodingFailure) -> Row = { row throws(DecodingFailure) in
    Row(
      id: try row.identifier(0), contract: try row.text(1), person: try row.text(2), materialsReturned: try row.civilDate(3),
      dataDestroyed: try row.civilDate(4), document: try row.text(5), state: try row.word(6), side: try row.word(7),
      declaredBy: try row.identifier(8), declaredAt: try row.instant(9), decidedBy: try row.optional(10, row.identifier),
      decidedAt: try row.optional(11, row.instant), note: try row.optional(12, row.text), version: try row.int32(13))
  }

  /// A clearance to be put on record.
  package struct New: Sendable {
    let id: UUIDv7
    let contract: String
    let person: String
    let materialsReturned: CivilDate
    let dataDestroyed: CivilDate
    let document: String

    package init(
      id: UUIDv7, contract: String, person: String, materialsReturned: CivilDate, dataDestroyed: CivilDate, document: String
    ) {
      (self.id, self.contract, self.person, self.document) = (id, contract, person, document)
      (self.materialsReturned, self.dataDestroyed) = (materialsReturned, dataDestroyed)
    }
  }

  /// Puts a clearance on record; the office's own is confirmed with it, because the office is whom it is owed to.
  package static func add(_ new: New, by user: UUIDv7, side: Side, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO staff_clearance (tenant_id, id, person, contract_id, materials_returned_on, data_destroyed_on, document, state, declared_by, \
      declared_side, declared_at, decided_by, decided_at) \
      VALUES ($1, $2, $3, $4, $5, $6, $7, CASE $9 WHEN 'office' THEN 'confirmed' ELSE 'declared' END, $8, $9, $10, \
      CASE $9 WHEN 'office' THEN $8 END, CASE $9 WHEN 'office' THEN $10 END)
      """,
      [
        .int4(tenant.number), .uuid(new.id), .text(new.person), .text(new.contract), .civilDate(new.materialsReturned),
        .civilDate(new.dataDestroyed), .text(new.document), .uuid(user), .text(side.rawValue), .instant(now),
      ])
  }

  /// Decides a declared clearance of a known version; fails with `SQLState.changed` when it is not that any more.
  package static func decide(
    _ id: UUIDv7, version: Int32, state: State, note: String?, by user: UUIDv7, at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      WITH decided AS (
        UPDATE staff_clearance SET state = $4, decided_by = $5, decided_at = $6, decision_note = $7, version = version + 1
        WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'declared' RETURNING 1)
      SELECT demand(EXISTS (SELECT FROM decided), 'JS001')
      """,
      [
        .int4(tenant.number), .uuid(id), .int4(version), .text(state.rawValue), .uuid(user), .instant(now),
        .optional(note, .text) { .text($0) },
      ])
  }
}

extension ClearanceStore.State {
  package var name: Text {
    switch self {
    case .declared: Text(zh: "待确认", en: "declared")
    case .confirmed: Text(zh: "已确认", en: "confirmed")
    case .rejected: Text(zh: "已驳回", en: "rejected")
    }
  }
}
