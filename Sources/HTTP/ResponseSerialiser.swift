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
    /// Whether the client speaks HTTP/1.0, which knows no chunks.
    package var isOld: Bool
    /// Named in the answer when there is one.
    package var id: RequestID?

    package init(isHead: Bool, closes: Bool, isOld: Bool = false, id: RequestID?) {
      self.isHead = isHead
      self.closes = closes
      self.isOld = isOld
      self.id = id
    }
  }

  /// Moves the `Date` field on.
  ///
  /// - Parameter second: seconds since 1970 UTC.
  package mutating func move(to second: Int64) { date.move(to: second) }

  /// Writes the interim answer that lets a waiting client send its content (RFC 9110 §10.1.1).
  package func appendContinue(to octets: inout [UInt8]) { octets.append(literal: "HTTP/1.1 100 Continue\r\n\r\n") }

  /// Writes a piece of content as a chunk (RFC 9112 §7.1).
  package static func appendChunk(_ piece: [UInt8], to octets: inout [UInt8]) {
    guard !piece.isEmpty else { return }
    var digits = (Int.bitWidth - piece.count.leadingZeroBitCount + 3) / 4
    while digits > 0 {
      digits -= 1
      octets.append(UInt8(hexadecimalDigit: UInt8(truncatingIfNeeded: piece.count >> (4 * digits)) & 15))
    }
    octets.append(literal: "\r\n")
    octets.append(contentsOf: piece)
    octets.append(literal: "\r\n")
  }

  /// Writes the end of a content in chunks.
  package static func appendLastChunk(to octets: inout [UInt8]) { octets.append(literal: "0\r\n\r\n") }

  private static let own: UInt64 =
    HeaderName.Key.contentLength.bit | HeaderName.Key.transferEncoding.bit | HeaderName.Key.connection.bit | HeaderName.Key.date.bit
    | HeaderName.Key.xRequestID.bit | HeaderName.Key.keepAlive.bit | HeaderName.Key.trailer.bit | HeaderName.Key.upgrade.bit

  /// Writes one message after what the octets hold already; of one that is made while it is sent, the head.
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
    guard let count = response.body.count else {
      // Without a length and without chunks, the end of the connection is the end of the content (RFC 9112 §6.3).
      octets.append(literal: circumstances.isOld ? "\r\n" : "Transfer-Encoding: chunked\r\n\r\n")
      return
    }
    octets.append(literal: "Content-Length: ")
    octets.append(decimal: count)
    octets.append(literal: "\r\n\r\n")
    if !circumstances.isHead, case .octets(let body) = response.body { octets.append(contentsOf: body) }
  }
}
