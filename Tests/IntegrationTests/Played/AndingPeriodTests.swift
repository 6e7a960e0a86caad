// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// The second quarter of a town's contract that is appraised by points.
@Suite("One period of a town that appraises by points, played", .deployment(at: "2024-03-20T09:00:00+08:00"))
struct AndingPeriodTests {
  @Test("points lost, damages and a breach above the quarter's fee come to what was computed by hand, and the rest is carried")
  func played() throws {
    let desk = try Desk("anding", "service-2024")
    // April 2024 has 22 working days (the 4th and 5th are Qingming, Sundays the 7th and 28th are worked) and 8 rest days:
    // four seats and the analyst on the ones, a seat on the others.
    #expect(try RosterOffice("anding").generate("2024-04-01", "2024-04-30").json["planned"]?.integer == 118)
    // A citizen was not reached, nothing was solved, nobody was content.
    let drive = try OrderDrive(desk.deployment, "anding", seat: "seat-1", from: "2024-04-10T09:00:00")
    let order = try drive.receive()
    try order.go("sign", "verify", "dispatch", "reply", "audit")
    try order.take("callbacks", ["contacted": false, "resolution": "unsolved", "satisfaction": "dissatisfied"])
    try desk.deployment.setClock(to: instant("2024-07-05T10:00:00"))
    try desk.decide(try #require(try desk.proposals("zero-score-order").first?["id"]?.string))
    try desk.invoice("quarter-1", "2024-03-26", "536580.00")
    try desk.event("appraisalConfirmed", "2024-03-27", ["payment": "quarter-1"])
    // Six forms, every item with its best option, each filled by the supervisor and countersigned by the leader.
    for person in ["seat-1", "seat-2", "seat-3", "seat-4", "seat-5", "analyst-1"] {
      try desk.score("staff", "quarter-2", person, "100", on: "2024-06-26")
    }
    try desk.miss("negligence", "2024-04-11", subject: "seat-2")
    try desk.miss("leak", "2024-04-12", subject: "seat-3")
    try desk.miss("damage", "2024-05-06", "2000.00")
    try desk.miss("duty-accident", "2024-05-07")
    try desk.miss("left-without-cause", "2024-05-08", by: "vendor")
    try desk.miss("not-cured", "2024-05-09")
    try desk.miss("requirement-ignored", "2024-05-10")
    try desk.miss("policy-change", "2024-05-13")
    try desk.miss("breach", "2024-05-14")
    try desk.event("appraisalConfirmed", "2024-06-28", ["payment": "quarter-2"])
    try desk.invoice("quarter-2", "2024-06-28", "0.01")
    let statement = try desk.statement("quarter-2", asOf: "2024-07-05")
    // Six staff of 100 points, three of whom lost 50: 450 / 6 = 75, five whole points below 80 at 100.00 each.
    // The breach: 30 % of 2,146,320.00 = 643,896.00.
    // 536,580.00 - 500.00 - 2,000.00 - 643,896.00 = -109,816.00: nothing is payable, and that much is carried to the next quarter.
    #expect(
      Desk.figures(statement.lines) == [
        "quarter 536580.00", "below-par -500.00", "damages -2000.00", "breach-penalty -643896.00", "carry-over 109816.00",
      ])
    #expect(statement.payable == "0.00" && statement.answer.yuan("/carriedOut") == "109816.00")
    // 30 % of the total, and twice 30 % of the annual fee, which is the total of a contract of twelve months. The service goes on: nothing is
    // unserved, nothing to be refunded.
    #expect(Desk.figures(statement.claims) == ["leaving -643896.00", "not-curing -643896.00", "ignoring -643896.00"])
    #expect(
      Desk.rights(statement) == [
        "conduct-termination terminate office", "conduct-termination terminate office", "default-termination terminate office",
        "default-termination terminate office", "policy-termination terminate office",
      ])
    // The same by person: seat-1 for the citizen's order, seat-2 and seat-3 for negligence and a leak, fifty points each.
    let points = try desk.who("supervisor").get("\(desk.path)/points?quarter=quarter-2&asOf=2024-07-05").json.value(at: "/series/0")
    let values = Dictionary(
      uniqueKeysWithValues: (points?["subjects"]?.array ?? []).map { ($0["subject"]?.string ?? "", $0["value"]?.string ?? "") })
    #expect(values == ["seat-1": "50", "seat-2": "50", "seat-3": "50", "seat-4": "100", "seat-5": "100", "analyst-1": "100"])
    #expect(points?["sum"] == "450" && points?["mean"] == "75")
    #expect(points?.value(at: "/consequences/0/lines/0/amount/yuan") == "-500.00")
    try desk.confirm("quarter-1", asOf: "2024-07-05")
    try desk.confirm("quarter-2", asOf: "2024-07-05")
    #expect(try desk.replaysEqual("quarter-2"))
    // The next quarter begins with it.
    #expect(try desk.statement("quarter-3", asOf: "2024-07-05").amounts.first == "-109816.00")
  }
}
