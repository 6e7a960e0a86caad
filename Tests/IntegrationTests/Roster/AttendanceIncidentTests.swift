// SPDX-License-Identifier: Apache-2.0
import Base
import EventLoop
import Glibc
import Support
import Testing

/// What the timer proposes of shifts that are over, on a server whose clock the tests move.
@Suite("Incidents out of attendance", .deployment(at: "2020-01-01T07:00:00+08:00"), .serialized)
struct AttendanceIncidentTests {
  private func desk() throws -> AttendanceDesk { AttendanceDesk(office: try RosterOffice("sanjianfang")) }

  /// What was proposed of a person's shifts, as `absence proposed 1`: the kind, the state, the version.
  private func proposed(_ person: String, _ day: String) throws -> [String] {
    try Deployment.current.database.sql(
      """
      SELECT kind || ' ' || state || ' ' || version FROM incident WHERE source = 'attendance' AND subject = '\(person)'
        AND (occurred_at AT TIME ZONE 'Asia/Shanghai')::date = '\(day)' ORDER BY kind, external_number
      """
    ).split(separator: "\n").map(String.init)
  }

  private func wait(_ person: String, _ day: String, for wanted: [String]) throws {
    try Support.wait(for: "\(person) on \(day): \(wanted)") { try proposed(person, day) == wanted }
  }

  @Test("two servers propose each finding once, when the shift and the tolerance are over; a restart adds nothing")
  func once() async throws {
    let desk = try desk()
    let deployment = desk.office.deployment
    let other = try deployment.another()
    defer { other.program.end(by: SIGTERM) }
    try desk.setClock("2020-01-01T07:00:00+08:00")
    try desk.office.generate("2020-01-01", "2020-01-05")
    let (day, next) = (try desk.office.dayShift("2020-01-02"), try desk.office.dayShift("2020-01-03"))
    try desk.setClock("2020-01-02T20:30:00+08:00")
    try desk.mark(["\(day.person) in 2020-01-02T08:12:00", "\(day.person) out 2020-01-02T19:50:00"])
    // The widest tolerance is sixty minutes.
    try await deployment.database.loop.sleep(for: .milliseconds(1500))
    #expect(try proposed(day.person, "2020-01-02") == [])
    try desk.setClock("2020-01-02T21:00:01+08:00")
    try wait(day.person, "2020-01-02", for: ["late-or-early proposed 1", "late-or-early proposed 1"])

    // Nobody marks anything of the rest: five people, each shift once. Then one server dies and comes back.
    try desk.setClock("2020-01-06T12:00:00+08:00")
    try wait(next.person, "2020-01-03", for: ["absence proposed 1"])
    deployment.crashServer()
    try deployment.serve()
    let all = """
      SELECT count(*), count(DISTINCT external_number), max(version) FROM incident WHERE source = 'attendance' AND kind = 'absence'
      """
    let shifts = try desk.office.shifts("from=2020-01-01&to=2020-01-05&state=planned").count
    try Support.wait(for: "every shift, once") { try deployment.database.sql(all) == "\(shifts - 1)|\(shifts - 1)|1" }
    // In the order of their numbers: what was early, what was late.
    let late = try #require(try incident(desk, day.person, "2020-01-02").last)
    #expect(late.string("/description")?.contains("late, 12 minutes") == true, "\(late.text)")
    #expect(late.string("/proposedSide") == "system" && late.json["proposedBy"] == .null && late.string("/source") == "attendance")
    #expect(late.string("/subject") == day.person && late.string("/contract") == "seats-2019")
    let evidence = late.json["evidence"]?.array ?? []
    #expect(evidence.map { $0["kind"] } == ["shift", "clockMark", "clockMark"] && evidence[0]["reference"] == .string(day.id))
    #expect(evidence[1]["reference"] == .string("\(day.person)/2020-01-02T08:12:00+08:00/in"))
    let page = try desk.read("supervisor", "from=2020-01-02&to=2020-01-02&person=\(day.person)")
    let finding = page.json.value(at: "/items/0/findings/0")
    #expect(finding?["incident"] == late.json["id"] && finding?["incidentState"] == "proposed")
  }

  private func incident(_ desk: AttendanceDesk, _ person: String, _ day: String) throws -> [Caller.Answer] {
    let ids = try desk.office.deployment.database.sql(
      """
      SELECT id FROM incident WHERE source = 'attendance' AND subject = '\(person)'
        AND (occurred_at AT TIME ZONE 'Asia/Shanghai')::date = '\(day)' ORDER BY external_number
      """)
    return try ids.split(separator: "\n").map { try desk.office.who("supervisor").get("\(desk.office.path)/incidents/\($0)") }
  }

  @Test("marks that come in late, and corrections, withdraw what is found no longer and propose what is found instead")
  func corrected() async throws {
    let desk = try desk()
    try desk.setClock("2020-02-03T07:00:00+08:00")
    try desk.office.generate("2020-02-03", "2020-02-05")
    let shift = try desk.office.dayShift("2020-02-03")
    let (person, day) = (shift.person, "2020-02-03")
    try desk.setClock("2020-02-03T22:00:00+08:00")
    try wait(person, day, for: ["absence proposed 1"])
    // The door's marks come in: somebody was there, ten minutes late.
    try desk.mark(["\(person) in 2020-02-03T08:10:00", "\(person) out 2020-02-03T20:00:00"])
    try wait(person, day, for: ["absence rejected 2", "late-or-early proposed 1"])
    let withdrawn = try #require(try incident(desk, person, day).first)
    #expect(withdrawn.json["decidedBy"] == .null && withdrawn.string("/decisionNote")?.contains("Not found any more") == true)
    #expect(withdrawn.string("/steps/0/step") == "withdraw" && withdrawn.string("/steps/0/side") == "system")

    // The telephone said 08:04: it is proposed as it is then, once more.
    #expect(try desk.decide("leader", desk.ask("supervisor", "add", "\(person) in 2020-02-03T08:04:00"), "approve").status == 200)
    try wait(person, day, for: ["absence rejected 2", "late-or-early proposed 2"])
    let late = try incident(desk, person, day)[1]
    #expect(late.string("/description")?.contains("late, 4 minutes") == true && late.string("/steps/0/step") == "propose", "\(late.text)")
    // In time after all.
    #expect(try desk.decide("leader", desk.ask("supervisor", "add", "\(person) in 2020-02-03T07:58:00"), "approve").status == 200)
    try wait(person, day, for: ["absence rejected 2", "late-or-early rejected 3"])
    // Voided, it is found again.
    #expect(try desk.decide("leader", desk.ask("supervisor", "void", "\(person) in 2020-02-03T07:58:00"), "approve").status == 200)
    try wait(person, day, for: ["absence rejected 2", "late-or-early proposed 4"])

    // What somebody has decided stays as it is.
    let id = try #require(late.string("/id"))
    let rejected = try desk.office.who("supervisor").post(
      "\(desk.office.path)/incidents/\(id)/reject", ["note": "交通管制"], ["If-Match": "\"4\""])
    #expect(rejected.status == 200, "\(rejected.text)")
    #expect(try desk.decide("leader", desk.ask("supervisor", "add", "\(person) in 2020-02-03T08:02:00"), "approve").status == 200)
    for _ in 0..<200 where try !isJudged(person) { try await desk.office.deployment.database.loop.sleep(for: .milliseconds(50)) }
    #expect(try isJudged(person) && proposed(person, day) == ["absence rejected 2", "late-or-early rejected 5"])
  }

  private func isJudged(_ person: String) throws -> Bool {
    try Deployment.current.database.sql("SELECT next_at > '2020-02-03 22:00+08' FROM attendance_book WHERE person = '\(person)'") == "t"
  }

  @Test("whoever is on leave is not missed, and what was approved afterwards takes back what was proposed")
  func leave() async throws {
    let desk = try desk()
    try desk.setClock("2020-03-02T07:00:00+08:00")
    try desk.office.generate("2020-03-02", "2020-03-04")
    let shift = try desk.office.dayShift("2020-03-02")
    try desk.setClock("2020-03-02T08:30:00+08:00")
    // A shift that has begun is not cancelled by leave, which shortens it.
    let asked = try desk.office.who("vendor-manager").post(
      "\(desk.office.path)/leaves",
      ["person": .string(shift.person), "startsAt": "2020-03-02T08:00:00+08:00", "endsAt": "2020-03-03T00:00:00+08:00", "reason": "急病"])
    let id = try #require(asked.string("/id"), "\(asked.text)")
    try desk.setClock("2020-03-02T21:30:00+08:00")
    try wait(shift.person, "2020-03-02", for: ["absence proposed 1"])
    let approved = try desk.office.who("supervisor").post("\(desk.office.path)/leaves/\(id)/approve", [:], ["If-Match": "\"1\""])
    #expect(approved.status == 200, "\(approved.text)")
    try wait(shift.person, "2020-03-02", for: ["absence rejected 2"])
    let page = try desk.read("supervisor", "from=2020-03-02&to=2020-03-02&person=\(shift.person)")
    #expect(page.string("/items/0/duty") == "onLeave" && page.json.value(at: "/items/0/findings") == [], "\(page.text)")
  }

  @Test("rules that are applied for days gone by have the shifts of those days judged anew")
  func rulesChanged() async throws {
    let desk = try desk()
    let deployment = desk.office.deployment
    try desk.setClock("2020-04-06T07:00:00+08:00")
    try desk.office.generate("2020-04-06", "2020-04-10")
    let (before, shift) = (try desk.office.dayShift("2020-04-06"), try desk.office.dayShift("2020-04-07"))
    try desk.setClock("2020-04-09T12:00:00+08:00")
    try desk.mark([
      "\(before.person) in 2020-04-06T08:05:00", "\(before.person) out 2020-04-06T20:00:00", "\(shift.person) in 2020-04-07T08:05:00",
      "\(shift.person) out 2020-04-07T20:00:00",
    ])
    try wait(before.person, "2020-04-06", for: ["late-or-early proposed 1"])
    try wait(shift.person, "2020-04-07", for: ["late-or-early proposed 1"])

    // Ten minutes are let pass, from the second day on.
    let directory = "\(deployment.state)/lenient"
    let change = "s/2019-10-10\",$/2020-04-07\",/; s/\"late\": {\"over\": {\"minutes\": 0}/\"late\": {\"over\": {\"minutes\": 10}/"
    _ = try Command.run([
      "sh", "-c", "cp -r \(Cluster.checkout)/deploy/tenants/sanjianfang \(directory) && sed -i '\(change)' \(directory)/roster.json",
    ])
    let applied = try deployment.jiesu("tenant", "apply", directory)
    try #require(applied.status == 0, "\(applied.output)")
    try wait(shift.person, "2020-04-07", for: ["late-or-early rejected 2"])
    #expect(try proposed(before.person, "2020-04-06") == ["late-or-early proposed 1"])
  }
}
