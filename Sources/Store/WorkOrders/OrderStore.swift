// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Synchronization

/// Statements on the work orders of an office; the caller runs them in the office's context.
package enum OrderStore {
  /// The columns of an order's row, as ``order(_:)`` reads them.
  static let columns: SQL = """
    id, source, external_number, contract_id, received_at, reported_at, reported_due, version, stage, is_open, grade, category, \
    area, community, title, tags, attributes, department, seat, replied_by, approval_asked_by, exclusion_asked_by, is_special, \
    approval, is_outside_remit, is_hung, is_awaiting_citizen, exclusion, appeal, appeal_due, is_contacted, resolution, satisfaction, \
    callback_attempts, urges, reopenings, repeats, signed_at, verified_at, dispatched_at, handling_at, replied_at, audited_at, \
    called_back_at, closed_at, archived_at, returned_at, hung_at, progress_at, changed_at
    """

  /// How many columns that is: what a statement selects beside them begins there.
  static let columnCount = 50

  private static let one: SQL = "SELECT \(columns) FROM work_order WHERE tenant_id = $1 AND id = $2"

  /// The departments below one, itself among them.
  static let below: SQL = """
    WITH RECURSIVE below AS (
      SELECT code FROM department WHERE tenant_id = $1 AND code = $3
      UNION SELECT d.code FROM department d JOIN below b ON d.parent = b.code WHERE d.tenant_id = $1)
    """
  private static let oneBelow: SQL =
    "\(below) SELECT \(columns) FROM work_order WHERE tenant_id = $1 AND id = $2 AND department IN (SELECT code FROM below)"

  /// One order; no row when the office has none of that id, or it lies outside what the caller may see.
  package static func one(_ id: UUIDv7, _ scope: OrderScope, in tenant: TenantID) -> Statement {
    switch scope {
    case .office: Statement(one, [.int4(tenant.number), .uuid(id)])
    case .department(let code): Statement(oneBelow, [.int4(tenant.number), .uuid(id), .text(code)])
    }
  }

  /// Whether the office has a department.
  package static func department(_ code: String, in tenant: TenantID) -> Statement {
    Statement("SELECT FROM department WHERE tenant_id = $1 AND code = $2", [.int4(tenant.number), .text(code)])
  }

  /// Whether the rule pack in force on a day has a grade.
  package static func grade(_ grade: String, on day: CivilDate) -> Statement {
    Statement(
      """
      SELECT FROM (
        SELECT document FROM (
          SELECT DISTINCT ON (code) effective_from, document FROM rule_pack WHERE effective_from <= $2 ORDER BY code, revision DESC) p
        WHERE jsonb_array_length(document -> 'gradeLimits') > 0 ORDER BY effective_from DESC LIMIT 1) p
      CROSS JOIN jsonb_array_elements(document -> 'gradeLimits') g WHERE g ->> 'grade' = $1
      """, [.text(grade), .civilDate(day)])
  }

  // MARK: Steps

  /// The columns that steps change, in the order in which ``append(_:to:)`` binds their values.
  private static let changing: [SQL] = [
    "version", "stage", "is_open", "grade", "category", "area", "community", "title", "tags", "attributes", "department", "seat",
    "replied_by", "approval_asked_by", "exclusion_asked_by", "is_special", "approval", "is_outside_remit", "is_hung",
    "is_awaiting_citizen", "exclusion", "appeal", "appeal_due", "is_contacted", "resolution", "satisfaction", "callback_attempts",
    "urges", "reopenings", "repeats", "signed_at", "verified_at", "dispatched_at", "handling_at", "replied_at", "audited_at",
    "called_back_at", "closed_at", "archived_at", "returned_at", "hung_at", "progress_at", "changed_at", "is_zero_score",
  ]

  /// Which of ``changing`` an order has other values in than another, as bits.
  private typealias Changes = UInt64

  private static let all: Changes = (1 << changing.count) - 1

  /// Sets columns to the values that are bound from `$first` on.
  private static func assignments(_ changes: Changes, from first: Int) -> SQL {
    var (sql, place): (SQL, Int) = ("", first)
    for (number, column) in changing.enumerated() where changes & 1 << number != 0 {
      let assignment: SQL = "\(column) = \(.parameter(place))"
      sql = place == first ? assignment : "\(sql), \(assignment)"
      place += 1
    }
    return sql
  }

  private static func move(_ changes: Changes) -> SQL {
    """
    WITH moved AS (
      UPDATE work_order SET \(assignments(changes, from: 10))
      WHERE tenant_id = $1 AND id = $2 AND version = $3 RETURNING 1),
    noted AS (
      INSERT INTO work_order_event (tenant_id, order_id, seq, id, at, actor, side, kind, data)
      VALUES ($1, $2, $3 + 1, $4, $5, $6, $7, $8, $9))
    SELECT demand(EXISTS (SELECT FROM moved), 'JS001')
    """
  }

  /// How many statements for moves there are before one for all columns has to do: connections keep what they have prepared.
  private static let mostMoves = 128
  private static let moves = Mutex<[Changes: SQL]>([:])

  /// Makes an order what an entry made it, and writes the entry; fails as ``hasMoved(_:)`` knows when somebody was faster.
  ///
  /// Only the columns that change are set: a row of an order is wide, and each value costs time where it is bound, converted and judged.
  ///
  /// - Parameters:
  ///   - stored: as it was before.
  ///   - order: as it is after the entry.
  ///   - event: the entry's own id.
  package static func move(from stored: WorkOrder, to order: WorkOrder, _ entry: OrderEntry, event: UUIDv7, in tenant: TenantID)
    -> Statement
  {
    var (before, after): ([Bind], [Bind]) = ([], [])
    append(stored, to: &before)
    append(order, to: &after)
    var changes: Changes = 0
    for number in after.indices where !after[number].isSame(as: before[number]) { changes |= 1 << number }
    let sql = moves.withLock { moves in
      if let known = moves[changes] { return known }
      if moves.count >= mostMoves { changes = all }
      let sql = move(changes)
      moves[changes] = sql
      return sql
    }
    let binds: [Bind] = [
      .int4(tenant.number), .uuid(order.id), .int4(entry.seq - 1), .uuid(event), .instant(entry.at),
      .optional(entry.actor, .uuid) { .uuid($0) }, .text(entry.side.rawValue), .text(entry.move.step.rawValue),
      .json(.object(entry.move.data)),
    ]
    return Statement(sql, binds + after.indices.filter { changes & 1 << $0 != 0 }.map { after[$0] })
  }

  /// Whether an error means that the order is no longer what it was judged by.
  package static func hasMoved(_ error: PostgresError) -> Bool {
    error.state == .changed || error.violatesUnique("work_order_event_pkey")
  }

  private static let rebuild: SQL = """
    UPDATE work_order SET \(assignments(all, from: 4))
    WHERE tenant_id = $1 AND id = $2 AND version <= $3
    """

  /// Makes a row what its history comes to.
  package static func rebuild(_ order: WorkOrder, in tenant: TenantID) -> Statement {
    var binds: [Bind] = [.int4(tenant.number), .uuid(order.id), .int4(order.version)]
    append(order, to: &binds)
    return Statement(rebuild, binds)
  }

  private static let rows: SQL = "SELECT \(columns) FROM work_order WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3"

  /// The orders behind one, the oldest first.
  package static func rows(after order: UUIDv7?, limit: Int32, in tenant: TenantID) -> Query<WorkOrder> {
    Query(
      rows, [.int4(tenant.number), order.map { .uuid($0) } ?? .uuid(high: 0, low: 0), .int4(limit)],
      decode: { row throws(DecodingFailure) in try Self.order(row) })
  }

  // MARK: Rows

  /// The values of ``changing``.
  static func append(_ order: WorkOrder, to binds: inout [Bind]) {
    func word(_ word: String?) -> Bind { .optional(word, .text) { .text($0) } }
    func user(_ user: UUIDv7?) -> Bind { .optional(user, .uuid) { .uuid($0) } }
    func time(_ time: Instant?) -> Bind { .optional(time, .timestamptz) { .instant($0) } }
    binds += [
      .int4(order.version), .text(order.stage.rawValue), .bool(order.stage.isOpen), .text(order.grade), word(order.category),
      word(order.area), word(order.community), .text(order.title), .textArray(order.tags), .json(order.attributes),
      word(order.department), user(order.seat), user(order.repliedBy), user(order.approvalAskedBy), user(order.exclusionAskedBy),
      .bool(order.isSpecial), .text(order.approval.rawValue), .bool(order.isOutsideRemit), .bool(order.isHung),
      .bool(order.isAwaitingCitizen), .text(order.exclusion.rawValue), .text(order.appeal.rawValue),
      .optional(order.appealDue, .date) { .civilDate($0) }, .optional(order.isContacted, .bool) { .bool($0) },
      word(order.resolution?.rawValue), word(order.satisfaction?.rawValue), .int4(order.callbackAttempts), .int4(order.urges),
      .int4(order.reopenings), user(order.repeats), time(order.times.signed), time(order.times.verified),
      time(order.times.dispatched), time(order.times.handling), time(order.times.replied), time(order.times.audited),
      time(order.times.calledBack), time(order.times.closed), time(order.times.archived), time(order.times.returned),
      time(order.times.hung), time(order.times.progress), .instant(order.times.changed), .bool(order.isZeroScore),
    ]
  }

  /// Reads a row of ``columns``.
  package static func order(_ row: Row) throws(DecodingFailure) -> WorkOrder {
    guard let attributes = try row.json(16).object else { throw .value(column: 16) }
    let facts = OrderFacts(
      source: try row.word(1), externalNumber: try row.text(2), contract: try row.optional(3, row.text),
      grade: try row.text(10), category: nil, area: nil, community: nil, title: try row.text(14), tags: try row.texts(15),
      attributes: attributes, isSpecial: try row.bool(22), reportedAt: try row.optional(5, row.instant),
      reportedDue: try row.optional(6, row.instant))
    var order = WorkOrder(try row.identifier(0), facts, at: try row.instant(4))
    order.version = try row.int32(7)
    order.stage = try row.word(8)
    order.category = try row.optional(11, row.text)
    order.area = try row.optional(12, row.text)
    order.community = try row.optional(13, row.text)
    order.department = try row.optional(17, row.text)
    order.seat = try row.optional(18, row.identifier)
    order.repliedBy = try row.optional(19, row.identifier)
    order.approvalAskedBy = try row.optional(20, row.identifier)
    order.exclusionAskedBy = try row.optional(21, row.identifier)
    order.approval = try row.word(23)
    order.isOutsideRemit = try row.bool(24)
    order.isHung = try row.bool(25)
    order.isAwaitingCitizen = try row.bool(26)
    order.exclusion = try row.word(27)
    order.appeal = try row.word(28)
    order.appealDue = try row.optional(29, row.civilDate)
    order.isContacted = try row.optional(30, row.bool)
    order.resolution = try row.optional(31) { column throws(DecodingFailure) in try row.word(column) }
    order.satisfaction = try row.optional(32) { column throws(DecodingFailure) in try row.word(column) }
    order.callbackAttempts = try row.int32(33)
    order.urges = try row.int32(34)
    order.reopenings = try row.int32(35)
    order.repeats = try row.optional(36, row.identifier)
    order.times.signed = try row.optional(37, row.instant)
    order.times.verified = try row.optional(38, row.instant)
    order.times.dispatched = try row.optional(39, row.instant)
    order.times.handling = try row.optional(40, row.instant)
    order.times.replied = try row.optional(41, row.instant)
    order.times.audited = try row.optional(42, row.instant)
    order.times.calledBack = try row.optional(43, row.instant)
    order.times.closed = try row.optional(44, row.instant)
    order.times.archived = try row.optional(45, row.instant)
    order.times.returned = try row.optional(46, row.instant)
    order.times.hung = try row.optional(47, row.instant)
    order.times.progress = try row.optional(48, row.instant)
    order.times.changed = try row.instant(49)
    return order
  }
}

/// Which orders somebody may see.
package enum OrderScope: Sendable, Equatable {
  /// All of the office.
  case office
  /// Those dispatched to a department and those below it.
  case department(String)
}
