// SPDX-License-Identifier: Apache-2.0
import Base
import HTTP

extension HTTP.Query {
  /// A day.
  ///
  /// - Throws: 422 for what is none.
  func day(_ name: String) throws -> CivilDate? {
    guard let text = self[name] else { return nil }
    guard let day = CivilDate(text) else {
      throw Problem.badQuery(name, Text(zh: "\(name) 须为日期，如 2026-03-05。", en: "\(name) must be a day, such as 2026-03-05."))
    }
    return day
  }

  /// The days `from` … `to`: from the first of today's month on unless told, until today unless told.
  ///
  /// - Throws: 422 for what are no days, or end before they begin.
  func period(today: CivilDate) throws -> DateRange {
    let last = try day("to") ?? today
    let first = try day("from") ?? CivilDate(day: Int(last.day) - last.components.day + 1) ?? last
    guard let days = DateRange(first, through: last) else {
      throw Problem.badQuery("to", Text(zh: "不得早于 from。", en: "This must not be before from."))
    }
    return days
  }
}

extension DateRange {
  /// 00:00 of the first day, and of the day after the last.
  var instants: (begin: Instant, end: Instant) {
    (Instant(first), Instant(last == .last ? last : CivilDate(day: Int(last.day) + 1) ?? last))
  }
}
