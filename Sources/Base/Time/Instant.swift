// SPDX-License-Identifier: Apache-2.0

/// A time of day in Asia/Shanghai, to the microsecond.
package struct CivilTime: Sendable, Hashable {
  /// Microseconds since 00:00; less than a day's.
  package let microseconds: Int64

  package static let midnight = CivilTime(uncheckedMicroseconds: 0)

  private init(uncheckedMicroseconds: Int64) { microseconds = uncheckedMicroseconds }

  package init?(microseconds: Int64) {
    guard 0..<Instant.day ~= microseconds else { return nil }
    self.microseconds = microseconds
  }

  /// `nil` when there is no such time; 24:00 is none.
  package init?(hour: Int, minute: Int, second: Int = 0) {
    guard 0..<24 ~= hour, 0..<60 ~= minute, 0..<60 ~= second else { return nil }
    self.init(uncheckedMicroseconds: Int64(hour * 3600 + minute * 60 + second) * 1_000_000)
  }

  package var hour: Int { Int(microseconds / 3_600_000_000) }
  package var minute: Int { Int(microseconds / 60_000_000 % 60) }
  package var second: Int { Int(microseconds / 1_000_000 % 60) }
}

extension CivilTime: Comparable {
  package static func < (a: CivilTime, b: CivilTime) -> Bool { a.microseconds < b.microseconds }
}

extension CivilTime: CustomStringConvertible {
  /// Reads `HH:MM` or `HH:MM:SS`.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part -> Int? in
      part.utf8.count == 2 && part.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 } ? Int(part) : nil
    }
    guard 2...3 ~= parts.count, numbers.count == parts.count else { return nil }
    self.init(hour: numbers[0], minute: numbers[1], second: numbers.count == 3 ? numbers[2] : 0)
  }

  /// The time as `HH:MM`, with seconds where it has some.
  package var description: String {
    let pair = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
    return "\(pair(hour)):\(pair(minute))" + (microseconds % 60_000_000 == 0 ? "" : ":\(pair(second))")
  }
}

/// A moment, to the microsecond, within the years 1 to 9999 of Asia/Shanghai.
///
/// Shanghai is eight hours ahead of UTC, fixed since 1991; the summer times before are not modelled.
package struct Instant: Sendable, Hashable {
  /// Microseconds since 1970-01-01T00:00:00Z.
  package let microseconds: Int64

  /// Microseconds.
  package static let minute: Int64 = 60_000_000
  package static let hour: Int64 = 60 * minute
  package static let day: Int64 = 24 * hour
  static let shanghaiOffset: Int64 = 8 * hour
  /// From 1970-01-01 to 2000-01-01, where PostgreSQL counts from.
  private static let postgresEpoch: Int64 = 10_957 * day

  private static let least = Int64(CivilDate.first.day) * day - shanghaiOffset
  private static let greatest = (Int64(CivilDate.last.day) + 1) * day - shanghaiOffset - 1

  private init(uncheckedMicroseconds: Int64) { microseconds = uncheckedMicroseconds }

  /// `nil` beyond the years 1 to 9999.
  package init?(microseconds: Int64) {
    guard Self.least...Self.greatest ~= microseconds else { return nil }
    self.microseconds = microseconds
  }

  /// - Parameter microseconds: since 2000-01-01T00:00:00Z, as PostgreSQL's binary `timestamptz`; `nil` for its infinities.
  package init?(postgres microseconds: Int64) {
    let (sum, overflow) = microseconds.addingReportingOverflow(Self.postgresEpoch)
    guard !overflow else { return nil }
    self.init(microseconds: sum)
  }

  /// Microseconds since 2000-01-01T00:00:00Z, as PostgreSQL's binary `timestamptz`.
  package var postgres: Int64 { microseconds - Self.postgresEpoch }

  /// The moment that a clock in Shanghai shows this date and time.
  package init(_ date: CivilDate, _ time: CivilTime = .midnight) {
    self.init(uncheckedMicroseconds: Int64(date.day) * Self.day + time.microseconds - Self.shanghaiOffset)
  }

  /// The date in Shanghai.
  package var date: CivilDate { CivilDate(day: Int(localDay)) ?? .first }

  /// The time of day in Shanghai.
  package var time: CivilTime { CivilTime(microseconds: local - localDay * Self.day) ?? .midnight }

  private var local: Int64 { microseconds + Self.shanghaiOffset }
  private var localDay: Int64 { (local >= 0 ? local : local - (Self.day - 1)) / Self.day }

  package func adding(microseconds: Int64) throws(DateError) -> Instant {
    let (sum, overflow) = self.microseconds.addingReportingOverflow(microseconds)
    guard !overflow, let instant = Instant(microseconds: sum) else { throw .outOfRange }
    return instant
  }

  package func adding(minutes: Int64) throws(DateError) -> Instant {
    let (product, overflow) = minutes.multipliedReportingOverflow(by: Self.minute)
    if overflow { throw .outOfRange }
    return try adding(microseconds: product)
  }

  /// Microseconds from another moment to this one; negative when this is earlier.
  package func microseconds(since other: Instant) -> Int64 { microseconds - other.microseconds }
}

extension Instant: Comparable {
  package static func < (a: Instant, b: Instant) -> Bool { a.microseconds < b.microseconds }
}
