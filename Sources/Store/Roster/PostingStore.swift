// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Who is on which post of a contract, and why somebody left; the statements run in the office's context.
package enum PostingStore {
  /// A posting as it stands in the table.
  package struct Row: Sendable {
    package let contract: String
    package let posting: Posting
    /// Who, as people call them.
    package let name: String
    package let endedBecause: String?
    package let version: Int32
  }

  private static let columns: SQL = """
    a.contract_id, a.person, a.post, a.assigned_from, a.assigned_to, a.ended_on, a.replaces, a.replaces_from, m.display_name, a.ended_because, \
    a.version
    """
  private static let joined: SQL =
    "staff_assignment a JOIN staff_member m ON m.tenant_id = a.tenant_id AND m.code = a.person"
  private static let ofContract: SQL =
    "SELECT \(columns) FROM \(joined) WHERE a.tenant_id = $1 AND a.contract_id = $2 ORDER BY a.post, a.assigned_from, a.person"
  private static let ofPerson: SQL =
    "SELECT \(columns) FROM \(joined) WHERE a.tenant_id = $1 AND a.person = $2 ORDER BY a.assigned_from, a.contract_id, a.post"

  /// Every posting of a contract, whoever has left among them.
  package static func list(of contract: String, in tenant: TenantID) -> Query<Row> {
    Query(ofContract, [.int4(tenant.number), .text(contract)], decode: row)
  }

  /// Every posting of a person, under whichever contract.
  package static func list(ofPerson person: String, in tenant: TenantID) -> Query<Row> {
    Query(ofPerson, [.int4(tenant.number), .text(person)], decode: row)
  }

  private static let row: @Sendable (Postgres.Row) throws(DecodingFailure) -> Row = { row throws(DecodingFailure) in
    let post = try row.text(2)
    var replaces: Posting.Key?
    if let person = try row.optional(6, row.text) { replaces = Posting.Key(person: person, post: post, from: try row.civilDate(7)) }
    return Row(
      contract: try row.text(0),
      posting: Posting(
        Posting.Key(person: try row.text(1), post: post, from: try row.civilDate(3)), planned: try row.optional(4, row.civilDate),
        ended: try row.optional(5, row.civilDate), replaces: replaces),
      name: try row.text(8), endedBecause: try row.optional(9, row.text), version: try row.int32(10))
  }

  /// Holds up whoever else changes the staff of a contract.
  package static func lock(_ contract: String, in tenant: TenantID) -> Statement {
    Statement(
      "SELECT 1 FROM contract WHERE tenant_id = $1 AND contract_id = $2 FOR NO KEY UPDATE", [.int4(tenant.number), .text(contract)])
  }

  /// A posting to be written.
  package struct New: Sendable {
    let contract: String
    let key: Posting.Key
    let to: CivilDate?
    let replaces: Posting.Key?
    let change: UUIDv7?

    package init(contract: String, key: Posting.Key, to: CivilDate?, replaces: Posting.Key?, change: UUIDv7?) {
      (self.contract, self.key, self.to, self.replaces, self.change) = (contract, key, to, replaces, change)
    }
  }

  /// Puts somebody on a post; fails with `SQLState.alreadyRecorded` where the person holds it in that time already, and with `SQLState.changed`
  /// where the office's consent is none any more. The statements belong into one transaction.
  package static func add(_ new: New, by user: UUIDv7, at now: Instant, in tenant: TenantID) -> [Statement] {
    var statements = [
      lock(new.contract, in: tenant),
      Statement(
        """
        SELECT demand(NOT EXISTS (
          SELECT FROM staff_assignment WHERE tenant_id = $1 AND contract_id = $2 AND post = $3 AND person = $4
            AND (ended_on IS NULL OR ended_on >= assigned_from) AND assigned_from <= coalesce($6, 'infinity')
            AND least(assigned_to, ended_on, 'infinity') >= $5), 'JS002')
        """,
        [
          .int4(tenant.number), .text(new.contract), .text(new.key.post), .text(new.key.person), .civilDate(new.key.from),
          .optional(new.to, .date) { .civilDate($0) },
        ]),
    ]
    if let change = new.change { statements.append(StaffChangeStore.demand(change, in: tenant)) }
    statements.append(
      Statement(
        """
        INSERT INTO staff_assignment (tenant_id, person, contract_id, post, assigned_from, assigned_to, filed, replaces, replaces_from, \
        came_by_change, assigned_by, assigned_at) VALUES ($1, $2, $3, $4, $5, $6, false, $7, $8, $9, $10, $11)
        """,
        [
          .int4(tenant.number), .text(new.key.person), .text(new.contract), .text(new.key.post), .civilDate(new.key.from),
          .optional(new.to, .date) { .civilDate($0) }, .optional(new.replaces?.person, .text) { .text($0) },
          .optional(new.replaces?.from, .date) { .civilDate($0) }, .optional(new.change, .uuid) { .uuid($0) }, .uuid(user), .instant(now),
        ]))
    return statements
  }

  /// Takes somebody off a post of a known version; fails with `SQLState.changed` when it is not that any more.
  ///
  /// - Parameter day: the last day.
  package static func end(
    _ key: Posting.Key, of contract: String, version: Int32, on day: CivilDate, because reason: String, change: UUIDv7?, by user: UUIDv7,
    at now: Instant, in tenant: TenantID
  ) -> [Statement] {
    var statements = [lock(contract, in: tenant)]
    if let change { statements.append(StaffChangeStore.demand(change, in: tenant)) }
    statements.append(
      Statement(
        """
        WITH ended AS (
          UPDATE staff_assignment SET ended_on = $7, ended_because = $8, left_by_change = $9, ended_by = $10, ended_at = $11,
            version = version + 1
          WHERE tenant_id = $1 AND person = $2 AND contract_id = $3 AND post = $4 AND assigned_from = $5 AND version = $6
            AND ended_on IS NULL RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM ended), 'JS001')
        """,
        [
          .int4(tenant.number), .text(key.person), .text(contract), .text(key.post), .civilDate(key.from), .int4(version),
          .civilDate(day), .text(reason), .optional(change, .uuid) { .uuid($0) }, .uuid(user), .instant(now),
        ]))
    return statements
  }

  /// The constraints that a consent used a second time violates.
  package static let consentConstraints = ["staff_assignment_came_by", "staff_assignment_left_by"]
}
