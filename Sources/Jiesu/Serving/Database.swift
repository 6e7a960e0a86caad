// SPDX-License-Identifier: Apache-2.0
import API
import Base
import EventLoop
import Postgres

/// The process's connections to the database: lanes for each loop, the heavy lane, the timer's, the listener for notices.
struct Database: Sendable {
  let loops: [EventLoop]
  let lanes: [Lanes]
  let heavy: HeavyLane
  /// What falls due by the clock is done here, however busy the heavy lane is.
  let timers: HeavyLane
  private let notifications: Notifications?
  private let offload: Offload

  /// Makes the connections; ``open()`` opens them.
  ///
  /// - Parameter cache: what must hear of changes of access; nil for a command, which remembers nothing.
  init(_ configuration: Configuration, loops count: Int, as role: Postgres.Configuration.DatabaseRole, cache: AccessCache?, log: Log) throws
  {
    let database = Postgres.Configuration(configuration, as: role)
    let report: @Sendable (ConnectionEvent) -> Void = { log.note($0) }
    let loops = try (0..<count).map { try EventLoop(name: "loop-\($0)") }
    let offload = try Offload(threads: 1)
    let heavy = HeavyLane(on: loops[0], database, offload: offload, report: report)
    self.loops = loops
    self.offload = offload
    self.heavy = heavy
    timers = HeavyLane(on: loops[0], database.forTimers, offload: offload, report: report)
    lanes = loops.map { Lanes(on: $0, database, heavy: heavy, offload: offload, report: report) }
    notifications = cache.map { cache in
      Notifications(on: loops[0], database, channels: ["jiesu_access"], offload: offload, report: report) { event in
        switch event {
        case .connected: cache.startedListening()
        case .disconnected: cache.stoppedListening()
        case .notified(_, let payload): cache.heard(String(decoding: payload, as: UTF8.self))
        }
      }
    }
  }

  /// Opens the connections, and keeps them open until ``disconnect()``, without which they must not be let go of.
  func open() {
    for lane in lanes { lane.open() }
    heavy.open()
    timers.open()
    notifications?.open()
  }

  /// Closes the connections; what is under way fails.
  func disconnect() async {
    await notifications?.close()
    for lane in lanes { await lane.close() }
    await heavy.close()
    await timers.close()
  }

  /// Closes the connections and ends the loops; nothing may be under way any more.
  func close() async {
    await disconnect()
    offload.stop()
    for loop in loops { loop.stop() }
  }
}

extension Postgres.Configuration {
  /// The same for the timer's connections: few, and what they do is short.
  fileprivate var forTimers: Self {
    var copy = self
    copy.heavy.connections = 3
    // All that an office may have due at once: they take turns.
    copy.heavy.perTenant = copy.heavy.queue
    copy.heavy.statementTimeout = .seconds(30)
    copy.heavy.lockTimeout = .seconds(5)
    return copy
  }
}
