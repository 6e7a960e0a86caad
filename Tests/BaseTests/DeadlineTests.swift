// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Base

@Suite("Working calendar")
struct WorkingCalendarTests {
  let calendar: WorkingCalendar

  init() throws { calendar = try Repository.calendar() }

  @Test("every day of 2018 to 2026 and thousands of deadlines agree with chinesecalendar and a walk from day to day")
  func oracle() throws {
    let seed = SeededGenerator.freshSeed
    var random = SeededGenerator(seed: seed)
    let span = try #require(DateRange(date("2018-01-01"), through: date("2026-12-31")))
    let units: [Span.Unit] = [.days, .workingDays, .months, .years]
    let cases = try (0..<6000).map { _ in
      let unit = try #require(units.randomElement(using: &random))
      let bound: UInt32 = unit == .years ? 4 : unit == .months ? 30 : [30, 400].randomElement(using: &random) ?? 30
      let isBackwards = Int.random(in: 0..<5, using: &random) == 0
      return (
        span: Span(UInt32.random(in: 0...bound, using: &random), unit),
        start: try span.first.adding(days: Int.random(in: 0..<span.days, using: &random)),
        rolls: !isBackwards && Bool.random(using: &random), isBackwards: isBackwards
      )
    }
    let answer = try Oracle.ask(
      "working_days",
      [
        "years": [2018, 2026],
        "cases": .array(
          cases.map {
            [
              "unit": .string($0.span.unit.rawValue), "count": .integer($0.span.count), "start": .string($0.start.description),
              "rolls": .bool($0.rolls), "sign": $0.isBackwards ? -1 : 1,
            ]
          }),
      ])

    let working = try #require(answer["working"]?.object)
    #expect(working.count == span.days)
    for member in working { #expect(JSON.bool(try calendar.isWorking(date(member.name))) == member.value, "\(member.name)") }

    for (place, question) in cases.enumerated() {
      let deadline = Result { () throws(CalendarError) -> Deadline in
        question.isBackwards
          ? try calendar.deadline(question.span, before: question.start)
          : try calendar.deadline(question.span, after: question.start, rolls: question.rolls)
      }
      let expected = answer["last"]?[place]?.string
      switch deadline {
      case .success(let deadline): #expect(deadline.lastDay.description == expected, "seed \(seed): \(question)")
      case .failure(.missingYear(let year)):
        #expect(expected == nil && !(2018...2026).contains(year), "seed \(seed): \(question)")
      case .failure(let error): Issue.record("seed \(seed): \(question): \(error)")
      }
    }
  }

  @Test("a day says what it is and by which holiday")
  func kinds() throws {
    #expect(try calendar.kind(of: date("2023-01-29")) == .makeUp(Text(zh: "春节", en: "Spring Festival")))
    #expect(try calendar.kind(of: date("2026-10-01")) == .holiday(Text(zh: "国庆节", en: "National Day")))
    #expect(try calendar.kind(of: date("2026-11-21")) == .weekend)
    #expect(try calendar.kind(of: date("2026-11-20")) == .workday)
    #expect(try calendar.workingDays(in: #require(DateRange(date("2026-01-01"), through: date("2026-01-31")))) == 21)
    #expect(try calendar.workingDay(atOrAfter: date("2026-10-01")) == date("2026-10-08"))
  }

  @Test("a year that is not known is an error that names it, never a guess")
  func missingYear() throws {
    #expect(throws: CalendarError.missingYear(2027)) { try calendar.kind(of: date("2027-01-01")) }
    #expect(throws: CalendarError.missingYear(2030)) { try calendar.isWorking(date("2030-06-01")) }
    #expect(throws: CalendarError.missingYear(2017)) { try calendar.isWorking(date("2017-12-31")) }
    #expect(throws: CalendarError.missingYear(2027)) { try calendar.deadline(.workingDays(30), after: date("2026-12-01")) }
    #expect(throws: CalendarError.missingYear(2027)) { try calendar.deadline(.workingDays(1), after: date("2026-12-31")) }
    #expect(throws: CalendarError.missingYear(2027)) { try calendar.deadline(.days(60), after: date("2026-12-01")) }
    #expect(throws: CalendarError.missingYear(2028)) { try calendar.deadline(.workingDays(1), after: date("2028-12-01")) }
    #expect(throws: CalendarError.missingYear(2017)) { try calendar.deadline(.workingDays(5), before: date("2018-01-03")) }
    #expect(throws: CalendarError.missingYear(2018)) { try WorkingCalendar([]).isWorking(date("2018-01-03")) }
    #expect(try calendar.deadline(.days(60), after: date("2026-12-01"), rolls: false).lastDay == date("2027-01-30"))
    #expect(try calendar.deadline(.workingDays(1), after: date("2017-12-31")).lastDay == date("2018-01-02"))
    #expect(CalendarError.missingYear(2027).text.en.contains("2027") && CalendarError.missingYear(2027).text.zh.contains("2027"))
  }

  @Test("years leave no gap and come once")
  func years() throws {
    let year = { CalendarYear(year: $0, source: Text(zh: "试", en: "test"), holidays: []) }
    #expect(throws: CalendarError.missingYear(2020)) { try WorkingCalendar([year(2021), year(2019)]) }
    #expect(throws: CalendarError.duplicateYear(2019)) { try WorkingCalendar([year(2019), year(2019)]) }
    #expect(try WorkingCalendar([year(2020), year(2019)]).years == 2019...2020)
  }

  @Test("a calendar file with impossible days is refused at their places")
  func badFile() {
    let json: JSON = [
      "year": 2025, "source": ["zh": "试", "en": "test"],
      "holidays": [
        ["name": ["zh": "元旦", "en": "New Year"], "daysOff": ["2025-01-01", "2024-12-31"]],
        ["name": ["zh": "春节", "en": "Spring"], "daysOff": ["2025-01-29", "2025-01-01"], "makeUpDays": ["2025-01-27"]],
      ],
    ]
    guard case .failure(let faults) = CalendarYear.shape.decode(json) else {
      Issue.record("must be refused")
      return
    }
    #expect(
      faults.list.map { "\($0.code) \($0.pointer)" } == [
        "out-of-range /holidays/0/daysOff/1", "duplicate /holidays/1/daysOff/1", "not-a-weekend /holidays/1/makeUpDays/0",
      ])
  }
}

@Suite("Deadlines")
struct DeadlineTests {
  let calendar: WorkingCalendar

  init() throws { calendar = try Repository.calendar() }

  @Test(
    "working days are the State Council's, make-up days included",
    arguments: [
      (10, "2022-07-25", "2022-08-08"), (10, "2023-01-10", "2023-01-29"), (10, "2022-12-31", "2023-01-16"),
      (20, "2025-12-07", "2026-01-05"),
      (20, "2026-04-07", "2026-05-08"), (5, "2024-09-27", "2024-10-10"), (10, "2020-10-15", "2020-10-29"), (10, "2020-10-20", "2020-11-03"),
    ] as [(UInt32, String, String)])
  func workingDays(_ count: UInt32, _ start: String, _ end: String) throws {
    let deadline = try calendar.deadline(.workingDays(count), after: date(start))
    #expect(deadline.lastDay == (try date(end)))
    #expect(deadline.outside == (try Instant(date(end).adding(days: 1))))
  }

  @Test("two weeks after 2022-12-30 end on 2023-01-13 at 24:00, after 2023-01-19 on the make-up side of the holiday")
  func acceptance() throws {
    let first = try calendar.deadline(.days(14), after: date("2022-12-30"))
    #expect(first.lastDay == (try date("2023-01-13")))
    #expect(first.due.description == "2023-01-14T00:00:00+08:00")
    let second = try calendar.deadline(.days(14), after: date("2023-01-19"))
    #expect(second.lastDay == (try date("2023-02-02")))
  }

  @Test("the last moment of the last day is in time, the next is not")
  func expiry() throws {
    let deadline = try calendar.deadline(.days(5), after: try #require(Instant("2026-04-07T23:59:59+08:00")))
    // 2026-04-12 is a Sunday.
    #expect(deadline.lastDay == (try date("2026-04-13")))
    #expect(deadline.includes(try #require(Instant("2026-04-13T23:59:59.999999+08:00"))))
    #expect(!deadline.includes(try #require(Instant("2026-04-14T00:00:00+08:00"))))
    #expect(deadline.daysLate(try date("2026-04-13")) == 0)
    #expect(deadline.daysLate(try date("2026-04-20")) == 7)
  }

  @Test("minutes and hours run from the moment, the limit included, and know no weekend")
  func moments() throws {
    let start = try #require(Instant("2026-04-10T23:45:00+08:00"))
    let deadline = try calendar.deadline(.minutes(30), after: start)
    #expect(deadline.due.description == "2026-04-11T00:15:00+08:00")
    #expect(deadline.includes(deadline.due))
    #expect(!deadline.includes(deadline.outside))
    #expect(deadline.lastDay == (try date("2026-04-11")))
    #expect(try calendar.deadline(.hours(24), after: start).due.description == "2026-04-11T23:45:00+08:00")
    #expect(try calendar.deadline(.hours(2), before: start).due.description == "2026-04-10T21:45:00+08:00")
    #expect(try calendar.deadline(.hours(2), after: date("2026-04-10")).due.description == "2026-04-10T02:00:00+08:00")
    #expect(try WorkingCalendar([]).deadline(.hours(1), after: start).due.description == "2026-04-11T00:45:00+08:00")
  }

  @Test(
    "months and years end on the corresponding day, or the month's last, and roll",
    arguments: [
      (Span.months(1), "2024-01-31", true, "2024-02-29", true, nil), (.months(1), "2023-01-28", true, "2023-02-28", false, nil),
      (.years(1), "2024-02-29", true, "2025-02-28", true, nil), (.months(4), "2025-08-08", true, "2025-12-08", false, nil),
      (.months(1), "2026-08-31", true, "2026-09-30", true, nil), (.months(1), "2026-09-01", true, "2026-10-08", false, "2026-10-01"),
      (.months(1), "2026-09-01", false, "2026-10-01", false, nil),
    ] as [(Span, String, Bool, String, Bool, String?)])
  func corresponding(_ span: Span, _ start: String, _ rolls: Bool, _ end: String, _ isMonthEnd: Bool, _ rolledFrom: String?) throws {
    let deadline = try calendar.deadline(span, after: date(start), rolls: rolls)
    #expect(deadline.lastDay.description == end)
    #expect(deadline.explanation.isMonthEnd == isMonthEnd)
    #expect(deadline.explanation.rolledFrom?.description == rolledFrom)
  }

  @Test("a notice N days before a day is good until that day less N, weekend or not")
  func notice() throws {
    #expect(try calendar.deadline(.days(60), before: date("2022-12-31")).lastDay == date("2022-11-01"))
    #expect(try calendar.deadline(.days(60), before: date("2024-12-25")).lastDay == date("2024-10-26"))
    #expect(try calendar.deadline(.workingDays(5), before: date("2024-10-15")).lastDay == date("2024-10-09"))
    #expect(try calendar.deadline(.months(1), before: date("2024-03-31")).lastDay == date("2024-02-29"))
  }

  @Test("a named day stays, unless the rule lets it roll")
  func named() throws {
    #expect(try calendar.deadline(by: date("2020-10-31")).lastDay == date("2020-10-31"))
    let rolled = try calendar.deadline(by: date("2020-10-31"), rolls: true)
    #expect(rolled.lastDay == (try date("2020-11-02")))
    #expect(rolled.explanation.rolledFrom == (try date("2020-10-31")))
    #expect(try WorkingCalendar([]).deadline(by: date("2030-10-31")).lastDay == date("2030-10-31"))
  }

  @Test("what does not fit is an error and never traps")
  func outOfRange() throws {
    for unit in Span.Unit.allCases where unit != .workingDays {
      #expect(throws: CalendarError.outOfRange) { try calendar.deadline(Span(.max, unit), after: Instant(.last)) }
      #expect(throws: CalendarError.outOfRange) { try calendar.deadline(Span(.max, unit), before: Instant(.first)) }
    }
    #expect(throws: CalendarError.missingYear(2027)) { try calendar.deadline(.workingDays(.max), after: date("2026-01-01")) }
    #expect(throws: CalendarError.missingYear(2017)) { try calendar.deadline(.workingDays(.max), before: date("2026-01-01")) }
    #expect(throws: CalendarError.outOfRange) { try calendar.deadline(by: .last) }
  }

  @Test("an explanation names the start, what did not count and why, in both languages")
  func explanation() throws {
    let payment = try calendar.deadline(.workingDays(20), after: date("2026-04-07")).explanation
    let labour = Text(zh: "劳动节", en: "Labour Day")
    #expect(
      payment.notCounted == [
        DaysOff(first: try date("2026-04-11"), last: try date("2026-04-12"), holiday: nil),
        DaysOff(first: try date("2026-04-18"), last: try date("2026-04-19"), holiday: nil),
        DaysOff(first: try date("2026-04-25"), last: try date("2026-04-26"), holiday: nil),
        DaysOff(first: try date("2026-05-01"), last: try date("2026-05-05"), holiday: labour),
      ])
    #expect(
      payment.text
        == Text(
          zh: "自 2026-04-07 起 20 个工作日，当日不计入（《民法典》第二百零一条）。其间周末 6 天、劳动节 2026-05-01 至 2026-05-05不计入。截止 2026-05-08 24:00。",
          en: "20 working days from 2026-04-07, that day not counted (Civil Code art. 201). Not counted: 6 weekend days, "
            + "Labour Day 2026-05-01 to 2026-05-05. It ends on 2026-05-08 at 24:00."))
    let spring = try calendar.deadline(.workingDays(10), after: date("2023-01-10")).explanation
    #expect(spring.madeUp == [try date("2023-01-28"), try date("2023-01-29")])
    #expect(spring.text.zh.contains("调休上班的 2023-01-28、2023-01-29 计入。"))
    let rolled = try calendar.deadline(.months(1), after: date("2026-09-01")).explanation
    #expect(rolled.text.en.contains("The last day, 2026-10-01, is no working day (National Day 2026-10-01 to 2026-10-07)"))
    let clock = try calendar.deadline(.minutes(30), after: try #require(Instant("2026-04-10T23:45:00+08:00"))).explanation
    #expect(
      clock.text
        == Text(zh: "自 2026-04-10 23:45 起 30 分钟。截止 2026-04-11 00:15。", en: "30 minutes from 2026-04-10 23:45. It ends at 2026-04-11 00:15.")
    )
    let february = try calendar.deadline(.months(1), after: date("2024-01-31")).explanation
    #expect(february.text.en.contains("art. 202"))
  }

  @Test("an explanation is written as data")
  func data() throws {
    var writer = JSONWriter()
    try calendar.deadline(.months(1), after: date("2026-09-01")).explanation.write(to: &writer, in: .en)
    var json = try #require(try JSON.parse(writer.bytes).object)
    #expect(json["text"]?.string?.isEmpty == false)
    json["text"] = nil
    #expect(
      json == [
        "basis": "after", "from": "2026-09-01", "span": ["months": 1], "rolledFrom": "2026-10-01",
        "rolledOver": [["from": "2026-10-01", "to": "2026-10-07", "reason": "National Day"]], "lastDay": "2026-10-08",
      ])
  }

  @Test("a span is one member named by its unit")
  func span() {
    for unit in Span.Unit.allCases {
      let span = Span(7, unit)
      #expect(Span.shape.decode(span.json) == .success(span))
    }
    for json: JSON in [[:], ["days": 0], ["days": 1, "hours": 2], ["weeks": 1], ["days": "1"], 5] {
      #expect((try? Span.shape.decode(json).get()) == nil)
    }
    #expect(Span.days(1).text == Text(zh: "1 日", en: "1 day"))
  }
}
