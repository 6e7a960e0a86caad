// SPDX-License-Identifier: Apache-2.0

extension JSON {
  /// The bytes of this value without white space, members in their order, numbers as written.
  package var bytes: [UInt8] {
    var writer = JSONWriter()
    writer.value(self)
    return writer.bytes
  }

  /// One byte sequence for one meaning, for hashing and comparing (RFC 8785).
  ///
  /// No white space, members sorted by their names' UTF-16 code units, numbers in the shortest form ECMAScript would print.
  /// Unlike RFC 8785 a number is taken as an exact decimal, not rounded to a double first.
  package var canonical: [UInt8] {
    var writer = JSONWriter()
    writer.value(sorted)
    return writer.bytes
  }

  private var sorted: JSON {
    switch self {
    case .object(let object):
      let members = object.members.map { (units: Array($0.name.utf16), member: $0) }
      return .object(
        JSONObject(
          members.sorted { $0.units.lexicographicallyPrecedes($1.units) }
            .map { .init(name: $0.member.name, value: $0.member.value.sorted) }))
    case .array(let elements): return .array(elements.map(\.sorted))
    case .number(let lexeme): return .number(Self.shortest(lexeme))
    default: return self
    }
  }

  /// An exact decimal in ECMAScript's notation (`Number::toString`); a lexeme with an absurd exponent stays as it is.
  private static func shortest(_ lexeme: String) -> String {
    var negative = false
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    var rest = lexeme.utf8[...]
    if rest.first == UInt8(ascii: "-") {
      negative = true
      rest = rest.dropFirst()
    }
    while let byte = rest.first, byte | 0x20 != UInt8(ascii: "e") {
      if byte == UInt8(ascii: ".") { point = digits.count } else { digits.append(byte) }
      rest = rest.dropFirst()
    }
    if !rest.isEmpty {
      guard let written = Int32(Substring(rest.dropFirst())) else { return lexeme }
      exponent = Int(written)
    }
    // The value is 0.d1d2d3… × 10^scale.
    var scale = (point ?? digits.count) + exponent
    let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
    digits.removeFirst(leading)
    scale -= leading
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    if digits.isEmpty { return "0" }

    let text = String(decoding: digits, as: UTF8.self)
    let sign = negative ? "-" : ""
    let count = digits.count
    if count <= scale, scale <= 21 { return sign + text + String(repeating: "0", count: scale - count) }
    if 0 < scale, scale <= 21 { return sign + text.prefix(scale) + "." + text.dropFirst(scale) }
    if -6 < scale, scale <= 0 { return sign + "0." + String(repeating: "0", count: -scale) + text }
    let power = scale - 1
    let mantissa = count == 1 ? text : text.prefix(1) + "." + text.dropFirst()
    return "\(sign)\(mantissa)e\(power < 0 ? "-" : "+")\(abs(power))"
  }
}
