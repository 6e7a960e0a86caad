// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// One request, sound: whoever holds it need not check its framing or its encoding again. It is complete, unless its content is a stream.
package struct Request: Sendable {
  package let method: Method
  package let target: RequestTarget
  /// The minor version of HTTP/1; a higher one than 1 is read as 1 (RFC 9110 §2.5).
  package let minorVersion: UInt8
  package let headers: Headers
  /// The content with any chunking taken off; trailers are dropped. Empty where it is a stream.
  package var body: [UInt8]
  /// The content while it still comes; set by the server where the route takes it so, nil where all of it is in ``body``.
  package var stream: RequestContent?
  /// Whether the connection ends after the answer, because the client says so or speaks HTTP/1.0.
  package let closesConnection: Bool
  /// Set by the server before the request is handed on.
  package var peer: Peer
  /// Set by the server before the request is handed on; the answer carries it as `X-Request-Id`.
  package var id: RequestID

  package init(
    _ method: Method, target: RequestTarget, minorVersion: UInt8 = 1, headers: Headers = [:], body: [UInt8] = [],
    closesConnection: Bool = false, peer: Peer = .none, id: RequestID = RequestID(process: 0, number: 0)
  ) {
    self.method = method
    self.target = target
    self.minorVersion = minorVersion
    self.headers = headers
    self.body = body
    self.closesConnection = closesConnection
    self.peer = peer
    self.id = id
  }

  /// Host and port asked for: the target's own, or else the Host header's (RFC 9112 §3.2.2); nil only in HTTP/1.0.
  package var authority: String? { target.authority ?? headers[.host] }

  /// The content piece by piece, also when it is here already.
  package var content: RequestContent {
    if let stream { return stream }
    let rest = Mutex(body)
    return RequestContent { () async throws(ContentFailure) in
      rest.withLock { octets in
        defer { octets = [] }
        return octets.isEmpty ? nil : octets
      }
    }
  }
}

extension Request {
  /// The token of `Authorization: Bearer` (RFC 6750 §2.1), or nil.
  package var bearerToken: ArraySlice<UInt8>? {
    guard let value = headers.octets(.authorization), let space = value.firstIndex(of: .space) else { return nil }
    let scheme = value[..<space]
    guard scheme.span.holdsIgnoringCase("bearer") else { return nil }
    let token = value[space...].drop { $0 == .space }
    return token.isEmpty || token.contains(.space) ? nil : token
  }

  /// The value of the first cookie of that name (RFC 6265 §4.2); the quotes around a value are part of it.
  package func cookie(_ name: StaticString) -> ArraySlice<UInt8>? {
    guard let cookies = headers.octets(.cookie) else { return nil }
    for pair in cookies.split(separator: .semicolon) {
      let pair = pair.drop { $0 == .space || $0 == .tab }
      guard let middle = pair.firstIndex(of: .equals) else { continue }
      let found = pair[..<middle]
      guard found.span.holds(name) else { continue }
      return pair[(middle + 1)...]
    }
    return nil
  }
}
