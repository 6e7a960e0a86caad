// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// How far the statements of an office's contracts have come; the statements run in the office's context.
package enum SettlementStore {
  /// What a payment of a contract is called.
  package struct Name: Sendable, Hashable {
    package let tenant: TenantID
    package let contract: String
    package let payment: String

    package init(tenant: TenantID, contract: String, payment: String) {
      (self.tenant, self.contract, self.payment) = (tenant, contract, payment)
    }

    fileprivate var binds: [Bind] { [.int4(tenant.number), .text(contract), .text(payment)] }
  }

  /// A step that was taken.
  package struct Taken: Sendable {
    package let version: Int32
    package let step: SettlementLife.Step
    package let at: Instant
    package let actor: UUIDv7
    package let name: String
    package let side: Side
    package let note: String?
  }

  // MARK: Reading

  private static let lifeColumns: SQL = "payment, state, proposed_by, as_of, statement_sha256, confirmed_by, version"
  private static let one: SQL = "SELECT \(lifeColumns) FROM settlement WHERE tenant_id = $1 AND contract_id = $2 AND payment = $3"
  private static let all: SQL = "SELECT \(lifeColumns) FROM settlement WHERE tenant_id = $1 AND contract_id = $2 ORDER BY payment"

  /// Where a payment's statement stands; none for a draft that was never proposed.
  package static func life(of name: Name) -> Query<SettlementLife> {
    Query(one, name.binds) { row throws(DecodingFailure) in try life(row) }
  }

  /// Where the statements of a contract stand, by payment; drafts that were never proposed are not among them.
  package static func lives(of contract: String, in tenant: TenantID) -> Query<(payment: String, life: SettlementLife)> {
    Query(all, [.int4(tenant.number), .text(contract)]) { row throws(DecodingFailure) in (try row.text(0), try life(row)) }
  }

  private static func life(_ row: Row) throws(DecodingFailure) -> SettlementLife {
    var proposal: SettlementLife.Proposal?
    if !row.isNull(2) {
      proposal = SettlementLife.Proposal(
        by: try row.identifier(2), asOf: try row.civilDate(3), digest: try row.bytea(4),
        firstConfirmation: try row.optional(5, row.identifier))
    }
    return SettlementLife(state: try row.word(1), proposal: proposal, version: try row.int32(6))
  }

  /// The steps of a payment's statement in their order, with the names of those who took them.
  package static func steps(of name: Name) -> Query<Taken> {
    Query(
      """
      SELECT s.version, s.step, s.at, s.actor, coalesce(u.display_name, ''), s.side, s.note FROM settlement_step s \
      LEFT JOIN app_user u ON u.user_id = s.actor \
      WHERE s.tenant_id = $1 AND s.contract_id = $2 AND s.payment = $3 ORDER BY s.version
      """, name.binds
    ) { row throws(DecodingFailure) in
      Taken(
        version: try row.int32(0), step: try row.word(1), at: try row.instant(2), actor: try row.identifier(3), name: try row.text(4),
        side: try row.word(5), note: try row.optional(6, row.text))
    }
  }

  // MARK: Steps

  /// A step on its way to the record.
  package struct Taking: Sendable {
    let step: SettlementLife.Step
    let from: Int32
    let to: SettlementLife
    let user: UUIDv7
    let note: String?
    let now: Instant

    /// - Parameters:
    ///   - from: the version that it was judged by.
    ///   - to: what the statement's life is after it; its version is one more.
    package init(_ step: SettlementLife.Step, from: Int32, to: SettlementLife, by user: UUIDv7, note: String?, at now: Instant) {
      (self.step, self.from, self.to, self.user, self.note, self.now) = (step, from, to, user, note, now)
    }
  }

  /// Takes a step; fails with `SQLState.changed` when the statement is not what it was judged by any more.
  package static func take(_ taking: Taking, of name: Name) -> [Statement] {
    let proposal = taking.to.proposal
    return [
      Statement(
        """
        WITH moved AS (
          INSERT INTO settlement AS s (tenant_id, contract_id, payment, version, state, proposed_by, as_of, statement_sha256, confirmed_by)
          VALUES ($1, $2, $3, $4 + 1, $5, $6, $7, $8, $9)
          ON CONFLICT (tenant_id, contract_id, payment) DO UPDATE SET version = s.version + 1, state = excluded.state,
            proposed_by = excluded.proposed_by, as_of = excluded.as_of, statement_sha256 = excluded.statement_sha256,
            confirmed_by = excluded.confirmed_by
          WHERE s.version = $4
          RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM moved), 'JS001')
        """,
        name.binds + [
          .int4(taking.from), .text(taking.to.state.rawValue), .optional(proposal?.by, .uuid) { .uuid($0) },
          .optional(proposal?.asOf, .date) { .civilDate($0) }, .optional(proposal?.digest, .bytea) { .bytea($0) },
          .optional(proposal?.firstConfirmation, .uuid) { .uuid($0) },
        ]),
      Statement(
        """
        INSERT INTO settlement_step (tenant_id, contract_id, payment, version, step, at, actor, side, note) \
        VALUES ($1, $2, $3, $4 + 1, $5, $6, $7, $8, $9)
        """,
        name.binds + [
          .int4(taking.from), .text(taking.step.rawValue), .instant(taking.now), .uuid(taking.user), .text(taking.step.side.rawValue),
          .optional(taking.note, .text) { .text($0) },
        ]),
    ]
  }
}
