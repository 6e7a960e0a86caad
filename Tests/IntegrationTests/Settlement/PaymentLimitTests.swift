// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// What is paid stays within what is payable, unless the office says otherwise.
@Suite("Payments beyond what is payable", .deployment)
struct PaymentLimitTests {
  private func pay(
    _ desk: Desk, _ payment: String, _ amount: String, _ more: JSONObject = [:], key: String? = nil, language: String = "en"
  ) throws -> Caller.Answer {
    var body: JSONObject = ["on": "2026-03-02", "payment": .string(payment), "amount": .string(amount)]
    for member in more.members { body[member.name] = member.value }
    return try desk.who("finance").post("\(desk.path)/payments", .object(body), key: key, ["Accept-Language": language])
  }

  private func paid(_ desk: Desk, _ payment: String) throws -> String? {
    let list = try desk.who("finance").get("\(desk.path)/settlements").json["items"]?.array ?? []
    return list.first { $0["payment"]?.string == payment }?.value(at: "/paid/yuan")?.string
  }

  @Test("one fen more than a confirmed statement pays is refused with what is payable and paid; said with a reason, it is recorded")
  func confirmed() throws {
    let desk = try Desk("huoying", "technical-2025")
    for month in ["2025-08", "2025-09", "2025-10", "2025-11"] { try desk.grade("monthly", month, "好", on: "2025-12-08") }
    try desk.confirm("period-1", asOf: "2025-12-20")
    #expect(try pay(desk, "period-1", "400000.00").status == 201)
    for (language, words) in [
      ("en", "428,800.00 yuan are payable; 400,000.00 yuan are paid, so at most 28,800.00 yuan more"),
      ("zh", "按已确认的结算单，本笔应付 428,800.00 元；已付 400,000.00 元，至多再付 28,800.00 元"),
    ] {
      let refused = try pay(desk, "period-1", "28800.01", language: language)
      #expect(refused.status == 422 && refused.faults == ["/amount exceeds-payable"] && refused.text.contains(words), "\(refused.text)")
    }
    #expect(try paid(desk, "period-1") == "400000.00")
    #expect(try pay(desk, "period-1", "1.00", ["exceedsPayable": true, "note": "误以为多付"]).faults == ["/exceedsPayable not-applicable"])
    let rest = try pay(desk, "period-1", "28800.00", key: "rest")
    #expect(rest.status == 201, "\(rest.text)")
    // The same request again is the same payment.
    #expect(try pay(desk, "period-1", "28800.00", key: "rest").text == rest.text)
    #expect(try pay(desk, "period-1", "0.01", ["exceedsPayable": true]).faults == ["/note missing-member"])
    let more = try pay(desk, "period-1", "0.01", ["exceedsPayable": true, "note": "银行重复划款，待退"])
    let fact = try desk.who("finance").get("\(desk.office)/facts/\(try #require(more.string("/id")))")
    #expect(fact.string("/note") == "银行重复划款，待退", "\(fact.text)")
    #expect(try paid(desk, "period-1") == "428800.01")
    #expect(try pay(desk, "period-1", "0.01").faults == ["/amount exceeds-payable"])
  }

  @Test("where no statement is confirmed, what is on record is the measure; a retention or an advance is a payment of its own")
  func open() throws {
    let desk = try Desk("anding", "service-2024")
    #expect(try pay(desk, "quarter-1", "5365800.00").faults == ["/amount exceeds-payable"])
    #expect(try pay(desk, "quarter-1", "536580.00").status == 201)
    #expect(try desk.deployment.database.sql("SELECT count(*) FROM fact WHERE kind = 'payment' AND contract_id = 'service-2024'") == "1")
    let first = try Desk("fangshan", "service-2022")
    #expect(try pay(first, "first", "2098750.00").status == 201)
    #expect(try pay(first, "first", "2098750.00").faults == ["/amount exceeds-payable"])
  }

  @Test("interest that the vendor may claim for a late payment can be paid beside it")
  func interest() throws {
    let desk = try Desk("xisanqi", "platform-2024")
    try desk.invoice("second", "2024-09-30", "866000.00")
    try desk.pay("second", "2025-02-12", "866000.00")
    // 7.3: capped at five per cent of the overdue amount.
    #expect(try pay(desk, "second", "43300.01").faults == ["/amount exceeds-payable"])
    #expect(try pay(desk, "second", "43300.00").status == 201)
  }

  @Test("payments recorded at once do not exceed it together")
  func together() async throws {
    let desk = try Desk("sanjianfang", "seats-2019")
    let statuses = await withTaskGroup(of: Int?.self, returning: [Int?].self) { group in
      for _ in 1...6 { group.addTask { try? pay(desk, "first", "100000.00").status } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses.count { $0 == 201 } == 1, "\(statuses)")
    #expect(statuses.allSatisfy { [201, 409, 422].contains($0) }, "\(statuses)")
    #expect(try paid(desk, "first") == "100000.00")
  }
}
