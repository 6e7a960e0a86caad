// SPDX-License-Identifier: Apache-2.0
import EventLoop
import Support
import Testing

@testable import Postgres

@Suite("Notifications", .blockingBriefly)
struct NotificationTests {
  @Test("what is notified is heard in order, and a loss of the connection is told before anything else is heard")
  func heard() async throws {
    try await Fixture.with { (fixture: Fixture) async throws in
      // Longer than a busy machine lets a server wait: no loss but the one that is made here.
      try await listening(fixture, interval: .seconds(60)) { listener, events in
        try await fixture.until { listener.isConnected }
        try fixture.sql("NOTIFY session_ended, 'first'; NOTIFY other, 'unheard'; NOTIFY session_ended, '第二'")
        try await fixture.until { events.withLock { $0.count } == 3 }
        try fixture.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'listener'")
        try await fixture.until { events.withLock { $0.contains(.disconnected) } }
        try await fixture.until { listener.isConnected }
        try fixture.sql("NOTIFY session_ended")
        try await fixture.until { events.withLock { $0.count } == 6 }
        let channel = "session_ended"
        #expect(
          events.withLock { $0 } == [
            .connected, .notified(channel: channel, payload: Array("first".utf8)),
            .notified(channel: channel, payload: Array("第二".utf8)), .disconnected, .connected,
            .notified(channel: channel, payload: []),
          ])
      }
    }
  }
}

/// Listens to one channel, as somebody the server can tell from the others, while `body` runs.
func listening(
  _ fixture: Fixture, interval: Duration, _ body: (Notifications, Guarded<[Notifications.Event]>) async throws -> Void
) async throws {
  var configuration = Fixture.configuration(fixture.cluster, fixture.database)
  configuration.applicationName = "listener"
  let events = Guarded<[Notifications.Event]>([])
  let listener = Notifications(
    on: fixture.loop, configuration, channels: ["session_ended"], interval: interval, offload: fixture.offload, report: { _ in }
  ) { event in events.withLock { $0.append(event) } }
  listener.open()
  let result = await outcome { try await body(listener, events) }
  await listener.close()
  #expect(!listener.isConnected)
  try result.get()
}
