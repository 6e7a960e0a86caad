// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

/// Finds when a limit ends by walking through time step by step, as one would with a calendar and a watch in hand.
struct ClockWalk {
  let calendar: WorkingCalendar
  let hours: DutyHours

  /// The moment at which so many steps have counted, one after the other; nil where an open pause comes before.
  func moment(_ steps: Int, of step: Int64, _ time: ServiceLevel.Time, from start: Instant, _ pauses: [ClockPause]) throws -> Instant? {
    var place = start
    var counted = 0
    while counted < steps {
      if let pause = pauses.first(where: { pause in pause.from <= place && pause.to.map { place < $0 } ?? true }) {
        guard let end = pause.to else { return nil }
        place = end
        continue
      }
      if try time == .wall || isOnDuty(place) { counted += 1 }
      place = try place.adding(microseconds: step)
    }
    // Used up in the instant in which a pause begins, it stands still with nothing left.
    while let pause = pauses.first(where: { $0.from == place && $0.to != place }) {
      guard let end = pause.to else { return nil }
      place = end
    }
    return place
  }

  func isOnDuty(_ moment: Instant) throws -> Bool {
    guard case .by(let workingDays, let restDays) = hours else { return true }
    let list = try calendar.isWorking(moment.date) ? workingDays : restDays
    return list.contains { $0.contains(moment.time) }
  }

  /// The last day of a period of days, working days or months; nil where an open pause comes before.
  func lastDay(_ limit: ClockLimit, from start: CivilDate, _ pauses: [ClockPause]) throws -> CivilDate? {
    var day = start
    var left: Int
    switch limit.span.unit {
    case .months: left = try start.adding(months: Int(limit.span.count)).days(since: start)
    default: left = Int(limit.span.count)
    }
    while true {
      if pauses.contains(where: { $0.to == nil && $0.from.date <= (day == start ? try? day.adding(days: 1) : day) ?? day }) { return nil }
      if left == 0 { break }
      day = try day.adding(days: 1)
      if isTouched(day, pauses) { continue }
      if limit.span.unit == .workingDays, try !calendar.isWorking(day) { continue }
      left -= 1
    }
    guard limit.rolls, limit.span.unit != .workingDays, try !calendar.isWorking(day) else { return day }
    while try !calendar.isWorking(day) || isTouched(day, pauses) {
      day = try day.adding(days: 1)
      if try calendar.isWorking(day), pauses.contains(where: { $0.to == nil && $0.from.date <= day }) { return nil }
    }
    return day
  }

  /// Whether some part of a day lies in a pause.
  private func isTouched(_ day: CivilDate, _ pauses: [ClockPause]) -> Bool {
    let (begin, end) = (Instant(day).microseconds, Instant(day).microseconds + Instant.day)
    return pauses.contains { pause in
      guard let to = pause.to else { return pause.from.microseconds < end }
      return pause.from < to && pause.from.microseconds < end && to.microseconds > begin
    }
  }
}
