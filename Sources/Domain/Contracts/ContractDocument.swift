// SPDX-License-Identifier: Apache-2.0
import Base

/// A contract as data: what the paper says, item by item, in a vocabulary that knows no office (`docs/vocabulary.md`).
package struct ContractDocument: Sendable, Hashable {
  /// Which of the chain of papers this is, and from when it governs.
  package struct Revision: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable { case original, supplement, renewal, holdOver }

    package let kind: Kind
    package let effectiveFrom: CivilDate
    package let citation: Citation
  }

  /// What was agreed on.
  package struct Terms: Sendable, Hashable {
    package let office: Signatory
    package let vendor: Signatory
    package let signing: Signing
    package let term: Term
    package let total: Total
    package let payments: [Payment]
    package let audit: Clause?
    package let carryOver: Clause?
    package let retention: Retention?
    package let holdOver: HoldOver?
    package let renewal: Renewal?
  }

  /// What is watched, and what follows.
  package struct Appraisal: Sendable, Hashable {
    package let events: [DeclaredEvent]
    package let incidents: [IncidentKind]
    package let scores: [ScoreSeries]
    package let grades: [GradeSeries]
    package let sheets: [ScoreSheet]
    package let consequences: [Consequence]
    package let caps: [Cap]
  }

  /// How the service is done.
  package struct Service: Sendable, Hashable {
    package let duties: [Duty]
    package let levels: [ServiceLevel]
    package let staffing: Staffing?
    package let provisions: [Provision]
  }

  package let id: String
  package let title: Text
  /// The number the paper bears.
  package let number: String?
  package let revision: Revision
  package let terms: Terms
  package let appraisal: Appraisal
  package let service: Service
  package let paper: Paper
}

extension ContractDocument {
  private static let revision: Shape<Revision> = .object(
    "revision", about: Text(zh: "原合同、补充协议、续签或到期后约定，及其起始日。", en: "Original, supplement, renewal or hold-over, and from when."),
    Field("kind", .enumeration(Revision.Kind.self)), Field("effectiveFrom", .date), Citation.field
  ) { Revision(kind: $0, effectiveFrom: $1, citation: $2) }

  private struct Parties: Sendable {
    let office: Signatory
    let vendor: Signatory
  }

  private static let parties: Shape<Parties> = .object(Field("office", Signatory.shape), Field("vendor", Signatory.shape)) {
    Parties(office: $0, vendor: $1)
  }

  private static let terms = Field<Terms>.group(
    Field("parties", parties), Field("signing", Signing.shape), Field("term", Term.shape), Field("total", Total.shape),
    Field("payments", .array(of: Payment.shape, min: 1, max: 100)),
    Field(optional: "audit", Clause.shape("audit", about: Text(zh: "最终金额由审计决定。", en: "The audit decides the final price."))),
    Field(
      optional: "carryOver", Clause.shape("carryOver", about: Text(zh: "不足抵扣的结转。", en: "What a payment cannot cover is carried over."))),
    Field(optional: "retention", Retention.shape), Field(optional: "holdOver", HoldOver.shape), Field(optional: "renewal", Renewal.shape)
  ) { parties, signing, term, total, payments, audit, carryOver, retention, holdOver, renewal in
    Terms(
      office: parties.office, vendor: parties.vendor, signing: signing, term: term, total: total, payments: payments, audit: audit,
      carryOver: carryOver, retention: retention, holdOver: holdOver, renewal: renewal)
  }

  private static func list<Item: Sendable>(_ name: String, _ shape: Shape<Item>) -> Field<[Item]> {
    Field(name, .array(of: shape, max: 500), default: [])
  }

  private static let appraisal = Field<Appraisal>.group(
    list("events", DeclaredEvent.shape), list("incidents", IncidentKind.shape), list("scores", ScoreSeries.shape),
    list("grades", GradeSeries.shape), list("sheets", ScoreSheet.shape), list("consequences", Consequence.shape), list("caps", Cap.shape)
  ) { Appraisal(events: $0, incidents: $1, scores: $2, grades: $3, sheets: $4, consequences: $5, caps: $6) }

  private static let service = Field<Service>.group(
    list("duties", Duty.shape), list("levels", ServiceLevel.shape), Field(optional: "staffing", Staffing.shape),
    list("provisions", Provision.shape)
  ) { Service(duties: $0, levels: $1, staffing: $2, provisions: $3) }

  private struct Head: Sendable {
    let id: String
    let title: Text
    let number: String?
    let revision: Revision
  }

  private static let head = Field<Head>.group(
    Field("vocabulary", .integer(1...1)), Field("id", .code), Field("title", Text.shape),
    Field(optional: "number", .string(minLength: 1, maxLength: 80)), Field("revision", revision)
  ) { (_: Int, id, title, number, revision) in Head(id: id, title: title, number: number, revision: revision) }

  /// The form of a contract document, every reference inside it checked; see `ContractDocument+References.swift`.
  package static let shape: Shape<ContractDocument> = Shape<ContractDocument>.object(
    "contract", about: Text(zh: "合同文件。", en: "A contract document."), head, terms, appraisal, service, Field("paper", Paper.shape)
  ) { head, terms, appraisal, service, paper in
    ContractDocument(
      id: head.id, title: head.title, number: head.number, revision: head.revision, terms: terms, appraisal: appraisal,
      service: service, paper: paper)
  }.refine { $0.brokenReferences() }

  /// The JSON Schema of contract documents.
  package static var schema: JSON { shape.schema }

  /// The JSON Schema of contract documents as text, as `docs/contract.schema.json` holds it.
  package static var schemaText: String { schema.indented() }
}
