// SPDX-License-Identifier: Apache-2.0
import API
import Base
import Postgres
import Store

/// Keeps a server from serving a schema that lacks steps which it counts on.
struct SchemaGate: Sendable {
  /// The last migration that comes with this program.
  let needed: Int32

  /// - Throws: `MigrationError` where the files that come with the program cannot be read.
  init(_ configuration: Configuration) throws {
    let files = try MigrationFile.read(directory: Home(configuration).path("sql/migrations"))
    needed = Int32(clamping: files.last?.number ?? 0)
  }

  /// Looks at the database before the first request is taken.
  ///
  /// A database that cannot be reached is no reason to end: `/readyz` says so until it can be.
  ///
  /// - Throws: 409 for a schema that is older than this program's.
  func check(_ lanes: Lanes, _ log: Log) async throws {
    do {
      let found = try await lanes.first(SchemaStore.last, in: .platform) ?? 0
      if found < needed { throw Problem.outdatedSchema(found: found, needed: needed) }
    } catch let error as PostgresError {
      if error.state == .undefinedTable { throw Problem.outdatedSchema(found: 0, needed: needed) }
      log.write(.warning, "schema-unknown", ["error": .identifier("\(error)")])
    }
  }
}

extension Problem {
  fileprivate static func outdatedSchema(found: Int32, needed: Int32) -> Problem {
    conflict(
      "schema-outdated",
      Text(
        zh: "数据库结构为第 \(found) 步，本程序需要第 \(needed) 步：请先执行 jiesu migrate，再启动服务。",
        en: "The schema is at migration \(found); this program needs \(needed). Run jiesu migrate, then start the server."))
  }
}
