// SPDX-License-Identifier: Apache-2.0
import EventLoop
import Glibc
import Support
import Testing

@testable import Postgres

/// A database with lanes to it.
struct Fixture: Sendable {
  let cluster: Cluster
  let database: String
  let loop: EventLoop
  let offload: Offload
  let heavy: HeavyLane
  let lanes: Lanes
  let events: Guarded<[ConnectionEvent]>

  /// Makes the database if it takes one of its own, runs `body` with it, and takes everything down.
  ///
  /// - Parameters:
  ///   - form: how transactions are written.
  ///   - schema: what the database holds, as its superuser makes it; the lanes come as `jiesu_server`. Without any, the database is one that others
  ///     use too.
  ///   - cluster: nil for the one all tests share.
  ///   - change: what is to be different from ``configuration(_:_:)``.
  static func with(
    _ form: TransactionForm? = nil, schema: String = "", cluster: Cluster? = nil, change: (inout Configuration) -> Void = { _ in },
    _ body: (Fixture) async throws -> Void
  ) async throws {
    let cluster = try cluster ?? Cluster.shared.get()
    var database = "postgres"
    if !schema.isEmpty {
      database = "test_\(getpid())_\(nextNumber())"
      try cluster.sql("CREATE DATABASE \(database)")
      try cluster.sql("ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO jiesu_server; " + schema, database: database)
    }
    var configuration = configuration(cluster, database)
    configuration.form = form
    change(&configuration)

    let loop = try EventLoop(name: "test")
    let offload = try Offload(threads: 1)
    let events = Guarded<[ConnectionEvent]>([])
    let report: @Sendable (ConnectionEvent) -> Void = { event in events.withLock { $0.append(event) } }
    let heavy = HeavyLane(on: loop, configuration, offload: offload, report: report)
    let lanes = Lanes(on: loop, configuration, heavy: heavy, offload: offload, report: report)
    lanes.open()
    heavy.open()
    let fixture = Fixture(
      cluster: cluster, database: database, loop: loop, offload: offload, heavy: heavy, lanes: lanes, events: events)
    let result = await outcome { try await body(fixture) }
    await lanes.close()
    await heavy.close()
    loop.stop()
    offload.stop()
    if !schema.isEmpty { try cluster.sql("DROP DATABASE \(database) WITH (FORCE)") }
    try result.get()
  }

  private static let numbers = Guarded(0)

  private static func nextNumber() -> Int {
    numbers.withLock { last in
      last += 1
      return last
    }
  }

  /// One connection a lane, so that order is order.
  static func configuration(_ cluster: Cluster, _ database: String) -> Configuration {
    var configuration = Configuration(host: cluster.socketDirectory, database: database, user: "jiesu_server")
    configuration.reads = InteractiveLimits(connections: 1)
    // No test may depend on how busy the machine is.
    configuration.reads.statementTimeout = .seconds(120)
    configuration.reads.patience = .seconds(120)
    configuration.heavy.patience = .seconds(120)
    configuration.heavy.idleTimeout = .seconds(600)
    configuration.openingLimit = .seconds(60)
    configuration.writes = nil
    configuration.heavy.connections = 1
    return configuration
  }

  /// Runs SQL as the superuser.
  @discardableResult
  func sql(_ text: String) throws -> String {
    try cluster.sql(text, database: database)
  }

  /// Tries `condition` until it holds; the tests wait for states, never for times.
  func until(_ condition: () async throws -> Bool) async throws {
    let deadline = monotonicSeconds() + 120
    while !(try await condition()) {
      guard monotonicSeconds() < deadline else { throw Command.Failure(description: "waited two minutes in vain") }
      try await loop.sleep(for: .milliseconds(2))
    }
  }

  /// Runs a statement that gives one number.
  func number(
    _ sql: SQL, _ binds: [Bind] = [], in context: Context = .platform, _ access: Access = .write
  ) async throws -> Int64? {
    try await lanes.first(Query(sql, binds) { row throws(DecodingFailure) in try row.int64(0) }, in: context, access)
  }

  /// Runs a statement that gives one text.
  func text(
    _ sql: SQL, _ binds: [Bind] = [], in context: Context = .platform, _ access: Access = .write
  ) async throws -> String? {
    try await lanes.first(Query(sql, binds) { row throws(DecodingFailure) in try row.text(0) }, in: context, access)
  }
}

/// What a closure returned or threw.
func outcome<Value>(of body: () async throws -> Value) async -> Result<Value, any Error> {
  do {
    return .success(try await body())
  } catch {
    return .failure(error)
  }
}

/// The two ways of writing a transaction.
let forms: [TransactionForm] = [.implicit, .block]
