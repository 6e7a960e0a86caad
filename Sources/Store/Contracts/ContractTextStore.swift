// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The contracts' own words as offices attached them, each version written once; the statements run in the office's context.
package enum ContractTextStore {
  package enum MediaType: String, Sendable, CaseIterable {
    case plain = "text/plain"
    case markdown = "text/markdown"
  }

  package struct Attached: Sendable, Equatable {
    package let version: Int32
    package let mediaType: MediaType
    package let words: String
    /// SHA-256 of the words' octets.
    package let checksum: [UInt8]
    package let attached: Instant
    /// Nil for the command line.
    package let attachedBy: UUIDv7?

    package init(version: Int32, mediaType: MediaType, words: String, checksum: [UInt8], attached: Instant, attachedBy: UUIDv7?) {
      self.version = version
      self.mediaType = mediaType
      self.words = words
      self.checksum = checksum
      self.attached = attached
      self.attachedBy = attachedBy
    }
  }

  /// A text on its way to the record.
  package struct Attachment: Sendable {
    package let mediaType: MediaType
    package let words: String
    package let checksum: [UInt8]

    package init(mediaType: MediaType, words: String, checksum: [UInt8]) {
      self.mediaType = mediaType
      self.words = words
      self.checksum = checksum
    }
  }

  /// The text that counts; no row where none is attached.
  package static func latest(of contract: String, in tenant: TenantID) -> Query<Attached> {
    Query(
      """
      SELECT version, media_type, words, sha256, attached_at, attached_by FROM contract_text \
      WHERE tenant_id = $1 AND contract_id = $2 ORDER BY version DESC LIMIT 1
      """, [.int4(tenant.number), .text(contract)]
    ) { row throws(DecodingFailure) in
      Attached(
        version: try row.int32(0), mediaType: try row.word(1), words: try row.text(2), checksum: try row.bytea(3),
        attached: try row.instant(4), attachedBy: try row.optional(5, row.identifier))
    }
  }

  /// Attaches a text behind a known version; fails with `SQLState.changed` when that is not the latest any more.
  ///
  /// - Parameters:
  ///   - version: the version that counted so far; 0 where there is none.
  ///   - user: nil for the command line.
  package static func add(
    _ text: Attachment, to contract: String, behind version: Int32, by user: UUIDv7?, at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      WITH added AS (
        INSERT INTO contract_text (tenant_id, contract_id, version, media_type, words, sha256, attached_at, attached_by)
        SELECT $1, $2, $3 + 1, $4, $5, $6, $7, $8
        WHERE $3 = (SELECT coalesce(max(version), 0) FROM contract_text WHERE tenant_id = $1 AND contract_id = $2) RETURNING 1)
      SELECT demand(EXISTS (SELECT FROM added), 'JS001')
      """,
      [
        .int4(tenant.number), .text(contract), .int4(version), .text(text.mediaType.rawValue), .text(text.words), .bytea(text.checksum),
        .instant(now), .optional(user, .uuid) { .uuid($0) },
      ])
  }
}
