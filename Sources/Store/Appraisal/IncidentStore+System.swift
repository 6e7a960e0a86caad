// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

extension IncidentStore {
  /// An incident that the platform proposes because of what it finds on a work order, on a shift or of a duty.
  package struct SystemProposal: Sendable {
    package enum Source: String, Sendable, CaseIterable {
      case clock
      case zeroScore = "zero-score"
      case attendance
      /// A duty that was not done in time.
      case obligation
      /// Something handed in that was sent back as wrong.
      case returned
    }

    package enum About: Sendable {
      /// A work order, and who signed it: whom the incident is about where its kind is about one of the staff.
      case order(UUIDv7, seat: UUIDv7?)
      /// One of the staff.
      case person(String)
      /// A duty, and the code of whom it is about, where it is about one of the staff.
      case duty(person: String?)
    }

    let id: UUIDv7
    let contract: String
    let kind: IncidentKind
    let occurred: Instant
    // Told apart when it is made: the optimiser of Swift 6.3 fails on taking the cases apart where proposals are written.
    fileprivate let order: UUIDv7?
    fileprivate let seat: UUIDv7?
    fileprivate let person: String?
    let description: String
    let evidence: [JSON]
    let source: Source
    /// Tells it from others of the source; begins with the identifier of the order or of the shift that it was found on.
    let number: String

    package init(
      id: UUIDv7, contract: String, kind: IncidentKind, occurred: Instant, about: About, description: String, evidence: [JSON],
      source: Source, number: String
    ) {
      self.id = id
      self.contract = contract
      self.kind = kind
      self.occurred = occurred
      switch about {
      case .order(let order, let seat): (self.order, self.seat, person) = (order, seat, nil)
      case .person(let code): (order, seat, person) = (nil, nil, code)
      case .duty(let code): (order, seat, person) = (nil, nil, code)
      }
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
          WHEN 'staff' THEN coalesce(
            n.person, (SELECT s.code FROM staff_member s WHERE s.tenant_id = $1 AND s.user_id = n.seat ORDER BY s.code LIMIT 1)) END,
        CASE n.about WHEN 'party' THEN 'vendor' END, n.description, n.evidence, n.source, n.external_number, 'system', $2, $2,
        (SELECT settings #> '{settings,appraisal,answerWithin}' FROM tenant WHERE tenant_id = $1)
      FROM unnest($3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::uuid[], $9::uuid[], $10::text[], $11::jsonb[], \
      $12::text[], $13::text[], $14::text[]) AS n (id, contract_id, kind, occurred_at, about, order_id, seat, description, evidence, \
      source, external_number, person)
      ON CONFLICT (tenant_id, source, external_number) WHERE external_number IS NOT NULL DO UPDATE SET
        state = 'proposed', decided_at = NULL, decision_note = NULL, description = excluded.description,
        -- What people added stays while nobody withdrew it.
        evidence = excluded.evidence || CASE old.state WHEN 'proposed' THEN coalesce(
          (SELECT jsonb_agg(e) FROM jsonb_array_elements(old.evidence) e WHERE e ->> 'kind' NOT IN ('shift', 'clockMark')), '[]')
          ELSE '[]' END,
        answer_from = excluded.proposed_at, answered_at = NULL, answered_by = NULL, admits = NULL, answer = NULL, set_by = NULL,
        set_at = NULL, set_reason = NULL, version = old.version + 1
      WHERE old.state = 'rejected' AND old.decided_by IS NULL
        OR old.state = 'proposed' AND old.source = 'attendance' AND old.description <> excluded.description
      RETURNING id, version)
    INSERT INTO incident_step (tenant_id, incident_id, version, step, at, side)
    SELECT $1, id, version, 'propose', $2, 'system' FROM put WHERE version > 1
    """

  /// Proposes incidents; one that is known is left as it is, unless it had been withdrawn, or a shift comes to something else by other marks.
  package static func propose(_ proposals: [SystemProposal], at now: Instant, in tenant: TenantID) -> Statement {
    Statement(
      proposal,
      [
        .int4(tenant.number), .instant(now), .uuidArray(proposals.map { ($0.id.high, $0.id.low) }), .textArray(proposals.map(\.contract)),
        .textArray(proposals.map(\.kind.id)), .timestamptzArray(proposals.map(\.occurred.microseconds)),
        .textArray(proposals.map(\.kind.subject.rawValue)), .uuidArray(proposals.map { $0.order.map { ($0.high, $0.low) } }),
        .uuidArray(proposals.map { $0.seat.map { ($0.high, $0.low) } }), .textArray(proposals.map { String($0.description.prefix(4000)) }),
        .jsonbArray(
          proposals.map { proposal in
            var writer = JSONWriter()
            writer.value(.array(proposal.evidence))
            return writer.bytes
          }), .textArray(proposals.map(\.source.rawValue)), .textArray(proposals.map(\.number)),
        .textArray(proposals.map(\.person)),
      ])
  }

  // Each subject looks for its own numbers in their index, however many incidents there are: compared with what stands outside, a range of
  // numbers is judged pair by pair.
  private static let withdrawal: SQL = """
    WITH found AS (
      SELECT i.id FROM unnest($3::text[]) AS n (subject) CROSS JOIN LATERAL (
        SELECT id FROM incident WHERE tenant_id = $1 AND source = ANY ($2) AND external_number >= n.subject || '/'
          AND external_number < n.subject || '0' AND state = 'proposed' AND proposed_side = 'system' AND external_number <> ALL ($6)
        OFFSET 0) i),
    put AS (
      UPDATE incident i SET state = 'rejected', decided_at = $4, decision_note = $5, version = version + 1
      WHERE tenant_id = $1 AND id = ANY (ARRAY(SELECT id FROM found)) AND state = 'proposed'
      RETURNING i.id, version)
    INSERT INTO incident_step (tenant_id, incident_id, version, step, at, side, note)
    SELECT $1, id, version, 'withdraw', $4, 'system', $5 FROM put
    """

  /// Withdraws what the platform proposed of orders or shifts and nobody has decided yet, because the reason has fallen away.
  ///
  /// - Parameter found: the numbers of what is found still.
  package static func withdraw(
    _ sources: [SystemProposal.Source], of subjects: [UUIDv7], but found: [String] = [], because note: String, at now: Instant,
    in tenant: TenantID
  ) -> Statement {
    Statement(
      withdrawal,
      [
        .int4(tenant.number), .textArray(sources.map(\.rawValue)), .textArray(subjects.map { "\($0)" }), .instant(now), .text(note),
        .textArray(found),
      ])
  }

  /// Withdraws what the platform proposed and nobody has decided yet, by its numbers.
  package static func withdraw(
    _ source: SystemProposal.Source, numbered numbers: [String], because note: String, at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      WITH put AS (
        UPDATE incident SET state = 'rejected', decided_at = $4, decision_note = $5, version = version + 1
        WHERE tenant_id = $1 AND source = $2 AND external_number = ANY ($3) AND state = 'proposed' AND proposed_side = 'system'
        RETURNING id, version)
      INSERT INTO incident_step (tenant_id, incident_id, version, step, at, side, note)
      SELECT $1, id, version, 'withdraw', $4, 'system', $5 FROM put
      """, [.int4(tenant.number), .text(source.rawValue), .textArray(numbers), .instant(now), .text(note)])
  }

  /// Withdraws what the platform proposed under a contract and nobody has decided yet, but for some.
  package static func withdraw(
    _ source: SystemProposal.Source, of contract: String, besides numbers: [String], because note: String, at now: Instant,
    in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      WITH put AS (
        UPDATE incident SET state = 'rejected', decided_at = $5, decision_note = $6, version = version + 1
        WHERE tenant_id = $1 AND source = $2 AND contract_id = $3 AND external_number <> ALL ($4) AND state = 'proposed'
          AND proposed_side = 'system'
        RETURNING id, version)
      INSERT INTO incident_step (tenant_id, incident_id, version, step, at, side, note)
      SELECT $1, id, version, 'withdraw', $5, 'system', $6 FROM put
      """,
      [.int4(tenant.number), .text(source.rawValue), .text(contract), .textArray(numbers), .instant(now), .text(note)])
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
