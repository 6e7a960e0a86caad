// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// From a deduction to the marks that it rests on, on a server whose clock the tests move.
@Suite("Why somebody's lateness costs what it costs", .deployment(at: "2020-02-03T07:00:00+08:00"), .serialized)
struct AttendanceReasonTests {
  @Test("a line opens into the incident, that into its shift and marks, and who undoes a mark sees it there")
  func chain() throws {
    let (desk, attendance) = (try Desk("sanjianfang", "seats-2019"), AttendanceDesk(office: try RosterOffice("sanjianfang")))
    try attendance.office.generate("2020-02-03", "2020-02-05")
    let shift = try attendance.office.dayShift("2020-02-03")
    try attendance.setClock("2020-02-03T20:30:00+08:00")
    try attendance.mark(["\(shift.person) in 2020-02-03T08:12:00", "\(shift.person) out 2020-02-03T20:00:00"])
    try attendance.setClock("2020-02-03T22:00:00+08:00")
    let proposal = try #require(try eventually { try desk.proposals("late-or-early").first })
    let id = try #require(proposal["id"]?.string)
    try desk.decide(id)

    // Each late arrival costs 100 yuan, kept to the last payment.
    let statement = try desk.statement("last", asOf: "2020-11-30")
    let place = try #require(statement.lines.firstIndex { $0["rule"] == "lateness" })
    #expect(statement.lines[place].value(at: "/amount/yuan") == "-100.00")
    func why() throws -> Caller.Answer {
      try desk.who("finance").get("\(desk.settlement("last"))/why?line=\(place + 1)&asOf=2020-11-30", ["Accept-Language": "en"])
    }
    let answer = try why()
    #expect(answer.status == 200 && answer.string("/causes/0/incident/id") == id, "\(answer.text)")
    #expect(answer.string("/causes/0/shifts/0/shift") == shift.id && answer.json.value(at: "/causes/0/shifts/0/findings/0/minutes") == 12)
    #expect(answer.json.value(at: "/causes/0/shifts/0/marks")?.array?.count == 2)
    for word in ["2020-02-03T08:12:00+08:00", shift.person, "the platform"] {
      #expect(answer.string("/paragraph")?.contains(word) == true, "\(answer.text)")
    }
    let incident = try desk.who("finance").get("\(desk.office)/incidents/\(id)")
    #expect(incident.json.value(at: "/shifts/0/marks") == answer.json.value(at: "/causes/0/shifts/0/marks"), "\(incident.text)")

    // A mark that is added after the confirmation changes nothing by itself, and stands there for whoever disputes.
    #expect(
      try attendance.decide("leader", attendance.ask("vendor-manager", "add", "\(shift.person) in 2020-02-03T07:58:00"), "approve").status
        == 200)
    let later = try why()
    #expect(later.json.value(at: "/causes/0/incident/state") == "confirmed" && later.json.value(at: "/causes/0/shifts/0/findings") == [])
    #expect(later.string("/causes/0/shifts/0/marks/0/source") == "correction")
    #expect(try desk.statement("last", asOf: "2020-11-30").line("lateness")?.value(at: "/amount/yuan") == "-100.00")
  }

  @Test("evidence that names a shift of another contract, or none, opens nothing")
  func strayEvidence() throws {
    let desk = try Desk("sanjianfang", "seats-2019")
    let id = try desk.who("vendor-manager").make(
      "\(desk.office)/incidents",
      [
        "contract": "seats-2019", "incident": "late-or-early", "occurredAt": "2020-02-03T08:00:00+08:00", "subject": "seat-1",
        "evidence": [
          ["kind": "shift", "reference": "01930000-0000-7000-8000-000000000001"], ["kind": "shift", "reference": "the one of Monday"],
        ],
      ])
    let incident = try desk.who("supervisor").get("\(desk.office)/incidents/\(id)")
    #expect(incident.status == 200 && incident.json["shifts"] == [], "\(incident.text)")
  }
}
