// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store
import Support
import Testing

/// An office with a few tables, some of whose predicates err.
private let prepared: @Sendable (TestDatabase) async throws -> Void = { database in
  try database.script(
    #"""
    SET session_replication_role = replica;
    INSERT INTO rule_table (tenant_id, purpose, revision, effective_from, sha256, applied_at, document) VALUES
      (7, 'classification', 1, '2026-01-01', sha256('1'), now(), '{"rows": [
        {"id": "broken", "when": "$.title.datetime(\"YY!\") == 1", "then": {"category": "无"}},
        {"id": "number", "when": "$.repeatCount", "then": {"category": "无"}},
        {"id": "noise", "when": "$.content like_regex \"噪声|扰民\"", "then": {"category": "噪声"}},
        {"id": "strict", "when": "strict $.nothing == 1 || 1 == 1", "then": {"category": "末"}}], "default": {"category": "其他"}}'),
      (7, 'urgency', 1, '2026-01-01', sha256('2'), now(), '{"rows": [
        {"id": "noise", "when": "$.category == \"噪声\"", "then": {"grade": "24h"}}], "default": {"grade": "7d"}}'),
      (7, 'urgency', 2, '2026-06-01', sha256('3'), now(), '{"rows": [
        {"id": "noise", "when": "$.category == \"噪声\"", "then": {"grade": "2h"}}], "default": {"grade": "15d"}}'),
      (7, 'special-case', 1, '2026-01-01', sha256('4'), now(), '{"rows": [
        {"id": "urgent", "when": "$.grade == \"2h\"", "then": {"approval": true}}], "default": {"approval": false}}');
    """#)
}

/// Tables as PostgreSQL evaluates them.
@Suite("What decision tables decide", .database(prepared))
struct DecisionTests {
  private func decide(_ documents: [String], on day: String) async throws -> [RuleDecisions] {
    let database = try TestDatabase.current
    let tenant = try #require(TenantID(7))
    return try await database.lanes.query(
      DecisionStore.decisions(
        RuleTable.Purpose.allCases, on: documents.map { Array($0.utf8) }, day: try #require(CivilDate(day)), in: tenant),
      in: .tenant(tenant.number))
  }

  @Test("the first row that holds decides; one that errs or is no truth value does not hold; what is decided first is seen by what is next")
  func chain() async throws {
    let decided = try await decide(
      [#"{"title": "24", "repeatCount": 4, "content": "夜间噪声"}"#, #"{"content": "道路", "category": "噪声"}"#, "{}"], on: "2026-07-01")
    #expect(decided.count == 3)
    #expect(decided[0].text(.classification) == "噪声" && decided[0][.classification]?.row == "noise")
    #expect(decided[0].text(.urgency) == "2h" && decided[0][.urgency]?.revision == 2)
    #expect(decided[0].truth(.specialCase) == true && decided[0][.specialCase]?.row == "urgent")
    #expect(decided[0][.dispatch] == nil)
    // Strictness makes an error of a missing member, which is unknown and not true; what stands beside it still counts.
    #expect(decided[1][.classification]?.row == "strict" && decided[1].text(.classification) == "末")
    #expect(decided[1].text(.urgency) == "15d" && decided[1][.urgency]?.row == nil)
    #expect(decided[2].truth(.specialCase) == false)
  }

  @Test("the revision in force on the day decides")
  func day() async throws {
    let decided = try await decide([#"{"content": "扰民"}"#], on: "2026-05-31")
    #expect(decided[0].text(.urgency) == "24h" && decided[0][.urgency]?.revision == 1)
    #expect(try await decide([#"{"content": "扰民"}"#], on: "2025-12-31")[0].all.isEmpty)
  }

  @Test("a table with what is no path cannot be stored at all")
  func stored() throws {
    #expect(throws: (any Error).self) {
      try TestDatabase.current.script(
        #"""
        SET session_replication_role = replica;
        INSERT INTO rule_table (tenant_id, purpose, revision, effective_from, sha256, applied_at, document)
          VALUES (7, 'dispatch', 1, '2026-01-01', sha256('1'), now(), '{"rows": [{"id": "a", "when": "$.a ===", "then": {}}]}');
        """#)
    }
  }
}
