// SPDX-License-Identifier: Apache-2.0
import Base

/// Who must be there.
package struct Staffing: Sendable, Hashable {
  /// What must be so before somebody is posted.
  package enum Condition: String, Sendable, Hashable, CaseIterable { case trained, pledged, approved }

  package enum Consent: String, Sendable, Hashable, CaseIterable { case officeConsent }

  package struct Post: Sendable, Hashable {
    package let id: String
    package let citation: Citation
    /// How many hold it; `nil` where the contract fixes no number.
    package let count: Int?
    /// Shifts that take turns.
    package let crews: Int?
    package let hours: ServiceHours
    /// Whether the persons are named to the office.
    package let isNamed: Bool
    package let before: [Condition]
  }

  package let id: String
  package let citation: Citation
  package let atLeast: Int?
  package let changeNeeds: Consent?
  package let posts: [Post]
}

extension Staffing {
  private static let post: Shape<Post> = .object(
    Field("id", .code), Citation.field, Field(optional: "count", .integer(1...10_000)), Field(optional: "crews", .integer(1...20)),
    Field("hours", .enumeration(ServiceHours.self)), Field("named", .bool, default: false),
    Field("before", .array(of: .enumeration(Condition.self), max: 3), default: [])
  ) { Post(id: $0, citation: $1, count: $2, crews: $3, hours: $4, isNamed: $5, before: $6) }

  static let shape: Shape<Staffing> = .object(
    "staffing", about: Text(zh: "人员配备：岗位、人数、班次和条件。", en: "Who must be there: posts, numbers, crews and conditions."),
    Field("id", .code), Citation.field, Field(optional: "atLeast", .integer(1...10_000)),
    Field(optional: "changeNeeds", .enumeration(Consent.self)), Field("posts", .array(of: post, max: 100, uniqueBy: "id", key: \.id))
  ) { Staffing(id: $0, citation: $1, atLeast: $2, changeNeeds: $3, posts: $4) }
}
