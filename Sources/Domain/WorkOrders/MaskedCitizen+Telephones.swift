// SPDX-License-Identifier: Apache-2.0

extension MaskedCitizen {
  /// A text in which four digits of every mobile number are hidden, however spaces, dashes and the like set its digits apart, and
  /// whether they are typed half or full width.
  ///
  /// - Parameter own: the digits of other numbers that are hidden, all but the last two where one has not as many digits as a mobile number.
  package static func numbers(in text: String, and own: [[UInt8]] = []) -> String {
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

  /// Whether a mobile number stands in a name with nothing between its digits, where what has something between them may be anything.
  package static func hasMobileNumber(_ name: String) -> Bool {
    rows(of: Array(name.utf8)).joined().contains { hidden(of: $0.digits, [], orWhere: true) != nil }
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

  /// Digits with nothing between them.
  private struct Group {
    var digits: [Digit]
    /// The mark that sets it apart from the group before, where there is one.
    let mark: Unicode.Scalar?
  }

  /// The groups, in rows with only what sets a telephone's digits apart between.
  private static func rows(of octets: [UInt8]) -> [[Group]] {
    var rows: [[Group]] = []
    var place = 0
    // Where the last group ended.
    var end = 0
    while place < octets.count {
      guard let first = digit(at: place, of: octets) else {
        place += 1
        continue
      }
      let gap = rows.isEmpty ? nil : gap(octets[end..<place])
      var group = Group(digits: [first], mark: gap?.first(where: marks.contains))
      place += first.length
      while place < octets.count, let next = digit(at: place, of: octets) {
        group.digits.append(next)
        place += next.length
      }
      if gap == nil { rows.append([group]) } else { rows[rows.count - 1].append(group) }
      end = place
    }
    return rows
  }

  /// Spaces, dashes, dots and brackets as they are typed in the West and in China, and what is pasted with them and has no width.
  private static let gaps: Set<Unicode.Scalar> = [
    " ", "-", ".", "(", ")", "\u{A0}", "\u{B7}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}",
    "\u{2014}", "\u{2060}", "\u{2212}", "\u{3000}", "\u{FEFF}", "\u{FF08}", "\u{FF09}", "\u{FF0D}", "\u{FF0E}",
  ]

  /// What stands in dates, amounts and the numbers of papers as well.
  private static let marks: Set<Unicode.Scalar> = ["_", "/", ",", "\u{FF3F}", "\u{FF0F}", "\u{FF0C}"]

  /// What stands between two groups; nil for what sets no telephone's digits apart.
  private static func gap(_ octets: ArraySlice<UInt8>) -> String.UnicodeScalarView? {
    // Three of them, of three octets each: ` - ` is the longest that is usual.
    guard octets.count <= 9 else { return nil }
    let scalars = String(decoding: octets, as: UTF8.self).unicodeScalars
    return scalars.count <= 3 && scalars.allSatisfy { gaps.contains($0) || marks.contains($0) } ? scalars : nil
  }

  private static func hidden(in row: [Group], _ own: [[UInt8]]) -> [Digit] {
    let longest = max(13, own.map(\.count).max() ?? 0)
    var all: [Digit] = []
    var first = 0
    // Where the last telephone ended.
    var end = 0
    while first < row.count {
      var digits: [Digit] = []
      var found: ArraySlice<Digit>?
      var next = first
      while found == nil, next < row.count, digits.count + row[next].digits.count <= longest {
        digits += row[next].digits
        next += 1
        found = hidden(of: digits, own, orWhere: isPlain(row, first..<next, behind: end))
      }
      all += found ?? []
      first = found == nil ? first + 1 : next
      if found != nil { end = next }
    }
    return all
  }

  /// Whether groups are more likely a mobile number than dates, amounts or the number of a paper: no mark stands between them, or they are
  /// grouped as telephones are and the same mark ties them to no other digits.
  ///
  /// - Parameter end: where the telephone before ended.
  private static func isPlain(_ row: [Group], _ range: Range<Int>, behind end: Int) -> Bool {
    let marks = Set(row[range].dropFirst().compactMap(\.mark))
    if marks.isEmpty { return true }
    var sizes = row[range].map(\.digits.count)
    // The country's code.
    if sizes.reduce(0, +) == 13 { sizes[0] -= 2 }
    guard [[3, 4, 4], [3, 8], [7, 4]].contains(sizes.filter { $0 > 0 }) else { return false }
    func isTied(_ group: Group) -> Bool { group.mark.map(marks.contains) ?? false }
    if range.lowerBound > end, isTied(row[range.lowerBound]) { return false }
    return range.upperBound == row.count || !isTied(row[range.upperBound]) || mayBegin(row[range.upperBound])
  }

  /// Whether a mobile number may begin with a group.
  private static func mayBegin(_ group: Group) -> Bool {
    [3, 7, 11].contains(group.digits.count) && group.digits[0].octet == UInt8(ascii: "1") && group.digits[1].octet >= UInt8(ascii: "3")
  }

  /// What is hidden of digits that are a telephone; nil where they are none.
  ///
  /// - Parameter isPlain: whether they may be a mobile number that is nobody's own.
  private static func hidden(of digits: [Digit], _ own: [[UInt8]], orWhere isPlain: @autoclosure () -> Bool) -> ArraySlice<Digit>? {
    // A country's code may stand before it.
    let lead = digits.count == 13 && digits[0].octet == UInt8(ascii: "8") && digits[1].octet == UInt8(ascii: "6") ? 2 : 0
    let number = digits.dropFirst(lead).map(\.octet)
    let isMobile = number.count == 11 && number[0] == UInt8(ascii: "1") && number[1] >= UInt8(ascii: "3")
    guard own.contains(where: { number == $0 || isLocal(number, of: $0) }) || (isMobile && isPlain()) else { return nil }
    return number.count == 11 ? digits[lead + 3..<lead + 7] : digits[lead...].dropLast(2)
  }

  /// Whether a number is another without its area code, as it is dialled within the area.
  private static func isLocal(_ number: [UInt8], of own: [UInt8]) -> Bool {
    (7...8).contains(number.count) && (3...4).contains(own.count - number.count) && own[0] == UInt8(ascii: "0")
      && own.suffix(number.count).elementsEqual(number)
  }
}
