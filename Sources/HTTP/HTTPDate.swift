// SPDX-License-Identifier: Apache-2.0

/// The fixed-length date of RFC 9110 §5.6.7 (`Sun, 06 Nov 1994 08:49:37 GMT`), made again only when the second changes.
package struct HTTPDate: Sendable {
  private var second: Int64
  private(set) var octets: [UInt8]

  /// The date at a second.
  ///
  /// - Parameter second: seconds since 1970 UTC.
  package init(second: Int64) {
    self.second = second
    octets = Self.format(second)
  }

  /// Moves to another second.
  ///
  /// - Parameter second: seconds since 1970 UTC; the same one costs a comparison.
  package mutating func move(to second: Int64) {
    guard second != self.second else { return }
    self.second = second
    octets = Self.format(second)
  }

  private static func format(_ second: Int64) -> [UInt8] {
    let (days, secondOfDay) = second.floorDivided(by: 86400)
    let (year, month, day) = civil(days: days)
    let weekday = Int((days + 4).floorDivided(by: 7).remainder)
    var octets: [UInt8] = []
    octets.reserveCapacity(29)
    octets.append(text: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][weekday])
    octets.append(literal: ", ")
    octets.append(twoDigits: day)
    octets.append(.space)
    octets.append(text: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1])
    octets.append(.space)
    octets.append(twoDigits: year / 100)
    octets.append(twoDigits: year % 100)
    octets.append(.space)
    octets.append(twoDigits: Int(secondOfDay / 3600))
    octets.append(.colon)
    octets.append(twoDigits: Int(secondOfDay / 60 % 60))
    octets.append(.colon)
    octets.append(twoDigits: Int(secondOfDay % 60))
    octets.append(literal: " GMT")
    return octets
  }

  /// Year, month and day of the proleptic Gregorian calendar; years are counted from March, so that the leap day comes last.
  private static func civil(days: Int64) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = (days + 719_468).floorDivided(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)), Int(month), Int(dayOfYear - (153 * marchMonth + 2) / 5 + 1))
  }
}

extension Int64 {
  fileprivate func floorDivided(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

extension [UInt8] {
  fileprivate mutating func append(twoDigits number: Int) {
    append(.zero + UInt8(truncatingIfNeeded: number / 10))
    append(.zero + UInt8(truncatingIfNeeded: number % 10))
  }
}
