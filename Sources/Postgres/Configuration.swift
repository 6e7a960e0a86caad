// SPDX-License-Identifier: Apache-2.0

/// Where the database is, who we are there, and how much is asked of it.
package struct Configuration: Sendable {
  /// The directory of a Unix socket, an address, or a host's name.
  package var host: String
  package var port: UInt16
  package var database: String
  package var user: String
  package var password: String?
  /// What the server shows us as, in `pg_stat_activity`.
  package var applicationName = "jiesu"
  package var encryption = Encryption.none
  /// How a request's transaction is written; nil to go by what the server is.
  package var form: TransactionForm?
  /// How long making one connection may take.
  package var openingLimit = Duration.seconds(5)
  /// How long to wait after the first failed attempt; each further one doubles it, up to `longestPause`.
  package var firstPause = Duration.milliseconds(50)
  package var longestPause = Duration.seconds(2)
  /// How long the server's plans for statements are kept on a connection: at first, and at most; each time twice as long.
  package var plansKept = Duration.seconds(1)...Duration.seconds(60)

  package var reads = InteractiveLimits(connections: 2)
  /// Reads that may take long for a request; nil when they go the others' way.
  package var searches: InteractiveLimits?
  /// Statements that change something; nil when they go the reads' way.
  ///
  /// A commit waits for the disk, and commits of one connection wait for one another; those of several share one write. Measured with 64 tasks that
  /// insert, against `pgbench` with 16 clients: 2 connections 0.06, 8 connections 0.5, 16 connections 0.87, 32 connections 1.4 times its rate.
  package var writes: InteractiveLimits? = InteractiveLimits(connections: 16)
  package var heavy = HeavyLimits()

  package init(host: String, port: UInt16 = 5432, database: String, user: String, password: String? = nil) {
    self.host = host
    self.port = port
    self.database = database
    self.user = user
    self.password = password
  }
}

/// Whether the connection to the server is encrypted, and whether the server must prove who it is.
package enum Encryption: Sendable, Equatable {
  case none
  case required
  /// The server's certificate must be signed by one in this file and name the host.
  case verified(certificates: String)
}

/// How a request's transaction is written, always with one network write.
package enum TransactionForm: Sendable, Equatable {
  /// `set_config(…)`, the statements, Sync: the transaction that the Sync ends. For PostgreSQL by itself.
  case implicit
  /// `BEGIN`, `SET LOCAL …`, the statements, Sync, `COMMIT`, Sync: what Citus passes on to its workers.
  case block
}

/// The bounds of a lane whose connections are shared by pipelining.
package struct InteractiveLimits: Sendable {
  /// Connections of one event loop.
  package var connections: Int
  /// How long the server works on one statement before it gives up.
  package var statementTimeout = Duration.seconds(5)
  /// How long a statement waits for a lock.
  package var lockTimeout = Duration.seconds(2)
  /// How long the server may be silent beyond `statementTimeout` before the connection is given up.
  package var grace = Duration.seconds(2)
  /// How many requests may be under way on one connection: enough that the server never waits for the next, and so few that none waits long
  /// behind a server process that has less of a processor than the others. Measured with lists at 64 connections, see
  /// `docs/decisions/0025-short-lines-before-each-connection.md`.
  package var depth = 8
  /// How many more may wait for one, for whichever has room first.
  package var queue = 2048
  /// How long they wait.
  package var patience = Duration.seconds(2)

  package init(connections: Int) {
    self.connections = connections
  }
}

/// The bounds of the lane for long work.
package struct HeavyLimits: Sendable {
  /// Connections of the process.
  package var connections = 4
  /// How many transactions of one tenant may run or wait at a time.
  package var perTenant = 2
  /// How many transactions may wait for a connection.
  package var queue = 64
  /// How long they wait.
  package var patience = Duration.seconds(30)
  package var statementTimeout = Duration.seconds(120)
  package var lockTimeout = Duration.seconds(10)
  /// How long a transaction may rest between two statements.
  package var idleTimeout = Duration.seconds(60)
  /// How long the server may be silent beyond `statementTimeout` before the connection is given up.
  package var grace = Duration.seconds(5)

  package init() {}
}

/// What happens to the connections, for the log and the metrics.
package enum ConnectionEvent: Sendable, Equatable {
  case opened
  /// An attempt failed; the text is libpq's, it names hosts and roles and nothing else.
  case refused(reason: String)
  /// An open connection was lost, or given up for silence.
  case lost(silent: Bool)
  /// An open connection is replaced, because the tables have changed under its prepared statements.
  case retired
}
