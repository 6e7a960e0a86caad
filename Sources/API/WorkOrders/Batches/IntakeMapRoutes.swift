// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// What the headings of an office's files mean, kept under names 表头对照.
enum IntakeMapRoutes {
  static func all(_ services: Services) -> [Route] {
    [list(services), one(services), version(services), put(services), remove(services)]
  }

  private static let members = ["name", "version", "writtenAt", "map"]

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/intake-maps", .tenant(.officeRead),
      Operation(
        "listIntakeMaps", Text(zh: "导入文件的表头对照，按名称", en: "What the headings of files mean, by name"), query: Keyset.parameters,
        answer: Listing.schematic(described))
    ) { call in
      let tenant = try call.office.tenant
      let page = try Keyset(call.request.target.query)
      let maps = try await services.lanes.query(
        IntakeMapStore.page(after: page.after, limit: page.limit, in: tenant), in: .tenant(tenant.number))
      return Listing.response(maps, limit: page.limit, next: \.name, write)
    }
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/intake-maps/{map}", .tenant(.officeRead),
      Operation("getIntakeMap", Text(zh: "一份表头对照", en: "One map of headings"), answer: described, entityTag: .sent)
    ) { call in
      let version = try await latest(call, services)
      guard let version, version.document != nil else { throw Problem.notFound }
      return answer(version)
    }
  }

  private static func version(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/intake-maps/{map}/versions/{version}", .tenant(.officeRead),
      Operation(
        "getIntakeMapVersion", Text(zh: "表头对照的一个版本，删除后仍可查", en: "A version of a map of headings, also of one that was taken away"),
        answer: described)
    ) { call in
      let tenant = try call.office.tenant
      guard let number = Int32(try call.variable(2)),
        let version = try await services.lanes.first(
          IntakeMapStore.one(call.variable(1), number, in: tenant), in: .tenant(tenant.number)), version.document != nil
      else { throw Problem.notFound }
      return answer(version)
    }
  }

  private static func put(_ services: Services) -> Route {
    Route(
      .put, "/v1/tenants/{tenant}/intake-maps/{map}", .tenant(.intakeMapWrite), body: IntakeMap.shape,
      Operation(
        "putIntakeMap", Text(zh: "写入表头对照的新版本", en: "Write a new version of a map of headings"), answer: described,
        failures: [404, 422], entityTag: .required)
    ) { call, map in
      let latest = try await latest(call, services)
      let isThere = latest?.document != nil
      // The first version is asked for as such; a name that was taken away may be given again.
      if call.request.headers[.ifMatch] == nil, call.request.headers[.ifNoneMatch] == "*" {
        if isThere { throw Problem.changedSince }
      } else {
        guard try EntityTag.required(by: call.request).version == Int64(latest?.number ?? 0), isThere else { throw Problem.changedSince }
      }
      return try await write(map.json, behind: latest, "intake-map.write", call, services)
    }
  }

  private static func remove(_ services: Services) -> Route {
    Route(
      .delete, "/v1/tenants/{tenant}/intake-maps/{map}", .tenant(.intakeMapWrite),
      Operation(
        "deleteIntakeMap", Text(zh: "删除表头对照；其各版本留作记录", en: "Take a map of headings away; its versions stay on record"),
        status: 204, entityTag: .required)
    ) { call in
      let tag = try EntityTag.required(by: call.request)
      guard let latest = try await latest(call, services), latest.document != nil else { throw Problem.notFound }
      guard tag.version == Int64(latest.number) else { throw Problem.changedSince }
      _ = try await write(nil, behind: latest, "intake-map.delete", call, services)
      return Response(.noContent)
    }
  }

  /// The latest version of the map that the path names, also the one with which it was taken away.
  ///
  /// - Throws: 404 for what can be no name.
  private static func latest(_ call: Call, _ services: Services) async throws -> IntakeMapStore.Version? {
    let tenant = try call.office.tenant
    guard case .success(let name) = Shape<String>.code.decode(.string(try call.variable(1))) else { throw Problem.notFound }
    return try await services.lanes.first(IntakeMapStore.latest(name, in: tenant), in: .tenant(tenant.number), .write)
  }

  private static func write(
    _ document: JSON?, behind latest: IntakeMapStore.Version?, _ action: String, _ call: Call, _ services: Services
  ) async throws -> Response {
    let tenant = try call.office.tenant
    let name = try call.variable(1)
    let known = latest?.number ?? 0
    let note = try call.note(
      action, "intake-map", name, ["version": .integer(Int64(known + 1))], id: services.identities.next(at: call.now))
    let statements = IntakeMapStore.put(document, as: name, behind: known, by: try call.principal.user, at: call.now, in: tenant)
    do throws(PostgresError) {
      _ = try await services.lanes.rows(statements + [note], in: .tenant(tenant.number), .write)
    } catch {
      if error.state == .changed || error.violatesUnique(IntakeMapStore.constraint) { throw Problem.changedSince }
      throw error
    }
    return answer(IntakeMapStore.Version(name: name, number: known + 1, document: document, written: call.now))
  }

  private static func answer(_ version: IntakeMapStore.Version) -> Response {
    var writer = JSONWriter(capacity: 2048)
    write(version, to: &writer)
    return .json(writer.bytes, version: Int64(version.number))
  }

  private static func write(_ version: IntakeMapStore.Version, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("name")
    writer.string(version.name)
    writer.key("version")
    writer.integer(version.number)
    writer.key("writtenAt")
    writer.instant(version.written)
    writer.key("map")
    writer.value(version.document ?? .null)
    writer.endObject()
  }

  private static let described: Operation.Schematic = { definitions in
    [
      "type": "object", "required": .array(members.map { .string($0) }),
      "properties": [
        "name": ["type": "string"], "version": ["type": "integer"], "writtenAt": ["type": "string", "format": "date-time"],
        "map": IntakeMap.shape.schema(collecting: &definitions),
      ],
    ]
  }
}
