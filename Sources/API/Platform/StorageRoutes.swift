// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// How much an office may keep in files, and keeps: for those who run the platform.
enum StorageRoutes {
  static func all(_ services: Services) -> [Route] { [show(services), bound(services)] }

  private static let members = ["usedOctets", "quotaOctets", "greatestFileOctets"]

  private struct Bounds: Sendable {
    let quota: Int64
    let greatestFile: Int64
  }

  private static let bounds: Shape<Bounds> = .object(
    "storageBounds", about: Text(zh: "单位附件的总量与单个文件上限（字节）。", en: "How much an office's files may come to, and one of them, in octets."),
    Field("quotaOctets", .integer(0...(1 << 50))), Field("greatestFileOctets", .integer(1...Int64(AttachmentUpload.greatest)))
  ) { Bounds(quota: Int64($0), greatestFile: Int64($1)) }

  private static func show(_ services: Services) -> Route {
    Route(
      .get, "/v1/platform/tenants/{tenant}/storage", .platform(.tenantRead),
      Operation("getStorage", Text(zh: "单位的附件用量与上限", en: "What an office's files come to, and may"), answer: Listing.named(members))
    ) { call in try await answer(call, services) }
  }

  private static func bound(_ services: Services) -> Route {
    Route(
      .put, "/v1/platform/tenants/{tenant}/storage", .platform(.tenantApply), body: bounds,
      Operation(
        "setStorage", Text(zh: "设定单位的附件上限", en: "Say what an office's files may come to"), answer: Listing.named(members),
        failures: [409])
    ) { call, bounds in
      let code = try call.variable(0)
      guard let tenant = try await services.lanes.first(TenantStore.one(code), in: .platform) else { throw Problem.notFound }
      let note = try call.platformNote(
        "tenant.storage", "tenant", code, ["quotaOctets": .integer(bounds.quota), "greatestFileOctets": .integer(bounds.greatestFile)],
        id: services.identities.next(at: call.now))
      do throws(PostgresError) {
        _ = try await services.lanes.rows(
          [AttachmentStore.bound(quota: bounds.quota, greatestFile: bounds.greatestFile, in: tenant.id), note],
          in: .tenant(tenant.id.number), .write)
      } catch {
        guard case .server(let server) = error, server.constraint == AttachmentStore.quota else { throw error }
        throw Problem.conflict(
          "quota-below-use", Text(zh: "配额不能低于已用量。", en: "The quota cannot be less than what is used."))
      }
      return try await answer(call, services)
    }
  }

  private static func answer(_ call: Call, _ services: Services) async throws -> Response {
    guard let tenant = try await services.lanes.first(TenantStore.one(call.variable(0)), in: .platform) else { throw Problem.notFound }
    let account = try await services.lanes.first(AttachmentStore.account(of: tenant.id), in: .tenant(tenant.id.number), .write)
    var writer = JSONWriter(capacity: 128)
    writer.beginObject()
    writer.key("usedOctets")
    writer.integer(account?.used ?? 0)
    writer.key("quotaOctets")
    writer.integer(account?.quota ?? AttachmentStore.standardQuota)
    writer.key("greatestFileOctets")
    writer.integer(account?.greatestFile ?? AttachmentStore.standardGreatestFile)
    writer.endObject()
    return .json(writer.bytes)
  }
}
