// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Postgres
import Store
import Testing

@Suite("Sessions and users in the database", .database())
struct SessionStoreTests {
  private func open(
    _ people: People, for user: UUIDv7, scopes: [Permission]? = nil, presentation: Principal.Presentation = .bearer, hours: Int64 = 12
  ) async throws -> (id: UUIDv7, hash: [UInt8]) {
    let hash = try SHA256.digest(of: try SecureRandom.bytes(32))
    let id = people.newID()
    let expires = try #require(Instant(microseconds: people.now.microseconds + hours * Instant.hour))
    let session = SessionStore.New(
      id: id, tokenHash: hash, user: user, presentation: presentation, scopes: scopes, created: people.now, expires: expires)
    _ = try await people.database.lanes.rows(SessionStore.open(session), in: .platform, .write)
    return (id, hash)
  }

  private func principal(_ people: People, _ hash: [UInt8], at now: Instant? = nil) async throws -> Principal? {
    try await AccessStore(lanes: people.database.lanes).principal(tokenHash: hash, at: now ?? people.now)
  }

  @Test("a session tells who its user is, what their platform roles allow, and what it is limited to")
  func whole() async throws {
    let people = try await People.make("whole")
    let title = Text(zh: "管理员", en: "Administrator")
    _ = try await people.database.lanes.rows(
      [
        RoleStore.putPlatform(RoleTemplate(code: "platform.admin", side: .platform, title: title, permissions: [.tenantRead, .userWrite])),
        RoleStore.putPlatform(RoleTemplate(code: "platform.auditor", side: .platform, title: title, permissions: [.platformAuditRead])),
      ], in: .platform, .write)
    let user = try await people.addUser("someone", platformRoles: ["platform.admin", "platform.auditor", "no.such-role"])
    let free = try await open(people, for: user, presentation: .cookie)
    let found = try #require(try await principal(people, free.hash))
    #expect(found.user == user && found.login == "someone-whole" && found.displayName == "someone")
    #expect(found.organisation == "office-whole" && found.side == .office && found.presentation == .cookie)
    #expect(found.platformPermissions == PermissionSet([.tenantRead, .userWrite, .platformAuditRead]))
    #expect(found.scopes == nil)
    #expect(found.expires.microseconds == people.now.microseconds + 12 * Instant.hour)

    let limited = try await open(people, for: user, scopes: [.userWrite])
    let token = try #require(try await principal(people, limited.hash))
    #expect(token.scopes == PermissionSet([.userWrite]))
    #expect(token.mayOnPlatform(.userWrite) && !token.mayOnPlatform(.tenantRead))
    #expect(try await principal(people, [UInt8](repeating: 0, count: 32)) == nil)
  }

  @Test("a session ends at its time, when it is revoked, and with its user")
  func ends() async throws {
    let people = try await People.make("ends")
    let user = try await people.addUser("someone")
    // Longer than what the test of the sweep removes from the same table.
    let session = try await open(people, for: user, hours: 6)
    let last = try #require(Instant(microseconds: people.now.microseconds + 6 * Instant.hour - 1))
    let after = try #require(Instant(microseconds: people.now.microseconds + 6 * Instant.hour))
    #expect(try await principal(people, session.hash, at: last) != nil)
    #expect(try await principal(people, session.hash, at: after) == nil)

    let lanes = people.database.lanes
    #expect(try await lanes.rows(SessionStore.revoke(session.id, of: people.newID(), at: people.now), in: .platform, .write).affected == 0)
    #expect(try await lanes.rows(SessionStore.revoke(session.id, of: user, at: people.now), in: .platform, .write).affected == 1)
    #expect(try await principal(people, session.hash) == nil)

    let other = try await open(people, for: user)
    let third = try await open(people, for: user)
    #expect(try await lanes.rows(SessionStore.revoke(tokenHash: other.hash, at: people.now), in: .platform, .write).affected == 1)
    #expect(try await lanes.rows(SessionStore.revokeAll(of: user, at: people.now), in: .platform, .write).affected == 1)
    #expect(try await principal(people, third.hash) == nil)

    let fourth = try await open(people, for: user)
    func disable() async throws {
      let change = UserStore.change(
        user, version: 1, displayName: "x", organisation: people.office, platformRoles: [], disabled: people.now)
      _ = try await lanes.rows(change, in: .platform, .write)
    }
    try await disable()
    let changed = try await lanes.first(UserStore.one(user), in: .platform)
    #expect(changed?.version == 2 && changed?.disabled == people.now)
    #expect(try await principal(people, fourth.hash) == nil)
    let stale = await #expect(throws: PostgresError.self) { try await disable() }
    #expect(stale?.state == .changed)
  }

  @Test("a user's list shows the sessions that have not run out, and the sweep removes those that have")
  func lists() async throws {
    let people = try await People.make("lists")
    let user = try await people.addUser("someone")
    let short = try await open(people, for: user, hours: 1)
    let long = try await open(people, for: user, scopes: [.incidentRead], hours: 48)
    let lanes = people.database.lanes
    let later = try #require(Instant(microseconds: people.now.microseconds + 2 * Instant.hour))
    #expect(Set(try await lanes.query(SessionStore.list(of: user, at: people.now), in: .platform).map(\.id)) == [short.id, long.id])
    let left = try await lanes.query(SessionStore.list(of: user, at: later), in: .platform)
    #expect(left.map(\.id) == [long.id] && left[0].scopes == ["incident.read"])
    _ = try await lanes.rows(SessionStore.sweep(expiredBefore: later), in: .platform, .write)
    #expect(try await lanes.query(SessionStore.list(of: user, at: people.now), in: .platform).map(\.id) == [long.id])
  }

  @Test("wrong passwords are counted and lock the login; a right one forgets them")
  func locks() async throws {
    let people = try await People.make("locks")
    let user = try await people.addUser("someone")
    let lanes = people.database.lanes
    let until = try #require(Instant(microseconds: people.now.microseconds + Instant.hour))
    func credentials() async throws -> UserStore.Credentials {
      try #require(try await lanes.first(UserStore.credentials(login: "someone-locks"), in: .platform))
    }
    for count in 1...3 as ClosedRange<Int32> {
      _ = try await lanes.rows(UserStore.countFailure(of: user, limit: 3, lockedUntil: until), in: .platform, .write)
      #expect(try await credentials().failedLogins == count)
      #expect(try await credentials().lockedUntil == (count == 3 ? until : nil))
    }
    _ = try await lanes.rows(UserStore.clearFailures(of: user), in: .platform, .write)
    #expect(try await credentials().lockedUntil == nil)
    #expect(try await credentials().failedLogins == 0)
    #expect(try await lanes.rows(UserStore.clearFailures(of: user), in: .platform, .write).affected == 0)

    _ = try await lanes.rows(UserStore.setPassword("$scrypt$a", of: user), in: .platform, .write)
    _ = try await lanes.rows(UserStore.rehash("$scrypt$c", insteadOf: "$scrypt$b", of: user), in: .platform, .write)
    #expect(try await credentials().passwordHash == "$scrypt$a")
    _ = try await lanes.rows(UserStore.rehash("$scrypt$c", insteadOf: "$scrypt$a", of: user), in: .platform, .write)
    #expect(try await credentials().passwordHash == "$scrypt$c")
    #expect(try await lanes.first(UserStore.credentials(login: "nobody"), in: .platform) == nil)
  }

  @Test("a login is taken once, in lower case, and users are listed by it")
  func logins() async throws {
    let people = try await People.make("logins")
    let lanes = people.database.lanes
    _ = try await people.addUser("anna")
    _ = try await people.addUser("bert", of: people.vendor)
    await #expect(throws: PostgresError.server(ServerError(state: .uniqueViolation, constraint: UserStore.loginConstraint))) {
      try await people.addUser("anna")
    }
    await #expect(throws: PostgresError.self) { try await people.addUser("Anna") }
    let all = try await lanes.query(UserStore.page(after: "anna-logins", limit: 10, organisation: people.vendor), in: .platform)
    #expect(all.map(\.login) == ["bert-logins"] && all[0].side == .vendor)
    #expect(try await lanes.first(UserStore.one(login: "anna-logins"), in: .platform)?.organisation == people.office)
    #expect(try await lanes.first(UserStore.one(all[0].id), in: .platform) == all[0])
  }

  @Test("the platform's log is written and read newest first")
  func log() async throws {
    let people = try await People.make("log")
    let lanes = people.database.lanes
    let (first, second) = (people.newID(), people.newID())
    for id in [first, second] {
      let entry = PlatformAuditStore.add(
        id: id, at: people.now, actor: nil, action: "user.add", subjectKind: "user", subject: "log", request: "r-1", data: ["by": "cli"])
      _ = try await lanes.rows(entry, in: .platform, .write)
    }
    let entries = try await lanes.query(PlatformAuditStore.page(after: nil, limit: 100), in: .platform).filter { $0.subject == "log" }
    #expect(entries.map(\.id) == [first, second].sorted(by: >))
    #expect(entries[0].data == ["by": "cli"] && entries[0].actor == nil && entries[0].request == "r-1")
    let rest = try await lanes.query(PlatformAuditStore.page(after: max(first, second), limit: 100), in: .platform)
    #expect(rest.filter { $0.subject == "log" }.map(\.id) == [min(first, second)])
  }
}
