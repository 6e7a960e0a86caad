// SPDX-License-Identifier: Apache-2.0

/// An amount of money in fen, a hundredth of a yuan; negative where it is owed the other way.
///
/// Arithmetic throws `ArithmeticError.overflow` instead of trapping: amounts come from outside.
package struct Fen: Sendable, Hashable {
  package let count: Int64

  package static let zero = Fen(0)

  package init(_ count: Int64) { self.count = count }

  package static func + (a: Fen, b: Fen) throws(ArithmeticError) -> Fen { Fen(try checked(a.count.addingReportingOverflow(b.count))) }

  package static func - (a: Fen, b: Fen) throws(ArithmeticError) -> Fen {
    Fen(try checked(a.count.subtractingReportingOverflow(b.count)))
  }

  package func times(_ number: Int64) throws(ArithmeticError) -> Fen {
    Fen(try checked(count.multipliedReportingOverflow(by: number)))
  }

  package func negated() throws(ArithmeticError) -> Fen { try .zero - self }

  package var isNegative: Bool { count < 0 }

  /// - Throws: `overflow` when the sum does not fit.
  package static func sum(_ amounts: some Sequence<Fen>) throws(ArithmeticError) -> Fen {
    var sum = Fen.zero
    for amount in amounts { sum = try sum + amount }
    return sum
  }
}

extension Fen: Comparable {
  package static func < (a: Fen, b: Fen) -> Bool { a.count < b.count }
}

// MARK: yuan

extension Fen {
  /// Reads a decimal of yuan with at most two places: `2098750.00`, `-100`, `0.5`; `nil` for anything else.
  package init?(yuan text: some StringProtocol) {
    guard let (units, places) = Rational.units(ofDecimal: text), places <= 2,
      let count = Int64(exactly: units * (places == 0 ? 100 : places == 1 ? 10 : 1))
    else { return nil }
    self.init(count)
  }

  /// The amount in yuan with two places, as machines read it: `2098750.00`.
  package var yuan: String {
    let (whole, rest) = count.magnitude.quotientAndRemainder(dividingBy: 100)
    return "\(isNegative ? "-" : "")\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// The amount in yuan with thousands set apart, as people read it: `2,098,750.00`.
  package var grouped: String {
    let yuan = self.yuan
    let digits = yuan.dropLast(3).drop { $0 == "-" }
    var text = isNegative ? "-" : ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return text + yuan.suffix(3)
  }
}

extension Fen: CustomStringConvertible {
  package var description: String { yuan }
}

extension JSONWriter {
  /// Writes `{"fen": 41975000, "yuan": "419750.00"}`.
  package mutating func fen(_ amount: Fen) {
    beginObject()
    key("fen")
    integer(amount.count)
    key("yuan")
    // Seventeen digits, a point, a sign and the quotes.
    put(24) { place in
      let (whole, rest) = amount.count.magnitude.quotientAndRemainder(dividingBy: 100)
      var count = 0
      func append(_ byte: UInt8) {
        place[count] = byte
        count += 1
      }
      append(UInt8(ascii: "\""))
      if amount.isNegative { append(UInt8(ascii: "-")) }
      count += writeDecimal(Int64(whole), at: place.advanced(by: count))
      append(UInt8(ascii: "."))
      writeDigits(rest, count: 2, at: place.advanced(by: count))
      count += 2
      append(UInt8(ascii: "\""))
      return count
    }
    endObject()
  }
}
