// SPDX-License-Identifier: Apache-2.0

/// What may stand as the value of a header field: visible ASCII, inner spaces and tabs.
///
/// A line break or NUL cannot be held, so a response cannot be split by what someone sent. Text beyond ASCII has to be encoded by the
/// one who sets it (RFC 8187), since nobody agrees on what such octets mean.
package struct HeaderValue: Sendable, ExpressibleByStringLiteral {
  private enum Storage: Sendable {
    case literal(StaticString)
    case text(String)
  }

  private let storage: Storage

  /// Takes a text that is a sound value.
  ///
  /// - Returns: nil when it holds a control character or anything beyond ASCII, or begins or ends with white space.
  package init?(_ text: String) {
    guard Self.isSound(text.utf8.span) else { return nil }
    storage = .text(text)
  }

  /// A number in decimal digits.
  package init(_ number: Int) {
    storage = .text(String(number))
  }

  package init(stringLiteral literal: StaticString) {
    precondition(
      Self.isSound(Span(_unsafeStart: literal.utf8Start, count: literal.utf8CodeUnitCount)), "a header value is visible ASCII")
    storage = .literal(literal)
  }

  private static func isSound(_ octets: Span<UInt8>) -> Bool {
    for index in octets.indices {
      let octet = octets[index]
      guard octet.isFieldValueCharacter, octet < 0x80 else { return false }
    }
    guard let last = octets.indices.last else { return true }
    return octets[0] > .space && octets[last] > .space
  }

  /// Writes the value at the end of the octets.
  func append(to octets: inout [UInt8]) {
    switch storage {
    case .literal(let literal): octets.append(literal: literal)
    case .text(let text): octets.append(text: text)
    }
  }
}

extension HeaderValue: CustomStringConvertible {
  package var description: String {
    switch storage {
    case .literal(let literal): "\(literal)"
    case .text(let text): text
    }
  }
}
