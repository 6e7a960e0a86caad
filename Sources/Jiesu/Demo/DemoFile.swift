// SPDX-License-Identifier: Apache-2.0
import Base
import Domain

/// Invented people who may sign in to a deployment that is there to be looked at; never for real use.
struct DemoFile: Sendable {
  /// Somebody of the platform.
  struct PlatformUser: Sendable {
    let login: String
    let name: String
    let roles: [String]
  }

  /// Somebody of an office's staff list, with the roles the office's files give.
  struct User: Sendable {
    let login: String
    let person: String
  }

  let platformUsers: [PlatformUser]
  let tenant: String?
  let users: [User]
}

extension DemoFile {
  private static let login = Shape<String>.string(minLength: 1, maxLength: 64)

  private static let platformUser: Shape<PlatformUser> = .object(
    Field("login", login), Field("name", .string(minLength: 1, maxLength: 80)), Field("roles", .array(of: login, min: 1, max: 10))
  ) { PlatformUser(login: $0, name: $1, roles: $2) }

  private static let user: Shape<User> = .object(Field("login", login), Field("person", .code)) { User(login: $0, person: $1) }

  /// The form of `deploy/demo/*.json`.
  static let shape: Shape<DemoFile> = Shape<DemoFile>.object(
    "demo", about: Text(zh: "演示用的人员。", en: "People to look around as."),
    Field("platformUsers", .array(of: platformUser, max: 20, uniqueBy: "login", key: \.login), default: []),
    Field(optional: "tenant", .code), Field("users", .array(of: user, max: 200, uniqueBy: "login", key: \.login), default: [])
  ) { DemoFile(platformUsers: $0, tenant: $1, users: $2) }.refine { file in
    guard file.tenant == nil, !file.users.isEmpty else { return nil }
    return Fault(pointer: "/tenant", code: "missing-member", detail: Text(zh: "须注明单位。", en: "The office must be named."))
  }
}
