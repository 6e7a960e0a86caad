// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

/// The examples that were worked out by hand from the contracts, to the fen and to the day.
@Suite("The worked examples")
struct WorkedExampleTests {
  @Test("a quarter's average of 71.666… costs eight whole points, or by the other reading a third more")
  func averageBelowPar() throws {
    var bench = try Bench(tenant: "anding")
    for (index, value) in ["100", "100", "50", "50", "60", "70"].enumerated() {
      try bench.score("staff", "quarter-2", "person-\(index)", value, on: "2024-06-26")
    }
    let statement = try bench.statement("quarter-2", asOf: "2024-07-01")
    let line = try #require(statement.line("below-par"))
    #expect(line.amount == Fen(-800_00))
    #expect(line.facts.count == 6)
    #expect(line.formula.zh == "（100 + 100 + 50 + 50 + 60 + 70） ÷ 6 = 71.666…；（80 − 71.666…）取整 8 分 × 100.00 元 = 800.00 元")
    #expect(statement.payable == Fen(535_780_00))

    let json = try RepositoryFiles.text("deploy/tenants/anding/contracts/service-2024/original.json")
    let other = json.split(separator: "\"count\": \"whole\"", omittingEmptySubsequences: false).joined(separator: "\"count\": \"proRata\"")
    #expect(other != json)
    let document = try ContractDocument.shape.decode(bytes: [UInt8](other.utf8)).get()
    let settlement = try Settlement(
      Contract([document]), facts: bench.facts, calendar: bench.calendar, packs: bench.packs, asOf: try #require(CivilDate("2024-07-01")))
    let proRata = try settlement.statement(of: "quarter-2")
    #expect(proRata.line("below-par")?.amount == Fen(-833_33))
    #expect(proRata.line("below-par")?.unrounded.fen == (try Rational(-250_000, over: 3)))
    #expect(proRata.payable == Fen(535_746_67))
  }

  @Test("penalties above a period's fee leave nothing payable, and the rest is the first line of the next period")
  func carryOver() throws {
    var bench = try Bench(tenant: "anding")
    try bench.incident("damage", "2024-05-01", "600000.00")
    let statements = try bench.settlement(asOf: "2024-12-31").statements()
    let second = statements[1]
    #expect(second.payable == .zero)
    #expect(second.carriedOut == Fen(63_420_00))
    #expect(second.line("carry-over", .carryOut)?.amount == Fen(63_420_00))
    let third = statements[2]
    #expect(third.lines.first?.kind == .carryIn)
    #expect(third.lines.first?.amount == Fen(-63_420_00))
    #expect(third.payable == Fen(536_580_00 - 63_420_00))
  }

  @Test("four monthly grades change a period's payment, due twenty working days after its end")
  func grades() throws {
    var bench = try Bench(tenant: "huoying")
    for (month, grade) in [("2025-08", "优秀"), ("2025-09", "良好"), ("2025-10", "一般"), ("2025-11", "差")] {
      try bench.grade("monthly", month, grade, on: "2025-12-08")
    }
    try bench.invoice("period-1", "2025-12-01", "428800.00")
    let statement = try bench.statement("period-1", asOf: "2025-12-10")
    #expect(statement.payment.period == DateRange(try #require(CivilDate("2025-08-08")), through: try #require(CivilDate("2025-12-07"))))
    #expect(statement.lines.map(\.amount) == [Fen(388_800_00), Fen(30_000_00), Fen(20_000_00), .zero, Fen(-10_000_00)])
    #expect(statement.payable == Fen(428_800_00))
    #expect(statement.dueDay == "2026-01-05")
    #expect(statement.isDefinitive)
  }

  @Test(
    "incidents come off the last instalment, and the earlier of two limits binds",
    arguments: [("2020-10-15", "2020-10-29"), ("2020-10-20", "2020-10-31")])
  func incidents(accepted: String, due: String) throws {
    var bench = try Bench(tenant: "sanjianfang")
    for day in ["2019-11-04", "2020-03-02", "2020-08-11"] { try bench.incident("late-or-early", day, subject: "person-1") }
    try bench.incident("absence", "2020-02-03", "800.00", subject: "person-2")
    try bench.incident("late-handling", "2019-12-20", "200.00", subject: "order-1")
    try bench.incident("late-handling", "2020-06-30", "450.00", subject: "order-2")
    try bench.event("accepted", accepted)
    let statement = try bench.statement("last", asOf: "2020-11-30")
    #expect(statement.lines.map(\.amount) == [Fen(57_561_00), Fen(-300_00), Fen(-800_00), Fen(-650_00)])
    #expect(statement.payable == Fen(55_811_00))
    #expect(statement.dueDay == due)
  }

  @Test(
    "a late payment bears interest by the day, up to five per cent of it",
    arguments: [("2024-11-14", 12_990_00), ("2025-02-12", 43_300_00)])
  func interest(paid: String, fen: Int64) throws {
    var bench = try Bench(tenant: "xisanqi")
    try bench.invoice("second", "2024-10-08", "866000.00")
    try bench.pay("second", paid, "866000.00")
    let statement = try bench.statement("second", asOf: "2025-02-20")
    #expect(statement.payable == Fen(866_000_00))
    #expect(statement.dueDay == "2024-10-15")
    #expect(statement.line("late-payment")?.amount == Fen(fen))
    #expect(statement.line("late-payment")?.owedBy == .office)
  }

  @Test("a delivery 120 days late is capped with everything the vendor owes, and opens the right to end on day 31")
  func lateDelivery() throws {
    var bench = try Bench(tenant: "xisanqi")
    try bench.event("delivery-scheduled", "2024-06-03", agreed: "2024-07-01")
    try bench.event("deliverablesSubmitted", "2024-10-29")
    let statements = try bench.settlement(asOf: "2025-04-30").statements()
    let statement = statements[1]
    #expect(statement.claims.map(\.amount) == [Fen(-133_680_00), Fen(22_280_00)])
    #expect(try Fen.sum(statement.claims.map(\.amount)) == Fen(-111_400_00))
    let right = try #require(statement.rights.first)
    #expect(right.act == .terminate)
    #expect(right.holders == [.office])
    #expect(right.since.description == "2024-08-01")
  }

  @Test("the first payment is due ten working days after the later of effect and invoice")
  func firstPayment() throws {
    var bench = try Bench(tenant: "fangshan")
    try bench.invoice("first", "2022-07-25", "2098750.00")
    let statement = try bench.statement("first", asOf: "2022-08-01")
    #expect(statement.payable == Fen(2_098_750_00))
    #expect(statement.dueDay == "2022-08-08")
  }

  @Test("service that goes on for three months after expiry costs three monthly fees")
  func holdOver() throws {
    var bench = try Bench(tenant: "fangshan")
    try bench.event("heldOver", "2023-01-01", until: "2023-03-31")
    let months = try bench.settlement(asOf: "2023-04-01").statements().filter { $0.payment.id.hasPrefix("hold-over") }
    #expect(months.map(\.payable) == [Fen(349_791_67), Fen(349_791_67), Fen(349_791_67)])
  }

  @Test("what is not accepted in two weeks is deemed accepted, also what was cured")
  func deemedAcceptance() throws {
    var bench = try Bench(tenant: "fangshan")
    try bench.event("deliverablesSubmitted", "2022-12-30")
    let first = try bench.settlement(asOf: "2023-01-20").occurrences(of: ContractEvent("accepted"))
    #expect(first.map(\.day.description) == ["2023-01-13"])
    try bench.event("rejected", "2023-01-05", agreed: "2023-01-20")
    try bench.event("cured", "2023-01-19")
    #expect(try bench.settlement(asOf: "2023-02-02").occurrences(of: ContractEvent("accepted")).isEmpty)
    let second = try bench.settlement(asOf: "2023-02-03").occurrences(of: ContractEvent("accepted"))
    #expect(second.map(\.day.description) == ["2023-02-02"])
    #expect(second.first?.deemedBy == "accept-again")
  }

  @Test("what is recorded after acceptance was deemed comes too late")
  func afterDeemed() throws {
    var bench = try Bench(tenant: "fangshan")
    try bench.event("deliverablesSubmitted", "2022-12-30")
    try bench.event("rejected", "2023-01-16", agreed: "2023-01-31")
    let settlement = try bench.settlement(asOf: "2023-02-01")
    #expect(settlement.occurrences(of: ContractEvent("accepted")).map(\.day.description) == ["2023-01-13"])
    #expect(settlement.occurrences(of: ContractEvent("rejected")).isEmpty)
  }

  @Test("the days that the vendor's own invoice came late are no delay of the payment")
  func lateInvoice() throws {
    var bench = try Bench(tenant: "xisanqi")
    // Five working days before 15 October are 8 October; the invoice came ten days after the payment's limit.
    try bench.invoice("second", "2024-10-25", "866000.00")
    try bench.pay("second", "2024-11-14", "866000.00")
    let line = try #require(try bench.statement("second", asOf: "2024-12-01").line("late-payment"))
    #expect(line.quantity == 20)
    #expect(line.amount == Fen(8_660_00))
    #expect(line.formula.en.contains("of these 10 days excused"))
  }

  @Test("a staff change not made in ten days comes off the last payment, a policy change opens a right with its notice")
  func missedDemand() throws {
    var bench = try Bench(tenant: "fangshan")
    try bench.event("staff-demanded", "2022-09-01")
    try bench.event("staff-replaced", "2022-09-13")
    try bench.event("staff-demanded", "2022-10-08")
    try bench.event("staff-replaced", "2022-10-18")
    try bench.incident("policy-change", "2022-11-01", by: .office)
    let last = try bench.statement("last", asOf: "2023-01-10")
    // Ten days after 1 September end on Sunday 11 September 2022, moved to Monday the 12th, a holiday, and so to the 13th.
    #expect(last.line("late-replacement") == nil)
    try bench.event("staff-demanded", "2022-11-01")
    try bench.event("staff-replaced", "2022-11-12")
    let again = try bench.statement("last", asOf: "2023-01-10")
    #expect(again.line("late-replacement")?.amount == Fen(-34_949_20))
    #expect(again.rights.first?.notice == .days(60))
    #expect(again.pending.map(\.code).contains("audit-missing"))
  }

  @Test("service after expiry without an end on record is counted to the day and said to go on")
  func openHoldOver() throws {
    var bench = try Bench(tenant: "fangshan")
    try bench.event("heldOver", "2023-01-01")
    let months = try bench.settlement(asOf: "2023-02-14").statements().filter { $0.payment.id.hasPrefix("hold-over") }
    // Half of February's 28 days.
    #expect(months.map(\.payable) == [Fen(349_791_67), Fen(174_895_84)])
    #expect(months[0].isDefinitive)
    #expect(months[1].pending.map(\.code) == ["period-running"])
  }
}
