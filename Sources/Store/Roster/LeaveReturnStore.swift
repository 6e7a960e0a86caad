// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Early returns from leave: asked for, decided, taken back; the statements run in the office's context.
package enum LeaveReturnStore {
  package struct Row: Sendable {
    package let request: RosterRequest
    /// From when on the person is to be back.
    package let back: Instant
    package let leave: Leave
  }

  /// The leave that is to be shortened, as it is now.
  package struct Leave: Sendable {
    package let id: UUIDv7
    package let person: String
    package let start: Instant
    /// The first instant behind it.
    package let end: Instant
    package let state: RosterRequest.State
    let version: Int32
  }

  private static let columns: SQL = """
    \(RosterRequest.columns), back_at, leave_id, person, starts_at, leave_end, leave_state, leave_version
    """
  private static let returns: SQL = """
    leave_return r CROSS JOIN LATERAL (SELECT l.person, l.starts_at, least(l.ends_at, l.back_at) AS leave_end, l.state AS leave_state, \
    l.version AS leave_version FROM staff_leave l WHERE l.tenant_id = r.tenant_id AND l.id = r.leave_id) AS l
    """
  private static let one: SQL = "SELECT \(columns) FROM \(returns) WHERE tenant_id = $1 AND id = $2 AND \(LeaveStore.isSeen)"
  private static let open: SQL = "SELECT \(columns) FROM \(returns) WHERE tenant_id = $1 AND leave_id = $2 AND state = 'requested'"
  private static let page: SQL = """
    SELECT \(columns) FROM \(returns) WHERE tenant_id = $1 AND id < $2 AND \(LeaveStore.isSeen) AND ($5::uuid IS NULL OR leave_id = $5) \
    AND ($6 = '' OR person = $6) AND ($7 = '' OR state = $7) ORDER BY id DESC LIMIT $8
    """

  package static func one(_ id: UUIDv7, for reader: LeaveStore.Reader, in tenant: TenantID) -> Query<Row> {
    Query(one, [.int4(tenant.number), .uuid(id)] + LeaveStore.binds(reader), decode: row)
  }

  /// What is asked for about a leave and not decided, whoever sees it.
  package static func open(of leave: UUIDv7, in tenant: TenantID) -> Query<Row> {
    Query(open, [.int4(tenant.number), .uuid(leave)], decode: row)
  }

  /// Those that were asked for last, what is behind `after` only.
  package static func page(
    of leave: UUIDv7?, person: String?, state: RosterRequest.State?, for reader: LeaveStore.Reader, after: UUIDv7?, limit: Int32,
    in tenant: TenantID
  ) -> Query<Row> {
    Query(
      page,
      [.int4(tenant.number), .descending(after)] + LeaveStore.binds(reader) + [
        .optional(leave, .uuid) { .uuid($0) }, .text(person ?? ""), .text(state?.rawValue ?? ""), .int4(limit),
      ], decode: row)
  }

  private static let row: @Sendable (Postgres.Row) throws(DecodingFailure) -> Row = { row throws(DecodingFailure) in
    let first = RosterRequest.width
    return Row(
      request: try RosterRequest(row), back: try row.instant(first),
      leave: Leave(
        id: try row.identifier(first + 1), person: try row.text(first + 2), start: try row.instant(first + 3),
        end: try row.instant(first + 4), state: try row.word(first + 5), version: try row.int32(first + 6)))
  }

  /// The constraint that a second open request of a leave violates.
  package static let openConstraint = "leave_return_open"

  /// Asks for a leave to end at `back`; fails with `SQLState.changed` where it is not approved any more.
  package static func add(
    _ id: UUIDv7, of leave: LeaveStore.Row, back: Instant, because reason: String, by user: UUIDv7, side: Side, at now: Instant,
    in tenant: TenantID
  ) -> [Statement] {
    [
      RosterStore.lock([leave.person], in: tenant),
      Statement(
        """
        WITH added AS (
          INSERT INTO leave_return (tenant_id, id, leave_id, back_at, reason, requested_by, requested_side, requested_at)
          SELECT $1, $2, $3, $4, $5, $6, $7, $8 FROM staff_leave WHERE tenant_id = $1 AND id = $3 AND state = 'approved' RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM added), 'JS001')
        """,
        [
          .int4(tenant.number), .uuid(id), .uuid(leave.request.id), .instant(back), .text(reason), .uuid(user), .text(side.rawValue),
          .instant(now),
        ]),
    ]
  }

  /// Ends what is open about a leave that is being taken back; fails with `SQLState.changed` where something else was asked for meanwhile.
  ///
  /// - Parameter ends: what writes down the end of what was open.
  package static func close(_ leave: LeaveStore.Row, _ ends: [Statement], in tenant: TenantID) -> [Statement] {
    [RosterStore.lock([leave.person], in: tenant)] + ends + [
      Statement(
        """
        SELECT demand(NOT EXISTS (SELECT FROM leave_return WHERE tenant_id = $1 AND leave_id = $2 AND state = 'requested'), 'JS001')
        """, [.int4(tenant.number), .uuid(leave.request.id)])
    ]
  }

  private static let decide = RosterRequest.decide(in: "leave_return")

  /// Writes down what becomes of a request; fails with `SQLState.changed` where it is not of the version any more.
  package static func decide(_ decision: RosterRequest.Decision, by user: UUIDv7, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(decide, decision.binds(by: user, at: now, in: tenant))
  }

  /// Ends the leave when its person is back; fails with `SQLState.changed` where the leave is not as it was read.
  package static func shorten(_ row: Row, in tenant: TenantID) -> [Statement] {
    [
      RosterStore.lock([row.leave.person], in: tenant),
      Statement(
        """
        WITH done AS (UPDATE staff_leave SET back_at = $4, version = version + 1 \
        WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'approved' RETURNING 1) \
        SELECT demand((SELECT count(*) FROM done) = 1, 'JS001')
        """, [.int4(tenant.number), .uuid(row.leave.id), .int4(row.leave.version), .instant(row.back)]),
    ]
  }
}
