// SPDX-License-Identifier: Apache-2.0
import Base

/// How an office's posts are staffed: the patterns of shifts, the rest between them, and when somebody counts as late; `roster.json` of its directory.
package struct RosterRules: Sendable, Hashable {
  /// A stretch of duty that begins at the same time of day; it may pass midnight.
  package struct Shift: Sendable, Hashable {
    package let id: String
    package let from: CivilTime
    package let minutes: Int
  }

  /// On which days a pattern's shifts are worked.
  package enum Days: String, Sendable, Hashable, CaseIterable {
    case all
    /// Working days of the calendar, make-up days 调休 among them.
    case working
    /// Weekends and holidays.
    case rest

    func holds(on day: CivilDate, _ calendar: WorkingCalendar) throws(CalendarError) -> Bool {
      switch self {
      case .all: true
      case .working: try calendar.isWorking(day)
      case .rest: try !calendar.isWorking(day)
      }
    }
  }

  /// What one crew works on the days of a cycle; each further crew does the same a day later. There are as many crews as days.
  package struct Cycle: Sendable, Hashable {
    /// A day on which the first crew begins the cycle.
    package let from: CivilDate
    /// The shifts of each day by their ids; none: the crew rests.
    package let days: [[String]]
  }

  /// The shifts of a post.
  package struct Pattern: Sendable, Hashable {
    package let id: String
    package let says: Text
    package let contract: String
    package let post: String
    package let shifts: [Shift]
    package let days: Days
    /// Which crew works which shift; nil where everybody on the post may take every shift.
    package let cycle: Cycle?
    /// How many are on duty at once in a shift; nil where the contract's number says it.
    package let people: Int?
    /// Who belongs to which crew; none where those on the post are dealt out in the order in which they came to it.
    package let crews: [[String]]
  }

  /// What nobody's shifts may break; nil where nothing is set.
  package struct Rest: Sendable, Hashable {
    /// The least time between the end of a shift and the beginning of the next, in minutes.
    package let minutesBetween: Int?
    /// The most calendar days in a row on which shifts begin.
    package let daysInARow: Int?
    /// The most minutes in a calendar month, each shift counted in the month it begins in.
    package let minutesPerMonth: Int?

    package init(minutesBetween: Int?, daysInARow: Int?, minutesPerMonth: Int?) {
      (self.minutesBetween, self.daysInARow, self.minutesPerMonth) = (minutesBetween, daysInARow, minutesPerMonth)
    }
  }

  /// Which side decides what is asked for; nobody decides on their own request, whichever side it is.
  package struct Approvals: Sendable, Hashable {
    package let leave: Party
    package let swap: Party
    /// On a proposed roster as a whole.
    package let roster: Party
  }

  /// The first day on which they hold; nil for the day on which they are applied.
  package let effectiveFrom: CivilDate?
  package let patterns: [Pattern]
  package let rest: Rest
  package let attendance: AttendanceRules?
  package let approvals: Approvals
}

extension RosterRules {
  private static let minutes: Shape<Int> = .object(
    Field.oneOf(
      Alternative("minutes", .integer(1...100_000)) { (count: Int) in count },
      Alternative("hours", .integer(1...1000)) { (count: Int) in count * 60 })
  ) { $0 }

  private static let shift: Shape<Shift> = .object(
    "shift", about: Text(zh: "班次：起始时刻与时长，可跨午夜。", en: "A shift: when it begins and how long it lasts; it may pass midnight."),
    Field("id", .code), Field("from", .time), Field("lasts", minutes)
  ) { Shift(id: $0, from: $1, minutes: $2) }

  private static let cycle: Shape<Cycle> = .object(
    Field("from", .date),
    Field("days", .array(of: .array(of: .code, max: 8), min: 1, max: 60))
  ) { Cycle(from: $0, days: $1) }

  private static let pattern: Shape<Pattern> = Shape<Pattern>.object(
    "shiftPattern",
    about: Text(zh: "一个岗位的班次：每日、工作日或休息日，或按周期由各班轮换。", en: "A post's shifts: on all, working or rest days, or taken in turn by crews."),
    Field("id", .code), Field("says", Text.shape), Field("contract", .code), Field("post", .code),
    Field("shifts", .array(of: shift, min: 1, max: 12, uniqueBy: "id", key: \.id)), Field("days", .enumeration(Days.self), default: "all"),
    Field(optional: "cycle", cycle), Field(optional: "people", .integer(1...1000)),
    Field("crews", .array(of: .array(of: .code, min: 1, max: 1000), max: 60), default: [])
  ) {
    Pattern(id: $0, says: $1, contract: $2, post: $3, shifts: $4, days: $5, cycle: $6, people: $7, crews: $8)
  }.refine { pattern in
    if !pattern.crews.isEmpty, pattern.crews.count != pattern.cycle?.days.count {
      return Fault(
        pointer: "/crews", code: "bad-combination",
        detail: Text(
          zh: "班组数须与周期天数（\(pattern.cycle?.days.count ?? 0)）相同。",
          en: "There must be as many crews as the cycle has days (\(pattern.cycle?.days.count ?? 0))."))
    }
    var known: Set<String> = []
    for (crew, people) in pattern.crews.enumerated() {
      for (place, person) in people.enumerated() where !known.insert(person).inserted {
        return Fault(
          pointer: "/crews/\(crew)/\(place)", code: "duplicate",
          detail: Text(zh: "“\(person)”已在另一班组。", en: "“\(person)” stands in a crew already."))
      }
    }
    for (index, shift) in pattern.shifts.enumerated() where shift.minutes > 24 * 60 {
      return Fault(
        pointer: "/shifts/\(index)/lasts", code: "out-of-range", detail: Text(zh: "一个班次不超过24小时。", en: "A shift lasts 24 hours at most."))
    }
    for (day, names) in (pattern.cycle?.days ?? []).enumerated() {
      for (place, name) in names.enumerated() where !pattern.shifts.contains(where: { $0.id == name }) {
        return Fault(
          pointer: "/cycle/days/\(day)/\(place)", code: "unknown-reference",
          detail: Text(zh: "没有班次“\(name)”。", en: "There is no shift “\(name)”."))
      }
    }
    return nil
  }

  private static let rest: Shape<Rest> = .object(
    "rest", about: Text(zh: "休息：两班间隔、连续天数、每月时长。", en: "Rest: time between shifts, days in a row, time in a month."),
    Field(optional: "between", minutes), Field(optional: "daysInARow", .integer(1...31)), Field(optional: "perMonth", minutes)
  ) { Rest(minutesBetween: $0, daysInARow: $1, minutesPerMonth: $2) }

  private static let approvals: Shape<Approvals> = .object(
    "rosterApprovals", about: Text(zh: "请假、换班、排班由哪一方批准。", en: "Which side decides on leave, on swaps, on a roster."),
    Field("leave", .enumeration(Party.self), default: "office"), Field("swap", .enumeration(Party.self), default: "office"),
    Field("roster", .enumeration(Party.self), default: "office")
  ) { Approvals(leave: $0, swap: $1, roster: $2) }

  /// The form of `roster.json`.
  package static let fileShape: Shape<RosterRules> = .object(
    "rosterRules", about: Text(zh: "排班与考勤规则。", en: "Rules of roster and attendance."),
    Field(optional: "effectiveFrom", .date),
    Field("patterns", .array(of: pattern, max: 200, uniqueBy: "id", key: \.id)),
    Field("rest", rest, default: [:]),
    Field(optional: "attendance", AttendanceRules.shape),
    Field("approvals", approvals, default: [:])
  ) { RosterRules(effectiveFrom: $0, patterns: $1, rest: $2, attendance: $3, approvals: $4) }
}
