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

  /// What the contract lets be demanded of the vendor about its people; the duty that begins with it gives it its clock.
  package struct Demand: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
      /// Somebody is to be replaced.
      case replacement
      /// Somebody is to be taken off after a grave fault, and replaced.
      case removal
      /// A post that fell vacant is to be filled.
      case vacancy
    }

    package let kind: Kind
    package let citation: Citation
    /// The event with which it begins.
    package let opens: ContractEvent
    /// The event that says that the person has left, where the contract speaks of it apart.
    package let left: ContractEvent?
    /// The event that says that somebody has taken the place.
    package let filled: ContractEvent
    /// The kind of incident that is proposed where who came in place of somebody is demanded to be replaced again.
    package let again: String?
  }

  /// The events by which a change of staff and the office's consent to it are known.
  package struct ChangeEvents: Sendable, Hashable {
    package let asked: ContractEvent
    package let consented: ContractEvent
  }

  package let id: String
  package let citation: Citation
  package let atLeast: Int?
  package let changeNeeds: Consent?
  /// Nil where the contract knows no events of it.
  package let change: ChangeEvents?
  package let posts: [Post]
  /// At most one of each kind.
  package let demands: [Demand]
}

extension Staffing {
  private static let post: Shape<Post> = .object(
    Field("id", .code), Citation.field, Field(optional: "count", .integer(1...10_000)), Field(optional: "crews", .integer(1...20)),
    Field("hours", .enumeration(ServiceHours.self)), Field("named", .bool, default: false),
    Field("before", .array(of: .enumeration(Condition.self), max: 3), default: [])
  ) { Post(id: $0, citation: $1, count: $2, crews: $3, hours: $4, isNamed: $5, before: $6) }

  private static let demand: Shape<Demand> = .object(
    "staffDemand",
    about: Text(zh: "对人员的要求：更换、退回、补缺，及其起止事件。", en: "What may be demanded about staff, and the events it begins and ends with."),
    Field("kind", .enumeration(Demand.Kind.self)), Citation.field, Field("opens", ContractEvent.shape),
    Field(optional: "left", ContractEvent.shape), Field("filled", ContractEvent.shape), Field(optional: "again", .code)
  ) { Demand(kind: $0, citation: $1, opens: $2, left: $3, filled: $4, again: $5) }

  private static let changeEvents: Shape<ChangeEvents> = .object(
    Field("asked", ContractEvent.shape), Field("consented", ContractEvent.shape)
  ) { ChangeEvents(asked: $0, consented: $1) }

  static let shape: Shape<Staffing> = .object(
    "staffing", about: Text(zh: "人员配备：岗位、人数、班次和条件。", en: "Who must be there: posts, numbers, crews and conditions."),
    Field("id", .code), Citation.field, Field(optional: "atLeast", .integer(1...10_000)),
    Field(optional: "changeNeeds", .enumeration(Consent.self)), Field(optional: "change", changeEvents),
    Field("posts", .array(of: post, max: 100, uniqueBy: "id", key: \.id)),
    Field("demands", .array(of: demand, max: 3, uniqueBy: "kind", key: \.kind.rawValue), default: [])
  ) { Staffing(id: $0, citation: $1, atLeast: $2, changeNeeds: $3, change: $4, posts: $5, demands: $6) }
}
