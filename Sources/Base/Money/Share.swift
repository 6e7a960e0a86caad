// SPDX-License-Identifier: Apache-2.0

/// A part of something, exact, written as a percentage: `50%`, `0.05%` (万分之五), `-2%`.
package struct Share: Sendable, Hashable {
  /// The share of one: a half for `50%`.
  package let value: Rational

  /// The most digits a percentage may have behind its point.
  package static let places = 8

  private init(value: Rational) { self.value = value }

  /// - Parameter percent: hundredths.
  package static func percent(_ percent: Int32) -> Share { Share(value: hundredths(Int128(percent), 1)) }

  /// - Parameter myriadths: ten-thousandths (万分之).
  package static func perMyriad(_ myriadths: Int32) -> Share { Share(value: hundredths(Int128(myriadths), 100)) }

  /// Reads `50%`, `0.05%`, `-2%`, or in words `百分之五十`, `千分之3`, `万分之五`; `nil` for anything else.
  package init?(_ text: String) {
    if text.utf8.last == UInt8(ascii: "%") {
      guard let (units, decimals) = Rational.units(ofDecimal: text.dropLast()), decimals <= Self.places, units.magnitude <= 1 << 80,
        let scale = Rational.powerOfTen(decimals)
      else { return nil }
      self.init(value: Self.hundredths(units, scale))
      return
    }
    for (word, scale) in [("百分之", Int128(1)), ("千分之", 10), ("万分之", 100)] where text.hasPrefix(word) {
      guard let count = SpokenNumber.value(of: text.dropFirst(word.count)) else { return nil }
      self.init(value: Self.hundredths(Int128(count), scale))
      return
    }
    return nil
  }

  /// The percentage: `0.05%`.
  package var text: String { percentage.decimal(limit: Self.places) + "%" }

  /// The number before the percent sign.
  package var percentage: Rational { (try? value * 100) ?? value }

  private static func hundredths(_ units: Int128, _ scale: Int128) -> Rational { (try? Rational(units, over: scale * 100)) ?? .zero }
}

extension Share: Comparable {
  package static func < (a: Share, b: Share) -> Bool { a.value < b.value }
}

extension Share: CustomStringConvertible {
  package var description: String { text }
}
