// SPDX-License-Identifier: Apache-2.0
import Base

/// What a part of a contract treats; also said of headings and references, so that the two can be compared.
package enum Topic: String, Sendable, Hashable, CaseIterable {
  case definitions, scope, place, term, fee, payment, officeDuties, vendorDuties, appraisal, acceptance, delivery, intellectualProperty
  case confidentiality, breach, liability, forceMajeure, disputes, renewal, change, assignment, termination, nonSolicitation, notices
  case precedence, general
}

/// A clause that is shown but not computed with.
package struct Provision: Sendable, Hashable {
  package let id: String
  package let citation: Citation
  package let about: Topic

  static let shape: Shape<Provision> = .object(
    "provision", about: Text(zh: "仅供查阅、不参与计算的条款。", en: "A clause that is shown but not computed with."),
    Field("id", .code), Citation.field, Field("about", .enumeration(Topic.self))
  ) { Provision(id: $0, citation: $1, about: $2) }
}

/// How often and how far the contract may be renewed.
package struct Renewal: Sendable, Hashable {
  package let id: String
  package let citation: Citation
  package let times: Int?
  /// Of all terms together.
  package let totalAtMost: Span?
  /// Of the original price.
  package let increaseAtMost: Share?
  /// The duty that announces it.
  package let notice: String?

  static let shape: Shape<Renewal> = .object(
    "renewal", about: Text(zh: "续签次数、总期限和加价的限制。", en: "Limits on renewals, on the whole term and on the increase."),
    Field("id", .code), Citation.field, Field(optional: "times", .integer(0...100)), Field(optional: "totalAtMost", Span.shape),
    Field(optional: "increaseAtMost", .share), Field(optional: "notice", .code)
  ) { Renewal(id: $0, citation: $1, times: $2, totalAtMost: $3, increaseAtMost: $4, notice: $5) }
}
