// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Runs decision tables over past orders, each in one statement that changes nothing; in the office's context, on the heavy lane.
///
/// Orders that look the same to the predicates are decided once: what the predicates do not ask for is left out of the document.
package enum SimulationStore {
  /// Which past orders are looked at, and what of them.
  package struct Scope: Sendable {
    package let from: Instant
    /// Behind the last.
    package let to: Instant
    /// See `OrderMember.needed(for:)`.
    package let needed: [String]

    package init(from: Instant, to: Instant, needed: [String]) {
      self.from = from
      self.to = to
      self.needed = needed
    }

    fileprivate func binds(in tenant: TenantID) -> [Bind] {
      [.int4(tenant.number), .textArray(needed), .instant(from), .instant(to)]
    }
  }

  /// The orders, told apart by what is asked for; one whose text is asked for is like no other.
  private static let kinds: SQL = """
    seen AS MATERIALIZED (
      SELECT o.id, CASE WHEN 'content' = ANY ($2) OR 'title' = ANY ($2) THEN o.id END AS alone,
        CASE WHEN 'source' = ANY ($2) THEN o.source END AS source, CASE WHEN 'stage' = ANY ($2) THEN o.stage END AS stage,
        CASE WHEN 'grade' = ANY ($2) THEN o.grade END AS grade, CASE WHEN 'category' = ANY ($2) THEN o.category END AS category,
        CASE WHEN 'area' = ANY ($2) THEN o.area END AS area, CASE WHEN 'community' = ANY ($2) THEN o.community END AS community,
        CASE WHEN 'title' = ANY ($2) THEN o.title END AS title, CASE WHEN 'tags' = ANY ($2) THEN o.tags END AS tags,
        CASE WHEN 'special' = ANY ($2) THEN o.is_special END AS special,
        CASE WHEN 'department' = ANY ($2) THEN o.department END AS department,
        CASE WHEN 'attributes' = ANY ($2) THEN o.attributes ELSE '{}' END AS attributes, c.content,
        CASE WHEN 'repeatCount' = ANY ($2) THEN repeat_count(o.tenant_id, o.repeats) END AS repeats
      FROM work_order o
      LEFT JOIN work_order_content c ON c.tenant_id = o.tenant_id AND c.order_id = o.id AND 'content' = ANY ($2)
      WHERE o.tenant_id = $1 AND o.received_at >= $3 AND o.received_at < $4),
    kinds AS MATERIALIZED (
      SELECT array_agg(id) AS ids, order_document(attributes, source, stage, grade, category, area, community, (array_agg(title))[1], tags,
        special, department, (array_agg(content))[1], repeats) AS document
      FROM seen
      GROUP BY alone, category, area, source, grade, stage, community, department, tags, special, attributes, repeats)
    """

  // MARK: What would change

  /// A line of what a simulation found.
  package enum Finding: Sendable {
    /// So many orders are decided by these rows, counted from 1, the default behind the last.
    case count(old: Int, new: Int, orders: Int)
    /// An order that would be decided differently.
    case example(old: Int, new: Int, id: UUIDv7, number: String, title: String)
  }

  private static let compare: SQL = """
    WITH \(kinds),
    decided AS MATERIALIZED (SELECT ids, first_match(document, $5::jsonpath[]) AS old, first_match(document, $6::jsonpath[]) AS new FROM kinds),
    changed AS (
      SELECT old, new, id FROM decided, unnest(ids) AS id
      WHERE ($7::int[])[old] <> ($8::int[])[new] AND id < $9 ORDER BY id DESC LIMIT $10)
    SELECT old, new, sum(cardinality(ids))::bigint, NULL::uuid, NULL, NULL FROM decided GROUP BY old, new
    UNION ALL
    SELECT c.old, c.new, NULL, c.id, o.external_number, o.title FROM changed c
      JOIN work_order o ON o.tenant_id = $1 AND o.id = c.id
    ORDER BY 4 DESC NULLS FIRST, 1, 2
    """

  /// Decides past orders by two tables: how many fall to which rows, and a page of those that would be decided differently, newest first.
  package static func compare(
    _ comparison: RuleComparison, over scope: Scope, after: UUIDv7?, limit: Int32, in tenant: TenantID
  ) -> Query<Finding> {
    Query(
      compare,
      scope.binds(in: tenant) + [
        .textArray((comparison.old?.rows ?? []).map(\.when)), .textArray(comparison.new.rows.map(\.when)),
        .int4Array(comparison.oldOutcomes.map { Int32($0) }), .int4Array(comparison.newOutcomes.map { Int32($0) }), .descending(after),
        .int4(limit),
      ]
    ) { row throws(DecodingFailure) in
      let (old, new) = (Int(try row.int32(0)), Int(try row.int32(1)))
      if row.isNull(3) { return .count(old: old, new: new, orders: Int(try row.int64(2))) }
      return .example(old: old, new: new, id: try row.identifier(3), number: try row.text(4), title: try row.text(5))
    }
  }

  // MARK: What is doubtful

  /// Two rows, counted from 1, that hold for the same orders.
  package struct Overlap: Sendable {
    /// The one that decides.
    package let first: Int
    package let later: Int
    package let orders: Int
    package let example: UUIDv7
  }

  private static let overlaps: SQL = """
    WITH \(kinds),
    held AS (
      SELECT ids, (SELECT array_agg(place ORDER BY place) FROM unnest($5::jsonpath[]) WITH ORDINALITY AS p (predicate, place)
        WHERE holds(document, predicate)) AS places
      FROM kinds)
    SELECT places[1]::int, later::int, sum(cardinality(ids))::bigint, (array_agg(ids[1]))[1]
    FROM held, unnest(places[2:]) AS later GROUP BY 1, 2 ORDER BY 2, 1 LIMIT 1000
    """

  /// The rows that held together for past orders.
  package static func overlaps(of table: RuleTable, over scope: Scope, in tenant: TenantID) -> Query<Overlap> {
    Query(overlaps, scope.binds(in: tenant) + [.textArray(table.rows.map(\.when))]) { row throws(DecodingFailure) in
      Overlap(first: Int(try row.int32(0)), later: Int(try row.int32(1)), orders: Int(try row.int64(2)), example: try row.identifier(3))
    }
  }

  /// Which of these names are attributes of some past order.
  package static func attributes(_ names: [String], over scope: Scope, in tenant: TenantID) -> Query<String> {
    Query(
      """
      SELECT name FROM unnest($2::text[]) AS name WHERE EXISTS (
        SELECT FROM work_order o WHERE o.tenant_id = $1 AND o.received_at >= $3 AND o.received_at < $4 AND o.attributes ? name)
      """, [.int4(tenant.number), .textArray(names), .instant(scope.from), .instant(scope.to)]
    ) { row throws(DecodingFailure) in try row.text(0) }
  }
}
