// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Facts on record: listed, repeated, voided, found by the statements that rest on them.
@Suite("Facts on record", .deployment)
struct FactRecordTests {
  @Test("a repeated key gets the stored answer, with another body 422; another user's key is another key")
  func keys() throws {
    let desk = try Desk("huoying", "technical-2025")
    let finance = try desk.who("finance")
    let path = "\(desk.path)/invoices"
    let body: JSON = ["on": "2025-12-01", "payment": "period-1", "amount": "388800.00"]
    let first = try finance.post(path, body, key: "invoice-1")
    let second = try finance.post(path, body, key: "invoice-1")
    #expect(first.status == 201 && second.status == 201 && first.text == second.text)
    #expect(second.fields["idempotency-replayed"] == "true" && second.fields["location"] == first.fields["location"])
    let other = try finance.post(path, ["on": "2025-12-01", "payment": "period-1", "amount": "388800.01"], key: "invoice-1")
    #expect(other.status == 422 && other.string("/code") == "idempotency-key-reused")
    #expect(try desk.who("vendor-manager").post(path, body, key: "invoice-1").status == 201)
    #expect(try finance.post(path, body, key: "no blanks").status == 400)
    let listed = try finance.get(path).json["items"]?.array ?? []
    #expect(listed.compactMap { $0["recordedSide"]?.string } == ["vendor", "office"])
    // It leads to the fact itself.
    let fact = try finance.get(try #require(first.fields["location"]))
    #expect(fact.status == 200 && fact.string("/fact/amount") == "388800.00" && fact.string("/id") == first.string("/id"))
  }

  @Test("lists go on from page to page, and say what was voided and why")
  func pages() throws {
    let desk = try Desk("xisanqi", "platform-2024")
    let finance = try desk.who("finance")
    let made = try (1...5).map { try desk.pay("first", "2024-04-0\($0)", "\($0).00") }
    try desk.void(made[2], by: "finance")
    var seen: [String] = []
    var next: String?
    repeat {
      let page = try finance.get("\(desk.path)/payments?limit=2" + (next.map { "&after=\($0)" } ?? ""))
      seen += page.json["items"]?.array?.compactMap { $0["id"]?.string } ?? []
      next = page.string("/next")
    } while next != nil
    #expect(seen == made.reversed())
    let voided = try finance.get("\(desk.office)/facts/\(made[2])")
    #expect(voided.string("/voided/reason") == "Recorded by mistake.")
    #expect(try desk.statement("first", asOf: "2024-05-01").answer.yuan("/paid") == "12.00")
    #expect(
      try finance.post("\(desk.office)/facts/\(made[2])/void", ["reason": "Again."]).string("/code") == "already-voided")
    #expect(try desk.who("auditor").post("\(desk.office)/facts/\(made[1])/void", ["reason": "Not mine."]).status == 403)
    #expect(try desk.deployment.caller("anding.supervisor").post("\(desk.office)/facts/\(made[1])/void", ["reason": "?"]).status == 404)
    #expect(try desk.deployment.caller("anding.supervisor").post("/v1/tenants/anding/facts/\(made[1])/void", ["reason": "?"]).status == 404)
  }

  @Test("what there can be but once is refused a second time, until the first is voided; also when both come at once")
  func once() async throws {
    let desk = try Desk("anding", "service-2024")
    let supervisor = try desk.who("supervisor")
    func confirmed() throws -> Caller.Answer {
      try supervisor.post("\(desk.path)/events", ["on": "2024-03-28", "event": "appraisalConfirmed", "payment": "quarter-1"])
    }
    let first = try confirmed()
    let second = try confirmed()
    #expect(first.status == 201 && second.status == 409 && second.string("/code") == "already-recorded")
    try desk.void(try #require(first.string("/id")))
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 1...8 { group.addTask { try confirmed().status } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses.sorted() == [201] + Array(repeating: 409, count: 7))
  }

  @Test("a contract ends early once: another day takes the first back before")
  func ending() throws {
    let desk = try Desk("anding", "service-2024")
    let ended = try desk.event("terminated", "2024-06-25")
    let again: JSON = ["on": "2024-09-25", "event": "terminated"]
    #expect(try desk.who("supervisor").post("\(desk.path)/events", again).string("/code") == "already-recorded")
    // Nothing was held over behind an early end.
    let late = try desk.who("vendor-manager").post(
      "\(desk.office)/incidents",
      ["contract": "service-2024", "incident": "leak", "occurredAt": "2024-08-01T09:00:00+08:00", "subject": "seat-1"],
      ["Accept-Language": "en"])
    #expect(late.faults == ["/occurredAt outside-service"] && !late.text.contains("heldOver"), "\(late.text)")
    try desk.void(ended)
    #expect(try desk.who("supervisor").post("\(desk.path)/events", again).status == 201)
  }

  @Test("what the audit finds changes the last payment; every deed is in the office's log")
  func audit() throws {
    let desk = try Desk("fangshan", "service-2022")
    try desk.invoice("first", "2022-07-25", "2098750.00")
    let auditor = try desk.who("auditor")
    let path = "\(desk.path)/audited-amounts"
    let found = try auditor.make(path, ["on": "2023-05-10", "amount": "4000000.00", "note": "审计报告第5号"])
    #expect(try auditor.post(path, ["on": "2023-05-11", "amount": "4100000.00"]).string("/code") == "already-recorded")
    let payments = try desk.who("finance").get("\(desk.path)/periods").json["items"]?.array?.compactMap { $0["id"]?.string } ?? []
    let last = try #require(payments.last)
    let statement = try desk.statement(last, asOf: "2023-06-01")
    #expect(statement.lines.contains { $0["kind"]?.string == "audit" && $0["facts"] == [.string(found)] })
    #expect(statement.payable == "1901250.00")
    let log = try auditor.get("\(desk.office)/audit").json["items"]?.array ?? []
    #expect(log.contains { $0["action"]?.string == "fact.record" && $0["subject"]?.string == found })
  }

  @Test("contracts, their papers and their periods are there to read")
  func contracts() throws {
    let desk = try Desk("huoying", "technical-2025")
    let leader = try desk.who("leader")
    let listed = try leader.get("\(desk.office)/contracts").json["items"]?.array ?? []
    #expect(listed.compactMap { $0["id"]?.string } == ["technical-2025"])
    let contract = try leader.get(desk.path)
    #expect(contract.string("/term/from") == "2025-08-08" && contract.string("/term/to") == "2026-08-07")
    #expect(contract.string("/document/parties/vendor/organisation") == "zhongke-rongcheng")
    #expect(contract.string("/document/payments/0/says/en")?.isEmpty == false)
    let paper = try leader.get("\(desk.path)/revisions/1")
    #expect(paper.json == contract.json["document"])
    #expect(try leader.get("\(desk.path)/revisions/2").status == 404 && leader.get("\(desk.path)/revisions/x").status == 404)
    let periods = try leader.get("\(desk.path)/periods").json["items"]?.array ?? []
    #expect(periods.compactMap { $0["to"]?.string } == ["2025-12-07", "2026-04-07", "2026-08-07"])
  }
}
