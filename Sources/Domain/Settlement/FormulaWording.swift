// SPDX-License-Identifier: Apache-2.0

/// How lines tell their computation: what was confirmed reads as it did then, whatever later statements say.
package enum FormulaWording: Sendable, Hashable, CaseIterable {
  /// A line of several cases says of each where a bound kept it.
  case current
  /// It did not: of several cases, and of one that happened several times, it gave what they came to without the bound.
  case bare

  /// Those that statements were confirmed with before.
  static var earlier: [FormulaWording] { allCases.filter { $0 != .current } }
}
