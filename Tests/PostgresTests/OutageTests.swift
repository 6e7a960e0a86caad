// SPDX-License-Identifier: Apache-2.0
import EventLoop
import Glibc
import Support
import Testing

@testable import Postgres

/// On a cluster of their own: a process that stands still keeps others from making databases, and a cluster that is killed is nobody else's.
@Suite("Servers that are killed or stand still", .blocking, .serialized)
struct OutageTests {
  @Test("a killed server fails what waits; when it is back, so are the connections, without a statement done twice")
  func killed() async throws {
    let cluster = try Cluster.start("outage")
    // The tests' clusters report a commit before it is in the kernel's hands, unless they are asked not to.
    let schema = "SET synchronous_commit = on; CREATE TABLE thing (number int8)"
    let insert = [Statement("SELECT set_config('synchronous_commit', 'on', true)"), Statement("INSERT INTO thing VALUES (1)")]
    try await Fixture.with(schema: schema, cluster: cluster, change: { $0.reads.patience = .milliseconds(50) }) {
      (fixture: Fixture) async throws in
      try await fixture.until { await fixture.lanes.readStatus().ready == 1 }
      #expect(try await fixture.lanes.rows(insert, in: .platform, .write)[1].affected == 1)
      async let waiting = outcome { try await fixture.text("SELECT pg_sleep(100)::text") }
      async let inserting = outcome { try await fixture.lanes.rows(Statement("INSERT INTO thing VALUES (2)"), in: .tenant(1), .write) }
      try await fixture.until { await fixture.lanes.readStatus().underWay == 2 }
      try cluster.crash()
      let failures = [await waiting.map { _ in }, await inserting.map { _ in }]
      for failure in failures { #expect(throws: PostgresError.connectionLost) { try failure.get() } }
      await #expect(throws: PostgresError.unavailable) { try await fixture.number("SELECT 1::int8") }
      _ = try Cluster.start("outage")
      try await fixture.until { await fixture.lanes.readStatus().ready == 1 }
      #expect(try await fixture.number("SELECT count(*) FROM thing") == 1)
    }
  }

  @Test("a server that stops answering fails what waits, instead of letting it hang")
  func frozen() async throws {
    let change: (inout Configuration) -> Void = {
      $0.reads.statementTimeout = .milliseconds(100)
      $0.reads.grace = .milliseconds(200)
      $0.openingLimit = .milliseconds(300)
    }
    try await Fixture.with(cluster: Cluster.start("outage"), change: change) { (fixture: Fixture) async throws in
      // With such bounds a busy machine may need more than one attempt.
      var answer: Int64?
      try await fixture.until {
        answer = try? await fixture.number("SELECT pg_backend_pid()::int8")
        return answer != nil
      }
      let backend = pid_t(try #require(answer))
      kill(backend, SIGSTOP)
      defer { kill(backend, SIGCONT) }
      // Those that are under way; whoever waits for room is served by the connection that takes this one's place.
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<InteractiveLimits(connections: 1).depth {
          group.addTask {
            await #expect(throws: PostgresError.timedOut) { try await fixture.number("SELECT 1::int8") }
          }
        }
      }
      #expect(fixture.events.withLock { $0.contains(.lost(silent: true)) })
      try await fixture.until { (try? await fixture.number("SELECT 2::int8")) == 2 }
    }
  }

  @Test("a server that stops answering counts as a lost connection")
  func silent() async throws {
    try await Fixture.with(cluster: Cluster.start("outage")) { (fixture: Fixture) async throws in
      try await listening(fixture, interval: .seconds(1)) { listener, _ in
        try await fixture.until { listener.isConnected }
        let backends = try fixture.sql("SELECT pid FROM pg_stat_activity WHERE application_name = 'listener'").split(separator: "\n")
        for backend in backends { kill(try #require(pid_t(backend)), SIGSTOP) }
        try await fixture.until { !listener.isConnected }
        for backend in backends { kill(try #require(pid_t(backend)), SIGCONT) }
        try await fixture.until { listener.isConnected }
      }
    }
  }
}
