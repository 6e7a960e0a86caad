// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// The second instalment of a street's contract that caps what each side can owe.
@Suite("One period of a street whose contract caps liability, played", .deployment(at: "2024-05-20T09:00:00+08:00"))
struct XisanqiPeriodTests {
  @Test("a late delivery, a late payment and losses come to what was computed by hand, under the cap of each side")
  func played() throws {
    let desk = try Desk("xisanqi", "platform-2024")
    // June 2024: two shifts a day in the flow of orders; two callers, an analyst, a counsellor on 19 working days, the 10th being a holiday.
    #expect(try RosterOffice("xisanqi").generate("2024-06-01", "2024-06-30").json["planned"]?.integer == 136)
    try desk.deployment.setClock(to: instant("2024-11-20T10:00:00"))
    try desk.invoice("first", "2024-04-15", "1114000.00")
    try desk.pay("first", "2024-04-30", "1114000.00")
    try desk.event("delivery-scheduled", "2024-06-03", ["agreed": "2024-07-01"])
    try desk.told("deliverablesSubmitted", "2024-08-10")
    try desk.miss("damage", "2024-08-12", "30000.00", by: "vendor")
    try desk.miss("change-loss", "2024-08-13", "4000.00", by: "office")
    try desk.miss("confidence-broken", "2024-08-14", "20000.00", by: "vendor")
    try desk.miss("poached", "2024-08-15", "25000.00", by: "vendor")
    try desk.miss("early-end-costs", "2024-09-02", "6000.00", by: "office")
    try desk.miss("early-end-loss", "2024-09-03", "7000.00", by: "vendor")
    try desk.miss("insolvent", "2024-09-04", by: "vendor")
    try desk.event("force-majeure", "2024-09-05")
    try desk.invoice("second", "2024-10-08", "866000.00")
    try desk.pay("second", "2024-11-14", "866000.00")
    let statement = try desk.statement("second", asOf: "2024-11-20")
    #expect(Desk.figures(statement.lines) == ["second 866000.00"])
    #expect(statement.payable == "866000.00" && statement.due == "2024-10-15")
    // The office: 866,000.00 x 0.05 % x 30 days (15 October to 14 November) = 12,990.00 late, below 5 % of it, 43,300.00; 4,000.00 for its change.
    // The vendor: 2,228,000.00 x 0.05 % x 40 days (1 July to 10 August) = 44,560.00, and 30,000.00 + 20,000.00 + 25,000.00 + 7,000.00 lost:
    // 126,560.00, above 5 % of the total, 111,400.00, by 15,160.00. The costs of the early end are no liability and stand outside the cap.
    #expect(
      Desk.figures(statement.claims) == [
        "late-payment 12990.00", "late-delivery -44560.00", "damages -30000.00", "change-damages 4000.00", "confidence-damages -20000.00",
        "poaching -25000.00", "early-end-payment 6000.00", "early-end-damages -7000.00", "liability 15160.00",
      ])
    // Day 31 of the delay is 1 August; force majeure of 5 September was not over in ten working days, on 20 September.
    #expect(
      Desk.rights(statement) == [
        "late-delivery-termination terminate office", "insolvency terminate office", "long-force-majeure terminate office+vendor",
      ])
    try desk.confirm("first", asOf: "2024-11-20")
    try desk.confirm("second", asOf: "2024-11-20")
    #expect(try desk.replaysEqual("second"))
    #expect(try desk.view("second").yuan("/payable") == "866000.00")
  }
}
