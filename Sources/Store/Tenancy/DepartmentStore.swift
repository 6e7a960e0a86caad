// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The units of an office and the villages and communities below it; the statements run in the office's context.
package enum DepartmentStore {
  package struct Department: Sendable, Equatable {
    package let code: String
    package let parent: String?
    /// What it is, in the office's own words: `department`, `village`.
    package let kind: String
    package let name: Text

    package init(code: String, parent: String?, kind: String, name: Text) {
      self.code = code
      self.parent = parent
      self.kind = kind
      self.name = name
    }
  }

  package static func list(in tenant: TenantID) -> Query<Department> {
    Query("SELECT code, parent, kind, name_zh, name_en FROM department WHERE tenant_id = $1 ORDER BY code", [.int4(tenant.number)]) {
      row throws(DecodingFailure) in
      Department(
        code: try row.text(0), parent: try row.optional(1, row.text), kind: try row.text(2),
        name: Text(zh: try row.text(3), en: try row.text(4)))
    }
  }

  /// Those that an order's community may be.
  package static func communities(in tenant: TenantID) -> Query<Communities.Community> {
    Query(
      "SELECT code, name_zh, name_en FROM department WHERE tenant_id = $1 AND kind = ANY ($2) ORDER BY code",
      [.int4(tenant.number), .textArray(Communities.kinds.map(\.rawValue))]
    ) { row throws(DecodingFailure) in (code: try row.text(0), name: Text(zh: try row.text(1), en: try row.text(2))) }
  }

  /// Makes a department what it says; a parent goes before its children. Touches no row when it is that already.
  package static func put(_ department: Department, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO department AS old (tenant_id, code, parent, kind, name_zh, name_en) VALUES ($1, $2, $3, $4, $5, $6) \
      ON CONFLICT (tenant_id, code) DO UPDATE SET parent = excluded.parent, kind = excluded.kind, name_zh = excluded.name_zh, \
      name_en = excluded.name_en, version = old.version + 1 \
      WHERE (old.parent, old.kind, old.name_zh, old.name_en) \
      IS DISTINCT FROM (excluded.parent, excluded.kind, excluded.name_zh, excluded.name_en)
      """,
      [
        .int4(tenant.number), .text(department.code), .optional(department.parent, .text) { .text($0) }, .text(department.kind),
        .text(department.name.zh), .text(department.name.en),
      ])
  }

  /// Removes a department; the server refuses (23503) while something refers to it.
  package static func remove(_ code: String, in tenant: TenantID) -> Statement {
    Statement("DELETE FROM department WHERE tenant_id = $1 AND code = $2", [.int4(tenant.number), .text(code)])
  }
}
