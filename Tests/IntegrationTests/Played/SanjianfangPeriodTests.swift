// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// The last instalment of a township's contract that prices each incident.
@Suite("One period of a township that prices incidents, played", .deployment(at: "2020-02-20T09:00:00+08:00"))
struct SanjianfangPeriodTests {
  @Test("late arrivals, absences, slow handling, errors and complaints come off the last tenth as computed by hand")
  func played() throws {
    let desk = try Desk("sanjianfang", "seats-2019")
    // March 2020: two shifts a day on the seats, and the analyst on 22 working days.
    #expect(try RosterOffice("sanjianfang").generate("2020-03-01", "2020-03-31").json["planned"]?.integer == 84)
    // One order signed after 25 minutes instead of 20, another of two hours answered after two and a half.
    let drive = try OrderDrive(desk.deployment, "sanjianfang", seat: "seat-1", from: "2020-03-04T10:00:00")
    let (late, slow) = (try drive.receive(), try drive.receive(grade: "2h"))
    try slow.go("sign", "verify", "dispatch", "urge")
    try desk.deployment.setClock(to: instant("2020-03-04T10:25:00"))
    try late.go("sign", "verify", "dispatch", "urge", "reply")
    try desk.deployment.setClock(to: instant("2020-03-04T12:30:00"))
    try slow.go("reply")
    #expect(try late.state("sign") == "missed" && slow.state("reply") == "missed" && slow.state("sign") == "met")
    try desk.deployment.setClock(to: instant("2020-11-30T10:00:00"))
    try playAttendance(desk)
    let proposed = try #require(
      try eventually { try desk.proposals("late-handling").count == 2 ? try desk.proposals("late-handling") : nil })
    for proposal in proposed {
      let rule = "\(proposal)"
      try desk.decide(try #require(proposal["id"]?.string), rule.contains("reply") ? "450.00" : "200.00")
    }
    for (payment, on) in [("first", "2019-10-10"), ("second", "2020-01-20"), ("third", "2020-04-20")] {
      try desk.invoice(payment, on, "172683.00")
      try desk.pay(payment, on, "172683.00")
    }
    try desk.miss("report-error", "2020-06-01", "50.00")
    try desk.miss("attitude-complaint", "2020-06-02", "150.00", subject: "order-2")
    try desk.miss("grave-accident", "2020-06-03")
    try desk.miss("damage", "2020-06-04", "3000.00")
    try desk.miss("still-unfit", "2020-06-05", subject: "seat-3")
    try desk.miss("rules-broken", "2020-06-08")
    try desk.miss("late-or-unaccepted", "2020-06-09")
    try desk.miss("confidence-broken", "2020-06-10", by: "vendor")
    try desk.miss("transferred", "2020-06-11")
    try desk.miss("transfer-gain", "2020-06-12", "1000.00")
    try desk.miss("unqualified", "2020-06-15")
    try desk.miss("loss-by-delay", "2020-06-16", "700.00", by: "office")
    try desk.event("force-majeure", "2020-06-17")
    try desk.told("deliverablesSubmitted", "2020-10-12")
    try desk.accept("2020-10-15")
    try desk.invoice("last", "2020-10-16", "56111.00")
    let statement = try desk.statement("last", asOf: "2020-11-30")
    // A tenth of 575,610.00; one late arrival, an absence at 500.00, two orders handled late at 200.00 and 450.00, an error at 50.00, a complaint
    // at 150.00.
    #expect(
      Desk.figures(statement.lines) == [
        "last 57561.00", "lateness -100.00", "absences -500.00", "slow-handling -650.00", "report-errors -50.00", "complaints -150.00",
      ])
    // 57,561.00 - 100.00 - 500.00 - 650.00 - 50.00 - 150.00
    #expect(statement.payable == "56111.00")
    // Ten working days from 15 October end on the 29th, before the fixed day of 31 October.
    #expect(statement.due == "2020-10-29")
    // Three times a tenth of the total; what was paid, 3 x 172,683.00; gain and loss as they are, the delay being the office's.
    #expect(
      Desk.figures(statement.claims) == [
        "damages -3000.00", "rules-penalty -57561.00", "unaccepted-penalty -57561.00", "confidence-penalty -57561.00",
        "recovery -518049.00", "gain -1000.00", "delay-damages 700.00",
      ])
    #expect(
      Desk.rights(statement) == [
        "accident-termination terminate office", "unfit-termination terminate office", "rules-termination terminate office",
        "unaccepted-termination terminate office", "confidence-termination terminate office", "refund-termination terminate office",
        "refund-termination terminate office", "long-force-majeure renegotiate office+vendor",
      ])
    for payment in ["first", "second", "third", "last"] { try desk.confirm(payment, asOf: "2020-11-30") }
    #expect(try desk.replaysEqual("last"))
    #expect(try desk.view("last").yuan("/payable") == "56111.00")
  }

  /// The door's marks of March: everybody is there in time but for who has the seats on the 2nd, who comes at 08:12, and who has them on the
  /// 3rd, who does not come. Both are proposed, and the office confirms them, the absence at the least that it may cost.
  private func playAttendance(_ desk: Desk) throws {
    let attendance = AttendanceDesk(office: try RosterOffice("sanjianfang"))
    let (late, absent) = (try attendance.office.dayShift("2020-03-02"), try attendance.office.dayShift("2020-03-03"))
    let marks = try attendance.office.shifts("from=2020-03-01&to=2020-03-31&state=planned").filter { $0.id != absent.id }.flatMap { shift in
      let start = shift.id == late.id ? "2020-03-02T08:12:00" : String(shift.from.prefix(19))
      return ["\(shift.person) in \(start)", "\(shift.person) out \(shift.to.prefix(19))"]
    }
    #expect(marks.count == 166)
    try attendance.mark(marks)
    // What the timer had proposed while no mark was there is withdrawn.
    let found = try #require(
      try eventually { () -> [JSON]? in
        let found = try desk.proposals("late-or-early") + desk.proposals("absence")
        return found.count == 2 ? found : nil
      })
    #expect(found.map { $0["subject"]?.string } == [late.person, absent.person])
    for proposal in found {
      try desk.decide(try #require(proposal["id"]?.string), proposal["incident"] == "absence" ? "500.00" : nil)
    }
  }
}
