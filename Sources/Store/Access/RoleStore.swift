// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The roles of an office, and those of the platform.
package enum RoleStore {
  private static let columns: SQL = "code, side, title_zh, title_en, permissions"
  private static let ofOffice: SQL = "SELECT \(columns) FROM role WHERE tenant_id = $1 ORDER BY code"

  /// An office's roles by code; runs in its context.
  package static func list(in tenant: TenantID) -> Query<RoleTemplate> {
    Query(ofOffice, [.int4(tenant.number)], decode: role)
  }

  /// Makes an office's role what the template says; touches no row when it is that already.
  package static func put(_ role: RoleTemplate, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO role AS old (tenant_id, code, side, title_zh, title_en, permissions) VALUES ($1, $2, $3, $4, $5, $6) \
      ON CONFLICT (tenant_id, code) DO UPDATE SET side = excluded.side, title_zh = excluded.title_zh, title_en = excluded.title_en, \
      permissions = excluded.permissions, version = old.version + 1 \
      WHERE (old.side, old.title_zh, old.title_en, old.permissions) \
      IS DISTINCT FROM (excluded.side, excluded.title_zh, excluded.title_en, excluded.permissions)
      """,
      [
        .int4(tenant.number), .text(role.code), .text(role.side.rawValue), .text(role.title.zh), .text(role.title.en),
        .textArray(role.permissions.map(\.rawValue)),
      ])
  }

  /// Removes an office's role; the server refuses (23503) when it was ever given to somebody.
  package static func remove(_ code: String, in tenant: TenantID) -> Statement {
    Statement("DELETE FROM role WHERE tenant_id = $1 AND code = $2", [.int4(tenant.number), .text(code)])
  }

  /// The platform's roles by code.
  package static func listPlatform() -> Query<RoleTemplate> {
    Query("SELECT code, 'platform', title_zh, title_en, permissions FROM platform_role ORDER BY code", decode: role)
  }

  /// Makes a role of the platform what the template says; touches no row when it is that already.
  package static func putPlatform(_ role: RoleTemplate) -> Statement {
    Statement(
      """
      INSERT INTO platform_role AS old (code, title_zh, title_en, permissions) VALUES ($1, $2, $3, $4) \
      ON CONFLICT (code) DO UPDATE SET title_zh = excluded.title_zh, title_en = excluded.title_en, permissions = excluded.permissions \
      WHERE (old.title_zh, old.title_en, old.permissions) IS DISTINCT FROM (excluded.title_zh, excluded.title_en, excluded.permissions)
      """,
      [.text(role.code), .text(role.title.zh), .text(role.title.en), .textArray(role.permissions.map(\.rawValue))])
  }

  private static let role: @Sendable (Row) throws(DecodingFailure) -> RoleTemplate = { row throws(DecodingFailure) in
    RoleTemplate(
      code: try row.text(0), side: try row.word(1, Side.self), title: Text(zh: try row.text(2), en: try row.text(3)),
      // A permission that this version does not know allows nothing.
      permissions: try row.texts(4).compactMap(Permission.init))
  }
}
