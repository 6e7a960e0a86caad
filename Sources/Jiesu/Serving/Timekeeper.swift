// SPDX-License-Identifier: Apache-2.0
import Base
import EventLoop
import Postgres
import Store

/// Does what falls due by the clock, in every open office, about once a second; several servers may do it side by side.
///
/// It keeps nothing: what is due stands in the database, and is marked there in the transaction that does it.
struct Timekeeper: Sendable {
  /// Where it asks.
  let lanes: Lanes
  /// Where it works: connections of its own, so that no report and no import holds up what is due.
  let lane: HeavyLane
  let works: [DueWork]
  let pause: Duration
  let clock: Clock
  let log: Log
  let metrics: TimerMetrics

  /// Works until its task is cancelled; no kind of work waits for another.
  func run() async {
    await withTaskGroup(of: Void.self) { group in
      for work in works { group.addTask { await run(work) } }
    }
  }

  private func run(_ work: DueWork) async {
    var setbacks = Setbacks()
    repeat {
      await round(work, &setbacks)
    } while await rest(work)
  }

  /// - Returns: whether to go on.
  private func rest(_ work: DueWork) async -> Bool {
    do {
      if let alarm = work.alarm { try await alarm.sleep(for: pause) } else { try await lanes.loop.sleep(for: pause) }
      return true
    } catch {
      return false
    }
  }

  /// Does what is due, one batch in each office after the other, until nothing more is to be had.
  private func round(_ work: DueWork, _ setbacks: inout Setbacks) async {
    while !Task.isCancelled {
      let now = clock.now()
      let due: [DueTenant]
      do {
        due = try await lanes.query(work.due(now), in: .platform)
      } catch {
        metrics.failed(work.name)
        note(error, work)
        return
      }
      metrics.saw(work.name, oldest: due.map(\.since).min(), at: now)
      var done = 0
      for tenant in due where setbacks.allow(tenant.id) {
        do {
          let count = try await fire(work, in: tenant.id, at: now)
          metrics.fired(work.name, count)
          setbacks.forget(tenant.id)
          done += count
        } catch {
          setbacks.note(tenant.id)
          metrics.failed(work.name)
          note(error, work, in: tenant.id.number)
        }
      }
      if done == 0 { return }
    }
  }

  /// Does some of what is due in an office.
  private func fire(_ work: DueWork, in tenant: TenantID, at now: Instant) async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<work.width {
        group.addTask { try await lane.transaction(in: .tenant(tenant.number)) { try await work.fire(tenant, now, $0) } }
      }
      return try await group.reduce(0, +)
    }
  }

  /// - Parameter tenant: the office's number; 0 where the asking failed.
  private func note(_ error: any Error, _ work: DueWork, in tenant: Int32 = 0) {
    guard !Task.isCancelled else { return }
    // The type and our own description only: errors of the lower layers print no data of anybody.
    log.write(
      .warning, "timer-failed",
      [
        "work": .identifier(work.name), "tenant": .integer(Int64(tenant)), "error": .identifier("\(type(of: error)): \(error)"),
      ])
  }
}

/// The offices whose work failed, each left alone for a while, longer after each time: it must not keep the others waiting.
private struct Setbacks {
  private static let first = Duration.seconds(1)
  private static let longest = Duration.seconds(60)

  private var entries: [TenantID: (pause: Duration, until: Moment)] = [:]

  func allow(_ tenant: TenantID) -> Bool { entries[tenant].map { $0.until <= Moment.read() } ?? true }

  mutating func forget(_ tenant: TenantID) { entries[tenant] = nil }

  mutating func note(_ tenant: TenantID) {
    let pause = entries[tenant].map { min($0.pause * 2, Self.longest) } ?? Self.first
    entries[tenant] = (pause, Moment.read() + pause)
  }
}
