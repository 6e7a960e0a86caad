// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Grades proposed and decided; the statements run in the office's context.
package enum GradeStore {
  package struct Row: Sendable {
    package let id: UUIDv7
    package let contract: String
    package let series: String
    package let period: String
    package let life: GradeLife
    package let reason: String
    package let evidence: JSON
    package let proposedAt: Instant
    package let proposer: String?
    package let decided: Decided?
    package let voidedAt: Instant?
    package let voidedBecause: String?
    package let version: Int32
    /// The contract's events that were recorded with its proposal and its decision.
    package let proposedEvent: UUIDv7?
    package let decidedEvent: UUIDv7?

    /// Whether a fact is the grade or one of its events.
    package func has(fact: UUIDv7) -> Bool { fact == id || fact == proposedEvent || fact == decidedEvent }
  }

  /// What was decided.
  package struct Decided: Sendable {
    package let grade: String
    /// The day of the decision, from which it counts.
    package let on: CivilDate
    package let reason: String?
    package let by: UUIDv7
    package let name: String?
    package let at: Instant
    package let payment: String
  }

  private static let columns: SQL = """
    g.id, g.contract_id, g.series, g.period, g.proposed, g.reason, g.evidence, g.proposed_by, g.proposed_at, p.display_name, g.state, \
    g.decided, g.decided_on, g.decided_reason, g.decided_by, d.display_name, g.decided_at, g.payment, g.voided_at, g.voided_because, g.version, \
    g.proposed_fact, g.decided_fact
    """
  private static let named: SQL = """
    grade g LEFT JOIN app_user p ON p.user_id = g.proposed_by LEFT JOIN app_user d ON d.user_id = g.decided_by
    """
  private static let one: SQL = "SELECT \(columns) FROM \(named) WHERE g.tenant_id = $1 AND g.contract_id = $2 AND g.id = $3"
  private static let several: SQL = """
    SELECT \(columns) FROM \(named)
    WHERE g.tenant_id = $1 AND (g.id = ANY ($2) OR g.proposed_fact = ANY ($2) OR g.decided_fact = ANY ($2))
    """
  private static let page: SQL = """
    SELECT \(columns) FROM \(named) WHERE g.tenant_id = $1 AND g.contract_id = $2 AND ($3 = '' OR g.state = $3) AND ($4 = '' OR g.period = $4)
      AND (NOT $5 OR g.decided_at IS NOT NULL) AND g.id < $6 ORDER BY g.id DESC LIMIT $7
    """

  /// The newest grades under a contract, those behind `after` only.
  ///
  /// - Parameter decidedOnly: whether those are left out that were never decided.
  package static func page(
    of contract: String, state: GradeLife.State?, period: String?, decidedOnly: Bool, after: UUIDv7?, limit: Int32, in tenant: TenantID
  ) -> Query<Row> {
    Query(
      page,
      [
        .int4(tenant.number), .text(contract), .text(state?.rawValue ?? ""), .text(period ?? ""), .bool(decidedOnly), .descending(after),
        .int4(limit),
      ], decode: row)
  }

  package static func one(_ id: UUIDv7, of contract: String, in tenant: TenantID) -> Query<Row> {
    Query(one, [.int4(tenant.number), .text(contract), .uuid(id)], decode: row)
  }

  /// The grades that some facts are, or are the events of; what is none is left out.
  package static func named(_ ids: [UUIDv7], in tenant: TenantID) -> Query<Row> {
    Query(several, [.int4(tenant.number), .uuidArray(ids.map { ($0.high, $0.low) })], decode: row)
  }

  private static let row: @Sendable (Postgres.Row) throws(DecodingFailure) -> Row = { row throws(DecodingFailure) in
    var decided: Decided?
    if let grade = try row.optional(11, row.text) {
      decided = Decided(
        grade: grade, on: try row.civilDate(12), reason: try row.optional(13, row.text), by: try row.identifier(14),
        name: try row.optional(15, row.text), at: try row.instant(16), payment: try row.text(17))
    }
    return Row(
      id: try row.identifier(0), contract: try row.text(1), series: try row.text(2), period: try row.text(3),
      life: GradeLife(state: try row.word(10), proposedBy: try row.identifier(7), grade: try row.text(4)), reason: try row.text(5),
      evidence: try row.json(6), proposedAt: try row.instant(8), proposer: try row.optional(9, row.text), decided: decided,
      voidedAt: try row.optional(18, row.instant), voidedBecause: try row.optional(19, row.text), version: try row.int32(20),
      proposedEvent: try row.optional(21, row.identifier), decidedEvent: try row.optional(22, row.identifier))
  }

  // MARK: Steps

  /// The constraint that a second grade for a period violates.
  package static let onceConstraint = "grade_once"

  /// A grade to be proposed.
  package struct New: Sendable {
    let id: UUIDv7
    let contract: String
    let series: String
    let period: String
    let grade: String
    let reason: String
    let evidence: [JSON]
    let user: UUIDv7
    /// What the contract has happen with it.
    let event: FactStore.New?

    package init(
      id: UUIDv7, of contract: String, series: String, period: String, grade: String, reason: String, evidence: [JSON], by user: UUIDv7,
      event: FactStore.New?
    ) {
      (self.id, self.contract, self.series, self.period, self.grade) = (id, contract, series, period, grade)
      (self.reason, self.evidence, self.user, self.event) = (reason, evidence, user, event)
    }
  }

  /// Takes in a proposal, with its event; fails with `onceConstraint` where there is a grade for the same.
  ///
  /// The statements belong into one transaction.
  package static func add(_ new: New, at now: Instant, in tenant: TenantID) -> [Statement] {
    [
      Statement(
        """
        INSERT INTO grade (tenant_id, id, contract_id, series, period, proposed, reason, evidence, proposed_by, proposed_at, proposed_fact) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        [
          .int4(tenant.number), .uuid(new.id), .text(new.contract), .text(new.series), .text(new.period), .text(new.grade),
          .text(new.reason), .json(.array(new.evidence)), .uuid(new.user), .instant(now), .optional(new.event?.id, .uuid) { .uuid($0) },
        ])
    ] + (new.event.map { FactStore.add($0, in: tenant) } ?? [])
  }

  /// Decides a grade of a known version and records its fact, which has its name, and the event that the contract has happen with it.
  ///
  /// The statements belong into one transaction. They fail with `SQLState.changed` when it is not of the version any more, with
  /// `SQLState.periodConfirmed` when the payment's statement is confirmed and nobody said that it is to be corrected, with
  /// `SQLState.alreadyRecorded` where a grade for the same is on record.
  package static func decide(
    _ grade: String, version: Int32, reason: String?, _ fact: FactStore.New, event: FactStore.New?, by user: UUIDv7,
    taking payment: String, correctsConfirmed: Bool, in tenant: TenantID
  ) -> [Statement] {
    SnapshotStore.demandUnconfirmed(payment, of: fact.contract, unless: correctsConfirmed, in: tenant) + [
      Statement(
        """
        WITH moved AS (
          UPDATE grade SET state = 'decided', decided = $4, decided_on = $5, decided_reason = $6, decided_by = $7, decided_at = $8, payment = $9,
            decided_fact = $10, version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'proposed' RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM moved), 'JS001')
        """,
        [
          .int4(tenant.number), .uuid(fact.id), .int4(version), .text(grade), .civilDate(fact.content.on),
          .optional(reason, .text) { .text($0) }, .uuid(user), .instant(fact.now), .text(payment),
          .optional(event?.id, .uuid) { .uuid($0) },
        ])
    ] + FactStore.add(fact, in: tenant) + (event.map { FactStore.add($0, in: tenant) } ?? [])
  }

  /// Voids a grade of a known version, with the reason, its fact where it counts, and its events; fails with `SQLState.changed`.
  ///
  /// - Parameter identity: makes the identifiers of the facts that void.
  package static func void(
    _ row: Row, version: Int32, reason: String, by user: UUIDv7, identity: (Instant) -> UUIDv7, at now: Instant, in tenant: TenantID
  ) -> [Statement] {
    let facts = [row.life.state == .decided ? row.id : nil, row.decidedEvent, row.proposedEvent].compactMap { $0 }
    return [
      Statement(
        """
        WITH moved AS (
          UPDATE grade SET state = 'voided', voided_by = $4, voided_at = $5, voided_because = $6, version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state <> 'voided' RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM moved), 'JS001')
        """, [.int4(tenant.number), .uuid(row.id), .int4(version), .uuid(user), .instant(now), .text(reason)])
    ]
      + facts.map { fact in
        FactStore.void(
          fact, of: row.contract, id: identity(now), reason: reason, by: user, side: Side.office.rawValue, at: now, in: tenant)
      }
  }
}
