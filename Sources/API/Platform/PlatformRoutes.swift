// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// What belongs to the deployment: its tenants, organisations, calendars, audit log.
enum PlatformRoutes {
  static func all(_ services: Services) -> [Route] {
    [tenants(services), tenant(services), setState(services), organisations(services), calendars(services), audit(services)]
  }

  private static func tenants(_ services: Services) -> Route {
    Route(
      .get, "/v1/platform/tenants", .platform(.tenantRead),
      Operation(
        "listTenants", Text(zh: "租户（街乡镇）列表", en: "Tenants"), query: Keyset.parameters,
        answer: Listing.schematic(OfficeRoutes.officeSchema))
    ) { call in
      let page = try Keyset(call.request.target.query)
      let tenants = try await services.lanes.query(TenantStore.page(after: page.after, limit: page.limit), in: .platform)
      return Listing.response(tenants, limit: page.limit, next: \.code, OfficeRoutes.write)
    }
  }

  private static func tenant(_ services: Services) -> Route {
    Route(
      .get, "/v1/platform/tenants/{tenant}", .platform(.tenantRead),
      Operation("getTenant", Text(zh: "一个租户", en: "One tenant"), answer: OfficeRoutes.officeSchema, entityTag: .sent)
    ) { call in
      try await answer(call.variable(0), services)
    }
  }

  private static let state: Shape<TenantStore.State> = .object(
    "tenantState",
    about: Text(
      zh: "开放、暂停或关闭一个租户；暂停时数据保留，无人可入。", en: "Opens, suspends or closes a tenant; suspended, everything stays and nobody gets in."),
    Field("state", .enumeration(TenantStore.State.self))
  ) { $0 }

  private static func setState(_ services: Services) -> Route {
    Route(
      .put, "/v1/platform/tenants/{tenant}/state", .platform(.tenantApply), body: state,
      Operation(
        "setTenantState", Text(zh: "开放、暂停或关闭租户", en: "Open, suspend or close a tenant"), answer: OfficeRoutes.officeSchema,
        entityTag: .required)
    ) { call, state in
      let code = try call.variable(0)
      let tag = try EntityTag.required(by: call.request)
      guard try await services.lanes.first(TenantStore.one(code), in: .platform) != nil else { throw Problem.notFound }
      let note = try call.platformNote(
        "tenant.state", "tenant", code, ["state": .string(state.rawValue)], id: services.identities.next(at: call.now))
      do throws(PostgresError) {
        _ = try await services.lanes.rows(
          [TenantStore.setState(state, of: code, version: Int32(clamping: tag.version)), note], in: .platform, .write)
      } catch {
        if error.state == .changed { throw Problem.changedSince }
        throw error
      }
      services.access.forget(office: code)
      return try await answer(code, services)
    }
  }

  private static func answer(_ code: String, _ services: Services) async throws -> Response {
    guard let tenant = try await services.lanes.first(TenantStore.one(code), in: .platform) else { throw Problem.notFound }
    var writer = JSONWriter(capacity: 512)
    OfficeRoutes.write(tenant, to: &writer)
    return .json(writer.bytes, version: Int64(tenant.version))
  }

  private static func organisations(_ services: Services) -> Route {
    Route(
      .get, "/v1/platform/organisations", .platform(.organisationRead),
      Operation(
        "listOrganisations", Text(zh: "组织：单位、乙方、平台", en: "Organisations: offices, vendors, the platform"), query: Keyset.parameters,
        answer: Listing.schematic(Listing.named(["code", "kind", "name", "version"])))
    ) { call in
      let page = try Keyset(call.request.target.query)
      let organisations = try await services.lanes.query(OrganisationStore.page(after: page.after, limit: page.limit), in: .platform)
      return Listing.response(organisations, limit: page.limit, next: \.code) { organisation, writer in
        writer.beginObject()
        writer.key("code")
        writer.string(organisation.code)
        writer.key("kind")
        writer.string(organisation.kind.rawValue)
        writer.key("name")
        writer.text(organisation.name)
        writer.key("version")
        writer.integer(organisation.version)
        writer.endObject()
      }
    }
  }

  private static func calendars(_ services: Services) -> Route {
    Route(
      .get, "/v1/platform/calendars", .signedIn,
      Operation(
        "listCalendars", Text(zh: "已载入的工作日历年份", en: "The years whose working calendar is loaded"),
        answer: Listing.schematic(Listing.named(["year", "source", "loadedAt"])))
    ) { _ in
      let years = try await services.lanes.query(CalendarStore.years(), in: .platform)
      return Listing.response(years) { year, writer in
        writer.beginObject()
        writer.key("year")
        writer.integer(year.year)
        writer.key("source")
        writer.text(year.source)
        writer.key("loadedAt")
        writer.instant(year.at)
        writer.endObject()
      }
    }
  }

  private static func audit(_ services: Services) -> Route {
    Route(
      .get, "/v1/platform/audit", .platform(.platformAuditRead),
      Operation(
        "listPlatformAudit", Text(zh: "平台操作日志，新的在前", en: "What was done on the platform, newest first"), query: Keyset.parameters,
        answer: Listing.schematic(Listing.named(["id", "at", "actor", "action", "subjectKind", "subject", "data"])))
    ) { call in
      let page = try Keyset(call.request.target.query)
      let entries = try await services.lanes.query(
        PlatformAuditStore.page(after: page.afterIdentifier(), limit: page.limit), in: .platform)
      return Listing.response(entries, limit: page.limit, next: { "\($0.id)" }) { entry, writer in
        writer.beginObject()
        writer.key("id")
        writer.uuid(entry.id)
        writer.key("at")
        writer.instant(entry.at)
        writer.key("actor")
        if let actor = entry.actor { writer.uuid(actor) } else { writer.null() }
        writer.key("action")
        writer.string(entry.action)
        writer.key("subjectKind")
        writer.string(entry.subjectKind)
        writer.key("subject")
        writer.string(entry.subject)
        writer.key("request")
        writer.optional(entry.request)
        writer.key("data")
        writer.value(entry.data)
        writer.endObject()
      }
    }
  }
}
