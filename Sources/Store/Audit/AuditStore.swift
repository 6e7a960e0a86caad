// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The log of what was done in an office, by whom.
package enum AuditStore {
  private static let page: SQL = """
    SELECT id, at, actor, side, action, subject_kind, subject, request_id, data FROM audit_event
    WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3
    """

  /// Notes one deed; runs in the transaction of the deed.
  package static func add(
    id: UUIDv7, at now: Instant, actor: UUIDv7?, side: String, action: String, subjectKind: String, subject: String, request: String?,
    data: JSON = [:], in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      INSERT INTO audit_event (tenant_id, id, at, actor, side, action, subject_kind, subject, request_id, data) \
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      """,
      [
        .int4(tenant.number), .uuid(id), .instant(now), .optional(actor, .uuid) { .uuid($0) }, .text(side), .text(action),
        .text(subjectKind), .text(subject), .optional(request, .text) { .text($0) }, .json(data),
      ])
  }

  /// The newest entries behind `after`.
  package static func page(after: UUIDv7?, limit: Int32, in tenant: TenantID) -> Statement {
    Statement(page, [.int4(tenant.number), .descending(after), .int4(limit)])
  }

  package static func write(_ row: Row, to writer: inout JSONWriter) throws(DecodingFailure) {
    writer.beginObject()
    writer.key("id")
    writer.uuid(row, 0)
    writer.key("at")
    try writer.instant(row, 1)
    writer.key("actor")
    writer.uuid(row, 2)
    writer.key("side")
    try writer.text(row, 3)
    writer.key("action")
    try writer.text(row, 4)
    writer.key("subjectKind")
    try writer.text(row, 5)
    writer.key("subject")
    try writer.text(row, 6)
    writer.key("request")
    try writer.text(row, 7)
    writer.key("data")
    writer.raw(try row.jsonBytes(8))
    writer.endObject()
  }
}
