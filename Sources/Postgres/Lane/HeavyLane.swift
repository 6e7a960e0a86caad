// SPDX-License-Identifier: Apache-2.0
import EventLoop

/// A few connections of the whole process for long work: reports, exports, imports, transactions of many steps; each has one of them to itself.
///
/// It lives on one loop. A transaction asked for on another runs its closure on this one, and comes back with the result.
// Unchecked: everything is touched on the loop's thread only, to which each entry point goes first.
package final class HeavyLane: @unchecked Sendable {
  /// Somebody who waits for a connection.
  // Unchecked: touched on the loop's thread only; a cancelled task's handler merely carries it there.
  final class Ticket: @unchecked Sendable {
    let context: Context
    let deadline: Moment
    let connection = OneShot<Result<Connection, PostgresError>>()

    init(context: Context, deadline: Moment) {
      self.context = context
      self.deadline = deadline
    }
  }

  package let loop: EventLoop
  private let limits: HeavyLimits
  private let connections: [Connection]
  private var waiting = Ring<Ticket>()
  /// How many run or wait, of each tenant that has any.
  private var counts: [Int32: Int] = [:]
  private var isClosed = false
  private lazy var deadline = Timer(on: loop) { [unowned self] in giveUp() }

  package init(
    on loop: EventLoop, _ configuration: Configuration, offload: Offload, report: @escaping @Sendable (ConnectionEvent) -> Void
  ) {
    self.loop = loop
    limits = configuration.heavy
    let session = Session(
      statementTimeout: limits.statementTimeout, lockTimeout: limits.lockTimeout, idleTimeout: limits.idleTimeout,
      silenceLimit: limits.statementTimeout + limits.grace)
    connections = (0..<limits.connections).map { _ in Connection(on: loop, configuration, session, offload: offload, report: report) }
    for connection in connections {
      connection.onChange = { [unowned self] in pump() }
    }
  }

  /// Opens the connections, and keeps them open; from any thread.
  package func open() {
    loop.execute { [self] in
      for connection in connections { connection.open() }
    }
  }

  /// Fails what waits and what runs; from any thread.
  package func close() async {
    await loop.run { [self] in
      isClosed = true
      for ticket in waiting.removeAll() { ticket.connection.complete(.failure(.closed)) }
      deadline.cancel()
      for connection in connections { connection.shut() }
    }
  }

  // MARK: Taking turns

  /// Waits for a connection, first come, first served.
  ///
  /// - Throws: ``PostgresError/overloaded`` at once when the tenant has its share already or too many wait; ``PostgresError/unavailable`` when none
  ///   came free in time.
  func acquire(_ context: Context) async throws(PostgresError) -> Connection {
    guard !isClosed else { throw .closed }
    guard !Task.isCancelled else { throw .cancelled }
    guard count(context) < limits.perTenant, waiting.count < limits.queue else { throw .overloaded }
    let ticket = Ticket(context: context, deadline: Moment.read() + limits.patience)
    change(context, by: 1)
    waiting.append(ticket)
    pump()
    let result = await withTaskCancellationHandler {
      await ticket.connection.value()
    } onCancel: {
      loop.execute { ticket.connection.complete(.failure(.cancelled)) }
    }
    if case .failure = result { change(context, by: -1) }
    return try result.get()
  }

  /// Gives a connection back.
  func release(_ connection: Connection, _ context: Context) {
    connection.isHeld = false
    change(context, by: -1)
    pump()
  }

  private func pump() {
    while let ticket = waiting.first {
      guard ticket.connection.isOpen else {
        // Its task was cancelled.
        _ = waiting.popFirst()
        continue
      }
      guard let free = connections.first(where: { $0.state == .ready && !$0.isHeld }) else {
        return deadline.arm(at: ticket.deadline)
      }
      _ = waiting.popFirst()
      free.isHeld = true
      ticket.connection.complete(.success(free))
    }
    deadline.disarm()
  }

  private func giveUp() {
    while let ticket = waiting.first, ticket.deadline <= loop.now {
      _ = waiting.popFirst()
      ticket.connection.complete(.failure(.unavailable))
    }
    pump()
  }

  private func count(_ context: Context) -> Int {
    guard case .tenant(let tenant) = context else { return 0 }
    return counts[tenant] ?? 0
  }

  private func change(_ context: Context, by step: Int) {
    guard case .tenant(let tenant) = context else { return }
    let count = counts[tenant, default: 0] + step
    counts[tenant] = count == 0 ? nil : count
  }
}
