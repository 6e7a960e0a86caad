// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Leave through the API, on a server whose clock says December 2019.
@Suite("Leave over the API", .deployment(at: "2019-12-20T09:00:00+08:00"), .serialized)
struct LeaveTests {
  private func office() throws -> RosterOffice { try RosterOffice("sanjianfang") }

  private func body(_ person: String, _ from: String, _ to: String, _ reason: String = "家中有事") -> JSON {
    ["person": .string(person), "startsAt": .string(from), "endsAt": .string(to), "reason": .string(reason)]
  }

  private static let tag = ["If-Match": "\"1\"", "Accept-Language": "en"]

  @Test("leave is asked for by who takes it, approved by the office, takes its shifts with it, and keeps its person off every roster")
  func life() throws {
    let office = try office()
    try office.generate("2020-01-01", "2020-01-31")
    let path = "\(office.path)/leaves"
    let seat = try office.who("seat-1")
    // seat-1 works the day of the 2nd and the night from the 3rd to the 4th: the leave begins in that night's last hours.
    let asking = body("seat-1", "2020-01-04T06:00:00+08:00", "2020-01-12T00:00:00+08:00")
    let asked = try seat.post(path, asking, key: "ask")
    #expect(asked.status == 201 && asked.string("/state") == "requested" && asked.fields["etag"] == "\"1\"", "\(asked.text)")
    #expect(try seat.post(path, asking, key: "ask").fields["idempotency-replayed"] == "true")
    let id = try #require(asked.string("/id"))

    // Nothing has changed yet; whoever decides sees what it would mean.
    #expect(try office.gaps("2020-01-02", "2020-01-31") == [])
    let supervisor = try office.who("supervisor")
    let seen = try supervisor.get("\(path)/\(id)")
    let open = seen.json["open"]?.array ?? []
    #expect(
      open.map { String(($0["from"]?.string ?? "").prefix(16)) } == [
        "2020-01-03T20:00", "2020-01-06T08:00", "2020-01-07T20:00", "2020-01-10T08:00", "2020-01-11T20:00",
      ], "\(seen.text)")
    #expect(open.allSatisfy { $0["contract"] == "seats-2019" && $0["post"] == "seat" && $0["pattern"] == "watch" })
    // Sixteen shifts of twelve hours in a month are 192 of 200 hours: only who has fifteen may take one more.
    for slot in open {
      let able = (slot["able"]?.array ?? []).compactMap(\.string)
      let hindered = (slot["hindered"]?.array ?? []).map { "\($0["person"]?.string ?? "") \($0["by"]?.string ?? "")" }
      #expect(hindered.contains("seat-1 onLeave") && !able.contains("seat-1") && able.count + hindered.count == 4, "\(able) \(hindered)")
    }

    #expect(open.contains { $0["able"]?.array?.isEmpty == false })

    let approved = try supervisor.post("\(path)/\(id)/approve", ["note": "同意"], ["If-Match": "\"1\""])
    #expect(approved.status == 200 && approved.fields["etag"] == "\"2\"", "\(approved.text)")
    #expect(approved.json["open"] == seen.json["open"])
    let read = try supervisor.get("\(path)/\(id)")
    #expect(
      read.string("/state") == "approved" && read.string("/note") == "同意" && read.json["open"] == nil && read.string("/decidedBy") != nil)
    let gone = try office.shifts("from=2020-01-01&to=2020-01-31&person=seat-1&state=cancelled")
    #expect(gone.map(\.id) == open.compactMap { $0["id"]?.string })
    #expect(try supervisor.get("\(office.path)/shifts/\(gone[0].id)").string("/cancelledBecause") == "家中有事")
    #expect(
      try office.gaps("2020-01-02", "2020-01-11") == [
        "seat 2020-01-03T20:00…2020-01-04T08:00 1/0", "seat 2020-01-06T08:00…2020-01-06T20:00 1/0",
        "seat 2020-01-07T20:00…2020-01-08T08:00 1/0",
        "seat 2020-01-10T08:00…2020-01-10T20:00 1/0", "seat 2020-01-11T20:00…2020-01-12T00:00 1/0",
      ])

    // Neither planned one by one, nor as a stand-in, nor by the rules.
    let manager = try office.who("vendor-manager")
    let one: JSON = [
      "shifts": [
        [
          "person": "seat-1", "contract": "seats-2019", "post": "seat", "startsAt": "2020-01-06T08:00:00+08:00",
          "endsAt": "2020-01-06T20:00:00+08:00",
        ]
      ]
    ]
    #expect(try manager.post("\(office.path)/shifts", one).faults == ["/shifts/0/person on-leave"])
    let other = try #require(office.shifts("from=2020-01-08&to=2020-01-08&post=seat&state=planned").first { $0.from.contains("-08T08:00") })
    let replaced = try manager.post("\(office.path)/shifts/\(other.id)/replace", ["person": "seat-1", "reason": "?"], Self.tag)
    #expect(replaced.faults == ["/person on-leave"])
    let proposed = try manager.post("\(office.path)/roster/proposals", ["from": "2020-01-01", "to": "2020-01-11"])
    let proposal = try #require(proposed.string("/id"))
    let placed = try manager.get("\(office.path)/roster/proposals/\(proposal)").json["placements"]?.array ?? []
    #expect(!placed.isEmpty && placed.allSatisfy { $0["person"] != "seat-1" })
    try office.generate("2020-01-01", "2020-01-11")
    #expect(try office.shifts("from=2020-01-03&to=2020-01-11&person=seat-1&state=planned").isEmpty)
    #expect(try office.shifts("from=2020-01-12&to=2020-01-31&person=seat-1&state=planned").isEmpty == false)
  }

  @Test("approved leave is taken back before it begins, and its person may be planned again")
  func comingBack() throws {
    let office = try office()
    let path = "\(office.path)/leaves"
    let manager = try office.who("vendor-manager")
    let id = try manager.make(path, body("analyst-1", "2020-03-02T00:00:00+08:00", "2020-03-07T00:00:00+08:00"))
    #expect(try office.who("leader").post("\(path)/\(id)/approve", [:], Self.tag).json["open"] == [])
    #expect(try office.generate("2020-03-02", "2020-03-06").json["openCount"]?.integer == 5)
    // Who asked, or who plans for their side; not the office.
    #expect(try office.who("supervisor").post("\(path)/\(id)/withdraw", [:], ["If-Match": "\"2\""]).status == 403)
    #expect(try office.who("seat-2").post("\(path)/\(id)/withdraw", [:], ["If-Match": "\"2\""]).status == 404)
    let back = try manager.post("\(path)/\(id)/withdraw", ["note": "不去了"], ["If-Match": "\"2\""])
    #expect(back.status == 200 && back.string("/state") == "withdrawn", "\(back.text)")
    #expect(try office.generate("2020-03-02", "2020-03-06").json["openCount"]?.integer == 0)
    #expect(try office.shifts("from=2020-03-02&to=2020-03-06&person=analyst-1&state=planned").count == 5)
    #expect(try manager.post("\(path)/\(id)/withdraw", [:], ["If-Match": "\"3\""]).string("/code") == "already-decided")
  }

  @Test("what is wrong with a request is said with the field and the reason")
  func refusals() throws {
    let office = try office()
    let path = "\(office.path)/leaves"
    let (seat, manager) = (try office.who("seat-2"), try office.who("vendor-manager"))
    let (from, to) = ("2020-04-01T00:00:00+08:00", "2020-04-03T00:00:00+08:00")
    #expect(try manager.post(path, body("nobody", from, to)).faults == ["/person unknown-reference"])
    #expect(try manager.post(path, body("leader", from, to)).faults == ["/person unknown-reference"])
    #expect(try seat.post(path, body("seat-2", to, from)).faults == ["/endsAt out-of-range"])
    #expect(try seat.post(path, body("seat-2", from, "2021-04-03T00:00:00+08:00")).faults == ["/endsAt out-of-range"])
    #expect(try seat.post(path, body("seat-2", from, to, "")).faults.first?.hasPrefix("/reason ") == true)
    #expect(try seat.post(path, ["person": "seat-2"]).faults.count == 3)
    #expect(
      try seat.post(path, body("seat-2", "2019-12-19T00:00:00+08:00", "2019-12-20T09:00:00+08:00")).faults == ["/endsAt already-over"])
    // For oneself; for others who plans does it; never the office, nor who is not of it.
    #expect(try seat.post(path, body("seat-3", from, to)).status == 403)
    for role in ["supervisor", "leader", "admin"] { #expect(try office.who(role).post(path, body("seat-2", from, to)).status == 403) }
    #expect(try RosterOffice("anding").who("vendor-manager").post(path, body("seat-2", from, to)).status == 404)

    let id = try seat.make(path, body("seat-2", from, to))
    for other in [
      (from, to), ("2020-03-01T00:00:00+08:00", "2020-04-01T00:00:01+08:00"), ("2020-04-02T23:00:00+08:00", "2020-04-05T00:00:00+08:00"),
    ] {
      let overlapping = try manager.post(path, body("seat-2", other.0, other.1))
      #expect(overlapping.status == 409 && overlapping.string("/code") == "leave-overlaps", "\(overlapping.text)")
    }
    // What ends when it begins does not overlap it, and what came to nothing stands in nobody's way.
    let before = try seat.make(path, body("seat-2", "2020-03-31T00:00:00+08:00", from))
    #expect(try seat.post("\(path)/\(before)/withdraw", [:], Self.tag).status == 200)
    try seat.make(path, body("seat-2", "2020-03-31T00:00:00+08:00", from))

    // Deciding.
    let supervisor = try office.who("supervisor")
    #expect(try supervisor.post("\(path)/\(id)/approve", [:]).status == 428)
    #expect(try supervisor.post("\(path)/\(id)/approve", [:], ["If-Match": "\"2\""]).status == 412)
    #expect(try manager.post("\(path)/\(id)/approve", [:], Self.tag).string("/code") == "not-your-side")
    #expect(try manager.post("\(path)/\(id)/reject", ["note": "?"], Self.tag).string("/code") == "not-your-side")
    #expect(try seat.post("\(path)/\(id)/approve", [:], Self.tag).status == 403)
    #expect(try supervisor.post("\(path)/\(id)/reject", [:], Self.tag).faults == ["/note missing-member"])
    let rejected = try supervisor.post("\(path)/\(id)/reject", ["note": "节前人手不足"], Self.tag)
    #expect(rejected.status == 200 && rejected.string("/state") == "rejected", "\(rejected.text)")
    for step in ["approve", "withdraw"] {
      let who = step == "approve" ? supervisor : seat
      let again = try who.post("\(path)/\(id)/\(step)", [:], ["If-Match": "\"2\"", "Accept-Language": "zh"])
      #expect(again.string("/code") == "already-decided" && again.string("/detail") == "此事已有决定（已驳回）。", "\(again.text)")
    }
    #expect(try supervisor.post("\(path)/0193b8c4-0000-7000-8000-000000000000/approve", [:], Self.tag).status == 404)

    // Time passes: a request that nobody decided on in time is none any more, and leave that has begun is not taken back.
    let short = try seat.make(path, body("seat-2", "2019-12-20T10:00:00+08:00", "2019-12-20T11:00:00+08:00"))
    let long = try seat.make(path, body("seat-2", "2019-12-20T11:00:00+08:00", "2019-12-25T00:00:00+08:00"))
    #expect(try supervisor.post("\(path)/\(long)/approve", [:], Self.tag).status == 200)
    try office.deployment.setClock(to: try #require(Instant("2019-12-20T11:00:00+08:00")))
    #expect(try supervisor.post("\(path)/\(short)/approve", [:], Self.tag).string("/code") == "leave-over")
    #expect(try seat.post("\(path)/\(long)/withdraw", [:], ["If-Match": "\"2\""]).string("/code") == "leave-begun")
    try office.deployment.setClock(to: try #require(Instant("2019-12-20T09:00:00+08:00")))
  }

  @Test("why somebody is away is for who plans and decides: a seat sees its own leave, an office's stranger nothing")
  func reading() throws {
    let office = try office()
    let path = "\(office.path)/leaves"
    let mine = try office.who("seat-3").make(path, body("seat-3", "2020-05-01T00:00:00+08:00", "2020-05-02T00:00:00+08:00", "就医"))
    let other = try office.who("seat-4").make(path, body("seat-4", "2020-05-01T00:00:00+08:00", "2020-05-03T00:00:00+08:00"))
    let question = "\(path)?from=2020-05-01&to=2020-05-02"
    let ids = { (answer: Caller.Answer) in (answer.json["items"]?.array ?? []).compactMap { $0["id"]?.string } }
    for role in ["supervisor", "leader", "vendor-manager"] { #expect(try ids(office.who(role).get(question)) == [other, mine], "\(role)") }
    #expect(try ids(office.who("seat-3").get(question)) == [mine])
    #expect(try office.who("seat-3").get("\(path)/\(other)").status == 404)
    #expect(try office.who("seat-3").get("\(path)/\(mine)").string("/reason") == "就医")
    #expect(try office.who("finance").get(path).status == 403)
    #expect(try RosterOffice("anding").who("supervisor").get("\(path)/\(mine)").status == 404)
    let supervisor = try office.who("supervisor")
    #expect(try ids(supervisor.get("\(question)&person=seat-3")) == [mine])
    #expect(try ids(supervisor.get("\(path)?from=2020-05-02&to=2020-05-02")) == [other])
    #expect(try ids(supervisor.get("\(question)&state=approved")).isEmpty)
    #expect(try supervisor.get("\(path)?state=gone").status == 422)
    let first = try supervisor.get("\(question)&limit=1")
    #expect(try ids(first) == [other] && ids(supervisor.get("\(question)&limit=1&after=\(first.string("/next") ?? "")")) == [mine])
  }

  @Test("of many who ask for or decide on the same leave at once, one does")
  func races() async throws {
    let office = try office()
    let path = "\(office.path)/leaves"
    let asked = try await Self.atOnce(6) { _ in
      try office.who("vendor-manager").post(path, body("seat-1", "2020-06-01T00:00:00+08:00", "2020-06-08T00:00:00+08:00"))
    }
    #expect(asked.count { $0.status == 201 } == 1)
    #expect(asked.allSatisfy { $0.status == 201 || $0.string("/code") == "leave-overlaps" }, "\(asked.map(\.text))")
    let id = try #require(asked.compactMap { $0.status == 201 ? $0.string("/id") : nil }.first)

    // Meanwhile the manager plans the person in that time: what is planned before the leave is approved goes with it.
    let answers = try await Self.atOnce(6) { number in
      guard number < 3 else {
        return try office.who("vendor-manager").post(
          "\(office.path)/shifts",
          [
            "shifts": [
              [
                "person": "seat-1", "contract": "seats-2019", "post": "seat", "startsAt": .string("2020-06-0\(number)T08:00:00+08:00"),
                "endsAt": .string("2020-06-0\(number)T20:00:00+08:00"),
              ]
            ]
          ])
      }
      return try office.who(number == 0 ? "leader" : "supervisor").post("\(path)/\(id)/approve", [:], Self.tag)
    }
    for answer in answers {
      let code = answer.string("/code") ?? ""
      #expect(
        [200, 201].contains(answer.status) || ["roster-changed", "already-decided"].contains(code)
          || answer.faults == ["/shifts/0/person on-leave"], "\(answer.text)")
    }
    #expect(answers.count { $0.status == 200 } <= 1)
    if try office.who("leader").get("\(path)/\(id)").string("/state") == "requested" {
      #expect(try office.who("leader").post("\(path)/\(id)/approve", [:], Self.tag).status == 200)
    }
    #expect(try office.shifts("from=2020-06-01&to=2020-06-07&person=seat-1&state=planned").isEmpty)
  }

  @Test("where the vendor decides on leave it does, though nobody on their own")
  func vendorDecides() throws {
    let office = try RosterOffice("xisanqi")
    try office.deployment.setClock(to: try #require(Instant("2024-04-20T09:00:00+08:00")))
    let path = "\(office.path)/leaves"
    let manager = try office.who("vendor-manager")
    let (from, to) = ("2024-05-06T00:00:00+08:00", "2024-05-07T00:00:00+08:00")
    let seat = try office.who("flow-seat-1").make(path, body("flow-seat-1", from, to))
    #expect(try office.who("supervisor").post("\(path)/\(seat)/approve", [:], Self.tag).string("/code") == "not-your-side")
    #expect(try manager.post("\(path)/\(seat)/approve", [:], Self.tag).status == 200)
    let own = try manager.make(path, body("flow-seat-2", from, to))
    #expect(try manager.post("\(path)/\(own)/approve", [:], Self.tag).string("/code") == "own-proposal")
    let theirs = try office.who("flow-seat-3").make(path, body("flow-seat-3", from, to))
    try office.having("flow-seat-3", signInAs: "vendor-manager") {
      for step in ["approve", "reject"] {
        let refused = try manager.post("\(path)/\(theirs)/\(step)", ["note": "?"], Self.tag)
        #expect(refused.status == 403 && refused.string("/code") == "own-matter", "\(refused.text)")
        #expect(refused.text.contains("somebody else"))
      }
    }
    #expect(try manager.post("\(path)/\(theirs)/approve", [:], Self.tag).status == 200)
  }

  static func atOnce(
    _ count: Int, _ ask: @escaping @Sendable (Int) throws -> Caller.Answer
  ) async throws -> [Caller.Answer] {
    try await withThrowingTaskGroup(of: Caller.Answer.self) { group in
      for number in 0..<count { group.addTask { try await BlockingThreads.run { try ask(number) } } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }
}
