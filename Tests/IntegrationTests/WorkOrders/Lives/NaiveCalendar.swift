// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Days as numbers, working days and duty hours, read from the files of the repository by hand; times are microseconds since 1970, in Shanghai.
struct NaiveCalendar: Sendable {
  static let second: Int64 = 1_000_000
  static let day = 86_400 * second
  private static let shanghai = 8 * 3600 * second

  private var off: Set<Int64> = []
  private var madeUp: Set<Int64> = []

  init() throws {
    for file in try Command.run(["ls", "\(Cluster.checkout)/deploy/calendars"]).output.split(separator: "\n") {
      for holiday in try JSON.parse(TestDatabase.file("deploy/calendars/\(file)"))["holidays"]?.array ?? [] {
        func days(_ name: String) -> [Int64] { (holiday[name]?.array ?? []).compactMap { $0.string.flatMap(Self.number) } }
        off.formUnion(days("daysOff"))
        madeUp.formUnion(days("makeUpDays"))
      }
    }
  }

  func isWorking(_ day: Int64) -> Bool {
    // 1970-01-01 was a Thursday.
    madeUp.contains(day) || ((day + 3) % 7 < 5 && !off.contains(day))
  }

  /// The day that a moment lies in.
  static func day(of moment: Int64) -> Int64 { (moment + shanghai) / day }
  /// A day's first moment.
  static func start(of number: Int64) -> Int64 { number * day - shanghai }

  // MARK: Months

  private static let lengths: [Int64] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

  private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && year % 100 != 0 || year % 400 == 0 }
  private static func length(_ year: Int64, _ month: Int64) -> Int64 { month == 2 && isLeap(year) ? 29 : lengths[Int(month) - 1] }

  /// The number of a date `YYYY-MM-DD`.
  static func number(_ text: String) -> Int64? {
    let parts = text.split(separator: "-").compactMap { Int64($0) }
    return parts.count == 3 ? number(parts[0], parts[1], parts[2]) : nil
  }

  private static func number(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    var number = day - 1
    for year in 1970..<year { number += isLeap(year) ? 366 : 365 }
    for month in 1..<month { number += length(year, month) }
    return number
  }

  /// The corresponding day so many months later, the month's last where there is none.
  static func adding(months: Int64, to day: Int64) -> Int64 {
    var (year, month, left) = (Int64(1970), Int64(1), day)
    while left >= length(year, month) {
      left -= length(year, month)
      (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
    }
    let target = month - 1 + months
    let (toYear, toMonth) = (year + target / 12, target % 12 + 1)
    return number(toYear, toMonth, min(left + 1, length(toYear, toMonth)))
  }
}
