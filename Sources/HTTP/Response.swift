// SPDX-License-Identifier: Apache-2.0

/// What is answered. Framing, `Date`, `Connection` and `X-Request-Id` are the server's and cannot be set here.
package struct Response: Sendable {
  /// The content of an answer.
  package enum Body: Sendable {
    case none
    case octets([UInt8])
    /// Made while it is sent.
    case stream(ResponseStream)

    /// The length in octets, nil where it is not known yet.
    package var count: Int? {
      switch self {
      case .none: 0
      case .octets(let octets): octets.count
      case .stream(let stream): stream.length
      }
    }
  }

  package var status: Status
  package var headers: Headers
  package var body: Body

  package init(_ status: Status, headers: Headers = Headers(), body: Body = .none) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// An answer of JSON text.
  package static func json(_ octets: [UInt8], status: Status = .ok) -> Response {
    Response(status, headers: [.contentType: "application/json"], body: .octets(octets))
  }

  /// An answer that describes a problem (RFC 9457).
  package static func problem(_ octets: [UInt8], status: Status) -> Response {
    Response(status, headers: [.contentType: "application/problem+json"], body: .octets(octets))
  }

  /// The content that is made while it is sent; nil where there is none.
  package var stream: ResponseStream? {
    if case .stream(let stream) = body, status.allowsBody { stream } else { nil }
  }

  /// An answer of plain text.
  package static func text(_ text: String, status: Status = .ok) -> Response {
    Response(status, headers: [.contentType: "text/plain; charset=utf-8"], body: .octets(Array(text.utf8)))
  }
}
