// SPDX-License-Identifier: Apache-2.0
import Base
import EventLoop
import Postgres
import Synchronization

/// A command's way to the database: one connection, unless it asks for more, on each of which it runs one transaction after the other.
struct CommandSession: Sendable {
  let heavy: HeavyLane
  /// The moment the command was given; everything it writes bears it.
  let now: Instant

  /// Opens the connections, runs the command, and closes them.
  ///
  /// - Throws: what the command throws; for a database that cannot be reached a problem that says why.
  static func run<Value: Sendable>(
    _ configuration: Configuration, as role: Postgres.Configuration.DatabaseRole = .server, connections: Int = 1,
    _ body: @Sendable (CommandSession) async throws -> Value
  ) async throws -> Value {
    var database = Postgres.Configuration(configuration, as: role)
    database.applicationName = "jiesu-command"
    database.heavy.connections = connections
    database.heavy.patience = .seconds(10)
    // Another command that changes the same may take a while.
    database.heavy.lockTimeout = .seconds(60)
    let clock = try Clock(configuration)
    let reason = LastReason()
    let loop = try EventLoop(name: "command")
    let offload = try Offload(threads: 1)
    let heavy = HeavyLane(on: loop, database, offload: offload) { reason.note($0) }
    heavy.open()
    let result: Result<Value, any Error>
    do {
      result = .success(try await body(CommandSession(heavy: heavy, now: clock.now())))
    } catch {
      result = .failure(error)
    }
    await heavy.close()
    offload.stop()
    loop.stop()
    do {
      return try result.get()
    } catch PostgresError.unavailable {
      throw Problem.unreachable(reason.text)
    }
  }

  /// Reads in one snapshot of the database.
  func read<Value: Sendable>(
    in context: Context = .platform, _ body: @Sendable (Transaction) async throws -> Value
  ) async throws -> Value {
    try await perform(in: context, .snapshot, body)
  }

  /// Writes all or nothing.
  func write<Value: Sendable>(
    in context: Context = .platform, _ body: @Sendable (Transaction) async throws -> Value
  ) async throws -> Value {
    try await perform(in: context, .write, body)
  }

  private func perform<Value: Sendable>(
    in context: Context, _ options: TransactionOptions, _ body: @Sendable (Transaction) async throws -> Value
  ) async throws -> Value {
    do throws(TransactionError) {
      return try await heavy.transaction(in: context, options, body)
    } catch {
      switch error {
      case .body(let cause), .rollback(_, let cause): throw cause
      case .begin(let cause), .commit(let cause): throw cause
      }
    }
  }
}

/// Why the last attempt to connect failed, in libpq's words, which name hosts and roles and nothing else.
private final class LastReason: Sendable {
  private let last = Mutex<String?>(nil)

  func note(_ event: ConnectionEvent) {
    if case .refused(let reason) = event { last.withLock { $0 = reason } }
  }

  var text: String? { last.withLock { $0 } }
}

extension Problem {
  fileprivate static func unreachable(_ reason: String?) -> Problem {
    let tail = reason.map { ": " + $0 } ?? ""
    return Problem(
      status: 503, code: "database-unavailable", title: Text(zh: "数据库不可用", en: "Database unavailable"),
      detail: Text(zh: "连不上数据库\(tail)", en: "the database cannot be reached\(tail)"))
  }
}
