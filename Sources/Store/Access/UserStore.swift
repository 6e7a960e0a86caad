// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The people who may sign in.
package enum UserStore {
  /// The constraint that a login taken twice violates.
  package static let loginConstraint = "app_user_login_key"

  /// A user as administrators see it.
  package struct User: Sendable, Equatable {
    package let id: UUIDv7
    package let login: String
    package let displayName: String
    package let organisation: String
    package let side: Side
    package let platformRoles: [String]
    package let disabled: Instant?
    package let created: Instant
    package let version: Int32

    package init(
      id: UUIDv7, login: String, displayName: String, organisation: String, side: Side, platformRoles: [String], disabled: Instant?,
      created: Instant, version: Int32
    ) {
      (self.id, self.login, self.displayName, self.organisation, self.side) = (id, login, displayName, organisation, side)
      (self.platformRoles, self.disabled, self.created, self.version) = (platformRoles, disabled, created, version)
    }
  }

  /// What signing in needs to know of a login.
  package struct Credentials: Sendable, Equatable {
    package let user: UUIDv7
    /// The stored password's text; nil where nobody signs in with a password as this user.
    package let passwordHash: String?
    package let isDisabled: Bool
    package let lockedUntil: Instant?
    package let failedLogins: Int32
  }

  /// - Parameter passwordHash: what `PasswordHash.encoded` gives.
  package static func add(
    _ id: UUIDv7, login: String, displayName: String, organisation: String, passwordHash: String?, platformRoles: [String] = [],
    at now: Instant
  ) -> Statement {
    Statement(
      """
      INSERT INTO app_user (user_id, login, display_name, organisation, password_hash, platform_roles, created_at) \
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """,
      [
        .uuid(id), .text(login), .text(displayName), .text(organisation), .optional(passwordHash, .text) { .text($0) },
        .textArray(platformRoles), .instant(now),
      ])
  }

  // MARK: Signing in

  package static func credentials(login: String) -> Query<Credentials> {
    Query(
      "SELECT user_id, password_hash, disabled_at IS NOT NULL, locked_until, failed_logins FROM app_user WHERE login = $1",
      [.text(login)]
    ) { row throws(DecodingFailure) in
      Credentials(
        user: try row.identifier(0), passwordHash: try row.optional(1, row.text), isDisabled: try row.bool(2),
        lockedUntil: try row.optional(3, row.instant), failedLogins: try row.int32(4))
    }
  }

  /// Counts a wrong password; from the `limit`th on, nobody signs in as this user before `lockedUntil`.
  package static func countFailure(of user: UUIDv7, limit: Int32, lockedUntil: Instant) -> Statement {
    Statement(
      """
      UPDATE app_user SET failed_logins = failed_logins + 1, \
      locked_until = CASE WHEN failed_logins + 1 >= $2 THEN $3 ELSE locked_until END WHERE user_id = $1
      """, [.uuid(user), .int4(limit), .instant(lockedUntil)])
  }

  /// Forgets the wrong passwords after a right one.
  package static func clearFailures(of user: UUIDv7) -> Statement {
    Statement(
      "UPDATE app_user SET failed_logins = 0, locked_until = NULL WHERE user_id = $1 AND (failed_logins > 0 OR locked_until IS NOT NULL)",
      [.uuid(user)])
  }

  // MARK: Changing

  /// Gives a new password for a known one; fails with `SQLState.changed` when that is the user's no more.
  ///
  /// Also unlocks the user; whoever calls it ends the user's sessions (`SessionStore.revokeAll`).
  package static func setPassword(_ passwordHash: String, of user: UUIDv7, insteadOf old: String) -> Statement {
    Statement(
      """
      WITH changed AS (
        UPDATE app_user SET password_hash = $2, failed_logins = 0, locked_until = NULL, version = version + 1
        WHERE user_id = $1 AND password_hash = $3 AND disabled_at IS NULL RETURNING 1)
      SELECT demand(EXISTS (SELECT FROM changed), 'JS001')
      """, [.uuid(user), .text(passwordHash), .text(old)])
  }

  /// Also unlocks the user; whoever calls it ends the user's sessions (`SessionStore.revokeAll`).
  package static func setPassword(_ passwordHash: String, of user: UUIDv7) -> Statement {
    Statement(
      """
      UPDATE app_user SET password_hash = $2, failed_logins = 0, locked_until = NULL, version = version + 1 WHERE user_id = $1
      """, [.uuid(user), .text(passwordHash)])
  }

  /// Stores the same password under newer parameters, unless it was changed meanwhile.
  package static func rehash(_ passwordHash: String, insteadOf old: String, of user: UUIDv7) -> Statement {
    Statement(
      "UPDATE app_user SET password_hash = $2 WHERE user_id = $1 AND password_hash = $3", [.uuid(user), .text(passwordHash), .text(old)])
  }

  /// Changes a user of a known version; fails with `SQLState.changed` when it is not that any more.
  ///
  /// - Parameter disabled: since when nobody signs in as this user; nil lets the user in again.
  package static func change(
    _ id: UUIDv7, version: Int32, displayName: String, organisation: String, platformRoles: [String], disabled: Instant?
  ) -> Statement {
    Statement(
      """
      WITH changed AS (
        UPDATE app_user SET display_name = $3, organisation = $4, platform_roles = $5, disabled_at = $6, version = version + 1
        WHERE user_id = $1 AND version = $2 RETURNING 1)
      SELECT demand(EXISTS (SELECT FROM changed), 'JS001')
      """,
      [
        .uuid(id), .int4(version), .text(displayName), .text(organisation), .textArray(platformRoles),
        .optional(disabled, .timestamptz) { .instant($0) },
      ])
  }

  // MARK: Reading

  private static let columns: SQL =
    "u.user_id, u.login, u.display_name, u.organisation, o.kind, u.platform_roles, u.disabled_at, u.created_at, u.version"
  private static let one: SQL =
    "SELECT \(columns) FROM app_user u JOIN organisation o ON o.code = u.organisation WHERE u.user_id = $1"
  private static let oneOfLogin: SQL =
    "SELECT \(columns) FROM app_user u JOIN organisation o ON o.code = u.organisation WHERE u.login = $1"
  private static let page: SQL = """
    SELECT \(columns) FROM app_user u JOIN organisation o ON o.code = u.organisation
    WHERE u.login > $1 AND ($3 = '' OR u.organisation = $3) ORDER BY u.login LIMIT $2
    """

  package static func one(_ id: UUIDv7) -> Query<User> { Query(one, [.uuid(id)], decode: user) }
  package static func one(login: String) -> Query<User> { Query(oneOfLogin, [.text(login)], decode: user) }

  /// Users by login, those behind `after` only, of one organisation where it is given.
  package static func page(after: String?, limit: Int32, organisation: String? = nil) -> Query<User> {
    Query(page, [.text(after ?? ""), .int4(limit), .text(organisation ?? "")], decode: user)
  }

  private static let user: @Sendable (Row) throws(DecodingFailure) -> User = { row throws(DecodingFailure) in
    User(
      id: try row.identifier(0), login: try row.text(1), displayName: try row.text(2), organisation: try row.text(3),
      side: try row.word(4, Side.self), platformRoles: try row.texts(5), disabled: try row.optional(6, row.instant),
      created: try row.instant(7), version: try row.int32(8))
  }
}
