// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// What is demanded about a contract's people; the statements run in the office's context.
package enum StaffDemandStore {
  package struct Row: Sendable {
    package let contract: String
    package let demand: StaffDemand
    package let reason: String
    package let evidence: JSON
    package let openedFact: UUIDv7?
    package let metOn: CivilDate?
    /// `office`, or `system` for what the timer found.
    package let side: String
    package let raisedBy: UUIDv7?
    package let raisedAt: Instant
    package let withdrawnAt: Instant?
    package let withdrawnBecause: String?
    package let version: Int32
  }

  private static let columns: SQL = """
    contract_id, id, kind, post, person, posted_from, demanded_on, state, left_on, successor, successor_from, reason, evidence, opened_fact, \
    met_on, raised_side, raised_by, raised_at, withdrawn_at, withdrawn_because, version
    """
  private static let page: SQL = """
    SELECT \(columns) FROM staff_demand WHERE tenant_id = $1 AND contract_id = $2 AND ($3 = '' OR state = $3) AND id < $4
    ORDER BY id DESC LIMIT $5
    """
  private static let one: SQL = "SELECT \(columns) FROM staff_demand WHERE tenant_id = $1 AND contract_id = $2 AND id = $3"
  private static let standing: SQL =
    "SELECT \(columns) FROM staff_demand WHERE tenant_id = $1 AND contract_id = $2 AND state <> 'withdrawn' ORDER BY id"

  /// The newest demands under a contract, those behind `after` only, in one state where one is named.
  package static func page(
    of contract: String, state: StaffDemand.State?, after: UUIDv7?, limit: Int32, in tenant: TenantID
  ) -> Query<Row> {
    Query(
      page, [.int4(tenant.number), .text(contract), .text(state?.rawValue ?? ""), .descending(after), .int4(limit)], decode: row)
  }

  package static func one(_ id: UUIDv7, of contract: String, in tenant: TenantID) -> Query<Row> {
    Query(one, [.int4(tenant.number), .text(contract), .uuid(id)], decode: row)
  }

  /// All that were not withdrawn, the oldest first.
  package static func standing(of contract: String, in tenant: TenantID) -> Query<Row> {
    Query(standing, [.int4(tenant.number), .text(contract)], decode: row)
  }

  private static let row: @Sendable (Postgres.Row) throws(DecodingFailure) -> Row = { row throws(DecodingFailure) in
    let post = try row.text(3)
    var posting: Posting.Key?
    if let person = try row.optional(4, row.text) { posting = Posting.Key(person: person, post: post, from: try row.civilDate(5)) }
    var successor: Posting.Key?
    if let person = try row.optional(9, row.text) { successor = Posting.Key(person: person, post: post, from: try row.civilDate(10)) }
    return Row(
      contract: try row.text(0),
      demand: StaffDemand(
        id: try row.identifier(1), kind: try row.word(2), post: post, posting: posting, on: try row.civilDate(6), state: try row.word(7),
        left: try row.optional(8, row.civilDate), successor: successor),
      reason: try row.text(11), evidence: try row.json(12), openedFact: try row.optional(13, row.identifier),
      metOn: try row.optional(14, row.civilDate), side: try row.text(15), raisedBy: try row.optional(16, row.identifier),
      raisedAt: try row.instant(17), withdrawnAt: try row.optional(18, row.instant), withdrawnBecause: try row.optional(19, row.text),
      version: try row.int32(20))
  }

  /// A demand to be written.
  package struct New: Sendable {
    let demand: StaffDemand
    let contract: String
    let reason: String
    let evidence: [JSON]
    let openedFact: UUIDv7?
    let user: UUIDv7?

    /// - Parameter user: nil for what the timer found.
    package init(_ demand: StaffDemand, of contract: String, reason: String, evidence: [JSON], openedFact: UUIDv7?, user: UUIDv7?) {
      (self.demand, self.contract, self.reason, self.evidence) = (demand, contract, reason, evidence)
      (self.openedFact, self.user) = (openedFact, user)
    }
  }

  /// The constraint that a second open demand about a posting violates.
  package static let openConstraint = "staff_demand_open"

  package static func add(_ new: New, at now: Instant, in tenant: TenantID) -> Statement {
    let demand = new.demand
    return Statement(
      """
      INSERT INTO staff_demand (tenant_id, id, contract_id, post, kind, person, posted_from, demanded_on, reason, evidence, opened_fact, left_on, \
      raised_side, raised_by, raised_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
      CASE WHEN $13::uuid IS NULL THEN 'system' ELSE 'office' END, $13, $14)
      """,
      [
        .int4(tenant.number), .uuid(demand.id), .text(new.contract), .text(demand.post), .text(demand.kind.rawValue),
        .optional(demand.posting?.person, .text) { .text($0) }, .optional(demand.posting?.from, .date) { .civilDate($0) },
        .civilDate(demand.on), .text(new.reason), .json(.array(new.evidence)), .optional(new.openedFact, .uuid) { .uuid($0) },
        .optional(demand.left, .date) { .civilDate($0) }, .optional(new.user, .uuid) { .uuid($0) }, .instant(now),
      ])
  }

  /// How far a demand has come, to be written down.
  package struct Progress: Sendable {
    package var left: CivilDate?
    package var leftFact: UUIDv7?
    package var successor: Posting.Key?
    package var metOn: CivilDate?
    package var filledFact: UUIDv7?

    package init() {}
  }

  /// Writes down how far an open demand has come; fails with `SQLState.changed` when it is not open any more.
  package static func put(_ progress: Progress, of id: UUIDv7, in tenant: TenantID) -> Statement {
    Statement(
      """
      WITH put AS (
        UPDATE staff_demand SET left_on = coalesce($3, left_on), left_fact = coalesce($4, left_fact),
          successor = coalesce($5, successor), successor_from = coalesce($6, successor_from), met_on = $7,
          filled_fact = coalesce($8, filled_fact), state = CASE WHEN $7::date IS NULL THEN 'open' ELSE 'met' END, version = version + 1
        WHERE tenant_id = $1 AND id = $2 AND state = 'open' RETURNING 1)
      SELECT demand(EXISTS (SELECT FROM put), 'JS001')
      """,
      [
        .int4(tenant.number), .uuid(id), .optional(progress.left, .date) { .civilDate($0) },
        .optional(progress.leftFact, .uuid) { .uuid($0) }, .optional(progress.successor?.person, .text) { .text($0) },
        .optional(progress.successor?.from, .date) { .civilDate($0) }, .optional(progress.metOn, .date) { .civilDate($0) },
        .optional(progress.filledFact, .uuid) { .uuid($0) },
      ])
  }

  /// Forgets a successor who left before the demand was met.
  package static func forget(successor key: Posting.Key, of contract: String, in tenant: TenantID) -> Statement {
    Statement(
      """
      UPDATE staff_demand SET successor = NULL, successor_from = NULL, version = version + 1
      WHERE tenant_id = $1 AND contract_id = $2 AND post = $3 AND successor = $4 AND successor_from = $5 AND state = 'open'
      """, [.int4(tenant.number), .text(contract), .text(key.post), .text(key.person), .civilDate(key.from)])
  }

  /// Takes back an open demand of a known version; fails with `SQLState.changed` when it is not that any more.
  package static func withdraw(
    _ id: UUIDv7, version: Int32, because reason: String, by user: UUIDv7, at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      WITH withdrawn AS (
        UPDATE staff_demand SET state = 'withdrawn', withdrawn_by = $4, withdrawn_at = $5, withdrawn_because = $6, version = version + 1
        WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'open' RETURNING 1)
      SELECT demand(EXISTS (SELECT FROM withdrawn), 'JS001')
      """, [.int4(tenant.number), .uuid(id), .int4(version), .uuid(user), .instant(now), .text(reason)])
  }
}
