// SPDX-License-Identifier: Apache-2.0
import Base

/// A time during which a clock stood still because its order waited for somebody.
package struct ClockPause: Sendable, Hashable {
  /// What the order waited in.
  package let state: OrderState
  package let from: Instant
  /// Nil while it still waits.
  package var to: Instant?

  package init(_ state: OrderState, from: Instant, to: Instant? = nil) {
    self.state = state
    self.from = from
    self.to = to
  }

  /// Whether it is still under way at a moment.
  package func isOpen(at now: Instant) -> Bool { to.map { now < $0 } ?? true }
}
