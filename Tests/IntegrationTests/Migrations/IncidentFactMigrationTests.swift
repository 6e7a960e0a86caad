// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store
import Support
import Testing

@Suite("Incidents that were confirmed before they had facts", .blocking)
struct IncidentFactMigrationTests {
  @Test("each becomes a fact of its name, which says what the incident said; others do not")
  func facts() async throws {
    try await TestDatabase.empty { cluster, database in
      let files = try MigrationFile.read(directory: Cluster.checkout + "/sql/migrations")
      let migrator = Migrator(TestDatabase.configuration(cluster, database, user: "jiesu_owner"))
      let place = try #require(files.firstIndex { $0.name == "incident_life" })
      _ = try migrator.migrate(Array(files[..<place]))
      let sql = { try cluster.sql($0, database: database) }
      _ = try sql(
        """
        INSERT INTO organisation (code, kind, name_zh, name_en, created_at)
          VALUES ('o', 'office', '单位', 'Office', now()), ('v', 'vendor', '公司', 'Vendor', now());
        INSERT INTO tenant (code, kind, name_zh, name_en, organisation, created_at) VALUES ('t', 'town', '某镇', 'A town', 'o', now());
        INSERT INTO contract (tenant_id, contract_id, vendor, title_zh, title_en, vendor_from, created_at)
          SELECT tenant_id, 'c', 'v', '合同', 'Contract', '2020-01-01', now() FROM tenant;
        INSERT INTO incident (tenant_id, id, contract_id, kind, state, occurred_at, subject, amount_fen, points, breaching, quantity,
          proposed_side, proposed_at, decided_by, decided_at, decision_note, recorded_at)
        SELECT tenant_id, ('01930000-0000-7000-8000-00000000000' || n)::uuid, 'c', 'late', s, '2020-02-02 17:00:00.25+00', 'p-1', a, p, b, n,
          'system', now(), '01930000-0000-7000-8000-000000000099', now(), '核实', '2020-02-05 01:00+00'
        FROM tenant, (VALUES (1, 'confirmed', 80005, 2.5, 'vendor'), (2, 'confirmed', NULL, NULL, NULL), (3, 'rejected', 1, 1, NULL)) r (n, s, a, p, b)
        """)
      _ = try migrator.migrate(files)
      let rows = try sql("SELECT id, recorded_at = '2020-02-05 01:00+00', incident_id = id, occurred_on, data FROM fact ORDER BY id").split(
        separator: "\n"
      ).map { $0.split(separator: "|") }
      #expect(rows.map { $0[0].suffix(1) } == ["1", "2"] && rows.allSatisfy { $0[1] == "t" && $0[2] == "t" && $0[3] == "2020-02-03" })
      let facts = try rows.map { try FactContent.shape.decode(bytes: Array($0[4].utf8)).get() }
      let at = try #require(Instant("2020-02-03T01:00:00.25+08:00"))
      let whole = FactBody.Incident(
        kind: "late", subject: "p-1", quantity: 1, amount: Fen(80005), points: try Rational(5, over: 2), by: .vendor)
      let plain = FactBody.Incident(kind: "late", subject: "p-1", quantity: 2)
      #expect(facts == [whole, plain].map { FactContent(on: at.date, at: at, body: .incident($0)) })
    }
  }
}
