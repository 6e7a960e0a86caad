// SPDX-License-Identifier: Apache-2.0
import Base

/// An office's own rule of how incidents are decided, where its contracts say nothing, and what its score sheets have beneath.
package struct AppraisalRule: Sendable, Hashable {
  /// How long the vendor may answer a proposal before the office decides without its answer; nil: the office need not wait.
  package let answerWithin: Span?
  /// How long after the confirmation the vendor may dispute it; nil: without a limit.
  package let disputeWithin: Span?
  /// The titles under its score sheets.
  package let signatures: SheetSignatures

  package init(answerWithin: Span?, disputeWithin: Span?, signatures: SheetSignatures = .usual) {
    (self.answerWithin, self.disputeWithin, self.signatures) = (answerWithin, disputeWithin, signatures)
  }

  /// Where an office says nothing.
  package static let usual = AppraisalRule(answerWithin: nil, disputeWithin: nil)

  /// `settings.appraisal` of `office.json`.
  package static let shape: Shape<AppraisalRule> = .object(
    "appraisalRule",
    about: Text(
      zh: "考核事项如何决定：乙方答复的期限、对已确认事项提出异议的期限；评价表下方各栏的名称。",
      en:
        "How incidents are decided: the vendor's time to answer a proposal, and to dispute a confirmation; and the titles under a score sheet."
    ),
    Field(optional: "answerWithin", Span.shape), Field(optional: "disputeWithin", Span.shape),
    Field(optional: "signatures", SheetSignatures.shape)
  ) { AppraisalRule(answerWithin: $0, disputeWithin: $1, signatures: $2 ?? .usual) }

  /// The rule in an office's stored settings.
  package init(settings: JSON) {
    self = settings["settings"]?["appraisal"].flatMap { try? Self.shape.decode($0).get() } ?? .usual
  }
}
