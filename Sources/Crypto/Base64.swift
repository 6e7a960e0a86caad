// SPDX-License-Identifier: Apache-2.0

/// Base64 without padding (RFC 4648), strict in what it reads: every byte string has exactly one text.
package struct Base64: Sendable {
  private let alphabet: [UInt8]
  private let values: [UInt8]

  /// The alphabet of URLs and tokens (RFC 4648 §5).
  package static let url = Base64("-_")
  /// The alphabet of encoded password hashes (RFC 4648 §4).
  package static let standard = Base64("+/")

  private static let invalid: UInt8 = 0xFF

  private init(_ lastTwo: String) {
    alphabet = Array(("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + lastTwo).utf8)
    var values = [UInt8](repeating: Self.invalid, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    self.values = values
  }

  package func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count * 4 + 2) / 3)
    var group = 0
    var bits = 0
    for byte in bytes {
      group = group << 8 | Int(byte)
      bits += 8
      while bits >= 6 {
        bits -= 6
        text.append(alphabet[group >> bits & 63])
      }
      group &= 1 << bits - 1
    }
    if bits > 0 { text.append(alphabet[group << (6 - bits) & 63]) }
    return String(decoding: text, as: UTF8.self)
  }

  /// - Throws: `CryptoError.malformed` for padding, foreign characters, an impossible length, or bits that no encoder sets.
  package func decode(_ text: String) throws(CryptoError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count * 3 / 4)
    var group = 0
    var bits = 0
    for character in text.utf8 {
      let value = values[Int(character)]
      guard value != Self.invalid else { throw .malformed("Base64 text") }
      group = group << 6 | Int(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(group >> bits))
        group &= 1 << bits - 1
      }
    }
    guard bits < 6, group == 0 else { throw .malformed("Base64 text") }
    return bytes
  }
}
