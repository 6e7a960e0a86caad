// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Leave of an office's people: asked for, decided, taken back; the statements run in the office's context.
package enum LeaveStore {
  package struct Row: Sendable {
    package let request: RosterRequest
    package let person: String
    /// As it was asked for.
    package let time: Range<Instant>
    /// From when on the person is back, where that is before the end.
    package let back: Instant?

    /// The first instant behind it.
    package var end: Instant { back ?? time.upperBound }
  }

  /// Whose leave a caller sees.
  package struct Reader: Sendable {
    let vendor: String?
    let user: UUIDv7?

    /// - Parameters:
    ///   - vendor: whose people's only; nil for everybody's.
    ///   - user: who sees their own only, and what they asked for; nil for who sees more.
    package init(vendor: String?, user: UUIDv7?) { (self.vendor, self.user) = (vendor, user) }
  }

  package struct Filter: Sendable {
    let person: String?
    let state: RosterRequest.State?
    let time: Range<Instant>

    package init(person: String?, state: RosterRequest.State?, time: Range<Instant>) {
      (self.person, self.state, self.time) = (person, state, time)
    }
  }

  private static let columns: SQL = "\(RosterRequest.columns), person, starts_at, ends_at, back_at"
  /// Whether a reader sees leave `l`, or what else `requested_by` asked for about it.
  static let isSeen: SQL = """
    ($3::text IS NULL AND $4::uuid IS NULL OR EXISTS (SELECT FROM staff_member s WHERE s.tenant_id = $1 AND s.code = l.person \
    AND ($3::text IS NULL OR s.organisation = $3) AND ($4::uuid IS NULL OR s.user_id = $4 OR requested_by = $4)))
    """
  private static let one: SQL = "SELECT \(columns) FROM staff_leave l WHERE tenant_id = $1 AND id = $2 AND \(isSeen)"
  private static let page: SQL = """
    SELECT \(columns) FROM staff_leave l WHERE tenant_id = $1 AND id < $2 AND \(isSeen) AND ($5 = '' OR person = $5) \
    AND ($6 = '' OR state = $6) AND least(ends_at, back_at) > $7 AND starts_at < $8 ORDER BY id DESC LIMIT $9
    """

  package static func one(_ id: UUIDv7, for reader: Reader, in tenant: TenantID) -> Query<Row> {
    Query(one, [.int4(tenant.number), .uuid(id)] + binds(reader), decode: row)
  }

  /// The leave that was asked for last and overlaps a time, what is behind `after` only.
  package static func page(
    _ filter: Filter, for reader: Reader, after: UUIDv7?, limit: Int32, in tenant: TenantID
  ) -> Query<Row> {
    Query(
      page,
      [.int4(tenant.number), .descending(after)] + binds(reader) + [
        .text(filter.person ?? ""), .text(filter.state?.rawValue ?? ""), .instant(filter.time.lowerBound), .instant(filter.time.upperBound),
        .int4(limit),
      ], decode: row)
  }

  static func binds(_ reader: Reader) -> [Bind] {
    [.optional(reader.vendor, .text) { .text($0) }, .optional(reader.user, .uuid) { .uuid($0) }]
  }

  private static let row: @Sendable (Postgres.Row) throws(DecodingFailure) -> Row = { row throws(DecodingFailure) in
    let first = RosterRequest.width
    let (start, end) = (try row.instant(first + 1), try row.instant(first + 2))
    guard start < end else { throw .value(column: first + 2) }
    return Row(
      request: try RosterRequest(row), person: try row.text(first), time: start..<end, back: try row.optional(first + 3, row.instant))
  }

  /// Leave to be asked for.
  package struct New: Sendable {
    let id: UUIDv7
    let person: String
    let time: Range<Instant>
    let reason: String

    package init(id: UUIDv7, person: String, time: Range<Instant>, reason: String) {
      (self.id, self.person, self.time, self.reason) = (id, person, time, reason)
    }
  }

  /// Asks for leave; fails with `SQLState.alreadyRecorded` where leave that is asked for or approved overlaps it. Both belong into one transaction.
  package static func add(_ new: New, by user: UUIDv7, side: Side, at now: Instant, in tenant: TenantID) -> [Statement] {
    [
      RosterStore.lock([new.person], in: tenant),
      Statement(
        """
        WITH added AS (
          INSERT INTO staff_leave (tenant_id, id, person, starts_at, ends_at, reason, requested_by, requested_side, requested_at)
          SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 WHERE NOT EXISTS (
            SELECT FROM staff_leave WHERE tenant_id = $1 AND person = $3 AND ends_at > $4 AND least(ends_at, back_at) > $4 AND starts_at < $5
              AND state IN ('requested', 'approved')) RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM added), 'JS002')
        """,
        [
          .int4(tenant.number), .uuid(new.id), .text(new.person), .instant(new.time.lowerBound), .instant(new.time.upperBound),
          .text(new.reason), .uuid(user), .text(side.rawValue), .instant(now),
        ]),
    ]
  }

  private static let decide = RosterRequest.decide(in: "staff_leave")

  /// Writes down what becomes of leave; fails with `SQLState.changed` where it is not of the version any more.
  package static func decide(_ decision: RosterRequest.Decision, by user: UUIDv7, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(decide, decision.binds(by: user, at: now, in: tenant))
  }
}
