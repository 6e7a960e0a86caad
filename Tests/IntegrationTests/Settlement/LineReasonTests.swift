// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Each line of a statement opens into what stands on record, and says what it would be otherwise.
@Suite("Why a line of a statement says what it says", .serialized, .deployment)
struct LineReasonTests {
  private func why(_ desk: Desk, _ payment: String, _ line: Int, _ section: String = "lines", asOf: String, language: String = "zh-CN")
    throws
    -> Caller.Answer
  {
    let answer = try desk.who("finance").get(
      "\(desk.settlement(payment))/why?line=\(line)&section=\(section)&asOf=\(asOf)", ["Accept-Language": language])
    try #require(answer.status == 200, "\(answer.text)")
    return answer
  }

  /// Follows every line of every statement down to what was recorded: facts, with their incidents; lines, which are followed themselves; or,
  /// for what has no other cause, the paper by its digest.
  private func expectRecorded(_ desk: Desk, asOf: String) throws -> Int {
    var count = 0
    let payments =
      try desk.who("finance").get("\(desk.path)/periods?asOf=\(asOf)").json["items"]?.array?.compactMap { $0["id"]?.string } ?? []
    for payment in payments {
      let statement = try desk.statement(payment, asOf: asOf)
      for (section, lines) in [("lines", statement.lines), ("claims", statement.claims)] {
        for (index, line) in lines.enumerated() {
          let answer = try why(desk, payment, index + 1, section, asOf: asOf)
          count += 1
          let causes = answer.json["causes"]?.array ?? []
          let rests = answer.json["lines"]?.array ?? []
          #expect(answer.json["line"] == line && answer.string("/paper/sha256")?.count == 64)
          #expect(causes.count == line["facts"]?.array?.count, "\(payment) \(section) \(index): \(answer.text)")
          for cause in causes {
            #expect(cause.value(at: "/fact/recordedAt")?.string != nil)
            guard cause.value(at: "/fact/fact/kind") == "incident" else { continue }
            #expect(cause.value(at: "/incident/state") == "confirmed" && cause["incident"]?["id"] == cause["fact"]?["id"])
          }
          #expect(!causes.isEmpty || !rests.isEmpty || ["fee", "charge"].contains(line["kind"]?.string), "\(answer.text)")
          #expect(answer.string("/text/zh")?.contains(line["clause"]?.string ?? "?") == true && answer.string("/text/en")?.isEmpty == false)
        }
      }
      let beyond = try desk.who("finance").get("\(desk.settlement(payment))/why?line=\(statement.lines.count + 1)&asOf=\(asOf)")
      #expect(beyond.status == 404)
    }
    return count
  }

  @Test("a carried debt leads to the period before, and that to the loss")
  func carried() throws {
    let desk = try Desk("anding", "service-2024")
    let id = try desk.incident("damage", "2024-07-15", "600000.00")
    try desk.score("staff", "quarter-2", "seat-1", "71", on: "2024-06-26")
    #expect(try expectRecorded(desk, asOf: "2024-12-31") >= 7)
    let carried = try why(desk, "quarter-4", 1, asOf: "2024-12-31")
    #expect(carried.json["lines"] == [["payment": "quarter-3", "section": "lines", "kind": "carryOut"]])
    let third = try desk.statement("quarter-3", asOf: "2024-12-31")
    let out = try #require(third.lines.firstIndex { $0["kind"] == "carryOut" })
    let made = try why(desk, "quarter-3", out + 1, asOf: "2024-12-31").json["lines"]?.array ?? []
    let place = try #require(made.first?["line"]?.integer)
    let loss = try why(desk, "quarter-3", Int(place), asOf: "2024-12-31", language: "en")
    #expect(loss.json.value(at: "/causes/0/incident/id") == .string(id))
    let text = loss.string("/paragraph") ?? ""
    for word in ["-600000.00", "4.4", "2024-07-15", "the vendor"] { #expect(text.contains(word), "\(text)") }
    #expect(try desk.who("finance").get("\(desk.settlement("quarter-4"))/why?line=0").status == 422)
  }

  @Test("every line of the statements of the other offices ends in what was recorded")
  func offices() throws {
    let huoying = try Desk("huoying", "technical-2025")
    for (month, grade) in [("2025-08", "优秀"), ("2025-09", "良好"), ("2025-10", "一般"), ("2025-11", "差")] {
      try huoying.grade("monthly", month, grade, on: "2025-12-08")
    }
    try huoying.incident("not-performing", "2025-10-01")
    #expect(try expectRecorded(huoying, asOf: "2025-12-10") >= 7)
    let sanjianfang = try Desk("sanjianfang", "seats-2019")
    try sanjianfang.incident("late-or-early", "2019-11-04", subject: "seat-1")
    try sanjianfang.incident("absence", "2020-02-03", "800.00", subject: "seat-2")
    #expect(try expectRecorded(sanjianfang, asOf: "2020-11-30") >= 6)
    // What happened is told as the contract calls it, with whom it is about.
    let late = try why(sanjianfang, "last", 2, asOf: "2020-11-30").json["text"]
    #expect(late?["zh"]?.string?.contains("2019-11-04，情形“迟到或早退一次”（seat-1），由乙方提出") == true, "\(String(describing: late))")
    #expect(late?["en"]?.string?.contains("incident “Somebody came late or left early” (seat-1), proposed by the vendor") == true)
    let fangshan = try Desk("fangshan", "service-2022")
    try fangshan.invoice("first", "2022-07-25", "2098750.00")
    try fangshan.incident("leak-or-neglect", "2022-08-01", "419750.00")
    #expect(try expectRecorded(fangshan, asOf: "2022-12-31") >= 3)
    let xisanqi = try Desk("xisanqi", "platform-2024")
    try xisanqi.event("delivery-scheduled", "2024-06-03", ["agreed": "2024-07-01"])
    try xisanqi.event("deliverablesSubmitted", "2024-10-29")
    try xisanqi.invoice("second", "2024-10-08", "866000.00")
    try xisanqi.pay("second", "2024-11-14", "866000.00")
    // The cap on what the vendor owes names the lines that it caps.
    #expect(try expectRecorded(xisanqi, asOf: "2025-04-30") >= 5)
  }

  @Test("without an incident, with another grade: what it would be stands beside what it is, and nothing is recorded")
  func whatIf() throws {
    let desk = try Desk("huoying", "technical-2025")
    let months = [("2026-04", "优秀"), ("2026-05", "好"), ("2026-06", "一般"), ("2026-07", "差")]
    let grades = try months.map { try desk.grade("monthly", $0.0, $0.1, on: "2026-08-08") }
    let count = try desk.deployment.database.sql("SELECT count(*) FROM fact")
    func ask(_ body: JSON) throws -> Caller.Answer { try desk.who("finance").post("\(desk.path)/settlements/what-if", body) }
    // 差 costs 10,000, 良好 would have brought 20,000.
    let other: JSON = ["kind": "grade", "on": "2026-08-08", "series": "monthly", "period": "2026-07", "grade": "良好"]
    #expect(try ask(["asOf": "2026-08-10", "facts": [other]]).faults == ["/facts/0 already-recorded"])
    let answer = try ask(["asOf": "2026-08-10", "without": [.string(grades[3])], "facts": [other]])
    #expect(answer.status == 200 && answer.yuan("/payable/difference") == "30000.00", "\(answer.text)")
    let left = try ask(["asOf": "2026-08-10", "without": [.string(grades[0])]])
    #expect(left.yuan("/payable/difference") == "-30000.00", "\(left.text)")
    #expect(try ask(["without": ["01930000-0000-7000-8000-000000000001"]]).faults == ["/without/0 unknown-reference"])
    #expect(try ask([:]).faults == [" missing-alternative"])
    #expect(try desk.deployment.database.sql("SELECT count(*) FROM fact") == count)
  }
}
