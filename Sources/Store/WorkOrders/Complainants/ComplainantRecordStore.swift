// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The ledger on an office's key complainants; the statements run in its context.
package enum ComplainantRecordStore {
  /// A line of the ledger; what is personal in it is sealed.
  package struct Record: Sendable {
    package let id: UUIDv7
    package let kind: ComplainantRecord.Kind
    package let form: ComplainantRecord.Form
    package let day: CivilDate
    package let isReached: Bool
    package let sealed: [UInt8]
    package let key: Int32
    package let by: UUIDv7
    package let side: OrderSide
    package let at: Instant
  }

  private static let add: SQL = """
    INSERT INTO complainant_record (tenant_id, id, complainant_id, kind, form, day, is_reached, sealed, data_key, recorded_by, side, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    """

  /// Adds a line.
  package static func add(
    _ record: ComplainantRecord, id: UUIDv7, to complainant: UUIDv7, ring: KeyRing, by user: UUIDv7, side: OrderSide, at now: Instant,
    in tenant: TenantID
  ) throws -> Statement {
    Statement(
      add,
      [
        .int4(tenant.number), .uuid(id), .uuid(complainant), .text(record.kind.rawValue), .text(record.form.rawValue),
        .civilDate(record.day), .bool(record.isReached), .bytea(try ring.seal(record.notes.json, in: .record, of: id)),
        .int4(ring.current), .uuid(user), .text(side.rawValue), .instant(now),
      ])
  }

  private static let page: SQL = """
    SELECT id, kind, form, day, is_reached, sealed, data_key, recorded_by, side, recorded_at FROM complainant_record
    WHERE tenant_id = $1 AND complainant_id = $2 AND id < $3 AND ($5::text IS NULL OR kind = $5) ORDER BY id DESC LIMIT $4
    """

  /// The newest lines on somebody, those behind `after` only.
  package static func page(
    of complainant: UUIDv7, kind: ComplainantRecord.Kind?, after: UUIDv7?, limit: Int32, in tenant: TenantID
  ) -> Query<Record> {
    Query(
      page,
      [
        .int4(tenant.number), .uuid(complainant), .descending(after), .int4(limit), .optional(kind?.rawValue, .text) { .text($0) },
      ]
    ) { row throws(DecodingFailure) in
      Record(
        id: try row.identifier(0), kind: try row.word(1), form: try row.word(2), day: try row.civilDate(3), isReached: try row.bool(4),
        sealed: try row.bytea(5), key: try row.int32(6), by: try row.identifier(7), side: try row.word(8), at: try row.instant(9))
    }
  }
}
