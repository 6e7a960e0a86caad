// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Store

/// The bodies of requests about sessions, and of their answers.
enum SessionBody {
  struct Opening: Sendable {
    let login: String
    let password: String
    let presentation: Principal.Presentation
    let label: String?
    let scopes: [Permission]?
    let hours: Int?
  }

  struct NewPassword: Sendable {
    let current: String
    let new: String
  }

  static let opening: Shape<Opening> = .object(
    "sessionOpening", about: Text(zh: "登录；程序取 bearer 令牌，浏览器取 cookie。", en: "Sign in; a machine takes a bearer token, a browser a cookie."),
    Field("login", .string(minLength: 1, maxLength: 64)), Field("password", .string(minLength: 1, maxLength: 200)),
    Field("presentation", .enumeration(Principal.Presentation.self), default: "bearer"),
    Field(optional: "label", .string(minLength: 1, maxLength: 100)),
    Field(optional: "scopes", .array(of: .enumeration(Permission.self), max: 64)), Field(optional: "hours", .integer(1...8760))
  ) { login, password, presentation, label, scopes, hours in
    Opening(
      login: login, password: password, presentation: presentation, label: label, scopes: scopes, hours: hours.map { Int($0) })
  }

  /// A password worth having: ten characters and more.
  static let newPassword: Shape<NewPassword> = .object(
    "newPassword", Field("current", .string(minLength: 1, maxLength: 200)), Field("new", .string(minLength: 10, maxLength: 200))
  ) { NewPassword(current: $0, new: $1) }

  // MARK: Answers

  static func opened(_ session: SessionStore.New, token: String) -> [UInt8] {
    var writer = JSONWriter(capacity: 256)
    writer.beginObject()
    writer.key("session")
    writer.uuid(session.id)
    writer.key("presentation")
    writer.string(session.presentation.rawValue)
    if session.presentation == .bearer {
      writer.key("token")
      writer.string(token)
    }
    writer.key("expiresAt")
    writer.instant(session.expires)
    writer.endObject()
    return writer.bytes
  }

  static let openedSchema: JSON = [
    "type": "object", "required": ["session", "presentation", "expiresAt"],
    "properties": [
      "session": ["type": "string", "format": "uuid"], "presentation": ["type": "string"], "token": ["type": "string"],
      "expiresAt": ["type": "string", "format": "date-time"],
    ],
  ]

  static func write(_ principal: Principal, to writer: inout JSONWriter) {
    writer.key("user")
    writer.uuid(principal.user)
    writer.key("login")
    writer.string(principal.login)
    writer.key("displayName")
    writer.string(principal.displayName)
    writer.key("organisation")
    writer.string(principal.organisation)
    writer.key("side")
    writer.string(principal.side.rawValue)
    writer.key("platformPermissions")
    writer.strings(within(principal.scopes, principal.platformPermissions))
    writer.key("expiresAt")
    writer.instant(principal.expires)
  }

  static func write(
    _ membership: Membership, of tenant: TenantStore.Tenant, within scopes: PermissionSet?, to writer: inout JSONWriter
  ) {
    writer.beginObject()
    writer.key("code")
    writer.string(tenant.code)
    writer.key("name")
    writer.text(tenant.name)
    writer.key("side")
    writer.string(membership.side.rawValue)
    writer.key("roles")
    writer.strings(membership.roles)
    writer.key("permissions")
    writer.strings(within(scopes, membership.permissions))
    writer.endObject()
  }

  /// What a token's scopes leave of its user's permissions.
  private static func within(_ scopes: PermissionSet?, _ permissions: PermissionSet) -> [String] {
    (scopes.map(permissions.intersection) ?? permissions).members.map(\.rawValue)
  }

  static func list(_ sessions: [SessionStore.Listed]) -> [UInt8] {
    var writer = JSONWriter(capacity: 256 + sessions.count * 256)
    writer.beginObject()
    writer.key("items")
    writer.beginArray()
    for session in sessions {
      writer.beginObject()
      writer.key("id")
      writer.uuid(session.id)
      writer.key("presentation")
      writer.string(session.presentation.rawValue)
      writer.key("label")
      if let label = session.label { writer.string(label) } else { writer.null() }
      writer.key("scopes")
      if let scopes = session.scopes { writer.strings(scopes) } else { writer.null() }
      writer.key("createdAt")
      writer.instant(session.created)
      writer.key("expiresAt")
      writer.instant(session.expires)
      writer.key("revokedAt")
      if let revoked = session.revoked { writer.instant(revoked) } else { writer.null() }
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
    return writer.bytes
  }

  static let listSchema: JSON = ["type": "object", "required": ["items"], "properties": ["items": ["type": "array"]]]
}
