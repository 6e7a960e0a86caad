// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// An office that nothing but its files knows of, added while the server serves; its rules are of kinds that the five do not have.
@Suite("A sixth office, through the API", .deployment)
struct SixthOfficeSettlementTests {
  /// Applies the office's files under a code of the test's own, and adds the people who record.
  private func desk(_ code: String, _ people: (login: String, role: String)...) throws -> Desk {
    let deployment = try Deployment.current
    try files(code).write(to: "\(deployment.state)/\(code)")
    #expect(try deployment.jiesu("tenant", "apply", "\(deployment.state)/\(code)").status == 0)
    for (login, role) in people {
      try deployment.addUser("\(code).\(login)", of: "yunling-town-government", code, "office.\(role)")
    }
    return try Desk(code, "hotline-2026")
  }

  private func files(_ code: String) throws -> OfficeDirectory {
    var files = try OfficeDirectory("Tests/Offices/yunling")
    try files.set("office.json", "code", to: .string(code))
    return files
  }

  @Test("its files alone make it: monthly fees by score bands, bonus, praise, calls, retention; a second time nothing changes")
  func firstMonth() throws {
    let desk = try desk(
      "yunling", ("supervisor", "supervisor"), ("colleague", "supervisor"), ("finance", "finance"), ("leader", "leader"))
    let again = try desk.deployment.jiesu("tenant", "apply", "\(desk.deployment.state)/yunling", "--json")
    #expect(try JSON.parse(Array(again.output.utf8))["changes"] == [])
    try desk.score("quality", "2026-01", nil, "96", on: "2026-02-01")
    try desk.score("seats", "2026-01", "seat-1", "100", on: "2026-02-01")
    try desk.grade("praise", "2026-01", "甲", on: "2026-02-01")
    for day in 16...20 { try desk.incident("dropped-call", "2026-01-\(day)", subject: "call-\(day)", by: "colleague") }
    // The report is the vendor's to record.
    let report = try desk.who("supervisor").post("\(desk.path)/events", ["on": "2026-01-30", "event": "report"])
    #expect(report.status == 403 && report.string("/code") == "not-your-side")
    try desk.invoice("month-1", "2026-02-02", "55296.77")
    let statement = try desk.statement("month-1", asOf: "2026-02-10")
    func amount(_ rule: String) -> String? { statement.line(rule)?.value(at: "/amount/yuan")?.string }
    #expect(amount("month") == "54838.71")
    #expect(statement.line("month")?.value(at: "/unrounded/exact")?.string == "1700000/31")
    #expect(amount("quality-bands") == "0.00")
    #expect(amount("quality-bonus") == "300.00")
    #expect(amount("praise-bonus") == "3000.00")
    #expect(amount("dropped-calls") == "-100.00")
    #expect(amount("keep") == "-2741.94")
    #expect(statement.payable == "55296.77")
    #expect(statement.answer.yuan("/retained") == "2741.94")
    #expect(statement.due == "2026-02-10")
    // The team's points by the month stand beside each seat's.
    let points = try desk.who("leader").get("\(desk.path)/points?quarter=month-1&asOf=2026-02-10").json["series"]?.array ?? []
    #expect(points.compactMap { $0["series"]?.string } == ["quality", "seats"] && points.allSatisfy { $0["period"] == "2026-01" })
    #expect(points[0].value(at: "/subjects/0/subject") == .null && points[0].value(at: "/subjects/0/value") == "96")
    #expect(points[0].value(at: "/consequences/0/lines/0/amount/yuan")?.string == amount("quality-bands"))
    for (language, word) in [("zh", "应付合计"), ("en", "Payable")] {
      let page = try desk.printed("month-1", asOf: "2026-02-10", language: language)
      #expect(page.contains(word) && page.contains("55,296.77") && page.contains("2,741.94"), "\(page)")
    }
  }

  @Test("three months running below the bar open a right; an early end releases what was withheld after acceptance")
  func threeMonthsAndRelease() throws {
    let desk = try desk("yunling-east", ("supervisor", "supervisor"), ("leader", "leader"), ("finance", "finance"))
    for (month, score) in [("04", "84.99"), ("05", "70"), ("06", "84")] {
      try desk.score("quality", "2026-\(month)", nil, score, on: "2026-07-01")
    }
    let june = try desk.statement("month-6", asOf: "2026-07-05")
    #expect(june.line("three-low")?.value(at: "/amount/yuan")?.string == "-20000.00")
    #expect(june.line("quality-bands")?.value(at: "/amount/yuan")?.string == "-10000.00")
    #expect(june.answer.string("/rights/0/right") == "terminate" && june.answer.string("/rights/0/since") == "2026-06-30")
    try desk.event("terminated", "2026-06-30")
    try desk.accept("2026-07-10")
    let periods = try desk.who("finance").get("\(desk.path)/periods").json["items"]?.array?.compactMap { $0["id"]?.string }
    #expect(periods == ["month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "retention"])
    let release = try desk.statement("retention", asOf: "2026-08-01")
    #expect(release.payable == "27741.94")
    // Thirty days after 10 July end on Sunday 9 August.
    #expect(release.due == "2026-08-10")
    #expect(
      try desk.who("finance").post("\(desk.path)/invoices", ["on": "2026-08-01", "payment": "month-7", "amount": "1.00"]).status == 422)
  }

  @Test("a supplement counts as soon as its file is applied, for what lies after its date; each line says which paper it used")
  func supplement() throws {
    let desk = try desk("yunling-west", ("finance", "finance"))
    #expect(try desk.statement("month-3", asOf: "2026-05-01").amounts.first == "100000.00")
    var files = try files("yunling-west")
    let original = "contracts/hotline-2026/original.json"
    let paper = "contracts/hotline-2026/supplement-1.json"
    try files.put(paper, files.json(original))
    try files.set(paper, "revision/kind", to: "supplement")
    try files.set(paper, "revision/effectiveFrom", to: "2026-03-16")
    try files.set(paper, "payments/0/amount/fixed", to: "120000.00")
    try files.write(to: "\(desk.deployment.state)/yunling-west")
    #expect(try desk.deployment.jiesu("tenant", "apply", "\(desk.deployment.state)/yunling-west").status == 0)
    let march = try desk.statement("month-3", asOf: "2026-05-01").lines.filter { $0["kind"]?.string == "fee" }
    #expect(march.compactMap { $0.value(at: "/amount/yuan")?.string } == ["48387.10", "61935.48"])
    #expect(march.compactMap { $0["revision"]?.integer } == [0, 1])
    #expect(try desk.statement("month-2", asOf: "2026-05-01").amounts.first == "100000.00")
    #expect(try desk.statement("month-4", asOf: "2026-05-01").amounts.first == "120000.00")
    let papers = try desk.who("finance").get("\(desk.path)/revisions").json["items"]?.array ?? []
    #expect(papers.compactMap { $0["effectiveFrom"]?.string } == ["2026-01-10", "2026-03-16"])
  }

  @Test("a calendar that is loaded anew counts at once, in the server and on the command line")
  func calendar() throws {
    let desk = try Desk("fangshan", "service-2022")
    try desk.invoice("first", "2022-07-25", "2098750.00")
    #expect(try desk.statement("first", asOf: "2022-08-01").due == "2022-08-08")
    let year = try TestDatabase.file("deploy/calendars/2022.json")
    let more = #"{"name": {"zh": "临时放假", "en": "a day off by decree"}, "daysOff": ["2022-08-08"]}, "#
    var calendar = try OfficeDirectory("deploy/calendars")
    let opening = try #require(year.firstRange(of: "\"holidays\": ["))
    calendar.put("2022.json", text: String(year[..<opening.upperBound]) + more + year[opening.upperBound...])
    try calendar.write(to: desk.deployment.state + "/calendars")
    #expect(try desk.deployment.jiesu("calendar", "load", desk.deployment.state + "/calendars/2022.json").status == 0)
    #expect(try desk.statement("first", asOf: "2022-08-01").due == "2022-08-09")
    #expect(try desk.printed("first", asOf: "2022-08-01", language: "en").contains("2022-08-09"))
  }
}
