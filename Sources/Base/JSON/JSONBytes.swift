// SPDX-License-Identifier: Apache-2.0

/// How many bytes come before the first that a JSON string must escape; eight are looked at in a step.
func cleanPrefix(_ characters: UnsafeRawBufferPointer) -> Int {
  let ones: UInt64 = 0x0101_0101_0101_0101
  let highs: UInt64 = 0x8080_8080_8080_8080
  var place = 0
  while place + 8 <= characters.count {
    let word = characters.loadUnaligned(fromByteOffset: place, as: UInt64.self)
    let quotes = word ^ ones &* UInt64(UInt8(ascii: "\""))
    let backslashes = word ^ ones &* UInt64(UInt8(ascii: "\\"))
    // A byte below n leaves its high bit in (word - n) & ~word; a borrow can only come from such a byte.
    let found = (word &- ones &* 0x20) & ~word | (quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes
    if found & highs != 0 { break }
    place += 8
  }
  while place < characters.count {
    let byte = characters[place]
    if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
    place += 1
  }
  return place
}

@inline(__always)
func copy(_ source: UnsafeRawBufferPointer, to place: UnsafeMutablePointer<UInt8>) {
  if let start = source.baseAddress { UnsafeMutableRawPointer(place).copyMemory(from: start, byteCount: source.count) }
}

/// Writes an integer in decimal, without leading zeros, into at most 20 bytes.
///
/// - Returns: the bytes written.
func writeDecimal(_ value: Int64, at place: UnsafeMutablePointer<UInt8>) -> Int {
  var digits = 1
  var bound: UInt64 = 10
  while digits < 19, value.magnitude >= bound {
    digits += 1
    bound *= 10
  }
  let sign = value < 0 ? 1 : 0
  if sign == 1 { place[0] = UInt8(ascii: "-") }
  writeDigits(value.magnitude, count: digits, at: place.advanced(by: sign))
  return sign + digits
}

/// Writes so many digits, with leading zeros.
@inline(__always)
func writeDigits(_ value: UInt64, count: Int, at place: UnsafeMutablePointer<UInt8>) {
  var rest = value
  for digit in stride(from: count - 1, through: 0, by: -1) {
    place[digit] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
    rest /= 10
  }
}

/// The ASCII digit of a value below 16.
@inline(__always)
func lowercaseHexadecimal(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
