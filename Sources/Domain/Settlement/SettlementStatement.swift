// SPDX-License-Identifier: Apache-2.0
import Base

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
  /// The end of the period: 24:00 of the last day, or the moment itself where hours count.
  package let end: Instant
  /// The first instant that is too late.
  package let outside: Instant
  package let explanation: Text
  /// How each part of the rule was counted.
  package let steps: [DeadlineExplanation]
  package let facts: [UUIDv7]

  init(_ deadline: Deadline, explanation: Text, steps: [DeadlineExplanation], facts: [UUIDv7]) {
    (lastDay, end, outside) = (deadline.lastDay, deadline.due, deadline.outside)
    (self.explanation, self.steps, self.facts) = (explanation, steps, facts)
  }

  /// The same date, found by comparing several.
  init(_ binding: DueDate, explanation: Text, steps: [DeadlineExplanation], facts: [UUIDv7]) {
    (lastDay, end, outside) = (binding.lastDay, binding.end, binding.outside)
    (self.explanation, self.steps, self.facts) = (explanation, steps, facts)
  }
}

extension SettlementStatement {
  /// What is still to be paid now.
  package var unpaid: Fen { (try? payable - paid).map { max($0, .zero) } ?? .zero }

  /// The sum of the claims: positive for what the vendor may demand, negative for what the office may.
  package var claimed: Fen { (try? Fen.sum(claims.map(\.amount))) ?? .zero }
}
