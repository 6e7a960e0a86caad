// SPDX-License-Identifier: Apache-2.0
import Base

/// A kind of incident that the contract speaks of; what follows from it stands in the consequences.
package struct IncidentKind: Sendable, Hashable {
  /// What an incident of this kind is recorded about.
  package enum Subject: String, Sendable, Hashable, CaseIterable { case staff, order, team, party }

  /// What it takes off a score.
  package struct Points: Sendable, Hashable {
    package let series: String
    package let take: Rational
    /// Where the office decides between `take` and this.
    package let upTo: Rational?
  }

  /// What the platform finds on a work order and proposes an incident for.
  package enum Finding: String, Sendable, Hashable, CaseIterable {
    /// Not contacted, not solved, dissatisfied 零分工单.
    case zeroScore
  }

  package let id: String
  package let citation: Citation
  package let subject: Subject
  package let points: Points?
  package let finding: Finding?
}

extension IncidentKind {
  private static let pointsShape: Shape<Points> = .object(
    Field("series", .code), Field("take", .decimal()), Field(optional: "upTo", .decimal())
  ) { Points(series: $0, take: $1, upTo: $2) }

  static let shape: Shape<IncidentKind> = .object(
    "incidentKind", about: Text(zh: "合同所称的一类情形。", en: "A kind of incident the contract speaks of."),
    Field("id", .code), Citation.field, Field("subject", .enumeration(Subject.self)), Field(optional: "points", pointsShape),
    Field(optional: "finding", .enumeration(Finding.self))
  ) { IncidentKind(id: $0, citation: $1, subject: $2, points: $3, finding: $4) }
}
