// SPDX-License-Identifier: Apache-2.0
import Postgres
import Testing

/// Two tenants with a row in every tenant table, and every way from one to the other: as the server, and as the owner, whom no
/// missing grant holds back but row-level security alone.
@Suite(
  "Isolation of tenants",
  .database { database in
    for (number, tag) in [(1, "north"), (2, "south")] { try database.script(SampleRows.script(tag, number: number)) }
  })
struct IsolationTests {
  private static let denied: SQLState = .insufficientPrivilege

  /// The names of all tenant tables.
  private func tables() throws -> [String] {
    try TestDatabase.current.sql(
      """
      SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      AND relname NOT IN (\(Self.shared)) ORDER BY relname
      """
    ).split(separator: "\n").map(String.init)
  }

  private static let shared = Catalogue.platformTables.map { "'\($0)'" }.joined(separator: ", ")

  @Test("every tenant table has a sample row, so the tests below speak of all of them")
  func complete() throws {
    let tables = try tables()
    #expect(tables.count > 10)
    #expect(tables == SampleRows.tenant("any", number: 1).map(\.table).sorted())
  }

  @Test("in a tenant's context its own rows are seen and nobody else's", arguments: ["jiesu_server", "jiesu_owner"])
  func reading(role: String) throws {
    let (database, tables) = (try TestDatabase.current, try tables())
    let visitor = try Visitor(database, as: role)
    for table in tables {
      for context in ["1", "2"] {
        #expect(
          try visitor.attempt("SELECT string_agg(DISTINCT tenant_id::text, ' ') FROM \(table)", context: context) == .given(context),
          "\(table)")
        let other = context == "1" ? 2 : 1
        #expect(
          try visitor.attempt("SELECT count(*) FROM \(table) WHERE tenant_id = \(other)", context: context) == .given("0"), "\(table)")
      }
    }
  }

  @Test("without a context, or with one that is no tenant's, nothing is seen", arguments: ["jiesu_server", "jiesu_owner"])
  func noContext(role: String) throws {
    let (database, tables) = (try TestDatabase.current, try tables())
    let visitor = try Visitor(database, as: role)
    for table in tables {
      for context in [nil, "", "3", "-1"] {
        #expect(try visitor.attempt("SELECT count(*) FROM \(table)", context: context) == .given("0"), "\(table)")
      }
      // What is no number is an error, not everything.
      for context in ["1 OR true", "*", "1,2"] {
        #expect(try visitor.attempt("SELECT count(*) FROM \(table)", context: context) == .refused("22P02"), "\(table)")
      }
    }
  }

  @Test("no row of another tenant is changed or removed", arguments: ["jiesu_server", "jiesu_owner"], ["1", nil])
  func changing(role: String, context: String?) throws {
    let (database, tables) = (try TestDatabase.current, try tables())
    let visitor = try Visitor(database, as: role)
    for table in tables {
      let column = try database.sql(
        """
        SELECT attname FROM pg_attribute WHERE attrelid = '\(table)'::regclass AND attnum > 0
        AND has_column_privilege('\(role)', attrelid, attnum, 'UPDATE') AND attname <> 'tenant_id' LIMIT 1
        """)
      if !column.isEmpty {
        #expect(
          try visitor.count("UPDATE \(table) SET \(column) = \(column) WHERE tenant_id = 2", context: context) == .given("0"), "\(table)")
      }
      let mayRemove = try database.sql("SELECT has_table_privilege('\(role)', '\(table)', 'DELETE')") == "t"
      #expect(
        try visitor.count("DELETE FROM \(table) WHERE tenant_id = 2", context: context)
          == (mayRemove ? .given("0") : .refused(Self.denied)), "\(table)")
      // Its own row is not given away either.
      #expect(
        try visitor.count("UPDATE \(table) SET tenant_id = 2 WHERE tenant_id = 1", context: context)
          == (context == nil && role == "jiesu_owner" ? .given("0") : .refused(Self.denied)), "\(table)")
    }
  }

  @Test("no row is written for another tenant, or without a context", arguments: ["jiesu_server", "jiesu_owner"], ["1", nil, "", "3"])
  func adding(role: String, context: String?) throws {
    let (database, tables) = (try TestDatabase.current, try tables())
    let visitor = try Visitor(database, as: role)
    for table in tables {
      // The very row that the other tenant has: a good one, but for its tenant.
      let row = try database.sql("SELECT to_jsonb(t) FROM \(table) t WHERE tenant_id = 2 LIMIT 1")
      // Nobody may give what is computed.
      let columns = try database.sql(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = '\(table)'::regclass "
          + "AND attnum > 0 AND NOT attisdropped AND attgenerated = ''")
      #expect(
        try visitor.attempt(
          "INSERT INTO \(table) (\(columns)) SELECT \(columns) FROM jsonb_populate_record(NULL::\(table), $row$\(row)$row$)",
          context: context)
          == .refused(Self.denied), "\(table)")
    }
  }

  @Test("no row refers to another tenant's, whoever writes it", arguments: ["jiesu_owner", "postgres"])
  func referring(role: String) throws {
    let database = try TestDatabase.current
    // Each reference between tenant tables: where it stands, its columns but the tenant's, and those that they refer to.
    let references = try database.sql(
      """
      SELECT conrelid::regclass, confrelid::regclass, string_agg(a.attname, ',' ORDER BY place), string_agg(b.attname, ',' ORDER BY place)
      FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k (own, other, place)
      JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = own JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = other
      WHERE contype = 'f' AND place > 1 AND confrelid NOT IN (SELECT oid FROM pg_class WHERE relname IN (\(Self.shared)))
      GROUP BY c.oid, conrelid, confrelid ORDER BY 1, 2
      """
    ).split(separator: "\n").map { $0.split(separator: "|").map(String.init) }
    #expect(references.count > 10)
    let visitor = try Visitor(database, as: role)
    for reference in references {
      let (table, target, columns, keys) = (reference[0], reference[1], reference[2], reference[3])
      let values = try database.sql("SELECT \(keys) FROM \(target) WHERE tenant_id = 2").split(separator: "|").map { "'\($0)'" }
      let changes = zip(columns.split(separator: ","), values).map { "\($0) = \($1)" }.joined(separator: ", ")
      #expect(
        try visitor.count("UPDATE \(table) SET \(changes) WHERE tenant_id = 1", context: "1") == .refused(.foreignKeyViolation),
        "\(table) → \(target)")
    }
  }

  @Test("the context ends with its transaction, so a connection's next user does not inherit it")
  func contextEnds() throws {
    let database = try TestDatabase.current
    let visitor = try Visitor(database, as: "jiesu_server")
    #expect(try visitor.attempt("SELECT count(*) FROM role", context: "1") == .given("1"))
    #expect(try visitor.attempt("SELECT count(*) FROM role", context: nil) == .given("0"))
    #expect(try visitor.attempt("SELECT current_setting('jiesu.tenant', true)", context: nil) == .given(""))
  }

  @Test("the server's role empties no table and becomes nobody else")
  func powers() throws {
    let (database, tables) = (try TestDatabase.current, try tables())
    let visitor = try Visitor(database, as: "jiesu_server")
    for table in tables + Catalogue.platformTables {
      #expect(try visitor.attempt("TRUNCATE \(table) CASCADE", context: "1") == .refused(Self.denied), "\(table)")
      #expect(try visitor.attempt("ALTER TABLE \(table) DISABLE ROW LEVEL SECURITY", context: "1") == .refused(Self.denied), "\(table)")
    }
    #expect(try visitor.attempt("SET ROLE jiesu_owner", context: nil) == .refused(Self.denied))
    #expect(try visitor.attempt("SET SESSION AUTHORIZATION postgres", context: nil) == .refused(Self.denied))
    #expect(try visitor.attempt("SET LOCAL row_security = off", context: nil) == .given(nil))
    #expect(try visitor.attempt("CREATE TEMPORARY TABLE slip (a int)", context: nil) == .refused(Self.denied))
  }

  @Test("switching row-level security off for a session is an error, not a way around it")
  func switchedOff() throws {
    let database = try TestDatabase.current
    let connection = try ScriptConnection(TestDatabase.configuration(database.cluster, database.name, user: "jiesu_server"))
    try connection.run("SET row_security = off")
    #expect(
      throws: ScriptError.refused(
        .insufficientPrivilege, message: "query would be affected by row-level security policy for table \"role\"", line: nil)
    ) {
      try connection.run("SELECT * FROM role")
    }
  }
}
