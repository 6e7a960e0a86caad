// SPDX-License-Identifier: Apache-2.0
import Crypto
import Postgres

/// Brings a database's schema up to the files: forward only, each file in a transaction of its own, one migrator at a time.
///
/// It blocks the thread it runs on; a command runs it before anything else, or on a thread of `Offload`.
package struct Migrator: Sendable {
  /// What was found and done.
  package struct Outcome: Sendable, Equatable {
    /// The last step that was there before.
    package let before: Int
    /// The steps that were taken now, in their order.
    package let taken: [Taken]
  }

  package struct Taken: Sendable, Equatable {
    package let number: Int
    package let name: String
  }

  /// The number of the advisory lock: of one database, and of nothing else in it.
  private static let lock = "7091720261"

  private let configuration: Configuration

  /// - Parameter configuration: the owner's connection, not the server's.
  package init(_ configuration: Configuration) { self.configuration = configuration }

  /// Takes the steps that are missing.
  ///
  /// - Parameters:
  ///   - files: all of them, also those applied long ago.
  ///   - report: called after each step.
  /// - Throws: `MigrationError` when the files are not those that made the database, or when a step fails (which undoes that
  ///   step and leaves those before it); `ScriptError` when the database cannot be reached.
  package func migrate(_ files: [MigrationFile], report: (Taken) -> Void = { _ in }) throws -> Outcome {
    let connection = try ScriptConnection(configuration)
    // Waits for another migrator, and then finds its work done. Held by the connection, so it ends with the process.
    _ = try connection.rows("SELECT pg_advisory_lock($1::bigint)", [Self.lock])
    try connection.run(
      """
      CREATE TABLE IF NOT EXISTS schema_migration (
        number int PRIMARY KEY CHECK (number > 0),
        name text NOT NULL,
        sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
        applied_at timestamptz NOT NULL DEFAULT now()
      )
      """)
    let applied = try Self.applied(connection)
    let plan = try MigrationPlan(files: files, applied: applied)
    var taken: [Taken] = []
    for file in plan.pending {
      try take(file, connection)
      taken.append(Taken(number: file.number, name: file.name))
      report(Taken(number: file.number, name: file.name))
    }
    return Outcome(before: applied.map(\.number).max() ?? 0, taken: taken)
  }

  /// What is missing, without doing it; for a database without any step, all files.
  package func plan(_ files: [MigrationFile]) throws -> MigrationPlan {
    let connection = try ScriptConnection(configuration)
    let exists = try connection.rows("SELECT to_regclass('schema_migration')")[0][0] != nil
    return try MigrationPlan(files: files, applied: exists ? try Self.applied(connection) : [])
  }

  private func take(_ file: MigrationFile, _ connection: borrowing ScriptConnection) throws {
    do {
      try connection.run("BEGIN")
      try connection.run(file.sql)
      // A script that ends the transaction itself would leave the rest outside of it, and half of it behind when it fails.
      guard try connection.rows("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")[0][0] == "t" else {
        throw MigrationError.failed(file.number, file.name, reason: "it changes nothing, or ends its transaction itself")
      }
      _ = try connection.rows(
        "INSERT INTO schema_migration (number, name, sha256) VALUES ($1::int, $2, decode($3, 'hex'))",
        [String(file.number), file.name, Hex.encode(file.checksum)])
      try connection.run("COMMIT")
    } catch ScriptError.refused(let state, let message, let line) {
      try connection.run("ROLLBACK")
      throw MigrationError.failed(
        file.number, file.name, reason: "\(message) (SQLSTATE \(state)\(line.map { ", line \($0)" } ?? ""))")
    }
  }

  private static func applied(_ connection: borrowing ScriptConnection) throws -> [AppliedMigration] {
    try connection.rows("SELECT number, name, encode(sha256, 'hex') FROM schema_migration ORDER BY number").map { row in
      guard row.count == 3, let number = row[0].flatMap({ Int($0) }), let name = row[1], let digits = row[2] else {
        throw ScriptError.connectionLost
      }
      return AppliedMigration(number: number, name: name, checksum: try Hex.decode(digits))
    }
  }
}
