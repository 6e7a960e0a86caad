// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Sessions and tokens: who a request comes from. Only the hash of what the client holds is stored.
package enum SessionStore {
  /// A session to be opened.
  package struct New: Sendable {
    package let id: UUIDv7
    /// SHA-256 of what the client gets, 32 bytes.
    package let tokenHash: [UInt8]
    package let user: UUIDv7
    package let presentation: Principal.Presentation
    /// What a token's holder calls it.
    package let label: String?
    /// What a token is limited to; nil for all that its user may.
    package let scopes: [Permission]?
    package let created: Instant
    package let expires: Instant

    package init(
      id: UUIDv7, tokenHash: [UInt8], user: UUIDv7, presentation: Principal.Presentation, label: String? = nil,
      scopes: [Permission]? = nil, created: Instant, expires: Instant
    ) {
      self.id = id
      self.tokenHash = tokenHash
      self.user = user
      self.presentation = presentation
      self.label = label
      self.scopes = scopes
      self.created = created
      self.expires = expires
    }
  }

  /// A session as its user sees it in a list.
  package struct Listed: Sendable, Equatable {
    package let id: UUIDv7
    package let presentation: Principal.Presentation
    package let label: String?
    package let scopes: [String]?
    package let created: Instant
    package let expires: Instant
    package let revoked: Instant?
  }

  package static func open(_ session: New) -> Statement {
    Statement(
      """
      INSERT INTO session (token_hash, session_id, user_id, kind, label, scopes, created_at, expires_at) \
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      """,
      [
        .bytea(session.tokenHash), .uuid(session.id), .uuid(session.user), .text(session.presentation.rawValue),
        .optional(session.label, .text) { .text($0) }, .optional(session.scopes, .textArray) { .textArray($0.map(\.rawValue)) },
        .instant(session.created), .instant(session.expires),
      ])
  }

  /// Opens a session for whoever knew a password; fails with `SQLState.changed` when it is the user's no more, or nobody signs in as them.
  ///
  /// The user's row stays locked until the transaction ends: a new password, or the end of the user, comes before this session or ends it too.
  package static func open(_ session: New, knowing passwordHash: String) -> Statement {
    Statement(
      """
      WITH holder AS (
        SELECT user_id FROM app_user WHERE user_id = $3 AND password_hash = $9 AND disabled_at IS NULL FOR NO KEY UPDATE),
      opened AS (
        INSERT INTO session (token_hash, session_id, user_id, kind, label, scopes, created_at, expires_at)
        SELECT $1, $2, user_id, $4, $5, $6, $7, $8 FROM holder RETURNING 1)
      SELECT demand(EXISTS (SELECT FROM opened), 'JS001')
      """, open(session).binds + [.text(passwordHash)])
  }

  private static let principal: SQL = """
    SELECT u.user_id, u.login, u.display_name, u.organisation, o.kind, s.kind, s.scopes, s.expires_at, s.session_id,
      ARRAY(SELECT DISTINCT p FROM platform_role r CROSS JOIN LATERAL unnest(r.permissions) p WHERE r.code = ANY (u.platform_roles))
    FROM session s JOIN app_user u USING (user_id) JOIN organisation o ON o.code = u.organisation
    WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND u.disabled_at IS NULL
    """

  /// Who presents the token; no row when the session has ended or its user is disabled.
  package static func principal(tokenHash: [UInt8], at now: Instant) -> Query<Principal> {
    Query(principal, [.bytea(tokenHash), .instant(now)]) { row throws(DecodingFailure) in
      Principal(
        user: try row.identifier(0), login: try row.text(1), displayName: try row.text(2), organisation: try row.text(3),
        side: try row.word(4, Side.self), platformPermissions: PermissionSet(try row.texts(9).compactMap(Permission.init)),
        presentation: try row.word(5, Principal.Presentation.self),
        // A scope that this version does not know allows nothing.
        scopes: try row.optional(6, row.texts).map { PermissionSet($0.compactMap(Permission.init)) }, expires: try row.instant(7))
    }
  }

  private static let listed: SQL = """
    SELECT session_id, kind, label, scopes, created_at, expires_at, revoked_at FROM session
    WHERE user_id = $1 AND expires_at > $2 ORDER BY created_at DESC LIMIT 200
    """

  /// A user's sessions that have not run out, the newest first.
  package static func list(of user: UUIDv7, at now: Instant) -> Query<Listed> {
    Query(listed, [.uuid(user), .instant(now)]) { row throws(DecodingFailure) in
      Listed(
        id: try row.identifier(0), presentation: try row.word(1, Principal.Presentation.self), label: try row.optional(2, row.text),
        scopes: try row.optional(3, row.texts), created: try row.instant(4), expires: try row.instant(5),
        revoked: try row.optional(6, row.instant))
    }
  }

  /// Ends the session that presents this token; every server forgets it at once.
  package static func revoke(tokenHash: [UInt8], at now: Instant) -> Statement {
    Statement(
      "UPDATE session SET revoked_at = $2 WHERE token_hash = $1 AND revoked_at IS NULL", [.bytea(tokenHash), .instant(now)])
  }

  /// Ends one of a user's sessions; touches no row when it is not that user's.
  package static func revoke(_ session: UUIDv7, of user: UUIDv7, at now: Instant) -> Statement {
    Statement(
      "UPDATE session SET revoked_at = $3 WHERE session_id = $1 AND user_id = $2 AND revoked_at IS NULL",
      [.uuid(session), .uuid(user), .instant(now)])
  }

  /// Ends all of a user's sessions: after a new password, or when the user is disabled.
  package static func revokeAll(of user: UUIDv7, at now: Instant) -> Statement {
    Statement("UPDATE session SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL", [.uuid(user), .instant(now)])
  }

  /// Removes what ran out before `before`, a bounded number at a time.
  package static func sweep(expiredBefore before: Instant) -> Statement {
    Statement(
      """
      DELETE FROM session WHERE token_hash IN \
      (SELECT token_hash FROM session WHERE expires_at < $1 ORDER BY expires_at LIMIT 1000)
      """, [.instant(before)])
  }
}
