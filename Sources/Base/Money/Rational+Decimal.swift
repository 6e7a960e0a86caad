// SPDX-License-Identifier: Apache-2.0

extension Rational {
  /// The most digits a decimal may have, on both sides of the point together.
  package static let decimalDigits = 30

  /// Reads a plain decimal: `80`, `-0.05`, `71.5`; no exponent, no sign `+`, no leading zero, no bare point.
  ///
  /// - Returns: `nil` for anything else, and beyond `decimalDigits`.
  package init?(decimal text: some StringProtocol) {
    guard let (units, places) = Self.units(ofDecimal: text), let denominator = Self.powerOfTen(places),
      let value = try? Rational(units, over: denominator)
    else { return nil }
    self = value
  }

  /// A decimal as an integer and how many of its digits stand behind the point.
  static func units(ofDecimal text: some StringProtocol) -> (units: Int128, places: Int)? {
    var units: Int128 = 0
    var whole = 0
    var places = 0
    var leadsWithZero = false
    var pointed = false
    var negative = false
    for (place, byte) in text.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "-") where place == 0: negative = true
      case UInt8(ascii: ".") where !pointed && whole > 0: pointed = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if pointed {
          places += 1
        } else {
          if leadsWithZero { return nil }
          leadsWithZero = whole == 0 && byte == UInt8(ascii: "0")
          whole += 1
        }
        guard whole + places <= decimalDigits else { return nil }
        units = units * 10 + Int128(byte - UInt8(ascii: "0"))
      default: return nil
      }
    }
    guard whole > 0, !pointed || places > 0 else { return nil }
    return (negative ? -units : units, places)
  }

  static func powerOfTen(_ exponent: Int) -> Int128? {
    guard exponent <= 38 else { return nil }
    return (0..<exponent).reduce(Int128(1)) { power, _ in power * 10 }
  }

  /// The digits of this value as a decimal, for an explanation.
  ///
  /// - Parameters:
  ///   - places: digits behind the point that are always shown.
  ///   - limit: digits behind the point that may be shown when the value ends within them.
  /// - Returns: the exact decimal where it ends within `limit` places; otherwise `places` digits, cut and not rounded, and `…`.
  package func decimal(places: Int = 0, limit: Int = 8) -> String {
    var remainder = numerator.magnitude % denominator.magnitude
    var digits: [UInt8] = []
    while digits.count < max(places, limit), remainder != 0 || digits.count < places {
      // remainder < denominator, so the product can only overflow for denominators near 2^127.
      let (scaled, overflow) = remainder.multipliedReportingOverflow(by: 10)
      if overflow { break }
      digits.append(UInt8(ascii: "0") + UInt8(scaled / denominator.magnitude))
      remainder = scaled % denominator.magnitude
    }
    let ends = remainder == 0
    if !ends { digits.removeLast(max(0, digits.count - max(places, 1))) }
    let whole = "\(isNegative ? "-" : "")\(numerator.magnitude / denominator.magnitude)"
    let fraction = String(decoding: digits, as: UTF8.self)
    return whole + (fraction.isEmpty ? "" : "." + fraction) + (ends ? "" : "…")
  }

  /// The value as `2500/3`, or as an integer.
  package var fraction: String { isInteger ? "\(numerator)" : "\(numerator)/\(denominator)" }
}

extension Rational: CustomStringConvertible {
  package var description: String { fraction }
}
