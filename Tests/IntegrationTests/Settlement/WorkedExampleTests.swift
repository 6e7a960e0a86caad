// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// The examples that were worked out by hand from the contracts, with their facts recorded and their figures read over HTTP.
@Suite("The worked examples, through the API", .deployment)
struct WorkedExampleTests {
  /// The same figures as the API gave stand in what the command prints, in both languages.
  private func expectPrinted(_ desk: Desk, _ payment: String, asOf: String, _ figures: String...) throws {
    for language in ["zh", "en"] {
      let page = try desk.printed(payment, asOf: asOf, language: language)
      for figure in figures { #expect(page.contains(figure), "\(figure) in \(page)") }
      #expect(page.contains("应付合计") == (language == "zh") && page.contains("Payable") == (language == "en"), "\(page)")
    }
  }

  @Test("a quarter's average of 71.666… costs eight whole points, and its facts stand on the line")
  func averageBelowPar() throws {
    let desk = try Desk("anding", "service-2024")
    let staff = ["seat-1", "seat-2", "seat-3", "seat-4", "seat-5", "analyst-1"]
    var facts: [String] = []
    for (person, value) in zip(staff, ["100", "100", "50", "50", "60", "70"]) {
      facts.append(try desk.score("staff", "quarter-2", person, value, on: "2024-06-26"))
    }
    let statement = try desk.statement("quarter-2", asOf: "2024-07-01")
    #expect(statement.amounts == ["536580.00", "-800.00"])
    #expect(statement.payable == "535780.00")
    #expect(statement.answer.string("/payableCapitals") == "伍拾叁万伍仟柒佰捌拾元整")
    let line = try #require(statement.line("below-par"))
    #expect(line["clause"]?.string == "2.2")
    #expect(line.value(at: "/formula/zh")?.string?.contains("71.666…") == true)
    #expect(line.value(at: "/says/en")?.string == "A quarter's average below 80 costs 100 yuan a point.")
    #expect(Set(line["facts"]?.array?.compactMap(\.string) ?? []) == Set(facts))
    try expectPrinted(desk, "quarter-2", asOf: "2024-07-01", "536,580.00", "-800.00", "535,780.00", "伍拾叁万伍仟柒佰捌拾元整", "71.666…")
  }

  @Test("penalties above a period's fee leave nothing payable, and the rest is the first line of the next period")
  func carryOver() throws {
    let desk = try Desk("anding", "service-2024")
    try desk.incident("damage", "2024-07-15", "600000.00")
    let third = try desk.statement("quarter-3", asOf: "2024-12-31")
    #expect(third.payable == "0.00")
    #expect(third.answer.yuan("/carriedOut") == "63420.00")
    let fourth = try desk.statement("quarter-4", asOf: "2024-12-31")
    #expect(fourth.lines.first?["kind"]?.string == "carryIn")
    #expect(fourth.amounts.first == "-63420.00")
    #expect(fourth.payable == "473160.00")
    try expectPrinted(desk, "quarter-3", asOf: "2024-12-31", "-600,000.00", "63,420.00")
    try expectPrinted(desk, "quarter-4", asOf: "2024-12-31", "-63,420.00", "473,160.00")
  }

  @Test("four monthly grades change a period's payment, due twenty working days after its end")
  func grades() throws {
    let desk = try Desk("huoying", "technical-2025")
    for (month, grade) in [("2025-08", "优秀"), ("2025-09", "良好"), ("2025-10", "一般"), ("2025-11", "差")] {
      try desk.grade("monthly", month, grade, on: "2025-12-08")
    }
    try desk.invoice("period-1", "2025-12-01", "428800.00")
    let statement = try desk.statement("period-1", asOf: "2025-12-10")
    #expect(statement.answer.string("/payment/from") == "2025-08-08" && statement.answer.string("/payment/to") == "2025-12-07")
    #expect(statement.amounts == ["388800.00", "30000.00", "20000.00", "0.00", "-10000.00"])
    #expect(statement.payable == "428800.00")
    #expect(statement.due == "2026-01-05")
    #expect(statement.answer.json["definitive"]?.bool == true)
    try expectPrinted(desk, "period-1", asOf: "2025-12-10", "+30,000.00", "-10,000.00", "428,800.00", "2026-01-05", "肆拾贰万捌仟捌佰元整")
  }

  @Test("incidents come off the last instalment, and the earlier of two limits binds; a voided acceptance counts no more")
  func incidents() throws {
    let desk = try Desk("sanjianfang", "seats-2019")
    for day in ["2019-11-04", "2020-03-02", "2020-08-11"] { try desk.incident("late-or-early", day, subject: "seat-1") }
    try desk.incident("absence", "2020-02-03", "800.00", subject: "seat-2")
    try desk.incident("late-handling", "2019-12-20", "200.00", subject: "order-1")
    try desk.incident("late-handling", "2020-06-30", "450.00", subject: "order-2")
    let accepted = try desk.accept("2020-10-15")
    let first = try desk.statement("last", asOf: "2020-11-30")
    #expect(first.amounts == ["57561.00", "-300.00", "-800.00", "-650.00"])
    #expect(first.payable == "55811.00")
    #expect(first.due == "2020-10-29")
    try desk.void(accepted)
    #expect(try desk.statement("last", asOf: "2020-11-30").due == "2020-10-31", "the fixed date is left")
    try desk.accept("2020-10-20")
    let second = try desk.statement("last", asOf: "2020-11-30")
    #expect(second.payable == "55811.00")
    #expect(second.due == "2020-10-31")
    try expectPrinted(desk, "last", asOf: "2020-11-30", "-300.00", "-800.00", "-650.00", "55,811.00", "2020-10-31", "2020-11-03")
  }

  @Test("a late payment bears interest by the day, up to five per cent of it")
  func interest() throws {
    let desk = try Desk("xisanqi", "platform-2024")
    try desk.invoice("second", "2024-10-08", "866000.00")
    let paid = try desk.pay("second", "2024-11-14", "866000.00")
    let first = try desk.statement("second", asOf: "2025-02-20")
    #expect(first.payable == "866000.00")
    #expect(first.due == "2024-10-15")
    #expect(first.line("late-payment")?.value(at: "/amount/yuan")?.string == "12990.00")
    #expect(first.line("late-payment")?["owedBy"]?.string == "office")
    try desk.void(paid, by: "finance")
    try desk.pay("second", "2025-02-12", "866000.00")
    let second = try desk.statement("second", asOf: "2025-02-20")
    #expect(second.line("late-payment")?.value(at: "/amount/yuan")?.string == "43300.00")
    try expectPrinted(desk, "second", asOf: "2025-02-20", "866,000.00", "2024-10-15", "43,300.00")
  }

  @Test("a delivery 120 days late is capped with everything the vendor owes, and opens the right to end on day 31")
  func lateDelivery() throws {
    let desk = try Desk("xisanqi", "platform-2024")
    try desk.event("delivery-scheduled", "2024-06-03", ["agreed": "2024-07-01"])
    try desk.event("deliverablesSubmitted", "2024-10-29")
    let statement = try desk.statement("second", asOf: "2025-04-30")
    let delay = statement.claims.filter { $0["owedBy"]?.string != "office" || $0["kind"]?.string == "cap" }
    #expect(delay.compactMap { $0.value(at: "/amount/yuan")?.string } == ["-133680.00", "22280.00"])
    let right = try #require(statement.answer.json.value(at: "/rights/0"))
    #expect(right["right"]?.string == "terminate" && right["holders"] == ["office"] && right["since"]?.string == "2024-08-01")
    try expectPrinted(desk, "second", asOf: "2025-04-30", "-133,680.00", "+22,280.00", "2024-08-01")
  }

  @Test("the first payment is due ten working days after the later of effect and invoice; service after expiry costs monthly fees")
  func firstPaymentAndHoldOver() throws {
    let desk = try Desk("fangshan", "service-2022")
    try desk.invoice("first", "2022-07-25", "2098750.00")
    let first = try desk.statement("first", asOf: "2022-08-01")
    #expect(first.payable == "2098750.00")
    #expect(first.due == "2022-08-08")
    try expectPrinted(desk, "first", asOf: "2022-08-01", "2,098,750.00", "2022-08-08", "贰佰零玖万捌仟柒佰伍拾元整")
    try desk.event("heldOver", "2023-01-01", ["until": "2023-03-31"])
    let listed = try desk.who("finance").get("\(desk.path)/settlements?asOf=2023-04-01").json["items"]?.array ?? []
    let months = listed.filter { $0["payment"]?.string?.hasPrefix("hold-over") == true }
    #expect(months.compactMap { $0.value(at: "/payable/yuan")?.string } == ["349791.67", "349791.67", "349791.67"])
    try expectPrinted(desk, "hold-over-3", asOf: "2023-04-01", "349,791.67", "叁拾肆万玖仟柒佰玖拾壹元陆角柒分")
  }
}
