// SPDX-License-Identifier: Apache-2.0

/// Percent-encoding (RFC 3986 §2.1) without leniency.
package enum PercentEncoding {
  /// Decodes a part of a target that stands between two delimiters.
  ///
  /// - Parameters:
  ///   - octets: what encloses the part.
  ///   - range: the part; its delimiters are outside it, so that an encoded one is data.
  ///   - plusIsSpace: whether `+` means a space, as it does in a query.
  /// - Returns: nil when an escape lacks its two digits, when the result holds NUL, or is not UTF-8 (overlong forms and surrogates are not).
  package static func decode(_ octets: Span<UInt8>, _ range: Range<Int>, plusIsSpace: Bool) -> String? {
    var plain: [UInt8] = []
    plain.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      let octet = octets[index]
      index += 1
      switch octet {
      case .percent:
        guard index + 2 <= range.upperBound,
          let high = octets[index].hexadecimalValue, let low = octets[index + 1].hexadecimalValue
        else { return nil }
        index += 2
        plain.append(high << 4 | low)
      case .plus where plusIsSpace: plain.append(.space)
      default: plain.append(octet)
      }
    }
    guard !plain.contains(0) else { return nil }
    return String(validating: plain, as: UTF8.self)
  }

  /// Encodes a text as one segment of a path or one component of a query: all but the unreserved characters are escaped.
  package static func encode(_ text: String) -> String {
    var octets: [UInt8] = []
    for octet in text.utf8 {
      if octet.isUnreserved {
        octets.append(octet)
      } else {
        let capital: (UInt8) -> UInt8 = { nibble in
          let digit = UInt8(hexadecimalDigit: nibble)
          return digit.isDigit ? digit : digit - 0x20
        }
        octets.append(.percent)
        octets.append(capital(octet >> 4))
        octets.append(capital(octet))
      }
    }
    return String(decoding: octets, as: UTF8.self)
  }
}
