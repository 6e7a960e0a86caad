// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The recording ledger 录音台账 of an office; the statements run in its context.
package enum RecordingStore {
  /// A recording that becomes known.
  package struct New: Sendable {
    let id: UUIDv7
    let order: UUIDv7
    let reference: String
    let attachment: UUIDv7?
    let seconds: Int32?
    /// The entry of the history that refers to it.
    let entry: (seq: Int32, step: OrderStep)?

    package init(
      id: UUIDv7, order: UUIDv7, reference: String, attachment: UUIDv7?, seconds: Int32?, entry: (seq: Int32, step: OrderStep)?
    ) {
      self.id = id
      self.order = order
      self.reference = reference
      self.attachment = attachment
      self.seconds = seconds
      self.entry = entry
    }
  }

  private static let put: SQL = """
    INSERT INTO recording AS r (tenant_id, id, order_id, reference, attachment_id, seconds, seq, step, recorded_by, side, recorded_at)
    SELECT $1, n.id, n.order_id, n.reference, n.attachment_id, n.seconds, n.seq, n.step, $2, $3, $4
    FROM unnest($5::uuid[], $6::uuid[], $7::text[], $8::uuid[], $9::int[], $10::int[], $11::text[])
      AS n (id, order_id, reference, attachment_id, seconds, seq, step)
    ON CONFLICT (tenant_id, order_id, reference) DO UPDATE SET
      seconds = coalesce(r.seconds, excluded.seconds), seq = coalesce(r.seq, excluded.seq),
      step = CASE WHEN r.seq IS NULL THEN excluded.step ELSE r.step END
    """

  /// Writes recordings into the ledger; of one that stands there it notes the first step that refers to it.
  package static func put(_ new: [New], by user: UUIDv7, side: OrderSide, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(
      put,
      [
        .int4(tenant.number), .uuid(user), .text(side.rawValue), .instant(now), .uuidArray(new.map { ($0.id.high, $0.id.low) }),
        .uuidArray(new.map { ($0.order.high, $0.order.low) }), .textArray(new.map(\.reference)),
        .uuidArray(new.map { $0.attachment.map { ($0.high, $0.low) } }), .int4Array(new.map(\.seconds)),
        .int4Array(new.map { $0.entry?.seq }),
        .textArray(new.map { $0.entry?.step.rawValue }),
      ])
  }

  /// Which recordings of a time are asked for.
  package struct Filter: Sendable {
    /// From the first instant on, before the second.
    package let from: Instant
    package let until: Instant
    package var step: OrderStep?
    package var order: UUIDv7?

    package init(from: Instant, until: Instant, step: OrderStep? = nil, order: UUIDv7? = nil) {
      self.from = from
      self.until = until
      self.step = step
      self.order = order
    }
  }

  /// A line of the ledger.
  package struct Line: Sendable {
    package let id: UUIDv7
    package let order: UUIDv7
    package let source: OrderSource
    package let number: String
    package let title: String
    package let reference: String
    package let attachment: (id: UUIDv7, name: String)?
    package let seconds: Int32?
    package let entry: (seq: Int32, step: OrderStep)?
    package let by: UUIDv7
    package let side: OrderSide
    package let at: Instant
  }

  private static let page: SQL = """
    WITH page AS (
      SELECT * FROM recording r WHERE r.tenant_id = $1 AND r.recorded_at >= $2 AND r.recorded_at < $3
        AND ($4::text IS NULL OR r.step = $4) AND ($5::uuid IS NULL OR r.order_id = $5)
        AND ($6::uuid IS NULL
          OR (r.recorded_at, r.id) > (SELECT last.recorded_at, last.id FROM recording last WHERE last.tenant_id = $1 AND last.id = $6))
      ORDER BY r.recorded_at, r.id LIMIT $7)
    SELECT r.id, r.order_id, o.source, o.external_number, o.title, r.reference, t.id, t.name, r.seconds, r.seq, r.step, r.recorded_by, r.side,
      r.recorded_at
    FROM page r JOIN work_order o ON o.tenant_id = $1 AND o.id = r.order_id
    LEFT JOIN attachment t ON t.tenant_id = $1 AND t.id = r.attachment_id ORDER BY r.recorded_at, r.id
    """

  /// The lines of a time in its order, those behind `after` only.
  package static func page(_ filter: Filter, after: UUIDv7?, limit: Int32, in tenant: TenantID) -> Query<Line> {
    Query(
      page,
      [
        .int4(tenant.number), .instant(filter.from), .instant(filter.until), .optional(filter.step?.rawValue, .text) { .text($0) },
        .optional(filter.order, .uuid) { .uuid($0) }, .optional(after, .uuid) { .uuid($0) }, .int4(limit),
      ]
    ) { row throws(DecodingFailure) in
      Line(
        id: try row.identifier(0), order: try row.identifier(1), source: try row.word(2), number: try row.text(3), title: try row.text(4),
        reference: try row.text(5), attachment: row.isNull(6) ? nil : (try row.identifier(6), try row.text(7)),
        seconds: try row.optional(8, row.int32), entry: row.isNull(9) ? nil : (try row.int32(9), try row.word(10)),
        by: try row.identifier(11), side: try row.word(12), at: try row.instant(13))
    }
  }
}
