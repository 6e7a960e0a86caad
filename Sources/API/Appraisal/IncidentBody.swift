// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

/// The bodies of requests about incidents.
enum IncidentBody {
  struct Confirmation: Sendable {
    let amount: Fen?
    let points: Rational?
    let note: String?
    /// The period that it is confirmed for, where the caller says it.
    let period: String?
    /// Whether it may be confirmed although the statement of its period is.
    let correctsConfirmed: Bool
  }

  /// What is said with a step, and what proves it.
  struct Saying: Sendable {
    let text: String
    let evidence: [JSON]
  }

  struct Answer: Sendable {
    let admits: Bool
    let text: String?
    let evidence: [JSON]
  }

  private static let words = Shape<String>.string(minLength: 1, maxLength: 2000)
  private static let proof = Field<[JSON]>("evidence", .array(of: evidence, max: 100), default: [])

  static let proposal: Shape<Incident.Proposal> = .object(
    "incidentProposal", about: Text(zh: "所发生的一件事，属合同所称的一类情形。", en: "Something that happened, of a kind that the contract speaks of."),
    Field("contract", .code), Field("occurredAt", .instant), FactBody.incidentMembers,
    Field("description", .string(maxLength: 4000), default: ""), proof, Field(optional: "reason", words),
    Field("source", .string(minLength: 1, maxLength: 40), default: "manual"),
    Field(optional: "externalNumber", .string(minLength: 1, maxLength: 100))
  ) { contract, occurredAt, incident, description, evidence, reason, source, externalNumber in
    Incident.Proposal(
      contract: contract, occurredAt: occurredAt, incident: incident, description: description, evidence: evidence, reason: reason,
      source: source, externalNumber: externalNumber)
  }.refine { proposal in
    // Whoever took a number of the platform's would keep it from proposing what it finds.
    IncidentStore.SystemProposal.Source(rawValue: proposal.source) == nil
      ? nil : Fault(pointer: "/source", code: "reserved", detail: Text(zh: "此来源只归平台使用。", en: "This source is the platform's own."))
  }

  /// Where the proof is: a kind of ours and a reference in the system that holds it.
  static let evidence: Shape<JSON> = .object(
    "evidence", Field("kind", .string(minLength: 1, maxLength: 40)), Field("reference", .string(minLength: 1, maxLength: 200)),
    Field(optional: "note", .string(maxLength: 500))
  ) { kind, reference, note in
    var object: JSONObject = ["kind": .string(kind), "reference": .string(reference)]
    if let note { object["note"] = .string(note) }
    return .object(object)
  }

  static let moreEvidence: Shape<[JSON]> = .object(
    "incidentEvidence", about: Text(zh: "补充的证据。", en: "More evidence."), Field("evidence", .array(of: evidence, min: 1, max: 100))
  ) { $0 }

  static let answer: Shape<Answer> = .object(
    "incidentAnswer", about: Text(zh: "乙方的答复：是否承认，不承认的须说明理由。", en: "The vendor's answer: whether it was so, and if not, why."),
    Field("admits", .bool), Field(optional: "text", .string(minLength: 1, maxLength: 4000)), proof
  ) { Answer(admits: $0, text: $1, evidence: $2) }.refine { answer in
    answer.admits || answer.text != nil
      ? nil : Fault(pointer: "/text", code: "missing-member", detail: Text(zh: "不承认的，须说明理由。", en: "Say why it was not so."))
  }

  static let confirmation: Shape<Confirmation> = .object(
    "incidentConfirmation",
    about: Text(
      zh: "金额、分数仅在合同留有裁量时填写，并附理由；须由另一人再次确认。",
      en: "An amount or points only where the contract leaves it to the office, with the reason; somebody else confirms them too."),
    Field(optional: "amount", .fen), Field(optional: "points", .decimal()), Field(optional: "note", words),
    Field(optional: "period", .string(minLength: 1, maxLength: 200)), Field("correctsConfirmed", .bool, default: false)
  ) { Confirmation(amount: $0, points: $1, note: $2, period: $3, correctsConfirmed: $4) }

  static let rejection: Shape<String> = .object("incidentRejection", Field("note", words)) { $0 }

  static let dispute: Shape<Saying> = .object(
    "incidentDispute", about: Text(zh: "异议的理由与证据。", en: "Why it is disputed, and what proves it."),
    Field("reason", .string(minLength: 1, maxLength: 4000)), proof
  ) { Saying(text: $0, evidence: $1) }

  static let ruling: Shape<String> = .object(
    "incidentRuling", about: Text(zh: "维持或撤销的理由。", en: "Why it is upheld or reversed."), Field("reason", words)
  ) { $0 }

  /// What a refusal of the database means to whoever proposed; nil for what is no fault of theirs.
  static func explain(_ error: PostgresError, _ proposal: Incident.Proposal) -> Problem? {
    guard case .server(let server) = error else { return nil }
    switch (server.state, server.constraint) {
    case (.uniqueViolation, "incident_of_source"?):
      return .conflict(
        "already-recorded",
        Text(
          zh: "来源 \(proposal.source) 的编号 \(proposal.externalNumber ?? "") 已录入。",
          en: "This number of source \(proposal.source) is recorded already."))
    default: return nil
    }
  }
}
