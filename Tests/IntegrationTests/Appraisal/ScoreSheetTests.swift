// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Score sheets on their way to two signatures and to money, through the API.
@Suite("Score sheets, through the API", .deployment(at: "2025-01-10T09:00:00+08:00"))
struct ScoreSheetTests {
  private let marks: JSONObject = [
    "attendance": "8", "conduct": "10", "intake-dispatch": "15", "urging": "10", "audit-reply": "15", "analysis": "5", "recruiting": "10",
    "removal": "8",
  ]

  /// Every test has a quarter of its own.
  private func filling(_ subject: String, _ marks: JSONObject, of period: String = "quarter-1", on: String = "2024-03-26") -> JSON {
    ["on": .string(on), "series": "staff", "period": .string(period), "subject": .string(subject), "marks": .object(marks)]
  }

  private func post(_ desk: Desk, _ body: JSON, by role: String = "supervisor", key: String? = nil) throws -> Caller.Answer {
    try desk.who(role).post("\(desk.path)/score-sheets", body, key: key)
  }

  @Test("the form is the contract's, with its options and their points, in both languages")
  func template() throws {
    let desk = try Desk("anding", "service-2024")
    let items = try desk.who("vendor-manager").get("\(desk.path)/score-sheets/template").json["items"]?.array ?? []
    #expect(items.count == 1)
    let series = try #require(items.first)
    #expect(series["series"] == "staff" && series["subject"] == "staff" && series["start"] == "100")
    #expect(series["periods"]?.array?.first == "quarter-1" && series["clause"] == "2.2, 附件2")
    let form = try #require(series["form"])
    #expect(form.value(at: "/title/zh") == "验收评价表（服务类）" && form.value(at: "/title/en")?.string?.isEmpty == false)
    // 20 %, 60 %, 20 %, and the options as the annex prints them.
    let sections = form["sections"]?.array ?? []
    #expect(sections.compactMap { $0["weight"]?.string } == ["20", "60", "20"])
    let options = sections.flatMap { $0["items"]?.array ?? [] }.map { item in
      (item["options"]?.array ?? []).compactMap { $0["points"]?.string }.joined(separator: " ")
    }
    #expect(options == ["10 8 0", "10 8 5 2 0"] + Array(repeating: "15 10 5 0", count: 4) + Array(repeating: "10 8 5 0", count: 2))
    #expect(sections[0].value(at: "/items/0/options/1/label/zh") == "迟到、早退10分钟以内")
    #expect(form.value(at: "/deductions/title/zh") == "明显违约违规项")
    #expect(try desk.who("seat-1").get("\(desk.path)/score-sheets/template").status == 403)
    #expect(try desk.deployment.caller("huoying.supervisor").get("\(desk.path)/score-sheets/template").status == 404)
    // A contract without scores has none.
    let other = try Desk("fangshan", "service-2022")
    #expect(try other.who("leader").get("\(other.path)/score-sheets/template").json["items"] == [])
  }

  @Test("a sheet counts once its filler has signed and another has countersigned it, and not before")
  func life() throws {
    let desk = try Desk("anding", "service-2024")
    func below() throws -> String? {
      try desk.statement("quarter-1", asOf: "2024-04-10").line("below-par")?.value(at: "/amount/yuan")?.string
    }
    let made = try post(desk, filling("seat-1", marks))
    #expect(made.status == 201 && made.string("/state") == "draft" && made.fields["etag"] == "\"1\"", "\(made.text)")
    let id = try #require(made.string("/id"))
    let path = try #require(made.fields["location"])
    let supervisor = try desk.who("supervisor")
    #expect(try below() == nil)
    #expect(try desk.take("countersign", onSheet: id, by: "leader", 1).string("/code") == "not-in-this-state")
    #expect(try desk.take("sign", onSheet: id, by: "leader", 1).status == 403)
    #expect(try supervisor.post("\(path)/sign", [:]).status == 428)
    #expect(try desk.take("sign", onSheet: id, by: "supervisor", 7).status == 412)
    #expect(try desk.sheet("sign", id, by: "supervisor", 1).string("/state") == "signed")
    #expect(try below() == nil)
    // Given back, filled anew, signed again.
    #expect(try desk.take("return", onSheet: id, by: "leader", 2).faults == ["/reason missing-member"])
    try desk.sheet("return", id, by: "leader", 2, ["reason": "数据分析应为基本及时"])
    #expect(try desk.take("countersign", onSheet: id, by: "leader", 3).string("/code") == "not-in-this-state")
    var better = marks
    better["analysis"] = "10"
    let refilled = try supervisor.put(
      path, ["on": "2024-03-27", "marks": .object(better), "opinion": "本季较好"], ["If-Match": "\"3\""])
    #expect(refilled.status == 200 && refilled.string("/state") == "draft", "\(refilled.text)")
    try desk.sheet("sign", id, by: "supervisor", 4)
    #expect(
      try supervisor.put(path, ["on": "2024-03-27", "marks": .object(marks)], ["If-Match": "\"5\""]).string("/code") == "not-in-this-state")
    // The vendor sees nothing of it yet.
    let vendor = try desk.who("vendor-manager")
    #expect(try vendor.get(path).status == 404 && vendor.get("\(desk.path)/score-sheets?period=quarter-1").json["items"] == [])
    #expect(try desk.take("countersign", onSheet: id, by: "vendor-manager", 5).status == 403)
    #expect(try desk.deployment.caller("huoying.leader").get(path).status == 404)

    let countersigned = try desk.take("countersign", onSheet: id, by: "leader", 5, ["note": "同意"], key: "second")
    #expect(countersigned.status == 200 && countersigned.string("/state") == "countersigned", "\(countersigned.text)")
    let again = try desk.take("countersign", onSheet: id, by: "leader", 5, ["note": "同意"], key: "second")
    #expect(again.fields["idempotency-replayed"] == "true" && again.fields["etag"] == "\"6\"")
    #expect(try desk.take("countersign", onSheet: id, by: "leader", 6).string("/code") == "already-decided")
    #expect(try desk.take("return", onSheet: id, by: "leader", 6, ["reason": "?"]).string("/code") == "already-decided")
    // 8 + 10 + 15 + 10 + 15 + 10 + 10 + 8 = 86: at par, no deduction, and the score is no longer missing.
    let sheet = try vendor.get(path)
    #expect(sheet.string("/value") == "86" && sheet.string("/payment") == "quarter-1" && sheet.string("/fact") == id, "\(sheet.text)")
    #expect(sheet.string("/opinion") == "本季较好" && sheet.string("/on") == "2024-03-27")
    #expect(sheet.string("/sections/1/items/3/points") == "10" && sheet.string("/sections/1/items/3/label/zh") == "基本及时")
    let steps = sheet.json["steps"]?.array ?? []
    #expect(steps.compactMap { $0["step"]?.string } == ["fill", "sign", "return", "fill", "sign", "countersign"])
    #expect(steps[0].value(at: "/filled/value") == "81" && steps[3].value(at: "/filled/value") == "86")
    #expect(steps.allSatisfy { $0["name"]?.string?.isEmpty == false } && steps[0]["by"] != steps[5]["by"])
    let fact = try supervisor.get("\(desk.office)/facts/\(id)")
    #expect(fact.string("/fact/value") == "86" && fact.string("/sheet/marks/analysis") == "10" && fact.string("/fact/on") == "2024-03-27")

    // It is not changed any more; voided it counts no more, and another may take its place.
    #expect(
      try supervisor.put(path, ["on": "2024-03-27", "marks": .object(marks)], ["If-Match": "\"6\""]).string("/code") == "already-decided")
    #expect(try supervisor.post("\(desk.office)/facts/\(id)/void", ["reason": "?"]).string("/code") == "void-where-agreed")
    #expect(try desk.take("void", onSheet: id, by: "supervisor", 6, ["reason": "?"]).status == 403)
    try desk.sheet("void", id, by: "leader", 6, ["reason": "填错了人"])
    #expect(try supervisor.get("\(desk.office)/facts/\(id)").string("/voided/reason") == "填错了人")
    #expect(try desk.take("void", onSheet: id, by: "leader", 7, ["reason": "?"]).string("/code") == "not-in-this-state")
    // 50 points: thirty whole points below par.
    try desk.score("staff", "quarter-1", "seat-1", "50", on: "2024-03-26")
    #expect(try below() == "-3000.00")
    let log = try desk.who("auditor").get("\(desk.office)/audit?limit=500").json["items"]?.array ?? []
    let deeds = Set(log.filter { $0["subject"]?.string == id }.compactMap { $0["action"]?.string })
    #expect(deeds == Set(["fill", "sign", "return", "countersign", "void"].map { "score-sheet.\($0)" }))
  }

  @Test("only the form's options are taken, item by item; incidents take their points off the form's score")
  func options() throws {
    let desk = try Desk("anding", "service-2024")
    var lacking = JSONObject(marks.members.filter { $0.name != "removal" })
    lacking["urging"] = "12"
    lacking["courtesy"] = "5"
    let refused = try desk.who("supervisor").post(
      "\(desk.path)/score-sheets", filling("seat-2", lacking, of: "quarter-2"), ["Accept-Language": "en"])
    #expect(Set(refused.faults) == ["/marks/courtesy unknown-reference", "/marks/removal missing-member", "/marks/urging not-in-list"])
    #expect(refused.text.contains("Urging, supervision, feedback") && refused.text.contains("15, 10, 5, 0"))
    let cases: [(JSONObject, String)] = [
      (["subject": "seat-2", "value": "90"], "/value not-applicable"), (["subject": "nobody"], "/subject unknown-reference"),
      (["subject": "leader"], "/subject unknown-reference"),
      (["subject": "seat-2", "period": "quarter-9"], "/period unknown-reference"), (["series": "team"], "/series unknown-reference"),
      (["subject": "seat-2", "on": "2025-01-11"], "/on out-of-range"), ([:], "/subject missing-member"),
    ]
    for (more, fault) in cases {
      var body: JSONObject = ["on": "2024-06-26", "series": "staff", "period": "quarter-2"]
      if more["value"] == nil { body["marks"] = .object(marks) }
      for member in more.members { body[member.name] = member.value }
      #expect(try post(desk, .object(body)).faults == [fault])
    }
    #expect(try post(desk, filling("seat-2", marks, of: "quarter-2"), by: "leader").status == 403)
    #expect(try post(desk, filling("seat-2", marks, of: "quarter-2"), by: "vendor-manager").status == 403)
    #expect(try post(desk, filling("seat-2", [:], of: "quarter-2")).faults == ["/marks wrong-count"])

    for subject in ["seat-1", "seat-2"] { try desk.score("staff", "quarter-2", subject, "81", on: "2024-06-26") }
    // (81 + 81 − 50) ÷ 2 = 56, twenty-four whole points below par.
    try desk.incident("negligence", "2024-05-06", subject: "seat-2")
    let line = try desk.statement("quarter-2", asOf: "2024-07-01").line("below-par")
    #expect(line?.value(at: "/amount/yuan")?.string == "-2400.00" && line?["facts"]?.array?.count == 3)
  }

  @Test("there is one sheet for a person and a period; of requests that come at once one is taken")
  func once() async throws {
    let desk = try Desk("anding", "service-2024")
    let drafts = try await withThrowingTaskGroup(of: Caller.Answer.self) { group in
      for _ in 1...8 { group.addTask { try post(desk, filling("seat-1", marks, of: "quarter-3", on: "2024-09-26")) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(drafts.map(\.status).sorted() == [201] + Array(repeating: 409, count: 7))
    #expect(drafts.filter { $0.status == 409 }.allSatisfy { $0.string("/code") == "already-recorded" })
    let id = try #require(drafts.first { $0.status == 201 }?.string("/id"))
    try desk.sheet("sign", id, by: "supervisor", 1)
    // Countersigned, given back and voided at once: one of them it is.
    let taken = try await withThrowingTaskGroup(of: Caller.Answer.self) { group in
      for _ in 1...3 {
        group.addTask { try desk.take("countersign", onSheet: id, by: "leader", 2) }
        group.addTask { try desk.take("return", onSheet: id, by: "leader", 2, ["reason": "?"]) }
        group.addTask { try desk.take("void", onSheet: id, by: "leader", 2, ["reason": "?"]) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(taken.filter { $0.status == 200 }.count == 1 && taken.allSatisfy { [200, 409, 412].contains($0.status) })
    let state = try desk.who("leader").get("\(desk.path)/score-sheets/\(id)").string("/state")
    #expect(state == taken.first { $0.status == 200 }?.string("/state"))
    let facts = try desk.deployment.database.sql("SELECT count(*) FROM fact WHERE kind = 'score' AND id = '\(id)'")
    #expect(facts == (state == "countersigned" ? "1" : "0"))
  }
}
