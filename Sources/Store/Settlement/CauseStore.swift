// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// What stands on record behind a line of a statement: facts, the incidents that some of them are, the orders and clocks that proved those.
package enum CauseStore {
  /// A work order that an incident names as its evidence, without anything of a citizen's.
  package struct Order: Sendable {
    package let id: UUIDv7
    package let source: String
    package let number: String
    package let received: Instant
  }

  /// A clock of such an order that was missed.
  package struct Clock: Sendable {
    package let order: UUIDv7
    package let document: String
    package let revision: Int32
    package let rule: String
    package let number: Int32
    package let started: Instant
    /// The first instant that was too late.
    package let outside: Instant?
    package let ended: Instant?
  }

  private static func key(_ ids: [UUIDv7], _ tenant: TenantID) -> [Bind] {
    [.int4(tenant.number), .uuidArray(ids.map { ($0.high, $0.low) })]
  }

  /// The orders of some identifiers; what is none of the office's is left out.
  package static func orders(_ ids: [UUIDv7], in tenant: TenantID) -> Query<Order> {
    Query(
      "SELECT id, source, external_number, received_at FROM work_order WHERE tenant_id = $1 AND id = ANY ($2) ORDER BY id",
      key(ids, tenant)
    ) { row throws(DecodingFailure) in
      Order(id: try row.identifier(0), source: try row.text(1), number: try row.text(2), received: try row.instant(3))
    }
  }

  /// The missed clocks of some orders.
  package static func misses(of orders: [UUIDv7], in tenant: TenantID) -> Query<Clock> {
    Query(
      """
      SELECT order_id, document, revision, rule, number::int, started_at, outside_at, ended_at FROM work_order_clock \
      WHERE tenant_id = $1 AND order_id = ANY ($2) AND missed_at IS NOT NULL ORDER BY order_id, started_at, rule, number
      """, key(orders, tenant)
    ) { row throws(DecodingFailure) in
      Clock(
        order: try row.identifier(0), document: try row.text(1), revision: try row.int32(2), rule: try row.text(3),
        number: try row.int32(4), started: try row.instant(5), outside: try row.optional(6, row.instant),
        ended: try row.optional(7, row.instant))
    }
  }
}
