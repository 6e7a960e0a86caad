// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

extension DueWork {
  /// The pairs of characters of new and changed orders, by which they are then found.
  static let texts = DueWork(name: "texts", due: { _ in OrderSearchStore.dueTenants() }) { tenant, _, transaction in
    try await gather(tenant, transaction)
  }

  /// Gathers one batch of an office; nothing when another server has it.
  private static func gather(_ tenant: TenantID, _ transaction: Transaction) async throws -> Int {
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
