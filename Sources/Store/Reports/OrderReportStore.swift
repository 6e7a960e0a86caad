// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The counts that reports are made of, and the orders behind each; the statements run in the office's context.
package enum OrderReportStore {
  /// Which orders are meant: those with these values; an empty one is that of orders that have none.
  package typealias Filter = OrderReport.Key

  private static func binds(_ filter: Filter) -> [Bind] {
    OrderReport.Dimension.allCases.map { .optional(filter[$0], .text) { .text($0) } }
  }

  // $4 to $8: source, category, department, community, grade.
  private static let conditions: SQL = """
    o.tenant_id = $1 AND o.received_at >= $2 AND o.received_at < $3 AND ($4::text IS NULL OR o.source = $4)
      AND ($5::text IS NULL OR coalesce(o.category, '') = $5) AND ($6::text IS NULL OR coalesce(o.department, '') = $6)
      AND ($7::text IS NULL OR coalesce(o.community, '') = $7) AND ($8::text IS NULL OR o.grade = $8)
    """

  private static let cells: SQL = """
    WITH o AS (
      SELECT width_bucket(received_at, $9::timestamptz[]) AS period, source, coalesce(category, '') AS category,
        coalesce(department, '') AS department, coalesce(community, '') AS community, grade, repeats, is_open
      FROM work_order o WHERE \(conditions))
    SELECT period, GROUPING(source, category, department, community, grade), source, category, department, community, grade, count(*),
      count(repeats), count(*) FILTER (WHERE NOT is_open)
    FROM o GROUP BY GROUPING SETS ((period), (period, source), (period, category), (period, department), (period, community), (period, grade),
      (period, category, community))
    """

  /// Counts the orders of consecutive periods, in one pass over them.
  ///
  /// - Parameter periods: the one of the report first, then each before it.
  package static func cells(_ periods: [DateRange], _ filter: Filter, in tenant: TenantID) -> Query<OrderReport.Cell> {
    let starts = periods.reversed().map { Instant($0.first) }
    let end = periods.first.flatMap { CivilDate(day: Int($0.last.day) + 1) }.map { Instant($0) } ?? Instant(.last)
    let count = periods.count
    return Query(
      cells,
      [.int4(tenant.number), .instant(starts.first ?? end), .instant(end)] + binds(filter)
        + [.timestamptzArray(starts.map(\.microseconds))]
    ) { row throws(DecodingFailure) in
      let left = try row.int32(1)
      var key: OrderReport.Key = [:]
      for (place, dimension) in OrderReport.Dimension.allCases.enumerated() where left & (16 >> Int32(place)) == 0 {
        key[dimension] = try row.text(2 + place)
      }
      return OrderReport.Cell(
        back: count - Int(try row.int32(0)), key: key, orders: try row.int64(7), repeats: try row.int64(8), closed: try row.int64(9))
    }
  }

  private static let orders: SQL = """
    SELECT o.id, o.source, o.external_number, o.title, o.stage, o.category, o.department, o.community, o.seat, o.is_contacted, o.resolution,
      o.satisfaction, rate_class(o.source, o.stage, o.exclusion, o.appeal), o.received_at
    FROM work_order o WHERE \(conditions) AND o.id < $9 AND ($10::boolean IS NULL OR (o.repeats IS NOT NULL) = $10)
      AND ($11::boolean IS NULL OR o.is_open <> $11) ORDER BY o.id DESC LIMIT $12
    """

  /// The orders behind a number, the newest first.
  package static func orders(
    on days: DateRange, _ filter: Filter, repeats: Bool?, closed: Bool?, after: UUIDv7?, limit: Int32, in tenant: TenantID
  ) -> Statement {
    let end = CivilDate(day: Int(days.last.day) + 1) ?? days.last
    return Statement(
      orders,
      [.int4(tenant.number), .instant(Instant(days.first)), .instant(Instant(end))] + binds(filter) + [
        .descending(after), .optional(repeats, .bool) { .bool($0) }, .optional(closed, .bool) { .bool($0) }, .int4(limit),
      ])
  }

  /// Somebody who called again and again.
  package struct Caller: Sendable {
    package let orders: Int64
    package let latest: UUIDv7
    package let title: String
    package let masked: MaskedCitizen
  }

  private static let callers: SQL = """
    SELECT g.orders, g.latest, l.title, c.name_masked, c.phone_masked, c.address_masked
    FROM (
      SELECT t.phone_code, count(*) AS orders, max(o.id::text)::uuid AS latest FROM work_order o
      JOIN work_order_content t ON t.tenant_id = $1 AND t.order_id = o.id
      WHERE \(conditions) AND t.phone_code IS NOT NULL GROUP BY t.phone_code HAVING count(*) > 1 ORDER BY 2 DESC, 3 DESC LIMIT $9) g
    JOIN work_order l ON l.tenant_id = $1 AND l.id = g.latest JOIN work_order_content c ON c.tenant_id = $1 AND c.order_id = g.latest
    ORDER BY g.orders DESC, g.latest DESC
    """

  /// Who had more than one order on some days, those with the most first.
  package static func callers(on days: DateRange, _ filter: Filter, limit: Int32, in tenant: TenantID) -> Query<Caller> {
    let end = CivilDate(day: Int(days.last.day) + 1) ?? days.last
    return Query(
      callers, [.int4(tenant.number), .instant(Instant(days.first)), .instant(Instant(end))] + binds(filter) + [.int4(limit)]
    ) { row throws(DecodingFailure) in
      Caller(
        orders: try row.int64(0), latest: try row.identifier(1), title: try row.text(2),
        masked: MaskedCitizen(
          name: try row.optional(3, row.text), phone: try row.optional(4, row.text), address: try row.optional(5, row.text)))
    }
  }
}
