// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// The first four months of a street's contract that is paid by grades.
@Suite("One period of a street that pays by grades, played", .deployment(at: "2025-08-20T09:00:00+08:00"))
struct HuoyingPeriodTests {
  @Test("the grades of four months, a service not performed, its costs and damages come to what was computed by hand")
  func played() throws {
    let desk = try Desk("huoying", "technical-2025")
    // September 2025: the four analysts on 23 working days, Sunday the 28th among them, and an operator each day.
    #expect(try RosterOffice("huoying").generate("2025-09-01", "2025-09-30").json["planned"]?.integer == 122)
    try desk.deployment.setClock(to: instant("2025-12-20T10:00:00"))
    // The task force proposes, the leader decides for the committee: three as proposed, November's better than proposed, with the reason.
    for (month, grade) in [("2025-08", "好"), ("2025-09", "差"), ("2025-10", "差")] {
      try desk.grade("monthly", month, grade, on: "2025-12-08")
    }
    let november = try desk.propose("monthly", "2025-11", "良好")
    let decided = try desk.decide(november, by: "leader", ["grade": "优秀", "reason": "工委扩大会认为当月主动治理突出", "on": "2025-12-08"])
    #expect(decided.status == 200, "\(decided.text)")
    try desk.miss("not-performing", "2025-10-14")
    try desk.miss("damage", "2025-10-14", "8000.00")
    try desk.miss("legal-costs", "2025-11-20", "12345.67")
    try desk.miss("confidence-broken", "2025-11-21")
    try desk.invoice("period-1", "2025-12-09", "408800.00")
    let statement = try desk.statement("period-1", asOf: "2025-12-20")
    // A third of 1,166,400.00, and the grades' prices.
    #expect(
      Desk.figures(statement.lines) == [
        "period 388800.00", "monthly-grade 10000.00", "monthly-grade -10000.00", "monthly-grade -10000.00", "monthly-grade 30000.00",
      ])
    // 388,800.00 + 10,000.00 - 10,000.00 - 10,000.00 + 30,000.00
    #expect(statement.payable == "408800.00")
    // 30 % of 1,166,400.00; a breach of confidence has no price of its own in this contract, and stands without an amount.
    #expect(
      Desk.figures(statement.claims) == ["not-performing-penalty -349920.00", "fees -12345.67", "damages -8000.00"])
    #expect(Desk.rights(statement) == ["not-performing-termination terminate office"])
    // Twenty working days from 9 December: 10-12 (3), 15-19 (8), 22-26 (13), 29-31 (16), Sunday 4 January worked (17), 5-7 (20).
    #expect(statement.due == "2026-01-07")
    try desk.confirm("period-1", asOf: "2025-12-20")
    #expect(try desk.replaysEqual("period-1"))
    #expect(try desk.view("period-1").yuan("/payable") == "408800.00")
  }
}
