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

  /// The side that owes it, `nil` for nothing.
  package var owedBy: Party? { amount.isNegative ? .vendor : amount == .zero ? nil : .office }

  /// A line rounds once, here.
  init(
    _ kind: Kind, rule: String, _ citation: Citation, formula: Text, basis: BasisAmount? = nil, quantity: Rational? = nil,
    unit: Text? = nil,
    rate: String? = nil, bounds: [AppliedBound] = [], amount: ExactAmount, facts: [UUIDv7] = [], revision: Int, day: CivilDate
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
  }
}

/// Something still missing for a statement that holds for good.
package struct Pending: Sendable, Hashable {
  /// Stable, in kebab-case.
  package let code: String
  package let text: Text
  /// The item of the contract that waits for it.
  package let rule: String?

  init(_ code: String, rule: String? = nil, zh: String, en: String) {
    self.code = code
    text = Text(zh: zh, en: en)
    self.rule = rule
  }
}

/// A right that arose from what happened.
package struct ArisenRight: Sendable, Hashable {
  package let rule: String
  package let citation: Citation
  package let holders: [Party]
  package let act: Right.Act
  package let notice: Span?
  /// The first day it can be used.
  package let since: CivilDate
  package let explanation: Text
  package let facts: [UUIDv7]
  package let revision: Int
}

/// Until when a payment is due, and why.
package struct DueDate: Sendable, Hashable {
  package let lastDay: CivilDate
  package let explanation: Text
  /// How each part of the rule was counted.
  package let steps: [DeadlineExplanation]
  package let facts: [UUIDv7]
}

/// What is owed for one payment, and how that was found.
package struct SettlementStatement: Sendable, Hashable {
  package enum Due: Sendable, Hashable {
    case by(DueDate)
    /// Owed from that day on; the contract sets no limit.
    case from(CivilDate, Text)
    /// These events have not happened.
    case waiting([Text])
    case unknown(Text)
  }

  package let contract: String
  package let title: Text
  package let office: String
  package let vendor: String
  package let payment: ScheduledPayment
  package let asOf: CivilDate
  /// The lines that make up what is paid now; they sum to `payable`.
  package let lines: [Line]
  package let payable: Fen
  package let due: Due
  /// Demanded apart from this payment.
  package let claims: [Line]
  /// What is withheld in all after this payment.
  package let retained: Fen
  /// What the vendor still owes and the next payment takes over.
  package let carriedOut: Fen
  package let paid: Fen
  package let rights: [ArisenRight]
  package let pending: [Pending]
  /// The revisions of the chain, for the lines to point at.
  package let revisions: [ContractDocument.Revision]

  /// Whether nothing is missing.
  package var isDefinitive: Bool { pending.isEmpty }
}
