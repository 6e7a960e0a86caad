// SPDX-License-Identifier: Apache-2.0
import Base

/// What follows from what was counted: money, or a right.
package struct Consequence: Sendable, Hashable {
  package let id: String
  package let citation: Citation
  package let measure: Measure
  package let test: CaseTest?
  package let firing: Firing
  /// Events, or duties of the other side, whose time does not count as late.
  package let excusedBy: [ContractEvent]
  /// Consequences that go first: an incident one of them has counted is not counted here.
  package let yieldsTo: [String]
  package let effect: Effect

  package enum Effect: Sendable, Hashable {
    case pays(Charge)
    case gives(Right)
  }

  package var charge: Charge? { if case .pays(let charge) = effect { charge } else { nil } }
}

/// What is owed, by whom, within which bounds, and where it is settled.
package struct Charge: Sendable, Hashable {
  package enum Debtor: String, Sendable, Hashable, CaseIterable {
    case office, vendor
    /// The side that the incident names.
    case breaching
  }

  package enum Destination: String, Sendable, Hashable, CaseIterable {
    case thisPayment, lastPayment
    /// Demanded apart from the payments.
    case claim
    /// Withheld from this payment until the contract's retention is released.
    case retention
  }

  package let tariff: Tariff
  package let owedBy: Debtor
  package let destination: Destination
  package let bounds: Bounds
}

/// The least and the most that cases, a period or the whole contract may come to.
package struct Bounds: Sendable, Hashable {
  package struct Limits: Sendable, Hashable {
    package let atLeast: Amount?
    package let atMost: Amount?
  }

  package let perCase: Limits?
  package let perPayment: Limits?
  package let perContract: Limits?

  static let none = Bounds(perCase: nil, perPayment: nil, perContract: nil)
}

/// Something a side may do from then on.
package struct Right: Sendable, Hashable {
  package enum Holder: String, Sendable, Hashable, CaseIterable {
    case office, vendor, either
    /// The other side than the one the incident names.
    case counterparty
  }

  package enum Act: String, Sendable, Hashable, CaseIterable {
    case terminate, renegotiate, withholdPayment, demandReplacement

    package var name: Text {
      switch self {
      case .terminate: Text(zh: "解除合同", en: "end the contract")
      case .renegotiate: Text(zh: "要求协商变更或解除", en: "ask for a change or an end to be negotiated")
      case .withholdPayment: Text(zh: "暂停付款", en: "withhold payment")
      case .demandReplacement: Text(zh: "要求更换人员", en: "demand a replacement of staff")
      }
    }
  }

  package let holder: Holder
  package let act: Act
  package let notice: Span?
}

extension Bounds {
  private static let limits: Shape<Limits> = .object(
    "limits", about: Text(zh: "下限与上限。", en: "The least and the most."), Field(optional: "atLeast", Amount.shape),
    Field(optional: "atMost", Amount.shape)
  ) { Limits(atLeast: $0, atMost: $1) }

  static let shape: Shape<Bounds> = .object(
    "bounds", about: Text(zh: "每次、每期、整个合同的上下限。", en: "Bounds for a case, for a payment, for the whole contract."),
    Field(optional: "case", limits), Field(optional: "payment", limits), Field(optional: "contract", limits)
  ) { Bounds(perCase: $0, perPayment: $1, perContract: $2) }
}

extension Consequence {
  private static let pays: Shape<Charge> = .object(
    "charge", about: Text(zh: "应付金额、责任方、去向和界限。", en: "What is owed, by whom, where it goes and its bounds."),
    Field("map", Tariff.shape), Field("owedBy", .enumeration(Charge.Debtor.self)), Field("to", .enumeration(Charge.Destination.self)),
    Field(optional: "bounds", Bounds.shape)
  ) { Charge(tariff: $0, owedBy: $1, destination: $2, bounds: $3 ?? .none) }

  private static let gives: Shape<Right> = .object(
    "right", about: Text(zh: "由此产生的权利。", en: "A right that arises."),
    Field("to", .enumeration(Right.Holder.self)), Field("right", .enumeration(Right.Act.self)), Field(optional: "notice", Span.shape)
  ) { Right(holder: $0, act: $1, notice: $2) }

  private struct Cause: Sendable {
    let test: CaseTest?
    let firing: Firing
    let excusedBy: [ContractEvent]
    let yieldsTo: [String]
  }

  private static let cause = Field<Cause>.group(
    Field(optional: "where", CaseTest.shape), Field(optional: "fires", Firing.shape),
    Field("excusedBy", .array(of: ContractEvent.shape, max: 16), default: []), Field("yieldsTo", .array(of: .code, max: 16), default: [])
  ) { Cause(test: $0, firing: $1 ?? .each, excusedBy: $2, yieldsTo: $3) }

  static let shape: Shape<Consequence> = .object(
    "consequence", about: Text(zh: "由计量对象产生的金额或权利。", en: "The money or the right that follows from what is counted."),
    Field("id", .code), Citation.field, Field("measure", Measure.shape), cause,
    Field.oneOf(Alternative("pays", pays) { Effect.pays($0) }, Alternative("gives", gives) { Effect.gives($0) })
  ) { id, citation, measure, cause, effect in
    Consequence(
      id: id, citation: citation, measure: measure, test: cause.test, firing: cause.firing, excusedBy: cause.excusedBy,
      yieldsTo: cause.yieldsTo, effect: effect)
  }
}

/// The most that several consequences may come to together.
package struct Cap: Sendable, Hashable {
  package enum Debtor: String, Sendable, Hashable, CaseIterable {
    case office, vendor
    /// Each side for itself.
    case each
  }

  package let id: String
  package let citation: Citation
  package let owedBy: Debtor
  package let scope: Firing.Scope
  package let atMost: Amount
  package let rules: [String]

  static let shape: Shape<Cap> = .object(
    "cap", about: Text(zh: "若干后果合计的上限。", en: "The most that several consequences may come to together."),
    Field("id", .code), Citation.field, Field("owedBy", .enumeration(Debtor.self)), Field("over", .enumeration(Firing.Scope.self)),
    Field("atMost", Amount.shape), Field("rules", .array(of: .code, min: 1, max: 100, uniqueBy: nil, key: { $0 }))
  ) { Cap(id: $0, citation: $1, owedBy: $2, scope: $3, atMost: $4, rules: $5) }
}
