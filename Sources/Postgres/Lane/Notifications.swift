// SPDX-License-Identifier: Apache-2.0
import EventLoop
import Synchronization

/// A connection that listens to channels of NOTIFY.
///
/// What was notified while there was no connection is lost. Whoever keeps something in memory on the strength of notifications must not use it while
/// ``isConnected`` is false, and must drop it at ``Event/connected``.
// Unchecked: the connection is touched on its loop's thread only; `connected` is atomic.
package final class Notifications: @unchecked Sendable {
  package enum Event: Sendable, Equatable {
    /// Everything notified from now on will be heard.
    case connected
    /// Notifications may be missed from now on, and may have been for as long as the interval between two checks.
    case disconnected
    case notified(channel: String, payload: [UInt8])
  }

  private let loop: EventLoop
  private let connection: Connection
  private let interval: Duration
  private let connected = Atomic(false)
  private lazy var check = Timer(on: loop) { [unowned self] in ask() }

  /// Makes the listener; ``open()`` connects it.
  ///
  /// - Parameters:
  ///   - interval: how often the connection is tried; a server that has been silent for so long after one is given up.
  ///   - handle: called with each event, on the loop.
  package init(
    on loop: EventLoop, _ configuration: Configuration, channels: [Channel], interval: Duration = .seconds(5), offload: Offload,
    report: @escaping @Sendable (ConnectionEvent) -> Void, _ handle: @escaping @Sendable (Event) -> Void
  ) {
    self.loop = loop
    self.interval = interval
    let session = Session(statementTimeout: interval, lockTimeout: interval, channels: channels, silenceLimit: interval)
    connection = Connection(on: loop, configuration, session, offload: offload, report: report)
    connection.onChange = { [unowned self] in
      let isReady = connection.state == .ready
      guard connected.exchange(isReady, ordering: .sequentiallyConsistent) != isReady else { return }
      if isReady { check.arm(after: self.interval) } else { check.disarm() }
      handle(isReady ? .connected : .disconnected)
    }
    connection.onNotification = { handle(.notified(channel: $0, payload: $1)) }
  }

  /// Connects, and stays connected; from any thread.
  package func open() {
    loop.execute { [self] in connection.open() }
  }

  package func close() async {
    await loop.run { [self] in
      connection.shut()
      check.cancel()
    }
  }

  /// Whether every notification is heard now; from any thread.
  package var isConnected: Bool { connected.load(ordering: .sequentiallyConsistent) }

  private func ask() {
    guard connection.state == .ready else { return }
    connection.send(Request(.statements, .one(Statement("SELECT"))))
    check.arm(after: interval)
  }
}
