// SPDX-License-Identifier: Apache-2.0

/// What a request is about: path and query, validated when read, decoded when asked.
///
/// Whoever holds one knows that every segment and every query component decodes, and that no segment is `.` or `..`.
package struct RequestTarget: Sendable, Equatable {
  /// The target as it was received.
  package let octets: [UInt8]
  /// Where the path begins; an authority stands before it, behind `://`.
  private let pathStart: UInt32
  /// Where the path ends; a query follows behind its question mark, or nothing.
  private let pathEnd: UInt32
  /// Where the authority begins, 0 when there is none.
  private let authorityStart: UInt32

  /// The path as it was received, escapes included; `*` for a request about the server itself.
  package var path: ArraySlice<UInt8> { pathStart == pathEnd ? [.slash] : octets[Int(pathStart)..<Int(pathEnd)] }

  /// Host and port when the target named them (RFC 9112 §3.2.2); they then count, not the Host header.
  package var authority: String? {
    authorityStart == 0 ? nil : String(decoding: octets[Int(authorityStart)..<Int(pathStart)], as: UTF8.self)
  }

  /// The decoded segments of the path; an escaped slash is a character of its segment. `/` has one empty segment, `*` has none.
  package var segments: [String] {
    let path = path
    guard path.first == .slash else { return [] }
    var segments: [String] = []
    var start = path.startIndex + 1
    while true {
      let end = path[start...].firstIndex(of: .slash) ?? path.endIndex
      segments.append(Self.decoded(path[start..<end], plusIsSpace: false))
      guard end < path.endIndex else { return segments }
      start = end + 1
    }
  }

  /// Whether a query stands behind the path, be it an empty one.
  package var hasQuery: Bool { Int(pathEnd) < octets.count }

  /// The decoded query, empty when there is none.
  package var query: Query {
    let items = octets.dropFirst(Int(pathEnd) + 1).split(separator: 0x26).map { item in
      let middle = item.firstIndex(of: .equals)
      return Query.Item(
        name: Self.decoded(item[..<(middle ?? item.endIndex)], plusIsSpace: true),
        value: middle.map { Self.decoded(item[($0 + 1)...], plusIsSpace: true) } ?? "")
    }
    return Query(items: items)
  }

  private static func decoded(_ part: ArraySlice<UInt8>, plusIsSpace: Bool) -> String {
    guard part.contains(where: { $0 == .percent || $0 == .plus }) else { return String(decoding: part, as: UTF8.self) }
    let octets = part.span
    // Escapes were checked when the target was read, so this cannot fail for a target that exists.
    return PercentEncoding.decode(octets, octets.indices, plusIsSpace: plusIsSpace) ?? ""
  }
}

/// The decoded components of a query, in order.
package struct Query: Sendable {
  package struct Item: Sendable, Equatable {
    package let name: String
    package let value: String
  }

  package let items: [Item]

  /// The value of the first item of that name.
  package subscript(_ name: String) -> String? { items.first { $0.name == name }?.value }
}

extension RequestTarget {
  /// Reads a target in origin, absolute or asterisk form (RFC 9112 §3.2).
  init(_ octets: Span<UInt8>, method: Method) throws(Refusal) {
    guard !octets.isEmpty else { throw .badTarget }
    var start = 0
    var authority = 0
    if octets.holds("*") {
      guard method == .options else { throw .badTarget }
      pathEnd = 1
    } else {
      if octets[0] != .slash {
        authority = try Self.authorityStart(octets)
        start = authority
        while start < octets.count, octets[start] != .slash, octets[start] != .questionMark { start += 1 }
        guard Authority.isSound(octets, authority..<start) else { throw .badTarget }
      }
      pathEnd = UInt32(try Self.pathEnd(octets, from: start))
    }
    pathStart = UInt32(start)
    authorityStart = UInt32(authority)
    self.octets = octets.array()
  }

  private static func authorityStart(_ octets: Span<UInt8>) throws(Refusal) -> Int {
    if octets.count > 7, octets.extracting(0..<7).holdsIgnoringCase("http://") { return 7 }
    if octets.count > 8, octets.extracting(0..<8).holdsIgnoringCase("https://") { return 8 }
    throw .badTarget
  }

  /// Checks path and query, each part between delimiters, and finds where the path ends.
  private static func pathEnd(_ octets: Span<UInt8>, from start: Int) throws(Refusal) -> Int {
    var index = start
    var partStart = start + 1
    var escaped = false
    while index < octets.count, octets[index] != .questionMark {
      let octet = octets[index]
      guard octet.isPathCharacter else { throw .badTarget }
      if octet == .slash {
        if index > start { try checkSegment(octets, partStart..<index, escaped: escaped) }
        partStart = index + 1
        escaped = false
      } else if octet == .percent {
        escaped = true
      }
      index += 1
    }
    if index > start { try checkSegment(octets, partStart..<index, escaped: escaped) }
    if index < octets.count { try checkQuery(octets, index + 1..<octets.count) }
    return index
  }

  private static func checkSegment(_ octets: Span<UInt8>, _ range: Range<Int>, escaped: Bool) throws(Refusal) {
    if escaped {
      guard let text = PercentEncoding.decode(octets, range, plusIsSpace: false) else { throw .badEscape }
      if text == "." || text == ".." { throw .dotSegment }
    } else if range.count == 1 || range.count == 2 {
      for index in range where octets[index] != .dot { return }
      throw .dotSegment
    }
  }

  private static func checkQuery(_ octets: Span<UInt8>, _ range: Range<Int>) throws(Refusal) {
    var partStart = range.lowerBound
    var escaped = false
    for index in range {
      let octet = octets[index]
      guard octet.isQueryCharacter else { throw .badTarget }
      if octet == 0x26 || octet == .equals {
        if escaped, PercentEncoding.decode(octets, partStart..<index, plusIsSpace: true) == nil { throw .badEscape }
        partStart = index + 1
        escaped = false
      } else if octet == .percent {
        escaped = true
      }
    }
    if escaped, PercentEncoding.decode(octets, partStart..<range.upperBound, plusIsSpace: true) == nil { throw .badEscape }
  }
}
