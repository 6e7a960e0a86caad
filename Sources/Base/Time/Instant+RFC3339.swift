// SPDX-License-Identifier: Apache-2.0

extension Instant: CustomStringConvertible {
  /// Reads a time of RFC 3339 with its offset: `2026-04-07T09:30:00+08:00`, `…Z`, at most six places of a second.
  ///
  /// `nil` for anything else: no offset, a leap second, a day that does not exist.
  package init?(_ text: some StringProtocol) {
    var text = String(text)
    guard let instant = text.withUTF8({ Instant(utf8: UnsafeRawBufferPointer($0)) }) else { return nil }
    self = instant
  }

  init?(utf8: UnsafeRawBufferPointer) {
    guard utf8.count >= 20, utf8[10] | 0x20 == UInt8(ascii: "t"), utf8[13] == UInt8(ascii: ":"), utf8[16] == UInt8(ascii: ":"),
      let date = CivilDate(utf8: UnsafeRawBufferPointer(rebasing: utf8[..<10])),
      let hour = number(utf8, 11..<13), let minute = number(utf8, 14..<16), let second = number(utf8, 17..<19),
      let time = CivilTime(hour: hour, minute: minute, second: second)
    else { return nil }
    var place = 19
    var fraction: Int64 = 0
    if utf8[place] == UInt8(ascii: ".") {
      let start = place + 1
      place = start
      while place < utf8.count, utf8[place] &- UInt8(ascii: "0") < 10 { place += 1 }
      guard 1...6 ~= place - start, let digits = number(utf8, start..<place) else { return nil }
      fraction = (0..<6 - (place - start)).reduce(Int64(digits)) { value, _ in value * 10 }
    }
    guard let offset = Self.offset(utf8, from: place) else { return nil }
    self.init(microseconds: Instant(date, time).microseconds + fraction + Self.shanghaiOffset - offset)
  }

  /// Microseconds east of UTC that the rest of the text says.
  private static func offset(_ utf8: UnsafeRawBufferPointer, from place: Int) -> Int64? {
    let rest = utf8.count - place
    guard rest > 0 else { return nil }
    if utf8[place] | 0x20 == UInt8(ascii: "z") { return rest == 1 ? 0 : nil }
    guard rest == 6, utf8[place + 3] == UInt8(ascii: ":"), let hours = number(utf8, place + 1..<place + 3),
      let minutes = number(utf8, place + 4..<place + 6), hours < 24, minutes < 60
    else { return nil }
    let offset = Int64(hours) * hour + Int64(minutes) * minute
    switch utf8[place] {
    case UInt8(ascii: "+"): return offset
    case UInt8(ascii: "-"): return -offset
    default: return nil
    }
  }

  /// The time in Shanghai by RFC 3339: `2026-04-07T09:30:00+08:00`, with six places of a second where it has some.
  package var description: String {
    let count = textCount
    return String(unsafeUninitializedCapacity: count) { buffer in
      guard let place = buffer.baseAddress else { return 0 }
      write(at: place)
      return count
    }
  }

  /// Bytes of its text.
  fileprivate var textCount: Int { microseconds % 1_000_000 == 0 ? 25 : 32 }

  /// Writes its text, `textCount` bytes.
  fileprivate func write(at place: UnsafeMutablePointer<UInt8>) {
    date.write(at: place)
    let time = self.time
    place[10] = UInt8(ascii: "T")
    writeDigits(UInt64(time.hour), count: 2, at: place.advanced(by: 11))
    place[13] = UInt8(ascii: ":")
    writeDigits(UInt64(time.minute), count: 2, at: place.advanced(by: 14))
    place[16] = UInt8(ascii: ":")
    writeDigits(UInt64(time.second), count: 2, at: place.advanced(by: 17))
    var offset = place.advanced(by: 19)
    if textCount == 32 {
      offset[0] = UInt8(ascii: ".")
      writeDigits(UInt64(time.microseconds % 1_000_000), count: 6, at: offset.advanced(by: 1))
      offset = offset.advanced(by: 7)
    }
    let shanghai: StaticString = "+08:00"
    offset.update(from: shanghai.utf8Start, count: shanghai.utf8CodeUnitCount)
  }
}

extension JSONWriter {
  /// Writes `"2026-04-07T09:30:00+08:00"`, with six places of a second where it has some.
  package mutating func instant(_ instant: Instant) { putQuoted(instant.textCount) { instant.write(at: $0) } }
}
