// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Support
import Testing

/// The contract's own events that a grade's proposal and decision record, on a server whose clock the tests move.
@Suite("Events of grades, through the API", .serialized, .deployment(at: "2025-11-10T09:00:00+08:00"))
struct GradeEventTests {
  private func obligation(_ id: String, _ desk: Desk) throws -> Caller.Answer {
    try desk.who("supervisor").get("\(desk.path)/obligations/\(id)")
  }

  private func fact(_ id: String, _ desk: Desk) throws -> Caller.Answer { try desk.who("vendor-manager").get("\(desk.office)/facts/\(id)") }

  @Test(
    "the month's duty is met by a proposal, the next begins with it and is met by the decision; with the grade they are voided, and only so"
  )
  func duties() throws {
    let desk = try Desk("huoying", "technical-2025")
    // The evaluation of the fourth month, 8 November to 7 December.
    #expect(try obligation("propose-grade@2025-11-08", desk).string("/state") == "pending")
    let id = try desk.propose("monthly", "2025-10", "良好")
    let grade = { try desk.who("leader").get("\(desk.path)/grades/\(id)") }
    let proposed = try #require(try grade().string("/events/proposed"))
    #expect(try grade().json.value(at: "/events/decided") == .null)
    let event = try fact(proposed, desk)
    #expect(event.string("/fact/event") == "grade-proposed" && event.string("/fact/subject") == "monthly@2025-10", "\(event.text)")
    // The vendor sees that there is a proposal; which, it does not.
    #expect(event.string("/fact/on") == "2025-11-10" && event.json["note"] == .null && event.string("/recordedSide") == "office")
    #expect(!event.text.contains("良好"))
    let met = try obligation("propose-grade@2025-11-08", desk)
    #expect(met.string("/state") == "met" && met.text.contains(proposed), "\(met.text)")
    #expect(try obligation("decide-grade@\(proposed)", desk).string("/state") == "pending")
    let byHand = try desk.who("supervisor").post("\(desk.office)/facts/\(proposed)/void", ["reason": "?"])
    #expect(byHand.status == 409 && byHand.string("/code") == "void-where-agreed", "\(byHand.text)")

    #expect(try desk.decide(id, by: "leader").status == 200)
    let decided = try #require(try grade().string("/events/decided"))
    #expect(try fact(decided, desk).string("/fact/event") == "grade-decided")
    let done = try obligation("decide-grade@\(proposed)", desk)
    #expect(done.string("/state") == "met" && done.text.contains(decided), "\(done.text)")
    #expect(try desk.who("leader").post("\(desk.office)/facts/\(decided)/void", ["reason": "?"]).string("/code") == "void-where-agreed")

    try desk.voidAgreed("grades", id)
    for event in [proposed, decided] { #expect(try fact(event, desk).string("/voided/reason") == "Agreed to by mistake.") }
    #expect(try obligation("decide-grade@\(proposed)", desk).status == 404)
    #expect(try obligation("propose-grade@2025-11-08", desk).string("/state") == "pending")
    // A proposal that is taken back goes with its event; one that is refused leaves none.
    let next = try desk.propose("monthly", "2025-10", "差")
    let count = "SELECT count(*) FROM fact WHERE contract_id = 'technical-2025' AND data ->> 'event' = 'grade-proposed'"
    #expect(try desk.deployment.database.sql(count) == "2")
    #expect(
      try desk.who("supervisor").post(
        "\(desk.path)/grades", ["series": "monthly", "period": "2025-10", "grade": "好", "reason": "再评"]
      ).string("/code") == "already-recorded")
    #expect(try desk.deployment.database.sql(count) == "2")
    let second = try #require(try desk.who("supervisor").get("\(desk.path)/grades/\(next)").string("/events/proposed"))
    #expect(try desk.who("supervisor").post("\(desk.path)/grades/\(next)/void", ["reason": "重评"], ["If-Match": "\"1\""]).status == 200)
    #expect(try fact(second, desk).string("/voided/reason") == "重评")
  }

  /// The office of Huoying with a decision that is due in ten days, and 100 yuan for one that is late.
  private func strict(_ tenant: String) throws -> Desk {
    var files = try OfficeDirectory("deploy/tenants/huoying")
    let contract = try files.contract
    let document = try files.json(contract)
    let duties = (document["duties"]?.array ?? []).map { duty -> JSON in
      guard duty["id"] == "decide-grade", var changed = duty.object else { return duty }
      changed["due"] = ["after": ["grade-proposed"], "within": ["days": 10]]
      return .object(changed)
    }
    try files.set(contract, "duties", to: .array(duties))
    let late: JSON = [
      "id": "late-decision", "clause": "附件1 七", "measure": ["missed": "decide-grade"],
      "says": ["zh": "评价逾期未决定的，付一百元。", "en": "A decision that is late costs 100 yuan."],
      "pays": ["map": ["each": ["fixed": "100.00"]], "owedBy": "office", "to": "thisPayment"],
    ]
    try files.set(contract, "consequences", to: .array((document["consequences"]?.array ?? []) + [late]))
    try Deployment.current.add(files, as: tenant)
    return try Desk(tenant, "technical-2025")
  }

  @Test("what a late decision costs leads to the grade: to the vendor once it is decided")
  func why() throws {
    let desk = try strict("strict")
    let id = try desk.propose("monthly", "2025-10", "良好")
    try desk.deployment.setClock(to: try #require(Instant("2025-12-20T09:00:00+08:00")))
    func why(_ role: String) throws -> JSON? {
      let lines = try desk.statement("period-1", asOf: "2025-12-20").lines
      let place = try #require(lines.firstIndex { $0["rule"] == "late-decision" }, "\(lines)")
      let answer = try desk.who(role).get("\(desk.settlement("period-1"))/why?line=\(place + 1)&asOf=2025-12-20")
      try #require(answer.status == 200, "\(answer.text)")
      return answer.json
    }
    let office = try why("finance")
    #expect(office?.value(at: "/causes/0/fact/fact/event") == "grade-proposed")
    #expect(office?.value(at: "/causes/0/grade/id")?.string == id)
    #expect(office?.value(at: "/text/zh")?.string?.contains("提议“良好”（2025-11-10）") == true, "\(String(describing: office))")
    let vendor = try why("vendor-manager")
    #expect(vendor?.value(at: "/causes/0/fact/fact/event") == "grade-proposed" && vendor?.value(at: "/causes/0/grade") == nil)
    #expect(try desk.decide(id, by: "leader").status == 200)
    let causes = try why("vendor-manager")?["causes"]?.array ?? []
    #expect(causes.map { $0.value(at: "/fact/fact/event") } == ["grade-proposed", "grade-decided"])
    #expect(causes.allSatisfy { $0.value(at: "/grade/decided/grade") == "良好" })
  }

  @Test("a series names events of its contract that the office records")
  func references() throws {
    let files = try OfficeDirectory("deploy/tenants/huoying")
    for (event, recorder, fault) in [
      ("accepted", "office", "bad-combination"), ("never-declared", "office", "unknown-reference"),
      ("grade-proposed", "vendor", "bad-combination"),
    ] {
      var changed = files
      try changed.set(files.contract, "grades/0/events/proposed", to: .string(event))
      try changed.set(files.contract, "events/0/recordedBy", to: .string(recorder))
      guard case .failure(let faults) = TenantFiles.decode(changed.contents) else {
        Issue.record("\(event) by the \(recorder) was taken")
        continue
      }
      #expect(faults.list.map { "\($0.fault.pointer) \($0.fault.code)" } == ["/grades/0/events/proposed \(fault)"])
    }
  }
}
