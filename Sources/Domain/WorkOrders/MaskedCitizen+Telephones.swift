// SPDX-License-Identifier: Apache-2.0

extension MaskedCitizen {
  /// A text in which four digits of every mobile number are hidden, however spaces, dashes and the like set its digits apart, and
  /// whether they are typed half or full width.
  ///
  /// - Parameter own: the digits of another number that is hidden, all but its last two where it has not as many digits as a mobile number.
  package static func numbers(in text: String, and own: [UInt8] = []) -> String {
    let octets = Array(text.utf8)
    let places = rows(of: octets).flatMap { hidden(in: $0, own) }
    guard !places.isEmpty else { return text }
    var masked: [UInt8] = []
    masked.reserveCapacity(octets.count)
    var copied = 0
    for digit in places {
      masked += octets[copied..<digit.place]
      masked.append(UInt8(ascii: "*"))
      copied = digit.place + digit.length
    }
    return String(decoding: masked + octets[copied...], as: UTF8.self)
  }

  /// A digit in a text, half or full width.
  private struct Digit {
    /// Where its first octet stands.
    let place: Int
    /// Its octets: one, or the three of a full-width one.
    let length: Int
    /// The half-width form.
    let octet: UInt8
  }

  private static func digit(at place: Int, of octets: [UInt8]) -> Digit? {
    let octet = octets[place]
    if octet &- UInt8(ascii: "0") < 10 { return Digit(place: place, length: 1, octet: octet) }
    // U+FF10…U+FF19.
    guard octet == 0xEF, place + 2 < octets.count, octets[place + 1] == 0xBC, octets[place + 2] &- 0x90 < 10 else { return nil }
    return Digit(place: place, length: 3, octet: octets[place + 2] &- 0x90 + UInt8(ascii: "0"))
  }

  /// The digits: in groups with nothing between, in rows of groups with only what sets a telephone's digits apart between.
  private static func rows(of octets: [UInt8]) -> [[[Digit]]] {
    var rows: [[[Digit]]] = []
    var place = 0
    // Where the last group ended.
    var end = 0
    while place < octets.count {
      guard let first = digit(at: place, of: octets) else {
        place += 1
        continue
      }
      var group = [first]
      let start = place
      place += first.length
      while place < octets.count, let next = digit(at: place, of: octets) {
        group.append(next)
        place += next.length
      }
      if !rows.isEmpty, isGap(octets[end..<start]) { rows[rows.count - 1].append(group) } else { rows.append([group]) }
      end = place
    }
    return rows
  }

  /// Spaces, dashes, dots and brackets as they are typed in the West and in China, and what is pasted with them and has no width.
  private static let gaps: Set<Unicode.Scalar> = [
    " ", "-", ".", "(", ")", "\u{A0}", "\u{B7}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}",
    "\u{2014}", "\u{2060}", "\u{2212}", "\u{3000}", "\u{FEFF}", "\u{FF08}", "\u{FF09}", "\u{FF0D}", "\u{FF0E}",
  ]

  private static func isGap(_ octets: ArraySlice<UInt8>) -> Bool {
    // Three of them, of three octets each: ` - ` is the longest that is usual.
    guard octets.count <= 9 else { return false }
    let scalars = String(decoding: octets, as: UTF8.self).unicodeScalars
    return scalars.count <= 3 && scalars.allSatisfy(gaps.contains)
  }

  private static func hidden(in row: [[Digit]], _ own: [UInt8]) -> [Digit] {
    var all: [Digit] = []
    var first = 0
    while first < row.count {
      var digits: [Digit] = []
      var found: ArraySlice<Digit>?
      var next = first
      while found == nil, next < row.count, digits.count + row[next].count <= max(13, own.count) {
        digits += row[next]
        next += 1
        found = hidden(of: digits, own)
      }
      all += found ?? []
      first = found == nil ? first + 1 : next
    }
    return all
  }

  /// What is hidden of digits that are a telephone; nil where they are none.
  private static func hidden(of digits: [Digit], _ own: [UInt8]) -> ArraySlice<Digit>? {
    // A country's code may stand before it.
    let lead = digits.count == 13 && digits[0].octet == UInt8(ascii: "8") && digits[1].octet == UInt8(ascii: "6") ? 2 : 0
    let number = digits.dropFirst(lead).map(\.octet)
    let isMobile = number.count == 11 && number[0] == UInt8(ascii: "1") && number[1] >= UInt8(ascii: "3")
    guard isMobile || (!own.isEmpty && number == own) || isLocal(number, of: own) else { return nil }
    return number.count == 11 ? digits[lead + 3..<lead + 7] : digits[lead...].dropLast(2)
  }

  /// Whether a number is another without its area code, as it is dialled within the area.
  private static func isLocal(_ number: [UInt8], of own: [UInt8]) -> Bool {
    (7...8).contains(number.count) && (3...4).contains(own.count - number.count) && own[0] == UInt8(ascii: "0")
      && own.suffix(number.count).elementsEqual(number)
  }
}
