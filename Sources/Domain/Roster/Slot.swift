// SPDX-License-Identifier: Apache-2.0
import Base

/// A shift on a day that so many people must be on duty for.
package struct Slot: Sendable, Hashable {
  package let contract: String
  package let post: String
  package let pattern: String
  package let shift: String
  /// The day on which it begins.
  package let day: CivilDate
  /// From when until when; the end is the first instant after it.
  package let interval: Range<Instant>
  package let people: Int
  /// The crew whose turn it is, from 0; nil where there are none.
  package let crew: Int?

  package init(
    contract: String, post: String, pattern: String, shift: String, day: CivilDate, interval: Range<Instant>, people: Int, crew: Int?
  ) {
    (self.contract, self.post, self.pattern, self.shift) = (contract, post, pattern, shift)
    (self.day, self.interval, self.people, self.crew) = (day, interval, people, crew)
  }

  /// A slot for one, for duty that is planned or thought of.
  package init(_ shift: DutyShift, pattern: String = "", turn: String = "") {
    self.init(
      contract: shift.contract, post: shift.post, pattern: pattern, shift: turn, day: shift.interval.lowerBound.date,
      interval: shift.interval, people: 1, crew: nil)
  }

  package var minutes: Int { Int(interval.upperBound.microseconds(since: interval.lowerBound) / Instant.minute) }
}

extension RosterRules.Pattern {
  /// The slots whose shifts begin in a range of days, in the order of their beginning.
  ///
  /// - Parameter number: how many the contract wants on the post altogether, nil where it fixes no number; with crews they are shared out.
  /// - Throws: `CalendarError.missingYear` where the pattern asks for working or rest days that are not known.
  package func slots(in days: DateRange, of number: Int?, _ calendar: WorkingCalendar) throws(CalendarError) -> [Slot] {
    let crews = cycle?.days.count
    let people = people ?? number.map { max(1, ($0 + (crews ?? 1) - 1) / (crews ?? 1)) } ?? 1
    var slots: [Slot] = []
    for offset in 0..<days.days {
      guard let day = CivilDate(day: Int(days.first.day) + offset) else { throw .outOfRange }
      guard try self.days.holds(on: day, calendar) else { continue }
      if let cycle {
        for crew in cycle.days.indices {
          for name in cycle.shifts(of: crew, on: day) {
            guard let shift = shifts.first(where: { $0.id == name }) else { continue }
            slots.append(try slot(shift, day, people, crew))
          }
        }
      } else {
        for shift in shifts { slots.append(try slot(shift, day, people, nil)) }
      }
    }
    return slots.sorted { ($0.interval.lowerBound, $0.shift, $0.crew ?? 0) < ($1.interval.lowerBound, $1.shift, $1.crew ?? 0) }
  }

  private func slot(_ shift: RosterRules.Shift, _ day: CivilDate, _ people: Int, _ crew: Int?) throws(CalendarError) -> Slot {
    let start = Instant(day, shift.from)
    guard let end = Instant(microseconds: start.microseconds + Int64(shift.minutes) * Instant.minute) else { throw .outOfRange }
    return Slot(
      contract: contract, post: post, pattern: id, shift: shift.id, day: day, interval: start..<end, people: people, crew: crew)
  }
}

extension RosterRules.Cycle {
  /// What a crew works on a day.
  func shifts(of crew: Int, on day: CivilDate) -> [String] {
    let place = (day.days(since: from) - crew) % days.count
    return days[place < 0 ? place + days.count : place]
  }
}
