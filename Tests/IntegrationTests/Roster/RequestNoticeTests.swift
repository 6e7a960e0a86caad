// SPDX-License-Identifier: Apache-2.0
import Base
import EventLoop
import Glibc
import Support
import Testing

/// Who is told of requests about the roster and of what attendance proposes, through the API.
@Suite("Notices of what waits and of what was decided", .deployment(at: "2019-12-20T09:00:00+08:00"), .serialized)
struct RequestNoticeTests {
  private func office() throws -> RosterOffice { try RosterOffice("sanjianfang") }

  private static let tag = ["If-Match": "\"1\"", "Accept-Language": "en"]

  @Test("leave that waits is told to who may decide it and to nobody else, what became of it to who asked; neither says of whom or why")
  func leave() throws {
    let office = try office()
    let path = "\(office.path)/leaves"
    let asking: JSON = [
      "person": "seat-1", "startsAt": "2020-01-04T06:00:00+08:00", "endsAt": "2020-01-12T00:00:00+08:00", "reason": "家中有事",
    ]
    let seat = try office.who("seat-1")
    let asked = try seat.post(path, asking, key: "ask")
    let id = try #require(asked.string("/id"), "\(asked.text)")
    #expect(try seat.post(path, asking, key: "ask").fields["idempotency-replayed"] == "true")
    for role in ["supervisor", "leader"] { #expect(try office.told(role, of: id) == ["leave.requested"], "\(role)") }
    for role in ["admin", "finance", "vendor-manager", "seat-1", "seat-2"] { #expect(try office.told(role, of: id) == [], "\(role)") }
    let notice = try #require(try office.notices("leader").first { $0["subject"]?.string == id })
    #expect(
      notice["data"] == ["endsAt": "2020-01-12T00:00:00+08:00", "startsAt": "2020-01-04T06:00:00+08:00"] && notice["side"] == "office"
        && notice["subjectKind"] == "leave" && notice["contract"] == .null, "\(notice)")

    // Who comes too late changes nothing, and tells nobody.
    #expect(try office.who("supervisor").post("\(path)/\(id)/reject", ["note": "人手不足"], Self.tag).status == 200)
    #expect(try office.who("leader").post("\(path)/\(id)/approve", [:], Self.tag).status == 409)
    #expect(try office.told("seat-1", of: id) == ["leave.rejected"])
    for role in ["vendor-manager", "seat-2", "analyst-1"] { #expect(try office.told(role, of: id) == [], "\(role)") }
    for role in ["supervisor", "leader"] { #expect(try office.told(role, of: id) == ["leave.requested"], "\(role)") }

    // What one takes back oneself is no news to them; what another took back is.
    let own = try seat.make(path, asking)
    #expect(try seat.post("\(path)/\(own)/withdraw", [:], Self.tag).status == 200)
    #expect(try office.told("seat-1", of: own) == [])
    let other = try seat.make(path, asking)
    #expect(try office.who("vendor-manager").post("\(path)/\(other)/withdraw", [:], Self.tag).status == 200)
    #expect(try office.told("seat-1", of: other) == ["leave.withdrawn"])
    // An analyst asks and is told as well.
    let analyst = try office.who("analyst-1").make(
      path, ["person": "analyst-1", "startsAt": "2020-01-06T00:00:00+08:00", "endsAt": "2020-01-07T00:00:00+08:00", "reason": "就医"])
    #expect(try office.who("leader").post("\(path)/\(analyst)/approve", [:], Self.tag).status == 200)
    #expect(try office.told("analyst-1", of: analyst) == ["leave.approved"])
  }

  @Test("of several servers that decide on one request at once one does, and who asked is told once")
  func severalServers() async throws {
    let office = try office()
    let other = try office.deployment.another()
    defer { other.program.end(by: SIGTERM) }
    let path = "\(office.path)/leaves"
    let id = try office.who("seat-2").make(
      path, ["person": "seat-2", "startsAt": "2020-02-04T00:00:00+08:00", "endsAt": "2020-02-05T00:00:00+08:00", "reason": "家中有事"])
    let here = try [office.who("supervisor"), office.who("leader")]
    let callers = here + here.map { Caller(port: other.port, token: $0.token) }
    let answers = try await LeaveTests.atOnce(8) { try callers[$0 % 4].post("\(path)/\(id)/approve", [:], Self.tag) }
    #expect(answers.count { $0.status == 200 } == 1, "\(answers.map(\.text))")
    #expect(try office.told("seat-2", of: id) == ["leave.approved"])
    #expect(try office.told("leader", of: id) == ["leave.requested"])
  }

  @Test("where the vendor decides its managers are told, but not the one who has asked")
  func vendorDecides() throws {
    let office = try office()
    try office.generate("2020-03-01", "2020-03-31")
    let path = "\(office.path)/swaps"
    let shift = try #require(try office.shifts("from=2020-03-10&to=2020-03-20&person=seat-1&state=planned").first)
    let taker = try #require(
      try ["seat-2", "seat-3", "seat-4"].first { taker in
        let asked = try office.who("vendor-manager").post(
          path, ["shift": .string(shift.id), "toPerson": .string(taker), "reason": "试一试"])
        guard let id = asked.string("/id") else { return false }
        // Who has asked may not decide, and need not be told that it waits.
        #expect(try office.told("vendor-manager", of: id) == [] && office.told("supervisor", of: id) == [])
        return asked.status == 201
      })
    let id = try office.who("seat-1").make(path, ["shift": .string(shift.id), "toPerson": .string(taker), "reason": "家中有事"])
    let tag = try office.agree(id)
    #expect(try office.told("vendor-manager", of: id) == ["swap.requested"] && office.told(taker, of: id) == ["swap.asked"])
    for role in ["supervisor", "leader"] + ["seat-2", "seat-3", "seat-4"].filter({ $0 != taker }) {
      #expect(try office.told(role, of: id) == [], "\(role)")
    }
    let notice = try #require(try office.notices("vendor-manager").first { $0["subject"]?.string == id })
    #expect(notice["contract"] == "seats-2019" && notice.value(at: "/data/post") == "seat" && !"\(notice)".contains("seat-1"))
    #expect(try office.who("vendor-manager").post("\(path)/\(id)/approve", [:], tag).status == 200)
    #expect(try office.told("seat-1", of: id) == ["swap.agreed", "swap.approved"])
  }

  @Test("a correction of a mark is told to whoever else may sign it, and who asked is told when it was signed")
  func correction() throws {
    let desk = AttendanceDesk(office: try office())
    let id = try desk.ask("supervisor", "add", "seat-1 in 2019-12-19T08:00:00")
    #expect(try desk.office.told("leader", of: id) == ["mark-correction.requested"])
    for role in ["supervisor", "vendor-manager", "seat-1"] { #expect(try desk.office.told(role, of: id) == [], "\(role)") }
    #expect(try desk.decide("leader", id, "approve").status == 200)
    #expect(try desk.office.told("supervisor", of: id) == ["mark-correction.approved"])
    #expect(try desk.office.told("leader", of: id) == ["mark-correction.requested"])
  }

  @Test("what attendance proposes is told once an hour to whoever decides on incidents, by however many servers and of however many shifts")
  func proposed() async throws {
    let desk = AttendanceDesk(office: try office())
    let other = try desk.office.deployment.another()
    defer { other.program.end(by: SIGTERM) }
    try desk.setClock("2020-05-01T07:00:00+08:00")
    try desk.office.generate("2020-05-01", "2020-05-20")
    func told(_ role: String) throws -> [JSON] {
      try desk.office.notices(role).filter { $0["kind"] == "incident.proposed" && $0["subject"]?.string?.contains("@2020-05-22") == true }
    }
    func wait(_ question: String, for wanted: String) throws {
      let database = desk.office.deployment.database
      try Support.wait(for: "\(wanted): \(question)") { try database.sql(question) == wanted }
    }
    let waiting = "SELECT count(*) FROM incident WHERE source = 'attendance' AND state = 'proposed' AND occurred_at >= '2020-05-01'"
    let shifts = try desk.office.shifts("from=2020-05-01&to=2020-05-20&state=planned")
    #expect(shifts.count > 40)
    try desk.setClock("2020-05-22T10:20:00+08:00")
    try wait(waiting, for: "\(shifts.count)")
    for role in ["supervisor", "leader"] {
      let told = try told(role)
      #expect(told.map { $0["subject"] } == ["seats-2019@2020-05-22T10:00:00+08:00"], "\(told)")
      #expect(
        told.first?["data"] == ["to": "2020-05-22T11:00:00+08:00", "from": "2020-05-22T10:00:00+08:00", "source": "attendance"]
          && told.first?["contract"] == "seats-2019" && told.first?["subjectKind"] == "attendance")
    }
    for role in ["vendor-manager", "seat-1", "finance", "admin"] { #expect(try told(role).isEmpty, "\(role)") }

    // A mark in the next hour that takes back what was proposed is told to nobody; one that makes it something else is.
    let day = try desk.office.dayShift("2020-05-05")
    let state = "SELECT string_agg(kind || ' ' || state, ', ' ORDER BY kind) FROM incident WHERE external_number LIKE '\(day.id)/%'"
    try desk.setClock("2020-05-22T11:05:00+08:00")
    try desk.mark(["\(day.person) in 2020-05-05T07:55:00", "\(day.person) out 2020-05-05T20:05:00"])
    try wait(state, for: "absence rejected")
    #expect(try told("leader").count == 1)
    let next = try desk.office.dayShift("2020-05-06")
    try desk.setClock("2020-05-22T12:00:00+08:00")
    try desk.mark(["\(next.person) in 2020-05-06T08:12:00", "\(next.person) out 2020-05-06T20:05:00"])
    try wait(
      "SELECT count(*) FROM incident WHERE external_number LIKE '\(next.id)/%' AND kind = 'late-or-early' AND state = 'proposed'", for: "1")
    #expect(
      try told("leader").map { $0["subject"] } == [
        "seats-2019@2020-05-22T12:00:00+08:00", "seats-2019@2020-05-22T10:00:00+08:00",
      ])
  }

  @Test("of vendors, the one is told whose people the request is about")
  func otherVendor() throws {
    let office = try RosterOffice("xisanqi")
    try office.deployment.setClock(to: try #require(Instant("2024-04-20T09:00:00+08:00")))
    let id = try office.who("flow-seat-1").make(
      "\(office.path)/leaves",
      ["person": "flow-seat-1", "startsAt": "2024-05-06T00:00:00+08:00", "endsAt": "2024-05-07T00:00:00+08:00", "reason": "家中有事"])
    #expect(try office.told("vendor-manager", of: id) == ["leave.requested"] && office.told("supervisor", of: id) == [])
    try office.deployment.database.sql("UPDATE notice SET vendor = 'another' WHERE subject = '\(id)'")
    #expect(try office.told("vendor-manager", of: id) == [])
  }
}

extension RosterOffice {
  /// What somebody was told, the newest first.
  func notices(_ role: String) throws -> [JSON] {
    let page = try who(role).get("\(path)/notices?limit=500")
    // Not everybody reads notices.
    guard page.status == 200 else { return [] }
    return page.json["items"]?.array ?? []
  }

  /// What somebody was told of a request, the oldest first.
  func told(_ role: String, of subject: String) throws -> [String] {
    try notices(role).filter { $0["subject"]?.string == subject }.compactMap { $0["kind"]?.string }.reversed()
  }
}
