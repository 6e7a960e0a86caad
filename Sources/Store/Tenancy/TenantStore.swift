// SPDX-License-Identifier: Apache-2.0
import Base
import Postgres

/// The offices of the deployment; platform tables, which every server sees whole.
package enum TenantStore {
  /// The constraint that a code taken twice violates.
  package static let codeConstraint = "tenant_code_key"

  package enum State: String, Sendable, CaseIterable {
    case active
    /// Nobody gets in; everything stays.
    case suspended
    case closed
  }

  package struct Tenant: Sendable, Equatable {
    package let id: TenantID
    package let code: String
    package let kind: String
    package let name: Text
    package let organisation: String
    package let state: State
    package let settings: JSON
    package let created: Instant
    package let version: Int32
  }

  /// What describes a tenant, all of which may change.
  package struct Description: Sendable, Equatable {
    package let kind: String
    package let name: Text
    package let organisation: String
    /// An object.
    package let settings: JSON

    package init(kind: String, name: Text, organisation: String, settings: JSON) {
      self.kind = kind
      self.name = name
      self.organisation = organisation
      self.settings = settings
    }
  }

  private static let columns: SQL =
    "tenant_id, code, kind, name_zh, name_en, organisation, state, settings, created_at, version"

  /// The number of an office that is open; no row for others, and for codes that are none.
  package static func active(_ code: String) -> Query<TenantID> {
    Query("SELECT tenant_id FROM tenant WHERE code = $1 AND state = 'active'", [.text(code)]) { row throws(DecodingFailure) in
      try row.tenant(0)
    }
  }

  package static func one(_ code: String) -> Query<Tenant> {
    Query("SELECT \(columns) FROM tenant WHERE code = $1", [.text(code)], decode: tenant)
  }

  /// Tenants by code, those behind `after` only.
  package static func page(after: String?, limit: Int32) -> Query<Tenant> {
    Query("SELECT \(columns) FROM tenant WHERE code > $1 ORDER BY code LIMIT $2", [.text(after ?? ""), .int4(limit)], decode: tenant)
  }

  private static let ofUser: SQL = """
    SELECT t.tenant_id, t.code, t.kind, t.name_zh, t.name_en, t.organisation, t.state, t.settings, t.created_at, t.version
    FROM user_tenant JOIN tenant t USING (tenant_id) WHERE user_id = $1 AND t.state = 'active' ORDER BY t.code
    """

  /// The open offices in which a user has or had a role; whether one holds now, the office's own tables say.
  package static func list(of user: UUIDv7) -> Query<Tenant> { Query(ofUser, [.uuid(user)], decode: tenant) }

  /// Makes a tenant; gives its number.
  package static func add(_ code: String, _ description: Description, at now: Instant) -> Query<TenantID> {
    Query(
      """
      INSERT INTO tenant (code, kind, name_zh, name_en, organisation, settings, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
      RETURNING tenant_id
      """,
      [
        .text(code), .text(description.kind), .text(description.name.zh), .text(description.name.en), .text(description.organisation),
        .json(description.settings), .instant(now),
      ]
    ) { row throws(DecodingFailure) in try row.tenant(0) }
  }

  /// Waits until nobody else applies the files of that code, and keeps others from it until the transaction ends.
  package static func lock(_ code: String) -> Statement {
    Statement("SELECT pg_advisory_xact_lock(hashtextextended('tenant.apply:' || $1, 0))", [.text(code)])
  }

  /// Makes a tenant what the description says; touches no row when it is that already.
  package static func describe(_ tenant: TenantID, _ description: Description) -> Statement {
    Statement(
      """
      UPDATE tenant SET kind = $2, name_zh = $3, name_en = $4, organisation = $5, settings = $6, version = version + 1 \
      WHERE tenant_id = $1 AND (kind, name_zh, name_en, organisation, settings) IS DISTINCT FROM ($2, $3, $4, $5, $6)
      """,
      [
        .int4(tenant.number), .text(description.kind), .text(description.name.zh), .text(description.name.en),
        .text(description.organisation), .json(description.settings),
      ])
  }

  /// Opens, suspends or closes a tenant of a known version; fails with `SQLState.changed` when it is not that any more.
  package static func setState(_ state: State, of code: String, version: Int32) -> Statement {
    Statement(
      """
      WITH changed AS (
        UPDATE tenant SET state = $3, version = version + 1 WHERE code = $1 AND version = $2 RETURNING 1)
      SELECT demand(EXISTS (SELECT FROM changed), 'JS001')
      """,
      [.text(code), .int4(version), .text(state.rawValue)])
  }

  private static let tenant: @Sendable (Row) throws(DecodingFailure) -> Tenant = { row throws(DecodingFailure) in
    Tenant(
      id: try row.tenant(0), code: try row.text(1), kind: try row.text(2), name: Text(zh: try row.text(3), en: try row.text(4)),
      organisation: try row.text(5), state: try row.word(6, State.self), settings: try row.json(7), created: try row.instant(8),
      version: try row.int32(9))
  }
}
