// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store
import Testing

@Suite("Memberships in the database", .database())
struct MembershipStoreTests {
  @Test("roles add up while they hold, and the answer says until when it may be remembered")
  func times() async throws {
    let people = try await People.make("times")
    let user = try await people.addUser("someone")
    #expect(try await people.membership(of: user) == nil)
    try await people.grant("supervisor", to: user, from: "2026-11-01T00:00:00+08:00", until: "2026-12-01T00:00:00+08:00")
    try await people.grant("finance", to: user, from: "2026-11-25T00:00:00+08:00")

    let now = try #require(try await people.membership(of: user))
    #expect(now.roles == ["supervisor"] && now.side == .office && now.tenant == people.tenant && now.user == user)
    #expect(now.permissions == PermissionSet([.incidentRead, .incidentDecide]))
    // The next role begins before the present one ends.
    #expect(now.ends == Instant("2026-11-25T00:00:00+08:00"))

    let both = try #require(try await people.membership(of: user, at: "2026-11-25T00:00:00+08:00"))
    #expect(both.roles == ["supervisor", "finance"] && both.permissions.contains(.invoiceWrite))
    #expect(both.ends == Instant("2026-12-01T00:00:00+08:00"))
    let later = try #require(try await people.membership(of: user, at: "2026-12-01T00:00:00+08:00"))
    #expect(later.roles == ["finance"] && later.ends == nil)
    #expect(try await people.membership(of: user, at: "2026-10-31T23:59:59+08:00") == nil)
  }

  @Test("a role in one office says nothing in another")
  func offices() async throws {
    let here = try await People.make("here")
    let there = try await People.make("there")
    let user = try await here.addUser("someone")
    try await here.grant("supervisor", to: user)
    #expect(try await here.membership(of: user) != nil)
    #expect(try await there.membership(of: user) == nil)
    let lanes = here.database.lanes
    #expect(try await lanes.query(TenantStore.list(of: user), in: .platform).map(\.code) == ["here"])
    // A statement that speaks of the other office in this one's context sees nothing.
    let rows = try await lanes.rows(MembershipStore.current(of: user, in: here.tenant, at: here.now), in: there.context)
    #expect(rows.isEmpty)
  }

  @Test("a vendor's people get in while a contract of theirs lasts, to the end of its last day in Shanghai")
  func vendor() async throws {
    let people = try await People.make("vendor")
    let user = try await people.addUser("manager", of: people.vendor)
    try await people.grant("manager", to: user, from: "2026-01-01T00:00:00+08:00")
    #expect(try await people.membership(of: user) == nil)
    try people.addContract("draft", from: "2026-01-01", until: nil, state: "draft")
    #expect(try await people.membership(of: user) == nil)
    try people.addContract("first", from: "2026-11-01", until: "2026-11-30")
    let now = try #require(try await people.membership(of: user))
    #expect(now.side == .vendor && now.ends == Instant("2026-12-01T00:00:00+08:00"))
    #expect(try await people.membership(of: user, at: "2026-10-31T23:59:59+08:00") == nil)
    #expect(try await people.membership(of: user, at: "2026-11-30T23:59:59+08:00") != nil)
    #expect(try await people.membership(of: user, at: "2026-12-01T00:00:00+08:00") == nil)
    try people.addContract("second", from: "2026-11-15", until: nil)
    // What may be remembered is also which contracts there are to see: the first one ends first.
    let both = try #require(try await people.membership(of: user))
    #expect(both.contracts == ["first", "second"] && both.ends == Instant("2026-12-01T00:00:00+08:00"))
    let later = try #require(try await people.membership(of: user, at: "2026-12-01T00:00:00+08:00"))
    #expect(later.contracts == ["second"] && later.ends == nil && later.sees(contract: "second") && !later.sees(contract: "first"))
    try people.addContract("third", from: "2027-01-01", until: nil)
    #expect(try await people.membership(of: user, at: "2026-12-01T00:00:00+08:00")?.ends == Instant("2027-01-01T00:00:00+08:00"))
  }

  @Test("nobody holds the other side's role")
  func sides() async throws {
    let people = try await People.make("sides")
    try people.addContract("main", from: "2026-01-01", until: nil)
    let official = try await people.addUser("official")
    let manager = try await people.addUser("manager", of: people.vendor)
    try await people.grant("manager", to: official)
    try await people.grant("supervisor", to: manager)
    #expect(try await people.membership(of: official) == nil)
    #expect(try await people.membership(of: manager) == nil)
  }

  @Test("a disabled user, a suspended office and an ended grant let nobody in")
  func closed() async throws {
    let people = try await People.make("closed")
    let lanes = people.database.lanes
    let user = try await people.addUser("someone")
    let grant = try await people.grant("supervisor", to: user, from: "2026-11-01T00:00:00+08:00")
    let listed = try #require(try await lanes.first(MembershipStore.one(grant, in: people.tenant), in: people.context))
    #expect(listed.login == "someone-closed" && listed.role == "supervisor" && listed.version == 1 && listed.to == nil)

    _ = try await lanes.rows(TenantStore.setState(.suspended, of: "closed", version: 1), in: .platform, .write)
    #expect(try await lanes.first(TenantStore.one("closed"), in: .platform)?.state == .suspended)
    #expect(try await people.membership(of: user) == nil)
    #expect(try await AccessStore(lanes: lanes).tenant(code: "closed") == nil)
    _ = try await lanes.rows(TenantStore.setState(.active, of: "closed", version: 2), in: .platform, .write)
    #expect(try await AccessStore(lanes: lanes).tenant(code: "closed") == people.tenant)
    #expect(try await people.membership(of: user) != nil)

    try await people.run(MembershipStore.end(grant, version: 1, at: people.now, in: people.tenant))
    #expect(try await people.membership(of: user) == nil)
    let page = try await lanes.query(MembershipStore.page(after: nil, limit: 10, at: people.now, in: people.tenant), in: people.context)
    #expect(page.isEmpty)
  }
}
