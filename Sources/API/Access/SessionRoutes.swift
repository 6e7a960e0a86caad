// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Postgres
import Store

/// Signing in and out, and what one may know about oneself.
enum SessionRoutes {
  static func all(_ services: Services) -> [Route] {
    [open(services), current(services), close(services), list(services), revoke(services), changePassword(services)]
  }

  /// From this many wrong passwords on, nobody signs in as the user for `lockedFor`.
  private static let failuresAllowed: Int32 = 5
  private static let lockedFor: Int64 = 15 * Instant.minute

  static let badCredentials = Problem(
    status: 401, code: "bad-credentials", title: Text(zh: "登录失败", en: "Sign-in failed"),
    detail: Text(
      zh: "登录名或口令不正确，或该用户已停用或暂时锁定（连续五次错误锁定十五分钟）。",
      en: "Login or password are wrong, or the user is disabled or locked for now (fifteen minutes after five wrong passwords)."))

  private static func open(_ services: Services) -> Route {
    Route(
      .post, "/v1/session", .anyone(because: "signing in is how a session begins"), body: SessionBody.opening,
      Operation(
        "openSession", Text(zh: "登录", en: "Sign in"), answer: { _ in SessionBody.openedSchema }, status: 201, failures: [401, 422])
    ) { call, body in
      let (user, hash) = try await check(body.password, of: body.login.lowercased(), call, services)
      return try await open(body, for: user, knowing: hash, call, services)
    }
  }

  /// Checks a password; a wrong one counts towards the lock, wherever it was given.
  ///
  /// - Returns: whose it is, and the stored hash that it fits.
  private static func check(
    _ password: String, of login: String, _ call: Call, _ services: Services
  ) async throws -> (user: UUIDv7, hash: String) {
    let found = try await services.lanes.first(UserStore.credentials(login: login), in: .platform)
    let isOpen = found.map { !$0.isDisabled && ($0.lockedUntil.map { $0 <= call.now } ?? true) } ?? false
    let isRight = try await services.passwords.check(password, against: isOpen ? found?.passwordHash : nil)
    guard let found, let hash = found.passwordHash, isOpen, isRight else {
      if let found, isOpen {
        let until = try call.now.adding(microseconds: lockedFor)
        _ = try await services.lanes.rows(
          UserStore.countFailure(of: found.user, limit: failuresAllowed, lockedUntil: until), in: .platform, .write)
      }
      throw badCredentials
    }
    return (found.user, hash)
  }

  private static func open(
    _ body: SessionBody.Opening, for user: UUIDv7, knowing hash: String, _ call: Call, _ services: Services
  ) async throws -> Response {
    let token = Base64.url.encode(try SecureRandom.bytes(32))
    let hours = body.hours ?? services.sessionHours
    let expires = try call.now.adding(microseconds: Int64(hours) * Instant.hour)
    let session = SessionStore.New(
      id: services.identities.next(at: call.now), tokenHash: try SHA256.digest(of: Array(token.utf8)), user: user,
      presentation: body.presentation, label: body.label, scopes: body.scopes, created: call.now, expires: expires)
    do throws(PostgresError) {
      _ = try await services.lanes.rows(
        [UserStore.clearFailures(of: user), SessionStore.open(session, knowing: hash)], in: .platform, .write)
    } catch {
      // The password was changed, or the user disabled, while it was checked.
      if error.state == .changed { throw badCredentials }
      throw error
    }
    var response = Response.json(SessionBody.opened(session, token: token), status: .created)
    response.headers.append(.cacheControl, "no-store")
    if body.presentation == .cookie { response.headers.append(.setCookie, SessionCookie.set(token, seconds: hours * 3600)) }
    return response
  }

  private static func current(_ services: Services) -> Route {
    Route(
      .get, "/v1/session", .signedIn,
      Operation(
        "getSession", Text(zh: "当前会话：我是谁，在哪些单位任何角色", en: "The session: who I am, what I am in which office"),
        answer: { _ in ["type": "object"] })
    ) { call in
      let principal = try call.principal
      let tenants = try await services.lanes.query(TenantStore.list(of: principal.user), in: .platform)
      var writer = JSONWriter(capacity: 1024)
      writer.beginObject()
      SessionBody.write(principal, to: &writer)
      writer.key("offices")
      writer.beginArray()
      for tenant in tenants {
        let rows = try await services.lanes.rows(
          MembershipStore.current(of: principal.user, in: tenant.id, at: call.now), in: .tenant(tenant.id.number))
        guard let membership = try MembershipStore.current(from: rows, of: principal.user, in: tenant.id, at: call.now) else { continue }
        SessionBody.write(membership, of: tenant, within: principal.scopes, to: &writer)
      }
      writer.endArray()
      writer.endObject()
      return Response.json(writer.bytes)
    }
  }

  private static func close(_ services: Services) -> Route {
    Route(
      .delete, "/v1/session", .signedIn, Operation("closeSession", Text(zh: "退出登录", en: "Sign out"), status: 204)
    ) { call in
      if let hash = try Gatekeeper.tokenHash(of: call.request)?.hash {
        _ = try await services.lanes.rows(SessionStore.revoke(tokenHash: hash, at: call.now), in: .platform, .write)
        services.access.forget(try call.principal.user)
      }
      return Response(.noContent, headers: [.setCookie: SessionCookie.clear])
    }
  }

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/sessions", .signedIn,
      Operation(
        "listSessions", Text(zh: "我的会话与令牌", en: "My sessions and tokens"), answer: { _ in SessionBody.listSchema })
    ) { call in
      try requireWhole(call.principal)
      let sessions = try await services.lanes.query(SessionStore.list(of: call.principal.user, at: call.now), in: .platform)
      return Response.json(SessionBody.list(sessions))
    }
  }

  private static func revoke(_ services: Services) -> Route {
    Route(
      .delete, "/v1/sessions/{session}", .signedIn,
      Operation("revokeSession", Text(zh: "撤销我的一个会话或令牌", en: "Revoke a session or token of mine"), status: 204)
    ) { call in
      try requireWhole(call.principal)
      let statement = SessionStore.revoke(try call.identifier(0), of: try call.principal.user, at: call.now)
      guard try await services.lanes.rows(statement, in: .platform, .write).affected == 1 else { throw Problem.notFound }
      services.access.forget(try call.principal.user)
      return Response(.noContent)
    }
  }

  private static func changePassword(_ services: Services) -> Route {
    Route(
      .put, "/v1/session/password", .signedIn, body: SessionBody.newPassword,
      Operation(
        "changePassword", Text(zh: "修改我的口令；其他会话随即失效", en: "Change my password; every session ends"), status: 204)
    ) { call, body in
      let principal = try call.principal
      try requireWhole(principal)
      let old = try await check(body.current, of: principal.login, call, services).hash
      let hash = try await services.passwords.hash(body.new)
      let statements = [
        UserStore.setPassword(hash, of: principal.user, insteadOf: old), SessionStore.revokeAll(of: principal.user, at: call.now),
        PlatformAuditStore.add(
          id: services.identities.next(at: call.now), at: call.now, actor: principal.user, action: "user.password", subjectKind: "user",
          subject: "\(principal.user)", request: "\(call.request.id)"),
      ]
      do throws(PostgresError) {
        _ = try await services.lanes.rows(statements, in: .platform, .write)
      } catch {
        if error.state == .changed { throw badCredentials }
        throw error
      }
      services.access.forget(principal.user)
      return Response(.noContent, headers: [.setCookie: SessionCookie.clear])
    }
  }

  /// Refuses a token that is limited to some permissions: to rule over its user's sessions and password is none of them.
  private static func requireWhole(_ principal: Principal) throws(Problem) {
    if principal.scopes != nil {
      throw Problem(
        status: 403, code: "scoped-token", title: Text(zh: "令牌权限受限", en: "Limited token"),
        detail: Text(
          zh: "限定了 scopes 的令牌不能管理会话与口令。", en: "A token that is limited to scopes does not manage sessions or the password."))
    }
  }
}
