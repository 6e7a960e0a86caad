// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// An incident's way to money and back, through the API, with the office's own times for answers and disputes.
@Suite("The life of an incident, through the API", .serialized, .deployment(at: "2020-09-14T09:00:00+08:00"))
struct IncidentLifeTests {
  /// The vendor has three working days to answer and five to dispute.
  private func desk() throws -> Desk {
    let desk = try Desk("sanjianfang", "seats-2019")
    _ = try desk.deployment.database.sql(
      """
      UPDATE tenant SET settings = jsonb_set(settings, '{settings,appraisal}',
        '{"answerWithin": {"workingDays": 3}, "disputeWithin": {"workingDays": 5}}') WHERE code = 'sanjianfang' RETURNING 1
      """)
    return desk
  }

  private func deductions(_ desk: Desk) throws -> [String] { Array(try desk.statement("last", asOf: "2020-11-30").amounts.dropFirst()) }

  @Test(
    "the vendor answers in its time, two of the office agree to an amount, a fact is recorded; disputed and taken back it counts no more"
  )
  func whole() throws {
    let desk = try desk()
    try desk.deployment.setClock(to: try #require(Instant("2020-09-14T09:00:00+08:00")))
    let body: JSON = [
      "contract": "seats-2019", "incident": "absence", "occurredAt": "2020-09-11T08:00:00+08:00", "subject": "seat-1", "amount": "800.00",
      "reason": "全班无人顶替", "evidence": [["kind": "rota", "reference": "2020-09"]],
    ]
    let id = try desk.who("supervisor").make("\(desk.office)/incidents", body)
    let proposed = try desk.incident(id)
    #expect(proposed.string("/setReason") == "全班无人顶替" && proposed.string("/setBy") == proposed.string("/proposedBy"))
    // Monday and three working days: to the end of Thursday.
    #expect(proposed.string("/answerBefore") == "2020-09-18T00:00:00+08:00")
    #expect(proposed.json["fact"] == .null && proposed.json["period"] == .null)
    #expect(try desk.take("confirm", id, by: "leader", 1).string("/code") == "awaiting-answer")
    #expect(try desk.take("answer", id, by: "vendor-manager", 1, ["admits": false]).faults == ["/text missing-member"])
    let answer: JSON = ["admits": false, "text": "已提前请假", "evidence": [["kind": "note", "reference": "leave-17"]]]
    #expect(try desk.take("answer", id, by: "supervisor", 1, answer).status == 403)
    #expect(try desk.take("answer", id, by: "vendor-manager", 1, answer).string("/state") == "proposed")
    #expect(try desk.take("answer", id, by: "vendor-manager", 2, answer).string("/code") == "already-answered")
    #expect(try desk.take("evidence", id, by: "supervisor", 2, ["evidence": [["kind": "photo", "reference": "door-4"]]]).status == 200)
    #expect(try deductions(desk) == [])

    let confirmed = try desk.take("confirm", id, by: "leader", 3, ["period": "last"])
    #expect(confirmed.string("/state") == "confirmed" && confirmed.fields["etag"] == "\"4\"", "\(confirmed.text)")
    #expect(try deductions(desk) == ["-800.00"])
    // Incident and fact name each other.
    let incident = try desk.incident(id)
    #expect(incident.string("/fact") == id && incident.string("/period") == "last" && incident.json["evidence"]?.array?.count == 2)
    let fact = try desk.who("finance").get("\(desk.office)/facts/\(id)")
    #expect(fact.string("/incident") == id && fact.string("/fact/amount") == "800.00" && fact.string("/fact/on") == "2020-09-11")
    #expect(try desk.who("supervisor").post("\(desk.office)/facts/\(id)/void", ["reason": "x"]).string("/code") == "reverse-incident")

    #expect(try desk.take("dispute", id, by: "vendor-manager", 4, [:]).faults == ["/reason missing-member"])
    #expect(try desk.take("dispute", id, by: "vendor-manager", 4, ["reason": "假条在案"]).string("/state") == "disputed")
    #expect(try deductions(desk) == ["-800.00"], "it counts until the dispute is decided")
    #expect(try desk.take("uphold", id, by: "leader", 5, ["reason": "仍属旷工"]).string("/code") == "own-decision")
    #expect(try desk.take("uphold", id, by: "supervisor", 5, ["reason": "仍属旷工"]).string("/code") == "own-proposal")
    #expect(try desk.take("reverse", id, by: "supervisor", 5, ["reason": "假条经核实"]).string("/state") == "reversed")
    #expect(try deductions(desk) == [])
    #expect(try desk.who("finance").get("\(desk.office)/facts/\(id)").string("/voided/reason") == "假条经核实")
    #expect(try desk.take("reverse", id, by: "leader", 6, ["reason": "x"]).string("/code") == "not-in-this-state")

    let steps = try desk.incident(id).json["steps"]?.array ?? []
    #expect(steps.compactMap { $0["step"]?.string } == ["answer", "evidence", "confirm", "dispute", "reverse"])
    #expect(steps[0]["side"] == "vendor" && steps[0]["note"] == "已提前请假" && steps[2]["amount"] == "800.00")
    #expect(steps.allSatisfy { $0["name"]?.string?.isEmpty == false })
    let listed = try desk.who("supervisor").get("\(desk.office)/incidents?subject=seat-1&period=last&state=reversed")
    #expect(listed.json["items"]?.array?.compactMap { $0["id"]?.string } == [id])
  }

  @Test("who is silent until the time is over has answered nothing, and the office decides; what is over is over")
  func silence() throws {
    let desk = try desk()
    try desk.deployment.setClock(to: try #require(Instant("2020-09-14T10:00:00+08:00")))
    let kinds: [JSON] = ["late-or-early", "late-or-early"]
    let ids = try kinds.map { kind in
      try desk.who("supervisor").make(
        "\(desk.office)/incidents",
        ["contract": "seats-2019", "incident": kind, "occurredAt": "2020-09-11T08:00:00+08:00", "subject": "seat-2"])
    }
    try desk.deployment.setClock(to: try #require(Instant("2020-09-17T23:59:50+08:00")))
    #expect(try desk.take("confirm", ids[0], by: "leader", 1).string("/code") == "awaiting-answer")
    #expect(try desk.take("reject", ids[1], by: "leader", 1, ["note": "系统记录有误"]).string("/state") == "rejected")
    try desk.deployment.setClock(to: try #require(Instant("2020-09-18T00:00:00+08:00")))
    #expect(try desk.take("answer", ids[0], by: "vendor-manager", 1, ["admits": true]).string("/code") == "too-late")
    // No amount is left open: one person's word is enough.
    #expect(try desk.take("confirm", ids[0], by: "leader", 1).string("/state") == "confirmed")
    #expect(try deductions(desk) == ["-100.00"])
    // Confirmed on a Friday, five working days: to the end of the next Friday.
    try desk.deployment.setClock(to: try #require(Instant("2020-09-26T00:00:00+08:00")))
    #expect(try desk.take("dispute", ids[0], by: "vendor-manager", 2, ["reason": "晚了"]).string("/code") == "too-late")
    try desk.deployment.setClock(to: try #require(Instant("2020-09-25T23:59:00+08:00")))
    #expect(try desk.take("dispute", ids[0], by: "vendor-manager", 2, ["reason": "及时"]).string("/state") == "disputed")
    #expect(try desk.take("reverse", ids[0], by: "leader", 3, ["reason": "门禁时钟快十分钟"]).status == 200)
    #expect(try deductions(desk) == [])
  }

  @Test("a dispute that is decided for the incident by somebody else is over, and leaves the deduction")
  func upheld() throws {
    let desk = try desk()
    try desk.deployment.setClock(to: try #require(Instant("2020-09-14T11:00:00+08:00")))
    // The vendor proposed it itself: no answer is waited for.
    let id = try desk.incident("absence", "2020-09-10", "500.00", subject: "seat-3")
    let incident = try desk.incident(id)
    #expect(incident.json["answerBefore"] == .null && incident.string("/setBy") != incident.string("/decidedBy"))
    #expect(try desk.take("dispute", id, by: "vendor-manager", 3, ["reason": "金额偏高"]).status == 200)
    #expect(try desk.take("uphold", id, by: "leader", 4, ["reason": "下限"]).string("/code") == "own-decision")
    #expect(try desk.take("uphold", id, by: "supervisor", 4, ["reason": "已是下限"]).string("/state") == "confirmed")
    #expect(try desk.take("dispute", id, by: "vendor-manager", 5, ["reason": "再议"]).string("/code") == "already-upheld")
    #expect(try deductions(desk) == ["-500.00"])
    #expect(try desk.take("reverse", id, by: "leader", 5, ["reason": "另案处理"]).status == 200)
  }
}

extension Desk {
  func incident(_ id: String) throws -> Caller.Answer { try who("supervisor").get("\(office)/incidents/\(id)") }

  /// Takes a step on an incident of a version.
  func take(_ step: String, _ id: String, by role: String, _ version: Int, _ body: JSON = [:], key: String? = nil) throws -> Caller.Answer {
    try who(role).post("\(office)/incidents/\(id)/\(step)", body, key: key, ["If-Match": "\"\(version)\"", "Accept-Language": "en"])
  }
}
