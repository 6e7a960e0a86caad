// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// An office's contracts beside their documents; the statements run in the office's context.
package enum ContractStore {
  package enum State: String, Sendable, CaseIterable { case draft, active, terminated, closed }

  package struct Row: Sendable, Equatable {
    package let id: String
    package let vendor: String
    package let title: Text
    package let state: State
    /// From when, and the last day until when, the vendor's people may see the office; nil for no end.
    package let vendorFrom: CivilDate
    package let vendorUntil: CivilDate?
    package let created: Instant
    package let version: Int32
  }

  private static let columns: SQL =
    "contract_id, vendor, title_zh, title_en, state, vendor_from, vendor_until, created_at, version"
  private static let all: SQL = "SELECT \(columns) FROM contract WHERE tenant_id = $1 ORDER BY contract_id"
  private static let page: SQL = """
    SELECT \(columns) FROM contract
    WHERE tenant_id = $1 AND contract_id > $2 AND ($4::text[] IS NULL OR contract_id = ANY ($4)) ORDER BY contract_id LIMIT $3
    """
  private static let one: SQL = "SELECT \(columns) FROM contract WHERE tenant_id = $1 AND contract_id = $2"

  package static func list(in tenant: TenantID) -> Query<Row> { Query(all, [.int4(tenant.number)], decode: row) }

  /// Contracts by identifier, those behind `after` only, and of these those that are named, where some are.
  package static func page(after: String?, among contracts: [String]?, limit: Int32, in tenant: TenantID) -> Query<Row> {
    Query(
      page, [.int4(tenant.number), .text(after ?? ""), .int4(limit), .optional(contracts, .textArray) { .textArray($0) }], decode: row)
  }

  package static func one(_ id: String, in tenant: TenantID) -> Query<Row> {
    Query(one, [.int4(tenant.number), .text(id)], decode: row)
  }

  /// A row when the office has a contract by this identifier.
  package static func exists(_ id: String, in tenant: TenantID) -> Statement {
    Statement("SELECT 1 FROM contract WHERE tenant_id = $1 AND contract_id = $2", [.int4(tenant.number), .text(id)])
  }

  /// Makes a contract known, or what is derived of its papers; touches no row when it is so already, and never its state.
  package static func put(_ agreement: OfficeState.Agreement, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO contract AS old (tenant_id, contract_id, vendor, title_zh, title_en, vendor_from, vendor_until, created_at) \
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
      ON CONFLICT (tenant_id, contract_id) DO UPDATE SET vendor = excluded.vendor, title_zh = excluded.title_zh, \
      title_en = excluded.title_en, vendor_from = excluded.vendor_from, vendor_until = excluded.vendor_until, version = old.version + 1 \
      WHERE (old.vendor, old.title_zh, old.title_en, old.vendor_from, old.vendor_until) \
      IS DISTINCT FROM (excluded.vendor, excluded.title_zh, excluded.title_en, excluded.vendor_from, excluded.vendor_until)
      """,
      [
        .int4(tenant.number), .text(agreement.id), .text(agreement.vendor), .text(agreement.title.zh), .text(agreement.title.en),
        .civilDate(agreement.access.first), .civilDate(agreement.access.last), .instant(now),
      ])
  }

  private static let row: @Sendable (Postgres.Row) throws(DecodingFailure) -> Row = { row throws(DecodingFailure) in
    Row(
      id: try row.text(0), vendor: try row.text(1), title: Text(zh: try row.text(2), en: try row.text(3)),
      state: try row.word(4, State.self),
      vendorFrom: try row.civilDate(5), vendorUntil: try row.optional(6, row.civilDate), created: try row.instant(7),
      version: try row.int32(8))
  }
}
