// SPDX-License-Identifier: Apache-2.0
import Base

/// Something one side must do, by when, and what shows that it was done.
package struct Duty: Sendable, Hashable {
  package enum Bearer: String, Sendable, Hashable, CaseIterable { case office, vendor, both }

  package enum Timing: Sendable, Hashable {
    /// Once for every time the deadline's events happen.
    case due(DeadlineRule)
    /// Again and again through the term.
    case every(Span)
    /// The contract sets no time.
    case untimed
  }

  package let id: String
  package let citation: Citation
  package let who: Bearer
  package let timing: Timing
  /// Any of these shows that it was done.
  package let doneBy: [ContractEvent]
  /// What counts as having happened when it is not done in time.
  package let deems: ContractEvent?
  /// The kind of incident that is proposed when the vendor does not do it in time.
  package let miss: String?
  /// How what was handed in is sent back as wrong; nil where the contract draws no consequence from that.
  package let returned: Return?

  /// Something handed in was wrong, and is sent back.
  package struct Return: Sendable, Hashable {
    /// The event that says so; its record names the obligation.
    package let by: ContractEvent
    /// The kind of incident that is proposed then.
    package let proposes: String
  }

  private static let returnShape: Shape<Return> = .object(
    Field("by", ContractEvent.shape), Field("proposes", .code)
  ) { Return(by: $0, proposes: $1) }

  static let shape: Shape<Duty> = .object(
    "duty",
    about: Text(zh: "一方应做之事、期限、完成标志及逾期的视同后果。", en: "What a side must do, by when, what shows it, and what counts as done otherwise."),
    Field("id", .code), Citation.field, Field("who", .enumeration(Bearer.self)),
    Field.oneOf(
      optional: Alternative("due", DeadlineRule.shape) { Timing.due($0) }, Alternative("every", Span.shape) { Timing.every($0) }),
    Field("doneBy", .array(of: ContractEvent.shape, min: 1, max: 8)), Field(optional: "deems", ContractEvent.shape),
    Field(optional: "miss", .code), Field(optional: "returned", returnShape)
  ) { Duty(id: $0, citation: $1, who: $2, timing: $3 ?? .untimed, doneBy: $4, deems: $5, miss: $6, returned: $7) }
}
