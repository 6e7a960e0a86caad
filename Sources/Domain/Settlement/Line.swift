// SPDX-License-Identifier: Apache-2.0
import Base

/// One line of a statement: an amount, the rule it follows from, and how it was found.
package struct Line: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The price of the instalment or period.
    case fee
    /// What the audit changes.
    case audit
    /// What follows from a measure.
    case charge
    /// What a rule's own bounds for the payment or the contract change.
    case bound
    /// What a cap over several rules takes away.
    case cap
    /// Withheld, and paid out again.
    case retention
    /// Owed from the payment before, to the payment after, and what is left at the end.
    case carryIn, carryOut, remainder
    /// What became of a confirmed statement by facts that were recorded or voided later.
    case correction
  }

  /// What a share was taken of.
  package struct BasisAmount: Sendable, Hashable {
    package let basis: Basis
    package let amount: ExactAmount
  }

  /// A bound of a single case that took hold.
  package struct AppliedBound: Sendable, Hashable {
    package let isCeiling: Bool
    package let limit: ExactAmount
    package let words: Text
  }

  /// The payment that a correction is of.
  package struct Correction: Sendable, Hashable {
    package let payment: String
    package let name: Text
  }

  package let kind: Kind
  /// The item of the contract.
  package let rule: String
  package let citation: Citation
  /// The computation in words, with its result: `（80 − 71.666…）取整 8 分 × 100.00 元 = 800.00 元`.
  package let formula: Text
  package let basis: BasisAmount?
  package let quantity: Rational?
  package let unit: Text?
  /// The amount or share for one unit: `100.00`, `0.05%`.
  package let rate: String?
  package let bounds: [AppliedBound]
  /// Positive for what the vendor receives, negative for what it owes; before and after the one rounding.
  package let unrounded: ExactAmount
  package let amount: Fen
  package let facts: [UUIDv7]
  /// The revision it was computed by, as its place in the chain.
  package let revision: Int
  /// The day that decides which revision holds.
  package let day: CivilDate
  package let correction: Correction?

  /// The side that owes it, `nil` for nothing.
  package var owedBy: Party? { amount.isNegative ? .vendor : amount == .zero ? nil : .office }

  /// A line rounds once, here.
  init(
    _ kind: Kind, rule: String, _ citation: Citation, formula: Text, basis: BasisAmount? = nil, quantity: Rational? = nil,
    unit: Text? = nil,
    rate: String? = nil, bounds: [AppliedBound] = [], amount: ExactAmount, facts: [UUIDv7] = [], revision: Int, day: CivilDate,
    correction: Correction? = nil
  ) throws(ArithmeticError) {
    self.kind = kind
    self.rule = rule
    self.citation = citation
    self.formula = formula
    self.basis = basis
    self.quantity = quantity
    self.unit = unit
    self.rate = rate
    self.bounds = bounds
    unrounded = amount
    self.amount = try amount.rounded()
    self.facts = facts
    self.revision = revision
    self.day = day
    self.correction = correction
  }
}
