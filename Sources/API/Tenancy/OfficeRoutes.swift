// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// An office as its members see it: what it is, its departments, its vendor's people and their posts.
enum OfficeRoutes {
  static func all(_ services: Services) -> [Route] {
    [office(services), departments(services), staff(services), posts(services), roles(services), audit(services)]
  }

  private static func office(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}", .tenant(.officeRead),
      Operation("getOffice", Text(zh: "本单位", en: "The office"), answer: officeSchema)
    ) { call in
      guard let office = try await services.lanes.first(TenantStore.one(call.office.code), in: .platform) else { throw Problem.notFound }
      var writer = JSONWriter(capacity: 512)
      write(office, to: &writer)
      return Response.json(writer.bytes)
    }
  }

  private static func departments(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/departments", .tenant(.departmentRead),
      Operation(
        "listDepartments", Text(zh: "科室与村（社区），按代码", en: "Departments and villages, by code"),
        answer: Listing.schematic(Listing.named(["code", "parent", "kind", "name"])))
    ) { call in
      let tenant = try call.office.tenant
      let departments = try await services.lanes.query(DepartmentStore.list(in: tenant), in: .tenant(tenant.number))
      return Listing.response(departments) { department, writer in
        writer.beginObject()
        writer.key("code")
        writer.string(department.code)
        writer.key("parent")
        writer.optional(department.parent)
        writer.key("kind")
        writer.string(department.kind)
        writer.key("name")
        writer.text(department.name)
        writer.endObject()
      }
    }
  }

  private static func staff(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/staff", .tenant(.staffRead),
      Operation(
        "listStaff", Text(zh: "人员，按代码", en: "People, by code"), query: Keyset.parameters,
        answer: Listing.schematic(Listing.named(["code", "displayName", "organisation", "department"])))
    ) { call in
      let tenant = try call.office.tenant
      let page = try Keyset(call.request.target.query)
      let people = try await services.lanes.query(
        StaffStore.page(after: page.after, limit: page.limit, vendor: call.vendor, in: tenant), in: .tenant(tenant.number))
      return Listing.response(people, limit: page.limit, next: \.code) { person, writer in
        writer.beginObject()
        writer.key("code")
        writer.string(person.code)
        writer.key("displayName")
        writer.string(person.displayName)
        writer.key("organisation")
        writer.string(person.organisation)
        writer.key("department")
        writer.optional(person.department)
        writer.endObject()
      }
    }
  }

  private static func posts(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/posts", .tenant(.staffRead),
      Operation(
        "listPosts", Text(zh: "合同要求的岗位及在岗人员", en: "The posts that the contracts ask for, and who holds them"),
        answer: Listing.schematic(Listing.named(["contract", "code", "title", "places", "assigned"])))
    ) { call in
      let tenant = try call.office.tenant
      let context = Context.tenant(tenant.number)
      let membership = try call.office.membership
      let posts = try await services.lanes.query(StaffStore.posts(in: tenant), in: context)
        .filter { membership.sees(contract: $0.contract) }
      let assignments = try await services.lanes.query(StaffStore.assignments(in: tenant), in: context)
      return Listing.response(posts) { post, writer in
        writer.beginObject()
        writer.key("contract")
        writer.string(post.contract)
        writer.key("code")
        writer.string(post.code)
        writer.key("title")
        writer.text(post.title)
        writer.key("places")
        writer.integer(post.places)
        writer.key("assigned")
        writer.beginArray()
        for assignment in assignments where assignment.contract == post.contract && assignment.post == post.code {
          writer.beginObject()
          writer.key("person")
          writer.string(assignment.person)
          writer.key("from")
          writer.date(assignment.from)
          writer.key("to")
          if let to = assignment.to { writer.date(to) } else { writer.null() }
          writer.endObject()
        }
        writer.endArray()
        writer.endObject()
      }
    }
  }

  private static func roles(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/roles", .tenant(.memberRead),
      Operation(
        "listRoles", Text(zh: "本单位的角色及其权限", en: "The office's roles and what they may do"),
        answer: Listing.schematic(Listing.named(["code", "side", "title", "permissions"])))
    ) { call in
      let tenant = try call.office.tenant
      let roles = try await services.lanes.query(RoleStore.list(in: tenant), in: .tenant(tenant.number))
      return Listing.response(roles) { role, writer in
        writer.beginObject()
        writer.key("code")
        writer.string(role.code)
        writer.key("side")
        writer.string(role.side.rawValue)
        writer.key("title")
        writer.text(role.title)
        writer.key("permissions")
        writer.strings(role.permissions.map(\.rawValue))
        writer.endObject()
      }
    }
  }

  private static func audit(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/audit", .tenant(.auditRead),
      Operation(
        "listAudit", Text(zh: "本单位的操作日志，新的在前", en: "What was done in the office, newest first"), query: Keyset.parameters,
        answer: Listing.schematic(Listing.named(["id", "at", "side", "action", "subjectKind", "subject"])))
    ) { call in
      let tenant = try call.office.tenant
      let page = try Keyset(call.request.target.query)
      let rows = try await services.lanes.rows(
        AuditStore.page(after: page.afterIdentifier(), limit: page.limit, in: tenant), in: .tenant(tenant.number))
      return try Page.response(rows, limit: page.limit, identifier: 0, AuditStore.write)
    }
  }

  // MARK: Answers

  static func write(_ office: TenantStore.Tenant, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("code")
    writer.string(office.code)
    writer.key("kind")
    writer.string(office.kind)
    writer.key("name")
    writer.text(office.name)
    writer.key("organisation")
    writer.string(office.organisation)
    writer.key("state")
    writer.string(office.state.rawValue)
    writer.key("settings")
    writer.value(office.settings)
    writer.key("createdAt")
    writer.instant(office.created)
    writer.key("version")
    writer.integer(office.version)
    writer.endObject()
  }

  static let officeSchema = Listing.named(["code", "kind", "name", "organisation", "state", "settings", "createdAt", "version"])
}
