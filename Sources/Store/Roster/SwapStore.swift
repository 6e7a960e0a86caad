// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Swaps of shifts between an office's people: asked for, decided, taken back; the statements run in the office's context.
package enum SwapStore {
  package struct Row: Sendable {
    package let request: RosterRequest
    package let shift: UUIDv7
    /// Whose shift it is, under which contract and from when until when.
    package let duty: DutyShift
    /// Who is to take it.
    package let taker: String
    /// The taker's shift that goes the other way.
    package let inReturn: UUIDv7?
    /// Who has to agree before it may be approved: those of the two who sign in, have not asked for it and have not agreed yet.
    package let awaited: [Asked]
  }

  /// Which of the two somebody is.
  package enum Part: Sendable { case giver, taker }

  /// One of the two whose agreement is asked for.
  package struct Asked: Sendable {
    package let part: Part
    package let person: String
    package let user: UUIDv7
  }

  package struct Filter: Sendable {
    /// Under which the shift is.
    let contracts: [String]
    /// Who gives it or takes it.
    let person: String?
    let shift: UUIDv7?
    let state: RosterRequest.State?

    package init(contracts: [String], person: String? = nil, shift: UUIDv7? = nil, state: RosterRequest.State? = nil) {
      (self.contracts, self.person, self.shift, self.state) = (contracts, person, shift, state)
    }
  }

  private static let columns: SQL = """
    \(RosterRequest.columns), shift_id, giver, contract_id, post, starts_at, ends_at, to_person, in_return, \
    CASE WHEN giver_agreed_at IS NULL THEN giver_user END, CASE WHEN taker_agreed_at IS NULL THEN taker_user END
    """
  private static let swaps: SQL = """
    shift_swap w CROSS JOIN LATERAL (SELECT s.person AS giver, s.contract_id, s.post, s.starts_at, s.ends_at, \
    (SELECT m.user_id FROM staff_member m WHERE m.tenant_id = w.tenant_id AND m.code = s.person) AS giver_user, \
    (SELECT m.user_id FROM staff_member m WHERE m.tenant_id = w.tenant_id AND m.code = w.to_person) AS taker_user FROM shift s \
    WHERE s.tenant_id = w.tenant_id AND s.id = w.shift_id) AS given
    """
  private static let one: SQL = "SELECT \(columns) FROM \(swaps) WHERE tenant_id = $1 AND id = $2 AND contract_id = ANY ($3)"
  private static let page: SQL = """
    SELECT \(columns) FROM \(swaps) WHERE tenant_id = $1 AND id < $2 AND contract_id = ANY ($3) AND ($4 = '' OR $4 IN (giver, to_person)) \
    AND ($5::uuid IS NULL OR $5 IN (shift_id, in_return)) AND ($6 = '' OR state = $6) ORDER BY id DESC LIMIT $7
    """

  package static func one(_ id: UUIDv7, under contracts: [String], in tenant: TenantID) -> Query<Row> {
    Query(one, [.int4(tenant.number), .uuid(id), .textArray(contracts)], decode: row)
  }

  /// The swaps that were asked for last, those behind `after` only.
  package static func page(_ filter: Filter, after: UUIDv7?, limit: Int32, in tenant: TenantID) -> Query<Row> {
    Query(
      page,
      [
        .int4(tenant.number), .descending(after), .textArray(filter.contracts), .text(filter.person ?? ""),
        .optional(filter.shift, .uuid) { .uuid($0) }, .text(filter.state?.rawValue ?? ""), .int4(limit),
      ], decode: row)
  }

  private static let row: @Sendable (Postgres.Row) throws(DecodingFailure) -> Row = { row throws(DecodingFailure) in
    let first = RosterRequest.width
    let (start, end) = (try row.instant(first + 4), try row.instant(first + 5))
    guard start < end else { throw .value(column: first + 5) }
    let (request, giver, taker) = (try RosterRequest(row), try row.text(first + 1), try row.text(first + 6))
    let users = [
      (Part.giver, giver, try row.optional(first + 8, row.identifier)), (Part.taker, taker, try row.optional(first + 9, row.identifier)),
    ]
    return Row(
      request: request, shift: try row.identifier(first),
      duty: DutyShift(person: giver, contract: try row.text(first + 2), post: try row.text(first + 3), interval: start..<end),
      taker: taker, inReturn: try row.optional(first + 7, row.identifier),
      awaited: request.state != .requested
        ? []
        : users.compactMap { part, person, user in
          user.flatMap { $0 == request.requestedBy ? nil : Asked(part: part, person: person, user: $0) }
        })
  }

  /// A swap to be asked for.
  package struct New: Sendable {
    let id: UUIDv7
    let shift: UUIDv7
    let taker: String
    let inReturn: UUIDv7?
    let reason: String

    package init(id: UUIDv7, shift: UUIDv7, taker: String, inReturn: UUIDv7?, reason: String) {
      (self.id, self.shift, self.taker, self.inReturn, self.reason) = (id, shift, taker, inReturn, reason)
    }
  }

  package static func add(_ new: New, by user: UUIDv7, side: Side, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO shift_swap (tenant_id, id, shift_id, to_person, in_return, reason, requested_by, requested_side, requested_at) \
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      """,
      [
        .int4(tenant.number), .uuid(new.id), .uuid(new.shift), .text(new.taker), .optional(new.inReturn, .uuid) { .uuid($0) },
        .text(new.reason), .uuid(user), .text(side.rawValue), .instant(now),
      ])
  }

  /// Writes down that those of the two who are named agree; fails with `SQLState.changed` where the swap is not of the version any more.
  package static func agree(_ parts: [Part], to swap: Row, at now: Instant, in tenant: TenantID) -> Statement {
    func when(_ part: Part) -> Bind { .optional(parts.contains(part) ? now : nil, .timestamptz) { .instant($0) } }
    return Statement(
      """
      WITH done AS (UPDATE shift_swap SET giver_agreed_at = coalesce($4, giver_agreed_at), taker_agreed_at = coalesce($5, taker_agreed_at), \
      version = version + 1 WHERE tenant_id = $1 AND id = $2 AND version = $3 RETURNING 1) \
      SELECT demand((SELECT count(*) FROM done) = 1, 'JS001')
      """, [.int4(tenant.number), .uuid(swap.request.id), .int4(swap.request.version), when(.giver), when(.taker)])
  }

  private static let decide = RosterRequest.decide(in: "shift_swap")

  /// Writes down what becomes of a swap; fails with `SQLState.changed` where it is not of the version any more.
  package static func decide(_ decision: RosterRequest.Decision, by user: UUIDv7, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(decide, decision.binds(by: user, at: now, in: tenant))
  }
}
