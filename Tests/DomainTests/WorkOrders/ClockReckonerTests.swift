// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("When a clock runs out")
struct ClockReckonerTests {
  private static let office: DutyHours = .by(
    workingDays: [hours("08:30", "12:00"), hours("13:30", "17:30")], restDays: [hours("09:00", "17:00")])
  private static let weekdaysOnly: DutyHours = .by(workingDays: [hours("09:00", "18:00")], restDays: [])

  /// A second turn to midnight, and on days of rest one from midnight on.
  private static let turns: DutyHours = .by(
    workingDays: [hours("08:00", "16:00"), hours("16:00", "24:00")], restDays: [hours("00:00", "02:00"), hours("20:30", "24:00")])

  private static func hours(_ from: String, _ to: String) -> DutyHours.Hours {
    DutyHours.Hours(from: CivilTime(from) ?? .midnight, end: CivilTime(to)?.microseconds ?? Instant.day)
  }

  private func reckoner(_ hours: DutyHours = .allDay) throws -> ClockReckoner {
    ClockReckoner(calendar: try RepositoryFiles.calendar(), hours: hours)
  }

  private func instant(_ text: String) throws -> Instant { try #require(Instant(text + "+08:00")) }

  @Test(
    "minutes and hours on duty pass over nights and noons, and exactly the limit is in time",
    arguments: [
      ("2024-03-05T10:00:00", Span.minutes(30), "2024-03-05T10:30:00"),
      ("2024-03-05T11:45:00", .minutes(30), "2024-03-05T13:45:00"),
      ("2024-03-05T17:00:00", .minutes(30), "2024-03-05T17:30:00"),
      ("2024-03-05T17:10:00", .minutes(30), "2024-03-06T08:40:00"),
      ("2024-03-05T23:00:00", .hours(1), "2024-03-06T09:30:00"),
      // A Saturday has other hours, and a make-up Sunday those of a working day.
      ("2024-03-08T17:20:00", .minutes(30), "2024-03-09T09:20:00"),
      ("2024-02-17T16:50:00", .minutes(30), "2024-02-18T08:50:00"),
    ])
  func duty(start: String, span: Span, due: String) throws {
    let deadline = try #require(try reckoner(Self.office).deadline(ClockLimit(span, time: .duty), from: instant(start)))
    let expected = try instant(due)
    #expect(deadline.due == expected)
    #expect(deadline.includes(expected))
    #expect(!deadline.includes(try expected.adding(microseconds: 1)))
  }

  @Test(
    "duty to 24:00 goes on where the next day begins with duty, and a limit used up at midnight ends there",
    arguments: [
      ("2024-03-05T15:30:00", Span.hours(1), "2024-03-05T16:30:00"),
      ("2024-03-05T23:00:00", .hours(1), "2024-03-06T00:00:00"),
      ("2024-03-05T23:00:00", .hours(2), "2024-03-06T09:00:00"),
      ("2024-03-06T00:00:00", .hours(1), "2024-03-06T09:00:00"),
      // From a Friday into the first hours of its Saturday, and from a Sunday to a Monday.
      ("2024-03-08T23:30:00", .hours(1), "2024-03-09T00:30:00"),
      ("2024-03-08T23:30:00", .hours(3), "2024-03-09T21:00:00"),
      ("2024-03-10T23:50:00", .minutes(10), "2024-03-11T00:00:00"),
      ("2024-03-10T23:50:00", .minutes(11), "2024-03-11T08:01:00"),
    ])
  func toMidnight(start: String, span: Span, due: String) throws {
    let reckoner = try reckoner(Self.turns)
    #expect(try reckoner.deadline(ClockLimit(span, time: .duty), from: instant(start))?.due == instant(due))
  }

  @Test("time on duty, gaps and who is there agree with a count of minutes, over midnights and at the calendar's end")
  func counted() throws {
    let calendar = try RepositoryFiles.calendar()
    let timeline = DutyTimeline(Self.turns, calendar: calendar)
    let walk = ClockWalk(calendar: calendar, hours: Self.turns)
    let last = try #require(calendar.years?.upperBound)
    for first in ["2024-02-16T23:57:00", "2024-03-08T15:00:00", "\(last)-12-29T19:00:00"] {
      let start = try instant(first)
      var (count, gaps, isOff, place): (Int64, [(from: Instant, to: Instant)], Bool, Instant) = (0, [], false, start)
      while place.date.year <= last, place.microseconds(since: start) < 4 * Instant.day {
        let isOn = try walk.isOnDuty(place)
        #expect(try timeline.isOnDuty(at: place) == isOn, "\(place)")
        let next = try place.adding(minutes: 1)
        if isOn { count += 1 } else if isOff { gaps[gaps.count - 1].to = next } else { gaps.append((place, next)) }
        (isOff, place) = (!isOn, next)
        #expect(try timeline.elapsed(from: start, to: place) == count * Instant.minute, "\(place)")
        if isOn { #expect(try timeline.moment(after: count * Instant.minute, from: start) == place) }
      }
      #expect(try timeline.gaps(from: start, to: place).map { [$0.from, $0.to] } == gaps.map { [$0.from, $0.to] })
    }
  }

  @Test("hours may end at 24:00 and not begin there, and none pass midnight")
  func file() throws {
    func fault(_ spans: [(String, String)]) throws -> String? {
      var office = try JSON.parse(RepositoryFiles.bytes("deploy/tenants/sanjianfang/office.json")).object ?? [:]
      office["dutyHours"] = ["workingDays": .array(spans.map { ["from": .string($0.0), "to": .string($0.1)] })]
      guard case .failure(let faults) = Office.shape.decode(.object(office)) else { return nil }
      return faults.list.map { "\($0.pointer) \($0.code)" }.joined(separator: ", ")
    }
    let place = "/dutyHours/workingDays"
    #expect(try fault([("08:00", "16:00"), ("16:00", "24:00")]) == nil)
    #expect(try fault([("00:00", "24:00:00")]) == nil)
    #expect(try fault([("16:00", "00:00")]) == "\(place)/0/to out-of-range")
    #expect(try fault([("16:00", "02:00")]) == "\(place)/0/to out-of-range")
    #expect(try fault([("16:00", "24:01")]) == "\(place)/0/to bad-format")
    #expect(try fault([("24:00", "24:00")]) == "\(place)/0/from bad-format")
    #expect(try fault([("08:00", "24:00"), ("23:00", "24:00")]) == "\(place)/1/from out-of-range")
  }

  @Test(
    "days end at 24:00 of the last one, which moves off days that are not worked unless the rule says otherwise",
    arguments: [
      ("2024-03-05T10:00:00", ClockLimit(.days(7)), "2024-03-13T00:00:00"),
      ("2024-03-02T10:00:00", ClockLimit(.days(7)), "2024-03-12T00:00:00"),
      ("2024-03-02T10:00:00", ClockLimit(.days(7), rolls: false), "2024-03-10T00:00:00"),
      ("2024-09-26T10:00:00", ClockLimit(.days(7)), "2024-10-09T00:00:00"),
      ("2024-09-27T09:00:00", ClockLimit(.workingDays(5)), "2024-10-11T00:00:00"),
      ("2024-01-31T09:00:00", ClockLimit(.months(1)), "2024-03-01T00:00:00"),
    ])
  func days(start: String, limit: ClockLimit, due: String) throws {
    let deadline = try #require(try reckoner().deadline(limit, from: instant(start)))
    let expected = try instant(due)
    #expect(deadline.due == expected)
    #expect(!deadline.includes(expected))
    #expect(deadline.includes(try expected.adding(microseconds: -1)))
  }

  @Test("a pause moves minutes by its time on duty, days by the days it touches, and while it lasts there is no end")
  func pauses() throws {
    let reckoner = try reckoner(Self.office)
    let start = try instant("2024-03-05T10:00:00")
    let pause = ClockPause(.awaitingApproval, from: try instant("2024-03-05T10:20:00"), to: try instant("2024-03-06T09:00:00"))
    #expect(try reckoner.deadline(ClockLimit(.hours(1), time: .duty), from: start, pauses: [pause])?.due == instant("2024-03-06T09:40:00"))
    #expect(try reckoner.deadline(ClockLimit(.hours(1)), from: start, pauses: [pause])?.due == instant("2024-03-06T09:40:00"))
    #expect(try reckoner.deadline(ClockLimit(.days(7)), from: start, pauses: [pause])?.due == instant("2024-03-14T00:00:00"))
    let open = ClockPause(.awaitingApproval, from: pause.from)
    #expect(try reckoner.deadline(ClockLimit(.hours(1)), from: start, pauses: [open]) == nil)
    #expect(try reckoner.deadline(ClockLimit(.days(7)), from: start, pauses: [open]) == nil)
    // What had run out before stays so; what is just used up stands still too.
    #expect(try reckoner.deadline(ClockLimit(.minutes(19)), from: start, pauses: [open])?.due == instant("2024-03-05T10:19:00"))
    #expect(try reckoner.deadline(ClockLimit(.minutes(20)), from: start, pauses: [open]) == nil)
    #expect(try reckoner.deadline(ClockLimit(.minutes(20)), from: start, pauses: [pause])?.due == pause.to)
  }

  @Test("a warning comes when a share is used up or so long before the end, and stands still with the clock")
  func warnings() throws {
    let reckoner = try reckoner(Self.office)
    let start = try instant("2024-03-05T11:00:00")
    func warning(_ warning: ServiceLevel.Warning, _ span: Span, _ time: ServiceLevel.Time = .duty) throws -> Instant? {
      try reckoner.deadline(ClockLimit(span, time: time, warning: warning), from: start)?.warning
    }
    #expect(try warning(.used(.percent(80)), .hours(2)) == instant("2024-03-05T14:06:00"))
    #expect(try warning(.before(.minutes(10)), .hours(2)) == instant("2024-03-05T14:20:00"))
    #expect(try warning(.before(.hours(3)), .hours(2)) == start)
    #expect(try warning(.before(.days(1)), .days(7), .wall) == instant("2024-03-12T00:00:00"))
    let pause = ClockPause(.awaitingCitizen, from: try instant("2024-03-05T11:30:00"), to: try instant("2024-03-05T14:00:00"))
    let limit = ClockLimit(.hours(2), time: .duty, warning: .before(.minutes(10)))
    #expect(try reckoner.deadline(limit, from: start, pauses: [pause])?.warning == instant("2024-03-05T15:20:00"))
  }

  @Test("beyond the calendar there is no guess but the missing year's name; the wall clock needs no calendar")
  func unknownYear() throws {
    let reckoner = try reckoner(Self.office)
    let last = try #require(try RepositoryFiles.calendar().years?.upperBound)
    let start = Instant(try #require(CivilDate(year: last, month: 12, day: 31)), try #require(CivilTime("23:00")))
    for limit in [ClockLimit(.hours(1), time: .duty), ClockLimit(.days(7)), ClockLimit(.workingDays(1))] {
      #expect(throws: CalendarError.missingYear(last + 1)) { try reckoner.deadline(limit, from: start) }
    }
    #expect(try reckoner.deadline(ClockLimit(.hours(3)), from: start)?.due == start.adding(minutes: 180))
    #expect(throws: CalendarError.outOfRange) {
      try ClockReckoner(calendar: RepositoryFiles.calendar(), hours: .by(workingDays: [], restDays: []))
        .deadline(ClockLimit(.hours(1), time: .duty), from: instant("2024-03-05T10:00:00"))
    }
  }

  @Test("agrees with a walk through time step by step, whatever the hours, the start and the pauses")
  func walked() throws {
    let seed = SeededGenerator.freshSeed
    var random = SeededGenerator(seed: seed)
    let calendar = try RepositoryFiles.calendar()
    for number in 0..<1_500 {
      let hours = [Self.office, Self.weekdaysOnly, .allDay, Self.turns][number / 2 % 4]
      let reckoner = ClockReckoner(calendar: calendar, hours: hours)
      let walk = ClockWalk(calendar: calendar, hours: hours)
      // Seconds are walked by the wall clock, minutes on duty, days otherwise.
      let step = number.isMultiple(of: 2) ? Instant.minute : 1_000_000
      let day = try CivilDate(year: 2019, month: 1, day: 1)?.adding(days: Int.random(in: 0..<2500, using: &random)) ?? .first
      let start = try Instant(day).adding(microseconds: Int64.random(in: 0..<Instant.day / step, using: &random) * step)
      switch number % 4 {
      case 0, 1:
        let time: ServiceLevel.Time = step == Instant.minute && number % 16 == 0 ? .duty : .wall
        let limit = ClockLimit(.minutes(UInt32.random(in: 1...90, using: &random)), time: time)
        let pauses = try Self.pauses(from: start, of: step, within: 3 * Instant.hour, &random)
        let due = try walk.moment(
          Int(limit.span.count) * Int(Instant.minute / step), of: step, time, from: start, pauses)
        #expect(try reckoner.deadline(limit, from: start, pauses: pauses)?.due == due, "seed \(seed), case \(number)")
      default:
        let unit = [Span.Unit.days, .workingDays, .months][Int.random(in: 0..<3, using: &random)]
        let count = UInt32.random(in: unit == .months ? 1...3 : 1...20, using: &random)
        let limit = ClockLimit(Span(count, unit), rolls: Bool.random(using: &random))
        let pauses = try Self.pauses(from: start, of: 6 * Instant.hour, within: 30 * Instant.day, &random)
        let last = try walk.lastDay(limit, from: start.date, pauses)
        let deadline = try reckoner.deadline(limit, from: start, pauses: pauses)
        #expect(try deadline?.due == last.map { Instant(try $0.adding(days: 1)) }, "seed \(seed), case \(number)")
      }
    }
  }

  /// Up to four pauses one after the other; the last may be open.
  private static func pauses(
    from start: Instant, of step: Int64, within length: Int64, _ random: inout SeededGenerator
  ) throws -> [ClockPause] {
    var pauses: [ClockPause] = []
    var place = start
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let from = try place.adding(microseconds: Int64.random(in: 0...length / step / 4, using: &random) * step)
      let to = try from.adding(microseconds: Int64.random(in: 0...length / step / 4, using: &random) * step)
      pauses.append(ClockPause(.awaitingApproval, from: from, to: to))
      place = to
    }
    if !pauses.isEmpty, Int.random(in: 0..<8, using: &random) == 0 { pauses[pauses.count - 1].to = nil }
    return pauses
  }
}
