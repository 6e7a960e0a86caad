// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Swaps through the API, on a server whose clock says December 2019: four crews of one, a day of twelve hours, the night after it, two days off.
@Suite("Swaps over the API", .deployment(at: "2019-12-20T09:00:00+08:00"), .serialized)
struct SwapTests {
  private func office() throws -> RosterOffice { try RosterOffice("sanjianfang") }

  private func body(_ shift: RosterOffice.Shift, to person: String, for other: RosterOffice.Shift? = nil) -> JSON {
    var body: JSONObject = ["shift": .string(shift.id), "toPerson": .string(person), "reason": "家中有事"]
    if let other { body["inReturn"] = .string(other.id) }
    return .object(body)
  }

  private static let tag = ["If-Match": "\"1\"", "Accept-Language": "en"]

  @Test("two shifts change hands in one step once it is approved, and coverage and hours stay as they were")
  func exchange() throws {
    let office = try office()
    try office.generate("2020-01-01", "2020-01-31")
    let path = "\(office.path)/swaps"
    let (seat, manager) = (try office.who("seat-1"), try office.who("vendor-manager"))
    let mine = try office.shift("seat-1", from: "2020-01-06T08:00")
    let theirs = try office.shift("seat-2", from: "2020-01-12T20:00")

    // The rest between shifts, of who takes and of who gets one in return; who never had the post; who is not there.
    #expect(try seat.post(path, body(mine, to: "seat-3")).faults == ["/toPerson not-rested"])
    #expect(try seat.post(path, body(mine, to: "seat-4")).faults == ["/toPerson not-rested"])
    #expect(
      try seat.post(path, body(mine, to: "seat-2", for: office.shift("seat-2", from: "2020-01-11T08:00"))).faults == [
        "/inReturn not-rested"
      ])
    #expect(try seat.post(path, body(mine, to: "analyst-1")).faults == ["/toPerson not-qualified"])
    #expect(try seat.post(path, body(mine, to: "nobody")).faults == ["/toPerson unknown-reference"])
    #expect(try seat.post(path, body(mine, to: "seat-1")).faults == ["/toPerson bad-combination"])
    #expect(try seat.post(path, body(mine, to: "seat-2", for: mine)).faults == ["/inReturn bad-combination"])
    #expect(
      try seat.post(path, body(mine, to: "seat-2", for: office.shift("seat-3", from: "2020-01-12T08:00"))).faults == [
        "/inReturn bad-combination"
      ])
    let stray: JSON = ["shift": "0193b8c4-0000-7000-8000-000000000000", "toPerson": "seat-2", "reason": "?"]
    #expect(try seat.post(path, stray).faults == ["/shift unknown-reference"])
    #expect(try seat.post(path, ["shift": .string(mine.id)]).faults == ["/toPerson missing-member", "/reason missing-member"])

    let asked = try seat.post(path, body(mine, to: "seat-2", for: theirs), key: "swap")
    #expect(asked.status == 201 && asked.fields["etag"] == "\"1\"", "\(asked.text)")
    #expect(try seat.post(path, body(mine, to: "seat-2", for: theirs), key: "swap").fields["idempotency-replayed"] == "true")
    let id = try #require(asked.string("/id"))
    #expect(try office.shift("seat-1", from: "2020-01-06T08:00").id == mine.id)
    let approved = try manager.post("\(path)/\(id)/approve", ["note": "可以"], office.agree(id))
    #expect(approved.status == 200 && approved.fields["etag"] == "\"3\"" && approved.json["planned"]?.array?.count == 2, "\(approved.text)")

    let taken = try office.shift("seat-2", from: "2020-01-06T08:00")
    let returned = try office.shift("seat-1", from: "2020-01-12T20:00")
    #expect(taken.origin == "swap" && returned.origin == "swap" && returned.to.hasPrefix("2020-01-13T08:00"))
    #expect(approved.json["planned"] == [.string(taken.id), .string(returned.id)])
    let read = try manager.get("\(office.path)/shifts/\(taken.id)")
    #expect(read.string("/originId") == id && read.string("/pattern") == "watch" && read.string("/shift") == "day", "\(read.text)")
    for shift in [mine, theirs] {
      let read = try manager.get("\(office.path)/shifts/\(shift.id)")
      #expect(read.string("/state") == "cancelled" && read.string("/cancelledBecause") == "家中有事")
    }
    #expect(try office.gaps("2020-01-02", "2020-01-31") == [])
    #expect(try office.generate("2020-01-01", "2020-01-31").json["planned"]?.integer == 0)
    let one = try office.who("supervisor").get("\(path)/\(id)")
    #expect(one.string("/state") == "approved" && one.string("/person") == "seat-1" && one.string("/inReturn") == theirs.id)
    #expect(one.string("/startsAt")?.hasPrefix("2020-01-06T08:00") == true && one.string("/note") == "可以")
    for (step, body) in [("approve", [:]), ("reject", ["note": "?"]), ("withdraw", [:])] as [(String, JSON)] {
      #expect(try manager.post("\(path)/\(id)/\(step)", body, ["If-Match": "\"2\""]).string("/code") == "already-decided")
    }
  }

  @Test("what has changed since it was asked for is judged anew: leave, a shift that is cancelled or has begun")
  func overtaken() throws {
    let office = try office()
    try office.generate("2020-02-01", "2020-02-29")
    let path = "\(office.path)/swaps"
    let manager = try office.who("vendor-manager")
    let shift = try office.shift("seat-1", from: "2020-02-07T08:00")
    let id = try office.who("seat-2").make(path, body(shift, to: "seat-2"))
    let tag = try office.agree(id)
    let leave: JSON = [
      "person": "seat-2", "startsAt": "2020-02-07T19:00:00+08:00", "endsAt": "2020-02-07T20:00:00+08:00", "reason": "就医",
    ]
    let away = try manager.make("\(office.path)/leaves", leave)
    #expect(try office.who("supervisor").post("\(office.path)/leaves/\(away)/approve", [:], Self.tag).status == 200)
    let refused = try manager.post("\(path)/\(id)/approve", [:], tag)
    #expect(refused.status == 409 && refused.string("/code") == "on-leave" && refused.text.contains("seat-2"), "\(refused.text)")
    #expect(try manager.post("\(office.path)/leaves/\(away)/withdraw", [:], ["If-Match": "\"2\""]).status == 200)

    #expect(try manager.post("\(office.path)/shifts/\(shift.id)/cancel", ["reason": "x"], Self.tag).status == 200)
    #expect(try manager.post("\(path)/\(id)/approve", [:], tag).string("/code") == "already-cancelled")
    #expect(try office.who("seat-2").post(path, body(shift, to: "seat-2")).faults == ["/shift already-cancelled"])
    #expect(try office.who("seat-2").post("\(path)/\(id)/withdraw", ["note": "不必了"], tag).string("/state") == "withdrawn")

    let late = try office.shift("seat-2", from: "2020-02-08T08:00")
    let other = try office.who("seat-2").make(path, body(late, to: "seat-3"))
    try office.agree(other)
    try office.deployment.setClock(to: try #require(Instant("2020-02-08T08:00:00+08:00")))
    let then = Caller(port: office.deployment.port, token: try office.deployment.signIn("sanjianfang.vendor-manager", hours: 1))
    #expect(try then.post("\(path)/\(other)/approve", [:], tag).string("/code") == "shift-begun")
    #expect(try then.post(path, body(late, to: "seat-3")).faults == ["/shift shift-begun"])
    try office.deployment.setClock(to: try #require(Instant("2019-12-20T09:00:00+08:00")))
  }

  @Test("who gives or takes asks, or who plans; nobody decides on what they asked for")
  func permissions() throws {
    let office = try office()
    try office.generate("2020-03-01", "2020-03-31")
    let path = "\(office.path)/swaps"
    let manager = try office.who("vendor-manager")
    // 2020-03-10 is a first day of the second crew: the first is off after its night of the 10th.
    let shift = try #require(office.shifts("from=2020-03-10&to=2020-03-10&post=seat&state=planned").first { $0.from.contains("-10T08:00") })
    let nights = try office.shifts("from=2020-03-09&to=2020-03-10&post=seat&state=planned").filter {
      $0.from.contains("T20:00") && $0.from > "2020-03-09T"
    }
    let seats = ["seat-1", "seat-2", "seat-3", "seat-4"]
    let taker = try #require(seats.first { seat in seat != shift.person && !nights.contains { $0.person == seat } })
    let other = try #require(seats.first { $0 != shift.person && $0 != taker })
    #expect(try office.who(other).post(path, body(shift, to: taker)).status == 403)
    for role in ["supervisor", "leader", "admin"] { #expect(try office.who(role).post(path, body(shift, to: taker)).status == 403) }
    #expect(try RosterOffice("anding").who("vendor-manager").post(path, body(shift, to: taker)).status == 404)
    let id = try manager.make(path, body(shift, to: taker))
    #expect(try manager.post("\(path)/\(id)/approve", [:], Self.tag).string("/code") == "own-proposal")
    #expect(try office.who("leader").post("\(path)/\(id)/approve", [:], Self.tag).string("/code") == "not-your-side")
    #expect(try office.who(taker).post("\(path)/\(id)/withdraw", [:], Self.tag).status == 403)
    #expect(try manager.post("\(path)/\(id)/withdraw", [:]).status == 428)
    #expect(try manager.post("\(path)/\(id)/withdraw", [:], ["If-Match": "\"7\""]).status == 412)
    #expect(try manager.post("\(path)/\(id)/withdraw", [:], Self.tag).string("/state") == "withdrawn")

    let second = try office.who(taker).make(path, body(shift, to: taker))
    #expect(try RosterOffice("anding").who("supervisor").get("\(path)/\(second)").status == 404)
    #expect(try office.who("finance").get(path).status == 403)
    let list = try office.who("supervisor").get("\(path)?shift=\(shift.id)")
    #expect(list.json["items"]?.array?.compactMap { $0["id"]?.string } == [second, id])
    #expect(try office.who(other).get("\(path)?state=requested&person=\(taker)").string("/items/0/id") == second)
    #expect(try office.who("supervisor").get("\(path)?shift=x").status == 422)
    // Neither of the two decides, whoever asked.
    for person in [shift.person, taker] {
      try office.having(person, signInAs: "vendor-manager") {
        for step in ["approve", "reject"] {
          let refused = try manager.post("\(path)/\(second)/\(step)", ["note": "?"], Self.tag)
          #expect(refused.status == 403 && refused.string("/code") == "own-matter", "\(person): \(refused.text)")
        }
      }
    }
    #expect(try manager.post("\(path)/\(second)/reject", [:], Self.tag).faults == ["/note missing-member"])
    #expect(try manager.post("\(path)/\(second)/reject", ["note": "另有安排"], Self.tag).string("/state") == "rejected")
  }

  @Test("a swap waits for who is in it, signs in and has not asked; who refuses ends it; of who has no login the approver's word stands")
  func agreement() async throws {
    let office = try office()
    try office.generate("2020-06-08", "2020-06-18")
    let path = "\(office.path)/swaps"
    let manager = try office.who("vendor-manager")
    // The seat who is off the night before and the night after.
    let shift = try office.dayShift("2020-06-12")
    let seats = ["seat-1", "seat-2", "seat-3", "seat-4"].filter { $0 != shift.person }
    let taker = try #require(
      seats.first { seat in
        let asked = try office.who(shift.person).post(path, body(shift, to: seat))
        guard let id = asked.string("/id") else { return false }
        return try office.who(shift.person).post("\(path)/\(id)/withdraw", [:], Self.tag).status == 200
      })
    let other = try #require(seats.first { $0 != taker })

    let id = try office.who(shift.person).make(path, body(shift, to: taker))
    #expect(try manager.get("\(path)/\(id)").json["awaits"] == [.string(taker)])
    #expect(try office.told(taker, of: id) == ["swap.asked"] && office.told("vendor-manager", of: id) == [])
    let early = try manager.post("\(path)/\(id)/approve", [:], Self.tag)
    #expect(early.status == 409 && early.string("/code") == "not-agreed" && early.text.contains("\(taker) must agree"), "\(early.text)")
    for who in [shift.person, other, "vendor-manager"] {
      for step in ["agree", "refuse"] {
        let answer = try office.who(who).post("\(path)/\(id)/\(step)", [:], Self.tag)
        #expect(answer.status == 403 && answer.string("/code") == "not-asked", "\(who): \(answer.text)")
      }
    }
    #expect(try office.who("supervisor").post("\(path)/\(id)/agree", [:], Self.tag).status == 403)
    #expect(try office.who(taker).post("\(path)/\(id)/agree", [:]).status == 428)
    #expect(try office.who(taker).post("\(path)/\(id)/agree", [:], ["If-Match": "\"2\""]).status == 412)
    let answers = try await LeaveTests.atOnce(6) { _ in try office.who(taker).post("\(path)/\(id)/agree", [:], Self.tag) }
    #expect(answers.count { $0.status == 200 } == 1 && answers.allSatisfy { $0.status < 500 }, "\(answers.map(\.text))")
    #expect(try office.told("vendor-manager", of: id) == ["swap.requested"] && office.told(shift.person, of: id) == ["swap.agreed"])
    let read = try manager.get("\(path)/\(id)")
    #expect(read.json["awaits"] == [] && read.string("/state") == "requested" && read.fields["etag"] == "\"2\"", "\(read.text)")
    #expect(try office.who(taker).post("\(path)/\(id)/refuse", [:], ["If-Match": "\"2\""]).string("/code") == "not-asked")
    #expect(try manager.post("\(path)/\(id)/reject", ["note": "人手不够"], ["If-Match": "\"2\""]).status == 200)

    let refused = try office.who(shift.person).make(path, body(shift, to: taker))
    let answer = try office.who(taker).post("\(path)/\(refused)/refuse", ["note": "当日有事"], Self.tag)
    #expect(answer.status == 200 && answer.string("/state") == "rejected", "\(answer.text)")
    #expect(try office.told(shift.person, of: refused) == ["swap.rejected"] && office.told("vendor-manager", of: refused) == [])
    #expect(try manager.get("\(path)/\(refused)").string("/note") == "当日有事")
    #expect(try office.who(taker).post("\(path)/\(refused)/agree", [:], ["If-Match": "\"2\""]).string("/code") == "already-decided")

    // Nobody signs in as who is to take it.
    let place = "tenant_id = (SELECT tenant_id FROM tenant WHERE code = 'sanjianfang') AND code = '\(taker)'"
    let database = office.deployment.database
    let user = try database.sql("SELECT user_id FROM staff_member WHERE \(place)")
    try database.sql("UPDATE staff_member SET user_id = NULL WHERE \(place)")
    let last = try office.who(shift.person).post(path, body(shift, to: taker))
    try #require(last.status == 201, "\(last.text)")
    let lastID = last.string("/id") ?? ""
    #expect(try office.told("vendor-manager", of: lastID) == ["swap.requested"])
    #expect(try manager.post("\(path)/\(lastID)/approve", [:], Self.tag).status == 200)
    try database.sql("UPDATE staff_member SET user_id = '\(user)' WHERE \(place)")
  }

  @Test("of many who decide on one shift at once, one does: an approval among approvals and stand-ins")
  func races() async throws {
    let office = try office()
    try office.generate("2020-04-09", "2020-04-23")
    let path = "\(office.path)/swaps"
    let manager = try office.who("vendor-manager")
    for day in ["2020-04-12", "2020-04-20"] {
      let shift = try #require(office.shifts("from=\(day)&to=\(day)&post=seat&state=planned").first { $0.from.hasPrefix("\(day)T08:00") })
      // One who is off the night before and the night after.
      let asked = try ["seat-1", "seat-2", "seat-3", "seat-4"].map { ($0, try manager.post(path, body(shift, to: $0))) }
      let (taker, first) = try #require(asked.first { $0.1.status == 201 }, "\(asked.map(\.1.text))")
      #expect(try manager.post("\(path)/\(first.string("/id") ?? "")/withdraw", [:], Self.tag).status == 200)
      let id = try office.who(shift.person).make(path, body(shift, to: taker))
      let tag = try office.agree(id)
      let answers = try await LeaveTests.atOnce(6) { number in
        number < 4
          ? try manager.post("\(path)/\(id)/approve", [:], tag)
          : try manager.post("\(office.path)/shifts/\(shift.id)/replace", ["person": .string(taker), "reason": "顶替"], Self.tag)
      }
      #expect(answers.count { $0.status == 200 } == 1, "\(answers.map(\.text))")
      for answer in answers where answer.status != 200 {
        let code = answer.string("/code") ?? ""
        #expect(
          ["roster-changed", "already-decided", "already-cancelled", "on-duty"].contains(code) || answer.faults == ["/person on-duty"],
          "\(answer.text)")
      }
      #expect(try office.shifts("from=\(day)&to=\(day)&person=\(taker)&state=planned").count { $0.from.hasPrefix("\(day)T08:00") } == 1)
      #expect(try office.gaps(day, day) == [])
    }
  }

  @Test("where the office decides on swaps, the vendor asks, and puts nobody in another's place by itself")
  func officeDecides() throws {
    let office = try RosterOffice("anding")
    try office.deployment.setClock(to: try #require(Instant("2024-04-20T09:00:00+08:00")))
    try office.generate("2024-05-01", "2024-05-31")
    let path = "\(office.path)/swaps"
    let manager = try office.who("vendor-manager")
    // A Saturday with one on duty; neither is the Sunday before or after for who takes it.
    let shift = try #require(office.shifts("from=2024-05-18&to=2024-05-18&state=planned").first)
    let busy = try ["2024-05-12", "2024-05-18", "2024-05-19"].flatMap {
      try office.shifts("from=\($0)&to=\($0)&state=planned").map(\.person)
    }
    let taker = try #require((1...5).map { "seat-\($0)" }.first { !busy.contains($0) })
    let replaced = try manager.post("\(office.path)/shifts/\(shift.id)/replace", ["person": .string(taker), "reason": "x"], Self.tag)
    #expect(replaced.status == 409 && replaced.string("/code") == "needs-approval", "\(replaced.text)")
    let id = try manager.make(path, body(shift, to: taker))
    #expect(try manager.post("\(path)/\(id)/approve", [:], Self.tag).string("/code") == "not-your-side")
    #expect(try office.who("seat-1").post("\(path)/\(id)/approve", [:], Self.tag).status == 403)
    // Neither of the two has asked.
    let waiting = try office.who("supervisor").post("\(path)/\(id)/approve", [:], Self.tag)
    #expect(waiting.status == 409 && waiting.string("/code") == "not-agreed", "\(waiting.text)")
    #expect(try office.who("supervisor").get("\(path)/\(id)").json["awaits"] == [.string(shift.person), .string(taker)])
    let tag = try office.agree(id)
    let approved = try office.who("supervisor").post("\(path)/\(id)/approve", [:], tag)
    #expect(approved.status == 200 && approved.json["planned"]?.array?.count == 1, "\(approved.text)")
    #expect(try office.shifts("from=2024-05-18&to=2024-05-18&state=planned").map(\.person) == [taker])
  }
}
