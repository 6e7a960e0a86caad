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
package enum OrderListStore {
  // Each condition falls away by itself when its value is NULL; none of them needs an index of its own, since lists are read from the newest on.
  private static let conditions: SQL = """
    o.tenant_id = $1 AND o.id < $2 AND ($4::text IS NULL OR o.stage = $4) AND ($5::text IS NULL OR o.source = $5) \
    AND ($6::text IS NULL OR o.category = $6) AND ($7::text IS NULL OR o.grade = $7) AND ($8::text IS NULL OR o.community = $8) \
    AND ($9::uuid IS NULL OR o.seat = $9) AND ($10::text IS NULL OR CASE $10 WHEN 'hung' THEN o.is_hung \
    WHEN 'awaitingCitizen' THEN o.is_awaiting_citizen WHEN 'awaitingApproval' THEN o.approval = 'asked' ELSE o.exclusion = 'asked' END) \
    AND ($11::boolean IS NULL OR $11 = coalesce(NOT o.is_contacted AND o.resolution = 'unsolved' AND o.satisfaction = 'dissatisfied', false))
    """

  /// The page with what may be shown of the citizens.
  static let shown: SQL = """
    SELECT page.*, c.name_masked, c.phone_masked, c.address_masked FROM page
    LEFT JOIN work_order_content c ON c.tenant_id = $1 AND c.order_id = page.id ORDER BY page.id DESC
    """

  private static let all: SQL = """
    WITH page AS (SELECT \(OrderStore.columns) FROM work_order o WHERE \(conditions) ORDER BY o.id DESC LIMIT $3) \(shown)
    """
  private static let open: SQL = """
    WITH page AS (SELECT \(OrderStore.columns) FROM work_order o WHERE \(conditions) AND o.is_open ORDER BY o.id DESC LIMIT $3) \(shown)
    """
  private static let closed: SQL = """
    WITH page AS (SELECT \(OrderStore.columns) FROM work_order o WHERE \(conditions) AND NOT o.is_open ORDER BY o.id DESC LIMIT $3) \(shown)
    """

  /// Department by department, each from its newest on, so that no page costs more than so many rows of each.
  ///
  /// The planner looks at the filter's values each time; the departments come from a function, whose plan is kept.
  private static let below: SQL = """
    WITH page AS (
      SELECT f.* FROM departments_below($1, $12, $13) AS b (code) CROSS JOIN LATERAL (
        SELECT \(OrderStore.columns) FROM work_order o
        WHERE \(conditions) AND o.department = b.code AND ($14::boolean IS NULL OR o.is_open = $14) ORDER BY o.id DESC LIMIT $3) f
      ORDER BY f.id DESC LIMIT $3) \(shown)
    """

  /// From the clocks on: those that run out are few, whatever the office has had of orders.
  private static let due: SQL = """
    WITH RECURSIVE mine AS (
      SELECT code FROM department WHERE tenant_id = $1 AND code = $13
      UNION SELECT d.code FROM department d JOIN mine m ON d.parent = m.code WHERE d.tenant_id = $1),
    below AS (
      SELECT code FROM department WHERE tenant_id = $1 AND code = $12 AND ($13 IS NULL OR code IN (SELECT code FROM mine))
      UNION SELECT d.code FROM department d JOIN below b ON d.parent = b.code WHERE d.tenant_id = $1),
    due AS MATERIALIZED (
      SELECT DISTINCT c.order_id FROM work_order_clock c
      WHERE c.tenant_id = $1 AND c.ended_at IS NULL AND c.outside_at <= $15 AND c.order_id < $2),
    page AS (
      SELECT \(OrderStore.columns) FROM due JOIN work_order o ON o.id = due.order_id
      WHERE \(conditions) AND ($14::boolean IS NULL OR o.is_open = $14) AND ($12::text IS NULL OR o.department IN (SELECT code FROM below))
      ORDER BY o.id DESC LIMIT $3) \(shown)
    """

  /// The newest orders that somebody may see and that a filter lets through, those behind `after` only.
  package static func page(_ filter: OrderFilter, _ scope: OrderScope, after: UUIDv7?, limit: Int32, in tenant: TenantID) -> Statement {
    var binds = binds(filter, after: after, limit: limit, in: tenant)
    if let dueBefore = filter.dueBefore {
      let mine: String? = if case .department(let code) = scope { code } else { nil }
      binds += [
        word(filter.department ?? mine), word(mine), .optional(filter.isOpen, .bool) { .bool($0) }, .instant(dueBefore),
      ]
      return Statement(due, binds)
    }
    let isOpen = isOpen(filter)
    switch (scope, filter.department) {
    case (.office, nil):
      return Statement(isOpen.map { $0 ? open : closed } ?? all, binds)
    case (.office, let department?): binds += [.text(department), .null(.text)]
    case (.department(let mine), let department): binds += [.text(department ?? mine), .text(mine)]
    }
    binds.append(.optional(isOpen, .bool) { .bool($0) })
    return Statement(below, binds)
  }

  private static func word(_ word: String?) -> Bind { .optional(word, .text) { .text($0) } }

  /// What ``conditions`` asks for.
  private static func binds(_ filter: OrderFilter, after: UUIDv7?, limit: Int32, in tenant: TenantID) -> [Bind] {
    [
      .int4(tenant.number), .descending(after), .int4(limit), word(filter.stage?.rawValue), word(filter.source?.rawValue),
      word(filter.category), word(filter.grade), word(filter.community), .optional(filter.seat, .uuid) { .uuid($0) },
      word(filter.waits?.rawValue), .optional(filter.isZeroScore, .bool) { .bool($0) },
    ]
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
      [.int4(tenant.number), .descending(after), .int4(limit), .uuid(order), .optional(department, .text) { .text($0) }])
  }

  // MARK: By words

  private static let having: SQL = """
    (strpos(lower(o.title COLLATE "C"), $15) > 0 OR strpos(lower(c.content COLLATE "C"), $15) > 0)
    """
  private static let mine: SQL = """
    WITH RECURSIVE mine AS (
      SELECT code FROM department WHERE tenant_id = $1 AND code = $13
      UNION SELECT d.code FROM department d JOIN mine m ON d.parent = m.code WHERE d.tenant_id = $1),
    below AS (
      SELECT code FROM department WHERE tenant_id = $1 AND code = $12 AND ($13 IS NULL OR code IN (SELECT code FROM mine))
      UNION SELECT d.code FROM department d JOIN below b ON d.parent = b.code WHERE d.tenant_id = $1)
    """
  private static let withinScope: SQL = """
    ($12 IS NULL OR o.department IN (SELECT code FROM below)) AND ($14::boolean IS NULL OR o.is_open = $14) \
    AND ($16::timestamptz IS NULL OR EXISTS (SELECT FROM work_order_clock k
      WHERE k.tenant_id = $1 AND k.order_id = o.id AND k.ended_at IS NULL AND k.outside_at <= $16))
    """

  /// Looks at each order that may have the words, and at those not gathered yet.
  private static let among: SQL = """
    \(mine), candidate AS MATERIALIZED (
      SELECT order_id FROM work_order_place WHERE tenant_id = $1 AND place = ANY ($17)
      UNION SELECT order_id FROM work_order_ungathered WHERE tenant_id = $1),
    page AS (
      SELECT \(OrderStore.columns) FROM candidate t CROSS JOIN LATERAL (
        SELECT o.* FROM work_order o JOIN work_order_content c ON c.tenant_id = o.tenant_id AND c.order_id = o.id
        WHERE o.id = t.order_id AND \(conditions) AND \(withinScope) AND \(having) OFFSET 0) o
      ORDER BY id DESC LIMIT $3) \(shown)
    """

  /// Looks from the newest on until a page is full.
  private static let newest: SQL = """
    \(mine), page AS (
      SELECT \(OrderStore.columns) FROM work_order o WHERE \(conditions) AND \(withinScope) AND EXISTS (
        SELECT FROM work_order_content c WHERE c.tenant_id = $1 AND c.order_id = o.id AND \(having) OFFSET 0)
      ORDER BY o.id DESC LIMIT $3) \(shown)
    """

  /// As ``page(_:_:after:limit:in:)``, those that have a text only.
  ///
  /// - Parameters:
  ///   - text: folded (`OrderText`).
  ///   - places: where it may stand; nil for anywhere.
  package static func page(
    having text: String, among places: [Int32]?, _ filter: OrderFilter, _ scope: OrderScope, after: UUIDv7?, limit: Int32,
    in tenant: TenantID
  ) -> Statement {
    var binds = self.binds(filter, after: after, limit: limit, in: tenant)
    switch scope {
    case .office: binds += [.optional(filter.department, .text) { .text($0) }, .null(.text)]
    case .department(let code): binds += [.text(filter.department ?? code), .text(code)]
    }
    binds += [.optional(isOpen(filter), .bool) { .bool($0) }, .text(text), .optional(filter.dueBefore, .timestamptz) { .instant($0) }]
    guard let places else { return Statement(newest, binds) }
    return Statement(among, binds + [.int4Array(places)])
  }

  /// What may be shown of the citizen in a row of a page.
  package static func citizen(_ row: Row) throws(DecodingFailure) -> (name: String?, phone: String?) {
    (try row.optional(OrderStore.columnCount, row.text), try row.optional(OrderStore.columnCount + 1, row.text))
  }
}
