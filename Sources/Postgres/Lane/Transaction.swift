// SPDX-License-Identifier: Apache-2.0
import EventLoop

/// An open transaction that has a connection to itself.
///
/// Each call is one round trip; ``rows(_:)-([Statement])`` sends several statements in one. A statement that fails leaves nothing to do but to
/// end the transaction.
// Unchecked: touched on the lane's loop only, to which the tasks inside the transaction are bound.
package final class Transaction: @unchecked Sendable {
  private let connection: Connection
  private let loop: EventLoop
  /// Which of the connection's lives the transaction belongs to: once lost, the connection comes back, and knows nothing of it.
  private let life: Int
  private var isOpen = true
  private var isCancelled = false

  init(_ connection: Connection) {
    self.connection = connection
    loop = connection.loop
    life = connection.attempt
  }

  /// Whether the connection is still the one on which the transaction began.
  private var isConnected: Bool {
    connection.attempt == life && (connection.state == .ready || connection.state == .retiring)
  }

  /// Runs a statement.
  package nonisolated(nonsending) func rows(_ statement: Statement) async throws(PostgresError) -> Rows {
    let request = Request(.statements, .one(statement))
    try await perform(request)
    return request.rows!
  }

  /// Runs several statements in one round trip; after the first that fails, the rest are skipped.
  ///
  /// - Returns: the results, in the order of the statements.
  package nonisolated(nonsending) func rows(_ statements: [Statement]) async throws(PostgresError) -> [Rows] {
    guard !statements.isEmpty else { return [] }
    let request = Request(.statements, .several(statements))
    try await perform(request)
    return [request.rows!] + request.moreRows
  }

  /// Runs a statement and reads its rows.
  package nonisolated(nonsending) func query<Output>(_ query: Query<Output>) async throws(PostgresError) -> [Output] {
    try await rows(query.statement).decoded(by: query)
  }

  /// Runs a statement that gives at most one row.
  package nonisolated(nonsending) func first<Output>(_ query: Query<Output>) async throws(PostgresError) -> Output? {
    try await rows(query.statement).single(by: query)
  }

  /// Makes the rest of the transaction that of a tenant which it has just made; it began as nobody's.
  package func enter(_ tenant: Int32) async throws(PostgresError) {
    try await perform(Request(.enter(.tenant(tenant))))
  }

  /// Sends a request and waits, unless the transaction is over or its task is cancelled.
  nonisolated(nonsending) func perform(_ request: Request) async throws(PostgresError) {
    guard loop.isCurrent else {
      let carried = Carried(request)
      return try await loop.run { () async throws(PostgresError) in try await self.perform(carried.value) }
    }
    guard isOpen else { throw .closed }
    guard !isCancelled else { throw .cancelled }
    guard isConnected else { throw .connectionLost }
    connection.send(request)
    try await request.finished()
  }

  /// Asks the server to stop, on behalf of a cancelled task.
  func cancel() {
    guard isOpen, !isCancelled, isConnected else { return }
    isCancelled = true
    if connection.load > 0 { connection.cancel() }
  }

  /// Ends the transaction, whatever happens to the task.
  func end(_ kind: Request.Kind) async throws(PostgresError) {
    isOpen = false
    guard isConnected else { throw .connectionLost }
    let request = Request(kind)
    connection.send(request)
    try await request.finished()
  }
}

/// A request on its way to its loop.
// Unchecked: its sender no longer touches it.
private struct Carried: @unchecked Sendable {
  let value: Request

  init(_ value: Request) {
    self.value = value
  }
}

/// Which part of a transaction failed.
package enum TransactionError: Error {
  /// It did not begin; nothing was done.
  case begin(PostgresError)
  /// Its closure failed; the transaction is undone.
  case body(any Error)
  /// Its closure failed, and then undoing it; the server undoes it when it notices that the connection is gone.
  case rollback(PostgresError, body: any Error)
  /// It could not be committed; with ``PostgresError/connectionLost`` and ``PostgresError/timedOut`` it is unknown whether it was.
  case commit(PostgresError)

  /// The error of the database, if it was one.
  package var database: PostgresError? {
    switch self {
    case .begin(let error), .commit(let error): error
    case .body(let error), .rollback(_, let error): error as? PostgresError
    }
  }
}

extension HeavyLane {
  /// Runs a closure in a transaction: committed when it returns, undone when it throws.
  ///
  /// The closure runs on the lane's loop. It is not repeated, also not after a serialization failure: that is for the caller, who knows whether it
  /// may. When the task is cancelled the server is asked to stop.
  ///
  /// - Parameters:
  ///   - context: whose rows are seen, in all of the transaction.
  ///   - options: what it may do and what it sees of others.
  /// - Throws: ``TransactionError``, which tells begin, closure, undoing and commit apart.
  package func transaction<Value: Sendable>(
    in context: Context, _ options: TransactionOptions = .write, _ body: @Sendable (Transaction) async throws -> Value
  ) async throws(TransactionError) -> Value {
    try await loop.run { () async throws(TransactionError) -> Value in
      let connection: Connection
      do throws(PostgresError) {
        connection = try await acquire(context)
      } catch {
        throw .begin(error)
      }
      defer { release(connection, context) }
      return try await run(body, in: context, options.begin, on: connection)
    }
  }

  private func run<Value: Sendable>(
    _ body: @Sendable (Transaction) async throws -> Value, in context: Context, _ options: BeginOptions, on connection: Connection
  ) async throws(TransactionError) -> Value {
    let transaction = Transaction(connection)
    let request = Request(.begin(context, options))
    do throws(PostgresError) {
      try await transaction.perform(request)
    } catch {
      // Some of it may have happened: BEGIN, and then a refused setting.
      connection.retire()
      throw .begin(error)
    }
    let result = await withTaskCancellationHandler {
      await outcome { try await body(transaction) }
    } onCancel: {
      loop.execute { transaction.cancel() }
    }
    switch result {
    case .success(let value):
      do throws(PostgresError) {
        try await transaction.end(.commit)
      } catch {
        throw .commit(error)
      }
      return value
    case .failure(let failure):
      do throws(PostgresError) {
        try await transaction.end(.rollback)
      } catch {
        connection.retire()
        throw .rollback(error, body: failure)
      }
      throw .body(failure)
    }
  }
}

/// What a transaction may do and what it sees of others.
package struct TransactionOptions: Sendable {
  var begin = BeginOptions()

  /// May change things.
  package static let write = TransactionOptions(begin: BeginOptions())
  /// Changes nothing, and sees the database as it was when it began.
  package static let snapshot = TransactionOptions(begin: BeginOptions(access: .read, isolation: .repeatableRead))

  /// The same with another isolation.
  package func isolated(_ isolation: Isolation) -> TransactionOptions {
    var copy = self
    copy.begin.isolation = isolation
    return copy
  }

  /// The same with another bound on each of its statements.
  package func limited(_ statementTimeout: Duration) -> TransactionOptions {
    var copy = self
    copy.begin.statementTimeout = statementTimeout
    return copy
  }
}

/// What a closure returned or threw.
private func outcome<Value>(of body: () async throws -> Value) async -> Result<Value, any Error> {
  do {
    return .success(try await body())
  } catch {
    return .failure(error)
  }
}
