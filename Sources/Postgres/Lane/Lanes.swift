// SPDX-License-Identifier: Apache-2.0
import EventLoop

/// One event loop's ways to the database: pipelined connections of its own for what is short, and the process's heavy lane for what is not.
///
/// Calls are made on the loop, where they cost no lock; from elsewhere they go there and come back.
// Unchecked: the lanes are touched on the loop's thread only, to which each entry point goes first.
package final class Lanes: @unchecked Sendable {
  package let loop: EventLoop
  package let heavy: HeavyLane
  private let reads: InteractiveLane
  private let searches: InteractiveLane
  private let writes: InteractiveLane

  /// Makes the lanes; ``open()`` opens their connections.
  ///
  /// - Parameter report: called, on the loop, with what happens to the connections.
  package init(
    on loop: EventLoop, _ configuration: Configuration, heavy: HeavyLane, offload: Offload,
    report: @escaping @Sendable (ConnectionEvent) -> Void
  ) {
    self.loop = loop
    self.heavy = heavy
    // Where writes have connections of their own, the others can be read-only for nothing.
    reads = InteractiveLane(
      on: loop, configuration, configuration.reads, isReadOnly: configuration.writes != nil, offload: offload, report: report)
    searches =
      configuration.searches.map {
        InteractiveLane(on: loop, configuration, $0, isReadOnly: true, offload: offload, report: report)
      } ?? reads
    writes =
      configuration.writes.map {
        InteractiveLane(on: loop, configuration, $0, isReadOnly: false, offload: offload, report: report)
      } ?? reads
  }

  /// Opens the connections, and keeps them open.
  package func open() {
    loop.execute { [self] in
      reads.open()
      if searches !== reads { searches.open() }
      if writes !== reads { writes.open() }
    }
  }

  /// Closes the connections; what is under way fails, so let it finish first.
  package func close() async {
    await loop.run { [self] in
      reads.close()
      if searches !== reads { searches.close() }
      if writes !== reads { writes.close() }
    }
  }

  // MARK: Statements

  /// Runs one statement in a transaction of its own, in one round trip.
  ///
  /// - Parameters:
  ///   - context: whose rows are seen.
  ///   - access: ``Access/write`` for a statement that changes something; the server refuses changes otherwise.
  /// - Returns: what the statement gave, once the transaction has been committed.
  package nonisolated(nonsending) func rows(
    _ statement: Statement, in context: Context, _ access: Access = .read
  ) async throws(PostgresError) -> Rows {
    guard loop.isCurrent else {
      return try await loop.run { () async throws(PostgresError) -> Rows in try await rows(statement, in: context, access) }
    }
    let request = Request(.transaction(context, access), .one(statement))
    lane(access).submit(request)
    try await request.finished()
    return request.rows!
  }

  /// Runs several statements in one transaction and one round trip; all take effect, or none.
  ///
  /// - Returns: the results, in the order of the statements.
  package nonisolated(nonsending) func rows(
    _ statements: [Statement], in context: Context, _ access: Access
  ) async throws(PostgresError) -> [Rows] {
    guard !statements.isEmpty else { return [] }
    guard loop.isCurrent else {
      return try await loop.run { () async throws(PostgresError) -> [Rows] in try await rows(statements, in: context, access) }
    }
    let request = Request(.transaction(context, access), .several(statements))
    lane(access).submit(request)
    try await request.finished()
    return [request.rows!] + request.moreRows
  }

  /// Runs a statement and reads its rows.
  package nonisolated(nonsending) func query<Output>(
    _ query: Query<Output>, in context: Context, _ access: Access = .read
  ) async throws(PostgresError) -> [Output] {
    try await rows(query.statement, in: context, access).decoded(by: query)
  }

  /// Runs a statement that gives at most one row, and reads it.
  package nonisolated(nonsending) func first<Output>(
    _ query: Query<Output>, in context: Context, _ access: Access = .read
  ) async throws(PostgresError) -> Output? {
    try await rows(query.statement, in: context, access).single(by: query)
  }

  /// Runs a closure in a transaction on the heavy lane; see ``HeavyLane/transaction(in:_:_:)``.
  package func transaction<Value: Sendable>(
    in context: Context, _ options: TransactionOptions = .write, _ body: @Sendable (Transaction) async throws -> Value
  ) async throws(TransactionError) -> Value {
    try await heavy.transaction(in: context, options, body)
  }

  private func lane(_ access: Access) -> InteractiveLane {
    switch access {
    case .read: reads
    case .search: searches
    case .write: writes
    }
  }

  // MARK: State

  /// How things stand on this loop.
  package struct Status: Sendable, Equatable {
    /// Connections that take requests.
    package var ready: Int
    /// Requests under way.
    package var underWay: Int
    /// Requests that wait for room.
    package var queued: Int
  }

  /// How reads stand, those that may take long among them.
  package func readStatus() async -> Status {
    await loop.run { [self] in
      guard searches !== reads else { return status(reads) }
      let (one, other) = (status(reads), status(searches))
      return Status(
        ready: one.ready + other.ready, underWay: one.underWay + other.underWay, queued: one.queued + other.queued)
    }
  }

  /// How writes stand.
  package func writeStatus() async -> Status { await loop.run { [self] in status(writes) } }

  private func status(_ lane: InteractiveLane) -> Status {
    Status(ready: lane.ready, underWay: lane.load, queued: lane.queued)
  }
}
