// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The bodies of requests about incidents.
enum IncidentBody {
  struct Confirmation: Sendable {
    let amount: Fen?
    let points: Rational?
    let note: String?
  }

  static let proposal: Shape<Incident.Proposal> = .object(
    "incidentProposal", about: Text(zh: "所发生的一件事，属合同所称的一类情形。", en: "Something that happened, of a kind that the contract speaks of."),
    Field("contract", .code), Field("occurredAt", .instant), FactBody.incidentMembers,
    Field("description", .string(maxLength: 4000), default: ""), Field("evidence", .array(of: evidence, max: 100), default: []),
    Field("source", .string(minLength: 1, maxLength: 40), default: "manual"),
    Field(optional: "externalNumber", .string(minLength: 1, maxLength: 100))
  ) { contract, occurredAt, incident, description, evidence, source, externalNumber in
    Incident.Proposal(
      contract: contract, occurredAt: occurredAt, incident: incident, description: description, evidence: evidence, source: source,
      externalNumber: externalNumber)
  }

  /// Where the proof is: a kind of ours and a reference in the system that holds it.
  private static let evidence: Shape<JSON> = .object(
    "evidence", Field("kind", .string(minLength: 1, maxLength: 40)), Field("reference", .string(minLength: 1, maxLength: 200)),
    Field(optional: "note", .string(maxLength: 500))
  ) { kind, reference, note in
    var object: JSONObject = ["kind": .string(kind), "reference": .string(reference)]
    if let note { object["note"] = .string(note) }
    return .object(object)
  }

  static let confirmation: Shape<Confirmation> = .object(
    "incidentConfirmation",
    about: Text(zh: "金额、分数仅在合同留有裁量时填写。", en: "An amount or points only where the contract leaves it to the office."),
    Field(optional: "amount", .fen), Field(optional: "points", .decimal()), Field(optional: "note", .string(minLength: 1, maxLength: 2000))
  ) { Confirmation(amount: $0, points: $1, note: $2) }

  static let rejection: Shape<String> = .object(
    "incidentRejection", Field("note", .string(minLength: 1, maxLength: 2000))
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
