// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store
import Testing

/// An office, its vendor and a few users, made by the statements of Store, each test with codes of its own.
struct People: Sendable {
  let database: TestDatabase
  let tag: String
  let tenant: TenantID
  let now: Instant

  var office: String { "office-\(tag)" }
  var vendor: String { "vendor-\(tag)" }
  var context: Context { .tenant(tenant.number) }

  static func make(_ tag: String, at now: String = "2026-11-21T10:00:00+08:00") async throws -> People {
    let database = try TestDatabase.current
    let now = try #require(Instant(now))
    let name = Text(zh: "名称", en: "Name")
    _ = try await database.lanes.rows(
      [
        OrganisationStore.add("office-\(tag)", kind: .office, name: name, at: now),
        OrganisationStore.add("vendor-\(tag)", kind: .vendor, name: name, at: now),
      ], in: .platform, .write)
    let description = TenantStore.Description(kind: "town", name: name, organisation: "office-\(tag)", settings: [:])
    let tenant = try #require(try await database.lanes.first(TenantStore.add(tag, description, at: now), in: .platform, .write))
    let people = People(database: database, tag: tag, tenant: tenant, now: now)
    try await people.run(
      RoleStore.put(
        RoleTemplate(code: "supervisor", side: .office, title: name, permissions: [.incidentRead, .incidentDecide]), in: tenant),
      RoleStore.put(RoleTemplate(code: "finance", side: .office, title: name, permissions: [.invoiceWrite]), in: tenant),
      RoleStore.put(RoleTemplate(code: "manager", side: .vendor, title: name, permissions: [.incidentRead, .invoiceWrite]), in: tenant))
    return people
  }

  /// Runs statements in the office's context, in one transaction.
  func run(_ statements: Statement...) async throws {
    _ = try await database.lanes.rows(statements, in: context, .write)
  }

  func addUser(_ name: String, of organisation: String? = nil, platformRoles: [String] = []) async throws -> UUIDv7 {
    let id = newID()
    _ = try await database.lanes.rows(
      UserStore.add(
        id, login: "\(name)-\(tag)", displayName: name, organisation: organisation ?? office, passwordHash: nil,
        platformRoles: platformRoles,
        at: now), in: .platform, .write)
    return id
  }

  func newID() -> UUIDv7 { UUIDv7(at: now, random: .random(in: .min ... .max)) }

  @discardableResult
  func grant(_ role: String, to user: UUIDv7, from: String? = nil, until to: String? = nil) async throws -> UUIDv7 {
    let id = newID()
    let statements = MembershipStore.grant(
      id, user: user, role: role, department: nil, from: try from.map { try #require(Instant($0)) } ?? now,
      to: try to.map { try #require(Instant($0)) }, by: nil, at: now, in: tenant)
    _ = try await database.lanes.rows(statements, in: context, .write)
    return id
  }

  func membership(of user: UUIDv7, at instant: String? = nil) async throws -> Membership? {
    try await AccessStore(lanes: database.lanes)
      .membership(of: user, in: tenant, at: try instant.map { try #require(Instant($0)) } ?? now)
  }

  /// A contract of the vendor's, until a last day.
  func addContract(_ id: String, from: String, until: String?, state: String = "active") throws {
    let until = until.map { "'\($0)'" } ?? "NULL"
    try database.sql(
      """
      INSERT INTO contract (tenant_id, contract_id, vendor, title_zh, title_en, state, vendor_from, vendor_until, created_at)
      VALUES (\(tenant), '\(id)', '\(vendor)', '合同', 'Contract', '\(state)', '\(from)', \(until), now())
      """)
  }
}
