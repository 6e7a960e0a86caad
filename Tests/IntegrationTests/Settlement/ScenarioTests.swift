// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// What contracts come to when something is assumed, and that assuming leaves no trace.
@Suite("Scenarios, through the API", .deployment)
struct ScenarioTests {
  @Test("each story changes exactly what its clauses say, and nothing is recorded", arguments: ScenarioStory.all)
  func stories(_ story: ScenarioStory) throws {
    let desk = try Desk(story.tenant, story.contract)
    let before = try desk.records()
    let answer = try desk.who("finance").post(
      "\(desk.path)/settlements/simulate", ["asOf": .string(story.asOf), "facts": .array(story.facts)])
    #expect(answer.status == 200, "\(answer.text)")
    let claims = (answer.json["claims"]?.array ?? []).map { claim in
      "\(claim["rule"]?.string ?? "") \(claim.value(at: "/amount/difference/yuan")?.string ?? "")"
    }
    #expect(Set(claims) == Set(story.claims.map { "\($0.rule) \($0.amount)" }) && claims.count == story.claims.count, "\(claims)")
    let payable = (answer.json["payments"]?.array ?? []).compactMap { payment -> String? in
      guard let amount = payment.value(at: "/payable/difference/yuan")?.string, amount != "0.00" else { return nil }
      return "\(payment["payment"]?.string ?? "") \(amount)"
    }
    #expect(payable == story.payable.map { "\($0.payment) \($0.amount)" })
    let opened = (answer.json.value(at: "/rights/opened")?.array ?? []).map { right in
      let holders = (right["holders"]?.array ?? []).compactMap(\.string).joined(separator: "|")
      return "\(right["rule"]?.string ?? "") \(holders) \(right["right"]?.string ?? "") \(right["since"]?.string ?? "")"
    }
    #expect(opened == story.opened)
    #expect(answer.json.value(at: "/rights/closed") == [])
    // Each change is explained by its clause and a formula, and both sides' statements stand there whole.
    for claim in answer.json["claims"]?.array ?? [] {
      #expect(claim["clause"]?.string?.isEmpty == false && claim.value(at: "/with/formula/zh")?.string?.isEmpty == false)
    }
    #expect(answer.json.value(at: "/statements/with")?.array?.isEmpty == false)
    #expect(answer.json["assumed"]?.array?.count == story.facts.count)
    #expect(try desk.records() == before, "assuming leaves no row")
    #expect(try desk.who("finance").get("\(desk.path)/invoices").json["items"] == [])
  }

  @Test("the first payment's due date moves with an assumed invoice")
  func due() throws {
    let desk = try Desk("fangshan", "service-2022")
    let answer = try desk.who("vendor-manager").post(
      "\(desk.path)/settlements/simulate",
      ["asOf": "2022-08-01", "facts": [ScenarioStory.money("invoice", "first", "2022-07-25", "2098750.00")]])
    #expect(answer.status == 200, "\(answer.text)")
    #expect(answer.string("/payments/0/due/without/kind") == "waiting")
    #expect(answer.string("/payments/0/due/with/date") == "2022-08-08")
    #expect(answer.yuan("/payable/difference") == "0.00")
  }

  @Test("assumptions are judged as records are: every fault at once, each with its pointer")
  func faults() throws {
    let desk = try Desk("fangshan", "service-2022")
    let finance = try desk.who("finance")
    func faults(_ facts: [JSON], asOf: String? = "2023-06-30") throws -> Set<String> {
      var body: JSONObject = ["facts": .array(facts)]
      if let asOf { body["asOf"] = .string(asOf) }
      let answer = try finance.post("\(desk.path)/settlements/simulate", .object(body))
      #expect(answer.status == (answer.faults.isEmpty ? 200 : 422), "\(answer.text)")
      return Set(answer.faults)
    }
    #expect(
      try faults([
        ScenarioStory.money("invoice", "quarter-1", "2022-07-25", "1.00"), ScenarioStory.incident("sleeping", "2022-08-01"),
        ScenarioStory.incident("left-without-cause", "2022-08-01"), ScenarioStory.incident("leak-or-neglect", "2022-08-01", "419749.99"),
        ScenarioStory.event("heldOver", "2022-12-31"), ScenarioStory.event("rejected", "2023-01-05"),
        ScenarioStory.event("signed", "2022-07-21"),
        ["kind": "grade", "on": "2022-08-01", "series": "monthly", "period": "2022-07", "grade": "优秀"],
        ScenarioStory.money("payment", "first", "2022-07-20", "1.00"), ScenarioStory.money("payment", "first", "2023-07-01", "1.00"),
      ])
        == [
          "/facts/0/payment unknown-reference", "/facts/1/incident unknown-reference", "/facts/2/by missing-member",
          "/facts/3/amount out-of-range", "/facts/4/on out-of-range", "/facts/5/agreed missing-member", "/facts/6/event not-applicable",
          "/facts/7/series unknown-reference", "/facts/8/on out-of-range", "/facts/9/on out-of-range",
        ])
    #expect(try faults([ScenarioStory.incident("leak-or-neglect", "2022-08-01", "419750.00")]).isEmpty)
    #expect(try faults([]) == ["/facts wrong-count"])
    #expect(try faults([["kind": "rumour", "on": "2022-08-01"]]) == ["/facts/0/kind not-in-list"])
    #expect(try faults([ScenarioStory.money("payment", "first", "9999-12-31", "1.00")], asOf: nil) == ["/facts/0/on out-of-range"])
    #expect(try faults([ScenarioStory.money("payment", "first", "2022-08-31", "1.00")], asOf: "9999-12-31") == ["/asOf out-of-range"])
    let audit: JSON = ["kind": "audited", "on": "2023-02-01", "amount": "4000000.00"]
    #expect(try faults([audit, audit]) == ["/facts/1 already-recorded"])
  }

  @Test("who may not settle may not assume, and to another office's people the contract does not exist")
  func access() throws {
    let desk = try Desk("huoying", "technical-2025")
    let body: JSON = ["asOf": "2026-08-31", "facts": [ScenarioStory.incident("not-performing", "2026-01-12")]]
    let path = "\(desk.path)/settlements/simulate"
    #expect(try desk.deployment.stranger.post(path, body).status == 401)
    #expect(try desk.who("handler").post(path, body).status == 403)
    for role in ["finance", "leader", "supervisor", "auditor", "vendor-manager"] {
      #expect(try desk.who(role).post(path, body).status == 200, "\(role)")
    }
    for neighbour in ["anding.finance", "xisanqi.vendor-manager"] {
      #expect(try desk.deployment.caller(neighbour).post(path, body).status == 404)
    }
    #expect(try desk.who("finance").post("\(desk.office)/contracts/service-2024/settlements/simulate", body).status == 404)
  }

  @Test("the command says the same: what was assumed, what changes, by which clause, and which right arises")
  func command() throws {
    let desk = try Desk("xisanqi", "platform-2024")
    let story = try #require(ScenarioStory.late.last)
    let file = desk.deployment.state + "/scenario.json"
    let scenario: JSON = ["asOf": .string(story.asOf), "facts": .array(story.facts)]
    try Self.write(scenario.indented(), to: file)
    for (language, words) in [("zh", ["条款 7.6", "条款 7.7", "解除合同"]), ("en", ["clause 7.6", "clause 7.7", "end the contract"])] {
      let run = try desk.deployment.jiesu("contract", "simulate", "xisanqi", "platform-2024", file, "--lang", language)
      #expect(run.status == 0, "\(run.output)")
      for word in words + ["-133,680.00", "+22,280.00", "-111,400.00", "2024-08-01"] {
        #expect(run.output.contains(word), "\(word): \(run.output)")
      }
    }
    let json = try desk.deployment.jiesu("contract", "simulate", "xisanqi", "platform-2024", file, "--json")
    #expect(try JSON.parse(Array(json.output.utf8)).value(at: "/claimed/difference/yuan")?.string == "-111400.00")
    try Self.write(#"{"facts": [{"kind": "event", "on": "2024-06-03", "event": "delivery-scheduled"}]}"#, to: file)
    let refused = try desk.deployment.jiesu("contract", "simulate", "xisanqi", "platform-2024", file)
    #expect(refused.status == 4)
  }

  private static func write(_ text: String, to file: String) throws {
    _ = try Command.run(["sh", "-c", "printf '%s' \"$1\" > \"$2\"", "sh", text, file])
  }
}

/// Scenarios beside what is on record.
@Suite("Scenarios that lie ahead", .deployment)
struct FutureScenarioTests {
  @Test("what lies ahead can be assumed and not recorded; what is on record counts on both sides")
  func ahead() throws {
    let desk = try Desk("xisanqi", "platform-2024")
    let payment: JSON = ["on": "2040-01-02", "payment": "second", "amount": "866000.00"]
    #expect(try desk.who("finance").post("\(desk.path)/payments", payment).faults == ["/on out-of-range"])
    try desk.invoice("second", "2024-10-08", "866000.00")
    func simulate(_ day: String) throws -> Caller.Answer {
      try desk.who("finance").post(
        "\(desk.path)/settlements/simulate",
        ["asOf": "2040-01-02", "facts": [ScenarioStory.money("payment", "second", day, "866000.00")]])
    }
    // Unpaid until that day it would bear the same: as much as there can be.
    let ahead = try simulate("2040-01-02")
    #expect(ahead.yuan("/claims/0/amount/without") == "43300.00" && ahead.yuan("/claims/0/amount/difference") == "0.00", "\(ahead.text)")
    // Paid on 14 November 2024 it bears 12,990.00.
    #expect(try simulate("2024-11-14").yuan("/claims/0/amount/difference") == "-30310.00")
    // Paid on the last day it bears nothing, and the claim falls away.
    let inTime = try simulate("2024-10-15")
    #expect(inTime.json.value(at: "/claims/0/with") == .null && inTime.yuan("/claimed/with") == "0.00")
  }
}

extension Desk {
  /// How many rows every table of the database has, save those that signing in and the timer write to.
  fileprivate func records() throws -> String {
    try deployment.database.tables(besides: "session", "app_user", "platform_audit")
      .map { "\($0) " + (try deployment.database.sql("SELECT count(*) FROM \($0)")) }
      .joined(separator: "\n")
  }
}
