// SPDX-License-Identifier: Apache-2.0
import EventLoop
import Glibc
import Postgres
import Store
import Support
import Synchronization
import Testing

/// A migrated database of its own, copied from one that is migrated once in a test run, with lanes as the server has them.
struct TestDatabase: Sendable {
  let cluster: Cluster
  let name: String
  let loop: EventLoop
  let lanes: Lanes

  /// The database of the suite that the test belongs to.
  @TaskLocal static var suites: TestDatabase?

  /// The database that the trait `database` made for the suite.
  static var current: TestDatabase {
    get throws { try #require(suites, "the suite lacks the trait database") }
  }

  /// Makes a database, runs `body` with it, and drops it.
  ///
  /// - Parameter template: the database of the cluster that it is a copy of; a migrated one with nothing in it unless told.
  static func with(
    cluster: Cluster? = nil, template: (Cluster) throws -> String = Self.template(of:),
    _ body: @Sendable (TestDatabase) async throws -> Void
  ) async throws {
    let cluster = try cluster ?? Cluster.shared.get()
    let name = "suite_\(getpid())_\(counter.add(1, ordering: .relaxed).newValue)"
    try copy(try template(cluster), to: name, in: cluster)
    let loop = try EventLoop(name: name)
    let offload = try Offload(threads: 1)
    let configuration = configuration(cluster, name, user: "jiesu_server")
    let heavy = HeavyLane(on: loop, configuration, offload: offload, report: { _ in })
    let lanes = Lanes(on: loop, configuration, heavy: heavy, offload: offload, report: { _ in })
    lanes.open()
    heavy.open()
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(TestDatabase(cluster: cluster, name: name, loop: loop, lanes: lanes)))
    } catch {
      result = .failure(error)
    }
    await lanes.close()
    await heavy.close()
    loop.stop()
    offload.stop()
    _ = try? cluster.sql("DROP DATABASE \(name) WITH (FORCE)")
    try result.get()
  }

  /// Makes a database as a copy of another one that nobody is connected to.
  static func copy(_ template: String, to name: String, in cluster: Cluster) throws {
    try cluster.sql("CREATE DATABASE \(name) TEMPLATE \(template) OWNER jiesu_owner")
    // Grants on a database are not copied with it.
    try cluster.sql(try file("sql/database.sql"), database: name)
  }

  /// Makes an empty database with nothing but its roles, for tests of the migrations themselves.
  static func empty(_ body: (Cluster, String) async throws -> Void) async throws {
    let cluster = try Cluster.shared.get()
    let name = "suite_\(getpid())_\(counter.add(1, ordering: .relaxed).newValue)"
    try cluster.sql("CREATE DATABASE \(name) OWNER jiesu_owner")
    defer { _ = try? cluster.sql("DROP DATABASE \(name) WITH (FORCE)") }
    try cluster.sql(try file("sql/database.sql"), database: name)
    try await body(cluster, name)
  }

  /// Waits until a question of the form `count(*) = 1 FROM tenant` is answered with yes.
  func wait(until condition: String) throws {
    try Support.wait(for: condition) { try sql("SELECT \(condition)") == "t" }
  }

  static func configuration(_ cluster: Cluster, _ database: String, user: String) -> Configuration {
    var configuration = Configuration(host: cluster.socketDirectory, database: database, user: user)
    configuration.reads = InteractiveLimits(connections: 1)
    configuration.heavy.connections = 1
    // No test may depend on how busy the machine is; a cluster that a test kills will not answer, however long one waits.
    if cluster.isShared {
      configuration.reads.statementTimeout = .seconds(120)
      configuration.reads.lockTimeout = .seconds(120)
      configuration.reads.patience = .seconds(120)
      configuration.heavy.lockTimeout = .seconds(120)
      configuration.heavy.patience = .seconds(120)
      configuration.heavy.idleTimeout = .seconds(600)
      configuration.openingLimit = .seconds(60)
    }
    configuration.writes = configuration.reads
    return configuration
  }

  // MARK: SQL beside the server

  /// Of a `SELECT`: the locks that sessions of this database wait for. Others on the cluster have tables with the same numbers.
  static let locksWaitedFor = "pg_locks JOIN pg_stat_activity a USING (pid) WHERE NOT granted AND a.datname = current_database()"

  /// Waits until no server has a transaction under way that changes something; those of a killed one end when PostgreSQL notices.
  func waitUntilNothingIsUnderWay() throws {
    try wait(
      until: """
        NOT EXISTS (SELECT FROM pg_stat_activity
          WHERE usename = 'jiesu_server' AND datname = current_database() AND backend_xid IS NOT NULL)
        """)
  }

  /// A new blocking connection as one of the database's roles.
  func connect(as role: String = "postgres") throws -> ScriptConnection {
    try ScriptConnection(Self.configuration(cluster, name, user: role))
  }

  /// Runs a script as the superuser.
  func script(_ text: String) throws { try connect().run(text) }

  /// Runs one statement as the superuser.
  ///
  /// - Returns: the rows, columns apart by `|`, nothing for NULL.
  @discardableResult
  func sql(_ statement: String) throws -> String {
    try connect().rows(statement).map { $0.map { $0 ?? "" }.joined(separator: "|") }.joined(separator: "\n")
  }

  // MARK: Within

  private static let counter = Atomic(0)
  private static let templates = Mutex<[String: String]>([:])

  /// The migrated database that others are copied from, made on first use in each cluster.
  static func template(of cluster: Cluster) throws -> String {
    try templates.withLock { templates in
      if let name = templates[cluster.dataDirectory] { return name }
      try removeLeftovers(cluster)
      let name = "template_\(getpid())"
      try cluster.sql("CREATE DATABASE \(name) OWNER jiesu_owner")
      try cluster.sql(try file("sql/database.sql"), database: name)
      let files = try MigrationFile.read(directory: Cluster.checkout + "/sql/migrations")
      _ = try Migrator(configuration(cluster, name, user: "jiesu_owner")).migrate(files)
      templates[cluster.dataDirectory] = name
      return name
    }
  }

  /// Drops the databases of test processes that are gone.
  private static func removeLeftovers(_ cluster: Cluster) throws {
    let names = try cluster.sql("SELECT datname FROM pg_database WHERE datname ~ '^(test|suite|template)_[0-9]+(_[0-9]+)?$'")
    for name in names.split(separator: "\n") {
      guard let process = pid_t(name.split(separator: "_")[1]), process != getpid(), kill(process, 0) != 0 else { continue }
      try cluster.sql("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }
  }

  static func file(_ path: String) throws -> String { try Command.run(["cat", "\(Cluster.checkout)/\(path)"]).output }
}
