// SPDX-License-Identifier: Apache-2.0
import Base

/// Finds when a clock runs out, by the office's duty hours and the working calendar.
///
/// Minutes and hours run from the moment, by the wall clock or on duty only, and stand still in a pause. Days, working days, months and
/// years do not count the day they start on (Civil Code art. 201), nor a day on which the clock stood still for any part of it.
package struct ClockReckoner: Sendable {
  package let calendar: WorkingCalendar
  package let duty: DutyTimeline

  package init(calendar: WorkingCalendar, duty: DutyTimeline) {
    self.calendar = calendar
    self.duty = duty
  }

  package init(calendar: WorkingCalendar, hours: DutyHours) {
    self.init(calendar: calendar, duty: DutyTimeline(hours, calendar: calendar))
  }

  /// When the limit ends.
  ///
  /// - Parameters:
  ///   - limit: how long.
  ///   - start: from when.
  ///   - pauses: in order, not overlapping; only the last may be open.
  /// - Returns: nil while the clock stands still and its end is not known.
  /// - Throws: `missingYear`, the first that is needed and not known; `outOfRange` beyond year 9999.
  package func deadline(_ limit: ClockLimit, from start: Instant, pauses: [ClockPause] = []) throws(CalendarError) -> ClockDeadline? {
    var trace: ClockTrace?
    return try deadline(limit, from: start, pauses: pauses, &trace)
  }

  /// The deadline, and how it came about.
  package func explained(
    _ limit: ClockLimit, from start: Instant, pauses: [ClockPause] = []
  ) throws(CalendarError) -> (deadline: ClockDeadline?, trace: ClockTrace) {
    var trace: ClockTrace? = ClockTrace()
    let deadline = try deadline(limit, from: start, pauses: pauses, &trace)
    return (deadline, trace ?? ClockTrace())
  }

  private func deadline(
    _ limit: ClockLimit, from start: Instant, pauses: [ClockPause], _ trace: inout ClockTrace?
  ) throws(CalendarError) -> ClockDeadline? {
    if limit.span.isOfMoments {
      guard let amount = limit.span.microseconds else { throw .outOfRange }
      guard let due = try moment(amount, limit.time, start, pauses, &trace) else { return nil }
      guard let outside = Instant(microseconds: due.microseconds + 1) else { throw .outOfRange }
      var none: ClockTrace?
      let warning = try moment(limit.warning.amount(of: amount), limit.time, start, pauses, &none)
      return ClockDeadline(due: due, outside: outside, warning: min(warning ?? due, due))
    }
    guard let last = try lastDay(limit, start.date, pauses, &trace) else { return nil }
    guard let next = CivilDate(day: Int(last.day) + 1) else { throw .outOfRange }
    let due = Instant(next)
    let length = due.microseconds(since: start)
    let warning = Instant(microseconds: start.microseconds + limit.warning.amount(of: length)) ?? due
    return ClockDeadline(due: due, outside: due, warning: max(start, min(warning, due)))
  }

  // MARK: Minutes and hours

  /// The first moment at which so much of the clock's time has run; nil where it stands still before.
  private func moment(
    _ amount: Int64, _ time: ServiceLevel.Time, _ start: Instant, _ pauses: [ClockPause], _ trace: inout ClockTrace?
  ) throws(CalendarError) -> Instant? {
    let timeline = time == .duty ? duty : .allDay
    var left = amount
    var place = start
    for pause in pauses where pause.to.map({ $0 > place }) ?? true {
      if pause.from > place {
        let used = try timeline.elapsed(from: place, to: pause.from)
        // What has run out stays so; with its last instant just used up it stands still with nothing left.
        if used >= left, try timeline.moment(after: left, from: place) < pause.from { break }
        try run(timeline, from: place, to: pause.from, used, &trace)
        left -= used
      }
      guard let end = pause.to else {
        trace?.left = left
        return nil
      }
      place = end
    }
    let end = try timeline.moment(after: left, from: place)
    try run(timeline, from: place, to: end, left, &trace)
    return end
  }

  private func run(
    _ timeline: DutyTimeline, from: Instant, to: Instant, _ used: Int64, _ trace: inout ClockTrace?
  ) throws(CalendarError) {
    guard trace != nil else { return }
    let gaps = try timeline.gaps(from: from, to: to)
    trace?.runs.append(ClockTrace.Run(from: from, to: to, used: used))
    trace?.offDuty += gaps
  }

  // MARK: Days and longer

  /// The last day of the period; nil where it stands still before.
  private func lastDay(
    _ limit: ClockLimit, _ start: CivilDate, _ pauses: [ClockPause], _ trace: inout ClockTrace?
  ) throws(CalendarError) -> CivilDate? {
    let isWorkingDays = limit.span.unit == .workingDays
    var last = try plainLast(limit.span, after: start, &trace)
    trace?.plainLastDay = last
    // The first day that no pause before has been looked at.
    var fresh = Int(start.day) + 1
    for pause in pauses where pause.to != pause.from {
      guard let first = CivilDate(day: max(fresh, Int(pause.from.date.day))) else { throw .outOfRange }
      if first > last { break }
      guard let end = pause.to else { return nil }
      guard let range = DateRange(first, through: Self.lastDay(before: end)) else { continue }
      fresh = Int(range.last.day) + 1
      let count = isWorkingDays ? try calendar.workingDays(in: range) : range.days
      trace?.pausedDays.append(ClockTrace.PausedDays(range: range, count: count))
      last = isWorkingDays ? try calendar.adding(workingDays: count, to: last) : try Self.adding(count, to: last)
    }
    if isWorkingDays { try explainWorkingDays(after: start, through: last, &trace) }
    return isWorkingDays || !limit.rolls ? last : try rolled(last, pauses, &trace)
  }

  private func plainLast(_ span: Span, after start: CivilDate, _ trace: inout ClockTrace?) throws(CalendarError) -> CivilDate {
    let count = Int(span.count)
    switch span.unit {
    case .workingDays: return try calendar.adding(workingDays: count, to: start)
    case .months, .years:
      do throws(DateError) {
        let date = try start.adding(months: span.unit == .years ? count * 12 : count)
        trace?.isMonthEnd = date.components.day != start.components.day
        return date
      } catch {
        throw .outOfRange
      }
    case .days, .minutes, .hours: return try Self.adding(count, to: start)
    }
  }

  /// The day itself when it is a working day on which the clock does not stand still, otherwise the next one that is; nil where it stands still.
  private func rolled(_ last: CivilDate, _ pauses: [ClockPause], _ trace: inout ClockTrace?) throws(CalendarError) -> CivilDate? {
    var day = last
    if try calendar.isWorking(day) { return day }
    day = try calendar.workingDay(atOrAfter: day)
    for pause in pauses where pause.from.date <= day && pause.from.date > last && pause.to != pause.from {
      guard let end = pause.to else { return nil }
      let touched = Self.lastDay(before: end)
      guard touched >= day else { continue }
      day = try calendar.workingDay(atOrAfter: Self.adding(1, to: touched))
    }
    trace?.rolledFrom = last
    if trace != nil { trace?.rolledOver = try calendar.exceptions(from: last, through: day).off }
    return day
  }

  private func explainWorkingDays(
    after start: CivilDate, through last: CivilDate, _ trace: inout ClockTrace?
  ) throws(CalendarError) {
    guard trace != nil, start < last else { return }
    let passed = try calendar.exceptions(from: Self.adding(1, to: start), through: last)
    trace?.notCounted = passed.off
    trace?.madeUp = passed.madeUp
  }

  /// The last day that a time up to a moment has a part of.
  private static func lastDay(before end: Instant) -> CivilDate { (Instant(microseconds: end.microseconds - 1) ?? end).date }

  private static func adding(_ days: Int, to date: CivilDate) throws(CalendarError) -> CivilDate {
    do throws(DateError) { return try date.adding(days: days) } catch { throw .outOfRange }
  }
}

extension Span {
  /// Its microseconds, for minutes and hours and for days by the wall clock; nil where they do not fit.
  package var microseconds: Int64? {
    let unit: Int64 =
      switch unit {
      case .minutes: Instant.minute
      case .hours: Instant.hour
      default: Instant.day
      }
    let (product, overflow) = Int64(count).multipliedReportingOverflow(by: unit)
    return overflow ? nil : product
  }
}
