// SPDX-License-Identifier: Apache-2.0
import Base

/// How often a score or a grade is given.
package enum SeriesPace: String, Sendable, Hashable, CaseIterable {
  /// Once for every payment's period.
  case period
  /// Once for every month of the term.
  case month
}

/// A score given again and again.
package struct ScoreSeries: Sendable, Hashable {
  package enum Subject: String, Sendable, Hashable, CaseIterable { case staff, team }

  package let id: String
  package let citation: Citation
  package let pace: SeriesPace
  package let subject: Subject
  /// What a subject without a recorded score starts from, before incidents take points off.
  package let start: Rational?
  /// The least a subject can have after points are taken.
  package let floor: Rational?
  /// The form it is found with.
  package let sheet: String?

  static let shape: Shape<ScoreSeries> = .object(
    "scoreSeries", about: Text(zh: "按期或按月的评分。", en: "A score given by the period or the month."),
    Field("id", .code), Citation.field, Field("per", .enumeration(SeriesPace.self)), Field("subject", .enumeration(Subject.self)),
    Field(optional: "start", .decimal()), Field(optional: "floor", .decimal()), Field(optional: "sheet", .code)
  ) { ScoreSeries(id: $0, citation: $1, pace: $2, subject: $3, start: $4, floor: $5, sheet: $6) }
}

/// A grade given again and again, from a scale of words.
package struct GradeSeries: Sendable, Hashable {
  package struct Step: Sendable, Hashable {
    /// As the contract calls it.
    package let grade: String
    package let en: String
    /// What must be reached for it, where the contract says so.
    package let criterion: Text?
  }

  package let id: String
  package let citation: Citation
  package let pace: SeriesPace
  /// From the best to the worst.
  package let scale: [Step]
  package let proposedBy: String?
  package let decidedBy: String?
  /// The contract's own events that are recorded when a grade of the series is proposed and when it is decided; nil where it has none of them.
  package let proposed: ContractEvent?
  package let decided: ContractEvent?

  private struct Events { let proposed, decided: ContractEvent? }

  private static let events: Shape<Events> = .object(
    Field(optional: "proposed", ContractEvent.shape), Field(optional: "decided", ContractEvent.shape)
  ) { Events(proposed: $0, decided: $1) }

  private static let step: Shape<Step> = .object(
    Field("grade", .string(minLength: 1, maxLength: 40)), Field("en", .string(minLength: 1, maxLength: 40)),
    Field(optional: "criterion", Text.shape)
  ) { Step(grade: $0, en: $1, criterion: $2) }

  static let shape: Shape<GradeSeries> = .object(
    "gradeSeries", about: Text(zh: "按期或按月的等次，由高到低。", en: "A grade given by the period or the month, the scale from best to worst."),
    Field("id", .code), Citation.field, Field("per", .enumeration(SeriesPace.self)),
    Field("scale", .array(of: step, min: 2, max: 20, uniqueBy: "grade", key: \.grade)),
    Field(optional: "proposedBy", .code), Field(optional: "decidedBy", .code), Field(optional: "events", events)
  ) {
    GradeSeries(
      id: $0, citation: $1, pace: $2, scale: $3, proposedBy: $4, decidedBy: $5, proposed: $6?.proposed, decided: $6?.decided)
  }
}
