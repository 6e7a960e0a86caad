// SPDX-License-Identifier: Apache-2.0

extension JSON {
  /// Nesting that `parse` allows unless told otherwise.
  package static let usualDepth = 64

  /// Reads one JSON text, strictly by RFC 8259 and in UTF-8 by RFC 3629.
  ///
  /// Refused, each with its place: a byte order mark, a name twice in one object, a lone surrogate, a raw control character,
  /// a leading zero, anything after the value, nesting deeper than `maximumDepth`.
  package static func parse(_ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int = usualDepth) throws(JSONError) -> JSON {
    var parser = JSONParser(bytes: bytes, maximumDepth: maximumDepth)
    return try parser.text()
  }

  package static func parse(_ bytes: [UInt8], maximumDepth: Int = usualDepth) throws(JSONError) -> JSON {
    try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) -> JSON in try parse(buffer, maximumDepth: maximumDepth) }
  }

  package static func parse(_ text: String, maximumDepth: Int = usualDepth) throws(JSONError) -> JSON {
    try parse(Array(text.utf8), maximumDepth: maximumDepth)
  }
}

/// Recursive descent over borrowed bytes; every read is checked against the end.
private struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  let maximumDepth: Int
  var offset = 0
  var depth = 0

  init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
  }

  mutating func text() throws(JSONError) -> JSON {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw error(.byteOrderMark) }
    skipSpace()
    let value = try value()
    skipSpace()
    guard offset == bytes.count else { throw error(.trailingBytes) }
    return value
  }

  private func error(_ reason: JSONError.Reason, at place: Int? = nil) -> JSONError {
    JSONError(reason, at: place ?? offset, in: bytes)
  }

  private func unexpected() -> JSONError { error(offset < bytes.count ? .unexpectedByte : .unexpectedEnd) }

  @inline(__always)
  private func peek() -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

  @inline(__always)
  private mutating func skipSpace() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x0A, 0x0D, 0x09: offset += 1
      default: return
      }
    }
  }

  private mutating func value() throws(JSONError) -> JSON {
    guard let byte = peek() else { throw error(.unexpectedEnd) }
    switch byte {
    case UInt8(ascii: "{"): return .object(try object())
    case UInt8(ascii: "["): return .array(try array())
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    default: throw unexpected()
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
    let start = word.utf8Start
    for place in 0..<word.utf8CodeUnitCount {
      guard peek() == start[place] else { throw unexpected() }
      offset += 1
    }
    return value
  }

  private mutating func enter() throws(JSONError) {
    guard depth < maximumDepth else { throw error(.tooDeep) }
    depth += 1
    offset += 1
    skipSpace()
  }

  private mutating func array() throws(JSONError) -> [JSON] {
    try enter()
    defer { depth -= 1 }
    var elements: [JSON] = []
    if peek() == UInt8(ascii: "]") {
      offset += 1
      return elements
    }
    while true {
      elements.append(try value())
      if try closes(UInt8(ascii: "]")) { return elements }
    }
  }

  private mutating func object() throws(JSONError) -> JSONObject {
    try enter()
    defer { depth -= 1 }
    var object = JSONObject(capacity: 8)
    if peek() == UInt8(ascii: "}") {
      offset += 1
      return object
    }
    while true {
      let place = offset
      guard peek() == UInt8(ascii: "\"") else { throw unexpected() }
      let name = try string()
      skipSpace()
      guard peek() == UInt8(ascii: ":") else { throw unexpected() }
      offset += 1
      skipSpace()
      let value = try value()
      guard object.append(name, value) else { throw error(.duplicateName, at: place) }
      if try closes(UInt8(ascii: "}")) { return object }
    }
  }

  /// After an element: whether the container ends here; otherwise stands before the next element.
  private mutating func closes(_ end: UInt8) throws(JSONError) -> Bool {
    skipSpace()
    guard let byte = peek(), byte == end || byte == UInt8(ascii: ",") else { throw unexpected() }
    offset += 1
    if byte == end { return true }
    skipSpace()
    return false
  }

  private mutating func digits() throws(JSONError) {
    let start = offset
    while let byte = peek(), byte &- UInt8(ascii: "0") < 10 { offset += 1 }
    guard offset > start else { throw error(.badNumber) }
  }

  private mutating func number() throws(JSONError) -> String {
    let start = offset
    if peek() == UInt8(ascii: "-") { offset += 1 }
    if peek() == UInt8(ascii: "0") {
      offset += 1
      if let byte = peek(), byte &- UInt8(ascii: "0") < 10 { throw error(.badNumber) }
    } else {
      try digits()
    }
    if peek() == UInt8(ascii: ".") {
      offset += 1
      try digits()
    }
    if let byte = peek(), byte | 0x20 == UInt8(ascii: "e") {
      offset += 1
      if let sign = peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { offset += 1 }
      try digits()
    }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private mutating func string() throws(JSONError) -> String {
    offset += 1
    let start = offset
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\"") {
        defer { offset += 1 }
        return try characters(UnsafeBufferPointer(rebasing: bytes[start..<offset]), from: start)
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      if byte < 0x20 { throw error(.controlCharacter) }
      offset += 1
    }
    throw error(.unexpectedEnd)
  }

  private func characters(_ utf8: UnsafeBufferPointer<UInt8>, from start: Int) throws(JSONError) -> String {
    do {
      return String(copying: try UTF8Span(validating: utf8.span))
    } catch {
      throw self.error(.invalidUTF8, at: start)
    }
  }

  /// The slower way, from the first backslash on: what is unescaped goes through a buffer of its own.
  private mutating func escapedString(from start: Int) throws(JSONError) -> String {
    var unescaped = Array(bytes[start..<offset])
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        return try unescaped.withUnsafeBufferPointer { (buffer) throws(JSONError) -> String in try characters(buffer, from: start) }
      case UInt8(ascii: "\\"):
        try escape(into: &unescaped)
      case 0..<0x20:
        throw error(.controlCharacter)
      default:
        unescaped.append(byte)
        offset += 1
      }
    }
    throw error(.unexpectedEnd)
  }

  private mutating func escape(into unescaped: inout [UInt8]) throws(JSONError) {
    let place = offset
    offset += 1
    guard let letter = peek() else { throw error(.unexpectedEnd) }
    offset += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(letter)
    case UInt8(ascii: "b"): unescaped.append(0x08)
    case UInt8(ascii: "f"): unescaped.append(0x0C)
    case UInt8(ascii: "n"): unescaped.append(0x0A)
    case UInt8(ascii: "r"): unescaped.append(0x0D)
    case UInt8(ascii: "t"): unescaped.append(0x09)
    case UInt8(ascii: "u"):
      let unit = try hexadecimal(escapedAt: place)
      var code = UInt32(unit)
      if unit & 0xF800 == 0xD800 {
        // A high surrogate must be followed by an escaped low one; nothing else makes a character of it.
        guard unit & 0x0400 == 0, peek() == UInt8(ascii: "\\"), offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "u")
        else { throw error(.loneSurrogate, at: place) }
        offset += 2
        let low = try hexadecimal(escapedAt: place)
        guard low & 0xFC00 == 0xDC00 else { throw error(.loneSurrogate, at: place) }
        code = 0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(low & 0x3FF))
      }
      guard let scalar = Unicode.Scalar(code) else { throw error(.loneSurrogate, at: place) }
      unescaped.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    default:
      throw error(.badEscape, at: place)
    }
  }

  private mutating func hexadecimal(escapedAt place: Int) throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = peek() else { throw error(.unexpectedEnd) }
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw error(.badEscape, at: place)
      }
      unit = unit << 4 | UInt16(digit)
      offset += 1
    }
    return unit
  }
}
