// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// The half of the price that is due after the service ends, with everything that the contract of the district's command centre lets go wrong.
@Suite("One period of a district's command centre, played", .deployment(at: "2022-08-20T09:00:00+08:00"))
struct FangshanPeriodTests {
  @Test("a change of staff not made, a leak, breaches and losses come to what was computed by hand")
  func played() throws {
    let desk = try Desk("fangshan", "service-2022")
    // September 2022: two shifts a day on watch; the manager and two analysts on 21 working days, the 12th being a holiday.
    #expect(try RosterOffice("fangshan").generate("2022-09-01", "2022-09-30").json["planned"]?.integer == 123)
    try desk.deployment.setClock(to: instant("2023-01-10T10:00:00"))
    try desk.invoice("first", "2022-07-25", "2098750.00")
    try desk.pay("first", "2022-08-08", "2098750.00")
    try desk.event("staff-demanded", "2022-09-01")
    try desk.event("staff-replaced", "2022-09-20")
    try desk.miss("leak-or-neglect", "2022-10-11", "420000.00")
    try desk.miss("damage", "2022-10-12", "5000.00")
    try desk.miss("tool-damage", "2022-10-13", "1200.50", subject: "watch-seat-1")
    try desk.miss("left-without-cause", "2022-11-01", by: "vendor")
    try desk.miss("not-cured", "2022-11-02")
    try desk.miss("requirement-ignored", "2022-11-03")
    try desk.miss("loss-beyond-penalty", "2022-11-04", "3000.00")
    try desk.miss("policy-change", "2022-11-07")
    try desk.miss("legal-costs", "2022-11-08", "2500.00", by: "office")
    try desk.told("deliverablesSubmitted", "2022-12-30")
    try desk.accept("2023-01-06")
    try desk.invoice("last", "2023-01-03", "1643800.80")
    let statement = try desk.statement("last", asOf: "2023-01-10")
    // Half of 4,197,500.00 is 2,098,750.00. The change demanded on 1 September was due in ten days, a holiday's end at the latest, and made
    // on the 20th: 34,949.20. The leak costs at least a tenth of the total, 419,750.00; the office set 420,000.00.
    #expect(Desk.figures(statement.lines) == ["last 2098750.00", "late-replacement -34949.20", "leak-deduction -420000.00"])
    // 2,098,750.00 - 34,949.20 - 420,000.00
    #expect(statement.payable == "1643800.80")
    // 30 % of 4,197,500.00 is 1,259,250.00, 20 % is 839,500.00; what was lost is owed as it is, the costs of the dispute by the office that broke.
    #expect(
      Set(Desk.figures(statement.claims)) == [
        "damages -5000.00", "tool-compensation -1200.50", "leaving -1259250.00", "not-curing -839500.00", "ignoring -839500.00",
        "loss-on-top -3000.00", "litigation 2500.00",
      ])
    #expect(
      Set(Desk.rights(statement)) == [
        "not-curing-termination terminate office", "ignoring-termination terminate office", "policy-termination terminate office",
      ])
    // Ten working days from the later of the end, 31 December, and the invoice of 3 January: 4, 5, 6, 9, 10, 11, 12, 13, 16, 17 January.
    #expect(statement.due == "2023-01-17")
    try desk.confirm("first", asOf: "2023-01-10")
    try desk.confirm("last", asOf: "2023-01-10")
    #expect(try desk.replaysEqual("last"))
    #expect(try desk.view("last").yuan("/payable") == "1643800.80")
  }
}
