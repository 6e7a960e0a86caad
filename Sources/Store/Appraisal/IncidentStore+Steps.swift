// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

extension IncidentStore {
  /// Somebody's step on an incident of a version that they have read.
  package struct Step: Sendable {
    let id: UUIDv7
    let version: Int32
    let user: UUIDv7
    let note: String?
    let evidence: [JSON]
    let now: Instant

    /// - Parameter version: the version that it was judged by; the step makes the next one.
    package init(on id: UUIDv7, version: Int32, by user: UUIDv7, note: String?, evidence: [JSON] = [], at now: Instant) {
      (self.id, self.version, self.user, self.note, self.evidence, self.now) = (id, version, user, note, evidence, now)
    }

    fileprivate func key(in tenant: TenantID) -> [Bind] { [.int4(tenant.number), .uuid(id), .int4(version)] }
    fileprivate var noteBind: Bind { .optional(note, .text) { .text($0) } }

    /// Writes down that it was taken.
    fileprivate func taken(
      _ word: String, _ side: Side, amount: Fen? = nil, points: Rational? = nil, in tenant: TenantID
    ) -> Statement {
      Statement(
        """
        INSERT INTO incident_step (tenant_id, incident_id, version, step, at, actor, side, amount_fen, points, note, evidence) \
        VALUES ($1, $2, $3 + 1, $4, $5, $6, $7, $8, $9::text::numeric, $10, $11)
        """,
        key(in: tenant) + [
          .text(word), .instant(now), .uuid(user), .text(side.rawValue), .optional(amount, .int8) { .int8($0.count) },
          .optional(points, .text) { .text($0.decimal()) }, noteBind, .json(.array(evidence)),
        ])
    }
  }

  // Each fails with `SQLState.changed` when the incident is not of the version any more.

  /// Adds evidence to a proposal or a disputed incident.
  package static func addEvidence(_ step: Step, of side: Side, in tenant: TenantID) -> [Statement] {
    [
      Statement(
        """
        WITH moved AS (
          UPDATE incident SET evidence = evidence || $4, version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state IN ('proposed', 'disputed') RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM moved), 'JS001')
        """, step.key(in: tenant) + [.json(.array(step.evidence))]),
      step.taken("evidence", side, in: tenant),
    ]
  }

  /// Takes down the vendor's answer to a proposal.
  package static func answer(_ step: Step, admits: Bool, in tenant: TenantID) -> [Statement] {
    [
      Statement(
        """
        WITH moved AS (
          UPDATE incident SET answered_at = $4, answered_by = $5, admits = $6, answer = $7, version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'proposed' AND answered_at IS NULL RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM moved), 'JS001')
        """, step.key(in: tenant) + [.instant(step.now), .uuid(step.user), .bool(admits), step.noteBind]),
      step.taken("answer", .vendor, in: tenant),
    ]
  }

  /// Sets what the rule leaves open, with the reason; somebody else is to agree.
  package static func set(_ step: Step, amount: Fen?, points: Rational?, in tenant: TenantID) -> [Statement] {
    [
      Statement(
        """
        WITH moved AS (
          UPDATE incident SET amount_fen = $4, points = $5::text::numeric, set_by = $6, set_at = $7, set_reason = $8, version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'proposed' RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM moved), 'JS001')
        """,
        step.key(in: tenant) + [
          .optional(amount, .int8) { .int8($0.count) }, .optional(points, .text) { .text($0.decimal()) }, .uuid(step.user),
          .instant(step.now), step.noteBind,
        ]),
      step.taken("set", .office, amount: amount, points: points, in: tenant),
    ]
  }

  /// What is confirmed: an incident with all that it says, in the period whose statement takes it in.
  package struct Confirmed: Sendable {
    let contract: String
    let occurredAt: Instant
    let incident: FactBody.Incident
    let period: String
    let correctsConfirmed: Bool

    /// - Parameter correctsConfirmed: whether it may be confirmed although the period's statement is, and is corrected in the next one.
    package init(contract: String, occurredAt: Instant, incident: FactBody.Incident, period: String, correctsConfirmed: Bool) {
      (self.contract, self.occurredAt, self.incident) = (contract, occurredAt, incident)
      (self.period, self.correctsConfirmed) = (period, correctsConfirmed)
    }
  }

  /// Confirms an incident and records its fact, which has its name.
  ///
  /// The statements belong into one transaction. They wait for whoever confirms a statement of the contract, and fail with
  /// `SQLState.periodConfirmed` when the period's is confirmed and nobody said that it is to be corrected.
  package static func confirm(_ step: Step, _ confirmed: Confirmed, in tenant: TenantID) -> [Statement] {
    let content = FactContent(on: confirmed.occurredAt.date, at: confirmed.occurredAt, body: .incident(confirmed.incident))
    let fact = FactStore.New(
      id: step.id, content: content, kind: "incident", contract: confirmed.contract, note: step.note.map { String($0.prefix(2000)) },
      user: step.user, side: Side.office.rawValue, incident: step.id, at: step.now)
    var statements = SnapshotStore.demandUnconfirmed(
      confirmed.period, of: confirmed.contract, unless: confirmed.correctsConfirmed, in: tenant)
    let incident = confirmed.incident
    statements.append(
      Statement(
        """
        WITH moved AS (
          UPDATE incident SET state = 'confirmed', amount_fen = $4, points = $5::text::numeric, decided_by = $6, decided_at = $7,
            decision_note = $8, period = $9, version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'proposed' RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM moved), 'JS001')
        """,
        step.key(in: tenant) + [
          .optional(incident.amount, .int8) { .int8($0.count) }, .optional(incident.points, .text) { .text($0.decimal()) },
          .uuid(step.user), .instant(step.now), step.noteBind, .text(confirmed.period),
        ]))
    return statements + FactStore.add(fact, in: tenant) + [
      step.taken("confirm", .office, amount: incident.amount, points: incident.points, in: tenant)
    ]
  }

  /// Rejects a proposal.
  package static func reject(_ step: Step, in tenant: TenantID) -> [Statement] {
    [
      Statement(
        """
        WITH moved AS (
          UPDATE incident SET state = 'rejected', decided_by = $4, decided_at = $5, decision_note = $6, version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'proposed' RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM moved), 'JS001')
        """, step.key(in: tenant) + [.uuid(step.user), .instant(step.now), step.noteBind]),
      step.taken("reject", .office, in: tenant),
    ]
  }

  /// Takes down that the vendor disputes what was confirmed.
  package static func dispute(_ step: Step, in tenant: TenantID) -> [Statement] {
    [
      Statement(
        """
        WITH moved AS (
          UPDATE incident SET state = 'disputed', version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'confirmed' AND upheld_by IS NULL RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM moved), 'JS001')
        """, step.key(in: tenant)),
      step.taken("dispute", .vendor, in: tenant),
    ]
  }

  /// Decides a dispute for the incident.
  package static func uphold(_ step: Step, in tenant: TenantID) -> [Statement] {
    [
      Statement(
        """
        WITH moved AS (
          UPDATE incident SET state = 'confirmed', upheld_by = $4, version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'disputed' RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM moved), 'JS001')
        """, step.key(in: tenant) + [.uuid(step.user)]),
      step.taken("uphold", .office, in: tenant),
    ]
  }

  /// Takes back what was confirmed and voids its fact; a confirmed statement that took it in is corrected by the next.
  ///
  /// - Parameter voiding: the identifier of the fact that voids.
  package static func reverse(_ step: Step, of contract: String, voiding: UUIDv7, in tenant: TenantID) -> [Statement] {
    [
      Statement(
        """
        WITH moved AS (
          UPDATE incident SET state = 'reversed', version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state IN ('confirmed', 'disputed') RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM moved), 'JS001')
        """, step.key(in: tenant)),
      FactStore.void(
        step.id, of: contract, id: voiding, reason: String((step.note ?? "").prefix(2000)), by: step.user, side: Side.office.rawValue,
        at: step.now, in: tenant),
      step.taken("reverse", .office, in: tenant),
    ]
  }
}
