// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Corrections of clock marks: asked for with the reason by one, signed by another; the statements run in the office's context.
package enum MarkCorrectionStore {
  package struct Row: Sendable {
    package let request: RosterRequest
    package let correction: MarkCorrection
  }

  private static let columns: SQL = "\(RosterRequest.columns), person, at, direction, kind"
  private static let isSeen: SQL = """
    ($3 = '' OR EXISTS (SELECT FROM staff_member s WHERE s.tenant_id = $1 AND s.code = c.person AND s.organisation = $3))
    """
  private static let one: SQL = "SELECT \(columns) FROM mark_correction c WHERE tenant_id = $1 AND id = $2 AND \(isSeen)"
  private static let page: SQL = """
    SELECT \(columns) FROM mark_correction c WHERE tenant_id = $1 AND id < $2 AND \(isSeen) AND ($4 = '' OR person = $4) \
    AND ($5 = '' OR state = $5) ORDER BY id DESC LIMIT $6
    """

  /// - Parameter vendor: whose people's only; nil for everybody's.
  package static func one(_ id: UUIDv7, of vendor: String?, in tenant: TenantID) -> Query<Row> {
    Query(one, [.int4(tenant.number), .uuid(id), .text(vendor ?? "")], decode: row)
  }

  /// Those that were asked for last, what is behind `after` only.
  package static func page(
    person: String?, state: RosterRequest.State?, of vendor: String?, after: UUIDv7?, limit: Int32, in tenant: TenantID
  ) -> Query<Row> {
    Query(
      page,
      [
        .int4(tenant.number), .descending(after), .text(vendor ?? ""), .text(person ?? ""), .text(state?.rawValue ?? ""), .int4(limit),
      ], decode: row)
  }

  private static let row: @Sendable (Postgres.Row) throws(DecodingFailure) -> Row = { row throws(DecodingFailure) in
    let (request, first) = (try RosterRequest(row), RosterRequest.width)
    return Row(
      request: request,
      correction: MarkCorrection(
        id: request.id, person: try row.text(first), ClockMark(at: try row.instant(first + 1), try row.word(first + 2)),
        try row.word(first + 3)))
  }

  private static let stands: SQL = """
    SELECT coalesce(
      (SELECT c.kind = 'add' FROM mark_correction c WHERE c.tenant_id = $1 AND c.person = $2 AND c.at = $3 AND c.direction = $4
        AND c.state = 'approved' ORDER BY c.decided_at DESC, c.id DESC LIMIT 1),
      EXISTS (SELECT FROM clock_mark WHERE tenant_id = $1 AND person = $2 AND at = $3 AND direction = $4))
    """

  /// Whether a mark is there and counts.
  package static func stands(_ person: String, _ mark: ClockMark, in tenant: TenantID) -> Query<Bool> {
    Query(stands, [.int4(tenant.number), .text(person), .instant(mark.at), .text(mark.direction.rawValue)]) {
      row throws(DecodingFailure) in try row.bool(0)
    }
  }

  /// The constraint that a second open correction of a mark violates.
  package static let openConstraint = "mark_correction_open"

  /// Asks for a correction.
  package static func add(
    _ correction: MarkCorrection, because reason: String, by user: UUIDv7, side: Side, at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      INSERT INTO mark_correction (tenant_id, id, person, at, direction, kind, reason, requested_by, requested_side, requested_at) \
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      """,
      [
        .int4(tenant.number), .uuid(correction.id), .text(correction.person), .instant(correction.mark.at),
        .text(correction.mark.direction.rawValue), .text(correction.kind.rawValue), .text(reason), .uuid(user), .text(side.rawValue),
        .instant(now),
      ])
  }

  private static let decide = RosterRequest.decide(in: "mark_correction")

  /// Writes down what becomes of a correction, and has the shifts judged again that an approved one concerns; fails with `SQLState.changed`
  /// where it is not of the version any more.
  package static func decide(
    _ decision: RosterRequest.Decision, on correction: MarkCorrection, by user: UUIDv7, at now: Instant, in tenant: TenantID
  ) -> [Statement] {
    let done = Statement(decide, decision.binds(by: user, at: now, in: tenant))
    return decision.state == .approved
      ? [done, AttendanceStore.look(at: [(correction.person, correction.mark.at)], from: now, in: tenant)] : [done]
  }
}
