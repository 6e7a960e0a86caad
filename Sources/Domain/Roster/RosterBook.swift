// SPDX-License-Identifier: Apache-2.0
import Base

/// An office's roster rules over time, and what its contracts ask of them.
package struct RosterBook: Sendable {
  package struct Revision: Sendable {
    package let number: Int
    package let effectiveFrom: CivilDate
    package let rules: RosterRules

    package init(number: Int, effectiveFrom: CivilDate, rules: RosterRules) {
      (self.number, self.effectiveFrom, self.rules) = (number, effectiveFrom, rules)
    }
  }

  /// In the order in which they take effect.
  package let revisions: [Revision]
  package let demands: [PostDemand]
  package let calendar: WorkingCalendar

  package init(revisions: [Revision], demands: [PostDemand], calendar: WorkingCalendar) {
    self.revisions = revisions.sorted { ($0.effectiveFrom, $0.number) < ($1.effectiveFrom, $1.number) }
    self.demands = demands
    self.calendar = calendar
  }

  /// The revision that holds on a day; nil before the first.
  package func inForce(on day: CivilDate) -> Revision? { Self.inForce(on: day, among: revisions) }

  /// Of revisions in any order, the one that holds on a day; nil before the first.
  package static func inForce(on day: CivilDate, among revisions: [Revision]) -> Revision? {
    revisions.lazy.filter { $0.effectiveFrom <= day }.max { ($0.effectiveFrom, $0.number) < ($1.effectiveFrom, $1.number) }
  }

  /// The revisions that hold on some of the days.
  private func inForce(in days: DateRange) -> [Revision] {
    let last = revisions.lastIndex { $0.effectiveFrom <= days.last }
    let first = revisions.lastIndex { $0.effectiveFrom <= days.first } ?? 0
    guard let last, first <= last else { return [] }
    return Array(revisions[first...last])
  }

  /// The slots that begin on the days, in the order of time.
  ///
  /// A slot lies within the contract's term: what would begin before it begins with it, what would go on after it ends with it.
  ///
  /// - Throws: `CalendarError.missingYear` where a pattern asks for working or rest days that are not known.
  package func slots(in days: DateRange, of contract: String? = nil) throws(CalendarError) -> [Slot] {
    var slots: [Slot] = []
    for offset in -1..<days.days {
      guard let day = CivilDate(day: Int(days.first.day) + offset), let day = DateRange(day, through: day) else { continue }
      for demand in demands where contract.map({ $0 == demand.contract }) ?? true {
        // A night before the first day may reach into it.
        guard day.first.day >= demand.days.first.day - 1, day.first <= demand.days.last else { continue }
        let wanted = max(day.first, demand.days.first)
        for pattern in inForce(on: wanted)?.rules.patterns ?? [] where pattern.contract == demand.contract && pattern.post == demand.post {
          for slot in try pattern.slots(in: day, of: demand.people(on: wanted), calendar) {
            let slot = slot.clamped(to: demand.time)
            if !slot.interval.isEmpty, days.contains(slot.day) { slots.append(slot) }
          }
        }
      }
    }
    return slots.sorted {
      ($0.interval.lowerBound, $0.contract, $0.post, $0.shift) < ($1.interval.lowerBound, $1.contract, $1.post, $1.shift)
    }
  }

  /// What nobody's shifts may break on any of the days: where the rules change in between, the stricter of both.
  package func rest(in days: DateRange) -> RosterRules.Rest {
    let all = inForce(in: days).map(\.rules.rest)
    return RosterRules.Rest(
      minutesBetween: all.compactMap(\.minutesBetween).max(), daysInARow: all.compactMap(\.daysInARow).min(),
      minutesPerMonth: all.compactMap(\.minutesPerMonth).min())
  }

  /// The people with the crews that they belong to on the days: those that the rules name, or else dealt out in the order in which they came to
  /// the post.
  package func manned(_ people: [RosterPerson], in days: DateRange) -> [RosterPerson] {
    var crews: [String: [String: Int]] = [:]
    for pattern in inForce(in: days).flatMap(\.rules.patterns) {
      guard let count = pattern.cycle?.days.count else { continue }
      if pattern.crews.isEmpty {
        let held = people.compactMap { person in
          person.qualifications.filter { $0.contract == pattern.contract && $0.post == pattern.post && $0.days.overlaps(days) }
            .map(\.days.first).min().map { (from: $0, code: person.code) }
        }
        for (place, one) in held.sorted(by: { ($0.from, $0.code) < ($1.from, $1.code) }).enumerated() {
          crews[one.code, default: [:]][pattern.id] = place % count
        }
      } else {
        for (crew, names) in pattern.crews.enumerated() {
          for name in names { crews[name, default: [:]][pattern.id] = crew }
        }
      }
    }
    return people.map { person in
      RosterPerson(code: person.code, qualifications: person.qualifications, leave: person.leave, crews: crews[person.code] ?? [:])
    }
  }
}

extension Slot {
  /// The part of it that lies in a time; its day is the one on which that part begins.
  func clamped(to time: Range<Instant>) -> Slot { within(interval.clamped(to: time)) }

  /// The same slot for another time.
  package func within(_ interval: Range<Instant>, missing: Int? = nil) -> Slot {
    Slot(
      contract: contract, post: post, pattern: pattern, shift: shift, day: interval.lowerBound.date, interval: interval,
      people: missing ?? people, crew: crew)
  }
}
