// SPDX-License-Identifier: Apache-2.0
import EventLoop
import Support
import Testing

@testable import Postgres

@Suite("Requests in a pipeline", .blockingBriefly)
struct RequestTests {
  @Test("many requests at once each get their own answer", arguments: forms)
  func order(form: TransactionForm) async throws {
    try await Fixture.with(form) { (fixture: Fixture) async throws in
      let lanes = fixture.lanes
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<500 as Range<Int32> {
          group.addTask(executorPreference: fixture.loop) {
            let query = Query<Int32>("SELECT $1::int4", [.int4(number)]) { row throws(DecodingFailure) in try row.int32(0) }
            return try await lanes.first(query, in: .tenant(number)) == number
          }
        }
        for try await isOwn in group { #expect(isOwn) }
      }
    }
  }

  @Test("an error fails its own request and none of its neighbours", arguments: forms)
  func errorsStay(form: TransactionForm) async throws {
    try await Fixture.with(form) { (fixture: Fixture) async throws in
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<200 as Range<Int64> {
          group.addTask(executorPreference: fixture.loop) {
            let result = await outcome {
              try await fixture.number("SELECT 100 / ($1::int8 % 3)", [.int8(number)], in: .tenant(1))
            }
            if number % 3 == 0 {
              #expect(throws: PostgresError.server(ServerError(state: "22012"))) { try result.get() }
            } else {
              #expect((try? result.get()) == 100 / (number % 3))
            }
          }
        }
      }
    }
  }

  @Test("statements of one request take effect together or not at all", arguments: forms, [Context.platform, .tenant(7)])
  func atomic(form: TransactionForm, context: Context) async throws {
    try await Fixture.with(form, schema: "CREATE TABLE thing (number int8 CONSTRAINT thing_number_key UNIQUE)") {
      (fixture: Fixture) async throws in
      let add: @Sendable (Int64) -> Statement = { Statement("INSERT INTO thing VALUES ($1)", [.int8($0)]) }
      let rows = try await fixture.lanes.rows([add(1), add(2)], in: context, .write)
      #expect(rows.map(\.affected) == [1, 1])
      let duplicate = PostgresError.server(ServerError(state: .uniqueViolation, constraint: "thing_number_key"))
      await #expect(throws: duplicate) { try await fixture.lanes.rows([add(3), add(2), add(4)], in: context, .write) }
      #expect(try fixture.sql("SELECT string_agg(number::text, ' ' ORDER BY number) FROM thing") == "1 2")
      #expect(duplicate.violatesUnique("thing_number_key"))
    }
  }

  @Test(
    "a constraint that is checked at the end of the transaction fails its own request only", arguments: forms,
    [Context.platform, .tenant(7)])
  func deferred(form: TransactionForm, context: Context) async throws {
    let schema = "CREATE TABLE thing (number int8 CONSTRAINT thing_once UNIQUE DEFERRABLE INITIALLY DEFERRED)"
    try await Fixture.with(form, schema: schema) { (fixture: Fixture) async throws in
      await withTaskGroup(of: Void.self) { group in
        for number in [1, 2, 2, 3] as [Int64] {
          group.addTask(executorPreference: fixture.loop) {
            let statements = [
              Statement("INSERT INTO thing VALUES ($1)", [.int8(number)]), Statement("SELECT count(*) FROM thing"),
            ]
            do throws(PostgresError) {
              _ = try await fixture.lanes.rows(statements, in: context, .write)
            } catch {
              #expect(number == 2)
              #expect(error == .server(ServerError(state: .uniqueViolation, constraint: "thing_once")))
            }
          }
        }
      }
      #expect(try fixture.sql("SELECT string_agg(number::text, ' ' ORDER BY number) FROM thing") == "1 2 3")
    }
  }

  @Test("a tenant's context is set for its own request and gone with it, also after an error", arguments: forms)
  func contextEnds(form: TransactionForm) async throws {
    try await Fixture.with(form) { (fixture: Fixture) async throws in
      let context: SQL = "SELECT coalesce(current_setting('jiesu.tenant', true), '')"
      #expect(try await fixture.text(context) == "")
      #expect(try await fixture.text(context, in: .tenant(41)) == "41")
      #expect(try await fixture.text(context) == "")
      #expect(try await fixture.text(context, in: .tenant(.max)) == "2147483647")
      await #expect(throws: PostgresError.self) { try await fixture.number("SELECT 1 / 0::int8", in: .tenant(42)) }
      #expect(try await fixture.text(context) == "")
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<300 as Range<Int32> {
          group.addTask(executorPreference: fixture.loop) {
            let isTenant = number % 3 > 0
            let seen = try? await fixture.text(context, in: isTenant ? .tenant(number) : .platform)
            #expect(seen == (isTenant ? String(number) : ""))
          }
        }
      }
    }
  }

  @Test("row-level security shows a request its own tenant's rows", arguments: forms)
  func rowsOfOne(form: TransactionForm) async throws {
    let schema = """
      CREATE TABLE thing (tenant_id int, number int8);
      INSERT INTO thing VALUES (1, 10), (2, 20), (2, 21);
      ALTER TABLE thing ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON thing USING (tenant_id = nullif(current_setting('jiesu.tenant', true), '')::int);
      """
    try await Fixture.with(form, schema: schema) { (fixture: Fixture) async throws in
      let sum: SQL = "SELECT coalesce(sum(number), 0)::int8 FROM thing"
      #expect(try await fixture.number(sum) == 0)
      #expect(try await fixture.number(sum, in: .tenant(1)) == 10)
      #expect(try await fixture.number(sum, in: .tenant(2)) == 41)
      #expect(try await fixture.number(sum, in: .tenant(3)) == 0)
      let foreign = Statement("INSERT INTO thing VALUES (1, 11)")
      await #expect(throws: PostgresError.server(ServerError(state: .insufficientPrivilege))) {
        try await fixture.lanes.rows(foreign, in: .tenant(2), .write)
      }
    }
  }

  @Test("a statement is prepared once, however often it is used")
  func prepared() async throws {
    try await Fixture.with { (fixture: Fixture) async throws in
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<100 as Range<Int64> {
          group.addTask(executorPreference: fixture.loop) {
            #expect((try? await fixture.number("SELECT $1::int8 + 1", [.int8(number)])) == number + 1)
          }
        }
      }
      let uses: SQL = "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT $1::int8 + 1'"
      #expect(try await fixture.number(uses) == 1)
      // A statement that fails to be prepared is not taken for prepared.
      for _ in 0..<2 {
        await #expect(throws: PostgresError.server(ServerError(state: .undefinedTable, position: 15))) {
          try await fixture.number("SELECT 1 FROM missing")
        }
      }
      // The same text with a value of another type goes without the name.
      #expect(try await fixture.text("SELECT pg_typeof($1)::text", [.int4(1)]) == "integer")
      #expect(try await fixture.text("SELECT pg_typeof($1)::text", [.int8(1)]) == "bigint")
    }
  }

  @Test("a name is not used before the server has said that it knows it")
  func preparedLater() async throws {
    try await Fixture.with { (fixture: Fixture) async throws in
      // The first request fails before its second statement is prepared; those behind it are sent before that is known.
      let failing = [Statement("SELECT 1 / 0"), Statement("SELECT 'later'")]
      async let first = outcome { try await fixture.lanes.rows(failing, in: .platform, .read) }
      async let others = withTaskGroup(of: String?.self) { group in
        for _ in 0..<20 { group.addTask(executorPreference: fixture.loop) { try? await fixture.text("SELECT 'later'") } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      let texts = await others
      let failed = await first
      #expect(throws: PostgresError.self) { try failed.get() }
      #expect(texts == Array(repeating: "later", count: 20))
    }
  }

  @Test("a connection whose statements no longer fit the tables is replaced, and nothing is lost but what had failed")
  func stalePlans() async throws {
    try await Fixture.with(schema: "CREATE TABLE thing (a int4); INSERT INTO thing VALUES (1)") { (fixture: Fixture) async throws in
      let all = Statement("SELECT * FROM thing")
      #expect(try await fixture.lanes.rows(all, in: .platform).columns == 1)
      let backend = try await fixture.number("SELECT pg_backend_pid()")
      try fixture.sql("ALTER TABLE thing ADD b int8")
      await #expect(throws: PostgresError.server(ServerError(state: .featureNotSupported))) {
        try await fixture.lanes.rows(all, in: .platform)
      }
      #expect(try await fixture.lanes.rows(all, in: .platform).columns == 2)
      #expect(try await fixture.number("SELECT pg_backend_pid()") != backend)
      #expect(fixture.events.withLock { $0.contains(.retired) })
    }
  }

  @Test("where writes have connections of their own, reads change nothing", arguments: forms)
  func readOnly(form: TransactionForm) async throws {
    let change: (inout Configuration) -> Void = { $0.writes = InteractiveLimits(connections: 2) }
    try await Fixture.with(form, schema: "CREATE TABLE thing (a int4)", change: change) { (fixture: Fixture) async throws in
      let insert = Statement("INSERT INTO thing VALUES (1)")
      for context in [Context.platform, .tenant(1)] {
        await #expect(throws: PostgresError.server(ServerError(state: .readOnlyTransaction))) {
          try await fixture.lanes.rows(insert, in: context, .read)
        }
        #expect(try await fixture.lanes.rows(insert, in: context, .write).affected == 1)
      }
      #expect(await fixture.lanes.writeStatus().ready == 2)
    }
  }

  @Test("where what may take long has connections of its own, it changes nothing and holds up no other read", arguments: forms)
  func searches(form: TransactionForm) async throws {
    let change: (inout Configuration) -> Void = {
      $0.searches = InteractiveLimits(connections: 1)
      $0.searches?.statementTimeout = .seconds(60)
      $0.searches?.lockTimeout = .seconds(60)
    }
    try await Fixture.with(form, schema: "CREATE TABLE thing (a int4)", change: change) { (fixture: Fixture) async throws in
      await #expect(throws: PostgresError.server(ServerError(state: .readOnlyTransaction))) {
        try await fixture.lanes.rows(Statement("INSERT INTO thing VALUES (1)"), in: .tenant(1), .search)
      }
      let lock = Statement("SELECT pg_advisory_xact_lock(7)")
      let search = try await fixture.lanes.transaction(in: .platform) { transaction in
        _ = try await transaction.rows(lock)
        // On the loop, whatever keeps everybody else's threads.
        let search = fixture.loop.task { try? await fixture.lanes.rows(lock, in: .tenant(1), .search).count }
        try await fixture.until { await fixture.lanes.readStatus().underWay == 1 }
        for number in 1...50 as ClosedRange<Int64> {
          #expect(try await fixture.number("SELECT $1::int8", [.int8(number)], in: .tenant(1), .read) == number)
        }
        #expect(await fixture.lanes.readStatus().underWay == 1)
        return search
      }
      #expect(await search.value == 1)
    }
  }

  @Test("a large result comes whole, while others wait behind it")
  func large() async throws {
    try await Fixture.with { (fixture: Fixture) async throws in
      async let large = fixture.lanes.rows(
        Statement("SELECT number, repeat('x', 100) FROM generate_series(1, 100000) number"), in: .tenant(1))
      async let small = fixture.number("SELECT 5::int8")
      let rows = try await large
      #expect(rows.count == 100_000)
      #expect(try rows[99_999].int32(0) == 100_000)
      #expect(try rows.allSatisfy { try $0.textBytes(1).count == 100 })
      #expect(try await small == 5)
    }
  }

  @Test("a large value goes out whole, in pieces the server has room for")
  func largeValue() async throws {
    try await Fixture.with { (fixture: Fixture) async throws in
      let bytes = (0..<20_000_000).map { UInt8(truncatingIfNeeded: $0) }
      let length: SQL = "SELECT length($1)::int8"
      async let large = fixture.number(length, [.bytea(bytes)], in: .tenant(1))
      async let small = fixture.number("SELECT 5::int8")
      #expect(try await large == 20_000_000)
      #expect(try await small == 5)
    }
  }

  @Test("an error says the state and the constraint, and nothing of the data")
  func silentErrors() async throws {
    let schema = "CREATE TABLE thing (phone text CONSTRAINT thing_phone_check CHECK (phone <> 'citizen-number'))"
    try await Fixture.with(schema: schema) { (fixture: Fixture) async throws in
      let insert = Statement("INSERT INTO thing VALUES ($1)", [.text("citizen-number")])
      do throws(PostgresError) {
        _ = try await fixture.lanes.rows(insert, in: .platform, .write)
        Issue.record("the check let it pass")
      } catch {
        #expect(error == .server(ServerError(state: .checkViolation, constraint: "thing_phone_check")))
        #expect(!"\(error)\(String(reflecting: error))".contains("138"))
      }
    }
  }
}
