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
    \(RosterRequest.columns), shift_id, giver, contract_id, post, starts_at, ends_at, to_person, in_return
    """
  private static let swaps: SQL = """
    shift_swap w CROSS JOIN LATERAL (SELECT s.person AS giver, s.contract_id, s.post, s.starts_at, s.ends_at FROM shift s \
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
    return Row(
      request: try RosterRequest(row), shift: try row.identifier(first),
      duty: DutyShift(
        person: try row.text(first + 1), contract: try row.text(first + 2), post: try row.text(first + 3), interval: start..<end),
      taker: try row.text(first + 6), inReturn: try row.optional(first + 7, row.identifier))
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

  private static let decide = RosterRequest.decide(in: "shift_swap")

  /// Writes down what becomes of a swap; fails with `SQLState.changed` where it is not of the version any more.
  package static func decide(_ decision: RosterRequest.Decision, by user: UUIDv7, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(decide, decision.binds(by: user, at: now, in: tenant))
  }
}
