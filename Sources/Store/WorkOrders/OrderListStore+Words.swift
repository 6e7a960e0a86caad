// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

extension OrderListStore {
  /// Orders that may have a text: those at some places, and those that are not gathered yet; the newest are looked at first, until a page
  /// is full. Those before which there may be one that is not among them are left out.
  private static let having: SQL = """
    \(departments), page AS (
      SELECT \(OrderStore.columns) FROM (
        SELECT order_id FROM (
          SELECT order_id FROM work_order_place WHERE tenant_id = $1 AND place = ANY ($17)
          UNION SELECT order_id FROM work_order_ungathered WHERE tenant_id = $1) t
        WHERE order_id < $2 AND order_id > coalesce(greatest(
            (SELECT order_id FROM work_order_place WHERE tenant_id = $1 AND place = $18),
            (SELECT last_order FROM work_order_gathering WHERE tenant_id = $1 AND base < $19 ORDER BY base DESC LIMIT 1)),
          '00000000-0000-0000-0000-000000000000')
        ORDER BY order_id DESC OFFSET 0) t
      CROSS JOIN LATERAL (
        SELECT o.* FROM work_order o JOIN work_order_content c ON c.tenant_id = $1 AND c.order_id = t.order_id
        WHERE o.id = t.order_id AND \(conditions) AND \(withinDepartments)
          AND ($16::timestamptz IS NULL OR EXISTS (
            SELECT FROM work_order_clock k WHERE k.tenant_id = $1 AND k.order_id = o.id AND k.ended_at IS NULL AND k.outside_at <= $16))
          AND (strpos(lower(o.title COLLATE "C"), $15) > 0 OR strpos(lower(c.content COLLATE "C"), $15) > 0) OFFSET 0) o
      ORDER BY t.order_id DESC LIMIT $3) \(shown)
    """

  /// As ``page(_:_:after:limit:in:)``, those that have a text only; of the gathered those of a look.
  ///
  /// - Parameter text: folded (`OrderText`).
  package static func page(
    having text: String, _ look: OrderSearchStore.Look, _ filter: OrderFilter, _ scope: OrderScope, after: UUIDv7?, limit: Int32,
    in tenant: TenantID
  ) -> Statement {
    let narrowing = narrowing(filter, after: after, limit: limit, in: tenant) + within(filter, scope)
    return Statement(
      having,
      narrowing + [
        .text(text), .optional(filter.dueBefore, .timestamptz) { .instant($0) }, .int4Array(look.places),
        .optional(look.rest, .int4) { .int4($0) }, .optional(look.older, .int4) { .int4($0) },
      ], planning: .once)
  }
}
