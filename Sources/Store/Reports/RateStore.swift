// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The three rates as they are kept: counts by day, and the differences that are not folded into them yet; in the office's context.
package enum RateStore {
  /// What became of the orders of one class under one key.
  package struct Line: Sendable, Equatable {
    /// The department, community, category or seat; empty for none, and for the whole office.
    package let key: String
    package let kind: RateClass
    package let counts: RateCounts
  }

  private static let rates: SQL = """
    SELECT key, class, sum(orders), sum(responded), sum(called_back), sum(solved), sum(partly), sum(satisfied), sum(basically)
    FROM (
      SELECT key, class, orders, responded, called_back, solved, partly, satisfied, basically FROM rate_count
      WHERE tenant_id = $1 AND dimension = $2 AND day >= $3 AND day <= $4
      UNION ALL
      SELECT CASE $2 WHEN 'department' THEN department WHEN 'community' THEN community WHEN 'category' THEN category WHEN 'seat' THEN seat
        ELSE '' END, class, orders, responded, called_back, solved, partly, satisfied, basically
      FROM rate_delta WHERE tenant_id = $1 AND day >= $3 AND day <= $4) AS known
    GROUP BY key, class HAVING sum(orders) <> 0 ORDER BY key, class
    """

  /// The counts of the orders received on some days; exact, and no order is looked at.
  package static func rates(by dimension: RateDimension, on days: DateRange, in tenant: TenantID) -> Query<Line> {
    Query(
      rates, [.int4(tenant.number), .text(dimension.rawValue), .civilDate(days.first), .civilDate(days.last)]
    ) { row throws(DecodingFailure) in
      var counts = RateCounts()
      counts.orders = try row.int64(2)
      counts.responded = try row.int64(3)
      counts.calledBack = try row.int64(4)
      counts.solved = try row.int64(5)
      counts.partly = try row.int64(6)
      counts.satisfied = try row.int64(7)
      counts.basically = try row.int64(8)
      return Line(key: try row.text(0), kind: try row.word(1), counts: counts)
    }
  }

  /// What people call the seats of these identities.
  package static func seats(_ users: [UUIDv7]) -> Query<(key: String, name: String)> {
    Query(
      "SELECT user_id, display_name FROM app_user WHERE user_id = ANY ($1)", [.uuidArray(users.map { ($0.high, $0.low) })]
    ) { row throws(DecodingFailure) in ("\(try row.identifier(0))", try row.text(1)) }
  }

  // MARK: Folding

  /// The offices that have many differences, or some for a while.
  package static func due(at _: Instant) -> Query<DueTenant> {
    Query("SELECT office, since FROM rates_to_fold()", decode: DueTenant.decode)
  }

  private static let fold: SQL = """
    WITH gate AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtext('rate_delta'), $1) AS is_mine),
    taken AS (
      DELETE FROM rate_delta WHERE tenant_id = $1 AND (SELECT is_mine FROM gate)
        AND id = ANY (ARRAY (SELECT id FROM rate_delta WHERE tenant_id = $1 LIMIT $2)) RETURNING *),
    folded AS (
      INSERT INTO rate_count AS c (tenant_id, dimension, day, key, class, orders, responded, called_back, solved, partly, satisfied, basically)
      SELECT $1, d.dimension, t.day, d.key, t.class, sum(orders), sum(responded), sum(called_back), sum(solved), sum(partly), sum(satisfied),
        sum(basically)
      FROM taken t CROSS JOIN LATERAL (VALUES ('office', ''), ('department', t.department), ('community', t.community),
        ('category', t.category), ('seat', t.seat)) AS d (dimension, key)
      GROUP BY d.dimension, t.day, d.key, t.class ORDER BY d.dimension, t.day, d.key, t.class
      ON CONFLICT (tenant_id, dimension, day, key, class) DO UPDATE SET orders = c.orders + excluded.orders,
        responded = c.responded + excluded.responded, called_back = c.called_back + excluded.called_back,
        solved = c.solved + excluded.solved, partly = c.partly + excluded.partly, satisfied = c.satisfied + excluded.satisfied,
        basically = c.basically + excluded.basically)
    SELECT count(*) FROM taken
    """

  /// Folds some differences into the counts, unless another server is doing so.
  ///
  /// - Returns: how many.
  package static func fold(atMost limit: Int32, in tenant: TenantID) -> Query<Int> {
    Query(fold, [.int4(tenant.number), .int4(limit)]) { row throws(DecodingFailure) in Int(try row.int64(0)) }
  }

  // MARK: The orders behind a figure

  /// Which orders stand behind a figure.
  package struct Behind: Sendable {
    package let figure: RateFigure
    package let dimension: RateDimension
    /// Nil: of all keys.
    package let key: String?
    package let days: DateRange
    package let rule: RateRule

    package init(figure: RateFigure, dimension: RateDimension, key: String?, days: DateRange, rule: RateRule) {
      self.figure = figure
      self.dimension = dimension
      self.key = key
      self.days = days
      self.rule = rule
    }
  }

  private static let orders: SQL = """
    SELECT id, source, external_number, title, stage, category, department, community, seat, is_contacted, resolution, satisfaction,
      rate_class(source, stage, exclusion, appeal), received_at
    FROM work_order o
    WHERE tenant_id = $1 AND id < $2 AND received_at >= $3 AND received_at < $4
      AND ($5 <> 'department' OR $6 IS NULL OR coalesce(department, '') = $6)
      AND ($5 <> 'community' OR $6 IS NULL OR coalesce(community, '') = $6)
      AND ($5 <> 'category' OR $6 IS NULL OR coalesce(category, '') = $6)
      AND ($5 <> 'seat' OR $6 IS NULL OR coalesce(seat::text, '') = $6)
      AND (rate_class(source, stage, exclusion, appeal) = ANY ($7)) = ($8 <> 'left')
      AND CASE $8
        WHEN 'responded' THEN is_contacted IS TRUE WHEN 'unresponded' THEN is_contacted IS NOT TRUE
        WHEN 'calledBack' THEN is_contacted IS NOT NULL WHEN 'notCalledBack' THEN is_contacted IS NULL
        WHEN 'resolved' THEN resolution = ANY ($9) WHEN 'unresolved' THEN resolution <> ALL ($9)
        WHEN 'satisfied' THEN satisfaction = ANY ($10) WHEN 'dissatisfied' THEN satisfaction <> ALL ($10) ELSE true END
    ORDER BY id DESC LIMIT $11
    """

  /// A page of the orders behind a figure, the newest first.
  package static func orders(_ behind: Behind, after: UUIDv7?, limit: Int32, in tenant: TenantID) -> Statement {
    let end = behind.days.last == .last ? behind.days.last : (CivilDate(day: Int(behind.days.last.day) + 1) ?? behind.days.last)
    return Statement(
      orders,
      [
        .int4(tenant.number), .descending(after), .instant(Instant(behind.days.first)), .instant(Instant(end)),
        .text(behind.dimension.rawValue), .optional(behind.key, .text) { .text($0) }, .textArray(behind.rule.counted.map(\.rawValue)),
        .text(behind.figure.rawValue), .textArray(behind.rule.resolved.map(\.rawValue).sorted()),
        .textArray(behind.rule.satisfied.map(\.rawValue).sorted()), .int4(limit),
      ])
  }

  /// Writes an order behind a figure.
  package static func write(_ row: Row, to writer: inout JSONWriter) throws(DecodingFailure) {
    writer.beginObject()
    writer.key("id")
    writer.uuid(bytes: row.rawBytes(0))
    writer.key("source")
    writer.utf8(try row.textBytes(1))
    writer.key("externalNumber")
    writer.utf8(try row.textBytes(2))
    writer.key("title")
    writer.utf8(try row.textBytes(3))
    writer.key("stage")
    writer.utf8(try row.textBytes(4))
    writer.key("category")
    try writer.text(row, 5)
    writer.key("department")
    try writer.text(row, 6)
    writer.key("community")
    try writer.text(row, 7)
    writer.key("seat")
    writer.uuid(row, 8)
    writer.key("contacted")
    if let contacted = try row.optional(9, row.bool) { writer.bool(contacted) } else { writer.null() }
    writer.key("resolution")
    try writer.text(row, 10)
    writer.key("satisfaction")
    try writer.text(row, 11)
    writer.key("class")
    writer.utf8(try row.textBytes(12))
    writer.key("receivedAt")
    try writer.instant(row, 13)
    writer.endObject()
  }

  package static let schema: JSON = [
    "type": "object",
    "required": ["id", "source", "externalNumber", "title", "stage", "class", "receivedAt"],
    "properties": [
      "id": ["type": "string", "format": "uuid"], "source": ["type": "string"], "externalNumber": ["type": "string"],
      "title": ["type": "string"], "stage": ["type": "string"], "category": ["type": ["string", "null"]],
      "department": ["type": ["string", "null"]], "community": ["type": ["string", "null"]], "seat": ["type": ["string", "null"]],
      "contacted": ["type": ["boolean", "null"]], "resolution": ["type": ["string", "null"]], "satisfaction": ["type": ["string", "null"]],
      "class": ["type": "string", "enum": .array(RateClass.allCases.map { .string($0.rawValue) })],
      "receivedAt": ["type": "string", "format": "date-time"],
    ],
  ]
}
