// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Statements on the incidents of an office; the caller runs them in the office's context.
package enum IncidentStore {
  static let columns: SQL = """
    id, contract_id, kind, state, occurred_at, subject, amount_fen, trim_scale(points)::text, quantity, description, evidence, source, external_number, \
    proposed_side, proposed_by, proposed_at, decided_by, decided_at, decision_note, recorded_at, version, breaching, set_by, set_at, set_reason, \
    answer_within, coalesce(answer_from, proposed_at), answered_at, answered_by, admits, answer, period, upheld_by
    """

  private static let one: SQL = "SELECT \(columns) FROM incident WHERE tenant_id = $1 AND id = $2"
  private static let several: SQL = "SELECT \(columns) FROM incident WHERE tenant_id = $1 AND id = ANY ($2)"
  private static let page: SQL =
    "SELECT \(columns) FROM incident WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
  private static let pageOfContract: SQL = """
    SELECT \(columns) FROM incident
    WHERE tenant_id = $1 AND ($4 = '' OR contract_id = $4) AND ($5 = '' OR state = $5) AND ($6 = '' OR subject = $6)
      AND ($7 = '' OR period = $7) AND ($8::text[] IS NULL OR contract_id = ANY ($8)) AND id < $2 ORDER BY id DESC LIMIT $3
    """

  /// One incident; no row when the office has none of that id.
  package static func one(_ id: UUIDv7, in tenant: TenantID) -> Statement {
    Statement(one, [.int4(tenant.number), .uuid(id)])
  }

  /// Incidents by their identifiers.
  package static func named(_ ids: [UUIDv7], in tenant: TenantID) -> Statement {
    Statement(several, [.int4(tenant.number), .uuidArray(ids.map { ($0.high, $0.low) })])
  }

  /// The newest incidents, those behind `after` only.
  package static func page(after: UUIDv7?, limit: Int32, in tenant: TenantID) -> Statement {
    Statement(page, [.int4(tenant.number), .descending(after), .int4(limit)])
  }

  /// Which incidents are listed; nil for any.
  package struct Choice: Sendable {
    let contract: String?
    let state: Incident.State?
    let subject: String?
    let period: String?
    let among: [String]?

    /// - Parameter among: the contracts that whoever asks may see.
    package init(contract: String?, state: Incident.State?, subject: String?, period: String?, among: [String]?) {
      (self.contract, self.state, self.subject, self.period, self.among) = (contract, state, subject, period, among)
    }

    /// Whether it leaves none out.
    package var isAll: Bool { contract == nil && state == nil && subject == nil && period == nil && among == nil }
  }

  /// The newest incidents of a choice, those behind `after` only.
  package static func page(of choice: Choice, after: UUIDv7?, limit: Int32, in tenant: TenantID) -> Statement {
    Statement(
      pageOfContract,
      [
        .int4(tenant.number), .descending(after), .int4(limit), .text(choice.contract ?? ""), .text(choice.state?.rawValue ?? ""),
        .text(choice.subject ?? ""), .text(choice.period ?? ""), .optional(choice.among, .textArray) { .textArray($0) },
      ])
  }

  /// How many incidents of a contract there are in each state.
  package static func counts(of contract: String, in tenant: TenantID) -> Query<(state: Incident.State, count: Int)> {
    Query(
      "SELECT state, count(*) FROM incident WHERE tenant_id = $1 AND contract_id = $2 GROUP BY state",
      [.int4(tenant.number), .text(contract)]
    ) { row throws(DecodingFailure) in (state: try row.word(0), count: Int(try row.int64(1))) }
  }

  /// Takes in a proposal; what the office's rule gives the vendor for its answer is written down with it.
  ///
  /// - Parameter isSet: whether the proposer's word is that of the person who sets what the rule leaves open; `reason` must be there.
  package static func add(
    _ proposal: Incident.Proposal, id: UUIDv7, by user: UUIDv7, side: Incident.Proposer, isSet: Bool = false, at now: Instant,
    in tenant: TenantID
  ) -> Statement {
    let incident = proposal.incident
    return Statement(
      """
      INSERT INTO incident (tenant_id, id, contract_id, kind, occurred_at, subject, amount_fen, points, breaching, quantity, description, \
      evidence, source, external_number, proposed_side, proposed_by, proposed_at, recorded_at, set_by, set_at, set_reason, answer_within) \
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::numeric, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $18, $19, $20, \
      CASE WHEN $15 <> 'vendor' THEN (SELECT settings #> '{settings,appraisal,answerWithin}' FROM tenant WHERE tenant_id = $1) END)
      """,
      [
        .int4(tenant.number), .uuid(id), .text(proposal.contract), .text(incident.kind), .instant(proposal.occurredAt),
        .optional(incident.subject, .text) { .text($0) }, .optional(incident.amount, .int8) { .int8($0.count) },
        .optional(incident.points, .text) { .text($0.decimal()) }, .optional(incident.by, .text) { .text($0.rawValue) },
        .int4(Int32(clamping: incident.quantity)), .text(proposal.description), .json(.array(proposal.evidence)), .text(proposal.source),
        .optional(proposal.externalNumber, .text) { .text($0) }, .text(side.rawValue), .uuid(user), .instant(now),
        isSet ? .uuid(user) : .null(.uuid), isSet ? .instant(now) : .null(.timestamptz),
        isSet ? .optional(proposal.reason, .text) { .text($0) } : .null(.text),
      ])
  }

  /// Something that was done with an incident after it was proposed.
  package struct Taken: Sendable {
    package let version: Int32
    package let step: String
    package let at: Instant
    /// Nil for the platform.
    package let actor: UUIDv7?
    package let name: String?
    package let side: String
    package let amount: Fen?
    package let points: String?
    package let note: String?
    package let evidence: JSON
  }

  /// The steps of an incident in their order, with the names of those who took them.
  package static func steps(of id: UUIDv7, in tenant: TenantID) -> Query<Taken> {
    Query(
      """
      SELECT s.version, s.step, s.at, s.actor, u.display_name, s.side, s.amount_fen, trim_scale(s.points)::text, s.note, s.evidence \
      FROM incident_step s LEFT JOIN app_user u ON u.user_id = s.actor WHERE s.tenant_id = $1 AND s.incident_id = $2 ORDER BY s.version
      """, [.int4(tenant.number), .uuid(id)]
    ) { row throws(DecodingFailure) in
      Taken(
        version: try row.int32(0), step: try row.text(1), at: try row.instant(2), actor: try row.optional(3, row.identifier),
        name: try row.optional(4, row.text), side: try row.text(5), amount: try row.optional(6, row.fen),
        points: try row.optional(7, row.text), note: try row.optional(8, row.text), evidence: try row.json(9))
    }
  }
}
