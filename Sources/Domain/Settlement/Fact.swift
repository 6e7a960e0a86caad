// SPDX-License-Identifier: Apache-2.0
import Base

/// Something that happened under a contract and counts: an incident, a grade, an invoice; written once, never changed.
package struct Fact: Sendable, Hashable {
  package let id: UUIDv7
  package let recordedAt: Instant
  package let content: FactContent

  package init(id: UUIDv7, recordedAt: Instant, content: FactContent) {
    self.id = id
    self.recordedAt = recordedAt
    self.content = content
  }

  package var on: CivilDate { content.on }
  package var body: FactBody { content.body }
}

extension Fact: Comparable {
  /// By day, then by when it was recorded: the order in which facts count, however they were loaded.
  package static func < (a: Fact, b: Fact) -> Bool {
    if a.on != b.on { return a.on < b.on }
    if a.recordedAt != b.recordedAt { return a.recordedAt < b.recordedAt }
    return a.id < b.id
  }
}

/// A fact as somebody states it, before it is recorded.
package struct FactContent: Sendable, Hashable {
  /// The day it counts for, in Shanghai.
  package let on: CivilDate
  /// The moment, where it matters; it lies on that day.
  package let at: Instant?
  package let body: FactBody

  package init(on: CivilDate, at: Instant? = nil, body: FactBody) {
    self.on = on
    self.at = at
    self.body = body
  }
}

/// What a fact says.
package enum FactBody: Sendable, Hashable {
  case incident(Incident)
  case grade(series: String, period: String, grade: String)
  case score(series: String, period: String, subject: String?, value: Rational)
  case event(Event)
  case invoice(payment: String, amount: Fen)
  case payment(payment: String, amount: Fen)
  /// The final price as the audit found it.
  case audited(Fen)
  /// The side that may ask for an obligation does not: what follows from missing it does not follow.
  case waiver(obligation: String)

  /// A confirmed incident.
  package struct Incident: Sendable, Hashable {
    /// The kind, as the contract's list of incidents calls it.
    package let kind: String
    /// The person, order or team it is about.
    package let subject: String?
    package let quantity: Int
    /// The amount set within the rule's range, or the amount at stake.
    package let amount: Fen?
    /// The points set within the kind's bounds.
    package let points: Rational?
    /// The side in breach.
    package let by: Party?

    package init(kind: String, subject: String? = nil, quantity: Int = 1, amount: Fen? = nil, points: Rational? = nil, by: Party? = nil) {
      self.kind = kind
      self.subject = subject
      self.quantity = quantity
      self.amount = amount
      self.points = points
      self.by = by
    }
  }

  /// A known or declared event.
  package struct Event: Sendable, Hashable {
    package let name: ContractEvent
    /// The last day of what lasts.
    package let until: CivilDate?
    /// The day that was agreed on with it.
    package let agreed: CivilDate?
    /// The payment it belongs to.
    package let payment: String?
    /// What it is about, where several run side by side.
    package let subject: String?

    package init(
      _ name: ContractEvent, until: CivilDate? = nil, agreed: CivilDate? = nil, payment: String? = nil, subject: String? = nil
    ) {
      self.name = name
      self.until = until
      self.agreed = agreed
      self.payment = payment
      self.subject = subject
    }
  }

  /// The word that tells the kinds apart in JSON and in the database.
  package var kind: String {
    switch self {
    case .incident: "incident"
    case .grade: "grade"
    case .score: "score"
    case .event: "event"
    case .invoice: "invoice"
    case .payment: "payment"
    case .audited: "audited"
    case .waiver: "waiver"
    }
  }

  /// The members that tell what it is about, where but one such fact can stand on record; nil where there may be several.
  package var uniqueMembers: JSONObject? {
    switch self {
    case .grade(let series, let period, _): ["series": .string(series), "period": .string(period)]
    case .score(let series, let period, nil, _): ["series": .string(series), "period": .string(period)]
    case .score(let series, let period, let subject?, _):
      ["series": .string(series), "period": .string(period), "subject": .string(subject)]
    case .event(let event) where event.name == .known(.appraisalConfirmed):
      event.payment.map { ["event": .string(event.name.code), "payment": .string($0)] }
    case .event(let event) where event.name == .known(.terminated): ["event": .string(event.name.code)]
    case .audited: [:]
    case .waiver(let obligation): ["obligation": .string(obligation)]
    case .incident, .event, .invoice, .payment: nil
    }
  }
}
