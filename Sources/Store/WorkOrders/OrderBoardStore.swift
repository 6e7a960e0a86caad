// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// What happens to an office's work orders, in the order in which it can be seen; the statements run in the office's context.
///
/// It is the entries of their histories, and the warnings and misses of their clocks. They are read below the oldest transaction that still runs: there nothing is added any more, so whoever goes on from the last one read
/// misses none and reads none twice, whichever server wrote them and however long it took.
package enum OrderBoardStore {
  /// A place in that order: behind an entry.
  package struct Place: Sendable, Hashable, CustomStringConvertible {
    /// The number of the transaction that wrote the entry.
    package let written: Int64
    package let entry: UUIDv7

    package init(written: Int64, entry: UUIDv7) {
      self.written = written
      self.entry = entry
    }

    /// Reads the text that a client was given.
    package init?(_ text: String) {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, let written = Int64(parts[0]), written >= 0, let entry = UUIDv7(parts[1]) else { return nil }
      self.init(written: written, entry: entry)
    }

    package var description: String { "\(written).\(entry)" }
  }

  /// The least identity there can be, for a place before all entries of a transaction.
  private static let first = "00000000-0000-7000-8000-000000000000"

  /// Where an office's board stands now: what is read behind it happens later, save what a running transaction has held up.
  package static func now() -> Query<Place> {
    Query("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint") { row throws(DecodingFailure) in
      guard let entry = UUIDv7(first) else { throw .value(column: 0) }
      return Place(written: try row.int64(0), entry: entry)
    }
  }

  /// What happened.
  package enum Happening: Sendable {
    case step(OrderStep, seq: Int32, side: OrderSide)
    /// A clock runs out soon, or has run out: what was told of it, a JSON object.
    case warned(clock: [UInt8])
    case missed(clock: [UInt8])
  }

  /// One entry with what a board shows of its order.
  package struct Entry: Sendable {
    package let place: Place
    package let order: UUIDv7
    package let at: Instant
    package let happening: Happening
    package let stage: OrderStage
    package let source: OrderSource
    package let externalNumber: String
    package let title: String
    package let grade: String
    package let category: String?
    package let department: String?
    /// Whether the order is one of the caller's.
    package let isVisible: Bool
  }

  // A row whose transaction is not below the snapshot's end was written in another cluster, from which this database was restored: it is
  // history, not news.
  private static let page: SQL = """
    WITH RECURSIVE below AS (
      SELECT code FROM department WHERE tenant_id = $1 AND code = $4
      UNION SELECT d.code FROM department d JOIN below b ON d.parent = b.code WHERE d.tenant_id = $1),
    step AS (
      SELECT written, id, order_id, seq, at, kind, side, NULL::jsonb AS data FROM work_order_event
      WHERE tenant_id = $1 AND (written, id) > ($2, $3) AND written < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
      ORDER BY written, id LIMIT $5),
    told AS (
      SELECT written, id, subject::uuid, 0, at, kind, 'system', data FROM notice
      WHERE tenant_id = $1 AND (written, id) > ($2, $3) AND written < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        AND subject_kind = 'work-order' AND kind IN ('clock.warned', 'clock.missed')
      ORDER BY written, id LIMIT $5),
    entry AS (SELECT * FROM step UNION ALL SELECT * FROM told ORDER BY written, id LIMIT $5)
    SELECT e.written, e.id, e.order_id, e.seq, e.at, e.kind, e.side, o.stage, o.source, o.external_number, o.title, o.grade, o.category,
      o.department, $4::text IS NULL OR coalesce(o.department IN (SELECT code FROM below), false), e.data
    FROM entry e JOIN work_order o ON o.tenant_id = $1 AND o.id = e.order_id ORDER BY e.written, e.id
    """

  /// What comes behind a place, the earliest first.
  package static func page(behind place: Place, _ scope: OrderScope, limit: Int32, in tenant: TenantID) -> Query<Entry> {
    let department: String? = if case .department(let code) = scope { code } else { nil }
    return Query(
      page,
      [.int4(tenant.number), .int8(place.written), .uuid(place.entry), .optional(department, .text) { .text($0) }, .int4(limit)]
    ) { row throws(DecodingFailure) in
      Entry(
        place: Place(written: try row.int64(0), entry: try row.identifier(1)), order: try row.identifier(2), at: try row.instant(4),
        happening: try happening(row), stage: try row.word(7), source: try row.word(8),
        externalNumber: try row.text(9), title: try row.text(10), grade: try row.text(11), category: try row.optional(12, row.text),
        department: try row.optional(13, row.text), isVisible: try row.bool(14))
    }
  }

  private static func happening(_ row: Row) throws(DecodingFailure) -> Happening {
    switch try row.text(5) {
    case "clock.warned": .warned(clock: Array(try row.jsonBytes(15)))
    case "clock.missed": .missed(clock: Array(try row.jsonBytes(15)))
    default: .step(try row.word(5), seq: try row.int32(3), side: try row.word(6))
    }
  }
}
