// SPDX-License-Identifier: Apache-2.0
import Postgres

extension Postgres.Configuration {
  /// As whom the database is entered.
  enum DatabaseRole {
    /// The server's role, which owns nothing.
    case server
    /// The owner, who migrates.
    case owner
  }

  /// The way to the database that the settings say; a password comes from libpq's own password file (`PGPASSFILE`).
  init(_ configuration: Jiesu.Configuration, as role: DatabaseRole) {
    self.init(
      host: configuration.text(.databaseHost), port: UInt16(clamping: configuration.integer(.databasePort)),
      database: configuration.text(.databaseName), user: configuration.text(role == .server ? .serverUser : .ownerUser))
    let timeout = Duration.milliseconds(configuration.integer(.statementTimeout))
    reads = InteractiveLimits(connections: configuration.integer(.connections))
    reads.statementTimeout = timeout
    reads.patience = .milliseconds(configuration.integer(.patience))
    searches = reads
    writes = reads
    writes?.connections = configuration.integer(.writeConnections)
    heavy.connections = configuration.integer(.heavyConnections)
    switch configuration.text(.transactionForm) {
    case "implicit": form = .implicit
    case "explicit": form = .block
    default: form = nil
    }
  }
}
