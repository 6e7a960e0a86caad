// SPDX-License-Identifier: Apache-2.0
import Base

/// What the passing of time makes of a clock, and what is to be told of it.
package struct ClockTick: Sendable, Hashable {
  package private(set) var clock: OrderClock
  /// Whether its warning is to be told.
  package private(set) var warns = false
  /// Whether its miss is to be told.
  package private(set) var misses = false
  /// The next turn of what recurs, where this one was missed.
  package private(set) var renewed: OrderClock?
  /// When it is to be looked at again; nil for never.
  package private(set) var next: Instant?

  /// Looks at a clock whose time has come.
  ///
  /// A warning that nobody could tell in time is told with the miss; one that what was done has overtaken is not.
  ///
  /// - Parameters:
  ///   - warned: whether its warning was told before.
  ///   - missed: whether its miss was.
  /// - Throws: `outOfRange`.
  package init(_ clock: OrderClock, warned: Bool, missed: Bool, at now: Instant, _ reckoner: ClockReckoner) throws(CalendarError) {
    self.clock = clock
    if clock.state == .running, clock.deadline == nil { try self.clock.reckon(reckoner) }
    self.clock.settle(at: now)
    if let deadline = self.clock.deadline, clock.ended == nil, clock.state == .running || clock.state == .missed {
      warns = !warned && deadline.warning <= now
    }
    misses = !missed && self.clock.state == .missed
    if misses, clock.rule.recurs, clock.ended == nil { renewed = try self.clock.next(reckoner) }
    let isTold = missed || misses
    next = self.clock.state == .missed && isTold ? nil : self.clock.attention(warned: warned || warns, at: now)
  }
}

extension OrderClock {
  /// When somebody is next to look at it: to warn, to tell the miss, to ask for a calendar that was not known; nil for never.
  package func attention(warned: Bool, at now: Instant) -> Instant? {
    guard let deadline else {
      // A year's calendar is loaded by people, some day in November.
      return state == .running && ended == nil ? Instant(microseconds: now.microseconds + Instant.hour) : nil
    }
    switch state {
    case .running: return ended != nil ? nil : warned ? deadline.outside : min(deadline.warning, deadline.outside)
    case .missed: return deadline.outside
    case .paused, .met, .lapsed: return nil
    }
  }
}
