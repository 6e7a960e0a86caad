// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Coming back early from leave, through the API, on a server whose clock the tests move.
@Suite("Early returns over the API", .deployment(at: "2019-12-20T09:00:00+08:00"), .serialized)
struct LeaveReturnTests {
  private func office() throws -> RosterOffice { try RosterOffice("sanjianfang") }

  private static let tag = ["If-Match": "\"1\"", "Accept-Language": "en"]

  private func setClock(_ instant: String) throws { try Deployment.current.setClock(to: try #require(Instant(instant + "+08:00"))) }

  /// Has the clock stand at a moment, for what is asked and decided in one second.
  private func stopClock(_ instant: String) throws { try Deployment.current.stopClock(at: try #require(Instant(instant + "+08:00"))) }

  /// Leave that was asked for by who takes it, and approved unless told otherwise.
  private func leave(_ office: RosterOffice, _ person: String, _ from: String, _ to: String, approved: Bool = true) throws -> String {
    let id = try office.who(person).make(
      "\(office.path)/leaves",
      ["person": .string(person), "startsAt": .string(from + "+08:00"), "endsAt": .string(to + "+08:00"), "reason": "家中有事"])
    if approved { #expect(try office.who("supervisor").post("\(office.path)/leaves/\(id)/approve", [:], Self.tag).status == 200) }
    return id
  }

  private func body(_ leave: String, _ back: String) -> JSON {
    ["leave": .string(leave), "backAt": .string(back + "+08:00"), "reason": "事已办完"]
  }

  private func plan(_ office: RosterOffice, _ person: String, _ from: String, _ to: String) throws -> Caller.Answer {
    try office.who("vendor-manager").post(
      "\(office.path)/shifts",
      [
        "shifts": [
          [
            "person": .string(person), "contract": "seats-2019", "post": "seat", "startsAt": .string(from + "+08:00"),
            "endsAt": .string(to + "+08:00"),
          ]
        ]
      ])
  }

  @Test("once it is approved the days back are for planning and for gaps again, those before are not, and what was given away stays so")
  func life() throws {
    let office = try office()
    try office.generate("2020-01-01", "2020-01-31")
    let (leaves, path) = ("\(office.path)/leaves", "\(office.path)/leave-returns")
    let leave = try leave(office, "seat-1", "2020-01-04T06:00:00", "2020-01-12T00:00:00")
    let gone = try office.shifts("from=2020-01-01&to=2020-01-31&person=seat-1&state=cancelled").map(\.id)
    #expect(gone.count == 5)
    let gaps = try office.gaps("2020-01-02", "2020-01-11")

    let seat = try office.who("seat-1")
    let asked = try seat.post(path, body(leave, "2020-01-10T08:00:00"), key: "back")
    #expect(asked.status == 201 && asked.fields["etag"] == "\"1\"" && asked.string("/state") == "requested", "\(asked.text)")
    #expect(try seat.post(path, body(leave, "2020-01-10T08:00:00"), key: "back").fields["idempotency-replayed"] == "true")
    let id = try #require(asked.string("/id"))
    #expect(asked.fields["location"] == "\(path)/\(id)")
    #expect(try office.told("leader", of: id) == ["leave-return.requested"] && office.told("vendor-manager", of: id) == [])
    // Nothing has changed yet.
    #expect(try plan(office, "seat-1", "2020-01-10T08:00:00", "2020-01-10T20:00:00").faults == ["/shifts/0/person on-leave"])
    #expect(try hindrance(office, "seat-1", "2020-01-10T08:00") == "onLeave")

    let supervisor = try office.who("supervisor")
    let approved = try supervisor.post("\(path)/\(id)/approve", ["note": "欢迎"], Self.tag)
    #expect(approved.status == 200 && approved.string("/state") == "approved" && approved.fields["etag"] == "\"2\"", "\(approved.text)")
    #expect(try office.told("seat-1", of: id).last == "leave-return.approved")
    let read = try supervisor.get("\(leaves)/\(leave)")
    #expect(
      read.string("/backAt") == "2020-01-10T08:00:00+08:00" && read.string("/endsAt") == "2020-01-12T00:00:00+08:00"
        && read.string("/state") == "approved" && read.fields["etag"] == "\"3\"", "\(read.text)")
    let one = try seat.get("\(path)/\(id)")
    #expect(one.string("/leave") == leave && one.string("/person") == "seat-1" && one.string("/note") == "欢迎", "\(one.text)")

    // What the leave took stays away; who could take what is open is told anew.
    #expect(try office.gaps("2020-01-02", "2020-01-11") == gaps)
    #expect(try office.shifts("from=2020-01-01&to=2020-01-31&person=seat-1&state=cancelled").map(\.id) == gone)
    #expect(try hindrance(office, "seat-1", "2020-01-10T08:00") == nil)
    #expect(try hindrance(office, "seat-1", "2020-01-07T20:00") == "onLeave")
    // The instant of coming back is the first that is planned again.
    #expect(try plan(office, "seat-1", "2020-01-10T07:59:59", "2020-01-10T20:00:00").faults == ["/shifts/0/person on-leave"])
    #expect(try plan(office, "seat-1", "2020-01-10T08:00:00", "2020-01-10T20:00:00").status == 201)
    #expect(try office.generate("2020-01-11", "2020-01-11").json["planned"]?.integer != nil)
    #expect(try office.shifts("from=2020-01-04&to=2020-01-09&person=seat-1&state=planned").isEmpty)

    // A list by time has the leave in the days that it still takes only; leave may be asked for again behind it.
    let found = { (day: String) in
      (try supervisor.get("\(leaves)?from=\(day)&to=\(day)&person=seat-1").json["items"]?.array ?? []).compactMap { $0["id"]?.string }
    }
    #expect(try found("2020-01-10") == [leave] && found("2020-01-11") == [])
    let again: (String, String) throws -> Caller.Answer = { from, to in
      try seat.post(
        leaves, ["person": "seat-1", "startsAt": .string(from + "+08:00"), "endsAt": .string(to + "+08:00"), "reason": "又有事"])
    }
    #expect(try again("2020-01-10T07:59:59", "2020-01-11T00:00:00").string("/code") == "leave-overlaps")
    #expect(try again("2020-01-10T22:00:00", "2020-01-12T00:00:00").status == 201)

    // Earlier still, not later again.
    let later = try seat.post(path, body(leave, "2020-01-10T08:00:00"))
    #expect(later.faults == ["/backAt out-of-range"] && later.text.contains("只能更早"), "\(later.text)")
    let second = try seat.make(path, body(leave, "2020-01-09T00:00:00"))
    #expect(try supervisor.post("\(path)/\(second)/approve", [:], Self.tag).status == 200)
    #expect(try supervisor.get("\(leaves)/\(leave)").string("/backAt") == "2020-01-09T00:00:00+08:00")
  }

  /// What stands against somebody's taking the open slot that begins at an instant; nil where nothing does.
  private func hindrance(_ office: RosterOffice, _ person: String, _ from: String) throws -> String? {
    let day = String(from.prefix(10))
    let open = (try office.coverage(day, day).json["gaps"]?.array ?? []).flatMap { $0["open"]?.array ?? [] }
    let slot = try #require(open.first { $0["from"]?.string?.hasPrefix(from) == true }, "\(open)")
    if slot["able"]?.array?.contains(.string(person)) == true { return nil }
    return (slot["hindered"]?.array ?? []).first { $0["person"]?.string == person }?["by"]?.string ?? "unknown"
  }

  @Test("only approved leave that is not over ends early, and only within itself")
  func boundaries() throws {
    let office = try office()
    let (leaves, path) = ("\(office.path)/leaves", "\(office.path)/leave-returns")
    let (seat, supervisor) = (try office.who("seat-2"), try office.who("supervisor"))
    let (from, to) = ("2020-02-03T00:00:00", "2020-02-08T00:00:00")
    let leave = try leave(office, "seat-2", from, to, approved: false)
    #expect(try seat.post(path, body(leave, "2020-02-05T00:00:00")).faults == ["/leave not-approved"])
    #expect(try supervisor.post("\(leaves)/\(leave)/approve", [:], Self.tag).status == 200)
    // Before it, at its start, at its end, behind it.
    for back in ["2020-02-02T12:00:00", from, to, "2020-02-09T00:00:00"] {
      #expect(try seat.post(path, body(leave, back)).faults == ["/backAt out-of-range"], "\(back)")
    }
    // On its first day and on its last.
    for back in ["2020-02-03T00:00:01", "2020-02-03T08:00:00", "2020-02-07T23:59:59"] {
      let id = try seat.make(path, body(leave, back))
      #expect(try seat.post("\(path)/\(id)/withdraw", [:], Self.tag).string("/state") == "withdrawn", "\(back)")
    }
    #expect(
      try seat.post(path, ["leave": "0193b8c4-0000-7000-8000-000000000000", "backAt": "2020-02-05T00:00:00+08:00", "reason": "?"]).faults
        == ["/leave unknown-reference"])
    #expect(try seat.post(path, ["leave": .string(leave)]).faults == ["/backAt missing-member", "/reason missing-member"])

    // Asked for in its last second and decided in the same; a second later neither.
    try stopClock("2020-02-07T23:59:59")
    let late = try office.who("seat-2").make(path, body(leave, "2020-02-07T12:00:00"))
    try setClock(to)
    #expect(try office.who("supervisor").post("\(path)/\(late)/approve", [:], Self.tag).string("/code") == "leave-over")
    #expect(try office.who("supervisor").post("\(path)/\(late)/reject", ["note": "假已休完"], Self.tag).status == 200)
    #expect(try office.who("seat-2").post(path, body(leave, "2020-02-07T12:00:00")).faults == ["/leave already-over"])
    try stopClock("2020-02-07T23:59:59")
    let last = try office.who("seat-2").make(path, body(leave, "2020-02-06T00:00:00"))
    #expect(try office.who("supervisor").post("\(path)/\(last)/approve", [:], Self.tag).status == 200)
    // Its end is where its person came back now.
    #expect(try office.who("seat-2").post(path, body(leave, "2020-02-05T00:00:00")).faults == ["/leave already-over"])
    try setClock("2019-12-20T09:00:00")

    // Of leave that was taken back before a request ended with it.
    let other = try self.leave(office, "seat-2", "2020-02-12T00:00:00", "2020-02-14T00:00:00")
    let idle = try office.who("seat-2").make(path, body(other, "2020-02-13T00:00:00"))
    try office.deployment.database.sql("UPDATE staff_leave SET state = 'withdrawn' WHERE id = '\(other)'")
    #expect(try office.who("supervisor").post("\(path)/\(idle)/approve", [:], Self.tag).string("/code") == "leave-not-approved")
    #expect(try office.who("seat-2").post(path, body(other, "2020-02-13T00:00:00")).faults == ["/leave not-approved"])
  }

  @Test("leave that is taken back takes the request that waits with it, and tells who asked; none stays open however many do both at once")
  func leaveTakenBack() async throws {
    let office = try office()
    let (leaves, path) = ("\(office.path)/leaves", "\(office.path)/leave-returns")
    let (seat, manager, supervisor) = (try office.who("analyst-1"), try office.who("vendor-manager"), try office.who("supervisor"))
    let leave = try leave(office, "analyst-1", "2020-05-11T00:00:00", "2020-05-15T00:00:00")
    let rejected = try seat.make(path, body(leave, "2020-05-14T00:00:00"))
    #expect(try supervisor.post("\(path)/\(rejected)/reject", ["note": "不必"], Self.tag).status == 200)
    let id = try seat.make(path, body(leave, "2020-05-13T00:00:00"))
    #expect(try manager.post("\(leaves)/\(leave)/withdraw", ["note": "不休了"], ["If-Match": "\"2\""]).status == 200)
    let read = try seat.get("\(path)/\(id)")
    #expect(
      read.string("/state") == "withdrawn" && read.string("/note") == "不休了" && read.string("/decidedBy") != nil
        && read.fields["etag"] == "\"2\"", "\(read.text)")
    #expect(try office.told("analyst-1", of: id) == ["leave-return.withdrawn"])
    #expect(try office.told("analyst-1", of: rejected) == ["leave-return.rejected"])
    #expect(try seat.get("\(path)/\(rejected)").fields["etag"] == "\"2\"")
    let noted = "SELECT count(*) FROM audit_event WHERE action = 'leave-return.withdrawn' AND subject = '\(id)'"
    #expect(try office.deployment.database.sql(noted) == "1")
    #expect(try supervisor.post("\(path)/\(id)/approve", [:], Self.tag).string("/code") == "already-decided")

    for day in 18...21 {
      let other = try self.leave(office, "analyst-1", "2020-05-\(day)T00:00:00", "2020-05-\(day)T23:00:00")
      let answers = try await LeaveTests.atOnce(6) { number in
        number % 2 == 0
          ? try seat.post(path, body(other, "2020-05-\(day)T12:00:00"))
          : try manager.post("\(leaves)/\(other)/withdraw", [:], ["If-Match": "\"2\""])
      }
      #expect(answers.allSatisfy { $0.status < 500 }, "\(answers.map(\.text))")
      if try supervisor.get("\(leaves)/\(other)").string("/state") == "withdrawn" {
        #expect(try supervisor.get("\(path)?leave=\(other)&state=requested").json["items"] == [], "\(answers.map(\.text))")
      }
    }
  }

  @Test("it is asked for and decided by those who ask for and decide on leave, by one once")
  func sides() async throws {
    let office = try office()
    let path = "\(office.path)/leave-returns"
    let (seat, manager, supervisor) = (try office.who("seat-3"), try office.who("vendor-manager"), try office.who("supervisor"))
    let leave = try leave(office, "seat-3", "2020-03-02T00:00:00", "2020-03-07T00:00:00")
    let back = body(leave, "2020-03-04T00:00:00")
    // Who neither takes the leave nor plans does not see it; the office does not ask.
    #expect(try office.who("seat-4").post(path, back).faults == ["/leave unknown-reference"])
    for role in ["supervisor", "leader", "admin", "finance"] { #expect(try office.who(role).post(path, back).status == 403, "\(role)") }
    #expect(try RosterOffice("anding").who("vendor-manager").post(path, back).status == 404)

    let id = try manager.make(path, back)
    #expect(try seat.post(path, back).string("/code") == "already-asked")
    #expect(try supervisor.post("\(path)/\(id)/approve", [:]).status == 428)
    #expect(try supervisor.post("\(path)/\(id)/approve", [:], ["If-Match": "\"2\""]).status == 412)
    for step in ["approve", "reject"] {
      #expect(try manager.post("\(path)/\(id)/\(step)", ["note": "?"], Self.tag).string("/code") == "not-your-side", "\(step)")
      #expect(try seat.post("\(path)/\(id)/\(step)", ["note": "?"], Self.tag).status == 403, "\(step)")
    }
    #expect(try supervisor.post("\(path)/\(id)/reject", [:], Self.tag).faults == ["/note missing-member"])
    #expect(try supervisor.post("\(path)/\(id)/withdraw", [:], Self.tag).status == 403)
    #expect(try office.who("seat-4").get("\(path)/\(id)").status == 404)
    #expect(try supervisor.post("\(path)/\(id)/reject", ["note": "已有人顶替"], Self.tag).string("/state") == "rejected")
    #expect(try supervisor.post("\(path)/\(id)/approve", [:], ["If-Match": "\"2\""]).string("/code") == "already-decided")

    let second = try seat.make(path, back)
    let answers = try await LeaveTests.atOnce(6) {
      try office.who($0 % 2 == 0 ? "leader" : "supervisor").post("\(path)/\(second)/approve", [:], Self.tag)
    }
    #expect(answers.count { $0.status == 200 } == 1, "\(answers.map(\.text))")
    #expect(answers.allSatisfy { $0.status == 200 || ["already-decided", "roster-changed"].contains($0.string("/code")) })
    #expect(try office.told("seat-3", of: second) == ["leave-return.approved"])
    for step in ["approve", "withdraw"] {
      let who = step == "approve" ? supervisor : seat
      #expect(try who.post("\(path)/\(second)/\(step)", [:], ["If-Match": "\"2\""]).string("/code") == "already-decided")
    }

    let ids = { (answer: Caller.Answer) in (answer.json["items"]?.array ?? []).compactMap { $0["id"]?.string } }
    #expect(try ids(supervisor.get("\(path)?leave=\(leave)")) == [second, id])
    #expect(try ids(seat.get("\(path)?person=seat-3&state=rejected")) == [id])
    #expect(try ids(office.who("seat-4").get(path)).isEmpty)
    #expect(try supervisor.get("\(path)?leave=x").status == 422 && supervisor.get("\(path)?state=gone").status == 422)
    #expect(try office.who("finance").get(path).status == 403)
  }

  @Test("where the vendor decides nobody decides on what they asked for, nor does the office")
  func vendorDecides() throws {
    let office = try RosterOffice("xisanqi")
    try setClock("2024-04-20T09:00:00")
    defer { try? setClock("2019-12-20T09:00:00") }
    let (leaves, path) = ("\(office.path)/leaves", "\(office.path)/leave-returns")
    let (seat, manager) = (try office.who("flow-seat-1"), try office.who("vendor-manager"))
    let leave = try seat.make(
      leaves,
      ["person": "flow-seat-1", "startsAt": "2024-05-06T00:00:00+08:00", "endsAt": "2024-05-09T00:00:00+08:00", "reason": "家中有事"])
    #expect(try manager.post("\(leaves)/\(leave)/approve", [:], Self.tag).status == 200)
    let own = try manager.make(path, body(leave, "2024-05-08T00:00:00"))
    #expect(try manager.post("\(path)/\(own)/approve", [:], Self.tag).string("/code") == "own-proposal")
    #expect(try manager.post("\(path)/\(own)/withdraw", [:], Self.tag).status == 200)
    let id = try seat.make(path, body(leave, "2024-05-08T00:00:00"))
    #expect(try office.who("supervisor").post("\(path)/\(id)/approve", [:], Self.tag).string("/code") == "not-your-side")
    try office.having("flow-seat-1", signInAs: "vendor-manager") {
      for step in ["approve", "reject"] {
        let refused = try manager.post("\(path)/\(id)/\(step)", ["note": "?"], Self.tag)
        #expect(refused.status == 403 && refused.string("/code") == "own-matter", "\(refused.text)")
      }
    }
    #expect(try manager.post("\(path)/\(id)/approve", [:], Self.tag).status == 200)
  }

  @Test("attendance counts the time behind it: of a shift that has begun the rest, and what is planned anew")
  func attendance() throws {
    let desk = AttendanceDesk(office: try office())
    let office = desk.office
    try setClock("2020-04-01T09:00:00")
    try office.generate("2020-04-06", "2020-04-12")
    let shift = try office.dayShift("2020-04-07")
    // Asked for when the shift has begun, so that it is not cancelled.
    try setClock("2020-04-07T09:00:00")
    let leave = try leave(office, shift.person, "2020-04-07T08:00:00", "2020-04-10T00:00:00")
    let item = { (day: String) in
      try #require(try desk.read("supervisor", "from=\(day)&to=\(day)&person=\(shift.person)").json.value(at: "/items/0"))
    }
    try setClock("2020-04-07T22:00:00")
    #expect(try item("2020-04-07")["duty"] == "onLeave")
    let id = try office.who(shift.person).make("\(office.path)/leave-returns", body(leave, "2020-04-07T14:00:00"))
    #expect(try item("2020-04-07")["duty"] == "onLeave")
    #expect(try office.who("leader").post("\(office.path)/leave-returns/\(id)/approve", [:], Self.tag).status == 200)
    #expect(try item("2020-04-07")["duty"] == "shortened")
    try desk.mark(["\(shift.person) in 2020-04-07T14:12:00", "\(shift.person) out 2020-04-07T20:00:00"])
    #expect(try desk.attendance("2020-04-07", "2020-04-07", shift.person) == ["07T08 late 12"])
    // The shift of the next night went with the leave; planned anew it is one to be absent from.
    #expect(try plan(office, shift.person, "2020-04-09T08:00:00", "2020-04-09T20:00:00").status == 201)
    try setClock("2020-04-09T22:00:00")
    #expect(try item("2020-04-09").value(at: "/findings/0/finding") == "absent")
    try setClock("2019-12-20T09:00:00")
  }
}
