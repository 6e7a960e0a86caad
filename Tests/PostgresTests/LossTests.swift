// SPDX-License-Identifier: Apache-2.0
import EventLoop
import Glibc
import Support
import Testing

@testable import Postgres

@Suite("Connections that are lost", .blockingBriefly)
struct LossTests {
  @Test("a backend that is ended fails what was under way, and the next request has a new one", arguments: forms)
  func terminated(form: TransactionForm) async throws {
    try await Fixture.with(form) { (fixture: Fixture) async throws in
      let backend = try #require(try await fixture.number("SELECT pg_backend_pid()::int8"))
      async let slow = outcome { try await fixture.text("SELECT pg_sleep(100)::text", in: .tenant(1)) }
      async let behind = outcome { try await fixture.number("SELECT 1::int8", in: .tenant(2)) }
      try await fixture.until { await fixture.lanes.readStatus().underWay == 2 }
      try fixture.sql("SELECT pg_terminate_backend(\(backend))")
      for result in [await slow.map { _ in }, await behind.map { _ in }] {
        #expect(throws: PostgresError.connectionLost) { try result.get() }
      }
      let next = try await fixture.number("SELECT pg_backend_pid()::int8")
      #expect(next != nil && next != backend)
      #expect(fixture.events.withLock { $0.contains(.lost(silent: false)) })
    }
  }

  @Test("an idle connection that is ended is replaced before it is needed")
  func terminatedIdle() async throws {
    try await Fixture.with { (fixture: Fixture) async throws in
      let backend = try #require(try await fixture.number("SELECT pg_backend_pid()::int8"))
      try fixture.sql("SELECT pg_terminate_backend(\(backend))")
      try await fixture.until { fixture.events.withLock { $0.contains(.lost(silent: false)) } }
      #expect(try await fixture.number("SELECT pg_backend_pid()::int8") != backend)
    }
  }

  @Test("a statement that takes too long is stopped by the server, and those behind it go on", arguments: forms)
  func statementTimeout(form: TransactionForm) async throws {
    try await Fixture.with(form, change: { $0.reads.statementTimeout = .milliseconds(100) }) { (fixture: Fixture) async throws in
      async let slow = outcome { try await fixture.text("SELECT pg_sleep(100)::text", in: .tenant(1)) }
      async let behind = outcome { try await fixture.number("SELECT 1::int8", in: .tenant(2)) }
      let results = (await slow, await behind)
      #expect(throws: PostgresError.server(ServerError(state: .queryCanceled))) { try results.0.get() }
      #expect(throws: Never.self) { try results.1.get() }
    }
  }

  @Test("without a server requests wait as long as they may, then hear that there is none")
  func absent() async throws {
    let change: (inout Configuration) -> Void = {
      $0.host = "/nonexistent"
      $0.reads.patience = .milliseconds(30)
      $0.heavy.patience = .milliseconds(30)
    }
    try await Fixture.with(change: change) { (fixture: Fixture) async throws in
      await #expect(throws: PostgresError.unavailable) { try await fixture.number("SELECT 1::int8") }
      await #expect(throws: TransactionError.self) { try await fixture.lanes.transaction(in: .platform) { _ in } }
      try await fixture.until {
        fixture.events.withLock { events in
          events.count {
            if case .refused(let reason) = $0 { reason.contains("/nonexistent") } else { false }
          } > 2
        }
      }
    }
  }

  @Test("a host's name is looked up, and a host that refuses is told")
  func refused() async throws {
    // Nobody listens on port 1 of this machine.
    let change: (inout Configuration) -> Void = {
      $0.host = "localhost"
      $0.port = 1
    }
    try await Fixture.with(change: change) { (fixture: Fixture) async throws in
      try await fixture.until {
        fixture.events.withLock { events in
          events.contains { if case .refused(let reason) = $0 { reason.contains("refused") } else { false } }
        }
      }
    }
  }

  @Test("more than may be under way waits, and more than may wait is refused at once")
  func overloaded() async throws {
    let change: (inout Configuration) -> Void = {
      $0.reads.depth = 2
      $0.reads.queue = 3
    }
    try await Fixture.with(schema: "CREATE TABLE gate ()", change: change) { (fixture: Fixture) async throws in
      try await fixture.until { await fixture.lanes.readStatus().ready == 1 }
      // Holds the gate until the end of its connection's transaction.
      async let gate = outcome {
        try await fixture.lanes.transaction(in: .platform) { transaction in
          _ = try await transaction.rows(Statement("LOCK TABLE gate"))
          try await fixture.until { await fixture.lanes.readStatus().queued == 3 }
          #expect(await fixture.lanes.readStatus().underWay == 2)
          for _ in 0..<10 {
            await #expect(throws: PostgresError.overloaded) { try await fixture.number("SELECT 1::int8") }
          }
        }
      }
      try await fixture.until {
        try fixture.sql("SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'gate'::regclass") == "1"
      }
      try await withThrowingTaskGroup(of: Int64?.self) { group in
        for _ in 0..<5 { group.addTask { try await fixture.number("SELECT count(*) FROM gate") } }
        for try await count in group { #expect(count == 0) }
      }
      try await gate.get()
    }
  }

  @Test("a lane that is closed fails what waits and takes nothing more")
  func closed() async throws {
    try await Fixture.with { (fixture: Fixture) async throws in
      async let slow = outcome { try await fixture.text("SELECT pg_sleep(100)::text") }
      try await fixture.until { await fixture.lanes.readStatus().underWay == 1 }
      await fixture.lanes.close()
      let result = await slow
      #expect(throws: PostgresError.closed) { try result.get() }
      await #expect(throws: PostgresError.closed) { try await fixture.number("SELECT 1::int8") }
    }
  }

  @Test("thousands of requests from tasks on several loops and threads all end, while connections are shot away")
  func storm() async throws {
    let change: (inout Configuration) -> Void = {
      $0.reads.connections = 3
      $0.reads.queue = 10_000
      $0.writes = InteractiveLimits(connections: 2)
      $0.writes?.queue = 10_000
    }
    try await Fixture.with(schema: "CREATE TABLE thing (number int8 PRIMARY KEY)", change: change) { (fixture: Fixture) async throws in
      let other = try EventLoop(name: "other")
      let told = Guarded<Set<Int64>>([])
      let unknown = Guarded<Set<Int64>>([])
      await withTaskGroup(of: Void.self) { group in
        for task in 0..<40 as Range<Int64> {
          group.addTask(executorPreference: task % 4 == 0 ? nil : task % 4 == 1 ? other : fixture.loop) {
            for step in 0..<50 as Range<Int64> {
              let number = task * 50 + step
              do {
                _ = try await fixture.lanes.rows(
                  Statement("INSERT INTO thing VALUES ($1)", [.int8(number)]), in: .tenant(Int32(task)), .write)
                told.withLock { _ = $0.insert(number) }
                let found = try await fixture.number("SELECT number FROM thing WHERE number = $1", [.int8(number)], in: .tenant(1), .read)
                #expect(found == number)
              } catch {
                #expect(error as? PostgresError == .connectionLost)
                unknown.withLock { _ = $0.insert(number) }
              }
            }
          }
        }
        group.addTask {
          for _ in 0..<5 {
            _ = try? fixture.sql(
              """
              SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE usename = 'jiesu_server' AND datname = current_database() LIMIT 1
              """)
          }
        }
      }
      other.stop()
      let stored = Set(try fixture.sql("SELECT number FROM thing").split(separator: "\n").compactMap { Int64($0) })
      // Whoever was told of success is there; what is there beside them had its answer lost.
      #expect(told.withLock { $0 }.isSubset(of: stored))
      #expect(stored.isSubset(of: told.withLock { $0 }.union(unknown.withLock { $0 })))
    }
  }
}
