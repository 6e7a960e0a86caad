// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

extension IncidentStore {
  /// An incident that the platform proposes because of what it finds on a work order.
  package struct SystemProposal: Sendable {
    package enum Source: String, Sendable, CaseIterable {
      case clock
      case zeroScore = "zero-score"
      case attendance
    }

    let id: UUIDv7
    let contract: String
    let kind: IncidentKind
    let occurred: Instant
    let order: UUIDv7
    /// Who signed the order: whom it is about, where the kind is about one of the staff.
    let seat: UUIDv7?
    let description: String
    let evidence: [JSON]
    let source: Source
    /// Tells it from others of the source; begins with the order's identifier.
    let number: String

    package init(
      id: UUIDv7, contract: String, kind: IncidentKind, occurred: Instant, order: UUIDv7, seat: UUIDv7?, description: String,
      evidence: [JSON], source: Source, number: String
    ) {
      self.id = id
      self.contract = contract
      self.kind = kind
      self.occurred = occurred
      self.order = order
      self.seat = seat
      self.description = description
      self.evidence = evidence
      self.source = source
      self.number = number
    }
  }

  private static let proposal: SQL = """
    WITH put AS (
      INSERT INTO incident AS old (tenant_id, id, contract_id, kind, occurred_at, subject, breaching, description, evidence, source, \
      external_number, proposed_side, proposed_at, recorded_at, answer_within)
      SELECT $1, n.id, n.contract_id, n.kind, n.occurred_at,
        CASE n.about WHEN 'order' THEN n.order_id::text
          WHEN 'staff' THEN (SELECT s.code FROM staff_member s WHERE s.tenant_id = $1 AND s.user_id = n.seat ORDER BY s.code LIMIT 1) END,
        CASE n.about WHEN 'party' THEN 'vendor' END, n.description, n.evidence, n.source, n.external_number, 'system', $2, $2,
        (SELECT settings #> '{settings,appraisal,answerWithin}' FROM tenant WHERE tenant_id = $1)
      FROM unnest($3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::uuid[], $9::uuid[], $10::text[], $11::jsonb[], \
      $12::text[], $13::text[]) AS n (id, contract_id, kind, occurred_at, about, order_id, seat, description, evidence, source, \
      external_number)
      ON CONFLICT (tenant_id, source, external_number) WHERE external_number IS NOT NULL DO UPDATE SET
        state = 'proposed', decided_at = NULL, decision_note = NULL, description = excluded.description, evidence = excluded.evidence,
        answer_from = excluded.proposed_at, answered_at = NULL, answered_by = NULL, admits = NULL, answer = NULL, set_by = NULL,
        set_at = NULL, set_reason = NULL, version = old.version + 1
      WHERE old.state = 'rejected' AND old.decided_by IS NULL
      RETURNING id, version)
    INSERT INTO incident_step (tenant_id, incident_id, version, step, at, side)
    SELECT $1, id, version, 'propose', $2, 'system' FROM put WHERE version > 1
    """

  /// Proposes incidents; one that is known is left as it is, unless it had been withdrawn.
  package static func propose(_ proposals: [SystemProposal], at now: Instant, in tenant: TenantID) -> Statement {
    Statement(
      proposal,
      [
        .int4(tenant.number), .instant(now), .uuidArray(proposals.map { ($0.id.high, $0.id.low) }), .textArray(proposals.map(\.contract)),
        .textArray(proposals.map(\.kind.id)), .timestamptzArray(proposals.map(\.occurred.microseconds)),
        .textArray(proposals.map(\.kind.subject.rawValue)), .uuidArray(proposals.map { ($0.order.high, $0.order.low) }),
        .uuidArray(proposals.map { $0.seat.map { ($0.high, $0.low) } }), .textArray(proposals.map { String($0.description.prefix(4000)) }),
        .jsonbArray(
          proposals.map { proposal in
            var writer = JSONWriter()
            writer.value(.array(proposal.evidence))
            return writer.bytes
          }), .textArray(proposals.map(\.source.rawValue)), .textArray(proposals.map(\.number)),
      ])
  }

  private static let withdrawal: SQL = """
    WITH put AS (
      UPDATE incident SET state = 'rejected', decided_at = $4, decision_note = $5, version = version + 1
      WHERE tenant_id = $1 AND source = ANY ($2) AND external_number >= $3 || '/' AND external_number < $3 || '0' AND state = 'proposed'
        AND proposed_side = 'system'
      RETURNING id, version)
    INSERT INTO incident_step (tenant_id, incident_id, version, step, at, side, note)
    SELECT $1, id, version, 'withdraw', $4, 'system', $5 FROM put
    """

  /// Withdraws what the platform proposed of an order and nobody has decided yet, because the reason has fallen away.
  package static func withdraw(
    _ sources: [SystemProposal.Source], of order: UUIDv7, because note: String, at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      withdrawal,
      [.int4(tenant.number), .textArray(sources.map(\.rawValue)), .text("\(order)"), .instant(now), .text(note)])
  }

  /// An incident that the platform proposed, by its number.
  package struct Numbered: Sendable {
    package let number: String
    package let id: UUIDv7
    package let state: Incident.State
  }

  private static let numbered: SQL =
    "SELECT external_number, id, state FROM incident WHERE tenant_id = $1 AND source = $2 AND external_number = ANY ($3)"

  package static func numbered(_ numbers: [String], source: SystemProposal.Source, in tenant: TenantID) -> Query<Numbered> {
    Query(numbered, [.int4(tenant.number), .text(source.rawValue), .textArray(numbers)]) { row throws(DecodingFailure) in
      Numbered(number: try row.text(0), id: try row.identifier(1), state: try row.word(2))
    }
  }
}

extension ShiftAttendance.Found {
  /// What tells the incident that it proposes from all others.
  package func number(of shift: UUIDv7) -> String { "\(shift)/\(finding.rawValue)" }
}
