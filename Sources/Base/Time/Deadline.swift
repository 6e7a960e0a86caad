// SPDX-License-Identifier: Apache-2.0

/// Until when something must be done, and how that came about.
package struct Deadline: Sendable, Hashable {
  /// The last day on which it is in time, in Shanghai.
  package let lastDay: CivilDate
  /// The end of the period: the moment itself for minutes and hours, otherwise 24:00 of the last day.
  package let due: Instant
  /// The first instant that is too late.
  ///
  /// For days it is 00:00 of the next day (Civil Code art. 203); for minutes and hours it is the microsecond after `due`,
  /// because "within" includes the number itself (art. 1259).
  package let outside: Instant
  package let explanation: DeadlineExplanation

  package func includes(_ instant: Instant) -> Bool { instant < outside }
  package func includes(_ date: CivilDate) -> Bool { date <= lastDay }

  /// Days from the last day to this one; zero while it is in time.
  package func daysLate(_ date: CivilDate) -> Int { max(0, date.days(since: lastDay)) }

  fileprivate init(_ lastDay: CivilDate, _ explanation: DeadlineExplanation) throws(CalendarError) {
    guard let next = CivilDate(day: Int(lastDay.day) + 1) else { throw .outOfRange }
    self.lastDay = lastDay
    due = Instant(next)
    outside = due
    self.explanation = explanation
  }

  fileprivate init(moment: Instant, _ explanation: DeadlineExplanation) throws(CalendarError) {
    guard let outside = Instant(microseconds: moment.microseconds + 1) else { throw .outOfRange }
    lastDay = moment.date
    due = moment
    self.outside = outside
    self.explanation = explanation
  }
}

/// How a deadline was found, as data.
package struct DeadlineExplanation: Sendable, Hashable {
  package enum Basis: Sendable, Hashable {
    /// The rule names the day.
    case day(CivilDate)
    /// Minutes or hours run from the moment.
    case afterMoment(Instant, Span)
    /// The starting day does not count (Civil Code art. 201).
    case afterDay(CivilDate, Span)
    /// Minutes or hours back from the moment.
    case beforeMoment(Instant, Span)
    /// The last good day lies the span before the day.
    case beforeDay(CivilDate, Span)
  }

  package let basis: Basis
  /// The days off that working days were not counted on.
  package let notCounted: [DaysOff]
  /// The weekend days that counted because they are worked (调休上班).
  package let madeUp: [CivilDate]
  /// Whether the month at the end lacks the corresponding day, so that its last day took the place (art. 202).
  package let isMonthEnd: Bool
  /// Where the last day was no working day: that day, and the days off passed over to the next working day (art. 203).
  package let rolledFrom: CivilDate?
  package let rolledOver: [DaysOff]
  /// The last day, after rolling.
  package let lastDay: CivilDate

  fileprivate init(
    _ basis: Basis, lastDay: CivilDate, notCounted: [DaysOff] = [], madeUp: [CivilDate] = [], isMonthEnd: Bool = false,
    rolledFrom: CivilDate? = nil, rolledOver: [DaysOff] = []
  ) {
    self.basis = basis
    self.lastDay = lastDay
    self.notCounted = notCounted
    self.madeUp = madeUp
    self.isMonthEnd = isMonthEnd
    self.rolledFrom = rolledFrom
    self.rolledOver = rolledOver
  }
}

extension WorkingCalendar {
  /// When a period that starts at a moment ends, by arts. 200–204 of the Civil Code.
  ///
  /// Minutes and hours run from the moment. Days, months and years do not count the day of the moment; months and years
  /// end on the corresponding day or else the month's last. Working days are those of the State Council.
  ///
  /// - Parameters:
  ///   - span: zero working days or days end on the starting day.
  ///   - start: the moment; only its day in Shanghai counts for days, working days, months, years.
  ///   - rolls: whether a last day that is no working day moves to the next one; it says nothing for minutes, hours and working days.
  /// - Throws: `missingYear`, the first year that is needed and not known; `outOfRange` beyond year 9999.
  package func deadline(_ span: Span, after start: Instant, rolls: Bool = true) throws(CalendarError) -> Deadline {
    guard span.isOfMoments else { return try deadline(span, after: start.date, rolls: rolls) }
    return try moment(span, from: start, sign: 1, .afterMoment(start, span))
  }

  /// When a period that starts on a day ends; minutes and hours run from its 00:00.
  package func deadline(_ span: Span, after start: CivilDate, rolls: Bool = true) throws(CalendarError) -> Deadline {
    switch span.unit {
    case .minutes, .hours: return try deadline(span, after: Instant(start))
    case .workingDays:
      let last = try adding(workingDays: Int(span.count), to: start)
      guard let next = CivilDate(day: Int(start.day) + 1) else { throw .outOfRange }
      let passed = try exceptions(from: next, through: last)
      return try Deadline(
        last, DeadlineExplanation(.afterDay(start, span), lastDay: last, notCounted: passed.off, madeUp: passed.madeUp))
    case .days, .months, .years:
      let (last, isMonthEnd) = try corresponding(span, from: start, sign: 1)
      return try rolled(last, .afterDay(start, span), isMonthEnd: isMonthEnd, rolls: rolls)
    }
  }

  /// The deadline that a rule names itself.
  ///
  /// - Parameter rolls: whether a day that is no working day moves to the next one; a fixed date usually does not.
  /// - Throws: `missingYear` when rolling needs a year that is not known.
  package func deadline(by day: CivilDate, rolls: Bool = false) throws(CalendarError) -> Deadline {
    try rolled(day, .day(day), isMonthEnd: false, rolls: rolls)
  }

  /// The last time that lies a span before a day: the last good day of a notice "N days before E" is E − N days.
  ///
  /// It never rolls: that would shorten the notice. Minutes and hours are taken from 00:00 of the day.
  ///
  /// - Throws: `missingYear`, the first year that working days need and that is not known; `outOfRange` before year 1.
  package func deadline(_ span: Span, before day: CivilDate) throws(CalendarError) -> Deadline {
    switch span.unit {
    case .minutes, .hours: return try deadline(span, before: Instant(day))
    case .workingDays:
      let last = try adding(workingDays: -Int(span.count), to: day)
      guard let previous = CivilDate(day: Int(day.day) - 1) else { throw .outOfRange }
      let passed = try exceptions(from: last, through: previous)
      return try Deadline(last, DeadlineExplanation(.beforeDay(day, span), lastDay: last, notCounted: passed.off, madeUp: passed.madeUp))
    case .days, .months, .years:
      let (last, isMonthEnd) = try corresponding(span, from: day, sign: -1)
      return try Deadline(last, DeadlineExplanation(.beforeDay(day, span), lastDay: last, isMonthEnd: isMonthEnd))
    }
  }

  /// The last time that lies a span before a moment; for days and longer, before the moment's day.
  package func deadline(_ span: Span, before moment: Instant) throws(CalendarError) -> Deadline {
    guard span.isOfMoments else { return try deadline(span, before: moment.date) }
    return try self.moment(span, from: moment, sign: -1, .beforeMoment(moment, span))
  }

  private func moment(
    _ span: Span, from start: Instant, sign: Int64, _ basis: DeadlineExplanation.Basis
  ) throws(CalendarError) -> Deadline {
    // 32 bits of hours in microseconds do not fit 64 bits; what fits may still be out of range.
    let (distance, overflow) = (sign * Int64(span.count)).multipliedReportingOverflow(
      by: span.unit == .hours ? Instant.hour : Instant.minute)
    guard !overflow, let end = try? start.adding(microseconds: distance) else { throw .outOfRange }
    return try Deadline(moment: end, DeadlineExplanation(basis, lastDay: end.date))
  }

  /// The day a span of days, months or years away, and whether a month's end took the place of a day it lacks.
  private func corresponding(_ span: Span, from day: CivilDate, sign: Int) throws(CalendarError) -> (CivilDate, isMonthEnd: Bool) {
    let count = sign * Int(span.count)
    do throws(DateError) {
      if span.unit == .days { return (try day.adding(days: count), false) }
      let date = try day.adding(months: span.unit == .years ? count * 12 : count)
      return (date, date.components.day != day.components.day)
    } catch {
      throw .outOfRange
    }
  }

  private func rolled(
    _ last: CivilDate, _ basis: DeadlineExplanation.Basis, isMonthEnd: Bool, rolls: Bool
  ) throws(CalendarError) -> Deadline {
    guard rolls, try !isWorking(last) else {
      return try Deadline(last, DeadlineExplanation(basis, lastDay: last, isMonthEnd: isMonthEnd))
    }
    let next = try adding(workingDays: 1, to: last)
    return try Deadline(
      next,
      DeadlineExplanation(
        basis, lastDay: next, isMonthEnd: isMonthEnd, rolledFrom: last, rolledOver: try exceptions(from: last, through: next).off))
  }
}
