// SPDX-License-Identifier: Apache-2.0

/// The request line and the fields of a request while they are read, and what they say of the rest of the message.
struct RequestHead: Sendable {
  /// How the content is delimited.
  enum Framing: Sendable, Equatable {
    case length(Int)
    case chunked
  }

  let method: Method
  let target: RequestTarget
  let minorVersion: UInt8
  private(set) var headers = Headers()
  private var contentLength: Int?
  private var isChunked = false
  private var closes: Bool
  private var expectsContinue = false

  /// The longest method that is looked at; nothing real is longer (RFC 9110 §9.1 asks for 501 then).
  private static let longestMethod = 32

  /// The fields that may stand only once; which of two counts is what attackers and proxies disagree about.
  private static let once: UInt64 = [
    HeaderName.Key.host, .contentLength, .transferEncoding, .contentType, .authorization, .cookie, .origin, .idempotencyKey,
    .ifModifiedSince, .range,
  ].reduce(0) { $0 | $1.bit }

  /// Reads a request line (RFC 9112 §3): three parts with exactly one space between.
  init(requestLine line: Span<UInt8>) throws(Refusal) {
    guard let space = line.firstIndex(of: .space, in: line.indices) else { throw .badRequestLine }
    guard let method = Method(line.extracting(0..<space)) else { throw .badMethod }
    guard space <= Self.longestMethod, method != .connect else { throw .methodNotSupported }
    let versionStart = line.count - 8
    guard versionStart > space + 1, line[versionStart - 1] == .space else { throw .badRequestLine }
    let version = line.extracting(versionStart..<line.count)
    guard version.extracting(0..<5).holds("HTTP/"), version[5].isDigit, version[6] == .dot, version[7].isDigit else {
      throw .badRequestLine
    }
    guard version[5] == .zero + 1 else { throw .versionNotSupported }
    self.method = method
    target = try RequestTarget(line.extracting(space + 1..<versionStart - 1), method: method)
    minorVersion = version[7] == .zero ? 0 : 1
    closes = minorVersion == 0
  }

  /// Reads one field line (RFC 9112 §5) and what it means for the message.
  mutating func takeField(_ line: Span<UInt8>) throws(Refusal) {
    let parts = try FieldLine(line)
    let key = HeaderName.Key(line.extracting(parts.name))
    if key != .other {
      if key.bit & Self.once != 0, headers.contains(anyOf: key.bit) { throw .repeatedField }
      let value = line.extracting(parts.value)
      switch key {
      case .host: guard Authority.isSound(value, value.indices) else { throw .badHost }
      case .contentLength: contentLength = try Self.length(value)
      case .transferEncoding: isChunked = try Self.chunked(value)
      case .connection: try takeConnection(value)
      case .expect:
        guard value.holdsIgnoringCase("100-continue") else { throw .expectationNotMet }
        expectsContinue = minorVersion > 0
      default: break
      }
    }
    headers.append(received: line, key: key, name: parts.name, value: parts.value)
  }

  /// Decides, after the last field, how the content is delimited (RFC 9112 §6.3).
  func framing() throws(Refusal) -> Framing {
    guard headers.contains(anyOf: HeaderName.Key.host.bit) || minorVersion == 0 else { throw .missingHost }
    guard isChunked else { return .length(contentLength ?? 0) }
    guard contentLength == nil else { throw .conflictingLength }
    guard minorVersion > 0 else { throw .badTransferEncoding }
    return .chunked
  }

  /// Whether the client waits to be told to send the content.
  func waits(for framing: Framing) -> Bool { expectsContinue && framing != .length(0) }

  /// The request with its content.
  func request(body: [UInt8]) -> Request {
    Request(
      method, target: target, minorVersion: minorVersion, headers: headers, body: body, closesConnection: closes)
  }

  /// Reads a length: digits and nothing else, so that no sign, list or base is understood by one and not by another.
  private static func length(_ value: Span<UInt8>) throws(Refusal) -> Int {
    guard (1...19).contains(value.count) else { throw .badContentLength }
    var length = 0
    for index in value.indices {
      guard value[index].isDigit else { throw .badContentLength }
      let (tens, tensOverflow) = length.multipliedReportingOverflow(by: 10)
      let (sum, sumOverflow) = tens.addingReportingOverflow(Int(value[index] - .zero))
      guard !tensOverflow, !sumOverflow else { throw .badContentLength }
      length = sum
    }
    return length
  }

  /// Reads the transfer codings: `chunked` alone is taken; others before it are not supported; anything else leaves the length open.
  private static func chunked(_ value: Span<UInt8>) throws(Refusal) -> Bool {
    if value.holdsIgnoringCase("chunked") { return true }
    var chunkedCount = 0
    var endsChunked = false
    try forEachElement(value, orElse: .badTransferEncoding) { element in
      endsChunked = element.holdsIgnoringCase("chunked")
      if endsChunked { chunkedCount += 1 }
    }
    throw endsChunked && chunkedCount == 1 ? .transferCodingNotSupported : .badTransferEncoding
  }

  private mutating func takeConnection(_ value: Span<UInt8>) throws(Refusal) {
    var closing = false
    try Self.forEachElement(value, orElse: .badConnection) { element in
      if element.holdsIgnoringCase("close") { closing = true }
    }
    if closing { closes = true }
  }

  /// Walks over the tokens of a comma-separated list, empty elements skipped (RFC 9110 §5.6.1).
  private static func forEachElement(
    _ value: Span<UInt8>, orElse refusal: Refusal, _ body: (Span<UInt8>) -> Void
  ) throws(Refusal) {
    var start = 0
    while start <= value.count {
      let end = value.firstIndex(of: .comma, in: start..<value.count) ?? value.count
      let range = value.trimmed(start..<end)
      for index in range where !value[index].isTokenCharacter { throw refusal }
      if !range.isEmpty { body(value.extracting(range)) }
      start = end + 1
    }
  }
}

/// Where name and value of a field line stand, both checked octet by octet.
struct FieldLine {
  let name: Range<Int>
  let value: Range<Int>

  /// Reads a field line; white space before the colon and folded lines are refused (RFC 9112 §5.1, §5.2).
  init(_ line: Span<UInt8>) throws(Refusal) {
    guard !line.isEmpty, line[0] != .space, line[0] != .tab else { throw .foldedField }
    var colon = 0
    while colon < line.count, line[colon].isTokenCharacter { colon += 1 }
    guard colon > 0, colon < line.count, line[colon] == .colon else { throw .badFieldName }
    for index in colon + 1..<line.count where !line[index].isFieldValueCharacter { throw .badFieldValue }
    name = 0..<colon
    value = line.trimmed(colon + 1..<line.count)
  }
}

extension Span<UInt8> {
  /// The range without spaces and tabs at its ends.
  @inline(__always)
  fileprivate func trimmed(_ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, self[start] == .space || self[start] == .tab { start += 1 }
    while end > start, self[end - 1] == .space || self[end - 1] == .tab { end -= 1 }
    return start..<end
  }
}
