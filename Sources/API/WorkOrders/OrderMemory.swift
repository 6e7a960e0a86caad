// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Synchronization

/// Orders as this process has just written them, so that the next step of one need not read it again.
///
/// Nothing tells it what others change: an order is only given out for the version that a request names, and a step writes only where
/// the row still has that version.
package final class OrderMemory: Sendable {
  private struct Key: Hashable {
    let tenant: Int32
    let order: UUIDv7
  }

  private struct State {
    var recent: [Key: WorkOrder] = [:]
    /// Those before; forgotten when there are enough recent ones.
    var older: [Key: WorkOrder] = [:]
  }

  /// How many orders there are in `recent` at most; twice as many are remembered, some kilobytes each.
  private static let bound = 4096

  private let state = Mutex(State())

  package init() {}

  /// An order of a version; nil where that is not remembered.
  func order(_ id: UUIDv7, version: Int64, in tenant: TenantID) -> WorkOrder? {
    let key = Key(tenant: tenant.number, order: id)
    let order = state.withLock { $0.recent[key] ?? $0.older[key] }
    return order.flatMap { Int64($0.version) == version ? $0 : nil }
  }

  /// Remembers an order that was written.
  func keep(_ order: WorkOrder, in tenant: TenantID) {
    state.withLock { state in
      if state.recent.count >= Self.bound { (state.older, state.recent) = (state.recent, [:]) }
      state.recent[Key(tenant: tenant.number, order: order.id)] = order
    }
  }

  /// Forgets an order that is no longer as it was.
  func forget(_ id: UUIDv7, in tenant: TenantID) {
    let key = Key(tenant: tenant.number, order: id)
    state.withLock { state in
      state.recent[key] = nil
      state.older[key] = nil
    }
  }
}
