// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The books of an office's contracts: what the timer has noticed of their obligations; the statements run in the office's context.
package enum ObligationStore {
  /// A contract that is to be looked at, its book locked.
  package struct Claim: Sendable {
    package let contract: String
    /// Whether nobody has looked before.
    package let isNew: Bool
  }

  /// The offices in which a contract is to be looked at.
  package static func dueTenants(at now: Instant) -> Query<DueTenant> {
    Query("SELECT tenant, since FROM obligation_due_tenants($1)", [.instant(now)], decode: DueTenant.decode)
  }

  /// Opens a book for every contract that has none and of which something was recorded.
  package static func openBooks(in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO obligation_book (tenant_id, contract_id) \
      SELECT DISTINCT tenant_id, contract_id FROM obligation_change c WHERE tenant_id = $1 AND NOT EXISTS \
      (SELECT FROM obligation_book b WHERE b.tenant_id = $1 AND b.contract_id = c.contract_id) ON CONFLICT DO NOTHING
      """, [.int4(tenant.number)])
  }

  /// Takes up the contract that waits longest, passing over those that another server has taken up.
  package static func claim(at now: Instant, in tenant: TenantID) -> Query<Claim> {
    Query(
      """
      SELECT contract_id, basis IS NULL FROM obligation_book b WHERE tenant_id = $1 AND (next_at <= $2 \
      OR basis <> (SELECT obligation_basis()) \
      OR EXISTS (SELECT FROM obligation_change c WHERE c.tenant_id = $1 AND c.contract_id = b.contract_id)) \
      ORDER BY next_at, contract_id LIMIT 1 FOR UPDATE SKIP LOCKED
      """, [.int4(tenant.number), .instant(now)]
    ) { row throws(DecodingFailure) in Claim(contract: try row.text(0), isNew: try row.bool(1)) }
  }

  /// Forgets what was recorded so far: whoever looks afterwards sees it.
  package static func takeChanges(of contract: String, in tenant: TenantID) -> Statement {
    Statement("DELETE FROM obligation_change WHERE tenant_id = $1 AND contract_id = $2", [.int4(tenant.number), .text(contract)])
  }

  package static func entries(of contract: String, in tenant: TenantID) -> Query<ObligationBook.Entry> {
    Query(
      "SELECT id, bearer, state, due_at, fired_at FROM obligation WHERE tenant_id = $1 AND contract_id = $2",
      [.int4(tenant.number), .text(contract)]
    ) { row throws(DecodingFailure) in
      let word = try row.text(2)
      let state: ObligationBook.Entry.State
      if word == withdrawn {
        state = .withdrawn
      } else if let open = Obligation.State(rawValue: word) {
        state = .open(open)
      } else {
        throw .value(column: 2)
      }
      return ObligationBook.Entry(
        id: try row.text(0), bearer: try row.word(1, Duty.Bearer.self), state: state, due: try row.instant(3),
        told: try row.optional(4, row.instant))
    }
  }

  /// The obligations of which both sides were told that their time has passed, and when.
  package static func told(of contract: String, in tenant: TenantID) -> Query<(id: String, at: Instant)> {
    Query(
      "SELECT id, fired_at FROM obligation WHERE tenant_id = $1 AND contract_id = $2 AND fired_at IS NOT NULL",
      [.int4(tenant.number), .text(contract)]
    ) { row throws(DecodingFailure) in (id: try row.text(0), at: try row.instant(1)) }
  }

  private static let withdrawn = "withdrawn"

  private static func word(_ state: ObligationBook.Entry.State) -> String {
    switch state {
    case .open(let state): state.rawValue
    case .withdrawn: withdrawn
    }
  }

  /// Writes entries down, new ones and others.
  package static func put(_ entries: [ObligationBook.Entry], of contract: String, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO obligation (tenant_id, contract_id, id, bearer, state, due_at, fired_at) \
      SELECT $1, $2, r.* FROM unnest($3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[]) r \
      ON CONFLICT (tenant_id, contract_id, id) DO UPDATE SET \
      bearer = excluded.bearer, state = excluded.state, due_at = excluded.due_at, fired_at = excluded.fired_at
      """,
      [
        .int4(tenant.number), .text(contract), .textArray(entries.map(\.id)), .textArray(entries.map(\.bearer.rawValue)),
        .textArray(entries.map { word($0.state) }), .timestamptzArray(entries.map(\.due.microseconds)),
        .timestamptzArray(entries.map { $0.told?.microseconds }),
      ])
  }

  /// Closes the book until an instant.
  package static func close(_ contract: String, until next: Instant, in tenant: TenantID) -> Statement {
    Statement(
      "UPDATE obligation_book SET basis = obligation_basis(), next_at = $3 WHERE tenant_id = $1 AND contract_id = $2",
      [.int4(tenant.number), .text(contract), .instant(next)])
  }
}
