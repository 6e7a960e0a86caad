// SPDX-License-Identifier: Apache-2.0

extension MaskedCitizen {
  /// A text in which four digits of every mobile number are hidden, however spaces and dashes set its digits apart.
  ///
  /// - Parameter own: the digits of another number that is hidden, all but its last two where it has not as many digits as a mobile number.
  package static func numbers(in text: String, and own: [UInt8] = []) -> String {
    var octets = Array(text.utf8)
    let places = rows(of: octets).flatMap { hidden(in: $0, octets, own) }
    guard !places.isEmpty else { return text }
    for place in places { octets[place] = UInt8(ascii: "*") }
    return String(decoding: octets, as: UTF8.self)
  }

  private static func isDigit(_ octet: UInt8) -> Bool { octet &- UInt8(ascii: "0") < 10 }

  /// Where digits stand: in groups with nothing between, in rows of groups with only spaces and dashes between.
  private static func rows(of octets: [UInt8]) -> [[Range<Int>]] {
    var rows: [[Range<Int>]] = []
    var place = 0
    while let start = octets[place...].firstIndex(where: isDigit) {
      let end = octets[start...].firstIndex { !isDigit($0) } ?? octets.endIndex
      if let before = rows.last?.last, isGap(octets[before.upperBound..<start]) {
        rows[rows.count - 1].append(start..<end)
      } else {
        rows.append([start..<end])
      }
      place = end
    }
    return rows
  }

  /// Spaces and dashes as they are typed in the West and in China.
  private static let gaps: Set<Unicode.Scalar> = [
    " ", "-", "\u{A0}", "\u{2010}", "\u{2011}", "\u{2013}", "\u{2014}", "\u{3000}", "\u{FF0D}",
  ]

  private static func isGap(_ octets: ArraySlice<UInt8>) -> Bool {
    // Three of them, of three octets each: ` - ` is the longest that is usual.
    guard octets.count <= 9 else { return false }
    let scalars = String(decoding: octets, as: UTF8.self).unicodeScalars
    return scalars.count <= 3 && scalars.allSatisfy(gaps.contains)
  }

  private static func hidden(in row: [Range<Int>], _ octets: [UInt8], _ own: [UInt8]) -> [Int] {
    var all: [Int] = []
    var first = 0
    while first < row.count {
      var digits: [Int] = []
      var found: ArraySlice<Int>?
      var next = first
      while found == nil, next < row.count, digits.count + row[next].count <= max(13, own.count) {
        digits += row[next]
        next += 1
        found = hidden(of: digits, octets, own)
      }
      all += found ?? []
      first = found == nil ? first + 1 : next
    }
    return all
  }

  /// What is hidden of digits that are a telephone; nil where they are none.
  private static func hidden(of places: [Int], _ octets: [UInt8], _ own: [UInt8]) -> ArraySlice<Int>? {
    let digits = places.map { octets[$0] }
    // A country's code may stand before it.
    let lead = digits.count == 13 && digits.starts(with: "86".utf8) ? 2 : 0
    let number = digits.dropFirst(lead)
    let isMobile = number.count == 11 && digits[lead] == UInt8(ascii: "1") && digits[lead + 1] >= UInt8(ascii: "3")
    guard isMobile || (!own.isEmpty && number.elementsEqual(own)) else { return nil }
    return number.count == 11 ? places[lead + 3..<lead + 7] : places[lead...].dropLast(2)
  }
}
