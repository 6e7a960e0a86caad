// SPDX-License-Identifier: Apache-2.0
import Base
import Postgres

/// The log of what was done to the platform, by whom.
package enum PlatformAuditStore {
  package struct Entry: Sendable, Equatable {
    package let id: UUIDv7
    package let at: Instant
    package let actor: UUIDv7?
    package let action: String
    package let subjectKind: String
    package let subject: String
    package let request: String?
    package let data: JSON
  }

  /// Notes one deed; runs in the transaction of the deed.
  ///
  /// - Parameter actor: nil for the command line.
  package static func add(
    id: UUIDv7, at now: Instant, actor: UUIDv7?, action: String, subjectKind: String, subject: String, request: String?, data: JSON = [:]
  ) -> Statement {
    Statement(
      """
      INSERT INTO platform_audit (id, at, actor, action, subject_kind, subject, request_id, data) \
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      """,
      [
        .uuid(id), .instant(now), .optional(actor, .uuid) { .uuid($0) }, .text(action), .text(subjectKind), .text(subject),
        .optional(request, .text) { .text($0) }, .json(data),
      ])
  }

  /// The newest entries behind `after`.
  package static func page(after: UUIDv7?, limit: Int32) -> Query<Entry> {
    Query(
      """
      SELECT id, at, actor, action, subject_kind, subject, request_id, data FROM platform_audit \
      WHERE id < $1 ORDER BY id DESC LIMIT $2
      """, [.descending(after), .int4(limit)]
    ) { row throws(DecodingFailure) in
      Entry(
        id: try row.identifier(0), at: try row.instant(1), actor: try row.optional(2, row.identifier), action: try row.text(3),
        subjectKind: try row.text(4), subject: try row.text(5), request: try row.optional(6, row.text), data: try row.json(7))
    }
  }
}
