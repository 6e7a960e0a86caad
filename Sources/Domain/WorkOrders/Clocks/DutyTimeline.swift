// SPDX-License-Identifier: Apache-2.0
import Base

/// An office's duty hours laid out along the working calendar, so that time on duty is read off a table.
package struct DutyTimeline: Sendable {
  /// A time that nobody is on duty.
  package struct Gap: Sendable, Hashable {
    package let from: Instant
    package let to: Instant
  }

  /// The hours of a day, in microseconds after its 00:00, and how much of them has passed before each.
  fileprivate struct Day: Sendable {
    let hours: [(from: Int64, to: Int64, before: Int64)]
    let whole: Int64

    init(_ list: [DutyHours.Hours]) {
      var hours: [(from: Int64, to: Int64, before: Int64)] = []
      var sum: Int64 = 0
      for span in list {
        hours.append((span.from.microseconds, span.end, sum))
        sum += span.end - span.from.microseconds
      }
      (self.hours, whole) = (hours, sum)
    }

    /// Time on duty from 00:00 to a time of the day.
    func passed(at time: Int64) -> Int64 {
      var passed: Int64 = 0
      for span in hours where span.from < time { passed = span.before + min(time, span.to) - span.from }
      return passed
    }

    /// The time of the day at which so much time on duty has passed, the first one; `amount` is more than nothing and not more than there is.
    func time(after amount: Int64) -> Int64 {
      for span in hours where amount <= span.before + span.to - span.from { return span.from + amount - span.before }
      return whole
    }
  }

  fileprivate struct Table: Sendable {
    let first: CivilDate
    let workingDay: Day
    let restDay: Day
    let isWorking: [Bool]
    /// For each day, and one more, the time on duty before it.
    let before: [Int64]

    func hours(_ day: Int) -> Day { isWorking[day] ? workingDay : restDay }
  }

  /// Nil for duty round the clock, which needs no calendar.
  private let table: Table?

  /// Duty round the clock.
  package static let allDay = DutyTimeline(table: nil)

  private init(table: Table?) { self.table = table }

  /// - Parameters:
  ///   - hours: the office's.
  ///   - calendar: says which days are working days.
  package init(_ hours: DutyHours, calendar: WorkingCalendar) {
    guard case .by(let workingDays, let restDays) = hours else {
      table = nil
      return
    }
    let (workingDay, restDay) = (Day(workingDays), Day(restDays))
    guard let years = calendar.years, let first = CivilDate(year: years.lowerBound, month: 1, day: 1),
      let last = CivilDate(year: years.upperBound, month: 12, day: 31)
    else {
      table = Table(first: .first, workingDay: workingDay, restDay: restDay, isWorking: [], before: [0])
      return
    }
    let isWorking = (first.day...last.day).map { day in CivilDate(day: Int(day)).flatMap { try? calendar.isWorking($0) } ?? false }
    var before: [Int64] = [0]
    before.reserveCapacity(isWorking.count + 1)
    for working in isWorking { before.append(before[before.count - 1] + (working ? workingDay.whole : restDay.whole)) }
    table = Table(first: first, workingDay: workingDay, restDay: restDay, isWorking: isWorking, before: before)
  }

  /// Whether duty is round the clock.
  package var isAllDay: Bool { table == nil }

  /// The time on duty from one moment to a later one, in microseconds.
  ///
  /// - Throws: `missingYear` where the calendar does not reach.
  package func elapsed(from: Instant, to: Instant) throws(CalendarError) -> Int64 {
    guard let table else { return to.microseconds(since: from) }
    return try table.passed(at: to) - table.passed(at: from)
  }

  /// The first moment at which so much time on duty has passed since another.
  ///
  /// - Parameter amount: microseconds; the moment itself for none.
  /// - Throws: `missingYear` where the calendar does not reach, `outOfRange` beyond year 9999 or where nobody is ever on duty.
  package func moment(after amount: Int64, from start: Instant) throws(CalendarError) -> Instant {
    guard amount > 0 else { return start }
    guard let table else {
      do throws(DateError) { return try start.adding(microseconds: amount) } catch { throw .outOfRange }
    }
    return try table.moment(after: amount, from: start)
  }

  /// Whether somebody is on duty at a moment.
  ///
  /// - Throws: `missingYear` where the calendar does not reach.
  package func isOnDuty(at moment: Instant) throws(CalendarError) -> Bool {
    guard let table else { return true }
    let day = try table.index(of: moment.date)
    let time = moment.time.microseconds
    return table.hours(day).hours.contains { $0.from <= time && time < $0.to }
  }

  /// The times off duty between two moments, those that touch put together.
  ///
  /// - Throws: `missingYear` where the calendar does not reach.
  package func gaps(from: Instant, to: Instant) throws(CalendarError) -> [Gap] {
    guard let table, from < to else { return [] }
    var gaps: [Gap] = []
    var end = from
    func close(at moment: Instant) {
      if end < moment { gaps.append(Gap(from: end, to: min(moment, to))) }
    }
    let last = Instant(microseconds: to.microseconds - 1) ?? to
    for day in try table.index(of: from.date)...(try table.index(of: last.date)) {
      guard let date = CivilDate(day: Int(table.first.day) + day) else { throw .outOfRange }
      for span in table.hours(day).hours {
        guard let opens = try? Instant(date).adding(microseconds: span.from), let closes = try? Instant(date).adding(microseconds: span.to)
        else { continue }
        if opens >= to { break }
        if closes <= from { continue }
        close(at: opens)
        end = closes
      }
    }
    close(at: to)
    return gaps
  }
}

extension DutyTimeline.Table {
  fileprivate func index(of date: CivilDate) throws(CalendarError) -> Int {
    let index = date.days(since: first)
    guard isWorking.indices.contains(index) else { throw .missingYear(date.year) }
    return index
  }

  /// Time on duty from the first day known to a moment, at most the end of the last.
  fileprivate func passed(at moment: Instant) throws(CalendarError) -> Int64 {
    if moment.time == .midnight, moment.date.days(since: first) == isWorking.count { return before[isWorking.count] }
    let day = try index(of: moment.date)
    return before[day] + hours(day).passed(at: moment.time.microseconds)
  }

  fileprivate func moment(after amount: Int64, from start: Instant) throws(CalendarError) -> Instant {
    let (target, overflow) = try passed(at: start).addingReportingOverflow(amount)
    // The day on which the target is reached: the last one with less before it.
    var low = try index(of: start.date)
    var high = isWorking.count
    guard !overflow, target <= before[high] else {
      guard workingDay.whole + restDay.whole > 0, !isWorking.isEmpty else { throw .outOfRange }
      throw .missingYear((CivilDate(day: Int(first.day) + isWorking.count) ?? .last).year)
    }
    while high - low > 1 {
      let middle = (low + high) / 2
      if before[middle] < target { low = middle } else { high = middle }
    }
    guard let date = CivilDate(day: Int(first.day) + low),
      // The last moment of hours that end at midnight is the next day's first.
      let moment = try? Instant(date).adding(microseconds: hours(low).time(after: target - before[low]))
    else { throw .outOfRange }
    return moment
  }
}
