// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The calendars that people of an office subscribe to; the statements run in the office's context.
package enum CalendarFeedStore {
  /// How many one user may have at once.
  package static let greatest: Int32 = 10

  package struct Feed: Sendable, Equatable {
    package let id: UUIDv7
    package let user: UUIDv7
    package let label: String?
    /// Whose obligations it shows; nil for both sides'.
    package let side: Party?
    package let language: Language
    /// How many days before its last day one is reminded of an obligation; nil for never.
    package let reminder: Int32?
    package let created: Instant
    package let fetched: Instant?

    package init(
      id: UUIDv7, user: UUIDv7, label: String?, side: Party?, language: Language, reminder: Int32?, created: Instant,
      fetched: Instant? = nil
    ) {
      (self.id, self.user, self.label, self.side) = (id, user, label, side)
      (self.language, self.reminder, self.created, self.fetched) = (language, reminder, created, fetched)
    }
  }

  private static let columns: SQL = "id, user_id, label, side, language, reminder, created_at, fetched_at"

  /// Opens a feed; fails with `SQLState.changed` when its user has as many as they may.
  ///
  /// - Parameter tokenHash: SHA-256 of the secret, 32 bytes.
  package static func add(_ feed: Feed, tokenHash: [UInt8], in tenant: TenantID) -> Statement {
    Statement(
      """
      WITH added AS (
        INSERT INTO calendar_feed (tenant_id, id, user_id, token_hash, label, side, language, reminder, created_at)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
        WHERE (SELECT count(*) FROM calendar_feed WHERE tenant_id = $1 AND user_id = $3 AND revoked_at IS NULL) < $10 RETURNING 1)
      SELECT demand(EXISTS (SELECT FROM added), 'JS001')
      """,
      [
        .int4(tenant.number), .uuid(feed.id), .uuid(feed.user), .bytea(tokenHash), .optional(feed.label, .text) { .text($0) },
        .optional(feed.side, .text) { .text($0.rawValue) }, .text(feed.language.rawValue), .optional(feed.reminder, .int4) { .int4($0) },
        .instant(feed.created), .int4(greatest),
      ])
  }

  /// A user's feeds that are open, the newest first.
  package static func list(of user: UUIDv7, in tenant: TenantID) -> Query<Feed> {
    Query(
      "SELECT \(columns) FROM calendar_feed WHERE tenant_id = $1 AND user_id = $2 AND revoked_at IS NULL ORDER BY id DESC",
      [.int4(tenant.number), .uuid(user)], decode: feed)
  }

  /// The open feed of a secret.
  package static func find(tokenHash: [UInt8], in tenant: TenantID) -> Query<Feed> {
    Query(
      "SELECT \(columns) FROM calendar_feed WHERE tenant_id = $1 AND token_hash = $2 AND revoked_at IS NULL",
      [.int4(tenant.number), .bytea(tokenHash)], decode: feed)
  }

  /// Ends one of a user's feeds; fails with `SQLState.changed` when it is not that user's, or has ended.
  package static func revoke(_ feed: UUIDv7, of user: UUIDv7, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(
      """
      WITH revoked AS (
        UPDATE calendar_feed SET revoked_at = $4 WHERE tenant_id = $1 AND id = $2 AND user_id = $3 AND revoked_at IS NULL RETURNING 1)
      SELECT demand(EXISTS (SELECT FROM revoked), 'JS001')
      """, [.int4(tenant.number), .uuid(feed), .uuid(user), .instant(now)])
  }

  /// Notes that a feed was fetched.
  package static func touch(_ feed: UUIDv7, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(
      "UPDATE calendar_feed SET fetched_at = $3 WHERE tenant_id = $1 AND id = $2",
      [.int4(tenant.number), .uuid(feed), .instant(now)])
  }

  private static let feed: @Sendable (Row) throws(DecodingFailure) -> Feed = { row throws(DecodingFailure) in
    let side = try row.optional(3, row.text)
    return Feed(
      id: try row.identifier(0), user: try row.identifier(1), label: try row.optional(2, row.text), side: side.flatMap(Party.init),
      language: try row.word(4, Language.self), reminder: try row.optional(5, row.int32), created: try row.instant(6),
      fetched: try row.optional(7, row.instant))
  }
}
