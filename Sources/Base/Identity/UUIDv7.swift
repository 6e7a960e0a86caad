// SPDX-License-Identifier: Apache-2.0

/// The identity of a row, made by the server: a UUID of version 7 (RFC 9562), so that new rows sort last.
package struct UUIDv7: Sendable, Hashable {
  /// The first eight bytes, most significant first: 48 bits of milliseconds, the version, 12 bits below the millisecond.
  package let high: UInt64
  /// The last eight bytes: the variant and 62 random bits.
  package let low: UInt64

  /// `nil` when the version is not 7 or the variant is not that of RFC 9562.
  package init?(high: UInt64, low: UInt64) {
    guard high >> 12 & 0xF == 7, low >> 62 == 0b10 else { return nil }
    self.high = high
    self.low = low
  }

  /// Makes one from a time and chance.
  ///
  /// - Parameters:
  ///   - instant: not before 1970; its microseconds within the millisecond go into the 12 bits below it (RFC 9562 §6.2, method 3).
  ///   - random: 62 bits of it are used.
  package init(at instant: Instant, random: UInt64) {
    let microseconds = UInt64(max(0, instant.microseconds))
    self.init(tick: Self.tick(microseconds), random: random)
  }

  /// Milliseconds and their 4096ths as one number that grows with time.
  fileprivate static func tick(_ microseconds: UInt64) -> UInt64 {
    (microseconds / 1000) << 12 | (microseconds % 1000) * 4096 / 1000
  }

  fileprivate init(tick: UInt64, random: UInt64) {
    high = (tick >> 12) << 16 | 0x7000 | tick & 0xFFF
    low = random & (.max >> 2) | 1 << 63
  }

  /// The time it was made, to the millisecond.
  package var instant: Instant? { Instant(microseconds: Int64(high >> 16) * 1000) }
}

/// Makes identities that never run backwards, even when the clock does.
package struct UUIDv7Generator: Sendable {
  private var last: UInt64 = 0

  package init() {}

  package mutating func next(at instant: Instant, using random: inout some RandomNumberGenerator) -> UUIDv7 {
    last = max(last &+ 1, UUIDv7.tick(UInt64(max(0, instant.microseconds))))
    return UUIDv7(tick: last, random: random.next())
  }
}

extension UUIDv7: Comparable {
  package static func < (a: UUIDv7, b: UUIDv7) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

extension UUIDv7: CustomStringConvertible {
  /// Reads the 36 characters of RFC 9562, either case; `nil` for anything else.
  package init?(_ text: some StringProtocol) {
    var text = String(text)
    guard let uuid = text.withUTF8({ UUIDv7(utf8: UnsafeRawBufferPointer($0)) }) else { return nil }
    self = uuid
  }

  /// Reads the same characters from their octets.
  package init?(utf8: ArraySlice<UInt8>) {
    guard let uuid = utf8.withUnsafeBytes({ UUIDv7(utf8: $0) }) else { return nil }
    self = uuid
  }

  private init?(utf8: UnsafeRawBufferPointer) {
    guard utf8.count == 36 else { return nil }
    var halves: (UInt64, UInt64) = (0, 0)
    for (place, byte) in utf8.enumerated() {
      if place == 8 || place == 13 || place == 18 || place == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: return nil
      }
      halves = (halves.0 << 4 | halves.1 >> 60, halves.1 << 4 | UInt64(digit))
    }
    self.init(high: halves.0, low: halves.1)
  }

  package var description: String {
    String(unsafeUninitializedCapacity: Self.textCount) { buffer in
      guard let place = buffer.baseAddress else { return 0 }
      Self.write(high, low, at: place)
      return Self.textCount
    }
  }

  /// Bytes of its text.
  fileprivate static let textCount = 36

  /// Its sixteen bytes, as PostgreSQL's binary `uuid`.
  package var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
      for place in 0..<16 { buffer[place] = UInt8(truncatingIfNeeded: (place < 8 ? high : low) >> (56 - 8 * UInt64(place % 8))) }
      count = 16
    }
  }

  /// - Parameter bytes: sixteen, as PostgreSQL's binary `uuid`; `nil` for another number or another version.
  package init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 16 else { return nil }
    self.init(
      high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
      low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }

  /// Writes the text of a UUID, `textCount` bytes.
  fileprivate static func write(_ high: UInt64, _ low: UInt64, at place: UnsafeMutablePointer<UInt8>) {
    writeHexadecimal(high >> 32, 8, at: place)
    place[8] = UInt8(ascii: "-")
    writeHexadecimal(high >> 16, 4, at: place.advanced(by: 9))
    place[13] = UInt8(ascii: "-")
    writeHexadecimal(high, 4, at: place.advanced(by: 14))
    place[18] = UInt8(ascii: "-")
    writeHexadecimal(low >> 48, 4, at: place.advanced(by: 19))
    place[23] = UInt8(ascii: "-")
    writeHexadecimal(low, 12, at: place.advanced(by: 24))
  }

  @inline(__always)
  private static func writeHexadecimal(_ value: UInt64, _ digits: Int, at place: UnsafeMutablePointer<UInt8>) {
    for digit in 0..<digits {
      place[digit] = lowercaseHexadecimal(UInt8(truncatingIfNeeded: value >> (4 * UInt64(digits - 1 - digit))) & 15)
    }
  }
}

extension JSONWriter {
  package mutating func uuid(_ uuid: UUIDv7) { putQuoted(UUIDv7.textCount) { UUIDv7.write(uuid.high, uuid.low, at: $0) } }

  /// Writes a UUID of any version from its sixteen bytes, as PostgreSQL's binary `uuid`; `null` for another number of bytes.
  package mutating func uuid(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 16 else { return null() }
    let high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
    let low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    putQuoted(UUIDv7.textCount) { UUIDv7.write(high, low, at: $0) }
  }
}
