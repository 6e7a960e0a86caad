// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The pairs of characters by which orders are found; the statements run in the office's context.
package enum OrderSearchStore {
  /// How many orders are gathered at once at most.
  package static let batch: Int32 = 8192
  /// So many that are not gathered are looked through in each search; more are gathered.
  package static let tail: Int32 = 1000

  // MARK: Gathering

  /// The open offices in which more wait than are to be looked through.
  package static func dueTenants() -> Query<DueTenant> {
    Query("SELECT tenant, since FROM order_text_due_tenants($1)", [.int4(tail)], decode: DueTenant.decode)
  }

  /// The next orders to gather, which nobody else gathers or changes now.
  package static func take(in tenant: TenantID) -> Query<UUIDv7> {
    Query(
      "SELECT order_id FROM work_order_ungathered WHERE tenant_id = $1 ORDER BY order_id LIMIT $2 FOR UPDATE SKIP LOCKED",
      [.int4(tenant.number), .int4(batch)]
    ) { row throws(DecodingFailure) in try row.identifier(0) }
  }

  /// The texts of orders that were taken, as they are since then.
  package static func texts(of orders: [UUIDv7], in tenant: TenantID) -> Query<(order: UUIDv7, title: String, content: String)> {
    Query(
      """
      SELECT o.id, o.title, c.content FROM work_order o JOIN work_order_content c ON c.tenant_id = o.tenant_id AND c.order_id = o.id \
      WHERE o.tenant_id = $1 AND o.id = ANY ($2) ORDER BY o.id
      """, [.int4(tenant.number), .uuidArray(orders.map { ($0.high, $0.low) })]
    ) { row throws(DecodingFailure) in (try row.identifier(0), try row.text(1), try row.text(2)) }
  }

  /// The greatest place so far.
  package static func lastPlace(in tenant: TenantID) -> Query<Int32> {
    Query("SELECT coalesce(max(place), 0) FROM work_order_place WHERE tenant_id = $1", [.int4(tenant.number)]) {
      row throws(DecodingFailure) in try row.int32(0)
    }
  }

  /// Gives orders the places behind `base` and writes their pairs; what was taken waits no more.
  package static func put(
    _ orders: [UUIDv7], of taken: [UUIDv7], behind base: Int32, grams: [(gram: Int32, steps: [UInt8])], in tenant: TenantID
  ) -> [Statement] {
    let ids = Bind.uuidArray(orders.map { ($0.high, $0.low) })
    return [
      Statement(
        """
        INSERT INTO work_order_place (tenant_id, place, order_id) \
        SELECT $1, $2 + n.place::int, n.id FROM unnest($3::uuid[]) WITH ORDINALITY AS n (id, place)
        """, [.int4(tenant.number), .int4(base), ids]),
      Statement(
        """
        INSERT INTO work_order_gram (tenant_id, gram, base, size, steps) \
        SELECT $1, n.gram, $2, octet_length(n.steps) / 2, n.steps FROM unnest($3::int[], $4::bytea[]) AS n (gram, steps)
        """, [.int4(tenant.number), .int4(base), .int4Array(grams.map(\.gram)), .byteaArray(grams.map(\.steps))]),
      Statement(
        "DELETE FROM work_order_ungathered WHERE tenant_id = $1 AND order_id = ANY ($2)",
        [.int4(tenant.number), .uuidArray(taken.map { ($0.high, $0.low) })]),
    ]
  }

  // MARK: Finding

  /// How many orders have each of some pairs.
  package static func sizes(of grams: [Int32], in tenant: TenantID) -> Query<(gram: Int32, size: Int64)> {
    Query(
      "SELECT gram, sum(size) FROM work_order_gram WHERE tenant_id = $1 AND gram = ANY ($2) GROUP BY gram",
      [.int4(tenant.number), .int4Array(grams)]
    ) { row throws(DecodingFailure) in (try row.int32(0), try row.int64(1)) }
  }

  /// Where a few pairs stand.
  package static func places(of grams: [Int32], in tenant: TenantID) -> Query<(gram: Int32, places: [Int32])> {
    Query(
      "SELECT gram, base, steps FROM work_order_gram WHERE tenant_id = $1 AND gram = ANY ($2)",
      [.int4(tenant.number), .int4Array(grams)]
    ) { row throws(DecodingFailure) in
      let steps = try row.byteaBytes(2)
      var place = try row.int32(1)
      var places: [Int32] = []
      places.reserveCapacity(steps.count / 2)
      for index in stride(from: 0, to: steps.count - 1, by: 2) {
        place += Int32(steps[index]) << 8 | Int32(steps[index + 1])
        places.append(place)
      }
      return (try row.int32(0), places)
    }
  }

  // MARK: Likeness

  private static let texts: SQL = """
    WITH candidate AS MATERIALIZED (
      SELECT order_id FROM work_order_place WHERE tenant_id = $1 AND place = ANY ($2)
      UNION SELECT order_id FROM (
        SELECT order_id FROM work_order_ungathered WHERE tenant_id = $1 ORDER BY order_id DESC LIMIT $3) newest)
    SELECT o.id, o.title, c.content FROM candidate t JOIN work_order o ON o.tenant_id = $1 AND o.id = t.order_id
    JOIN work_order_content c ON c.tenant_id = $1 AND c.order_id = t.order_id
    """

  /// The texts of the orders that stand at some places, and of the newest of those that are not gathered.
  package static func texts(at places: [Int32], in tenant: TenantID) -> Query<(order: UUIDv7, title: String, content: String)> {
    Query(texts, [.int4(tenant.number), .int4Array(places), .int4(tail)]) { row throws(DecodingFailure) in
      (try row.identifier(0), try row.text(1), try row.text(2))
    }
  }
}
