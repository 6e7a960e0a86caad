// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Base

func date(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> CivilDate {
  try #require(CivilDate(text), sourceLocation: sourceLocation)
}

@Suite("Dates and moments")
struct TimeTests {
  @Test("every day follows the one before, over a whole cycle of leap years and at both ends", arguments: [1, 1780, 9900])
  func everyDay(_ start: Int) throws {
    var expected = (year: start, month: 1, day: 1)
    let first = try #require(CivilDate(year: start, month: 1, day: 1))
    let last = CivilDate(year: start + 420, month: 1, day: 1) ?? .last
    // 0001-01-01 was a Monday.
    var weekday = first.days(since: .first) % 7 + 1
    for day in Int(first.day)...Int(last.day) {
      let date = try #require(CivilDate(day: day))
      let components = date.components
      guard components == expected, date.weekday.rawValue == weekday,
        CivilDate(year: components.year, month: components.month, day: components.day) == date
      else {
        Issue.record("\(date) should be \(expected)")
        return
      }
      weekday = weekday % 7 + 1
      expected.day += 1
      if expected.day > CivilDate.days(inMonth: expected.month, of: expected.year) {
        expected = (expected.month == 12 ? expected.year + 1 : expected.year, expected.month % 12 + 1, 1)
      }
    }
    #expect(CivilDate(day: Int(CivilDate.last.day) + 1) == nil)
  }

  @Test("a date's text is YYYY-MM-DD and nothing else")
  func dateText() throws {
    #expect(try date("2024-02-29").description == "2024-02-29")
    #expect(CivilDate("0001-01-01") == .first && CivilDate.last.description == "9999-12-31")
    #expect(try date("2026-11-21").weekday == .saturday)
    #expect(try date("2000-01-01").postgres == 0)
    #expect(CivilDate(postgres: -1) == CivilDate("1999-12-31"))
    #expect(CivilDate(postgres: .max) == nil && CivilDate(postgres: .min) == nil)
    for text in [
      "", "2023-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "2024-1-1", "24-01-01", "2024/01/01", "0000-01-01", "2024-01-01 ",
      "２０２４-01-01",
    ] {
      #expect(CivilDate(text) == nil)
    }
  }

  @Test(
    "months later is the corresponding day, or the month's last (Civil Code art. 202)",
    arguments: [
      ("2024-01-31", 1, "2024-02-29"), ("2023-01-31", 1, "2023-02-28"), ("2024-02-29", 12, "2025-02-28"), ("2024-02-29", 48, "2028-02-29"),
      ("2025-08-08", 4, "2025-12-08"), ("2024-12-31", 2, "2025-02-28"), ("2024-03-31", -1, "2024-02-29"), ("2024-01-15", -12, "2023-01-15"),
    ])
  func months(_ start: String, _ months: Int, _ end: String) throws {
    #expect(try date(start).adding(months: months) == date(end))
  }

  @Test("a date beyond the range is an error")
  func outOfRange() throws {
    #expect(throws: DateError.outOfRange) { try CivilDate.last.adding(days: 1) }
    #expect(throws: DateError.outOfRange) { try CivilDate.first.adding(days: -1) }
    #expect(throws: DateError.outOfRange) { try CivilDate.first.adding(days: .max) }
    #expect(throws: DateError.outOfRange) { try CivilDate.first.adding(months: -1) }
    #expect(throws: DateError.outOfRange) { try CivilDate.last.adding(months: .max) }
    #expect(throws: DateError.outOfRange) { try CivilDate.last.adding(months: 1) }
    #expect(throws: DateError.outOfRange) { try Instant(.last).adding(microseconds: Instant.day) }
    #expect(throws: DateError.outOfRange) { try Instant(.last).adding(minutes: .max) }
    #expect(Instant(postgres: .max) == nil && Instant(postgres: .min) == nil)
  }

  @Test(
    "a moment is read with any offset and printed in Shanghai's",
    arguments: [
      ("2026-04-07T09:30:00+08:00", "2026-04-07T09:30:00+08:00"), ("2026-04-06T16:00:00Z", "2026-04-07T00:00:00+08:00"),
      ("2026-04-06t15:59:59.999999z", "2026-04-06T23:59:59.999999+08:00"),
      ("2026-04-06T16:00:00.5-00:30", "2026-04-07T00:30:00.500000+08:00"),
      ("1969-12-31T23:59:59Z", "1970-01-01T07:59:59+08:00"), ("0001-01-01T00:00:00+08:00", "0001-01-01T00:00:00+08:00"),
    ])
  func momentText(_ text: String, _ printed: String) throws {
    let instant = try #require(Instant(text))
    #expect(instant.description == printed)
    #expect(Instant(printed) == instant)
    #expect(Instant(postgres: instant.postgres) == instant)
    #expect(Instant(instant.date, instant.time) == instant)
  }

  @Test(
    "what is no moment is refused",
    arguments: [
      "", "2026-04-07", "2026-04-07T09:30:00", "2026-04-07 09:30:00Z", "2026-04-07T24:00:00Z", "2026-04-07T09:60:00Z",
      "2026-12-31T23:59:60Z",
      "2026-04-07T09:30:00.Z", "2026-04-07T09:30:00.1234567Z", "2026-04-07T09:30:00+8:00", "2026-04-07T09:30:00+24:00",
      "2026-04-07T09:30:00Zz",
      "2026-02-30T09:30:00Z", "0001-01-01T00:00:00Z0", "9999-12-31T23:59:59-12:00",
    ])
  func noMoment(_ text: String) {
    #expect(Instant(text) == nil)
  }

  @Test("a time of day is HH:MM with seconds where it has some")
  func timeText() {
    #expect(CivilTime("09:30")?.description == "09:30")
    #expect(CivilTime("23:59:59")?.description == "23:59:59")
    for text in ["24:00", "9:30", "09:60", "09:30:60", "09", "09:30:00:00", "-1:00"] { #expect(CivilTime(text) == nil) }
  }

  @Test("a range of days has both its ends")
  func range() throws {
    let term = try #require(DateRange(date("2024-03-15"), through: date("2025-02-28")))
    #expect(term.days == 351)
    let (lastDay, dayAfter) = (try date("2025-02-28"), try date("2025-03-01"))
    #expect(term.contains(lastDay) && !term.contains(dayAfter))
    #expect(term.contains(try #require(Instant("2025-02-28T23:59:59+08:00"))))
    #expect(!term.contains(try #require(Instant("2025-03-01T00:00:00+08:00"))))
    let other = try #require(DateRange(date("2025-02-28"), through: date("2026-01-01")))
    #expect(term.overlaps(other))
    #expect(term.intersection(other)?.days == 1)
    #expect(DateRange(try date("2025-01-02"), through: try date("2025-01-01")) == nil)
  }
}

@Suite("Identities")
struct IdentityTests {
  @Test("a UUIDv7 carries its time, version and variant (RFC 9562, example A.6)")
  func example() throws {
    let uuid = try #require(UUIDv7("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"))
    #expect(uuid.description == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    #expect(uuid.instant == Instant("2022-02-22T14:22:22-05:00"))
    #expect(uuid.bytes.withUnsafeBytes { UUIDv7(bytes: $0) } == uuid)
    for text in [
      "017f22e2-79b0-4cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-58c4-dc0c0c07398f", "017f22e279b07cc398c4dc0c0c07398f", "",
      "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
    ] {
      #expect(UUIDv7(text) == nil)
    }
  }

  @Test("identities grow even when the clock stands or runs back")
  func monotonic() throws {
    var generator = UUIDv7Generator()
    var random = SeededGenerator(seed: 7)
    let now = try #require(Instant("2026-11-21T10:00:00+08:00"))
    var last = generator.next(at: now, using: &random)
    for step in [0, 0, -5_000_000, 1, 0, 1000] as [Int64] {
      let next = generator.next(at: try now.adding(microseconds: step), using: &random)
      #expect(last < next)
      #expect(UUIDv7(high: next.high, low: next.low) == next)
      last = next
    }
  }

  @Test("a tenant's number is positive")
  func tenant() {
    #expect(TenantID(0) == nil && TenantID(-1) == nil && TenantID(7)?.description == "7")
  }
}
