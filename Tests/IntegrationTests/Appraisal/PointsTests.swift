// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Points by person and quarter, and why a line that rests on them says what it says.
@Suite("Points by person and quarter, through the API", .serialized, .deployment(at: "2024-07-05T10:00:00+08:00"))
struct PointsTests {
  private func points(_ desk: Desk, by role: String = "leader", _ quarter: String = "quarter-2") throws -> Caller.Answer {
    try desk.who(role).get("\(desk.path)/points?quarter=\(quarter)")
  }

  private func taken(_ subject: JSON) -> [String] {
    (subject["incidents"]?.array ?? []).map { "\($0["kind"]?.string ?? "") \($0["points"]?.string ?? "")" }
  }

  @Test("everybody's start, what each incident took and what is left are what the statement counts, before and after it is confirmed")
  func quarter() throws {
    let desk = try Desk("anding", "service-2024")
    let first = try desk.score("staff", "quarter-2", "seat-1", "81", on: "2024-06-26")
    try desk.score("staff", "quarter-2", "seat-2", "100", on: "2024-06-26")
    let negligence = try desk.incident("negligence", "2024-05-06", subject: "seat-2")
    // Nobody filled a sheet for the third, who starts with the contract's 100.
    let leak = try desk.incident("leak", "2024-05-07", subject: "seat-3")
    // Proposed and not confirmed: it takes nothing.
    _ = try desk.propose("negligence", "2024-05-08", nil, subject: "seat-1", by: "vendor-manager")
    for stage in ["open", "confirmed"] {
      if stage == "confirmed" {
        try desk.confirm("quarter-1", asOf: "2024-07-05")
        try desk.confirm("quarter-2", asOf: "2024-07-05")
        // What comes later corrects the next statement, and is none of this one's.
        try desk.incident("negligence", "2024-06-03", subject: "seat-1", late: true)
      }
      let answer = try points(desk, by: "vendor-manager")
      #expect(answer.status == 200 && answer.json["confirmed"] == .bool(stage == "confirmed"), "\(answer.text)")
      let series = try #require(answer.json.value(at: "/series/0"))
      #expect(series["series"] == "staff" && series["period"] == "quarter-2" && series["clause"] == "2.2, 附件2")
      let subjects = series["subjects"]?.array ?? []
      #expect(subjects.compactMap { $0["subject"]?.string } == ["seat-1", "seat-2", "seat-3"])
      #expect(subjects.compactMap { $0["start"]?.string } == ["81", "100", "100"])
      #expect(subjects.map(taken) == [[], ["negligence -50"], ["leak -50"]])
      #expect(subjects.compactMap { $0["value"]?.string } == ["81", "50", "50"])
      #expect(subjects.allSatisfy { $0["name"]?.string?.isEmpty == false })
      #expect(subjects[0]["scoreSheet"]?.string == first && subjects[2]["scoreSheet"] == .null)
      // Each opens into its incident.
      let named = subjects.flatMap { $0["incidents"]?.array ?? [] }.compactMap { $0["incident"]?.string }
      #expect(named == [negligence, leak])
      for id in named { #expect(try desk.who("vendor-manager").get("\(desk.office)/incidents/\(id)").string("/state") == "confirmed") }
      // 81 + 50 + 50 = 181; 181 ÷ 3 = 60.333…, nineteen whole points below 80 at 100 yuan each.
      #expect(series["sum"] == "181" && series["mean"] == "60.333…")
      let rule = try #require(series.value(at: "/consequences/0"))
      #expect(rule["rule"] == "below-par" && rule["clause"] == "2.2" && rule.value(at: "/lines/0/amount/yuan") == "-1900.00")
      let line = try #require(rule.value(at: "/lines/0/line")?.integer)
      #expect(try desk.view("quarter-2").json.value(at: "/lines/\(line - 1)/amount/yuan") == "-1900.00")

      // The line opens into the sheets with both names, and into the incidents.
      let why = try desk.who("vendor-manager").get("\(desk.settlement("quarter-2"))/why?line=\(line)", ["Accept-Language": "en"])
      #expect(why.status == 200, "\(why.text)")
      let causes = why.json["causes"]?.array ?? []
      #expect(causes.count == 4)
      let sheets = causes.compactMap { $0["scoreSheet"] }
      #expect(sheets.count == 2 && causes.compactMap { $0["incident"] }.count == 2)
      let sheet = try #require(sheets.first { $0["id"]?.string == first })
      let (filler, second) = (sheet["filler"]?.string ?? "", sheet["countersigner"]?.string ?? "")
      #expect(!filler.isEmpty && !second.isEmpty && filler != second && sheet["state"] == "countersigned")
      #expect(sheet.value(at: "/sections/0/items/0/label/zh")?.string?.isEmpty == false)
      let paragraph = why.string("/paragraph") ?? ""
      #expect(paragraph.contains("filled by \(filler)") && paragraph.contains("countersigned by \(second)"), "\(paragraph)")
    }
    // (31 + 50 + 50) ÷ 3 = 43.666…: thirty-six points instead of nineteen.
    #expect(try desk.corrections("quarter-2").map(\.amount) == ["-1700.00"])
  }

  @Test("a grade's line opens into the grade, with who proposed and who decided it")
  func grade() throws {
    let desk = try Desk("huoying", "technical-2025")
    try desk.deployment.setClock(to: try #require(Instant("2025-12-20T10:00:00+08:00")))
    let id = try desk.propose("monthly", "2025-08", "良好")
    #expect(try desk.decide(id, by: "leader", ["grade": "优秀", "reason": "会议认为突出", "on": "2025-09-08"]).status == 200)
    let why = try desk.who("finance").get("\(desk.settlement("period-1"))/why?line=2&asOf=2025-12-20", ["Accept-Language": "zh-CN"])
    let grade = try #require(why.json.value(at: "/causes/0/grade"), "\(why.text)")
    #expect(grade["id"]?.string == id && grade["proposed"] == "良好" && grade.value(at: "/decided/grade") == "优秀")
    let (proposer, decider) = (grade["proposer"]?.string ?? "", grade.value(at: "/decided/name")?.string ?? "")
    #expect(!proposer.isEmpty && proposer != decider)
    let paragraph = why.string("/paragraph") ?? ""
    #expect(paragraph.contains("由\(proposer)提议“良好”") && paragraph.contains("\(decider)决定（2025-09-08）"), "\(paragraph)")
    // A contract without scores has no points.
    #expect(try points(desk, "period-1").json["series"] == [])
  }

  @Test("points are for those who may see the statement, of the office and the vendor; a quarter must be one of the plan")
  func refusals() throws {
    let desk = try Desk("anding", "service-2024")
    #expect(try points(desk, by: "seat-1").status == 403)
    #expect(try points(desk, by: "handler").status == 403)
    #expect(try points(desk, "quarter-9").status == 404)
    #expect(try desk.who("leader").get("\(desk.path)/points").faults == ["?quarter bad-query"])
    #expect(try desk.deployment.caller("huoying.leader").get("\(desk.path)/points?quarter=quarter-2").status == 404)
  }
}
