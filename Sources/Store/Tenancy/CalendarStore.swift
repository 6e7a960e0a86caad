// SPDX-License-Identifier: Apache-2.0
import Base
import Postgres

/// The working calendar's years as they are loaded; the same for every tenant.
package enum CalendarStore {
  /// What is loaded of a year.
  package struct Loaded: Sendable, Equatable {
    package let year: Int32
    package let source: Text
    /// SHA-256 of the loaded file in its canonical form.
    package let checksum: [UInt8]
    package let at: Instant
  }

  /// A day that is not what its weekday says.
  package struct Day: Sendable, Equatable {
    package let year: Int32
    package let date: CivilDate
    package let isOff: Bool
    package let holiday: Text
  }

  package static func years() -> Query<Loaded> {
    Query("SELECT year, source_zh, source_en, sha256, loaded_at FROM calendar_year ORDER BY year") { row throws(DecodingFailure) in
      Loaded(
        year: try row.int32(0), source: Text(zh: try row.text(1), en: try row.text(2)), checksum: try row.bytea(3),
        at: try row.instant(4))
    }
  }

  package static func days() -> Query<Day> {
    Query("SELECT year, day, kind = 'dayOff', name_zh, name_en FROM calendar_day ORDER BY day") { row throws(DecodingFailure) in
      Day(
        year: try row.int32(0), date: try row.civilDate(1), isOff: try row.bool(2), holiday: Text(zh: try row.text(3), en: try row.text(4)))
    }
  }

  /// Puts years and days together again, to make a `WorkingCalendar` of.
  package static func assemble(_ years: [Loaded], _ days: [Day]) -> [CalendarYear] {
    let byYear = Dictionary(grouping: days, by: \.year)
    return years.map { loaded in
      let days = byYear[loaded.year] ?? []
      var names: [Text] = []
      for day in days where !names.contains(day.holiday) { names.append(day.holiday) }
      let holidays = names.map { name in
        CalendarYear.Holiday(
          name: name, daysOff: days.filter { $0.holiday == name && $0.isOff }.map(\.date),
          makeUpDays: days.filter { $0.holiday == name && !$0.isOff }.map(\.date))
      }
      return CalendarYear(year: Int(loaded.year), source: loaded.source, holidays: holidays)
    }
  }

  /// Loads a year in the place of what was loaded of it before; the statements belong into one transaction.
  package static func put(_ year: CalendarYear, checksum: [UInt8], at now: Instant) -> [Statement] {
    let days = year.holidays.flatMap { holiday in
      holiday.daysOff.map { ($0, "dayOff", holiday.name) } + holiday.makeUpDays.map { ($0, "makeUp", holiday.name) }
    }
    return [
      Statement(
        """
        INSERT INTO calendar_year (year, source_zh, source_en, sha256, loaded_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (year) DO UPDATE SET source_zh = excluded.source_zh, source_en = excluded.source_en, sha256 = excluded.sha256, \
        loaded_at = excluded.loaded_at
        """, [.int4(Int32(year.year)), .text(year.source.zh), .text(year.source.en), .bytea(checksum), .instant(now)]),
      Statement("DELETE FROM calendar_day WHERE year = $1", [.int4(Int32(year.year))]),
      Statement(
        """
        INSERT INTO calendar_day (year, day, kind, name_zh, name_en) \
        SELECT $1, * FROM unnest($2::date[], $3::text[], $4::text[], $5::text[])
        """,
        [
          .int4(Int32(year.year)), .dateArray(days.map { $0.0.day }), .textArray(days.map(\.1)), .textArray(days.map(\.2.zh)),
          .textArray(days.map(\.2.en)),
        ]),
    ]
  }
}
