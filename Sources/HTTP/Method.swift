// SPDX-License-Identifier: Apache-2.0

/// What a request asks to be done (RFC 9110 §9, RFC 5789); case matters, so `get` is `other("get")`.
package enum Method: Sendable, Hashable {
  case get, head, post, put, patch, delete, options, trace, connect
  case other(String)

  /// Whether asking cannot change anything (RFC 9110 §9.2.1), so that such requests may be answered side by side.
  package var isSafe: Bool {
    switch self {
    case .get, .head, .options, .trace: true
    case .post, .put, .patch, .delete, .connect, .other: false
    }
  }

  /// Reads a method token.
  ///
  /// - Returns: nil when the octets are not a token.
  package init?(_ octets: Span<UInt8>) {
    guard !octets.isEmpty else { return nil }
    switch octets.count {
    case 3 where octets.holds("GET"): self = .get
    case 3 where octets.holds("PUT"): self = .put
    case 4 where octets.holds("POST"): self = .post
    case 4 where octets.holds("HEAD"): self = .head
    case 5 where octets.holds("PATCH"): self = .patch
    case 5 where octets.holds("TRACE"): self = .trace
    case 6 where octets.holds("DELETE"): self = .delete
    case 7 where octets.holds("OPTIONS"): self = .options
    case 7 where octets.holds("CONNECT"): self = .connect
    default:
      for index in octets.indices where !octets[index].isTokenCharacter { return nil }
      self = .other(String(decoding: octets.array(), as: UTF8.self))
    }
  }
}

extension Method: CustomStringConvertible {
  /// The token as it stands on the wire.
  package var description: String {
    switch self {
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .patch: "PATCH"
    case .delete: "DELETE"
    case .options: "OPTIONS"
    case .trace: "TRACE"
    case .connect: "CONNECT"
    case .other(let token): token
    }
  }
}
