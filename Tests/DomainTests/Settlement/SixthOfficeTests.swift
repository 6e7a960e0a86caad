// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

/// An office that exists only as files of these tests, with what is usual elsewhere in the field: fees by score bands, retention, three months
/// in a row, calendar months cut by days.
@Suite("A sixth office")
struct SixthOfficeTests {
  private static func text(_ contract: String) throws -> String {
    try RepositoryFiles.text("Tests/Offices/yunling/contracts/\(contract)/original.json")
  }

  private func bench(_ contract: String = "hotline-2026", supplements: [ContractDocument] = []) throws -> Bench {
    let original = try ContractDocument.shape.decode(bytes: [UInt8](Self.text(contract).utf8)).get()
    return try Bench(Contract([original] + supplements))
  }

  /// The hotline contract with passages changed and another head, as a supplement has it.
  private func supplement(from day: String, _ changes: [(String, String)]) throws -> ContractDocument {
    var text = try Self.text("hotline-2026")
    for (passage, change) in changes + [
      (#""kind": "original", "effectiveFrom": "2026-01-10""#, #""kind": "supplement", "effectiveFrom": "\#(day)""#)
    ] {
      let parts = text.split(separator: passage, omittingEmptySubsequences: false)
      try #require(parts.count == 2, "\(passage) stands in the contract once")
      text = parts.joined(separator: change)
    }
    return try ContractDocument.shape.decode(bytes: [UInt8](text.utf8)).get()
  }

  @Test("a short first month is paid by its days, with bonus, malus, retention, and the later of two limits")
  func firstMonth() throws {
    var bench = try bench()
    try bench.score("quality", "2026-01", nil, "96", on: "2026-02-01")
    try bench.score("seats", "2026-01", "seat-1", "100", on: "2026-02-01")
    try bench.grade("praise", "2026-01", "甲", on: "2026-02-01")
    for day in 16...20 { try bench.incident("dropped-call", "2026-01-\(day)", subject: "call-\(day)") }
    try bench.event("report", "2026-01-30")
    try bench.invoice("month-1", "2026-02-02", "55296.77")
    let statement = try bench.statement("month-1", asOf: "2026-02-10")
    // 100,000 × 17 ÷ 31 = 54,838.709…; (96 − 95) × 300; two calls from the fourth on; 5 % of 54,838.71 = 2,741.9355.
    #expect(statement.line("month", .fee)?.amount == Fen(54_838_71))
    #expect(statement.line("quality-bands")?.amount == .zero)
    #expect(statement.line("quality-bonus")?.amount == Fen(300_00))
    #expect(statement.line("praise-bonus")?.amount == Fen(3_000_00))
    #expect(statement.line("dropped-calls")?.amount == Fen(-100_00))
    #expect(statement.line("keep")?.amount == Fen(-2_741_94))
    #expect(statement.payable == Fen(55_296_77))
    #expect(statement.retained == Fen(2_741_94))
    #expect(statement.dueDay == "2026-02-10")
    #expect(statement.isDefinitive, "\(statement.pending)")
  }

  @Test("a bad month: bands, points, a missing report, a late plan, and a cap over them all; a leak is priced once, at the end")
  func badMonth() throws {
    var bench = try bench()
    try bench.score("quality", "2026-02", nil, "80", on: "2026-03-01")
    try bench.score("seats", "2026-02", "seat-1", "35", on: "2026-03-01")
    try bench.score("seats", "2026-02", "seat-2", "100", on: "2026-03-01")
    try bench.grade("praise", "2026-02", "乙", on: "2026-03-01")
    try bench.record("2026-02-10", .incident(.init(kind: "rudeness", subject: "seat-2", points: 20)))
    try bench.incident("data-leak", "2026-02-11", "50000.00")
    try bench.event("plan-due", "2026-02-01", agreed: "2026-02-03")
    try bench.event("plan-delivered", "2026-02-20")
    let statements = try bench.settlement(asOf: "2027-01-31").statements()
    let february = statements[1]
    #expect(february.line("quality-bands")?.amount == Fen(-10_000_00))
    #expect(february.lines.filter { $0.rule == "weak-seat" }.map(\.amount) == [Fen(-400_00), .zero])
    #expect(february.line("praise-bonus") == nil)
    #expect(february.line("leak-flat")?.amount == Fen(-100_00))
    #expect(february.line("no-report")?.amount == Fen(-500_00))
    #expect(february.line("late-plan")?.amount == Fen(-3_000_00))
    // 10,000 + 400 + 100 + 500 + 3,000 are 14,000; twelve per cent of the fee are 12,000.
    #expect(february.line("month-cap", .cap)?.amount == Fen(2_000_00))
    #expect(february.payable == Fen(100_000_00 - 12_000_00 - 5_000_00))
    #expect(february.line("leaks") == nil)
    let december = try #require(statements.first { $0.payment.isLast })
    #expect(december.payment.id == "month-12")
    #expect(december.line("leaks")?.amount == Fen(-50_000_00))
    #expect(december.line("handbook")?.amount == Fen(1_000_00))
  }

  @Test("three months running below the bar cost once and open a right; a month between begins the count anew")
  func threeInARow() throws {
    var bench = try bench()
    for (month, score) in [("01", "80"), ("02", "84"), ("03", "90"), ("04", "84.99"), ("05", "70"), ("06", "84"), ("07", "60")] {
      try bench.score("quality", "2026-\(month)", nil, score, on: "2026-08-01")
    }
    let statements = try bench.settlement(asOf: "2026-08-01").statements()
    let claims = statements.flatMap { statement in
      statement.claims.filter { $0.rule == "three-low" }.map { (statement.payment.id, $0.amount, $0.facts.count) }
    }
    #expect(claims.map(\.0) == ["month-6"])
    #expect(claims.map(\.1) == [Fen(-20_000_00)])
    #expect(claims.map(\.2) == [3])
    let right = try #require(statements[5].rights.first)
    #expect(right.act == .terminate)
    #expect(right.notice == .days(15))
    #expect(right.since.description == "2026-06-30")
    #expect(statements.flatMap(\.rights).count == 1)
  }

  @Test("what was withheld is paid out after acceptance, also when the service ended early")
  func retention() throws {
    var bench = try bench()
    try bench.event("terminated", "2026-06-30")
    try bench.event("accepted", "2026-07-10")
    let statements = try bench.settlement(asOf: "2026-08-01").statements()
    #expect(statements.map(\.payment.id) == ["month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "retention"])
    let release = try #require(statements.last)
    #expect(release.payable == Fen(2_741_94 + 5 * 5_000_00))
    #expect(release.retained == .zero)
    // Thirty days after 10 July end on Sunday 9 August.
    #expect(release.dueDay == "2026-08-10")
  }

  @Test("a deadline in a year without a calendar is waited for and names the year")
  func missingYear() throws {
    var bench = try bench()
    try bench.event("accepted", "2026-12-20")
    let release = try bench.statement("retention", asOf: "2027-01-10")
    #expect(release.pending.contains { $0.code == "calendar-year-missing" && $0.text.en.contains("2027") })
    #expect(release.dueDay == nil)
  }

  @Test("interest runs on each part of a payment until it is paid, excused days left out")
  func interest() throws {
    var bench = try bench()
    try bench.invoice("month-2", "2026-03-02", "95000.00")
    try bench.event("treasury-closed", "2026-03-12", until: "2026-03-15")
    try bench.pay("month-2", "2026-03-20", "30000.00")
    try bench.pay("month-2", "2026-03-30", "65000.00")
    let statement = try bench.statement("month-2", asOf: "2026-04-30")
    #expect(statement.payable == Fen(94_500_00))
    #expect(statement.dueDay == "2026-03-10")
    // 30,000 × 0.03 % × (10 − 4); 64,500 × 0.03 % × (20 − 4) = 309.60: the rest of what was paid was not owed.
    #expect(statement.claims.map(\.amount) == [Fen(54_00), Fen(309_60)])
    #expect(statement.unpaid == .zero)
  }

  @Test("a supplement in the middle of a month changes what lies after its date, and each line says which paper it used")
  func supplementMidMonth() throws {
    let supplement = try supplement(
      from: "2026-03-16",
      [
        (#""amount": {"fixed": "100000.00"}"#, #""amount": {"fixed": "120000.00"}"#),
        (#""each": {"fixed": "100.00"}"#, #""each": {"fixed": "300.00"}"#),
      ])
    var bench = try bench(supplements: [supplement])
    for day in ["2026-03-10", "2026-03-16", "2026-03-20"] {
      try bench.record(day, .incident(.init(kind: "rudeness", subject: "seat-1", points: 5)))
    }
    let statements = try bench.settlement(asOf: "2026-05-01").statements()
    #expect(statements.map(\.payment.id).prefix(4) == ["month-1", "month-2", "month-3", "month-4"])
    let march = statements[2]
    #expect(march.lines.filter { $0.kind == .fee }.map(\.amount) == [Fen(48_387_10), Fen(61_935_48)])
    #expect(march.lines.filter { $0.kind == .fee }.map(\.revision) == [0, 1])
    #expect(march.lines.filter { $0.rule == "leak-flat" }.map(\.amount) == [Fen(-100_00), Fen(-600_00)])
    #expect(statements[1].lines.filter { $0.kind == .fee }.map(\.amount) == [Fen(100_000_00)])
    #expect(statements[3].lines.filter { $0.kind == .fee }.map(\.amount) == [Fen(120_000_00)])
    let plain = try self.bench().settlement(asOf: "2026-05-01").statements()
    #expect(plain[0].lines == statements[0].lines)
  }

  @Test("other periods from a supplement on cut the one they fall into")
  func otherPeriods() throws {
    let supplement = try supplement(
      from: "2026-03-16", [(#"{"months": 1, "align": "calendar", "cut": "byDays"}"#, #"{"months": 3, "align": "term"}"#)])
    let schedule = try bench(supplements: [supplement]).settlement(asOf: "2026-05-01").schedule
    #expect(
      schedule.payments.compactMap(\.period?.description) == [
        "2026-01-15 … 2026-01-31", "2026-02-01 … 2026-02-28", "2026-03-01 … 2026-03-15", "2026-03-16 … 2026-06-15",
        "2026-06-16 … 2026-09-15",
        "2026-09-16 … 2026-12-15", "2026-12-16 … 2026-12-31",
      ])
  }

  @Test("an advance, evaluation cycles, a final instalment, an audit and months after the end")
  func cycles() throws {
    var bench = try bench("training-2025")
    try bench.incident("no-show", "2025-06-15", subject: "trainer")
    try bench.record("2026-03-20", .audited(Fen(290_000_00)))
    try bench.event("heldOver", "2026-03-01", until: "2026-04-10")
    let statements = try bench.settlement(asOf: "2026-04-10").statements()
    #expect(
      statements.map(\.payment.id) == [
        "advance", "cycle-1", "cycle-2", "cycle-3", "cycle-4", "cycle-5", "cycle-6", "final", "hold-over-1", "hold-over-2",
      ])
    #expect(statements[0].payable == Fen(90_000_00))
    #expect(statements[2].line("no-shows")?.amount == Fen(-300_00))
    #expect(statements[7].lines.map(\.amount) == [Fen(30_000_00), Fen(-10_000_00)])
    #expect(statements[8].payable == Fen(26_000_00))
    // Ten of April's thirty days.
    #expect(statements[9].payable == Fen(8_666_67))
    #expect(statements[9].lines.first?.unrounded.yuanFraction == "26000/3")
  }
}
