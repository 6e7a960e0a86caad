// SPDX-License-Identifier: Apache-2.0
import Postgres
import Support
import Testing

@Suite("The database's catalogue", .blocking)
struct CatalogueTests {
  @Test("nothing in it breaks a rule of isolation")
  func holds() async throws {
    try await TestDatabase.with { database in
      for finding in try database.sql(Catalogue.findings).split(separator: "\n") {
        let parts = finding.split(separator: "|", maxSplits: 1)
        Issue.record("\(parts[1]): not true that \(Catalogue.rules[Int(parts[0]) ?? 0])")
      }
      // The lists above name tables that exist.
      for table in Catalogue.platformTables + Catalogue.writtenOnce {
        #expect(try database.sql("SELECT to_regclass('\(table)') IS NOT NULL") == "t", "\(table) is no table")
      }
    }
  }

  /// What a careless migration might do, and what the rules must say to it.
  static let mistakes: [(sql: String, found: String)] = [
    ("CREATE TABLE slip (tenant_id int NOT NULL, id int, PRIMARY KEY (tenant_id, id))", "forces row-level security"),
    ("ALTER TABLE incident NO FORCE ROW LEVEL SECURITY", "forces row-level security"),
    ("DROP POLICY tenant_isolation ON fact", "one policy"),
    ("ALTER POLICY tenant_isolation ON fact WITH CHECK (true)", "one policy"),
    ("ALTER POLICY tenant_isolation ON fact USING (tenant_id > 0)", "one policy"),
    ("CREATE POLICY more ON fact USING (true)", "one policy"),
    ("DROP POLICY tenant_isolation ON fact; CREATE POLICY tenant_isolation ON fact FOR SELECT USING (true)", "one policy"),
    ("CREATE TABLE slip (tenant_id bigint, id int, PRIMARY KEY (tenant_id, id))", "never null"),
    ("CREATE TABLE slip (id int PRIMARY KEY)", "never null"),
    ("CREATE INDEX slip ON incident (recorded_at)", "first column"),
    ("CREATE UNIQUE INDEX slip ON incident (external_number, tenant_id)", "first column"),
    ("CREATE INDEX slip ON incident ((lower(description)))", "first column"),
    ("ALTER TABLE incident ADD UNIQUE (id)", "first column"),
    ("ALTER TABLE post ADD UNIQUE (code); ALTER TABLE incident ADD post code REFERENCES post (code)", "every reference"),
    ("ALTER TABLE session ADD t int, ADD m uuid, ADD FOREIGN KEY (m, t) REFERENCES membership (id, tenant_id)", "every reference"),
    ("ALTER TABLE rule_pack OWNER TO jiesu_server", "owns nothing"),
    ("GRANT TRUNCATE ON incident TO jiesu_server", "empty no table"),
    ("GRANT UPDATE (data) ON audit_event TO jiesu_server", "written once"),
    ("GRANT DELETE ON fact TO jiesu_server", "written once"),
    ("GRANT UPDATE ON incident TO jiesu_server", "may not move a row"),
    ("GRANT CREATE ON SCHEMA public TO jiesu_server", "makes nothing"),
    ("GRANT SELECT ON incident TO PUBLIC", "nobody else"),
    ("CREATE VIEW slip AS SELECT * FROM incident; GRANT SELECT ON slip TO jiesu_server", "a view shows"),
    ("CREATE MATERIALIZED VIEW slip AS SELECT 1; GRANT SELECT ON slip TO jiesu_server", "a view shows"),
    ("CREATE FUNCTION slip() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'", "calls no function"),
    ("GRANT EXECUTE ON PROCEDURE isolate_tenants TO jiesu_server", "calls no function"),
  ]

  @Test("a careless change of the schema breaks the rule that is made for it")
  func mistakes() async throws {
    try await TestDatabase.with { database in
      // A unique key for the one mistake that refers to it.
      try database.script("ALTER TABLE membership ADD UNIQUE (id, tenant_id)")
      for mistake in Self.mistakes {
        let connection = try database.connect()
        try connection.run("BEGIN; \(mistake.sql)")
        let broken = try connection.rows(Catalogue.findings).map { Catalogue.rules[$0[0].flatMap { Int($0) } ?? 0].description }
        #expect(broken.contains { $0.contains(mistake.found) }, "unnoticed: \(mistake.sql)")
      }
    }
  }
}
