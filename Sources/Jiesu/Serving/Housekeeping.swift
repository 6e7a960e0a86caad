// SPDX-License-Identifier: Apache-2.0
import Base
import EventLoop
import Postgres
import Store

/// Removes what has run out and is no record: sessions a week after their end, stored answers after their day.
struct Housekeeping: Sendable {
  /// How long an ended session stays in its user's list.
  private static let sessionsKept: Int64 = 7 * Instant.day
  private static let pause = Duration.seconds(600)

  let lanes: Lanes
  let log: Log
  let clock: Clock

  /// Works until its task is cancelled; several servers may do it side by side.
  func run() async {
    while (try? await lanes.loop.sleep(for: Self.pause)) != nil {
      do {
        try await tidy(at: clock.now())
      } catch {
        log.write(.warning, "housekeeping-failed", ["error": .identifier("\(error)")])
      }
    }
  }

  /// Goes once through everything.
  func tidy(at now: Instant) async throws {
    _ = try await lanes.rows(
      SessionStore.sweep(expiredBefore: try now.adding(microseconds: -Self.sessionsKept)), in: .platform, .write)
    var after: String?
    while true {
      let tenants = try await lanes.query(TenantStore.page(after: after, limit: 100), in: .platform)
      for tenant in tenants {
        _ = try await lanes.rows(AnswerStore.forgetExpired(at: now, in: tenant.id), in: .tenant(tenant.id.number), .write)
      }
      guard tenants.count == 100 else { return }
      after = tenants.last?.code
    }
  }
}
