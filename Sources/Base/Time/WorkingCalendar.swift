// SPDX-License-Identifier: Apache-2.0

/// Why a calendar has no answer.
package enum CalendarError: Error, Sendable, Hashable {
  /// The answer depends on days of a year whose holidays are not known.
  case missingYear(Int)
  /// The same year was given twice.
  case duplicateYear(Int)
  /// The date lies before year 1 or after year 9999.
  case outOfRange

  /// Stable, in kebab-case.
  package var code: String {
    switch self {
    case .missingYear: "calendar-year-missing"
    case .duplicateYear: "calendar-year-duplicate"
    case .outOfRange: "date-out-of-range"
    }
  }

  package var text: Text {
    switch self {
    case .missingYear(let year):
      Text(
        zh: "缺少 \(year) 年的节假日安排，无法推算；请在国务院公布后载入该年日历。",
        en:
          "The holidays of \(year) are not known, so this cannot be computed; load that year's calendar once the State Council has published it."
      )
    case .duplicateYear(let year): Text(zh: "\(year) 年的日历出现了两次。", en: "The calendar of \(year) was given twice.")
    case .outOfRange: Text(zh: "日期超出可表示的范围。", en: "The date is out of range.")
    }
  }
}

/// What a day is, by the weekday and the State Council's arrangement.
package enum DayKind: Sendable, Hashable {
  case workday
  /// A weekend day worked in exchange for a holiday (调休上班).
  case makeUp(Text)
  case weekend
  case holiday(Text)

  package var isWorking: Bool {
    switch self {
    case .workday, .makeUp: true
    case .weekend, .holiday: false
    }
  }
}

/// The working days of the years that are known, without a gap.
///
/// Every lookup takes constant time; a question that reaches beyond the known years is an error that names the missing one.
package struct WorkingCalendar: Sendable {
  /// The years known; `nil` when there are none.
  package let years: ClosedRange<Int>?

  /// The first day known, in days since 1970-01-01.
  private let origin: Int
  /// For each day, what it is; for make-up days and holidays an index into `names` besides.
  private let kinds: [UInt8]
  private let names: [Text]
  /// For each day, and one more, how many working days come before it.
  private let ranks: [Int32]
  /// Each working day, as days after the origin.
  private let working: [Int32]

  static let workday: UInt8 = 0
  static let makeUp: UInt8 = 1
  static let weekend: UInt8 = 2
  static let holiday: UInt8 = 3
  /// The low bits of a kind; the rest is the name's index.
  static let kindMask: UInt8 = 3

  /// - Throws: `missingYear` for a gap, `duplicateYear`, `outOfRange` beyond year 9999.
  package init(_ calendarYears: some Sequence<CalendarYear>) throws(CalendarError) {
    let sorted = calendarYears.sorted { $0.year < $1.year }
    for (year, next) in zip(sorted, sorted.dropFirst()) {
      if next.year == year.year { throw .duplicateYear(year.year) }
      if next.year != year.year + 1 { throw .missingYear(year.year + 1) }
    }
    guard let first = sorted.first, let last = sorted.last else {
      (years, origin, kinds, names, ranks, working) = (nil, 0, [], [], [0], [])
      return
    }
    guard let start = CivilDate(year: first.year, month: 1, day: 1), let end = CivilDate(year: last.year, month: 12, day: 31) else {
      throw .outOfRange
    }
    let origin = Int(start.day)
    var names: [Text] = []
    var kinds = (0...end.days(since: start)).map { offset in
      CivilDate(day: origin + offset)?.weekday.isWeekend == true ? Self.weekend : Self.workday
    }
    for holiday in sorted.flatMap(\.holidays) {
      let name = names.firstIndex(of: holiday.name) ?? names.count
      // Six bits hold the name; there are seven holidays.
      guard name < 64 else { throw .outOfRange }
      if name == names.count { names.append(holiday.name) }
      let days = holiday.daysOff.map { ($0, Self.holiday) } + holiday.makeUpDays.map { ($0, Self.makeUp) }
      for (date, kind) in days where kinds.indices.contains(Int(date.day) - origin) {
        kinds[Int(date.day) - origin] = kind | UInt8(name) << 2
      }
    }
    var ranks: [Int32] = [0]
    var working: [Int32] = []
    for (offset, kind) in kinds.enumerated() {
      if kind & Self.kindMask <= Self.makeUp { working.append(Int32(offset)) }
      ranks.append(Int32(working.count))
    }
    (self.years, self.origin, self.kinds, self.names, self.ranks, self.working) = (
      first.year...last.year, origin, kinds, names, ranks, working
    )
  }

  /// - Throws: `missingYear` when the day's year is not known.
  package func kind(of date: CivilDate) throws(CalendarError) -> DayKind { dayKind(kinds[try offset(of: date)]) }

  /// - Throws: `missingYear` when the day's year is not known.
  package func isWorking(_ date: CivilDate) throws(CalendarError) -> Bool { kinds[try offset(of: date)] & Self.kindMask <= Self.makeUp }

  /// The working day so many working days after a day, which does not count itself; before it where negative.
  ///
  /// - Returns: the day itself, working or not, for zero.
  /// - Throws: `missingYear`, the first that is needed and not known.
  package func adding(workingDays count: Int, to date: CivilDate) throws(CalendarError) -> CivilDate {
    if count == 0 { return date }
    guard let years else { throw .missingYear(date.year) }
    // Counting forwards needs the days after this one, backwards the days before it; the day itself may be unknown.
    let edge = Int(date.day) - origin + (count > 0 ? 1 : 0)
    guard 0...kinds.count ~= edge else { throw .missingYear(date.year) }
    let (place, overflow) = Int(ranks[edge]).addingReportingOverflow(count > 0 ? count - 1 : count)
    guard !overflow, place < working.count else { throw .missingYear(years.upperBound + 1) }
    guard place >= 0, let result = CivilDate(day: origin + Int(working[place])) else { throw .missingYear(years.lowerBound - 1) }
    return result
  }

  /// The day itself when it is a working day, otherwise the next one that is.
  ///
  /// - Throws: `missingYear`, the first that is needed and not known.
  package func workingDay(atOrAfter date: CivilDate) throws(CalendarError) -> CivilDate {
    try isWorking(date) ? date : adding(workingDays: 1, to: date)
  }

  /// How many working days the range has.
  ///
  /// - Throws: `missingYear`, the first that is needed and not known.
  package func workingDays(in range: DateRange) throws(CalendarError) -> Int {
    let first = try offset(of: range.first)
    return Int(ranks[try offset(of: range.last) + 1] - ranks[first])
  }

  private func offset(of date: CivilDate) throws(CalendarError) -> Int {
    let offset = Int(date.day) - origin
    guard kinds.indices.contains(offset) else { throw .missingYear(date.year) }
    return offset
  }

  private func dayKind(_ kind: UInt8) -> DayKind {
    switch kind & Self.kindMask {
    case Self.workday: .workday
    case Self.weekend: .weekend
    case Self.makeUp: .makeUp(names[Int(kind >> 2)])
    default: .holiday(names[Int(kind >> 2)])
    }
  }
}

// MARK: what was passed over

/// Neighbouring days that are not working days for one reason.
package struct DaysOff: Sendable, Hashable {
  package let first: CivilDate
  package internal(set) var last: CivilDate
  /// The holiday's name; `nil` for an ordinary weekend.
  package let holiday: Text?
}

extension WorkingCalendar {
  /// The days off and the make-up days from one day to another, both included, for an explanation; both must be known.
  package func exceptions(from first: CivilDate, through last: CivilDate) throws(CalendarError) -> (off: [DaysOff], madeUp: [CivilDate]) {
    var off: [DaysOff] = []
    var madeUp: [CivilDate] = []
    guard first <= last else { return (off, madeUp) }
    var running: UInt8 = Self.workday
    let start = try offset(of: first)
    for offset in start...(try self.offset(of: last)) {
      let kind = kinds[offset]
      if kind == Self.workday {
        running = kind
        continue
      }
      guard let date = CivilDate(day: origin + offset) else { continue }
      if kind & Self.kindMask == Self.makeUp {
        madeUp.append(date)
      } else if kind == running {
        off[off.count - 1].last = date
      } else {
        off.append(DaysOff(first: date, last: date, holiday: kind == Self.weekend ? nil : names[Int(kind >> 2)]))
      }
      running = kind
    }
    return (off, madeUp)
  }
}
