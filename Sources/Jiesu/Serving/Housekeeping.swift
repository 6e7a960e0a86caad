// SPDX-License-Identifier: Apache-2.0
import API
import Base
import EventLoop
import Postgres
import Store

/// Removes what has run out and is no record: sessions a week after their end, stored answers after their day, files that nothing refers to.
struct Housekeeping: Sendable {
  /// How long an ended session stays in its user's list.
  private static let sessionsKept: Int64 = 7 * Instant.day
  private static let pause = Duration.seconds(600)

  /// Every which round looks through all files: what a crash left behind is rare, and looking for it is not cheap.
  private static let fileRounds = 144

  let lanes: Lanes
  let files: FileVault
  let log: Log
  let clock: Clock

  /// Works until its task is cancelled; several servers may do it side by side.
  func run() async {
    var round = 0
    while (try? await lanes.loop.sleep(for: Self.pause)) != nil {
      do {
        try await tidy(at: clock.now(), leftovers: round % Self.fileRounds == 0)
        round += 1
      } catch {
        log.write(.warning, "housekeeping-failed", ["error": .identifier("\(error)")])
      }
    }
  }

  /// Goes once through everything.
  func tidy(at now: Instant, leftovers: Bool) async throws {
    _ = try await lanes.rows(
      [
        SessionStore.sweep(expiredBefore: try now.adding(microseconds: -Self.sessionsKept)),
        AnswerStore.forgetExpired(at: now, in: .platform),
      ], in: .platform, .write)
    var after: String?
    while true {
      let tenants = try await lanes.query(TenantStore.page(after: after, limit: 100), in: .platform)
      for tenant in tenants {
        _ = try await lanes.rows(AnswerStore.forgetExpired(at: now, in: .office(tenant.id)), in: .tenant(tenant.id.number), .write)
        let sweep = AttachmentSweep(lanes: lanes, files: files, tenant: tenant.id)
        try await sweep.sweepUnreferenced(at: now)
        if leftovers { try await sweep.sweepLeftovers() }
      }
      guard tenants.count == 100 else { return }
      after = tenants.last?.code
    }
  }
}
