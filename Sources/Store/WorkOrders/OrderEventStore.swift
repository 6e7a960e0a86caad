// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The histories of an office's work orders; the statements run in its context.
package enum OrderEventStore {
  private static let page: SQL = """
    SELECT seq, at, actor, side, kind, data FROM work_order_event WHERE tenant_id = $1 AND order_id = $2 AND seq > $3 ORDER BY seq LIMIT $4
    """

  /// An order's history from its beginning, what follows the entry `after` only.
  package static func page(of order: UUIDv7, after: Int32, limit: Int32, in tenant: TenantID) -> Statement {
    Statement(page, [.int4(tenant.number), .uuid(order), .int4(after), .int4(limit)])
  }

  /// The whole history of an order.
  package static func history(of order: UUIDv7, in tenant: TenantID) -> Query<OrderEntry> {
    Query(page, [.int4(tenant.number), .uuid(order), .int4(0), .int4(.max)], decode: entry)
  }

  /// The histories of the orders behind one, by order and in their own order.
  package static func histories(after order: UUIDv7?, limit: Int32, in tenant: TenantID) -> Query<(order: UUIDv7, entry: OrderEntry)> {
    Query(
      """
      SELECT seq, at, actor, side, kind, data, order_id FROM work_order_event WHERE tenant_id = $1 AND order_id IN (
        SELECT id FROM work_order WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3) ORDER BY order_id, seq
      """, [.int4(tenant.number), order.map { .uuid($0) } ?? .uuid(high: 0, low: 0), .int4(limit)]
    ) { row throws(DecodingFailure) in (try row.identifier(6), try entry(row)) }
  }

  private static let entry: @Sendable (Row) throws(DecodingFailure) -> OrderEntry = { row throws(DecodingFailure) in
    let step: OrderStep = try row.word(4)
    guard case .success(let move) = OrderMove.shape(of: step).decode(try row.json(5)) else { throw .value(column: 5) }
    return OrderEntry(
      seq: try row.int32(0), at: try row.instant(1), actor: try row.optional(2, row.identifier), side: try row.word(3), move: move)
  }

  package static func write(_ row: Row, to writer: inout JSONWriter) throws(DecodingFailure) {
    writer.beginObject()
    writer.key("seq")
    writer.integer(try row.int32(0))
    writer.key("at")
    try writer.instant(row, 1)
    writer.key("actor")
    writer.uuid(row, 2)
    writer.key("side")
    try writer.text(row, 3)
    writer.key("kind")
    try writer.text(row, 4)
    writer.key("data")
    writer.raw(try row.jsonBytes(5))
    writer.endObject()
  }

  package static func at(_ row: Row) throws(DecodingFailure) -> Instant { try row.instant(1) }

  package static func seq(_ row: Row) throws(DecodingFailure) -> Int32 { try row.int32(0) }
}
