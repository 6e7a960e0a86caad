// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// What a list of work orders is narrowed to; what is nil narrows nothing.
package struct OrderFilter: Sendable, Equatable {
  package var stage: OrderStage?
  package var isOpen: Bool?
  package var source: OrderSource?
  package var category: String?
  package var grade: String?
  package var community: String?
  package var seat: UUIDv7?
  /// What it must wait in.
  package var waits: OrderState?
  /// A department, those below it included.
  package var department: String?
  package var isZeroScore: Bool?
  /// A moment by which one of its clocks that has not ended runs out, or has run out.
  package var dueBefore: Instant?

  package init() {}
}

/// Lists of an office's work orders, the newest first; the statements run in its context.
///
/// Planning one of them for its values takes longer than reading a page, so each is planned once: there is a statement for each index that a
/// list can be read along, and no other way to go than along it (docs/decisions, "Lists are planned once").
package enum OrderListStore {
  // Each condition falls away by itself when its value is NULL. To the planner the CASE is a yes or no of which it knows nothing: from the
  // conditions themselves it would take hardly any order for left over, and read them all to sort those.
  static let conditions: SQL = """
    o.tenant_id = $1 AND o.id < $2 AND CASE WHEN ($4::text IS NULL OR o.stage = $4) AND ($5::text IS NULL OR o.source = $5) \
    AND ($6::text IS NULL OR o.category = $6) AND ($7::text IS NULL OR o.grade = $7) AND ($8::text IS NULL OR o.community = $8) \
    AND ($9::uuid IS NULL OR o.seat = $9) AND ($10::text IS NULL OR CASE $10 WHEN 'hung' THEN o.is_hung \
    WHEN 'awaitingCitizen' THEN o.is_awaiting_citizen WHEN 'awaitingApproval' THEN o.approval = 'asked' ELSE o.exclusion = 'asked' END) \
    AND ($11::boolean IS NULL OR o.is_zero_score = $11) \
    AND ($12::boolean IS NULL OR o.is_open = $12) THEN true ELSE false END
    """

  /// The page with what may be shown of the citizens, looked up order by order.
  static let shown: SQL = """
    SELECT page.*, c.name_masked, c.phone_masked, c.address_masked FROM page LEFT JOIN LATERAL (
      SELECT name_masked, phone_masked, address_masked FROM work_order_content
      WHERE tenant_id = $1 AND order_id = page.id OFFSET 0) c ON true ORDER BY page.id DESC
    """

  /// A list that is read along an index, from the newest order in it on.
  private static func along(_ index: SQL) -> SQL {
    """
    WITH page AS (SELECT \(OrderStore.columns) FROM work_order o WHERE \(conditions) AND \(index) ORDER BY o.id DESC LIMIT $3) \(shown)
    """
  }

  private static let all = along("true")
  private static let open = along("o.is_open")
  private static let waiting = along("(o.is_hung OR o.is_awaiting_citizen OR o.approval = 'asked' OR o.exclusion = 'asked')")
  private static let returned = along("o.returned_at IS NOT NULL")
  private static let archived = along("o.archived_at IS NOT NULL")
  private static let zeroScore = along("o.is_zero_score")
  private static let ofCategory = along("o.category = $6")
  private static let ofGrade = along("o.grade = $7")

  /// Department by department, each from its newest on, so that no page costs more than so many rows of each.
  private static let below: SQL = """
    WITH page AS (
      SELECT f.* FROM departments_below($1, $13, $14) AS b (code) CROSS JOIN LATERAL (
        SELECT \(OrderStore.columns) FROM work_order o
        WHERE \(conditions) AND o.department = b.code ORDER BY o.id DESC LIMIT $3) f
      ORDER BY f.id DESC LIMIT $3) \(shown)
    """

  /// The departments that somebody may see, and of them those that a list is narrowed to.
  static let departments: SQL = """
    WITH RECURSIVE mine AS (
      SELECT code FROM department WHERE tenant_id = $1 AND code = $14
      UNION SELECT d.code FROM department d JOIN mine m ON d.parent = m.code WHERE d.tenant_id = $1),
    below AS (
      SELECT code FROM department WHERE tenant_id = $1 AND code = $13 AND ($14 IS NULL OR code IN (SELECT code FROM mine))
      UNION SELECT d.code FROM department d JOIN below b ON d.parent = b.code WHERE d.tenant_id = $1)
    """
  static let withinDepartments: SQL = "($13::text IS NULL OR o.department IN (SELECT code FROM below))"

  /// Along the clocks that run, from the newest order's on: they are few, whatever the office has had of orders.
  private static let due: SQL = """
    \(departments), page AS (
      SELECT \(OrderStore.columns) FROM (
        SELECT DISTINCT c.order_id FROM work_order_clock c
        WHERE c.tenant_id = $1 AND c.ended_at IS NULL AND c.outside_at <= $15 AND c.order_id < $2 ORDER BY c.order_id DESC OFFSET 0) due
      CROSS JOIN LATERAL (
        SELECT o.* FROM work_order o WHERE o.id = due.order_id AND \(conditions) AND \(withinDepartments) OFFSET 0) o
      ORDER BY due.order_id DESC LIMIT $3) \(shown)
    """

  /// The newest orders that somebody may see and that a filter lets through, those behind `after` only.
  package static func page(_ filter: OrderFilter, _ scope: OrderScope, after: UUIDv7?, limit: Int32, in tenant: TenantID) -> Statement {
    let narrowing = narrowing(filter, after: after, limit: limit, in: tenant)
    let within = within(filter, scope)
    if let dueBefore = filter.dueBefore { return Statement(due, narrowing + within + [.instant(dueBefore)], planning: .once) }
    if scope != .office || filter.department != nil { return Statement(below, narrowing + within, planning: .once) }
    return Statement(index(filter), narrowing, planning: .once)
  }

  /// Along which index an office's list goes: along one that holds few orders, if there is any.
  private static func index(_ filter: OrderFilter) -> SQL {
    if filter.waits != nil { return waiting }
    if filter.stage == .returned { return returned }
    if filter.isZeroScore == true { return zeroScore }
    if isOpen(filter) == true { return open }
    if filter.category != nil { return ofCategory }
    if filter.grade != nil { return ofGrade }
    return filter.stage == .archived ? archived : all
  }

  /// Whether a list may go through many orders that it does not show: the index that it is read along does not tell all it is narrowed to.
  package static func mayReadOn(_ filter: OrderFilter, _ scope: OrderScope) -> Bool {
    if filter.waits != nil || filter.stage == .returned || isOpen(filter) == true { return false }
    let told = [
      filter.category != nil, filter.grade != nil, filter.isZeroScore == true, filter.dueBefore != nil,
      filter.department != nil || scope != .office,
    ]
    return told.count { $0 } > 1 || filter.source != nil || filter.community != nil || filter.seat != nil
  }

  static func word(_ word: String?) -> Bind { .optional(word, .text) { .text($0) } }

  /// What ``conditions`` asks for.
  static func narrowing(_ filter: OrderFilter, after: UUIDv7?, limit: Int32, in tenant: TenantID) -> [Bind] {
    [
      .int4(tenant.number), .descending(after), .int4(limit), word(filter.stage?.rawValue), word(filter.source?.rawValue),
      word(filter.category), word(filter.grade), word(filter.community), .optional(filter.seat, .uuid) { .uuid($0) },
      word(filter.waits?.rawValue), .optional(filter.isZeroScore, .bool) { .bool($0) }, .optional(isOpen(filter), .bool) { .bool($0) },
    ]
  }

  /// What ``departments`` asks for.
  static func within(_ filter: OrderFilter, _ scope: OrderScope) -> [Bind] {
    switch scope {
    case .office: [word(filter.department), .null(.text)]
    case .department(let mine): [.text(filter.department ?? mine), .text(mine)]
    }
  }

  /// What only an open order can be needs no looking among the closed.
  private static func isOpen(_ filter: OrderFilter) -> Bool? {
    if let isOpen = filter.isOpen { return isOpen }
    switch filter.waits {
    case .hung, .awaitingCitizen, .awaitingApproval: return true
    case .awaitingExclusion, nil: return filter.stage.flatMap { $0.isOpen ? true : nil }
    }
  }

  private static let same: SQL = """
    WITH RECURSIVE below AS (
      SELECT code FROM department WHERE tenant_id = $1 AND code = $5
      UNION SELECT d.code FROM department d JOIN below b ON d.parent = b.code WHERE d.tenant_id = $1),
    page AS (
      SELECT \(OrderStore.columns) FROM work_order o
      WHERE o.tenant_id = $1 AND o.id < $2 AND o.id <> $4 AND ($5 IS NULL OR o.department IN (SELECT code FROM below)) AND o.id IN (
        SELECT other.order_id FROM work_order_content this
        JOIN work_order_content other ON other.tenant_id = this.tenant_id AND other.phone_code = this.phone_code
        WHERE this.tenant_id = $1 AND this.order_id = $4)
      ORDER BY o.id DESC LIMIT $3) \(shown)
    """

  /// The newest orders that came from the telephone of one, itself not among them.
  package static func sameCaller(as order: UUIDv7, _ scope: OrderScope, after: UUIDv7?, limit: Int32, in tenant: TenantID) -> Statement {
    let department: String? = if case .department(let code) = scope { code } else { nil }
    return Statement(
      same,
      [.int4(tenant.number), .descending(after), .int4(limit), .uuid(order), word(department)], planning: .once)
  }

  /// What may be shown of the citizen in a row of a page.
  package static func citizen(_ row: Row) throws(DecodingFailure) -> (name: String?, phone: String?) {
    (try row.optional(OrderStore.columnCount, row.text), try row.optional(OrderStore.columnCount + 1, row.text))
  }
}
