// SPDX-License-Identifier: Apache-2.0

/// Who is addressed: `uri-host [":" port]` of RFC 9110 §7.2, narrower than RFC 3986 allows.
///
/// A name is letters, digits, `-`, `.`, `_`, `~`; escapes, sub-delimiters and user information are refused, since no real host has them
/// and every attack on routing by host does.
enum Authority {
  /// Whether the octets in the range are a sound host with an optional port.
  static func isSound(_ octets: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard let first = range.first else { return false }
    var index = first
    if octets[index] == 0x5B {
      guard let end = octets.firstIndex(of: 0x5D, in: range), isAddress(octets, first + 1..<end) else { return false }
      index = end + 1
    } else {
      while index < range.upperBound, octets[index].isUnreserved { index += 1 }
      guard index > first else { return false }
    }
    guard index < range.upperBound else { return true }
    guard octets[index] == .colon else { return false }
    return isPort(octets, index + 1..<range.upperBound)
  }

  /// Whether the octets can be an IPv6 address: groups of up to four hexadecimal digits, a dotted end allowed.
  private static func isAddress(_ octets: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard (2...45).contains(range.count) else { return false }
    var colons = 0
    for index in range {
      let octet = octets[index]
      if octet == .colon {
        colons += 1
      } else if octet != .dot, octet.hexadecimalValue == nil {
        return false
      }
    }
    return (2...7).contains(colons)
  }

  /// Whether the octets are a port; an empty one stands for the default (RFC 3986 §3.2.3).
  private static func isPort(_ octets: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count <= 5 else { return false }
    var port = 0
    for index in range {
      guard octets[index].isDigit else { return false }
      port = port * 10 + Int(octets[index] - .zero)
    }
    return port <= 65535
  }
}
