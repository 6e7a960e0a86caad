// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// The people who can sign in.
enum UserRoutes {
  static func all(_ services: Services) -> [Route] { [list(services), add(services), one(services), change(services)] }

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/platform/users", .platform(.userRead),
      Operation(
        "listUsers", Text(zh: "用户列表", en: "Users"),
        query: Keyset.parameters + [.init("organisation", Text(zh: "只列此组织的", en: "Of this organisation only"))],
        answer: Listing.schematic(userSchema))
    ) { call in
      let query = call.request.target.query
      let page = try Keyset(query)
      let users = try await services.lanes.query(
        UserStore.page(after: page.after, limit: page.limit, organisation: query["organisation"]), in: .platform)
      return Listing.response(users, limit: page.limit, next: \.login, write)
    }
  }

  private static func add(_ services: Services) -> Route {
    Route(
      .post, "/v1/platform/users", .platform(.userWrite), body: newUser,
      Operation("addUser", Text(zh: "新增用户", en: "Add a user"), answer: userSchema, status: 201, failures: [409])
    ) { call, body in
      let contentHash = try await Deed.hashOfSecret(for: call, by: services.passwords)
      let organisation: OrganisationStore.Organisation
      do {
        try await requireRoles(body.platformRoles, services)
        organisation = try await known(body.organisation, services)
      } catch {
        // A repeated request gets its answer also when things have moved on since.
        if let earlier = try await Deed.earlier(for: call, on: services.lanes, contentHash) { return earlier }
        throw error
      }
      let user = UserStore.User(
        id: services.identities.next(at: call.now), login: body.login, displayName: body.displayName, organisation: body.organisation,
        side: organisation.kind, platformRoles: body.platformRoles, disabled: nil, created: call.now, version: 1)
      let add = UserStore.add(
        user.id, login: body.login, displayName: body.displayName, organisation: body.organisation,
        passwordHash: try await services.passwords.hash(body.password), platformRoles: body.platformRoles, at: call.now)
      let note = try call.platformNote("user.add", "user", "\(user.id)", id: services.identities.next(at: call.now))
      do {
        return try await Deed(statements: [add, note], answer: answer(user, status: .created), contentHash: contentHash)
          .perform(for: call, on: services.lanes)
      } catch let error as PostgresError {
        throw explain(error) ?? error
      }
    }
  }

  /// The organisation of a code.
  ///
  /// - Throws: 422 where there is none.
  private static func known(_ code: String, _ services: Services) async throws -> OrganisationStore.Organisation {
    guard let organisation = try await services.lanes.first(OrganisationStore.one(code), in: .platform) else { throw noOrganisation }
    return organisation
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/platform/users/{user}", .platform(.userRead),
      Operation("getUser", Text(zh: "一个用户", en: "One user"), answer: userSchema, entityTag: .sent)
    ) { call in
      try await answer(call.identifier(0), services, status: .ok)
    }
  }

  private static func change(_ services: Services) -> Route {
    Route(
      .put, "/v1/platform/users/{user}", .platform(.userWrite), body: changedUser,
      Operation(
        "changeUser", Text(zh: "修改用户；停用即时生效", en: "Change a user; disabling counts at once"), answer: userSchema, entityTag: .required)
    ) { call, body in
      let id = try call.identifier(0)
      let tag = try EntityTag.required(by: call.request)
      try await requireRoles(body.platformRoles, services)
      guard try await services.lanes.first(UserStore.one(id), in: .platform) != nil else { throw Problem.notFound }
      let change = UserStore.change(
        id, version: Int32(clamping: tag.version), displayName: body.displayName, organisation: body.organisation,
        platformRoles: body.platformRoles, disabled: body.isDisabled ? call.now : nil)
      let note = try call.platformNote("user.change", "user", "\(id)", id: services.identities.next(at: call.now))
      do throws(PostgresError) {
        _ = try await services.lanes.rows(
          [change, note] + (body.isDisabled ? [SessionStore.revokeAll(of: id, at: call.now)] : []), in: .platform, .write)
      } catch {
        if error.state == .changed { throw Problem.changedSince }
        throw explain(error) ?? error
      }
      services.access.forget(id)
      return try await answer(id, services, status: .ok)
    }
  }

  /// Refuses roles that the platform does not have: they would promise what they cannot give.
  private static func requireRoles(_ roles: [String], _ services: Services) async throws {
    if roles.isEmpty { return }
    let known = try await services.lanes.query(RoleStore.listPlatform(), in: .platform).map(\.code)
    let list = known.joined(separator: ", ")
    let faults = roles.enumerated().filter { !known.contains($0.element) }.map { place, _ in
      Fault(
        pointer: "/platformRoles/\(place)", code: "unknown-reference",
        detail: Text(zh: "平台的角色有：\(list)。", en: "The platform's roles are: \(list)."))
    }
    guard faults.isEmpty else { throw Problem(Faults(faults)) }
  }

  private static func answer(_ id: UUIDv7, _ services: Services, status: Status) async throws -> Response {
    guard let user = try await services.lanes.first(UserStore.one(id), in: .platform) else { throw Problem.notFound }
    return answer(user, status: status)
  }

  private static func answer(_ user: UserStore.User, status: Status) -> Response {
    var writer = JSONWriter(capacity: 512)
    write(user, to: &writer)
    return .json(writer.bytes, version: Int64(user.version), status: status)
  }

  private static func explain(_ error: PostgresError) -> Problem? {
    guard case .server(let server) = error else { return nil }
    if server.state == .uniqueViolation, server.constraint == UserStore.loginConstraint {
      return .conflict("login-taken", Text(zh: "此登录名已被使用。", en: "This login is taken."))
    }
    if server.state == .foreignKeyViolation {
      return noOrganisation
    }
    return nil
  }

  private static let noOrganisation = Problem(
    Faults([
      Fault(pointer: "/organisation", code: "unknown-reference", detail: Text(zh: "没有此组织。", en: "There is no such organisation."))
    ]))

  // MARK: Shapes

  private struct NewUser: Sendable {
    let login: String
    let displayName: String
    let organisation: String
    let password: String
    let platformRoles: [String]
  }

  private struct ChangedUser: Sendable {
    let displayName: String
    let organisation: String
    let platformRoles: [String]
    let isDisabled: Bool
  }

  private static let login = Shape<String>.string(
    minLength: 1, maxLength: 64,
    pattern: TextPattern(
      "^[a-z0-9][a-z0-9._@-]{0,63}$", meaning: Text(zh: "小写字母、数字与 . _ @ -", en: "lower-case letters, digits and . _ @ -")
    ) { text in
      text.utf8.allSatisfy { byte in
        byte &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || ".-_@".utf8.contains(byte)
      } && !(text.utf8.first.map { ".-_@".utf8.contains($0) } ?? true)
    })

  private static let newUser: Shape<NewUser> = .object(
    "newUser", Field("login", login), Field("displayName", .string(minLength: 1, maxLength: 100)), Field("organisation", .code),
    Field("password", .string(minLength: 10, maxLength: 200)),
    Field("platformRoles", .array(of: RoleTemplate.codeShape, max: 10), default: [])
  ) { NewUser(login: $0, displayName: $1, organisation: $2, password: $3, platformRoles: $4) }

  private static let changedUser: Shape<ChangedUser> = .object(
    "changedUser", Field("displayName", .string(minLength: 1, maxLength: 100)), Field("organisation", .code),
    Field("platformRoles", .array(of: RoleTemplate.codeShape, max: 10)), Field("disabled", .bool)
  ) { ChangedUser(displayName: $0, organisation: $1, platformRoles: $2, isDisabled: $3) }

  private static func write(_ user: UserStore.User, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("id")
    writer.uuid(user.id)
    writer.key("login")
    writer.string(user.login)
    writer.key("displayName")
    writer.string(user.displayName)
    writer.key("organisation")
    writer.string(user.organisation)
    writer.key("side")
    writer.string(user.side.rawValue)
    writer.key("platformRoles")
    writer.strings(user.platformRoles)
    writer.key("disabledAt")
    if let disabled = user.disabled { writer.instant(disabled) } else { writer.null() }
    writer.key("createdAt")
    writer.instant(user.created)
    writer.key("version")
    writer.integer(user.version)
    writer.endObject()
  }

  private static let userSchema: Operation.Schematic = { _ in
    [
      "type": "object",
      "required": ["id", "login", "displayName", "organisation", "side", "platformRoles", "createdAt", "version"],
      "properties": [
        "id": ["type": "string", "format": "uuid"], "login": ["type": "string"], "displayName": ["type": "string"],
        "organisation": ["type": "string"], "side": ["type": "string"],
        "platformRoles": ["type": "array", "items": ["type": "string"]], "disabledAt": ["type": ["string", "null"]],
        "createdAt": ["type": "string", "format": "date-time"], "version": ["type": "integer"],
      ],
    ]
  }
}
