// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import EventLoop
import Postgres
import Store
import Synchronization
import Testing

/// What servers hear on `jiesu_access`, so that they forget what they have remembered.
@Suite("Notices of changed access", .database(), .serialized)
struct NoticeTests {
  /// What is heard while `change` runs; a mark of our own behind it tells that all of it has come.
  private func heard(_ database: TestDatabase, _ change: () async throws -> Void) async throws -> [String] {
    let heard = Mutex<[String]>([])
    let offload = try Offload(threads: 1)
    defer { offload.stop() }
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    let listener = Notifications(
      on: database.loop, TestDatabase.configuration(database.cluster, database.name, user: "jiesu_server"), channels: ["jiesu_access"],
      // Longer than a busy machine lets a server wait.
      interval: .seconds(60), offload: offload, report: { _ in }
    ) { event in
      switch event {
      case .connected: continuation.yield()
      case .notified(_, let payload) where payload == Array("mark".utf8): continuation.yield()
      case .notified(_, let payload): heard.withLock { $0.append(String(decoding: payload, as: UTF8.self)) }
      case .disconnected: break
      }
    }
    listener.open()
    let result: Result<Void, any Error>
    do {
      var events = stream.makeAsyncIterator()
      await events.next()
      try await change()
      try database.sql("SELECT pg_notify('jiesu_access', 'mark')")
      await events.next()
      result = .success(())
    } catch {
      result = .failure(error)
    }
    await listener.close()
    try result.get()
    return heard.withLock { $0 }
  }

  @Test("whoever changes a user, a session, a role, a membership, a tenant or a contract tells so, with the id and nothing else")
  func changes() async throws {
    let people = try await People.make("changes")
    let database = people.database
    let lanes = database.lanes
    let user = try await people.addUser("someone")
    let now = people.now
    let later = try #require(Instant("2099-01-01T00:00:00+08:00"))
    let session = SessionStore.New(
      id: people.newID(), tokenHash: [UInt8](repeating: 7, count: 32), user: user, presentation: .cookie, created: now, expires: later)
    let (ofUser, ofTenant) = (["user:\(user)"], ["tenant:\(people.tenant)"])

    #expect(try await heard(database) { _ = try await lanes.rows(SessionStore.open(session), in: .platform, .write) } == [])
    #expect(
      try await heard(database) { _ = try await lanes.rows(SessionStore.revokeAll(of: user, at: now), in: .platform, .write) } == ofUser)
    #expect(
      try await heard(database) {
        _ = try await lanes.rows(UserStore.countFailure(of: user, limit: 9, lockedUntil: later), in: .platform, .write)
      } == [])
    #expect(
      try await heard(database) { _ = try await lanes.rows(UserStore.setPassword("$scrypt$x", of: user), in: .platform, .write) } == ofUser)
    #expect(try await heard(database) { try await people.grant("supervisor", to: user) } == ofUser)
    let title = Text(zh: "督导", en: "Supervisor")
    let role = RoleTemplate(code: "supervisor", side: .office, title: title, permissions: [.incidentRead])
    #expect(try await heard(database) { try await people.run(RoleStore.put(role, in: people.tenant)) } == ofTenant)
    // The same again changes nothing, and says nothing.
    #expect(try await heard(database) { try await people.run(RoleStore.put(role, in: people.tenant)) } == [])
    #expect(
      try await heard(database) {
        _ = try await lanes.rows(TenantStore.setState(.suspended, of: "changes", version: 1), in: .platform, .write)
      } == ofTenant)
    #expect(try await heard(database) { try people.addContract("main", from: "2026-01-01", until: nil) } == ofTenant)
  }

  @Test("what is undone is not told")
  func undone() async throws {
    let people = try await People.make("undone")
    let user = try await people.addUser("someone")
    let notices = try await heard(people.database) {
      _ = try? await people.database.lanes.rows(
        [UserStore.setPassword("$scrypt$x", of: user), Statement("SELECT 1 / 0")], in: .platform, .write)
    }
    #expect(notices == [])
  }
}
