// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Score sheets where a statement stands, and where one person holds both roles.
@Suite("Score sheets at their bounds, through the API", .serialized, .deployment(at: "2024-04-10T09:00:00+08:00"))
struct ScoreSheetBoundaryTests {
  @Test("a sheet of a confirmed period is refused, or said to correct it; drafts are their filler's or another's to void")
  func confirmed() throws {
    let desk = try Desk("anding", "service-2024")
    try desk.score("staff", "quarter-1", "seat-1", "100", on: "2024-03-26")
    let late = try desk.draft("staff", "quarter-1", "seat-2", "50", on: "2024-03-26")
    try desk.sheet("sign", late, by: "supervisor", 1)
    try desk.confirm("quarter-1", asOf: "2024-04-10")
    let refused = try desk.take("countersign", onSheet: late, by: "leader", 2)
    #expect(refused.status == 409 && refused.string("/code") == "period-confirmed", "\(refused.text)")
    try desk.sheet("countersign", late, by: "leader", 2, ["correctsConfirmed": true])
    // (100 + 50) ÷ 2 = 75: five points, 500 yuan less than was confirmed.
    #expect(try desk.corrections("quarter-1").map(\.amount) == ["-500.00"])
    #expect(try desk.view("quarter-1").yuan("/payable") == "536580.00")

    let idle = try desk.draft("staff", "quarter-2", "seat-1", "90", on: "2024-04-10")
    #expect(try desk.take("void", onSheet: idle, by: "finance", 1, ["reason": "?"]).status == 403)
    try desk.sheet("void", idle, by: "supervisor", 1, ["reason": "期间未满"])
    #expect(try desk.who("supervisor").get("\(desk.path)/score-sheets?state=voided").json["items"]?.array?.count == 1)
    #expect(try desk.who("supervisor").get("\(desk.path)/score-sheets?state=lost").status == 422)
    #expect(try desk.who("supervisor").get("\(desk.path)/score-sheets/01930000-0000-7000-8000-000000000001").status == 404)
  }

  @Test("whoever filled a sheet does not countersign it, whatever their roles")
  func twoPeople() throws {
    let desk = try Desk("anding", "service-2024")
    // Somebody who holds both roles.
    _ = try desk.deployment.database.sql(
      """
      UPDATE role SET permissions = permissions || '{score.countersign}'::text[], version = version + 1
      WHERE code = 'office.supervisor' AND tenant_id = (SELECT tenant_id FROM tenant WHERE code = 'anding')
      """)
    defer {
      _ = try? desk.deployment.database.sql(
        "UPDATE role SET permissions = array_remove(permissions, 'score.countersign') WHERE code = 'office.supervisor'")
    }
    let id = try desk.draft("staff", "quarter-2", "seat-3", "90", on: "2024-04-10")
    try desk.sheet("sign", id, by: "supervisor", 1)
    for step in ["countersign", "return"] {
      let own = try desk.take(step, onSheet: id, by: "supervisor", 2, step == "return" ? ["reason": "?"] : [:])
      #expect(own.status == 403 && own.string("/code") == "own-proposal", "\(own.text)")
    }
    // The database holds the two apart as well.
    let forged = try? desk.deployment.database.sql(
      """
      UPDATE score_sheet SET state = 'countersigned', countersigned_by = filled_by, countersigned_at = now(), payment = 'quarter-2'
      WHERE id = '\(id)'
      """)
    #expect(forged == nil)
  }
}
