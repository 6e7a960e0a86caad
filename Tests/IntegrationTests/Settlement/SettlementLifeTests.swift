// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Support
import Testing

/// A statement's way from a draft to a closed account, through the API.
@Suite("The life of a settlement", .deployment)
struct SettlementLifeTests {
  @Test(
    "it is proposed, confirmed by two others, disputed, answered, acknowledged, invoiced, paid in parts and closed, each step with its name"
  )
  func whole() throws {
    let desk = try Desk("huoying", "technical-2025")
    for (month, grade) in [("2025-08", "优秀"), ("2025-09", "良好"), ("2025-10", "一般"), ("2025-11", "差")] {
      try desk.grade("monthly", month, grade, on: "2025-12-08")
    }
    let draft = try desk.view("period-1")
    #expect(draft.string("/life/state") == "draft" && draft.fields["etag"] == "\"1\"" && draft.json["snapshot"] == nil)
    let path = desk.settlement("period-1")
    #expect(try desk.who("supervisor").post("\(path)/propose", [:]).status == 428)
    #expect(try desk.step("propose", "period-1", by: "supervisor", tag: "\"2\"").status == 412)
    #expect(try desk.step("propose", "period-1", by: "vendor-manager").string("/code") == "forbidden")
    #expect(try desk.step("confirm", "period-1", by: "leader").string("/code") == "not-in-this-state")
    #expect(try desk.step("propose", "period-9", by: "supervisor", tag: "\"1\"").status == 404)
    #expect(try desk.step("propose", "period-1", by: "supervisor", ["asOf": "2999-01-01"]).faults == ["/asOf out-of-range"])
    // What has not ended is not proposed, nor what comes after something open.
    #expect(try desk.step("propose", "period-1", by: "supervisor", ["asOf": "2025-12-01"]).string("/code") == "period-running")
    #expect(try desk.step("propose", "period-2", by: "supervisor").string("/code") == "earlier-open")

    try desk.advance("propose", "period-1", by: "supervisor", ["asOf": "2025-12-20", "note": "四个月等次已定"])
    try desk.advance("withdraw", "period-1", by: "finance", ["note": "金额待核"])
    #expect(try desk.view("period-1").string("/life/state") == "draft")
    let proposed = try desk.advance("propose", "period-1", by: "supervisor", ["asOf": "2025-12-20"])
    #expect(proposed.fields["etag"] == "\"4\"" && proposed.string("/state") == "proposed")
    #expect(try desk.step("confirm", "period-1", by: "supervisor").string("/code") == "own-proposal")
    #expect(try desk.step("confirm", "period-1", by: "vendor-manager").status == 403)
    #expect(try desk.step("confirm", "period-1", by: "auditor").status == 403)
    let half = try desk.advance("confirm", "period-1", by: "leader")
    #expect(half.string("/state") == "proposed" && half.json["confirmations"] == 1)
    #expect(try desk.step("confirm", "period-1", by: "leader").string("/code") == "second-person-required")
    let confirmed = try desk.advance("confirm", "period-1", by: "finance")
    #expect(confirmed.string("/state") == "confirmed" && confirmed.json["confirmations"] == 2)

    let view = try desk.view("period-1")
    #expect(view.yuan("/payable") == "428800.00")
    let snapshot = try desk.who("auditor").get("\(path)/snapshot")
    #expect(view.string("/snapshot/sha256") == Hex.encode(try SHA256.digest(of: Array(snapshot.text.utf8))))
    #expect(snapshot.string("/statement/payableCapitals") == "肆拾贰万捌仟捌佰元整")
    // Four grades, and the contract's event that each was decided.
    let kinds = (snapshot.json.value(at: "/inputs/facts")?.array ?? []).compactMap { fact in
      (fact["kind"] ?? fact.value(at: "/fact/kind"))?.string
    }
    #expect(kinds.sorted() == Array(repeating: "event", count: 4) + Array(repeating: "grade", count: 4), "\(kinds)")
    #expect(try desk.replaysEqual("period-1"))
    for step in ["withdraw", "propose", "confirm"] {
      #expect(try desk.step(step, "period-1", by: "finance").string("/code") == "not-in-this-state", "\(step)")
    }

    #expect(try desk.step("acknowledge", "period-1", by: "leader").status == 403)
    #expect(try desk.step("dispute", "period-1", by: "vendor-manager").faults == ["/reason missing-member"])
    try desk.advance("dispute", "period-1", by: "vendor-manager", ["reason": "十一月等次有异议"])
    #expect(try desk.step("acknowledge", "period-1", by: "vendor-manager").string("/code") == "not-in-this-state")
    try desk.advance("answer", "period-1", by: "supervisor", ["answer": "等次由会议决定，不变"])
    try desk.advance("acknowledge", "period-1", by: "vendor-manager")
    #expect(try desk.step("close", "period-1", by: "finance").string("/code") == "not-paid")
    func stage() throws -> String? { try desk.view("period-1").string("/life/stage") }
    #expect(try stage() == "acknowledged")
    try desk.invoice("period-1", "2025-12-01", "428800.00")
    #expect(try stage() == "invoiced")
    try desk.pay("period-1", "2025-12-30", "400000.00")
    #expect(try stage() == "partlyPaid")
    try desk.pay("period-1", "2026-01-04", "28800.00")
    #expect(try stage() == "paid")
    let now = try desk.view("period-1")
    #expect(now.string("/now/due/date") == "2026-01-05" && now.yuan("/now/unpaid") == "0.00" && now.yuan("/paid") == "0.00")
    try desk.advance("close", "period-1", by: "finance")

    let life = try desk.view("period-1")
    #expect(life.string("/life/state") == "closed" && life.string("/snapshot/sha256") == view.string("/snapshot/sha256"))
    let steps = life.json.value(at: "/life/steps")?.array ?? []
    #expect(
      steps.compactMap { $0["step"]?.string } == [
        "propose", "withdraw", "propose", "confirm", "confirm", "dispute", "answer", "acknowledge", "close",
      ])
    #expect(steps.allSatisfy { $0["name"]?.string?.isEmpty == false && $0["at"]?.string?.hasSuffix("+08:00") == true })
    #expect(steps[5]["side"] == "vendor" && steps[5]["note"] == "十一月等次有异议")
    let listed = try desk.who("finance").get("\(desk.path)/settlements").json["items"]?.array ?? []
    #expect(listed.compactMap { $0["state"]?.string } == ["closed", "draft", "draft"])
    let log = try desk.who("auditor").get("\(desk.office)/audit?limit=100").json["items"]?.array ?? []
    #expect(log.count { $0["action"]?.string == "settlement.confirm" && $0["subject"] == "technical-2025/period-1" } == 2)
  }

  @Test("what is recorded or voided after a confirmation changes no confirmed statement: it is a line of the next, citing the facts")
  func corrections() throws {
    let desk = try Desk("anding", "service-2024")
    for person in ["seat-1", "seat-2"] { try desk.score("staff", "quarter-1", person, "100", on: "2024-03-26") }
    try desk.confirm("quarter-1", asOf: "2024-04-10")
    let before = try desk.view("quarter-1")
    #expect(before.yuan("/payable") == "536580.00" && before.json["corrections"] == [])
    // (50 + 100) ÷ 2 = 75, five whole points below par.
    let late = try desk.incident("zero-score-order", "2024-02-14", subject: "seat-2", late: true)
    let after = try desk.view("quarter-1")
    #expect(after.json["lines"] == before.json["lines"] && after.json["snapshot"] == before.json["snapshot"])
    let corrections = try desk.corrections("quarter-1")
    #expect(corrections.map(\.by) == ["quarter-2"] && corrections.map(\.amount) == ["-500.00"] && corrections[0].facts == [late])

    for person in ["seat-1", "seat-2"] { try desk.score("staff", "quarter-2", person, "100", on: "2024-06-26") }
    try desk.confirm("quarter-2", asOf: "2024-07-10")
    let second = try desk.view("quarter-2")
    #expect(second.yuan("/payable") == "536080.00")
    let line = (second.json["lines"]?.array ?? []).first { $0["kind"] == "correction" }
    #expect(line?.value(at: "/corrects/payment") == "quarter-1" && line?["facts"] == [.string(late)])
    #expect(line?.value(at: "/says/zh")?.string == "更正第 1 期（quarter-1）")
    // Its reason names no clause where there is none, and says what it corrects in a sentence of its own.
    let place = try #require(second.json["lines"]?.array?.firstIndex { $0["kind"] == "correction" })
    let why = try desk.who("finance").get("\(desk.settlement("quarter-2"))/why?line=\(place + 1)").json["text"]
    #expect(why?["zh"]?.string?.hasPrefix("quarter-2：-500.00 元。更正第 1 期（quarter-1）。算式：") == true, "\(String(describing: why))")
    #expect(why?["en"]?.string?.hasPrefix("quarter-2: -500.00 yuan. Correction of period 1 (quarter-1). Computed: ") == true)
    // It is taken in, and nothing is left.
    #expect(try desk.corrections("quarter-1").isEmpty)
    #expect(try desk.replaysEqual("quarter-1") && desk.replaysEqual("quarter-2"))
    #expect(try desk.statement("quarter-3", asOf: "2024-10-10").amounts == ["536580.00"])
  }

  @Test("after the last payment a correction is a claim; a retroactive paper is a correction too")
  func claims() throws {
    let desk = try Desk("xisanqi", "platform-2024")
    let payments = try desk.who("finance").get("\(desk.path)/periods").json["items"]?.array?.compactMap { $0["id"]?.string } ?? []
    for payment in payments { try desk.confirm(payment) }
    for payment in payments { #expect(try desk.corrections(payment).isEmpty && desk.replaysEqual(payment)) }
    try desk.invoice("second", "2024-10-08", "866000.00")
    try desk.pay("second", "2024-11-14", "866000.00")
    let corrections = try desk.corrections("second")
    #expect(corrections.map(\.by) == [nil] && corrections.map(\.amount) == ["12990.00"])
    #expect(try desk.replaysEqual("second"))
  }
}
