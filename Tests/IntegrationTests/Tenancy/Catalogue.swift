// SPDX-License-Identifier: Apache-2.0

/// What must hold of the database's catalogue, as queries that name what does not; each gives no row when all is well.
enum Catalogue {
  struct Rule: Sendable, CustomStringConvertible {
    let description: String
    let sql: String

    init(_ description: String, _ sql: String) {
      self.description = description
      self.sql = sql
    }
  }

  /// The tables that every tenant shares; whoever adds one says here that it is meant to be shared.
  static let platformTables = [
    "app_user", "calendar_day", "calendar_year", "organisation", "platform_audit", "platform_idempotency", "platform_role", "rule_pack",
    "schema_migration", "session", "tenant", "user_tenant",
  ]

  /// The tables whose rows are written once.
  static let writtenOnce = [
    "audit_event", "clock_mark", "contract_revision", "fact", "incident_step", "intake_map", "notice", "platform_audit", "roster_rules",
    "rule_pack", "rule_table", "schema_migration", "user_tenant", "work_order_event",
  ]

  /// The functions that the server calls.
  static let callable = [
    "attendance_due_tenants", "decide", "demand", "departments_below",
    "first_match", "holds", "obligation_basis", "obligation_due_tenants", "order_batch_silent_tenants",
    "order_document", "order_text_due_tenants",
    "predicate_fault", "predicate_fault_place", "rate_class", "rates_to_fold", "repeat_count", "rule_outcomes", "rule_predicates",
    "visit_due_tenants", "staff_due_tenants", "work_order_clock_due_tenants",
  ]

  private static func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }

  /// Our tables, and those among them that belong to tenants: every one that is not named as shared.
  private static let tables = """
    WITH ours AS (SELECT oid, relname, relkind, relrowsecurity, relforcerowsecurity FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')),
    tenants AS (SELECT * FROM ours WHERE relname NOT IN (\(list(platformTables))))
    """

  /// The one condition, as the catalogue prints it.
  private static let condition =
    "(tenant_id = (NULLIF(current_setting(''jiesu.tenant''::text, true), ''''::text))::integer)"

  static let rules = [
    Rule(
      "every tenant table forces row-level security on its owner too",
      "\(tables) SELECT relname FROM tenants WHERE NOT (relrowsecurity AND relforcerowsecurity)"),
    Rule(
      "every tenant table has one policy, for everybody and everything, that admits the context's rows only, seen and written",
      """
      \(tables) SELECT relname FROM tenants t WHERE (
        SELECT count(*) <> 1 OR NOT bool_and(polpermissive AND polcmd = '*' AND polroles = '{0}'
          AND pg_get_expr(polqual, polrelid) IS NOT DISTINCT FROM '\(condition)'
          AND pg_get_expr(polwithcheck, polrelid) IS NOT DISTINCT FROM '\(condition)')
        FROM pg_policy WHERE polrelid = t.oid)
      """),
    Rule(
      "every tenant table has tenant_id, an integer that is never null",
      """
      \(tables) SELECT relname FROM tenants t WHERE NOT EXISTS (SELECT FROM pg_attribute
        WHERE attrelid = t.oid AND attname = 'tenant_id' AND atttypid = 'int'::regtype AND attnotnull AND NOT attisdropped)
      """),
    Rule(
      "every tenant table has a primary key, and tenant_id is the first column of it, of every unique key and of every other index",
      """
      \(tables) SELECT relname FROM tenants t WHERE NOT EXISTS (SELECT FROM pg_index WHERE indrelid = t.oid AND indisprimary)
      UNION ALL SELECT i.indexrelid::regclass::text FROM tenants t JOIN pg_index i ON i.indrelid = t.oid
        LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0] WHERE a.attname IS DISTINCT FROM 'tenant_id'
      """),
    Rule(
      "every reference between tenant tables has tenant_id first on both sides, and no shared table refers to a tenant's",
      """
      \(tables) SELECT conname || ' on ' || conrelid::regclass FROM pg_constraint c JOIN tenants r ON r.oid = c.confrelid
        LEFT JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        LEFT JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
        WHERE c.contype = 'f' AND (a.attname IS DISTINCT FROM 'tenant_id' OR b.attname IS DISTINCT FROM 'tenant_id')
      """),
    Rule(
      "the server's role owns nothing",
      """
      SELECT classid::regclass || ' ' || objid FROM pg_shdepend WHERE refobjid = 'jiesu_server'::regrole AND deptype = 'o'
        AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
      """),
    Rule(
      "the server's role and the owner pass nothing by, make nothing, and are no members of another role",
      """
      SELECT rolname FROM pg_roles WHERE rolname IN ('jiesu_server', 'jiesu_owner')
        AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
      UNION ALL SELECT member::regrole::text FROM pg_auth_members WHERE member IN ('jiesu_server'::regrole, 'jiesu_owner'::regrole)
      """),
    Rule(
      "the server may empty no table, refer to none and hang no trigger on one",
      """
      \(tables) SELECT relname || ' ' || privilege FROM ours CROSS JOIN unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) privilege
        WHERE has_table_privilege('jiesu_server', oid, privilege)
      """),
    Rule(
      "the server neither changes nor removes what is written once",
      """
      \(tables) SELECT relname FROM ours WHERE relname IN (\(list(writtenOnce))) AND (has_table_privilege('jiesu_server', oid, 'DELETE')
        OR has_any_column_privilege('jiesu_server', oid, 'UPDATE'))
      """),
    Rule(
      "the server may not move a row: it never changes a tenant's number or a column of a primary key",
      """
      \(tables) SELECT relname || '.' || attname FROM ours t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT attisdropped
        WHERE has_column_privilege('jiesu_server', t.oid, a.attnum, 'UPDATE') AND (attname = 'tenant_id'
          OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND indisprimary AND a.attnum = ANY (i.indkey)))
      """),
    Rule(
      "the server makes nothing in the database, not even for the time of a session",
      """
      SELECT nspname FROM pg_namespace WHERE has_schema_privilege('jiesu_server', oid, 'CREATE')
      UNION ALL SELECT datname FROM pg_database WHERE datname = current_database()
        AND (has_database_privilege('jiesu_server', oid, 'CREATE') OR has_database_privilege('jiesu_server', oid, 'TEMPORARY'))
      """),
    Rule(
      "nobody else has a right on anything of ours",
      """
      SELECT c.oid::regclass::text FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a WHERE relnamespace = 'public'::regnamespace
        AND a.grantee NOT IN ('jiesu_owner'::regrole, 'jiesu_server'::regrole)
      UNION ALL SELECT c.oid::regclass || '.' || attname FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid
        CROSS JOIN LATERAL aclexplode(t.attacl) a
        WHERE relnamespace = 'public'::regnamespace AND a.grantee NOT IN ('jiesu_owner'::regrole, 'jiesu_server'::regrole)
      """),
    Rule(
      "a view shows its reader's rows, not its owner's, and nobody reads a stored one, which knows no context",
      """
      SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
        AND NOT coalesce(reloptions, '{}') @> '{security_invoker=true}'
      UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'm'
        AND has_table_privilege('jiesu_server', oid, 'SELECT')
      """),
    Rule(
      "the server calls no function of ours but those that are meant for it, and none runs with its owner's rights",
      """
      SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        AND (prosecdef OR has_function_privilege('jiesu_server', oid, 'EXECUTE') AND proname NOT IN (\(list(callable))))
      """),
  ]

  /// All of them at once: the number of a rule and what it found, one to a row.
  static let findings = rules.enumerated().map { "SELECT \($0), finding::text FROM (\($1.sql)) rule (finding)" }
    .joined(separator: " UNION ALL ")
}
