// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Glibc
import Postgres
import Store

extension Command {
  static let userAdd = Command(
    words: ["user", "add"], arguments: ["LOGIN"],
    options: [
      Option(name: "--name", says: Text(zh: "姓名", en: "the person's name")),
      Option(name: "--organisation", says: Text(zh: "所属组织", en: "the organisation the person belongs to"), value: "CODE"),
      Option(name: "--platform-role", says: Text(zh: "平台角色，逗号分隔", en: "roles on the platform, with commas"), value: "ROLES"),
      Option(name: "--tenant", says: Text(zh: "单位", en: "the office"), value: "CODE"),
      Option(name: "--person", says: Text(zh: "单位人员名单中的人员", en: "who it is on the office's staff list"), value: "CODE"),
      Option(name: "--role", says: Text(zh: "单位内的角色", en: "a role in the office")),
      Option(name: "--department", says: Text(zh: "角色限于此部门", en: "the unit the role is limited to"), value: "CODE"),
      Option(
        name: "--password-file",
        says: Text(zh: "口令所在文件（0600）；不给则生成", en: "the file that has the password (0600); without it one is made"), value: "FILE"),
    ],
    says: Text(zh: "新增可登录的人员", en: "add somebody who may sign in")
  ) { invocation, configuration in
    let request = try UserRequest(invocation)
    let password = try NewPassword(request.login, invocation, configuration)
    let hash = try PasswordHash(password: password.text).encoded
    let added: UserAddition.Added
    do {
      added = try await CommandSession.run(configuration) { session in
        let tenant = try await request.tenant(session)
        return try await session.write(in: tenant.map { .tenant($0.number) } ?? .platform) { transaction in
          var identities = UUIDv7Generator()
          var notes = CommandNotes(session)
          if request.isOfPlatform {
            _ = try await transaction.rows(OrganisationStore.putPlatform(at: session.now))
          }
          let addition = UserAddition(
            login: request.login, displayName: request.name, organisation: request.organisation, passwordHash: hash,
            platformRoles: request.platformRoles, tenant: tenant, place: request.place)
          let added = try await addition.perform(in: transaction, at: session.now, identities: &identities)
          _ = try await transaction.rows(notes.added(added, tenant: tenant))
          return added
        }
      }
    } catch {
      password.discard()
      throw error
    }
    if invocation.isForMachines {
      Output.json([
        "user": .string("\(added.user)"), "login": .string(added.login), "organisation": .string(added.organisation),
        "roles": .array(added.roles.map { .string($0) }), "passwordFile": .string(password.path),
      ])
    } else {
      let roles = (request.platformRoles + added.roles).joined(separator: ", ")
      Output.line(
        Text(
          zh: "已新增 \(added.login)（\(added.displayName)，\(added.organisation)）：\(roles)",
          en: "added \(added.login) (\(added.displayName), \(added.organisation)): \(roles)")[invocation.language])
      if password.isMade { Output.line(Text(zh: "口令在 \(password.path)", en: "the password is in \(password.path)")[invocation.language]) }
    }
    return .success
  }
}

/// What the options ask for, put together.
private struct UserRequest: Sendable {
  let login: String
  let name: String?
  let organisation: String?
  let platformRoles: [String]
  let tenantCode: String?
  let place: UserAddition.Place?

  var isOfPlatform: Bool { organisation == OrganisationStore.platform }

  init(_ invocation: Invocation) throws {
    login = invocation.arguments[0]
    name = invocation.option("--name")
    platformRoles = invocation.option("--platform-role")?.split(separator: ",").map(String.init) ?? []
    tenantCode = invocation.option("--tenant")
    organisation = invocation.option("--organisation") ?? (platformRoles.isEmpty ? nil : OrganisationStore.platform)
    switch (invocation.option("--person"), invocation.option("--role")) {
    case (let person?, nil): place = .person(person)
    case (nil, let role?): place = .role(role, department: invocation.option("--department"))
    case (nil, nil): place = nil
    case (_?, _?): throw UsageError(Text(zh: "--person 与 --role 只能给一个", en: "give --person or --role, not both"))
    }
    if (place == nil) != (tenantCode == nil) {
      throw UsageError(Text(zh: "--tenant 须与 --person 或 --role 一起给出", en: "--tenant goes with --person or --role"))
    }
  }

  func tenant(_ session: CommandSession) async throws -> TenantID? {
    guard let tenantCode else { return nil }
    return try await session.tenant(tenantCode).id
  }
}

extension CommandNotes {
  /// The notes of a new user in the logs.
  mutating func added(_ added: UserAddition.Added, tenant: TenantID?) -> [Statement] {
    let data: JSONObject = ["login": .string(added.login)]
    var statements = [platform("user.add", "user", "\(added.user)", data)]
    if let tenant {
      for role in added.roles { statements.append(office("member.grant", "user", "\(added.user)", ["role": .string(role)], in: tenant)) }
    }
    return statements
  }
}

/// The password of a new user: from a file, or made and put into one; it never stands on a command line.
private struct NewPassword: Sendable {
  let text: String
  let path: String
  /// Whether it was made now, and its file with it.
  let isMade: Bool

  init(_ login: String, _ invocation: Invocation, _ configuration: Configuration) throws {
    let given = invocation.option("--password-file")
    path = try given ?? Files.makeState(configuration) + "/password-" + login.replacing("/", with: "_")
    let file = SecretFile(path: path)
    let made = try Password.make()
    isMade = try given == nil && file.create(Array((made + "\n").utf8))
    let bytes = try file.read()
    text = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }, as: UTF8.self)
    guard (10...200).contains(text.count) else {
      throw Faults([Fault(code: "out-of-range", detail: Text(zh: "口令须有 10 到 200 个字符。", en: "A password has 10 to 200 characters."))])
    }
  }

  /// Takes the file away again that was made for a user who was not.
  func discard() {
    if isMade { unlink(path) }
  }
}

/// Passwords that the program makes.
enum Password {
  /// Easy to read aloud: no letter that looks like another.
  private static let letters = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)

  /// Four groups of five letters: a hundred bits.
  static func make() throws -> String {
    let bytes = try SecureRandom.bytes(20)
    return stride(from: 0, to: bytes.count, by: 5).map { start in
      String(decoding: bytes[start..<start + 5].map { letters[Int($0) % letters.count] }, as: UTF8.self)
    }.joined(separator: "-")
  }
}
