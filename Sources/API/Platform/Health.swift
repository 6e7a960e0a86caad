// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// How the process is: whether it is stopping, and its numbers.
package final class Health: Sendable {
  private let draining = Atomic(false)
  private let read: @Sendable () async -> String

  /// - Parameter metrics: writes the metrics in Prometheus' text format.
  package init(metrics: @escaping @Sendable () async -> String) { read = metrics }

  /// From now on `/readyz` says no.
  package func startDraining() { draining.store(true, ordering: .relaxed) }

  var isDraining: Bool { draining.load(ordering: .relaxed) }

  func metrics() async -> String { await read() }
}
