// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// What the sides of an office were told of things that nobody of them did; written once.
package enum NoticeStore {
  /// Who is told.
  package enum Audience: String, Sendable, CaseIterable { case office, vendor, both }

  /// Something to tell.
  package struct New: Sendable {
    let id: UUIDv7
    let kind: String
    let subject: String
    let data: JSON

    package init(id: UUIDv7, kind: String, subject: String, data: JSON) {
      (self.id, self.kind, self.subject, self.data) = (id, kind, subject, data)
    }
  }

  private static let page: SQL = """
    SELECT id, at, side, kind, contract_id, subject_kind, subject, data FROM notice
    WHERE tenant_id = $1 AND id < $2 AND side IN ('both', $4)
      AND ($5::text[] IS NULL OR contract_id IS NULL OR contract_id = ANY ($5)) ORDER BY id DESC LIMIT $3
    """

  /// Tells several things of one kind of subject; runs in the transaction of what is told.
  package static func add(
    _ notices: [New], about kind: String, of contract: String?, to audience: Audience, at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      INSERT INTO notice (tenant_id, at, side, contract_id, subject_kind, id, kind, subject, data) \
      SELECT $1, $2, $3, $4, $5, r.* FROM unnest($6::uuid[], $7::text[], $8::text[], $9::jsonb[]) r
      """,
      [
        .int4(tenant.number), .instant(now), .text(audience.rawValue), .optional(contract, .text) { .text($0) }, .text(kind),
        .uuidArray(notices.map { ($0.id.high, $0.id.low) }), .textArray(notices.map(\.kind)), .textArray(notices.map(\.subject)),
        .jsonbArray(
          notices.map { notice in
            var writer = JSONWriter()
            writer.value(notice.data)
            return writer.bytes
          }),
      ])
  }

  /// The newest notices to a side, those behind `after` only; of what hangs on a contract, what hangs on those that are named, where some are.
  package static func page(to side: Party, among contracts: [String]?, after: UUIDv7?, limit: Int32, in tenant: TenantID) -> Statement {
    Statement(
      page,
      [
        .int4(tenant.number), .descending(after), .int4(limit), .text(side.rawValue),
        .optional(contracts, .textArray) { .textArray($0) },
      ])
  }

  package static func write(_ row: Row, to writer: inout JSONWriter) throws(DecodingFailure) {
    writer.beginObject()
    writer.key("id")
    writer.uuid(row, 0)
    writer.key("at")
    try writer.instant(row, 1)
    writer.key("side")
    try writer.text(row, 2)
    writer.key("kind")
    try writer.text(row, 3)
    writer.key("contract")
    try writer.text(row, 4)
    writer.key("subjectKind")
    try writer.text(row, 5)
    writer.key("subject")
    try writer.text(row, 6)
    writer.key("data")
    writer.raw(try row.jsonBytes(7))
    writer.endObject()
  }
}
