// SPDX-License-Identifier: Apache-2.0
import Base
import Domain

/// Finds deadlines of work orders: minutes on duty, hours by the wall clock, days, working days and months, with pauses and without.
struct ClockBenchmark {
  private let reckoner: ClockReckoner

  /// - Parameter directory: with `calendars` below it.
  init(directory: String) throws {
    let calendar = try WorkingCalendar(
      Benchmarks.files(directory + "/calendars", ending: ".json").map { try CalendarYear.shape.decode(bytes: $0.bytes).get() })
    func hours(_ from: String, _ to: String) -> DutyHours.Hours {
      .init(from: CivilTime(from) ?? .midnight, end: CivilTime(to)?.microseconds ?? Instant.day)
    }
    let duty = DutyHours.by(workingDays: [hours("08:30", "12:00"), hours("13:30", "17:30")], restDays: [hours("09:00", "17:00")])
    reckoner = ClockReckoner(calendar: calendar, hours: duty)
  }

  /// Finds so many deadlines and says how long one takes, in microseconds, by kind of limit.
  func run(deadlines count: Int) throws -> JSON {
    let limits: [(String, ClockLimit)] = [
      ("minutesOnDuty", ClockLimit(.minutes(30), time: .duty)), ("hours", ClockLimit(.hours(24))), ("days", ClockLimit(.days(7))),
      ("workingDays", ClockLimit(.workingDays(10))), ("months", ClockLimit(.months(1))),
    ]
    var result: JSONObject = ["deadlines": .integer(Int64(count) * Int64(2 * limits.count))]
    for (name, limit) in limits {
      for pauses in [0, 2] {
        let starts = try self.starts(count, pauses: pauses)
        let (sum, seconds) = try Benchmarks.timed {
          var sum: Int64 = 0
          for start in starts { sum &+= try reckoner.deadline(limit, from: start.at, pauses: start.pauses)?.outside.microseconds ?? 0 }
          return sum
        }
        // The sum keeps the work from being left out.
        guard sum != 0 else { continue }
        result[pauses == 0 ? name : name + "Paused"] = .number("\(seconds * 1_000_000 / Double(count))")
      }
    }
    return .object(result)
  }

  private func starts(_ count: Int, pauses: Int) throws -> [(at: Instant, pauses: [ClockPause])] {
    let first = Instant(CivilDate(year: 2019, month: 1, day: 1) ?? .first)
    return try (0..<count).map { number in
      let at = try first.adding(minutes: Int64(number) * 7919 % (6 * 525_600))
      return (
        at,
        try (0..<pauses).map { place in
          let from = try at.adding(minutes: Int64(10 + place * 600))
          return ClockPause(.awaitingApproval, from: from, to: try from.adding(minutes: 90))
        }
      )
    }
  }
}
