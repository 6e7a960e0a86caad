// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

extension OrderListStore {
  private static let below: SQL = """
    WITH RECURSIVE below AS (
      SELECT code FROM department WHERE tenant_id = $1 AND code = $5
      UNION SELECT d.code FROM department d JOIN below b ON d.parent = b.code WHERE d.tenant_id = $1)
    """
  private static let ofComplainant: SQL = """
    \(below), page AS (
      SELECT \(OrderStore.columns) FROM work_order o
      WHERE o.tenant_id = $1 AND o.id < $2 AND ($5::text IS NULL OR o.department IN (SELECT code FROM below)) AND o.id IN (
        SELECT c.order_id FROM key_complainant k JOIN work_order_content c ON c.tenant_id = k.tenant_id AND c.phone_code = k.phone_code
        WHERE k.tenant_id = $1 AND k.id = $4
        UNION SELECT l.order_id FROM key_complainant_order l WHERE l.tenant_id = $1 AND l.complainant_id = $4)
      ORDER BY o.id DESC LIMIT $3) \(shown)
    """

  /// The newest orders of a key complainant: those of their telephone, and those that were linked.
  package static func ofComplainant(
    _ id: UUIDv7, _ scope: OrderScope, after: UUIDv7?, limit: Int32, in tenant: TenantID
  ) -> Statement {
    Statement(
      ofComplainant, [.int4(tenant.number), .descending(after), .int4(limit), .uuid(id), .optional(department(scope), .text) { .text($0) }])
  }

  private static let these: SQL = """
    WITH RECURSIVE below AS (
      SELECT code FROM department WHERE tenant_id = $1 AND code = $3
      UNION SELECT d.code FROM department d JOIN below b ON d.parent = b.code WHERE d.tenant_id = $1),
    page AS (
      SELECT \(OrderStore.columns) FROM work_order o
      WHERE o.tenant_id = $1 AND o.id = ANY ($2) AND ($3::text IS NULL OR o.department IN (SELECT code FROM below))) \(shown)
    """

  /// Those of some orders that somebody may see, as a list shows them.
  package static func these(_ orders: [UUIDv7], _ scope: OrderScope, in tenant: TenantID) -> Statement {
    Statement(
      these,
      [.int4(tenant.number), .uuidArray(orders.map { ($0.high, $0.low) }), .optional(department(scope), .text) { .text($0) }])
  }

  private static func department(_ scope: OrderScope) -> String? {
    switch scope {
    case .office: nil
    case .department(let code): code
    }
  }

  private static let earlier: SQL = """
    WITH RECURSIVE chain AS (
      SELECT repeats AS id, 1 AS length FROM work_order WHERE tenant_id = $1 AND id = $2 AND repeats IS NOT NULL
      UNION ALL
      SELECT o.repeats, c.length + 1 FROM chain c JOIN work_order o ON o.tenant_id = $1 AND o.id = c.id
      WHERE o.repeats IS NOT NULL AND c.length < 500)
    SELECT id FROM chain WHERE id <> $2
    """

  /// The orders that one repeats: the one it was linked to, the one that was linked to, and so on.
  package static func chain(of order: UUIDv7, in tenant: TenantID) -> Query<UUIDv7> {
    Query(earlier, [.int4(tenant.number), .uuid(order)]) { row throws(DecodingFailure) in try row.identifier(0) }
  }
}
