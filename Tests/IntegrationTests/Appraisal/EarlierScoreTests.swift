// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Scores and grades that were recorded as facts before two people had to agree to them.
@Suite("Scores and grades from before, through the API", .deployment(at: "2024-04-10T09:00:00+08:00"))
struct EarlierScoreTests {
  /// Puts a score on record as it was done before there were sheets.
  private func record(_ desk: Desk, _ id: String, _ subject: String, _ value: String) throws {
    try desk.deployment.database.sql(
      """
      INSERT INTO fact (tenant_id, id, contract_id, kind, occurred_on, data, recorded_side, recorded_at)
      SELECT tenant_id, '\(id)', 'service-2024', 'score', '2024-03-26', '{"kind": "score", "on": "2024-03-26", "series": "staff",
        "period": "quarter-1", "subject": "\(subject)", "value": "\(value)"}', 'office', now() FROM tenant WHERE code = 'anding'
      """)
  }

  @Test("they count as they did, keep a second score for the same from counting, and are voided as facts by whoever countersigns")
  func earlier() throws {
    let desk = try Desk("anding", "service-2024")
    let id = "01900000-0000-7000-8000-000000000001"
    try record(desk, id, "seat-1", "70")
    #expect(try desk.statement("quarter-1", asOf: "2024-04-10").line("below-par")?.value(at: "/amount/yuan") == "-1000.00")
    let sheet = try desk.draft("staff", "quarter-1", "seat-1", "90", on: "2024-03-26")
    try desk.sheet("sign", sheet, by: "supervisor", 1)
    #expect(try desk.take("countersign", onSheet: sheet, by: "leader", 2).string("/code") == "already-recorded")
    func void(_ role: String) throws -> Caller.Answer { try desk.who(role).post("\(desk.office)/facts/\(id)/void", ["reason": "改用评价表"]) }
    let refused = try void("supervisor")
    #expect(refused.status == 403 && refused.string("/detail")?.contains("score.countersign") == true, "\(refused.text)")
    #expect(try void("vendor-manager").status == 403)
    #expect(try void("leader").status == 200)
    try desk.sheet("countersign", sheet, by: "leader", 2)
    #expect(try desk.statement("quarter-1", asOf: "2024-04-10").line("below-par")?.value(at: "/amount/yuan") == "0.00")
  }
}
