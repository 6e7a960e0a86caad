// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// What no confirmation gets past: each is refused with a code of its own, and changes nothing.
@Suite("Boundaries of an incident's confirmation", .serialized, .deployment)
struct IncidentBoundaryTests {
  /// All that a refused request might have changed of an incident: its row, its steps, its fact, and what its contract comes to.
  private struct Record: Equatable {
    let incident: String
    let facts: String
    let log: String
    let payable: [JSON]
  }

  private func record(_ desk: Desk, _ id: String) throws -> Record {
    let settlements = try desk.who("finance").get("\(desk.path)/settlements").json["items"]?.array ?? []
    return Record(
      incident: try desk.incident(id).text,
      facts: try desk.deployment.database.sql("SELECT count(*), max(id::text) FROM fact"),
      log: try desk.deployment.database.sql("SELECT count(*) FROM audit_event WHERE subject = '\(id)'"),
      payable: settlements.compactMap { $0["payable"] })
  }

  /// A request is refused so, and nothing has changed.
  private func expectRefused(
    _ desk: Desk, _ id: String, _ role: String, _ version: Int, _ body: JSON = [:], status: Int, _ code: String,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let before = try record(desk, id)
    let answer = try desk.take("confirm", id, by: role, version, body)
    #expect(answer.status == status, "\(answer.text)", sourceLocation: location)
    #expect(status == 422 ? answer.faults == [code] : answer.string("/code") == code, "\(answer.text)", sourceLocation: location)
    #expect(try record(desk, id) == before, sourceLocation: location)
  }

  @Test("nobody proposes one in the platform's name", arguments: ["clock", "zero-score", "attendance", "obligation", "returned"])
  func reserved(_ source: String) throws {
    let desk = try Desk("sanjianfang", "seats-2019")
    let answer = try desk.who("supervisor").post(
      "\(desk.office)/incidents",
      [
        "contract": "seats-2019", "incident": "late-or-early", "occurredAt": "2020-02-03T09:00:00+08:00", "subject": "seat-1",
        "source": .string(source), "externalNumber": "1",
      ])
    #expect(answer.status == 422 && answer.faults == ["/source reserved"], "\(answer.text)")
  }

  @Test("an amount one fen outside the range, by either end; the ends themselves are inside")
  func ranges() throws {
    let desk = try Desk("sanjianfang", "seats-2019")
    let id = try desk.propose("absence", "2020-02-03", nil, subject: "seat-1", by: "vendor-manager")
    for amount in ["499.99", "1000.01", "0.01"] {
      try expectRefused(
        desk, id, "supervisor", 1, ["amount": .string(amount), "note": "理由"], status: 422, "/amount out-of-range")
    }
    try expectRefused(desk, id, "supervisor", 1, ["note": "理由"], status: 422, "/amount missing-member")
    try expectRefused(desk, id, "supervisor", 1, ["amount": "500.00"], status: 422, "/note missing-member")
    for (version, amount) in [(1, "500.00"), (2, "1000.00")] {
      let set = try desk.take("confirm", id, by: "supervisor", version, ["amount": .string(amount), "note": "按情节"])
      #expect(set.string("/state") == "proposed", "\(set.text)")
    }
  }

  @Test("a confirmation by the vendor, by the proposer alone, by one person twice, and of what is confirmed")
  func people() throws {
    let desk = try Desk("sanjianfang", "seats-2019")
    let id = try desk.who("supervisor").make(
      "\(desk.office)/incidents",
      [
        "contract": "seats-2019", "incident": "absence", "occurredAt": "2020-02-04T09:30:00+08:00", "subject": "seat-1", "amount": "600.00",
        "reason": "缺勤半日",
      ])
    try expectRefused(desk, id, "vendor-manager", 1, status: 403, "forbidden")
    try expectRefused(desk, id, "supervisor", 1, status: 403, "own-proposal")
    // Another amount is the leader's word alone, and waits for somebody else.
    #expect(try desk.take("confirm", id, by: "leader", 1, ["amount": "500.00", "note": "首次"]).string("/state") == "proposed")
    try expectRefused(desk, id, "leader", 2, status: 403, "second-person-required")
    try expectRefused(desk, id, "supervisor", 2, status: 403, "own-proposal")
    try expectRefused(desk, id, "leader", 1, ["amount": "600.00", "note": "再议"], status: 412, "changed-since")

    let other = try desk.incident("absence", "2020-02-05", "700.00", subject: "seat-2")
    try expectRefused(desk, other, "supervisor", 3, ["amount": "800.00", "note": "再加"], status: 409, "already-decided")
    try expectRefused(desk, other, "leader", 2, status: 409, "already-decided")
    // The same request again is the same confirmation.
    let late = try desk.propose("late-or-early", "2020-02-06", nil, subject: "seat-2", by: "vendor-manager")
    let first = try desk.take("confirm", late, by: "leader", 1, key: "once")
    let again = try desk.take("confirm", late, by: "leader", 1, key: "once")
    #expect(first.status == 200 && again.text == first.text && again.fields["idempotency-replayed"] == "true")
    #expect(try desk.deployment.database.sql("SELECT count(*) FROM fact WHERE incident_id = '\(late)'") == "1")
  }

  @Test("a confirmation for another period, and one after the period was confirmed; said to correct, it is a line of the next statement")
  func periods() throws {
    let desk = try Desk("anding", "service-2024")
    for person in ["seat-1", "seat-2"] { try desk.score("staff", "quarter-1", person, "100", on: "2024-03-26") }
    let id = try desk.propose("zero-score-order", "2024-02-14", nil, subject: "seat-2", by: "vendor-manager")
    try expectRefused(desk, id, "supervisor", 1, ["period": "quarter-2"], status: 409, "other-period")
    try expectRefused(desk, id, "supervisor", 1, ["period": "quarter-9"], status: 409, "other-period")
    try desk.confirm("quarter-1", asOf: "2024-04-10")
    let before = try desk.view("quarter-1")
    try expectRefused(desk, id, "supervisor", 1, ["period": "quarter-1"], status: 409, "period-confirmed")
    try expectRefused(desk, id, "supervisor", 1, status: 409, "period-confirmed")
    try expectRefused(desk, id, "supervisor", 1, ["period": "quarter-2", "correctsConfirmed": true], status: 409, "other-period")

    let corrected = try desk.take("confirm", id, by: "supervisor", 1, ["correctsConfirmed": true])
    #expect(corrected.string("/state") == "confirmed", "\(corrected.text)")
    let after = try desk.view("quarter-1")
    #expect(after.json["lines"] == before.json["lines"] && after.json["snapshot"] == before.json["snapshot"])
    // (100 + 50) ÷ 2 = 75, five whole points below par.
    #expect(try desk.corrections("quarter-1").map(\.amount) == ["-500.00"])
    for person in ["seat-1", "seat-2"] { try desk.score("staff", "quarter-2", person, "100", on: "2024-06-26") }
    try desk.confirm("quarter-2", asOf: "2024-07-10")
    #expect(try desk.view("quarter-2").yuan("/payable") == "536080.00")

    // Counted once, in the second quarter's statement as a correction of the first; taken back, it is corrected in the third.
    #expect(try desk.corrections("quarter-1").isEmpty)
    #expect(try desk.take("reverse", id, by: "leader", 2, ["reason": "市级复核为已解决"]).string("/state") == "reversed")
    let third = try desk.statement("quarter-3", asOf: "2024-10-10")
    #expect(third.amounts == ["536580.00", "500.00"])
    let line = third.lines.first { $0["kind"] == "correction" }
    #expect(line?["facts"] == [.string(id)] && line?.value(at: "/corrects/payment") == "quarter-1")
    #expect(try desk.replaysEqual("quarter-1") && desk.replaysEqual("quarter-2"))
  }

  @Test("what lies ahead is not proposed")
  func ahead() throws {
    let desk = try Desk("anding", "service-2024")
    let before = try desk.who("vendor-manager").post(
      "\(desk.office)/incidents",
      ["contract": "service-2024", "incident": "zero-score-order", "occurredAt": "2999-01-01T00:00:00+08:00", "subject": "seat-1"])
    #expect(before.faults == ["/occurredAt out-of-range"], "\(before.text)")
  }

  @Test("one on a day without service is neither proposed nor confirmed; service that was held over has its days")
  func service() throws {
    let desk = try Desk("anding", "service-2024")
    func proposal(_ on: String) -> JSON {
      [
        "contract": "service-2024", "incident": "zero-score-order", "occurredAt": .string("\(on)T09:30:00+08:00"), "subject": "seat-1",
      ]
    }
    let vendor = try desk.who("vendor-manager")
    for (language, words) in [("en", "2023-12-26 to 2024-12-25"), ("zh", "2023-12-26 至 2024-12-25")] {
      let refused = try vendor.post("\(desk.office)/incidents", proposal("2025-03-01"), ["Accept-Language": language])
      #expect(refused.faults == ["/occurredAt outside-service"] && refused.text.contains(words), "\(refused.text)")
    }
    let early = try vendor.post("\(desk.office)/incidents", proposal("2023-12-25"))
    #expect(early.faults == ["/occurredAt out-of-range"], "\(early.text)")

    let held = try desk.event("heldOver", "2024-12-26", ["until": "2025-03-25"])
    let id = try desk.propose("zero-score-order", "2025-03-01", nil, subject: "seat-1", by: "vendor-manager")
    try desk.void(held)
    try expectRefused(desk, id, "supervisor", 1, status: 422, "/occurredAt outside-service")
    try desk.event("heldOver", "2024-12-26", ["until": "2025-03-25"])
    let confirmed = try desk.take("confirm", id, by: "supervisor", 1, ["period": "quarter-5"])
    #expect(confirmed.string("/state") == "confirmed", "\(confirmed.text)")
    let points = try desk.who("finance").get("\(desk.path)/points?quarter=quarter-5").string("/series/0/subjects/0/value")
    #expect(points == "50")
  }

  @Test("a breach of the contract may come to light after its end")
  func breach() throws {
    let desk = try Desk("sanjianfang", "seats-2019")
    try desk.incident("late-or-unaccepted", "2020-10-15")
    #expect(try desk.view("last").json["claims"]?.array?.contains { $0["rule"] == "unaccepted-penalty" } == true)
  }
}
