// SPDX-License-Identifier: Apache-2.0

/// An amount of money before its one rounding: exact, in fen.
package struct ExactAmount: Sendable, Hashable {
  /// Fen, and parts of a fen.
  package let fen: Rational

  package static let zero = ExactAmount(fen: 0)

  package init(fen: Rational) { self.fen = fen }
  package init(_ amount: Fen) { fen = Rational(amount.count) }

  package static func + (a: ExactAmount, b: ExactAmount) throws(ArithmeticError) -> ExactAmount { ExactAmount(fen: try a.fen + b.fen) }
  package static func - (a: ExactAmount, b: ExactAmount) throws(ArithmeticError) -> ExactAmount { ExactAmount(fen: try a.fen - b.fen) }
  package static func * (a: ExactAmount, factor: Rational) throws(ArithmeticError) -> ExactAmount { ExactAmount(fen: try a.fen * factor) }
  package static func / (a: ExactAmount, divisor: Rational) throws(ArithmeticError) -> ExactAmount { ExactAmount(fen: try a.fen / divisor) }
  package static prefix func - (a: ExactAmount) -> ExactAmount { ExactAmount(fen: -a.fen) }

  /// The one rounding at the end of a line: to the nearest fen, half up; for a negative amount half away from zero, so that
  /// a penalty and its reversal cancel.
  ///
  /// - Throws: `overflow` beyond 64 bits of fen.
  package func rounded() throws(ArithmeticError) -> Fen { Fen(try fen.rounded()) }

  /// Whether rounding would leave the amount as it is.
  package var isWhole: Bool { fen.isInteger }

  /// Yuan as a decimal for an explanation: `833.33…` where it does not end, `12.345` where it does, two places at least.
  package var yuan: String { inYuan?.decimal(places: 2) ?? "\(fen.decimal(places: 2)) fen" }

  /// Yuan as a fraction for an explanation: `2500/3`.
  package var yuanFraction: String { inYuan?.fraction ?? "\(fen.numerator)/(\(fen.denominator)×100)" }

  private var inYuan: Rational? { try? fen / 100 }
}

extension ExactAmount: Comparable {
  package static func < (a: ExactAmount, b: ExactAmount) -> Bool { a.fen < b.fen }
}

extension Fen {
  package static func * (amount: Fen, factor: Rational) throws(ArithmeticError) -> ExactAmount { try ExactAmount(amount) * factor }
  package static func * (amount: Fen, share: Share) throws(ArithmeticError) -> ExactAmount { try amount * share.value }
  package static func / (amount: Fen, divisor: Rational) throws(ArithmeticError) -> ExactAmount { try ExactAmount(amount) / divisor }
}
