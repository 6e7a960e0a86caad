// SPDX-License-Identifier: Apache-2.0

/// What the State Council arranged for one calendar year: the days off and the weekend days worked in exchange (调休).
///
/// It covers every day dated in the year, so a New Year's holiday that begins in December is split between two years; a
/// year's file may therefore be amended when the next year's notice comes out, usually in November.
package struct CalendarYear: Sendable, Hashable {
  package struct Holiday: Sendable, Hashable {
    package let name: Text
    /// Days off, weekend days among them included.
    package let daysOff: [CivilDate]
    /// Saturdays and Sundays that are working days (调休上班).
    package let makeUpDays: [CivilDate]

    package init(name: Text, daysOff: [CivilDate], makeUpDays: [CivilDate]) {
      self.name = name
      self.daysOff = daysOff
      self.makeUpDays = makeUpDays
    }
  }

  package let year: Int
  /// Where the data comes from.
  package let source: Text
  package let holidays: [Holiday]

  package init(year: Int, source: Text, holidays: [Holiday]) {
    self.year = year
    self.source = source
    self.holidays = holidays
  }
}

extension CalendarYear {
  /// The form of `deploy/calendars/<year>.json`.
  package static let shape: Shape<CalendarYear> = .object(
    "calendarYear", about: Text(zh: "一年的节假日安排。", en: "The holidays of one year."),
    Field("year", .integer(1900...9999).described(zh: "公历年份。", en: "The calendar year.")),
    Field("source", Text.shape.described(zh: "数据来源。", en: "Where the data comes from.")),
    Field("holidays", .array(of: holiday, max: 50))
  ) { CalendarYear(year: $0, source: $1, holidays: $2) }.refine(faults)

  private static let holiday: Shape<Holiday> = .object(
    Field("name", Text.shape),
    Field("daysOff", .array(of: .date, min: 1, max: 60).described(zh: "放假的日期，含周末。", en: "Days off, weekend days included.")),
    Field("makeUpDays", .array(of: .date, max: 30).described(zh: "调休上班的周末。", en: "Weekend days that are working days."), default: [])
  ) { Holiday(name: $0, daysOff: $1, makeUpDays: $2) }

  /// What the schema cannot say: every day lies in the year, none is named twice, make-up days are weekend days.
  private static func faults(_ year: CalendarYear) -> [Fault] {
    var seen: Set<CivilDate> = []
    var faults: [Fault] = []
    for (place, holiday) in year.holidays.enumerated() {
      let days = [("daysOff", holiday.daysOff), ("makeUpDays", holiday.makeUpDays)]
      for (member, dates) in days {
        for (index, date) in dates.enumerated() {
          let pointer = "/holidays/\(place)/\(member)/\(index)"
          if date.year != year.year {
            faults.append(
              Fault(
                pointer: pointer, code: "out-of-range",
                detail: Text(zh: "\(date) 不在 \(year.year) 年内。", en: "\(date) does not lie in \(year.year).")))
          } else if !seen.insert(date).inserted {
            faults.append(
              Fault(pointer: pointer, code: "duplicate", detail: Text(zh: "\(date) 重复出现。", en: "\(date) stands here a second time.")))
          } else if member == "makeUpDays", !date.weekday.isWeekend {
            faults.append(
              Fault(
                pointer: pointer, code: "not-a-weekend",
                detail: Text(zh: "调休上班日 \(date) 不是周末。", en: "The make-up working day \(date) is not a weekend day.")))
          }
        }
      }
    }
    return faults
  }
}

extension CalendarYear {
  /// Writes what `shape` reads.
  package func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("year")
    writer.integer(year)
    writer.key("source")
    Self.write(source, to: &writer)
    writer.key("holidays")
    writer.beginArray()
    for holiday in holidays {
      writer.beginObject()
      writer.key("name")
      Self.write(holiday.name, to: &writer)
      writer.key("daysOff")
      Self.write(holiday.daysOff, to: &writer)
      writer.key("makeUpDays")
      Self.write(holiday.makeUpDays, to: &writer)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }

  private static func write(_ text: Text, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("zh")
    writer.string(text.zh)
    writer.key("en")
    writer.string(text.en)
    writer.endObject()
  }

  private static func write(_ days: [CivilDate], to writer: inout JSONWriter) {
    writer.beginArray()
    for day in days { writer.date(day) }
    writer.endArray()
  }
}
