// SPDX-License-Identifier: Apache-2.0
import EventLoop

/// A few connections that many requests share by pipelining; each request is one transaction and one round trip.
///
/// Lives on its loop's thread.
final class InteractiveLane {
  private let loop: EventLoop
  private let limits: InteractiveLimits
  private let patience: UInt64
  private let connections: [Connection]
  /// Requests for which no connection has room, in the order they came.
  private var waiting = Ring<Request>()
  private var isClosed = false
  /// Ends the waiting of the first in the queue.
  private lazy var deadline = Timer(on: loop) { [unowned self] in giveUp() }

  init(
    on loop: EventLoop, _ configuration: Configuration, _ limits: InteractiveLimits, isReadOnly: Bool, offload: Offload,
    report: @escaping @Sendable (ConnectionEvent) -> Void
  ) {
    self.loop = loop
    self.limits = limits
    patience = limits.patience.wholeNanoseconds
    let session = Session(
      statementTimeout: limits.statementTimeout, lockTimeout: limits.lockTimeout, isReadOnly: isReadOnly, isParallel: false,
      silenceLimit: limits.statementTimeout + limits.grace)
    connections = (0..<limits.connections).map { _ in Connection(on: loop, configuration, session, offload: offload, report: report) }
    for connection in connections {
      connection.onChange = { [unowned self] in pump() }
    }
  }

  func open() {
    for connection in connections { connection.open() }
  }

  /// Fails what waits and what is under way.
  func close() {
    isClosed = true
    for request in waiting.removeAll() { request.abandon(.closed) }
    deadline.cancel()
    for connection in connections { connection.shut() }
  }

  var ready: Int { connections.count { $0.state == .ready } }
  var load: Int { connections.reduce(0) { $0 + $1.load } }
  var queued: Int { waiting.count }

  /// Sends a request on the connection that has least to do, or queues it; a request that neither can be done for fails at once.
  func submit(_ request: Request) {
    if isClosed { return request.abandon(.closed) }
    if waiting.isEmpty, let connection = freest {
      connection.send(request)
    } else if waiting.count < limits.queue {
      request.queuedAt = loop.now
      if waiting.isEmpty { deadline.arm(at: loop.now.adding(nanoseconds: patience)) }
      waiting.append(request)
    } else {
      request.abandon(.overloaded)
    }
  }

  /// The ready connection with the fewest requests under way, nil when none has room.
  private var freest: Connection? {
    var best: Connection?
    var load = limits.depth
    for connection in connections where connection.state == .ready && connection.load < load {
      best = connection
      load = connection.load
    }
    return best
  }

  /// Sends what waits to where there is room now.
  private func pump() {
    while !waiting.isEmpty, let connection = freest, let request = waiting.popFirst() { connection.send(request) }
    if waiting.isEmpty { deadline.disarm() }
  }

  private func giveUp() {
    while let first = waiting.first {
      let end = first.queuedAt.adding(nanoseconds: patience)
      guard end <= loop.now else { return deadline.arm(at: end) }
      _ = waiting.popFirst()
      // With a connection, it is the work before it that took too long.
      first.abandon(ready > 0 ? .overloaded : .unavailable)
    }
  }
}
