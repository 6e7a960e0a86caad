// SPDX-License-Identifier: Apache-2.0

/// How lines tell their computation, in the order in which it changed: what was confirmed reads as it did then, whatever later statements say.
package enum FormulaWording: Int, Sendable, Hashable, CaseIterable, Comparable {
  /// Cases that a bound kept were given as what they came to without it.
  case bare
  /// A line of several cases says of each where a bound kept it.
  case bounded
  /// The days of a hold-over have the colon of their language.
  case punctuated

  /// That of statements made now.
  static let current = FormulaWording.punctuated

  /// Those that statements were confirmed with before, the last first.
  static var earlier: [FormulaWording] { allCases.filter { $0 < .current }.reversed() }

  package static func < (a: FormulaWording, b: FormulaWording) -> Bool { a.rawValue < b.rawValue }
}
