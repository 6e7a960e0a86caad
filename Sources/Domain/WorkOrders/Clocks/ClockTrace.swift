// SPDX-License-Identifier: Apache-2.0
import Base

/// How a clock's deadline came about, recorded by the steps that find it.
package struct ClockTrace: Sendable, Hashable {
  /// A time in which the clock ran.
  package struct Run: Sendable, Hashable {
    package let from: Instant
    package let to: Instant
    /// Microseconds of the limit that were used up.
    package let used: Int64
  }

  /// Days that did not count because the clock stood still on them.
  package struct PausedDays: Sendable, Hashable {
    package let range: DateRange
    /// How many of them would have counted.
    package let count: Int
  }

  /// The times that counted, for minutes and hours.
  package internal(set) var runs: [Run] = []
  /// The times off duty that were passed over.
  package internal(set) var offDuty: [DutyTimeline.Gap] = []
  /// Microseconds of the limit that are left, where the clock stands still.
  package internal(set) var left: Int64?
  /// The last day before any day on which the clock stood still, for days and longer.
  package internal(set) var plainLastDay: CivilDate?
  package internal(set) var pausedDays: [PausedDays] = []
  /// The days off that working days were not counted on, and weekend days that counted because they are worked.
  package internal(set) var notCounted: [DaysOff] = []
  package internal(set) var madeUp: [CivilDate] = []
  package internal(set) var isMonthEnd = false
  /// Where the last day was no working day: that day, and the days off passed over.
  package internal(set) var rolledFrom: CivilDate?
  package internal(set) var rolledOver: [DaysOff] = []

  package init() {}
}
