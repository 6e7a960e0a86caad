// SPDX-License-Identifier: Apache-2.0

/// Why a date or time has no answer.
package enum DateError: Error, Sendable, Hashable {
  /// The result lies before year 1 or after year 9999.
  case outOfRange
}

package enum Weekday: Int, Sendable, Hashable, CaseIterable {
  case monday = 1, tuesday, wednesday, thursday, friday, saturday, sunday

  package var isWeekend: Bool { self == .saturday || self == .sunday }

  package var name: Text {
    switch self {
    case .monday: Text(zh: "星期一", en: "Monday")
    case .tuesday: Text(zh: "星期二", en: "Tuesday")
    case .wednesday: Text(zh: "星期三", en: "Wednesday")
    case .thursday: Text(zh: "星期四", en: "Thursday")
    case .friday: Text(zh: "星期五", en: "Friday")
    case .saturday: Text(zh: "星期六", en: "Saturday")
    case .sunday: Text(zh: "星期日", en: "Sunday")
    }
  }
}

/// A day of the proleptic Gregorian calendar, from 0001-01-01 to 9999-12-31.
package struct CivilDate: Sendable, Hashable {
  /// Days since 1970-01-01.
  package let day: Int32

  package static let first = CivilDate(uncheckedDay: -719_162)
  package static let last = CivilDate(uncheckedDay: 2_932_896)

  /// Days from 1970-01-01 to 2000-01-01, where PostgreSQL counts from.
  private static let postgresEpoch: Int32 = 10_957

  private init(uncheckedDay day: Int32) { self.day = day }

  /// - Parameter day: days since 1970-01-01; `nil` beyond the years 1 to 9999.
  package init?(day: Int) {
    guard Int(Self.first.day)...Int(Self.last.day) ~= day else { return nil }
    self.init(uncheckedDay: Int32(day))
  }

  /// - Parameter days: days since 2000-01-01, as PostgreSQL's binary `date`; `nil` for its infinities and what is out of range.
  package init?(postgres days: Int32) { self.init(day: Int(days) + Int(Self.postgresEpoch)) }

  /// Days since 2000-01-01, as PostgreSQL's binary `date`.
  package var postgres: Int32 { day - Self.postgresEpoch }

  /// `nil` when there is no such day.
  package init?(year: Int, month: Int, day: Int) {
    guard 1...9999 ~= year, 1...12 ~= month, 1...Self.days(inMonth: month, of: year) ~= day else { return nil }
    // Years are counted from March, so that the leap day is the last of its year (Hinnant, "chrono-compatible date algorithms").
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    self.init(uncheckedDay: Int32(era * 146_097 + dayOfEra - 719_468))
  }

  /// Year, month and day of the month.
  package var components: (year: Int, month: Int, day: Int) {
    let shifted = Int(day) + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }

  package var year: Int { components.year }

  package var weekday: Weekday {
    // 1970-01-01 was a Thursday.
    Weekday(rawValue: (Int(day) + 719_162) % 7 + 1) ?? .monday
  }

  package static func isLeap(_ year: Int) -> Bool { year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) }

  package static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension CivilDate {
  /// The date so many days later, or earlier where negative.
  package func adding(days: Int) throws(DateError) -> CivilDate {
    let (sum, overflow) = Int(day).addingReportingOverflow(days)
    guard !overflow, let date = CivilDate(day: sum) else { throw .outOfRange }
    return date
  }

  /// The corresponding day so many months later, or earlier where negative; without one, the month's last day (Civil Code art. 202).
  package func adding(months: Int) throws(DateError) -> CivilDate {
    let (year, month, day) = components
    let (sum, overflow) = (year * 12 + month - 1).addingReportingOverflow(months)
    guard !overflow, sum >= 12 else { throw .outOfRange }
    let (target, rest) = sum.quotientAndRemainder(dividingBy: 12)
    let length = Self.days(inMonth: rest + 1, of: target)
    guard let date = CivilDate(year: target, month: rest + 1, day: min(day, length)) else { throw .outOfRange }
    return date
  }

  /// Days from another date to this one; negative when this is earlier.
  package func days(since other: CivilDate) -> Int { Int(day) - Int(other.day) }
}

extension CivilDate: Comparable {
  package static func < (a: CivilDate, b: CivilDate) -> Bool { a.day < b.day }
}

extension CivilDate: CustomStringConvertible {
  /// Reads `YYYY-MM-DD`; `nil` for anything else and for days that do not exist.
  package init?(_ text: some StringProtocol) {
    var text = String(text)
    guard let date = text.withUTF8({ CivilDate(utf8: UnsafeRawBufferPointer($0)) }) else { return nil }
    self = date
  }

  init?(utf8: UnsafeRawBufferPointer) {
    guard utf8.count == 10, utf8[4] == UInt8(ascii: "-"), utf8[7] == UInt8(ascii: "-"), let year = number(utf8, 0..<4),
      let month = number(utf8, 5..<7), let day = number(utf8, 8..<10)
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// The date as `YYYY-MM-DD`.
  package var description: String {
    String(unsafeUninitializedCapacity: Self.textCount) { buffer in
      guard let place = buffer.baseAddress else { return 0 }
      write(at: place)
      return Self.textCount
    }
  }

  /// Bytes of its text.
  static let textCount = 10

  /// Writes its text, `textCount` bytes.
  func write(at place: UnsafeMutablePointer<UInt8>) {
    let (year, month, day) = components
    writeDigits(UInt64(year), count: 4, at: place)
    place[4] = UInt8(ascii: "-")
    writeDigits(UInt64(month), count: 2, at: place.advanced(by: 5))
    place[7] = UInt8(ascii: "-")
    writeDigits(UInt64(day), count: 2, at: place.advanced(by: 8))
  }
}

extension JSONWriter {
  /// Writes `"YYYY-MM-DD"`.
  package mutating func date(_ date: CivilDate) { putQuoted(CivilDate.textCount) { date.write(at: $0) } }
}

/// Reads decimal digits; `nil` where one of the bytes is none.
func number(_ utf8: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
  var value = 0
  for place in range {
    let digit = utf8[place] &- UInt8(ascii: "0")
    guard digit < 10 else { return nil }
    value = value * 10 + Int(digit)
  }
  return value
}
