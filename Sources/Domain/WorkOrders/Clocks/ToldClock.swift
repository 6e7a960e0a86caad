// SPDX-License-Identifier: Apache-2.0
import Base

/// A clock with what was told of it, by a timer that was never late.
package struct ToldClock: Sendable, Hashable {
  package let clock: OrderClock
  /// When its warning and its miss were told; nil where they were not.
  package private(set) var warned: Instant?
  package private(set) var missed: Instant?
  /// When it is to be looked at again; nil for never.
  package private(set) var next: Instant?

  /// - Parameters:
  ///   - clock: settled at `now`.
  ///   - now: what came before it was told.
  /// - Throws: `outOfRange`.
  package init(_ clock: OrderClock, at now: Instant, _ reckoner: ClockReckoner) throws(CalendarError) {
    self.clock = clock
    var deadline = clock.deadline
    var end = min(clock.ended ?? now, now)
    if clock.state == .paused, clock.ended == nil, let pause = clock.pauses.last {
      // It may have been warned of before it came to stand still.
      deadline = try reckoner.known(clock.limit, from: clock.started, pauses: Array(clock.pauses.dropLast()))
      end = pause.from
    }
    if let deadline, deadline.warning <= end { warned = deadline.warning }
    if clock.state == .missed { missed = deadline?.outside }
    next = missed == nil ? clock.attention(warned: warned != nil, at: now) : nil
  }
}
