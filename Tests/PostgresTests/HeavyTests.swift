// SPDX-License-Identifier: Apache-2.0
import EventLoop
import Support
import Testing

@testable import Postgres

@Suite("Transactions on the heavy lane", .blockingBriefly)
struct HeavyTests {
  static let schema = "CREATE TABLE thing (number int8 CONSTRAINT thing_number_key UNIQUE DEFERRABLE INITIALLY DEFERRED)"

  @Test("a transaction that returns is committed, with its tenant all the way", arguments: forms)
  func commits(form: TransactionForm) async throws {
    try await Fixture.with(form, schema: Self.schema) { (fixture: Fixture) async throws in
      let tenants = try await fixture.lanes.transaction(in: .tenant(5)) { transaction in
        #expect(fixture.loop.isCurrent)
        var tenants: [String?] = []
        for number in 0..<3 as Range<Int64> {
          let rows = try await transaction.rows([
            Statement("INSERT INTO thing VALUES ($1)", [.int8(number)]), Statement("SELECT current_setting('jiesu.tenant')"),
          ])
          tenants.append(try rows[1][0].text(0))
        }
        return tenants
      }
      #expect(tenants == ["5", "5", "5"])
      #expect(try await fixture.number("SELECT count(*) FROM thing") == 3)
      let after = try await fixture.lanes.transaction(in: .platform) { transaction in
        try await transaction.rows(Statement("SELECT coalesce(current_setting('jiesu.tenant', true), '')"))[0].text(0)
      }
      #expect(after == "")
    }
  }

  @Test("beginning, the closure, undoing and committing fail apart, and the connection serves the next", arguments: forms)
  func failsApart(form: TransactionForm) async throws {
    try await Fixture.with(form, schema: Self.schema) { (fixture: Fixture) async throws in
      func run(_ body: @Sendable (Transaction) async throws -> Void) async -> String {
        do {
          try await fixture.lanes.transaction(in: .tenant(1), .write, body)
          return "committed"
        } catch {
          switch error {
          case .begin(let error): return "begin: \(error)"
          case .body(let error): return "body: \(error)"
          case .rollback(let error, _): return "rollback: \(error)"
          case .commit(let error): return "commit: \(error)"
          }
        }
      }
      struct Refusal: Error {}
      let add = Statement("INSERT INTO thing VALUES (1)")
      #expect(
        await run { transaction in
          _ = try await transaction.rows(add)
          throw Refusal()
        } == "body: Refusal()")
      #expect(
        await run { transaction in
          _ = try await transaction.rows(Statement("SELECT 1 / 0"))
        } == "body: the database refused: SQLSTATE 22012")
      #expect(
        await run { transaction in
          _ = try? await transaction.rows(Statement("SELECT 1 / 0"))
        } == "commit: the database undid the transaction at its end")
      #expect(
        await run { transaction in
          _ = try await transaction.rows([add, add])
        } == "commit: the database refused: SQLSTATE 23505, constraint thing_number_key")
      #expect(
        await run { transaction in
          let backend = try await transaction.rows(Statement("SELECT pg_backend_pid()"))[0].int32(0)
          try fixture.sql("SELECT pg_terminate_backend(\(backend))")
          _ = try await transaction.rows(add)
        }.hasPrefix("rollback: the connection to the database was lost"))
      #expect(
        await run { transaction in
          let backend = try await transaction.rows(Statement("SELECT pg_backend_pid()"))[0].int32(0)
          try fixture.sql("SELECT pg_terminate_backend(\(backend))")
        } == "commit: the connection to the database was lost")
      #expect(try await fixture.number("SELECT count(*) FROM thing") == 0)
      #expect(await run { transaction in _ = try await transaction.rows(add) } == "committed")
      #expect(try await fixture.number("SELECT count(*) FROM thing") == 1)
    }
  }

  @Test("a snapshot changes nothing and does not see what others commit meanwhile")
  func snapshot() async throws {
    try await Fixture.with(schema: Self.schema) { (fixture: Fixture) async throws in
      let counts = try await fixture.lanes.transaction(in: .platform, .snapshot) { transaction in
        let count = Statement("SELECT count(*) FROM thing")
        let before = try await transaction.rows(count)[0].int64(0)
        _ = try await fixture.lanes.rows(Statement("INSERT INTO thing VALUES (1)"), in: .platform, .write)
        return [before, try await transaction.rows(count)[0].int64(0)]
      }
      #expect(counts == [0, 0])
      await #expect(throws: TransactionError.self) {
        try await fixture.lanes.transaction(in: .platform, .snapshot) { transaction in
          _ = try await transaction.rows(Statement("INSERT INTO thing VALUES (2)"))
        }
      }
    }
  }

  @Test("transactions wait in the order they came, one tenant has at most its share, and a bounded number waits")
  func turns() async throws {
    let change: (inout Configuration) -> Void = {
      $0.heavy.perTenant = 2
      $0.heavy.queue = 3
    }
    try await Fixture.with(change: change) { (fixture: Fixture) async throws in
      let order = Guarded<[Int32]>([])
      let isOpen = Guarded(false)
      // With a connection that is free, the first does not wait.
      try await fixture.lanes.transaction(in: .platform) { _ in }
      // Started one after the other on the loop, so that they queue in this order.
      let tasks = ([1, 1, 1, 2, 3, 4] as [Int32]).map { tenant in
        Task(executorPreference: fixture.loop) {
          try await fixture.lanes.transaction(in: .tenant(tenant)) { _ in
            try await fixture.until { isOpen.withLock { $0 } }
            order.withLock { $0.append(tenant) }
          }
        }
      }
      // The third of tenant 1 is over its share, tenant 4 over the queue; they fail while the others still wait.
      for index in [2, 5] {
        let result = await tasks[index].result
        #expect(throws: TransactionError.self) { try result.get() }
        if case .failure(let error as TransactionError) = result { #expect(error.database == .overloaded) }
      }
      isOpen.withLock { $0 = true }
      for index in [0, 1, 3, 4] { try await tasks[index].value }
      #expect(order.withLock { $0 } == [1, 1, 2, 3])
    }
  }

  @Test("who waits too long for a connection hears so, and who is cancelled leaves the queue")
  func impatient() async throws {
    try await Fixture.with(change: { $0.heavy.patience = .milliseconds(200) }) { (fixture: Fixture) async throws in
      // The connection may take longer than anybody waits here.
      try await fixture.until { (try? await fixture.lanes.transaction(in: .platform) { _ in }) != nil }
      let isOpen = Guarded(false)
      let holds = Guarded(false)
      let holder = Task(executorPreference: fixture.loop) {
        try await fixture.lanes.transaction(in: .tenant(1)) { _ in
          holds.withLock { $0 = true }
          try await fixture.until { isOpen.withLock { $0 } }
        }
      }
      try await fixture.until { holds.withLock { $0 } }
      let cancelled = Task(executorPreference: fixture.loop) {
        do throws(TransactionError) {
          try await fixture.lanes.transaction(in: .tenant(2)) { _ in }
          return nil as PostgresError?
        } catch {
          return error.database
        }
      }
      cancelled.cancel()
      #expect(await cancelled.value == .cancelled)
      do throws(TransactionError) {
        try await fixture.lanes.transaction(in: .tenant(2)) { _ in }
        Issue.record("there was no connection to begin on")
      } catch {
        #expect(error.database == .unavailable)
      }
      isOpen.withLock { $0 = true }
      try await holder.value
      try await fixture.lanes.transaction(in: .tenant(2)) { _ in }
    }
  }

  @Test("cancelling the task stops the statement on the server, and the lane serves the next")
  func cancelled() async throws {
    try await Fixture.with(schema: Self.schema) { (fixture: Fixture) async throws in
      let task = Task(executorPreference: fixture.loop) {
        try await fixture.lanes.transaction(in: .tenant(1)) { transaction in
          _ = try await transaction.rows(Statement("INSERT INTO thing VALUES (1)"))
          _ = try await transaction.rows(Statement("SELECT pg_sleep(1000)"))
        }
      }
      let sleeping = """
        SELECT count(*) FROM pg_stat_activity
        WHERE query LIKE '%pg_sleep(1000)%' AND state = 'active' AND datname = current_database() AND pid <> pg_backend_pid()
        """
      try await fixture.until { try fixture.sql(sleeping) == "1" }
      task.cancel()
      let result = await task.result
      guard case .failure(let error as TransactionError) = result else {
        Issue.record("it was committed")
        return
      }
      #expect(error.database == .server(ServerError(state: .queryCanceled)))
      #expect(try await fixture.number("SELECT count(*) FROM thing") == 0)
      try await fixture.lanes.transaction(in: .tenant(1)) { transaction in _ = try await transaction.rows(Statement("SELECT 1")) }
    }
  }

  @Test("a transaction can have its own bound on a statement")
  func limited() async throws {
    try await Fixture.with { (fixture: Fixture) async throws in
      do throws(TransactionError) {
        try await fixture.lanes.transaction(in: .tenant(1), .write.limited(.milliseconds(20))) { transaction in
          _ = try await transaction.rows(Statement("SELECT pg_sleep(1000)"))
        }
        Issue.record("nothing stopped it")
      } catch {
        #expect(error.database?.state == .queryCanceled)
      }
    }
  }

  @Test("a transaction whose connection was lost does not go on with the next connection", arguments: forms)
  func lost(form: TransactionForm) async throws {
    try await Fixture.with(form, schema: Self.schema) { (fixture: Fixture) async throws in
      let add = Statement("INSERT INTO thing VALUES (1)")
      let result = await outcome {
        try await fixture.lanes.transaction(in: .tenant(1)) { transaction in
          let backend = try await transaction.rows(Statement("SELECT pg_backend_pid()"))[0].int32(0)
          let opened = fixture.events.withLock { $0.count { $0 == .opened } }
          try fixture.sql("SELECT pg_terminate_backend(\(backend))")
          try await fixture.until { fixture.events.withLock { $0.count { $0 == .opened } } > opened }
          await #expect(throws: PostgresError.connectionLost) { try await transaction.rows(add) }
        }
      }
      #expect(throws: TransactionError.self) { try result.get() }
      #expect(try await fixture.number("SELECT count(*) FROM thing") == 0)
      try await fixture.lanes.transaction(in: .tenant(1)) { transaction in _ = try await transaction.rows(add) }
    }
  }

  @Test("a transaction that is over takes no more statements")
  func over() async throws {
    try await Fixture.with { (fixture: Fixture) async throws in
      let transaction = try await fixture.lanes.transaction(in: .tenant(1)) { $0 }
      await #expect(throws: PostgresError.closed) { try await transaction.rows(Statement("SELECT 1")) }
    }
  }
}
