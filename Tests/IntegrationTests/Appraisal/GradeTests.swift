// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Grades proposed by one of the office and decided by another, through the API.
@Suite("Grades, through the API", .serialized, .deployment(at: "2025-12-20T09:00:00+08:00"))
struct GradeTests {
  private func amounts(_ desk: Desk) throws -> [String] { Array(try desk.statement("period-1", asOf: "2025-12-20").amounts.dropFirst()) }

  @Test("a proposal costs and earns nothing; another decides it, as proposed or with a reason otherwise, and once")
  func life() throws {
    let desk = try Desk("huoying", "technical-2025")
    let (supervisor, leader, vendor) = (try desk.who("supervisor"), try desk.who("leader"), try desk.who("vendor-manager"))
    let body: JSON = [
      "series": "monthly", "period": "2025-08", "grade": "良好", "reason": "依评价表各项", "evidence": [["kind": "form", "reference": "2025-08"]],
    ]
    #expect(try vendor.post("\(desk.path)/grades", body).status == 403)
    #expect(try leader.post("\(desk.path)/grades", body).status == 403)
    let made = try supervisor.post("\(desk.path)/grades", body, key: "proposal")
    #expect(made.status == 201 && made.string("/state") == "proposed", "\(made.text)")
    #expect(try supervisor.post("\(desk.path)/grades", body, key: "proposal").fields["idempotency-replayed"] == "true")
    #expect(try supervisor.post("\(desk.path)/grades", body).string("/code") == "already-recorded")
    let id = try #require(made.string("/id"))
    let path = try #require(made.fields["location"])
    #expect(try amounts(desk) == [])
    // The vendor does not see a proposal, and does not decide it; nobody of another office does.
    #expect(try vendor.get(path).status == 404 && vendor.get("\(desk.path)/grades").json["items"] == [])
    #expect(try vendor.post("\(path)/decide", [:], ["If-Match": "\"1\""]).status == 403)
    #expect(try desk.deployment.caller("anding.leader").post("\(path)/decide", [:], ["If-Match": "\"1\""]).status == 404)
    #expect(try desk.decide(id, by: "supervisor").status == 403)
    #expect(try leader.post("\(path)/decide", [:]).status == 428)
    #expect(try desk.decide(id, by: "leader", version: 2).status == 412)
    #expect(try desk.decide(id, by: "leader", ["grade": "优秀"]).faults == ["/reason missing-member"])
    #expect(try desk.decide(id, by: "leader", ["grade": "甲"]).faults.contains("/grade unknown-reference"))
    #expect(try desk.decide(id, by: "leader", ["on": "2025-12-21"]).faults == ["/on out-of-range"])
    // Nothing is graded before it has begun.
    #expect(try desk.decide(id, by: "leader", ["on": "2025-08-07"]).faults == ["/on out-of-range"])
    let ahead: JSON = ["series": "monthly", "period": "2026-01", "grade": "好", "reason": "?"]
    #expect(try supervisor.post("\(desk.path)/grades", ahead).faults == ["/period out-of-range"])
    let decided = try desk.decide(
      id, by: "leader", ["grade": "优秀", "reason": "工委扩大会认为主动治理突出", "on": "2025-09-08"], key: "decision")
    #expect(decided.status == 200 && decided.string("/state") == "decided" && decided.fields["etag"] == "\"2\"", "\(decided.text)")
    let again = try desk.decide(
      id, by: "leader", ["grade": "优秀", "reason": "工委扩大会认为主动治理突出", "on": "2025-09-08"], key: "decision")
    #expect(again.fields["idempotency-replayed"] == "true")
    #expect(try desk.decide(id, by: "leader", version: 2).string("/code") == "already-decided")
    #expect(try amounts(desk) == ["30000.00"])
    let grade = try vendor.get(path)
    #expect(grade.string("/proposed") == "良好" && grade.string("/decided/grade") == "优秀" && grade.string("/decided/on") == "2025-09-08")
    #expect(grade.string("/proposer")?.isEmpty == false && grade.string("/decided/name")?.isEmpty == false)
    #expect(grade.string("/proposedBy") != grade.string("/decided/by") && grade.string("/payment") == "period-1")
    #expect(try supervisor.get("\(desk.office)/facts/\(id)").string("/fact/grade") == "优秀")

    // Voided it counts no more, and another may be proposed.
    #expect(try supervisor.post("\(path)/void", ["reason": "?"], ["If-Match": "\"2\""]).status == 403)
    try desk.voidAgreed("grades", id)
    #expect(try amounts(desk) == [])
    #expect(try leader.post("\(path)/void", ["reason": "?"], ["If-Match": "\"3\""]).string("/code") == "not-in-this-state")
    #expect(try desk.decide(id, by: "leader", version: 3).string("/code") == "not-in-this-state")
    // A proposal is its proposer's to take back.
    let next = try desk.propose("monthly", "2025-08", "差")
    #expect(try supervisor.post("\(desk.path)/grades/\(next)/void", ["reason": "重评"], ["If-Match": "\"1\""]).status == 200)
    try desk.grade("monthly", "2025-08", "一般", on: "2025-09-08")
    #expect(try amounts(desk) == ["0.00"])
    let states = try supervisor.get("\(desk.path)/grades?period=2025-08").json["items"]?.array?.compactMap { $0["state"]?.string }
    #expect(states == ["decided", "voided", "voided"])
  }

  @Test("of several who decide or void at once, one does; of several who propose, one")
  func races() async throws {
    let desk = try Desk("huoying", "technical-2025")
    let made = try await withThrowingTaskGroup(of: Caller.Answer.self) { group in
      for grade in ["优秀", "良好", "好", "一般", "差"] {
        group.addTask {
          try desk.who("supervisor").post(
            "\(desk.path)/grades", ["series": "monthly", "period": "2025-09", "grade": .string(grade), "reason": "评价表"])
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(made.map(\.status).sorted() == [201, 409, 409, 409, 409])
    let id = try #require(made.first { $0.status == 201 }?.string("/id"))
    let taken = try await withThrowingTaskGroup(of: Int.self) { group in
      for grade in ["优秀", "差"] {
        for _ in 1...3 { group.addTask { try desk.decide(id, by: "leader", ["grade": .string(grade), "reason": "会议"]).status } }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(taken.filter { $0 == 200 }.count == 1 && taken.allSatisfy { [200, 409, 412].contains($0) })
    #expect(try desk.deployment.database.sql("SELECT count(*) FROM fact WHERE kind = 'grade' AND id = '\(id)'") == "1")
    try desk.voidAgreed("grades", id)
  }

  @Test(
    "whoever proposed a grade does not decide it, whatever their roles; in a confirmed period nothing is decided unless as a correction")
  func bounds() throws {
    let desk = try Desk("huoying", "technical-2025")
    _ = try desk.deployment.database.sql(
      """
      UPDATE role SET permissions = permissions || '{grade.decide}'::text[], version = version + 1
      WHERE code = 'office.supervisor' AND tenant_id = (SELECT tenant_id FROM tenant WHERE code = 'huoying')
      """)
    let own = try desk.propose("monthly", "2025-10", "优秀")
    // The server hears of what was written beside it a moment later.
    try wait(for: "the permission") { try desk.decide(own, by: "supervisor").string("/code") != "forbidden" }
    let refused = try desk.decide(own, by: "supervisor")
    #expect(refused.status == 403 && refused.string("/code") == "own-proposal", "\(refused.text)")
    let forged = try? desk.deployment.database.sql(
      """
      UPDATE grade SET state = 'decided', decided = proposed, decided_on = '2025-12-01', decided_by = proposed_by, decided_at = now(),
        payment = 'period-1' WHERE id = '\(own)'
      """)
    #expect(forged == nil)
    try desk.confirm("period-1", asOf: "2025-12-20")
    let late = try desk.decide(own, by: "leader")
    #expect(late.status == 409 && late.string("/code") == "period-confirmed", "\(late.text)")
    #expect(try desk.decide(own, by: "leader", ["correctsConfirmed": true]).status == 200)
    #expect(try desk.corrections("period-1").map(\.amount) == ["30000.00"])
  }
}
