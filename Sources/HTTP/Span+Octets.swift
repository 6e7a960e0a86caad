// SPDX-License-Identifier: Apache-2.0

/// What the parser asks of a run of octets; every access is bounds-checked.
extension Span<UInt8> {
  /// Whether the octets are exactly those of the literal.
  @inline(__always)
  func holds(_ literal: StaticString) -> Bool {
    guard count == literal.utf8CodeUnitCount else { return false }
    let other = literal.utf8Start
    for index in indices where self[index] != other[index] { return false }
    return true
  }

  /// Whether the octets are those of the literal when ASCII case is ignored; the literal is in small letters.
  @inline(__always)
  func holdsIgnoringCase(_ literal: StaticString) -> Bool {
    guard count == literal.utf8CodeUnitCount else { return false }
    let other = literal.utf8Start
    for index in indices where self[index].lowercased != other[index] { return false }
    return true
  }

  /// The place of the first such octet in the range, or nil.
  @inline(__always)
  func firstIndex(of octet: UInt8, in range: Range<Int>) -> Int? {
    var index = range.lowerBound
    while index < range.upperBound {
      if self[index] == octet { return index }
      index += 1
    }
    return nil
  }

  /// A copy as an array.
  func array() -> [UInt8] {
    withUnsafeBufferPointer { Array($0) }
  }
}

extension [UInt8] {
  /// Appends a copy of the octets.
  @inline(__always)
  mutating func append(copying octets: Span<UInt8>) {
    octets.withUnsafeBufferPointer { append(contentsOf: $0) }
  }

  /// Appends the octets of a literal.
  @inline(__always)
  mutating func append(literal: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  /// Appends the octets of a text.
  @inline(__always)
  mutating func append(text: String) {
    append(contentsOf: text.utf8)
  }

  /// Appends a non-negative number in decimal digits.
  mutating func append(decimal number: Int) {
    if number < 10 {
      append(.zero + UInt8(truncatingIfNeeded: number))
      return
    }
    var digits = InlineArray<20, UInt8>(repeating: .zero)
    var start = 20
    var rest = number
    while rest > 0 {
      start -= 1
      digits[start] = .zero + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    for index in start..<20 { append(digits[index]) }
  }
}
