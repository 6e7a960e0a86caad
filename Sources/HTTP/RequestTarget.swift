// SPDX-License-Identifier: Apache-2.0

/// What a request is about: path and query, validated when read, decoded when asked.
///
/// Whoever holds one knows that every segment and every query component decodes, and that no segment is `.` or `..`.
package struct RequestTarget: Sendable, Equatable {
  /// The target as it was received.
  package let octets: [UInt8]
  private let pathRange: Range<Int>
  private let queryRange: Range<Int>?
  private let authorityRange: Range<Int>?

  /// The path as it was received, escapes included; `*` for a request about the server itself.
  package var path: ArraySlice<UInt8> { pathRange.isEmpty ? [.slash] : octets[pathRange] }

  /// Host and port when the target named them (RFC 9112 §3.2.2); they then count, not the Host header.
  package var authority: String? { authorityRange.map { String(decoding: octets[$0], as: UTF8.self) } }

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

  /// The decoded query, empty when there is none.
  package var query: Query {
    guard let queryRange else { return Query(items: []) }
    let items = octets[queryRange].split(separator: 0x26).map { item in
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
    if octets[0] == .slash {
      (pathRange, queryRange) = try Self.pathAndQuery(octets, from: 0)
      authorityRange = nil
    } else if octets.holds("*") {
      guard method == .options else { throw .badTarget }
      (pathRange, queryRange, authorityRange) = (0..<1, nil, nil)
    } else {
      let start = try Self.authorityStart(octets)
      var end = start
      while end < octets.count, octets[end] != .slash, octets[end] != .questionMark { end += 1 }
      guard Authority.isSound(octets, start..<end) else { throw .badTarget }
      (pathRange, queryRange) = try Self.pathAndQuery(octets, from: end)
      authorityRange = start..<end
    }
    self.octets = octets.array()
  }

  private static func authorityStart(_ octets: Span<UInt8>) throws(Refusal) -> Int {
    if octets.count > 7, octets.extracting(0..<7).holdsIgnoringCase("http://") { return 7 }
    if octets.count > 8, octets.extracting(0..<8).holdsIgnoringCase("https://") { return 8 }
    throw .badTarget
  }

  /// Finds path and query and checks each part between delimiters.
  private static func pathAndQuery(_ octets: Span<UInt8>, from start: Int) throws(Refusal) -> (path: Range<Int>, query: Range<Int>?) {
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
    let path = start..<index
    guard index < octets.count else { return (path, nil) }
    index += 1
    let query = index..<octets.count
    try checkQuery(octets, query)
    return (path, query)
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
