// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Changes of staff that a vendor asked its office for; the statements run in the office's context.
package enum StaffChangeStore {
  package enum State: String, Sendable, CaseIterable { case requested, consented, refused, withdrawn }

  package struct Row: Sendable {
    package let id: UUIDv7
    package let contract: String
    package let post: String
    package let leaves: String?
    package let comes: String?
    package let on: CivilDate
    package let reason: String
    package let state: State
    package let askedFact: UUIDv7?
    package let requestedBy: UUIDv7
    package let requestedAt: Instant
    package let decidedBy: UUIDv7?
    package let decidedAt: Instant?
    package let document: String?
    package let note: String?
    package let version: Int32

    /// What the office consented to; nil where it did not.
    package var consent: PostingCheck.Consent? {
      state == .consented ? PostingCheck.Consent(post: post, leaves: leaves, comes: comes) : nil
    }
  }

  private static let columns: SQL = """
    id, contract_id, post, leaves, comes, effective_on, reason, state, asked_fact, requested_by, requested_at, decided_by, decided_at, document, \
    decision_note, version
    """
  private static let page: SQL = """
    SELECT \(columns) FROM staff_change WHERE tenant_id = $1 AND contract_id = $2 AND ($3 = '' OR state = $3) AND id < $4
    ORDER BY id DESC LIMIT $5
    """
  private static let one: SQL = "SELECT \(columns) FROM staff_change WHERE tenant_id = $1 AND contract_id = $2 AND id = $3"

  /// The newest changes asked for under a contract, those behind `after` only, in one state where one is named.
  package static func page(of contract: String, state: State?, after: UUIDv7?, limit: Int32, in tenant: TenantID) -> Query<Row> {
    Query(
      page, [.int4(tenant.number), .text(contract), .text(state?.rawValue ?? ""), .descending(after), .int4(limit)], decode: row)
  }

  package static func one(_ id: UUIDv7, of contract: String, in tenant: TenantID) -> Query<Row> {
    Query(one, [.int4(tenant.number), .text(contract), .uuid(id)], decode: row)
  }

  private static let row: @Sendable (Postgres.Row) throws(DecodingFailure) -> Row = { row throws(DecodingFailure) in
    Row(
      id: try row.identifier(0), contract: try row.text(1), post: try row.text(2), leaves: try row.optional(3, row.text),
      comes: try row.optional(4, row.text), on: try row.civilDate(5), reason: try row.text(6), state: try row.word(7),
      askedFact: try row.optional(8, row.identifier), requestedBy: try row.identifier(9), requestedAt: try row.instant(10),
      decidedBy: try row.optional(11, row.identifier), decidedAt: try row.optional(12, row.instant),
      document: try row.optional(13, row.text), note: try row.optional(14, row.text), version: try row.int32(15))
  }

  /// A change to be asked for.
  package struct New: Sendable {
    let id: UUIDv7
    let contract: String
    let post: String
    let leaves: String?
    let comes: String?
    let on: CivilDate
    let reason: String
    let askedFact: UUIDv7?

    package init(
      id: UUIDv7, contract: String, post: String, leaves: String?, comes: String?, on: CivilDate, reason: String, askedFact: UUIDv7?
    ) {
      (self.id, self.contract, self.post, self.leaves, self.comes) = (id, contract, post, leaves, comes)
      (self.on, self.reason, self.askedFact) = (on, reason, askedFact)
    }
  }

  package static func add(_ new: New, by user: UUIDv7, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO staff_change (tenant_id, id, contract_id, post, leaves, comes, effective_on, reason, asked_fact, requested_by, requested_at) \
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      """,
      [
        .int4(tenant.number), .uuid(new.id), .text(new.contract), .text(new.post), .optional(new.leaves, .text) { .text($0) },
        .optional(new.comes, .text) { .text($0) }, .civilDate(new.on), .text(new.reason), .optional(new.askedFact, .uuid) { .uuid($0) },
        .uuid(user), .instant(now),
      ])
  }

  /// Decides, or takes back, a change of a known version that is still asked for; fails with `SQLState.changed` when it is not that any more.
  package static func decide(
    _ id: UUIDv7, version: Int32, state: State, document: String?, note: String?, by user: UUIDv7, at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      WITH decided AS (
        UPDATE staff_change SET state = $4, decided_by = $5, decided_at = $6, document = $7, decision_note = $8, version = version + 1
        WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'requested' RETURNING 1)
      SELECT demand(EXISTS (SELECT FROM decided), 'JS001')
      """,
      [
        .int4(tenant.number), .uuid(id), .int4(version), .text(state.rawValue), .uuid(user), .instant(now),
        .optional(document, .text) { .text($0) }, .optional(note, .text) { .text($0) },
      ])
  }

  /// Fails with `SQLState.changed` where the office has not consented.
  static func demand(_ id: UUIDv7, in tenant: TenantID) -> Statement {
    Statement(
      "SELECT demand(EXISTS (SELECT FROM staff_change WHERE tenant_id = $1 AND id = $2 AND state = 'consented'), 'JS001')",
      [.int4(tenant.number), .uuid(id)])
  }
}

extension StaffChangeStore.State {
  package var name: Text {
    switch self {
    case .requested: Text(zh: "待同意", en: "requested")
    case .consented: Text(zh: "已同意", en: "consented")
    case .refused: Text(zh: "未同意", en: "refused")
    case .withdrawn: Text(zh: "已撤回", en: "withdrawn")
    }
  }
}
