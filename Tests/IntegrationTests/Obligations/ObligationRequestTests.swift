// SPDX-License-Identifier: Apache-2.0
import Base
import EventLoop
import Support
import Testing

/// Obligations through the API, on a server whose clock the tests move.
@Suite("Obligations over the API", .deployment(at: "2022-07-21T09:00:00+08:00"), .serialized)
struct ObligationRequestTests {
  private func desk() throws -> Desk { try Desk("fangshan", "service-2022") }

  private func setClock(_ instant: String) throws { try Deployment.current.setClock(to: try #require(Instant(instant))) }

  private func obligation(_ id: String, _ desk: Desk) throws -> Caller.Answer {
    try desk.who("supervisor").get("\(desk.path)/obligations/\(id)")
  }

  /// Waits until the timer has written what it saw last of an obligation.
  private func wait(for state: String, of id: String, _ desk: Desk) throws {
    let database = desk.deployment.database
    let known = "SELECT state FROM obligation WHERE contract_id = '\(desk.contract)' AND id = '\(id)'"
    try Support.wait(for: "\(id) \(state)") { try database.sql(known) == state }
  }

  /// What was told of an obligation, the first thing first.
  private func told(_ id: String, _ desk: Desk) throws -> [Caller.Notice] {
    try desk.who("vendor-manager").notices("\(desk.office)/notices").filter { $0.subject == id }.reversed()
  }

  @Test("deliverables handed in on 2022-12-30 count as accepted from 2023-01-14 00:00, and both sides are told once")
  func deemed() async throws {
    let desk = try desk()
    try setClock("2022-12-30T10:00:00+08:00")
    let submitted = try desk.event("deliverablesSubmitted", "2022-12-30")
    let id = "accept@\(submitted)"
    let open = try obligation(id, desk)
    #expect(open.string("/state") == "pending" && open.string("/due/date") == "2023-01-13" && open.string("/toldAt") == nil)
    #expect(open.string("/due/end") == "2023-01-14T00:00:00+08:00" && open.string("/deems/en") == "acceptance")
    #expect(open.string("/due/explanation/en")?.contains("14 days from 2022-12-30, that day not counted") == true, "\(open.text)")
    try wait(for: "pending", of: id, desk)

    try setClock("2023-01-13T12:00:00+08:00")
    #expect(try obligation(id, desk).string("/state") == "pending")
    #expect(try told(id, desk).isEmpty)
    try setClock("2023-01-14T00:00:00+08:00")
    #expect(try obligation(id, desk).string("/state") == "deemed")
    try wait(for: "deemed", of: id, desk)
    let notices = try told(id, desk)
    #expect(notices.map(\.kind) == ["obligation.deemed"] && notices[0].at.hasPrefix("2023-01-14T00:0"), "\(notices)")
    #expect(try obligation(id, desk).string("/toldAt")?.hasPrefix("2023-01-14T00:0") == true)

    // A rejection comes too late now; it changes nothing.
    let late = try desk.record("acceptances", by: "supervisor", ["on": "2023-01-14", "result": "rejected", "cureBy": "2023-01-20"])
    #expect(try obligation(id, desk).string("/state") == "deemed")
    try desk.void(late)
    try desk.void(submitted)
    try wait(for: "withdrawn", of: id, desk)
    #expect(try told(id, desk).map(\.kind) == ["obligation.deemed", "obligation.corrected"])
    #expect(try obligation(id, desk).status == 404)
  }

  @Test("rejected on 2023-01-05 and cured on 2023-01-19, without a second opinion: accepted on 2023-02-02 24:00")
  func second() async throws {
    let desk = try desk()
    try setClock("2023-01-19T15:00:00+08:00")
    let submitted = try desk.event("deliverablesSubmitted", "2022-12-30")
    let rejected = try desk.record("acceptances", by: "supervisor", ["on": "2023-01-05", "result": "rejected", "cureBy": "2023-01-20"])
    #expect(try obligation("accept@\(submitted)", desk).string("/state") == "met")
    let cure = try obligation("cure@\(rejected)", desk)
    #expect(cure.string("/due/date") == "2023-01-20" && cure.string("/bearer") == "vendor" && cure.string("/state") == "pending")
    let cured = try desk.event("cured", "2023-01-19")
    #expect(try obligation("cure@\(rejected)", desk).string("/state") == "met")
    let id = "accept-again@\(cured)"
    try setClock("2023-02-02T12:00:00+08:00")
    let open = try obligation(id, desk)
    #expect(open.string("/state") == "pending" && open.string("/due/date") == "2023-02-02")
    try wait(for: "pending", of: id, desk)
    try setClock("2023-02-03T00:00:00+08:00")
    try wait(for: "deemed", of: id, desk)
    #expect(try told(id, desk).map(\.kind) == ["obligation.deemed"])
    let statement = try desk.who("finance").get("\(desk.path)/settlements/last?asOf=2023-02-03")
    #expect(statement.status == 200)
  }

  @Test("the office waives what the vendor owes, with a reason; the vendor does not, and nobody waives a deemed acceptance")
  func waive() async throws {
    let desk = try desk()
    try setClock("2023-02-10T10:00:00+08:00")
    let demanded = try desk.event("staff-demanded", "2023-02-01")
    let id = "replace-staff@\(demanded)"
    let path = "\(desk.path)/obligations/\(id)/waive"
    #expect(try desk.who("supervisor").post(path, ["reason": "Agreed."]).status == 403)
    #expect(try desk.who("vendor-manager").post(path, ["reason": "Agreed."]).status == 403)
    #expect(try desk.who("leader").post(path, [:]).faults == ["/reason missing-member"])
    #expect(try desk.who("leader").post("\(desk.path)/obligations/tell-renewal/waive", ["reason": "?"]).string("/code") == "not-your-side")
    #expect(try desk.who("leader").post("\(desk.path)/obligations/none/waive", ["reason": "?"]).status == 404)
    let submitted = try desk.event("deliverablesSubmitted", "2023-02-09")
    #expect(
      try desk.who("leader").post("\(desk.path)/obligations/accept@\(submitted)/waive", ["reason": "?"]).string("/code") == "not-waivable")

    let leader = try desk.who("leader")
    let waived = try leader.post(path, ["reason": "The person came back."], key: "waive-1")
    #expect(waived.status == 201, "\(waived.text)")
    let again = try leader.post(path, ["reason": "The person came back."], key: "waive-1")
    #expect(again.status == 201 && again.string("/id") == waived.string("/id"))
    #expect(try leader.post(path, ["reason": "Twice."]).string("/code") == "already-recorded")
    let shown = try obligation(id, desk)
    #expect(shown.string("/state") == "waived" && shown.string("/waiver") == waived.string("/id"))
    try wait(for: "waived", of: id, desk)
    #expect(try told(id, desk).map(\.kind) == ["obligation.waived"])
    try setClock("2023-02-14T00:00:00+08:00")
    #expect(try obligation(id, desk).string("/state") == "waived")
    let note = try desk.deployment.database.sql(
      "SELECT data ->> 'reason' FROM audit_event WHERE action = 'obligation.waive' AND subject = '\(desk.contract)/\(id)'")
    #expect(note == "The person came back.")
    // Whoever may void facts, but waives nothing, takes no waiver back.
    let byOthers = try desk.who("supervisor").post("\(desk.office)/facts/\(waived.string("/id") ?? "")/void", ["reason": "?"])
    #expect(byOthers.status == 403 && byOthers.string("/code") == "forbidden")
    try desk.deployment.caller("fangshan.leader").void(try #require(waived.string("/id")), "\(desk.office)/facts")
    #expect(try obligation(id, desk).string("/state") == "missed")
    try wait(for: "missed", of: id, desk)
    #expect(try told(id, desk).map(\.kind) == ["obligation.waived", "obligation.missed"])
  }

  @Test("a contract's list is filtered and paged, and the office's calendar shows the weeks to come")
  func lists() throws {
    let desk = try desk()
    try setClock("2022-07-28T10:00:00+08:00")
    let caller = try desk.who("leader")
    let path = "\(desk.path)/obligations"
    let daily = try caller.get("\(path)?side=vendor&from=2022-07-27&to=2022-07-31&limit=3")
    let items = try #require(daily.json["items"]?.array)
    #expect(items.map { $0["id"]?.string } == ["report-daily@2022-07-27", "report-daily@2022-07-28", "report-daily@2022-07-29"])
    #expect(items.map { $0["state"]?.string } == ["missed", "pending", "pending"])
    let next = try #require(daily.string("/next"))
    let rest = try caller.get("\(path)?side=vendor&from=2022-07-27&to=2022-07-31&limit=3&after=\(next)")
    #expect(rest.json["items"]?.array?.map { $0["id"]?.string } == ["report-daily@2022-07-30", "report-daily@2022-07-31"])
    #expect(rest.string("/next") == nil)
    // What has no date comes last, and is there.
    let all = try caller.get("\(path)?limit=500&side=vendor")
    #expect(all.json["items"]?.array?.contains { $0["id"]?.string == "invoice@first" && $0["due"]?["kind"] == nil } == true)
    #expect(try caller.get("\(path)?state=late").faults == ["?state bad-query"])
    #expect(try caller.get("\(path)?from=yesterday").faults == ["?from bad-query"])
    #expect(try caller.get("\(path)?after=x").faults == ["?after bad-query"])
    #expect(try desk.deployment.caller("anding.leader").get(path).status == 404)

    let calendar = try caller.get("\(desk.office)/obligations?weeks=1&side=vendor")
    #expect(calendar.string("/from") == "2022-07-28" && calendar.string("/to") == "2022-08-03")
    let days = try #require(calendar.json["items"]?.array).map { "\($0["due"]?["date"]?.string ?? "") \($0["item"]?.string ?? "")" }
    #expect(
      days == [
        "2022-07-28 report-daily", "2022-07-29 report-daily", "2022-07-30 report-daily", "2022-07-31 report-daily",
        "2022-08-01 report-daily", "2022-08-02 report-daily", "2022-08-02 report-weekly", "2022-08-03 report-daily",
      ])
    #expect(try caller.get("\(desk.office)/obligations?weeks=0").faults == ["?weeks bad-query"])
    let offices = try caller.get("\(desk.office)/obligations?weeks=53&side=office")
    #expect(offices.json["items"]?.array?.map { $0["item"]?.string } == ["tell-renewal"])
  }

  @Test("jiesu contract obligations prints them")
  func command() throws {
    let desk = try desk()
    let printed = try desk.deployment.jiesu(
      "contract", "obligations", "xisanqi", "platform-2024", "--side", "office", "--at", "2024-05-01", "--lang", "en")
    #expect(printed.status == 0, "\(printed.output)")
    #expect(printed.output.contains("2024-04-30  pending  the office  payment:first   4.2.1"), "\(printed.output)")
    let json = try desk.deployment.jiesu(
      "contract", "obligations", "xisanqi", "platform-2024", "--only", "missed", "--at", "2024-03-16", "--json")
    let missed = try JSON.parse(Array(json.output.utf8)).array?.map { $0["id"]?.string }
    #expect(missed == ["appeals@2024-03-15", "appeals@2024-03-16"])
    #expect(try desk.deployment.jiesu("contract", "obligations", "xisanqi", "platform-2024", "--only", "late").status == 2)
    #expect(try desk.deployment.jiesu("contract", "obligations", "xisanqi", "none").status == 4)
  }
}

extension Caller {
  /// What a side was told.
  struct Notice: Sendable {
    let kind: String
    let subject: String
    let at: String
  }

  /// All notices, the newest first, page by page.
  func notices(_ path: String) throws -> [Notice] {
    var notices: [Notice] = []
    var after = ""
    while true {
      let page = try get("\(path)?limit=100\(after)")
      try #require(page.status == 200, "\(page.text)")
      notices += (page.json["items"]?.array ?? []).map {
        Notice(kind: $0["kind"]?.string ?? "", subject: $0["subject"]?.string ?? "", at: $0["at"]?.string ?? "")
      }
      guard let next = page.string("/next") else { return notices }
      after = "&after=\(next)"
    }
  }

  /// Voids a fact.
  func void(_ fact: String, _ facts: String) throws {
    let answer = try post("\(facts)/\(fact)/void", ["reason": "Recorded by mistake."])
    try #require(answer.status == 200, "\(answer.text)")
  }
}
