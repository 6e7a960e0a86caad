// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import EventLoop
import Postgres
import Store

/// Gathers the pairs of characters of new and changed orders, by which they are then found; several servers may do it side by side.
struct OrderGathering: Sendable {
  private static let pause = Duration.seconds(5)

  let lanes: Lanes
  let lane: HeavyLane
  let log: Log

  /// Works until its task is cancelled.
  func run() async {
    repeat {
      do {
        try await round()
      } catch {
        guard !Task.isCancelled else { return }
        log.write(.warning, "gathering-failed", ["error": .identifier("\(type(of: error)): \(error)")])
      }
    } while (try? await lanes.loop.sleep(for: Self.pause)) != nil
  }

  /// Goes through the offices once.
  private func round() async throws {
    var after: String?
    while true {
      let tenants = try await lanes.query(TenantStore.page(after: after, limit: 100), in: .platform)
      for tenant in tenants {
        while try await !lanes.rows(OrderSearchStore.isDue(in: tenant.id), in: .tenant(tenant.id.number)).isEmpty {
          let count = try await lane.transaction(in: .tenant(tenant.id.number)) { try await Self.gather(tenant.id, $0) }
          if count == 0 { break }
        }
      }
      guard tenants.count == 100 else { return }
      after = tenants.last?.code
    }
  }

  /// Gathers one batch of an office; nothing when another server has it.
  static func gather(_ tenant: TenantID, _ transaction: Transaction) async throws -> Int {
    let taken = try await transaction.query(OrderSearchStore.take(in: tenant))
    guard !taken.isEmpty else { return 0 }
    let orders = try await transaction.query(OrderSearchStore.texts(of: taken, in: tenant))
    guard let base = try await transaction.first(OrderSearchStore.lastPlace(in: tenant)) else { return 0 }
    var places: [Int32: (last: Int, steps: [UInt8])] = [:]
    for (index, order) in orders.enumerated() {
      for gram in OrderText.grams(order.title).union(OrderText.grams(order.content)) {
        let step = index + 1 - places[gram, default: (0, [])].last
        places[gram, default: (0, [])].last = index + 1
        places[gram, default: (0, [])].steps += [UInt8(truncatingIfNeeded: step >> 8), UInt8(truncatingIfNeeded: step)]
      }
    }
    // In the order of the index, so that its pages are filled one after the other.
    let grams = places.sorted { $0.key < $1.key }.map { (gram: $0.key, steps: $0.value.steps) }
    _ = try await transaction.rows(OrderSearchStore.put(orders.map(\.order), of: taken, behind: base, grams: grams, in: tenant))
    return taken.count
  }
}
