// SPDX-License-Identifier: Apache-2.0

/// Writes responses as HTTP/1.1 messages (RFC 9112 §4, §6).
///
/// The framing is decided here alone: fields of a response that would speak of length, connection or date are left out.
package struct ResponseSerialiser: Sendable {
  private var date: HTTPDate

  /// - Parameter second: seconds since 1970 UTC, for the `Date` field.
  package init(second: Int64) {
    date = HTTPDate(second: second)
  }

  /// What a response depends on besides itself.
  package struct Circumstances: Sendable {
    /// Whether the request was HEAD, whose answer has the length but not the body.
    package var isHead: Bool
    /// Whether the connection ends after this answer.
    package var closes: Bool
    /// Named in the answer when there is one.
    package var id: RequestID?

    package init(isHead: Bool, closes: Bool, id: RequestID?) {
      self.isHead = isHead
      self.closes = closes
      self.id = id
    }
  }

  /// Moves the `Date` field on.
  ///
  /// - Parameter second: seconds since 1970 UTC.
  package mutating func move(to second: Int64) { date.move(to: second) }

  /// Writes the interim answer that lets a waiting client send its content (RFC 9110 §10.1.1).
  package func appendContinue(to octets: inout [UInt8]) { octets.append(literal: "HTTP/1.1 100 Continue\r\n\r\n") }

  private static let own: UInt64 =
    HeaderName.Key.contentLength.bit | HeaderName.Key.transferEncoding.bit | HeaderName.Key.connection.bit | HeaderName.Key.date.bit
    | HeaderName.Key.xRequestID.bit | HeaderName.Key.keepAlive.bit | HeaderName.Key.trailer.bit | HeaderName.Key.upgrade.bit

  /// Writes one message after what the octets hold already.
  package func append(_ response: Response, in circumstances: Circumstances, to octets: inout [UInt8]) {
    octets.append(literal: "HTTP/1.1 ")
    octets.append(decimal: Int(response.status.code))
    octets.append(.space)
    octets.append(literal: response.status.reason)
    octets.append(literal: "\r\nDate: ")
    octets.append(contentsOf: date.octets)
    octets.append(literal: "\r\n")
    if response.headers.contains(anyOf: Self.own) {
      for field in response.headers.fields where field.key == .other || field.key.bit & Self.own == 0 {
        octets.append(contentsOf: response.headers.octets[field.name.lowerBound..<field.value.upperBound + 2])
      }
    } else {
      octets.append(contentsOf: response.headers.octets)
    }
    if let id = circumstances.id {
      octets.append(literal: "X-Request-Id: ")
      id.append(to: &octets)
      octets.append(literal: "\r\n")
    }
    if circumstances.closes { octets.append(literal: "Connection: close\r\n") }
    guard response.status.allowsBody else {
      octets.append(literal: "\r\n")
      return
    }
    octets.append(literal: "Content-Length: ")
    octets.append(decimal: response.body.count)
    octets.append(literal: "\r\n\r\n")
    if !circumstances.isHead, case .octets(let body) = response.body { octets.append(contentsOf: body) }
  }
}
