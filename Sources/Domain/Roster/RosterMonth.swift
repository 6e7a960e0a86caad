// SPDX-License-Identifier: Apache-2.0
import Base

/// A roster as it hangs on the wall: by post, who begins which shift on which day, how long everybody works, and where somebody is missing.
package struct RosterMonth: Sendable, Hashable {
  /// When shifts begin, and how long they last.
  package struct Turn: Sendable, Hashable, Comparable {
    package let from: CivilTime
    package let minutes: Int

    package static func < (a: Turn, b: Turn) -> Bool { (a.from, a.minutes) < (b.from, b.minutes) }
  }

  /// What somebody does on a day.
  package struct Day: Sendable, Hashable {
    /// The shifts that begin on it, in the order of time, by their places among the turns.
    package var turns: [Int] = []
    /// Whether approved leave touches it.
    package var isAway = false
  }

  package struct Line: Sendable, Hashable {
    package let person: String
    package let days: [Day]
    /// How many shifts begin on the days, and their length in minutes: each counts where it begins.
    package let shifts: Int
    package let minutes: Int
  }

  package struct Post: Sendable, Hashable {
    package let contract: String
    package let post: String
    /// Whoever holds the post or has a shift on it, by their codes.
    package let lines: [Line]
    /// How many minutes of people are missing on each day.
    package let missing: [Int]
  }

  package let days: DateRange
  /// In the order of their beginning.
  package let turns: [Turn]
  package let posts: [Post]

  /// - Parameters:
  ///   - people: whoever holds a post on some of the days, with their leave.
  ///   - duty: what is planned; what begins on other days is left out.
  ///   - gaps: where somebody is missing on the days.
  package init(_ days: DateRange, people: [RosterPerson], duty: [DutyShift], gaps: [Coverage.Gap]) {
    struct Place: Hashable {
      let contract: String
      let post: String
    }
    let duty = duty.filter { days.contains($0.interval.lowerBound) }.sorted { $0.interval.lowerBound < $1.interval.lowerBound }
    let turns = Set(duty.map(Turn.init)).sorted()
    let places = Dictionary(turns.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    var holders: [Place: Set<String>] = [:]
    for person in people {
      for held in person.qualifications where held.days.overlaps(days) {
        holders[Place(contract: held.contract, post: held.post), default: []].insert(person.code)
      }
    }
    for shift in duty { holders[Place(contract: shift.contract, post: shift.post), default: []].insert(shift.person) }
    for gap in gaps { holders[Place(contract: gap.contract, post: gap.post), default: []].formUnion([]) }
    let leave = Dictionary(people.map { ($0.code, $0.leave) }) { $0 + $1 }
    self.days = days
    self.turns = turns
    posts = holders.sorted { ($0.key.contract, $0.key.post) < ($1.key.contract, $1.key.post) }.map { place, people in
      let mine = Dictionary(grouping: duty.filter { $0.contract == place.contract && $0.post == place.post }, by: \.person)
      var missing = Array(repeating: 0, count: days.days)
      for gap in gaps where gap.contract == place.contract && gap.post == place.post {
        for (index, day) in days.each.enumerated() {
          let part = gap.interval.clamped(to: day.time)
          missing[index] += gap.missing * Int(part.upperBound.microseconds(since: part.lowerBound) / Instant.minute)
        }
      }
      let lines = people.sorted().map { person in
        var line = days.each.map { day in
          Day(isAway: leave[person]?.contains { $0.overlaps(day.time) } ?? false)
        }
        for shift in mine[person] ?? [] {
          guard let turn = places[Turn(shift)] else { continue }
          line[shift.interval.lowerBound.date.days(since: days.first)].turns.append(turn)
        }
        return Line(
          person: person, days: line, shifts: mine[person]?.count ?? 0, minutes: mine[person]?.reduce(0) { $0 + $1.minutes } ?? 0)
      }
      return Post(contract: place.contract, post: place.post, lines: lines, missing: missing)
    }
  }
}

extension RosterMonth.Turn {
  fileprivate init(_ shift: DutyShift) { self.init(from: shift.interval.lowerBound.time, minutes: shift.minutes) }

  /// When they end, and whether that is on the next day.
  package var end: (at: CivilTime, isNextDay: Bool) {
    let end = from.microseconds + Int64(minutes) * Instant.minute
    return (CivilTime(microseconds: end % Instant.day) ?? .midnight, end >= Instant.day)
  }
}

extension DateRange {
  /// Its days, each as a range of its own.
  package var each: [DateRange] {
    (0..<days).compactMap { CivilDate(day: Int(first.day) + $0).map { DateRange($0, orThrough: $0) } }
  }
}
