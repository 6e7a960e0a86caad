// SPDX-License-Identifier: Apache-2.0

/// Writes an iCalendar object (RFC 5545): content lines ended by CR LF, folded so that none is longer than 75 octets.
package struct CalendarWriter: Sendable {
  /// The most octets of a line, its end not counted (RFC 5545 §3.1).
  private static let width = 75

  package private(set) var octets: [UInt8] = []

  package init(capacity: Int = 1024) { octets.reserveCapacity(capacity) }

  /// A component with what `content` writes inside.
  package mutating func component(_ name: StaticString, _ content: (inout CalendarWriter) -> Void) {
    put("BEGIN:\(name)")
    content(&self)
    put("END:\(name)")
  }

  /// A property, with its parameters, whose value is one of the program's words: a version, a duration.
  package mutating func property(_ name: StaticString, _ value: StaticString) { put("\(name):\(value)") }

  /// A property whose value is a text (RFC 5545 §3.3.11).
  package mutating func text(_ name: StaticString, _ value: String) { put("\(name):" + Self.escaped(value)) }

  /// A property whose value is a list of texts.
  package mutating func texts(_ name: StaticString, _ values: [String]) {
    put("\(name):" + values.map(Self.escaped).joined(separator: ","))
  }

  /// A property whose value is a day (§3.3.4): `20260308`.
  package mutating func date(_ name: StaticString, _ date: CivilDate) {
    put("\(name);VALUE=DATE:\(Self.digits(date))")
  }

  /// A property whose value is a moment, told in UTC (§3.3.5): `20260308T013000Z`.
  package mutating func instant(_ name: StaticString, _ instant: Instant) {
    // An instant reads as Shanghai's clock, eight hours ahead.
    let utc = (try? instant.adding(microseconds: -8 * Instant.hour)) ?? instant
    let time = utc.time
    put("\(name):\(Self.digits(utc.date))T\(Self.two(time.hour))\(Self.two(time.minute))\(Self.two(time.second))Z")
  }

  /// A property whose value is a span of time (§3.3.6), from so many days before a day's beginning to its nine o'clock.
  package mutating func nineOClock(_ name: StaticString, daysBefore days: Int) {
    switch days {
    case ...0: put("\(name):PT9H")
    case 1: put("\(name):-PT15H")
    default: put("\(name):-P\(days - 1)DT15H")
    }
  }

  private static func digits(_ date: CivilDate) -> String { "\(date)".filter { $0 != "-" } }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", ";", ",":
        escaped.unicodeScalars.append("\\")
        escaped.unicodeScalars.append(scalar)
      case "\n": escaped += "\\n"
      // No other control characters stand in a text but the tabulator.
      case "\u{0}"..."\u{8}", "\u{B}"..."\u{1F}", "\u{7F}"..."\u{9F}": break
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private mutating func put(_ line: String) {
    var left = Self.width
    for scalar in line.unicodeScalars {
      let piece = UTF8.encode(scalar).map(Array.init) ?? []
      if piece.count > left {
        octets += "\r\n ".utf8
        left = Self.width - 1
      }
      octets += piece
      left -= piece.count
    }
    octets += "\r\n".utf8
  }
}
