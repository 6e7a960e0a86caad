// SPDX-License-Identifier: Apache-2.0
import Base

/// Somebody who may be put on shifts, and what stands against it.
package struct RosterPerson: Sendable, Hashable {
  /// A post that somebody is assigned to and fit for.
  package struct Qualification: Sendable, Hashable {
    package let contract: String
    package let post: String
    package let days: DateRange

    package init(contract: String, post: String, days: DateRange) {
      (self.contract, self.post, self.days) = (contract, post, days)
    }
  }

  package let code: String
  package let qualifications: [Qualification]
  package let leave: [Range<Instant>]
  /// Which crew the person belongs to, by pattern, from 0.
  package let crews: [String: Int]

  package init(code: String, qualifications: [Qualification], leave: [Range<Instant>] = [], crews: [String: Int] = [:]) {
    (self.code, self.qualifications, self.leave, self.crews) = (code, qualifications, leave, crews)
  }

  /// The same person, away for a time too.
  package func away(_ time: Range<Instant>) -> RosterPerson {
    RosterPerson(code: code, qualifications: qualifications, leave: leave + [time], crews: crews)
  }
}

/// Why somebody may not take a shift.
package enum Hindrance: String, Sendable, Hashable, CaseIterable {
  case notQualified, onLeave, onDuty, notRested, tooManyDays, tooManyHours

  /// Stable, in kebab-case.
  package var code: String {
    switch self {
    case .notQualified: "not-qualified"
    case .onLeave: "on-leave"
    case .onDuty: "on-duty"
    case .notRested: "not-rested"
    case .tooManyDays: "too-many-days"
    case .tooManyHours: "too-many-hours"
    }
  }

  /// Whether it is a rule of rest, which somebody may have a reason to break.
  package var isOfRest: Bool {
    switch self {
    case .notQualified, .onLeave, .onDuty: false
    case .notRested, .tooManyDays, .tooManyHours: true
    }
  }

  package var text: Text {
    switch self {
    case .notQualified: Text(zh: "未任该岗或条件不备", en: "not assigned to the post, or not fit for it")
    case .onLeave: Text(zh: "休假", en: "on leave")
    case .onDuty: Text(zh: "同时在岗", en: "on duty already")
    case .notRested: Text(zh: "两班间隔不足", en: "too little rest between shifts")
    case .tooManyDays: Text(zh: "连续天数超限", en: "too many days in a row")
    case .tooManyHours: Text(zh: "当月时长超限", en: "too many hours in the month")
    }
  }
}

/// What one person works, as far as it is known, and what may be added to it.
package struct PersonalRoster: Sendable {
  package let person: RosterPerson
  private let rest: RosterRules.Rest
  /// In the order of time; they do not overlap.
  package private(set) var intervals: [Range<Instant>] = []
  /// Minutes by month, as year × 12 + month.
  private var minutes: [Int: Int] = [:]
  /// How many shifts begin on a day.
  private var days: [Int32: Int] = [:]

  package init(_ person: RosterPerson, _ rest: RosterRules.Rest) {
    self.person = person
    self.rest = rest
  }

  /// Everybody's roster by their code, with what they do already.
  package static func all(_ people: [RosterPerson], _ rest: RosterRules.Rest, doing shifts: [DutyShift]) -> [String: PersonalRoster] {
    var rosters = Dictionary(people.map { ($0.code, PersonalRoster($0, rest)) }) { first, _ in first }
    for shift in shifts { rosters[shift.person]?.add(shift.interval) }
    return rosters
  }

  /// All minutes together.
  package private(set) var total = 0

  package func minutes(in day: CivilDate) -> Int { minutes[Self.month(day)] ?? 0 }

  /// What stands against a shift, nil when nothing does.
  package func hindrance(_ slot: Slot) -> Hindrance? {
    let end = Instant(microseconds: slot.interval.upperBound.microseconds - 1) ?? slot.interval.lowerBound
    guard
      person.qualifications.contains(where: {
        $0.contract == slot.contract && $0.post == slot.post && $0.days.contains(slot.day) && $0.days.contains(end)
      })
    else { return .notQualified }
    if person.leave.contains(where: { $0.overlaps(slot.interval) }) { return .onLeave }
    let next = place(of: slot.interval.lowerBound)
    if next > 0, intervals[next - 1].upperBound > slot.interval.lowerBound { return .onDuty }
    if next < intervals.count, intervals[next].lowerBound < slot.interval.upperBound { return .onDuty }
    if let between = rest.minutesBetween {
      let least = Int64(between) * Instant.minute
      if next > 0, slot.interval.lowerBound.microseconds(since: intervals[next - 1].upperBound) < least { return .notRested }
      if next < intervals.count, intervals[next].lowerBound.microseconds(since: slot.interval.upperBound) < least { return .notRested }
    }
    if let most = rest.minutesPerMonth, minutes(in: slot.day) + slot.minutes > most { return .tooManyHours }
    if let most = rest.daysInARow, run(with: slot.day) > most { return .tooManyDays }
    return nil
  }

  /// Puts the person on a shift.
  package mutating func add(_ slot: Slot) { add(slot.interval) }

  /// Puts the person on duty for a time that is known already.
  package mutating func add(_ interval: Range<Instant>) {
    intervals.insert(interval, at: place(of: interval.lowerBound))
    count(interval, 1)
  }

  /// Takes the person off a shift.
  package mutating func remove(_ slot: Slot) {
    guard let index = intervals.firstIndex(of: slot.interval) else { return }
    intervals.remove(at: index)
    count(slot.interval, -1)
  }

  private mutating func count(_ interval: Range<Instant>, _ step: Int) {
    let day = interval.lowerBound.date
    let length = step * Int(interval.upperBound.microseconds(since: interval.lowerBound) / Instant.minute)
    minutes[Self.month(day), default: 0] += length
    total += length
    let left = days[day.day, default: 0] + step
    days[day.day] = left == 0 ? nil : left
  }

  /// How many days in a row would have a shift begin if one did on this day.
  private func run(with day: CivilDate) -> Int {
    var run = 1
    var other = day.day - 1
    while days[other] != nil { (run, other) = (run + 1, other - 1) }
    other = day.day + 1
    while days[other] != nil { (run, other) = (run + 1, other + 1) }
    return run
  }

  /// The place of the first interval that begins at or after an instant.
  private func place(of instant: Instant) -> Int {
    var (low, high) = (0, intervals.count)
    while low < high {
      let middle = (low + high) / 2
      if intervals[middle].lowerBound < instant { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func month(_ day: CivilDate) -> Int { day.year * 12 + day.components.month }
}
