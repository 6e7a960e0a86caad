// SPDX-License-Identifier: Apache-2.0
import Base

/// How long something may take, whose time counts, and when its end is warned of.
package struct ClockLimit: Sendable, Hashable {
  package let span: Span
  /// Whose time minutes and hours are; days, working days, months and years are those of the calendar.
  package let time: ServiceLevel.Time
  /// Whether a last day that is no working day moves to the next one (Civil Code art. 203).
  package let rolls: Bool
  package let warning: ServiceLevel.Warning

  package init(
    _ span: Span, time: ServiceLevel.Time = .wall, rolls: Bool = true, warning: ServiceLevel.Warning = ServiceLevel.Warning.standard
  ) {
    self.span = span
    self.time = time
    self.rolls = rolls
    self.warning = warning
  }

  /// The same limit so many times over: for what recurs, each time counted from the start.
  package func times(_ count: UInt32) -> ClockLimit {
    let (product, overflow) = span.count.multipliedReportingOverflow(by: count)
    return ClockLimit(Span(overflow ? .max : product, span.unit), time: time, rolls: rolls, warning: warning)
  }
}

/// When a clock runs out.
package struct ClockDeadline: Sendable, Hashable {
  /// The end of the limit: the moment for minutes and hours, otherwise 24:00 of the last day.
  package let due: Instant
  /// The first instant that is too late: the microsecond after `due` for minutes and hours ("within" includes the number itself,
  /// Civil Code art. 1259), otherwise `due` itself (art. 203).
  package let outside: Instant
  /// When it is warned of; never after `due`, never before the start.
  package let warning: Instant

  package func includes(_ instant: Instant) -> Bool { instant < outside }

  package init(due: Instant, outside: Instant, warning: Instant) {
    self.due = due
    self.outside = outside
    self.warning = warning
  }

  /// A deadline by the first instant that is too late.
  ///
  /// - Parameter isOfMoments: whether the limit is one of minutes or hours.
  package init(outside: Instant, warning: Instant, isOfMoments: Bool) {
    self.init(
      due: isOfMoments ? Instant(microseconds: outside.microseconds - 1) ?? outside : outside, outside: outside, warning: warning)
  }
}
