// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Who has which role in an office: given for a time, ended, never deleted.
enum MemberRoutes {
  static func all(_ services: Services) -> [Route] { [list(services), grant(services), end(services)] }

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/members", .tenant(.memberRead),
      Operation(
        "listMembers", Text(zh: "成员及其角色，新的在前", en: "Members and their roles, newest first"), query: Keyset.parameters,
        answer: Listing.schematic(memberSchema))
    ) { call in
      let tenant = try call.office.tenant
      let page = try Keyset(call.request.target.query)
      let members = try await services.lanes.query(
        MembershipStore.page(after: page.afterIdentifier(), limit: page.limit, at: call.now, in: tenant), in: .tenant(tenant.number))
      return Listing.response(members, limit: page.limit, next: { "\($0.id)" }, write)
    }
  }

  private struct Grant: Sendable {
    let login: String
    let role: String
    let department: String?
    let from: Instant?
    let to: Instant?
  }

  private static let body: Shape<Grant> = .object(
    "memberGrant", about: Text(zh: "给予某用户一个角色。", en: "Gives a user a role."),
    Field("login", .string(minLength: 1, maxLength: 64)), Field("role", RoleTemplate.codeShape), Field(optional: "department", .code),
    Field(optional: "from", .instant), Field(optional: "to", .instant)
  ) { Grant(login: $0, role: $1, department: $2, from: $3, to: $4) }

  private static func grant(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/members", .tenant(.memberWrite), body: body,
      Operation(
        "grantRole", Text(zh: "给予角色；即时生效", en: "Give a role; it counts at once"),
        answer: Listing.named(["id", "version"]), status: 201, failures: [409])
    ) { call, body in
      let office = try call.office
      guard let user = try await services.lanes.first(UserStore.one(login: body.login.lowercased()), in: .platform) else {
        throw unknown("login", Text(zh: "没有此登录名。", en: "There is no such login."))
      }
      let roles = try await services.lanes.query(RoleStore.list(in: office.tenant), in: .tenant(office.tenant.number))
      guard let role = roles.first(where: { $0.code == body.role }) else {
        let known = roles.map(\.code).joined(separator: ", ")
        throw unknown("role", Text(zh: "本单位的角色有：\(known)。", en: "The office's roles are: \(known)."))
      }
      guard role.side == user.side else {
        throw unknown(
          "role",
          Text(
            zh: "\(role.code) 是\(role.side.name.zh)一方的角色，此用户不是。",
            en: "\(role.code) is a role of \(role.side.name.en)'s side; this user is not."))
      }
      let from = body.from ?? call.now
      if let to = body.to, to <= from {
        throw Problem(Faults([Fault(pointer: "/to", code: "out-of-range", detail: Text(zh: "须晚于 from。", en: "It must be after from."))]))
      }
      let id = services.identities.next(at: call.now)
      var writer = JSONWriter(capacity: 96)
      writer.beginObject()
      writer.key("id")
      writer.uuid(id)
      writer.key("version")
      writer.integer(1)
      writer.endObject()
      let deed = Deed(
        statements: MembershipStore.grant(
          id, user: user.id, role: body.role, department: body.department, from: from, to: body.to, by: try call.principal.user,
          at: call.now, in: office.tenant) + [
            try call.note(
              "member.grant", "membership", "\(id)", ["user": .string("\(user.id)"), "role": .string(body.role)],
              id: services.identities.next(at: call.now))
          ], answer: Response.json(writer.bytes, status: .created))
      do {
        let response = try await deed.perform(for: call, on: services.lanes)
        services.access.forget(user.id)
        return response
      } catch let error as PostgresError where body.department != nil && error.state == .foreignKeyViolation {
        throw unknown("department", Text(zh: "本单位没有此科室。", en: "The office has no such department."))
      }
    }
  }

  private static func end(_ services: Services) -> Route {
    Route(
      .delete, "/v1/tenants/{tenant}/members/{member}", .tenant(.memberWrite),
      Operation("endRole", Text(zh: "终止一项角色；即时生效", en: "End a role; it counts at once"), status: 204, entityTag: .required)
    ) { call in
      let office = try call.office
      let id = try call.identifier(1)
      let tag = try EntityTag.required(by: call.request)
      let context = Context.tenant(office.tenant.number)
      guard let grant = try await services.lanes.first(MembershipStore.one(id, in: office.tenant), in: context) else {
        throw Problem.notFound
      }
      let note = try call.note("member.end", "membership", "\(id)", id: services.identities.next(at: call.now))
      do throws(PostgresError) {
        _ = try await services.lanes.rows(
          [MembershipStore.end(id, version: Int32(clamping: tag.version), at: call.now, in: office.tenant), note], in: context, .write)
      } catch {
        if error.state == .changed { throw Problem.changedSince }
        throw error
      }
      services.access.forget(grant.user)
      return Response(.noContent)
    }
  }

  private static func unknown(_ member: String, _ detail: Text) -> Problem {
    Problem(Faults([Fault(pointer: "/\(member)", code: "unknown-reference", detail: detail)]))
  }

  private static func write(_ grant: MembershipStore.Grant, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("id")
    writer.uuid(grant.id)
    writer.key("login")
    writer.string(grant.login)
    writer.key("displayName")
    writer.string(grant.displayName)
    writer.key("organisation")
    writer.string(grant.organisation)
    writer.key("role")
    writer.string(grant.role)
    writer.key("department")
    writer.optional(grant.department)
    writer.key("from")
    writer.instant(grant.from)
    writer.key("to")
    if let to = grant.to { writer.instant(to) } else { writer.null() }
    writer.key("version")
    writer.integer(grant.version)
    writer.endObject()
  }

  private static let memberSchema = Listing.named([
    "id", "login", "displayName", "organisation", "role", "department", "from", "to", "version",
  ])
}
