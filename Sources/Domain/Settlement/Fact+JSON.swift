// SPDX-License-Identifier: Apache-2.0
import Base

extension FactBody {
  private static let name = Shape<String>.string(minLength: 1, maxLength: 64)
  private static let positive = Shape<Fen>.fen(Fen(1)...Fen(1_000_000_000_000))

  /// The members of each kind, to be put into the body of whatever route records it.
  package static let incidentMembers = Field<Incident>.group(
    Field("incident", .code), Field(optional: "subject", name), Field("quantity", .integer(1...1_000_000), default: 1),
    Field(optional: "amount", positive), Field(optional: "points", .decimal()), Field(optional: "by", .enumeration(Party.self))
  ) { Incident(kind: $0, subject: $1, quantity: $2, amount: $3, points: $4, by: $5) }
  package static let incident = incidentMembers.map { FactBody.incident($0) }

  package static let grade = Field<FactBody>.group(
    Field("series", .code), Field("period", name), Field("grade", .string(minLength: 1, maxLength: 40))
  ) { .grade(series: $0, period: $1, grade: $2) }

  package static let score = Field<FactBody>.group(
    Field("series", .code), Field("period", name), Field(optional: "subject", name), Field("value", .decimal())
  ) { .score(series: $0, period: $1, subject: $2, value: $3) }

  package static let event = Field<FactBody>.group(
    Field("event", ContractEvent.shape), Field(optional: "until", .date), Field(optional: "agreed", .date),
    Field(optional: "payment", name),
    Field(optional: "subject", name)
  ) { .event(Event($0, until: $1, agreed: $2, payment: $3, subject: $4)) }

  package static let invoice = Field<FactBody>.group(Field("payment", name), Field("amount", positive)) {
    .invoice(payment: $0, amount: $1)
  }
  package static let payment = Field<FactBody>.group(Field("payment", name), Field("amount", positive)) {
    .payment(payment: $0, amount: $1)
  }
  package static let audited = Field<FactBody>.group(Field("amount", .fen(Fen(0)...Fen(1_000_000_000_000)))) { .audited($0) }
  package static let waiver = Field<FactBody>.group(Field("obligation", .string(minLength: 1, maxLength: 200))) { .waiver(obligation: $0) }

  /// Any kind, told by the member `kind`.
  package static let any = Field<FactBody>.tagged(
    by: "kind", Alternative("incident", incident) { $0 }, Alternative("grade", grade) { $0 }, Alternative("score", score) { $0 },
    Alternative("event", event) { $0 }, Alternative("invoice", invoice) { $0 }, Alternative("payment", payment) { $0 },
    Alternative("audited", audited) { $0 }, Alternative("waiver", waiver) { $0 })
}

extension FactContent {
  /// A fact's day, its moment, and the members of one kind.
  package static func shape(_ name: String, about: Text, _ body: Field<FactBody>) -> Shape<FactContent> {
    Shape<FactContent>.object(name, about: about, Field("on", .date), Field(optional: "at", .instant), body) {
      FactContent(on: $0, at: $1, body: $2)
    }.refine { content in
      guard let at = content.at, at.date != content.on else { return nil }
      return Fault(pointer: "/at", code: "out-of-range", detail: Text(zh: "时刻不在 on 当日。", en: "The moment does not lie on that day."))
    }
  }

  /// `{"kind": "invoice", "on": "2022-07-25", "payment": "first", "amount": "2098750.00"}`
  package static let shape: Shape<FactContent> = shape("fact", about: Text(zh: "一项事实。", en: "A fact."), FactBody.any)

  /// Writes the members that `shape` reads, without braces.
  package func writeMembers(to writer: inout JSONWriter) {
    writer.key("kind")
    writer.string(body.kind)
    writer.key("on")
    writer.date(on)
    if let at {
      writer.key("at")
      writer.instant(at)
    }
    body.writeMembers(to: &writer)
  }
}

extension FactBody {
  private func writeMembers(of incident: Incident, to writer: inout JSONWriter) {
    writer.key("incident")
    writer.string(incident.kind)
    if let subject = incident.subject {
      writer.key("subject")
      writer.string(subject)
    }
    writer.key("quantity")
    writer.integer(incident.quantity)
    if let amount = incident.amount {
      writer.key("amount")
      writer.string(amount.yuan)
    }
    if let points = incident.points {
      writer.key("points")
      writer.string(points.decimal())
    }
    if let by = incident.by {
      writer.key("by")
      writer.string(by.rawValue)
    }
  }

  private func writeMembers(of event: Event, to writer: inout JSONWriter) {
    writer.key("event")
    writer.string(event.name.code)
    if let until = event.until {
      writer.key("until")
      writer.date(until)
    }
    if let agreed = event.agreed {
      writer.key("agreed")
      writer.date(agreed)
    }
    if let payment = event.payment {
      writer.key("payment")
      writer.string(payment)
    }
    if let subject = event.subject {
      writer.key("subject")
      writer.string(subject)
    }
  }

  /// Writes the members of its kind, without `kind` itself.
  package func writeMembers(to writer: inout JSONWriter) {
    switch self {
    case .incident(let incident): writeMembers(of: incident, to: &writer)
    case .event(let event): writeMembers(of: event, to: &writer)
    case .grade(let series, let period, let grade):
      writer.key("series")
      writer.string(series)
      writer.key("period")
      writer.string(period)
      writer.key("grade")
      writer.string(grade)
    case .score(let series, let period, let subject, let value):
      writer.key("series")
      writer.string(series)
      writer.key("period")
      writer.string(period)
      if let subject {
        writer.key("subject")
        writer.string(subject)
      }
      writer.key("value")
      writer.string(value.decimal())
    case .invoice(let payment, let amount), .payment(let payment, let amount):
      writer.key("payment")
      writer.string(payment)
      writer.key("amount")
      writer.string(amount.yuan)
    case .audited(let amount):
      writer.key("amount")
      writer.string(amount.yuan)
    case .waiver(let obligation):
      writer.key("obligation")
      writer.string(obligation)
    }
  }
}

extension Fact {
  /// A recorded fact: `FactContent.shape` and `id`, `recordedAt`.
  package static let shape: Shape<Fact> = .object(
    "recordedFact", about: Text(zh: "已记录的事实。", en: "A recorded fact."),
    Field("id", .uuid), Field("recordedAt", .instant), Field("on", .date), Field(optional: "at", .instant), FactBody.any
  ) { Fact(id: $0, recordedAt: $1, content: FactContent(on: $2, at: $3, body: $4)) }

  package func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("id")
    writer.string(id.description)
    writer.key("recordedAt")
    writer.instant(recordedAt)
    content.writeMembers(to: &writer)
    writer.endObject()
  }
}
