// SPDX-License-Identifier: Apache-2.0
import Base
import Domain

/// Covers a month with many people on duty, and proposes a month for four crews round the clock.
struct RosterBenchmark {
  private let calendar: WorkingCalendar
  private let days: DateRange

  /// - Parameter directory: with `calendars` below it.
  init(directory: String) throws {
    calendar = try WorkingCalendar(
      Benchmarks.files(directory + "/calendars", ending: ".json").map { try CalendarYear.shape.decode(bytes: $0.bytes).get() })
    guard let first = CivilDate(year: 2026, month: 1, day: 1), let last = CivilDate(year: 2026, month: 1, day: 31) else {
      throw DateError.outOfRange
    }
    days = DateRange(first, orThrough: last)
  }

  /// Four crews: a day, a night, two days' rest.
  private func pattern(_ people: Int) throws -> RosterRules.Pattern {
    let rules: JSON = [
      "patterns": [
        [
          "id": "watch", "says": ["zh": "四班轮值", "en": "four crews"], "contract": "c", "post": "seat", "people": .integer(people),
          "shifts": [
            ["id": "day", "from": "08:00", "lasts": ["hours": 12]], ["id": "night", "from": "20:00", "lasts": ["hours": 12]],
          ],
          "cycle": ["from": "2026-01-01", "days": [["day"], ["night"], [], []]],
        ]
      ]
    ]
    guard let pattern = try RosterRules.fileShape.decode(rules).get().patterns.first else { throw DateError.outOfRange }
    return pattern
  }

  private func people(_ count: Int) -> [RosterPerson] {
    (0..<count).map { number in
      let from = days.first
      // A tenth is away for three days of the month, one after the other.
      let away =
        number.isMultiple(of: 10) ? CivilDate(day: Int(from.day) + number % 28).map { Instant($0)..<Instant($0).after(days: 3) } : nil
      return RosterPerson(
        code: "person-\(number)", qualifications: [.init(contract: "c", post: "seat", days: days)], leave: away.map { [$0] } ?? [],
        crews: ["watch": number % 4])
    }
  }

  /// Rest that four crews can keep, with some room for those who stand in.
  private let rest = RosterRules.Rest(minutesBetween: 11 * 60, daysInARow: 6, minutesPerMonth: 220 * 60)

  /// Proposes the month of so many people, and covers that of ten times as many; the best of several rounds is told.
  func run(people count: Int) throws -> JSON {
    let slots = try pattern(count / 4 - count / 40).slots(in: days, of: count, calendar)
    let staff = people(count)
    let known = slots.isEmpty ? [] : [DutyShift(person: staff[0].code, slots[0])]
    let proposals = (0..<3).map { _ in Benchmarks.timed { RosterProposal(filling: slots, with: staff, rest, known: known) } }
    // Fewer hours than the slots need: what cannot be done is found out, too.
    let short = RosterRules.Rest(minutesBetween: 11 * 60, daysInARow: 6, minutesPerMonth: 160 * 60)
    let impossible = (0..<3).map { _ in Benchmarks.timed { RosterProposal(filling: slots, with: staff, short, known: known) } }
    let many = try pattern(count * 10 / 4).slots(in: days, of: count * 10, calendar)
    let crowd = (0..<count * 10).map { "person-\($0)" }
    var shifts: [DutyShift] = []
    for slot in many {
      for (number, person) in crowd.enumerated() where number % 4 == slot.crew && (number + Int(slot.day.day)) % 97 != 0 {
        shifts.append(DutyShift(person: person, slot))
      }
    }
    let coverages = (0..<5).map { _ in Benchmarks.timed { Coverage.gaps(between: many, and: shifts, in: days.time) } }
    return [
      "people": .integer(count), "slots": .integer(slots.count), "placements": .integer(proposals[0].value.placements.count),
      "open": .integer(proposals[0].value.open.count), "proposalSeconds": .number("\(proposals.map(\.seconds).min() ?? 0)"),
      "impossibleOpen": .integer(impossible[0].value.open.count), "impossibleProofs": .integer(impossible[0].value.proofs.count),
      "impossibleSeconds": .number("\(impossible.map(\.seconds).min() ?? 0)"), "covered": .integer(crowd.count),
      "shifts": .integer(shifts.count), "gaps": .integer(coverages[0].value.count),
      "coverageSeconds": .number("\(coverages.map(\.seconds).min() ?? 0)"),
    ]
  }
}

extension Instant {
  fileprivate func after(days: Int) -> Instant { Instant(microseconds: microseconds + Int64(days) * Instant.day) ?? self }
}
