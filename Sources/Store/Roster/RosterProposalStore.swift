// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Rosters that were proposed for a time, and what was decided on them; the statements run in the office's context.
package enum RosterProposalStore {
  package enum State: String, Sendable, CaseIterable { case proposed, accepted, rejected, withdrawn }

  package struct New: Sendable {
    package let id: UUIDv7
    /// Nil where it is of all contracts.
    package let contract: String?
    package let days: DateRange
    package let proposal: RosterProposal

    package init(id: UUIDv7, contract: String?, days: DateRange, proposal: RosterProposal) {
      (self.id, self.contract, self.days, self.proposal) = (id, contract, days, proposal)
    }
  }

  /// A stored proposal as lists tell it.
  package struct Head: Sendable {
    package let id: UUIDv7
    package let contract: String?
    package let days: DateRange
    package let state: State
    package let placed: Int32
    package let open: Int32
    package let proposedBy: UUIDv7
    package let side: Side
    package let proposedAt: Instant
    package let decidedAt: Instant?
    package let note: String?
    package let version: Int32
  }

  private static let columns: SQL = """
    id, contract_id, first_day, last_day, state, jsonb_array_length(document -> 'placedSlots'), jsonb_array_length(document -> 'open'), \
    proposed_by, proposed_side, proposed_at, decided_at, decision_note, version
    """
  private static let page: SQL = """
    SELECT \(columns) FROM roster_proposal WHERE tenant_id = $1 AND id < $2 AND ($3::text[] IS NULL OR contract_id = ANY ($3)) \
    ORDER BY id DESC LIMIT $4
    """
  private static let one: SQL = "SELECT \(columns), document FROM roster_proposal WHERE tenant_id = $1 AND id = $2"

  /// The newest proposals, those behind `after` only.
  ///
  /// - Parameter contracts: nil for a caller who sees all of them.
  package static func page(among contracts: [String]?, after: UUIDv7?, limit: Int32, in tenant: TenantID) -> Query<Head> {
    Query(
      page,
      [
        .int4(tenant.number), .descending(after), .optional(contracts, .textArray) { .textArray($0) }, .int4(limit),
      ], decode: head)
  }

  /// One proposal whole.
  ///
  /// - Throws: from its decoder where this version cannot read the document.
  package static func one(_ id: UUIDv7, in tenant: TenantID) -> Query<(head: Head, proposal: RosterProposal)> {
    Query(one, [.int4(tenant.number), .uuid(id)]) { row throws(DecodingFailure) in
      guard case .success(let proposal) = RosterProposal.documentShape.decode(try row.json(13)) else { throw .value(column: 13) }
      return (try head(row), proposal)
    }
  }

  private static let head: @Sendable (Row) throws(DecodingFailure) -> Head = { row throws(DecodingFailure) in
    guard let days = DateRange(try row.civilDate(2), through: try row.civilDate(3)) else { throw .value(column: 3) }
    return Head(
      id: try row.identifier(0), contract: try row.optional(1, row.text), days: days, state: try row.word(4), placed: try row.int32(5),
      open: try row.int32(6), proposedBy: try row.identifier(7), side: try row.word(8), proposedAt: try row.instant(9),
      decidedAt: try row.optional(10, row.instant), note: try row.optional(11, row.text), version: try row.int32(12))
  }

  package static func add(_ new: New, by user: UUIDv7, side: Side, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO roster_proposal (tenant_id, id, contract_id, first_day, last_day, document, proposed_by, proposed_side, proposed_at) \
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      """,
      [
        .int4(tenant.number), .uuid(new.id), .optional(new.contract, .text) { .text($0) }, .civilDate(new.days.first),
        .civilDate(new.days.last), .json(new.proposal.document), .uuid(user), .text(side.rawValue), .instant(now),
      ])
  }

  /// Decides on a proposal of a known version; fails with `SQLState.changed` where it is not that any more.
  package static func decide(
    _ id: UUIDv7, version: Int32, _ state: State, note: String?, by user: UUIDv7, at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      WITH done AS (UPDATE roster_proposal SET state = $4, decision_note = $5, decided_by = $6, decided_at = $7, version = version + 1 \
      WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'proposed' RETURNING 1) \
      SELECT demand((SELECT count(*) FROM done) = 1, 'JS001')
      """,
      [
        .int4(tenant.number), .uuid(id), .int4(version), .text(state.rawValue), .optional(note, .text) { .text($0) }, .uuid(user),
        .instant(now),
      ])
  }
}

extension RosterProposalStore.State {
  package var name: Text {
    switch self {
    case .proposed: Text(zh: "待决定", en: "proposed")
    case .accepted: Text(zh: "已采纳", en: "accepted")
    case .rejected: Text(zh: "已驳回", en: "rejected")
    case .withdrawn: Text(zh: "已撤回", en: "withdrawn")
    }
  }
}
