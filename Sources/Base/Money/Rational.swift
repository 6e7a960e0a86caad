// SPDX-License-Identifier: Apache-2.0

/// Why exact arithmetic has no answer.
package enum ArithmeticError: Error, Sendable, Hashable {
  /// The result, or a step on the way, is larger than the type holds.
  case overflow
  case divisionByZero
}

/// An exact fraction of 128-bit integers, in lowest terms, the denominator positive.
///
/// Every operation gives the exact result or throws `ArithmeticError`; none traps and none rounds.
package struct Rational: Sendable, Hashable {
  package let numerator: Int128
  package let denominator: Int128

  package static let zero = Rational(0)
  package static let one = Rational(1)

  package init(_ value: Int64) {
    numerator = Int128(value)
    denominator = 1
  }

  package init(_ value: Int) { self.init(Int64(value)) }

  package init(_ numerator: Int128, over denominator: Int128) throws(ArithmeticError) {
    guard denominator != 0 else { throw .divisionByZero }
    // The magnitudes are reduced first, so the least integer only fails where it really does not fit.
    let divisor = greatestCommonDivisor(numerator.magnitude, denominator.magnitude)
    let top = numerator.magnitude / divisor
    guard let bottom = Int128(exactly: denominator.magnitude / divisor), let magnitude = Int128(exactly: top) else { throw .overflow }
    self.numerator = (numerator < 0) == (denominator < 0) ? magnitude : -magnitude
    self.denominator = bottom
  }

  private init(reducedNumerator numerator: Int128, denominator: Int128) {
    self.numerator = numerator
    self.denominator = denominator
  }

  package var isInteger: Bool { denominator == 1 }
  package var isNegative: Bool { numerator < 0 }
}

extension Rational {
  package static func + (a: Rational, b: Rational) throws(ArithmeticError) -> Rational {
    if a.denominator == b.denominator {
      return try Rational(checked(a.numerator.addingReportingOverflow(b.numerator)), over: a.denominator)
    }
    let divisor = Int128(greatestCommonDivisor(a.denominator.magnitude, b.denominator.magnitude))
    let left = try checked(a.numerator.multipliedReportingOverflow(by: b.denominator / divisor))
    let right = try checked(b.numerator.multipliedReportingOverflow(by: a.denominator / divisor))
    let denominator = try checked(a.denominator.multipliedReportingOverflow(by: b.denominator / divisor))
    return try Rational(checked(left.addingReportingOverflow(right)), over: denominator)
  }

  package static func - (a: Rational, b: Rational) throws(ArithmeticError) -> Rational { try a + -b }

  package static func * (a: Rational, b: Rational) throws(ArithmeticError) -> Rational {
    // Crosswise reduction keeps the products as small as they can be.
    let first = Int128(greatestCommonDivisor(a.numerator.magnitude, b.denominator.magnitude))
    let second = Int128(greatestCommonDivisor(b.numerator.magnitude, a.denominator.magnitude))
    let numerator = try checked((a.numerator / first).multipliedReportingOverflow(by: b.numerator / second))
    // Its negation would not fit.
    if numerator == .min { throw .overflow }
    return Rational(
      reducedNumerator: numerator,
      denominator: try checked((a.denominator / second).multipliedReportingOverflow(by: b.denominator / first)))
  }

  package static func / (a: Rational, b: Rational) throws(ArithmeticError) -> Rational {
    try a * Rational(b.denominator, over: b.numerator)
  }

  /// Never overflows: no value has the least integer as its numerator.
  package static prefix func - (a: Rational) -> Rational { Rational(reducedNumerator: -a.numerator, denominator: a.denominator) }

  package var magnitude: Rational { isNegative ? -self : self }

  /// The greatest integer not above this.
  package var floor: Int128 {
    let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// The integer part, towards zero.
  package var truncated: Int128 { numerator / denominator }

  /// The nearest integer; a half goes away from zero, so an amount and its negation round alike.
  ///
  /// - Throws: `overflow` when it does not fit 64 bits.
  package func rounded() throws(ArithmeticError) -> Int64 {
    let (quotient, remainder) = numerator.magnitude.quotientAndRemainder(dividingBy: denominator.magnitude)
    let nearest = remainder >= denominator.magnitude - remainder ? quotient + 1 : quotient
    guard let magnitude = Int128(exactly: nearest), let result = Int64(exactly: isNegative ? -magnitude : magnitude) else {
      throw .overflow
    }
    return result
  }
}

extension Rational: Comparable {
  package static func < (a: Rational, b: Rational) -> Bool {
    let left = a.numerator.multipliedFullWidth(by: b.denominator)
    let right = b.numerator.multipliedFullWidth(by: a.denominator)
    return left.high != right.high ? left.high < right.high : left.low < right.low
  }
}

extension Rational: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int64) { self.init(value) }
}

/// The sum of an overflow-reporting operation, or the error.
@inline(__always)
func checked<Value>(_ result: (partialValue: Value, overflow: Bool)) throws(ArithmeticError) -> Value {
  if result.overflow { throw .overflow }
  return result.partialValue
}

func greatestCommonDivisor(_ a: UInt128, _ b: UInt128) -> UInt128 {
  // Nearly all operands fit 64 bits, where division is an instruction and not a call.
  if var a = UInt64(exactly: a), var b = UInt64(exactly: b) {
    while b != 0 { (a, b) = (b, a % b) }
    return UInt128(max(a, 1))
  }
  var (a, b) = (a, b)
  while b != 0 { (a, b) = (b, a % b) }
  return max(a, 1)
}
