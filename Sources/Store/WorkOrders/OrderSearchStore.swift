// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The pairs of characters by which orders are found; the statements run in the office's context.
package enum OrderSearchStore {
  /// How many orders are gathered at once at most.
  package static let batch: Int32 = 8192
  /// So many that are not gathered are looked through in each search; more are gathered, and a quarter once they have waited for a while.
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
  ///
  /// - Parameter orders: in the order of their identifiers.
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
      Statement(
        """
        INSERT INTO work_order_gathering (tenant_id, base, first_order, last_order) \
        SELECT $1, $2, $3, greatest($4, (SELECT last_order FROM work_order_gathering WHERE tenant_id = $1 ORDER BY base DESC LIMIT 1)) \
        WHERE $3 IS NOT NULL
        """,
        [
          .int4(tenant.number), .int4(base), .optional(orders.first, .uuid) { .uuid($0) }, .optional(orders.last, .uuid) { .uuid($0) },
        ]),
    ]
  }

  // MARK: Finding

  /// What a search looks at of the orders that are gathered: the newest of those that have all pairs of a text.
  package struct Look: Sendable {
    package var places: [Int32] = []
    /// There may be more at this place and before, in what was gathered together with the last of ``places``; nil where there are none.
    package var rest: Int32?
    /// There may be more in what was gathered before this base; nil where there are none.
    package var older: Int32?

    package init() {}

    /// Whether no gathered order beyond can have the text.
    package var isWhole: Bool { rest == nil && older == nil }
  }

  /// One of the pairs that orders which were gathered together have.
  package struct Posting: Sendable {
    package let base: Int32
    package let steps: [UInt8]
    /// Whether nothing that was gathered before has all pairs.
    package let isOldest: Bool
  }

  // Whatever was gathered together has either all pairs or nothing to look at. One sort does for all of it, and nothing is joined: not
  // knowing how much there is, PostgreSQL would join each row with each.
  private static let postings: SQL = """
    WITH pair AS (
      SELECT base, size, steps, row_number() OVER (PARTITION BY base ORDER BY size, gram) AS place, count(*) OVER (PARTITION BY base) AS pairs
      FROM work_order_gram WHERE tenant_id = $1 AND gram = ANY ($2) AND base <= coalesce(
        (SELECT base FROM work_order_gathering WHERE tenant_id = $1 AND first_order < $3 ORDER BY base DESC LIMIT 1), -1)),
    complete AS (
      SELECT base, steps, place, min(base) OVER () AS oldest,
        sum(size) FILTER (WHERE place = 1) OVER () - sum(size) FILTER (WHERE place = 1) OVER (ORDER BY base) AS newer
      FROM pair WHERE pairs = cardinality($2))
    SELECT base, steps, base = oldest FROM complete WHERE newer < $4 AND place <= $5 ORDER BY base, place
    """

  /// The rarest pairs of the newest orders that may have all of some pairs; what was gathered first comes first, the rarest pair before others.
  ///
  /// - Parameters:
  ///   - after: the orders before this one only.
  ///   - entries: about how many orders the rarest pairs may have in all.
  ///   - pairs: how many pairs of what was gathered together.
  package static func postings(of grams: [Int32], after: UUIDv7?, entries: Int32, pairs: Int32, in tenant: TenantID) -> Query<Posting> {
    Query(
      Statement(
        postings, [.int4(tenant.number), .int4Array(grams), .descending(after), .int4(entries), .int4(pairs)], planning: .once)
    ) { row throws(DecodingFailure) in
      Posting(base: try row.int32(0), steps: try row.bytea(1), isOldest: try row.bool(2))
    }
  }

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
