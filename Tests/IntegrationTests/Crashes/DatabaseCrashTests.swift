// SPDX-License-Identifier: Apache-2.0
import Base
import EventLoop
import Glibc
import Postgres
import Store
import Support
import Synchronization
import Testing

@Suite("PostgreSQL killed at work", .blocking, .serialized)
struct DatabaseCrashTests {
  private let name = Text(zh: "科室", en: "Department")

  private static let counter = Atomic(0)

  private static func freshName() -> String { "crash-\(getpid())-\(counter.add(1, ordering: .relaxed).newValue)" }

  /// A cluster of its own, since the others' must live.
  private func withCluster(_ body: @Sendable (Cluster, TestDatabase) async throws -> Void) async throws {
    let cluster = try Cluster.start(Self.freshName())
    defer { try? cluster.drop() }
    try await TestDatabase.with(cluster: cluster) { database in
      try database.script(SampleRows.script("north", number: 1))
      try await body(cluster, database)
    }
  }

  private func restart(_ cluster: Cluster) throws { _ = try Cluster.start(cluster.name) }

  @Test("a transaction of many steps that was under way has done nothing, and the next one succeeds without a new server of ours")
  func transaction() async throws {
    try await withCluster { cluster, database in
      let tenant = try #require(TenantID(1))
      let lanes = database.lanes
      let fill: @Sendable (Transaction, Bool) async throws -> Void = { transaction, crashes in
        for number in 0..<50 {
          let department = DepartmentStore.Department(code: "d\(number)", parent: nil, kind: "department", name: self.name)
          _ = try await transaction.rows(DepartmentStore.put(department, in: tenant))
          if crashes, number == 30 { try cluster.crash() }
        }
      }
      let failure = await #expect(throws: TransactionError.self) {
        try await lanes.transaction(in: .tenant(1)) { try await fill($0, true) }
      }
      #expect(failure?.database == .connectionLost)
      try restart(cluster)
      #expect(try database.sql("SELECT count(*) FROM department WHERE code LIKE 'd_'") == "0")
      try await eventually { try await lanes.transaction(in: .tenant(1)) { try await fill($0, false) } }
      #expect(try database.sql("SELECT count(*) FROM department WHERE tenant_id = 1") == "51")
    }
  }

  @Test("what was acknowledged is there, and what was not is there whole or not at all")
  func acknowledged() async throws {
    try await withCluster { cluster, database in
      for round in 1...3 { try await fire(round, cluster, database) }
    }
  }

  /// Lets clients write until PostgreSQL is killed, starts it again, and compares.
  private func fire(_ round: Int, _ cluster: Cluster, _ database: TestDatabase) async throws {
    let tenant = try #require(TenantID(1))
    let acknowledged = Acknowledged()
    let lanes = database.lanes
    let name = self.name
    try await eventually { _ = try await lanes.query(DepartmentStore.list(in: tenant), in: .tenant(1)) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for client in 0..<8 {
        group.addTask {
          for number in 0..<2000 {
            let code = round * 100_000 + client * 10_000 + number
            // Two rows in one request: they are there together.
            let statements = ["a", "b"].map {
              DepartmentStore.put(.init(code: "\($0)\(code)", parent: nil, kind: "department", name: name), in: tenant)
            }
            do {
              _ = try await lanes.rows(statements, in: .tenant(1), .write)
              acknowledged.insert(code)
            } catch {
              return
            }
          }
        }
      }
      group.addTask {
        // In the middle of things, wherever that is this time.
        while acknowledged.codes.count < round * 150 { try await database.loop.sleep(for: .milliseconds(1)) }
        try cluster.crash()
      }
      try await group.waitForAll()
    }
    try restart(cluster)
    let codes = try ["a", "b"].map { letter in
      Set(
        try database.sql("SELECT substr(code, 2) FROM department WHERE code ~ '^\(letter)\(round)[0-9]{5}$'").split(separator: "\n")
          .compactMap { Int($0) })
    }
    #expect(codes[0] == codes[1], "half a request")
    let missing = acknowledged.codes.subtracting(codes[0])
    #expect(missing.isEmpty, "acknowledged and lost: \(missing)")
    // At most what each client had under way is there without having been acknowledged.
    #expect(codes[0].count - acknowledged.codes.count <= 8)
  }

  @Test("a migration that was under way is undone, and the next one takes it from where it was")
  func migration() async throws {
    let cluster = try Cluster.start(Self.freshName())
    defer { try? cluster.drop() }
    try cluster.sql("CREATE DATABASE moving OWNER jiesu_owner")
    try cluster.sql(try TestDatabase.file("sql/database.sql"), database: "moving")
    let files = try (1...6).map {
      try MigrationFile(fileName: "000\($0)_t\($0).sql", bytes: Array("CREATE TABLE t\($0) (a int);".utf8))
    }
    // The last one waits in its middle, so that it is known to be under way.
    let slow = try MigrationFile(fileName: "0007_slow.sql", bytes: Array("CREATE TABLE slow (a int); SELECT pg_sleep(600);".utf8))
    let migrator = Migrator(TestDatabase.configuration(cluster, "moving", user: "jiesu_owner"))
    let offload = try Offload(threads: 1)
    defer { offload.stop() }
    async let outcome = offload.run { Result { try migrator.migrate(files + [slow]) } }
    try wait(for: "the migration's sleep") { try cluster.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") != "0" }
    try cluster.crash()
    let result = try await outcome
    #expect(throws: ScriptError.connectionLost) { try result.get() }
    try restart(cluster)
    #expect(try cluster.sql("SELECT count(*), max(number) FROM schema_migration", database: "moving") == "6|6")
    #expect(try cluster.sql("SELECT to_regclass('slow')", database: "moving") == "")
    let mended = try MigrationFile(fileName: "0007_slow.sql", bytes: Array("CREATE TABLE slow (a int);".utf8))
    #expect(try migrator.migrate(files + [mended]).taken.map(\.number) == [7])
  }

  /// What clients were told is done.
  private final class Acknowledged: Sendable {
    private let held = Mutex<Set<Int>>([])

    func insert(_ code: Int) { held.withLock { _ = $0.insert(code) } }
    var codes: Set<Int> { held.withLock { $0 } }
  }

  /// Tries again while the lanes find their way back.
  private func eventually(_ body: () async throws -> Void) async throws {
    var attempts = 0
    while true {
      do {
        return try await body()
      } catch {
        attempts += 1
        if attempts == 200 { throw error }
        usleep(20_000)
      }
    }
  }
}
