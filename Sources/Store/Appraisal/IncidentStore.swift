// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Statements on the incidents of an office; the caller runs them in the office's context.
package enum IncidentStore {
  private static let columns: SQL = """
    id, contract_id, kind, state, occurred_at, subject, amount_fen, trim_scale(points)::text, quantity, description, evidence, source, external_number, \
    proposed_side, proposed_by, proposed_at, decided_by, decided_at, decision_note, recorded_at, version, breaching
    """

  private static let one: SQL = "SELECT \(columns) FROM incident WHERE tenant_id = $1 AND id = $2"
  private static let page: SQL =
    "SELECT \(columns) FROM incident WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
  private static let pageOfContract: SQL = """
    SELECT \(columns) FROM incident
    WHERE tenant_id = $1 AND ($4 = '' OR contract_id = $4) AND ($5 = '' OR state = $5)
      AND ($6::text[] IS NULL OR contract_id = ANY ($6)) AND id < $2 ORDER BY id DESC LIMIT $3
    """

  /// One incident; no row when the office has none of that id.
  package static func one(_ id: UUIDv7, in tenant: TenantID) -> Statement {
    Statement(one, [.int4(tenant.number), .uuid(id)])
  }

  /// The newest incidents, those behind `after` only.
  package static func page(after: UUIDv7?, limit: Int32, in tenant: TenantID) -> Statement {
    Statement(page, [.int4(tenant.number), .descending(after), .int4(limit)])
  }

  /// The newest incidents, of one contract and one state where they are given, under some contracts only where those are named.
  package static func page(
    of contract: String?, state: Incident.State?, among contracts: [String]?, after: UUIDv7?, limit: Int32, in tenant: TenantID
  ) -> Statement {
    Statement(
      pageOfContract,
      [
        .int4(tenant.number), .descending(after), .int4(limit), .text(contract ?? ""), .text(state?.rawValue ?? ""),
        .optional(contracts, .textArray) { .textArray($0) },
      ])
  }

  /// Takes in a proposal.
  package static func add(
    _ proposal: Incident.Proposal, id: UUIDv7, by user: UUIDv7, side: Incident.Proposer, at now: Instant, in tenant: TenantID
  ) -> Statement {
    let incident = proposal.incident
    return Statement(
      """
      INSERT INTO incident (tenant_id, id, contract_id, kind, occurred_at, subject, amount_fen, points, breaching, quantity, description, \
      evidence, source, external_number, proposed_side, proposed_by, proposed_at, recorded_at) \
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::numeric, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)
      """,
      [
        .int4(tenant.number), .uuid(id), .text(proposal.contract), .text(incident.kind), .instant(proposal.occurredAt),
        .optional(incident.subject, .text) { .text($0) }, .optional(incident.amount, .int8) { .int8($0.count) },
        .optional(incident.points, .text) { .text($0.decimal()) }, .optional(incident.by, .text) { .text($0.rawValue) },
        .int4(Int32(clamping: incident.quantity)), .text(proposal.description), .json(.array(proposal.evidence)), .text(proposal.source),
        .optional(proposal.externalNumber, .text) { .text($0) }, .text(side.rawValue), .uuid(user), .instant(now),
      ])
  }

  /// Decides a proposed incident of a known version; fails with `SQLState.changed` when it is not that any more.
  package static func decide(
    _ id: UUIDv7, version: Int32, state: Incident.State, amount: Fen?, points: Rational?, note: String?, by user: UUIDv7, at now: Instant,
    in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      WITH decided AS (
        UPDATE incident SET state = $4, amount_fen = coalesce($5, amount_fen), points = coalesce($6::text::numeric, points),
          decision_note = $7, decided_by = $8, decided_at = $9, version = version + 1
        WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'proposed' RETURNING 1)
      SELECT demand(EXISTS (SELECT FROM decided), 'JS001')
      """,
      [
        .int4(tenant.number), .uuid(id), .int4(version), .text(state.rawValue), .optional(amount, .int8) { .int8($0.count) },
        .optional(points, .text) { .text($0.decimal()) }, .optional(note, .text) { .text($0) }, .uuid(user), .instant(now),
      ])
  }

  // MARK: Rows

  /// Writes an incident as the API shows it, straight from the row.
  package static func write(_ row: Row, to writer: inout JSONWriter) throws(DecodingFailure) {
    writer.beginObject()
    writer.key("id")
    writer.uuid(bytes: row.rawBytes(0))
    writer.key("contract")
    writer.utf8(try row.textBytes(1))
    writer.key("incident")
    writer.utf8(try row.textBytes(2))
    writer.key("state")
    writer.utf8(try row.textBytes(3))
    writer.key("occurredAt")
    try writer.instant(row, 4)
    writer.key("subject")
    try writer.text(row, 5)
    writer.key("amount")
    try writer.fen(row, 6)
    writer.key("points")
    try writer.text(row, 7)
    writer.key("by")
    try writer.text(row, 21)
    writer.key("quantity")
    writer.integer(try row.int32(8))
    writer.key("description")
    writer.utf8(try row.textBytes(9))
    writer.key("evidence")
    writer.raw(try row.jsonBytes(10))
    writer.key("source")
    writer.utf8(try row.textBytes(11))
    writer.key("externalNumber")
    try writer.text(row, 12)
    writer.key("proposedSide")
    writer.utf8(try row.textBytes(13))
    writer.key("proposedBy")
    writer.uuid(row, 14)
    writer.key("proposedAt")
    try writer.instant(row, 15)
    writer.key("decidedBy")
    writer.uuid(row, 16)
    writer.key("decidedAt")
    try writer.instant(row, 17)
    writer.key("decisionNote")
    try writer.text(row, 18)
    writer.key("recordedAt")
    try writer.instant(row, 19)
    writer.key("version")
    writer.integer(try row.int32(20))
    writer.endObject()
  }

  package static func version(_ row: Row) throws(DecodingFailure) -> Int32 { try row.int32(20) }

  /// The schema of what `write` writes.
  package static let schema: JSON = [
    "type": "object",
    "required": [
      "id", "contract", "incident", "state", "occurredAt", "quantity", "description", "evidence", "source", "recordedAt", "version",
    ],
    "properties": [
      "id": ["type": "string", "format": "uuid"], "contract": ["type": "string"], "incident": ["type": "string"],
      "state": ["type": "string", "enum": .array(Incident.State.allCases.map { .string($0.rawValue) })],
      "occurredAt": ["type": "string", "format": "date-time"], "subject": ["type": ["string", "null"]],
      "amount": ["type": ["object", "null"], "properties": ["fen": ["type": "integer"], "yuan": ["type": "string"]]],
      "points": ["type": ["string", "null"]], "by": ["type": ["string", "null"]], "quantity": ["type": "integer"],
      "description": ["type": "string"],
      "evidence": ["type": "array"], "source": ["type": "string"], "externalNumber": ["type": ["string", "null"]],
      "proposedSide": ["type": "string"], "proposedBy": ["type": ["string", "null"]],
      "proposedAt": ["type": "string", "format": "date-time"], "decidedBy": ["type": ["string", "null"]],
      "decidedAt": ["type": ["string", "null"]], "decisionNote": ["type": ["string", "null"]],
      "recordedAt": ["type": "string", "format": "date-time"], "version": ["type": "integer"],
    ],
  ]

  /// What a decision asks of the row that it is about.
  package struct Head: Sendable {
    package let contract: String
    package let occurredAt: Instant
    package let incident: FactBody.Incident
    package let state: Incident.State
    package let proposedBy: UUIDv7?
  }

  package static func head(_ row: Row) throws(DecodingFailure) -> Head {
    let points = try row.optional(7, row.text)
    let breaching = try row.optional(21, row.text)
    return Head(
      contract: try row.text(1), occurredAt: try row.instant(4),
      incident: FactBody.Incident(
        kind: try row.text(2), subject: try row.optional(5, row.text), quantity: Int(try row.int32(8)),
        amount: try row.optional(6, row.fen),
        points: points.flatMap { Rational(decimal: $0) }, by: breaching.flatMap(Party.init)),
      state: try row.word(3), proposedBy: try row.optional(14, row.identifier))
  }
}
