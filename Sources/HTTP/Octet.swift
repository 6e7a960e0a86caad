// SPDX-License-Identifier: Apache-2.0

/// The character classes of RFC 9110 §5.6 and RFC 3986 §2, as questions about one octet.
///
/// Each class is a 128-bit set in two constants, so that a question costs a shift and a mask and no table is loaded.
extension UInt8 {
  package static let tab: UInt8 = 0x09
  package static let lineFeed: UInt8 = 0x0A
  package static let carriageReturn: UInt8 = 0x0D
  package static let space: UInt8 = 0x20
  package static let quote: UInt8 = 0x22
  package static let percent: UInt8 = 0x25
  package static let asterisk: UInt8 = 0x2A
  package static let plus: UInt8 = 0x2B
  package static let comma: UInt8 = 0x2C
  package static let dot: UInt8 = 0x2E
  package static let slash: UInt8 = 0x2F
  package static let zero: UInt8 = 0x30
  package static let colon: UInt8 = 0x3A
  package static let semicolon: UInt8 = 0x3B
  package static let equals: UInt8 = 0x3D
  package static let questionMark: UInt8 = 0x3F
  package static let backslash: UInt8 = 0x5C

  /// RFC 9110 `tchar`: what a method or a field name is made of.
  @inline(__always)
  package var isTokenCharacter: Bool { isIn(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE) }

  /// RFC 9112 field content: visible characters, space, tab and the opaque upper half; no other control character.
  @inline(__always)
  package var isFieldValueCharacter: Bool { self >= 0x20 ? self != 0x7F : self == .tab }

  /// RFC 3986 `pchar` and the slash: what a path is made of, escapes included.
  @inline(__always)
  package var isPathCharacter: Bool { isIn(low: 0x2FFF_FFF2_0000_0000, high: 0x47FF_FFFE_87FF_FFFF) }

  /// RFC 3986 `query`: path characters and the question mark.
  @inline(__always)
  package var isQueryCharacter: Bool { isPathCharacter || self == .questionMark }

  /// RFC 3986 `unreserved`: what is never escaped.
  @inline(__always)
  package var isUnreserved: Bool { isIn(low: 0x03FF_6000_0000_0000, high: 0x47FF_FFFE_87FF_FFFE) }

  @inline(__always)
  package var isDigit: Bool { self &- 0x30 < 10 }

  /// The value of a hexadecimal digit, or nil.
  @inline(__always)
  package var hexadecimalValue: UInt8? {
    switch self {
    case 0x30...0x39: self - 0x30
    case 0x41...0x46: self - 0x37
    case 0x61...0x66: self - 0x57
    default: nil
    }
  }

  /// The octet with an ASCII capital made small; other octets unchanged.
  @inline(__always)
  package var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

  /// A digit of lower-case hexadecimal for the low four bits.
  @inline(__always)
  package init(hexadecimalDigit value: UInt8) {
    let nibble = value & 0x0F
    self = nibble < 10 ? 0x30 + nibble : 0x57 + nibble
  }

  @inline(__always)
  private func isIn(low: UInt64, high: UInt64) -> Bool {
    switch self {
    case 0..<64: low >> UInt64(self) & 1 == 1
    case 64..<128: high >> UInt64(self & 63) & 1 == 1
    default: false
    }
  }
}
