// SPDX-License-Identifier: Apache-2.0
import EventLoop
import Postgres
import Store
import Support
import Testing

@Suite("Migrating a database", .blocking)
struct MigratorTests {
  private func file(_ name: String, _ sql: String) throws -> MigrationFile { try MigrationFile(fileName: name, bytes: Array(sql.utf8)) }

  private func migrator(_ cluster: Cluster, _ database: String) -> Migrator {
    Migrator(TestDatabase.configuration(cluster, database, user: "jiesu_owner"))
  }

  @Test("the project's own files make the schema, and a second run does nothing")
  func own() async throws {
    try await TestDatabase.empty { cluster, database in
      let files = try MigrationFile.read(directory: Cluster.checkout + "/sql/migrations")
      #expect(files.map(\.number) == Array(1...files.count))
      let migrator = migrator(cluster, database)
      #expect(try migrator.plan(files).pending == files)
      let first = try migrator.migrate(files)
      #expect(first.before == 0 && first.taken.map(\.number) == Array(1...files.count))
      let second = try migrator.migrate(files)
      #expect(second.before == files.count && second.taken.isEmpty)
      #expect(try migrator.plan(files).pending.isEmpty)
    }
  }

  @Test("a step that fails is undone as a whole, is named with its line, and leaves the steps before it")
  func failure() async throws {
    try await TestDatabase.empty { cluster, database in
      let good = try file("0001_good.sql", "CREATE TABLE good (a int);")
      let bad = try file("0002_bad.sql", "CREATE TABLE bad (a int);\nINSERT INTO bad VALUES (1);\nSELECT nothing;\n")
      #expect(
        throws: MigrationError.failed(2, "bad", reason: "column \"nothing\" does not exist (SQLSTATE 42703, line 3)")
      ) { try migrator(cluster, database).migrate([good, bad]) }
      #expect(try cluster.sql("SELECT to_regclass('good'), to_regclass('bad')", database: database) == "good|")
      #expect(try cluster.sql("SELECT string_agg(name, ' ') FROM schema_migration", database: database) == "good")
      let mended = try file("0002_bad.sql", "CREATE TABLE bad (a int);")
      #expect(try migrator(cluster, database).migrate([good, mended]).taken.map(\.number) == [2])
    }
  }

  @Test("a step that ends its transaction itself is refused, so none can be half done")
  func ownTransaction() async throws {
    try await TestDatabase.empty { cluster, database in
      let script = try file("0001_a.sql", "CREATE TABLE a (a int); COMMIT; SELECT 1;")
      #expect(throws: MigrationError.self) { try migrator(cluster, database).migrate([script]) }
      #expect(try cluster.sql("SELECT count(*) FROM schema_migration", database: database) == "0")
    }
  }

  @Test("files that are not those that made the database stop it before it changes anything")
  func changed() async throws {
    try await TestDatabase.empty { cluster, database in
      let first = try file("0001_a.sql", "CREATE TABLE a (a int);")
      _ = try migrator(cluster, database).migrate([first])
      let edited = try file("0001_a.sql", "CREATE TABLE a (a bigint);")
      let next = try file("0002_b.sql", "CREATE TABLE b (a int);")
      #expect(throws: MigrationError.changed(1, "a")) { try migrator(cluster, database).migrate([edited, next]) }
      #expect(throws: MigrationError.missing(1, "a")) { try migrator(cluster, database).migrate([next]) }
      #expect(try cluster.sql("SELECT to_regclass('b')", database: database) == "")
    }
  }

  @Test("of several that migrate at once, one does the work and the others find it done")
  func together() async throws {
    try await TestDatabase.empty { cluster, database in
      let files = try (1...9).map { try file("000\($0)_t\($0).sql", "CREATE TABLE t\($0) (a int);") }
      let migrator = migrator(cluster, database)
      // Blocking work on threads made for it.
      let offload = try Offload(threads: 4)
      defer { offload.stop() }
      let taken = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<4 { group.addTask { try await offload.run { try migrator.migrate(files).taken.count } } }
        return try await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(taken.reduce(0, +) == 9)
      #expect(taken.count { $0 == 0 } == 3)
    }
  }

  @Test("a database that is not there is said to be unavailable")
  func unavailable() throws {
    let cluster = try Cluster.shared.get()
    #expect {
      try migrator(cluster, "no_such_database").migrate([])
    } throws: { error in
      guard case ScriptError.unavailable(let reason) = error else { return false }
      return reason.contains("no_such_database")
    }
  }
}
