// SPDX-License-Identifier: Apache-2.0
import EventLoop
import Support
import Testing

@testable import Postgres

@Suite("Plans of prepared statements", .blockingBriefly)
struct PlanTests {
  @Test("a plan that was made on an empty table is made anew, unless it is kept for good", arguments: forms, [true, false])
  func growth(form: TransactionForm, areKept: Bool) async throws {
    // Nothing but a new plan takes note of the rows: no statistics are gathered meanwhile.
    let schema = "CREATE TABLE thing (number int8 PRIMARY KEY, content text) WITH (autovacuum_enabled = off)"
    let age: ClosedRange<Duration> = areKept ? .seconds(3600)...(.seconds(3600)) : .zero ... .zero
    try await Fixture.with(form, schema: schema, change: { $0.plansKept = age }) { (fixture: Fixture) async throws in
      // As a table that was empty when it was vacuumed last.
      try fixture.sql("VACUUM ANALYZE thing")
      let count: SQL = "SELECT count(*) FROM thing WHERE number = $1"
      for number in 1...10 as ClosedRange<Int64> { #expect(try await fixture.number(count, [.int8(number)], in: .tenant(1)) == 0) }
      try fixture.sql("INSERT INTO thing SELECT n, repeat('x', 100) FROM generate_series(1, 20000) n")
      #expect(try await fixture.number(count, [.int8(7)], in: .tenant(1)) == 1)
      let name = try #require(
        try await fixture.text(
          "SELECT name FROM pg_prepared_statements WHERE statement LIKE 'SELECT count(*) FROM thing%'", in: .tenant(1)))
      let explain = SQL(interning: "EXPLAIN (COSTS OFF) EXECUTE \(name) (7)")
      let query = Query<String>(explain) { row throws(DecodingFailure) in try row.text(0) }
      let plan = try await fixture.lanes.query(query, in: .tenant(1), .write).joined(separator: "\n")
      #expect(plan.contains("Seq Scan") == areKept, "\(plan)")
    }
  }

  @Test("a statement that is planned once has one plan from the start, and others are planned for their values", arguments: forms)
  func once(form: TransactionForm) async throws {
    try await Fixture.with(form, schema: "CREATE TABLE thing (number int8 PRIMARY KEY)") { (fixture: Fixture) async throws in
      let (kept, seen): (SQL, SQL) = ("SELECT 'kept' FROM thing WHERE number = $1", "SELECT 'seen' FROM thing WHERE number = $1")
      for number in 1...3 as ClosedRange<Int64> {
        _ = try await fixture.lanes.rows(Statement(kept, [.int8(number)], planning: .once), in: .tenant(1))
        _ = try await fixture.lanes.rows([Statement(seen, [.int8(number)])], in: .tenant(1), .read)
      }
      func plans(_ word: String) async throws -> String? {
        let count = SQL(
          interning: "SELECT generic_plans || ' ' || custom_plans FROM pg_prepared_statements WHERE statement LIKE 'SELECT ''\(word)''%'")
        return try await fixture.text(count, in: .tenant(1))
      }
      #expect(try await plans("kept") == "3 0")
      #expect(try await plans("seen") == "0 3")
    }
  }
}
