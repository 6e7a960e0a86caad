// SPDX-License-Identifier: Apache-2.0
import Base
import Postgres

/// What must hold of the database for a server to be safe in it, asked as the server's own role; each query names what does not hold.
package enum SchemaCheck {
  /// A question and how it is called.
  package struct Question: Sendable {
    /// Stable, in kebab-case.
    package let code: String
    package let title: Text
    /// Gives the names of what is wrong.
    package let query: Query<String>

    init(_ code: String, _ title: Text, _ sql: SQL) {
      self.code = code
      self.title = title
      query = Query(sql) { row throws(DecodingFailure) in try row.text(0) }
    }
  }

  package static let questions = [
    Question(
      "server-role", Text(zh: "服务角色没有特权", en: "the server's role has no privilege beyond its grants"),
      """
      SELECT rolname::text FROM pg_roles WHERE rolname = current_user
        AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
      """),
    Question(
      "ownership", Text(zh: "服务角色不拥有任何对象", en: "the server's role owns nothing"),
      """
      SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner = current_user::regrole
      UNION ALL SELECT datname::text FROM pg_database WHERE datname = current_database() AND datdba = current_user::regrole
      """),
    Question(
      "row-security", Text(zh: "每个单位表都强制行级安全", en: "every tenant's table forces row-level security"),
      """
      SELECT c.relname::text FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname NOT IN ('tenant', 'user_tenant')
        AND NOT (c.relrowsecurity AND c.relforcerowsecurity
          AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = '*' AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL))
      ORDER BY 1
      """),
    Question(
      "truncation", Text(zh: "服务角色不能清空表", en: "the server's role may empty no table"),
      """
      SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND has_table_privilege(oid, 'TRUNCATE') ORDER BY 1
      """),
    Question(
      "written-once", Text(zh: "一次写成的记录不能修改或删除", en: "what is written once can be neither changed nor removed"),
      """
      SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
        AND relname IN ('audit_event', 'contract_revision', 'fact', 'platform_audit', 'rule_pack', 'rule_table', 'schema_migration',
          'settlement_snapshot', 'settlement_step')
        AND (has_table_privilege(oid, 'DELETE') OR has_any_column_privilege(oid, 'UPDATE')) ORDER BY 1
      """),
    Question(
      "no-context", Text(zh: "没有单位上下文时看不到任何行", en: "without a tenant's context no row is seen"),
      """
      SELECT name FROM (VALUES ('contract', EXISTS (SELECT FROM contract)), ('department', EXISTS (SELECT FROM department)),
        ('fact', EXISTS (SELECT FROM fact)), ('audit_event', EXISTS (SELECT FROM audit_event))) seen (name, any_row) WHERE any_row
      """),
  ]

  /// The server's version as a number (`150004`), its clock, and as whom we are there.
  package struct Server: Sendable {
    package let version: Int32
    package let name: String
    package let clock: Instant
    package let role: String
  }

  package static let server = Query<Server>(
    """
    SELECT current_setting('server_version_num')::int, current_setting('server_version'), clock_timestamp(), current_user::text
    """
  ) { row throws(DecodingFailure) in
    Server(version: try row.int32(0), name: try row.text(1), clock: try row.instant(2), role: try row.text(3))
  }

  /// The steps that the schema has taken.
  package static let applied = Query<AppliedMigration>("SELECT number, name, sha256 FROM schema_migration ORDER BY number") {
    row throws(DecodingFailure) in
    AppliedMigration(number: Int(try row.int32(0)), name: try row.text(1), checksum: try row.bytea(2))
  }
}
