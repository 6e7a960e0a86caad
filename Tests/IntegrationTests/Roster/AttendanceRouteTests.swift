// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Clock marks over the API, and what shifts come to by them, on a server whose clock the tests move.
@Suite("Attendance over the API", .deployment(at: "2020-01-01T07:00:00+08:00"), .serialized)
struct AttendanceRouteTests {
  private func desk() throws -> AttendanceDesk { AttendanceDesk(office: try RosterOffice("sanjianfang")) }

  @Test("late, early, off the post, absent: each with its minutes and its rule, a night's marks past midnight among them")
  func found() throws {
    let desk = try desk()
    try desk.setClock("2020-01-01T07:00:00+08:00")
    try desk.office.generate("2020-01-01", "2020-01-12")
    try desk.setClock("2020-01-06T12:00:00+08:00")
    // seat-1: the day of the 2nd, and the night from the 3rd to the 4th; the tolerance is none, off the post sixty minutes.
    try desk.mark([
      "seat-1 in 2020-01-02T08:12:00", "seat-1 out 2020-01-02T12:00:00", "seat-1 in 2020-01-02T13:05:00", "seat-1 out 2020-01-02T20:01:00",
      "seat-1 in 2020-01-03T19:50:00", "seat-1 out 2020-01-04T07:29:59",
    ])
    #expect(try desk.attendance("2020-01-02", "2020-01-04", "seat-1") == ["02T08 late 12, offPost 65", "03T20 early 30"])
    // seat-2 worked the night of the 31st of December, which nobody planned; whoever never came in is absent for all of the shift.
    #expect(try desk.attendance("2020-01-02", "2020-01-03", "seat-2") == ["03T08 absent 720"])
    let page = try desk.read("supervisor", "from=2020-01-03&to=2020-01-03&person=seat-1")
    let night = try #require(page.json.value(at: "/items/1") ?? page.json.value(at: "/items/0"))
    #expect(night["arrivedAt"] == "2020-01-03T19:50:00+08:00" && night["leftAt"] == "2020-01-04T07:29:59+08:00", "\(page.text)")
    #expect(night.value(at: "/findings/0/rule") == ["over": 0, "incident": "late-or-early"] && night["duty"] == "whole")
    let marks = night["marks"]?.array ?? []
    #expect(marks.map { $0["direction"]?.string } == ["in", "out"])
    #expect(marks.allSatisfy { $0["source"] == "api" && $0["voided"] == false && $0["correction"] == .null })
  }

  @Test("a shift is judged when it is over and the widest tolerance has passed; until then it says when that will be")
  func waiting() throws {
    let desk = try desk()
    try desk.setClock("2020-02-01T07:00:00+08:00")
    try desk.office.generate("2020-02-01", "2020-02-04")
    let shift = try #require(desk.office.shifts("from=2020-02-01&to=2020-02-01&state=planned").first { $0.from.contains("01T08:00") })
    try desk.setClock("2020-02-01T20:30:00+08:00")
    let query = "from=2020-02-01&to=2020-02-01&person=\(shift.person)"
    func item() throws -> JSON {
      try #require(try desk.read("leader", query).json["items"]?.array?.first { $0["shift"]?.string == shift.id })
    }
    #expect(try item()["judged"] == false && item()["findings"] == [] && item()["judgedFrom"] == "2020-02-01T21:00:00+08:00")
    try desk.setClock("2020-02-01T21:00:00+08:00")
    #expect(try item()["judged"] == true && item().value(at: "/findings/0/finding") == "absent")
  }

  @Test("the same mark again is the same mark, whatever key it comes with; a key stands for one request")
  func repeated() throws {
    let desk = try desk()
    try desk.setClock("2020-03-02T09:00:00+08:00")
    let (manager, path) = (try desk.office.who("vendor-manager"), desk.path + "/marks")
    let body = try desk.body(["seat-3 in 2020-03-02T08:00:00"])
    let first = try manager.post(path, body, key: "door-1")
    #expect(first.status == 201 && first.json["received"] == 1, "\(first.text)")
    let again = try manager.post(path, body, key: "door-1")
    #expect(again.status == 201 && again.text == first.text && again.fields["idempotency-replayed"] == "true")
    #expect(try manager.post(path, body).status == 201)
    #expect(try manager.post(path, desk.body(["seat-3 out 2020-03-02T08:30:00"]), key: "door-1").status == 422)
    #expect(
      try desk.office.deployment.database.sql("SELECT count(*), min(direction) FROM clock_mark WHERE person = 'seat-3'") == "1|in")
  }

  @Test("a mark of nobody, of tomorrow or of no direction is refused with its place, and nothing of the request is recorded")
  func refused() throws {
    let desk = try desk()
    try desk.setClock("2020-03-05T09:00:00+08:00")
    let (manager, path) = (try desk.office.who("vendor-manager"), desk.path + "/marks")
    let bad = try manager.post(
      path, desk.body(["seat-4 in 2020-03-05T08:00:00", "nobody in 2020-03-05T08:00:00", "seat-4 out 2020-03-05T09:06:00"]))
    #expect(bad.status == 422 && bad.faults == ["/marks/1/person unknown-reference", "/marks/2/at out-of-range"], "\(bad.text)")
    // The clock of a door may be a little ahead of ours.
    #expect(try manager.post(path, desk.body(["seat-4 out 2020-03-05T09:03:00"])).status == 201)
    // Nor of a day on which there was no contract yet, but for who comes the evening before.
    let absurd = try manager.post(
      path,
      desk.body([
        "seat-4 in 0001-01-01T08:00:00", "seat-4 in 9999-12-31T08:00:00", "seat-4 in 2020-03-06T09:00:00", "seat-4 in 2019-01-01T08:00:00",
      ]), ["Accept-Language": "en"])
    #expect(absurd.faults == (0..<4).map { "/marks/\($0)/at out-of-range" } && absurd.text.contains("begin on 20"), "\(absurd.text)")
    let since = """
      SELECT least(min(assigned_from), min(vendor_from)) FROM contract JOIN staff_assignment USING (tenant_id, contract_id)
      WHERE person = 'seat-4' AND tenant_id = (SELECT tenant_id FROM tenant WHERE code = 'sanjianfang')
      """
    let first = try #require(CivilDate(try desk.office.deployment.database.sql(since)))
    let eve = try first.adding(days: -1)
    #expect(try manager.post(path, desk.body(["seat-4 in \(eve)T00:00:00"])).status == 201)
    #expect(try manager.post(path, desk.body(["seat-4 in \(eve.adding(days: -1))T23:59:59"])).faults == ["/marks/0/at out-of-range"])
    #expect(try desk.ask(status: 422, "supervisor", "add", "seat-4 in 0001-01-01T08:00:00").faults == ["/at out-of-range"])
    #expect(try desk.ask(status: 409, "supervisor", "void", "seat-4 in 0001-01-01T08:00:00").string("/code") == "not-marked")
    #expect(try manager.post(path, desk.body(["seat-4 up 2020-03-05T08:00:00"])).faults == ["/marks/0/direction not-in-list"])
    #expect(try manager.post(path, ["marks": []]).status == 422)
    #expect(
      try desk.office.deployment.database.sql("SELECT count(*) FROM clock_mark WHERE person = 'seat-4' AND at::date = '2020-03-05'") == "1")
  }

  @Test("the vendor's manager and the supervisor record, seats and finance do neither; another office does not know of it")
  func permissions() throws {
    let desk = try desk()
    try desk.setClock("2020-03-06T09:00:00+08:00")
    let body = try desk.body(["seat-2 in 2020-03-06T08:00:00"])
    for role in ["seat-1", "analyst-1", "finance", "leader", "admin"] {
      #expect(try desk.office.who(role).post(desk.path + "/marks", body).status == 403, "\(role)")
    }
    #expect(try desk.office.who("supervisor").post(desk.path + "/marks", body).status == 201)
    let days = "?from=2020-03-06&to=2020-03-06"
    for role in ["seat-1", "analyst-1", "finance"] { #expect(try desk.office.who(role).get(desk.path + days).status == 403, "\(role)") }
    for role in ["vendor-manager", "leader", "admin"] { #expect(try desk.office.who(role).get(desk.path + days).status == 200, "\(role)") }
    let other = try RosterOffice("anding").who("vendor-manager")
    #expect(try other.get(desk.path + days).status == 404)
    #expect(try other.post(desk.path + "/marks", body).status == 404)
    let supervisor = try desk.office.who("supervisor")
    #expect(try supervisor.get(desk.path + days + "&contract=other").status == 404)
    #expect(try supervisor.get(desk.path + "?from=2020-03-06&to=2020-06-06").faults == ["?to bad-query"])
    #expect(try supervisor.get(desk.path).faults == ["?from bad-query"])
  }

  @Test("a mark is added or voided when a second person of the office has signed; until then, and when it is refused, nothing changes")
  func corrected() throws {
    let desk = try desk()
    try desk.setClock("2020-04-01T07:00:00+08:00")
    try desk.office.generate("2020-04-01", "2020-04-08")
    let shift = try desk.office.dayShift("2020-04-02")
    try desk.setClock("2020-04-04T09:00:00+08:00")
    try desk.mark(["\(shift.person) in 2020-04-02T08:40:00", "\(shift.person) out 2020-04-02T20:00:00"])
    let late = ["02T08 late 40"]
    #expect(try desk.attendance("2020-04-02", "2020-04-02", shift.person) == late)
    // The telephone failed: the vendor asks for the mark that is missing.
    let added = try desk.ask("vendor-manager", "add", "\(shift.person) in 2020-04-02T07:55:00")
    #expect(try desk.ask(status: 409, "supervisor", "add", "\(shift.person) in 2020-04-02T07:55:00").string("/code") == "already-asked")
    #expect(try desk.attendance("2020-04-02", "2020-04-02", shift.person) == late)
    #expect(try desk.decide("vendor-manager", added, "approve").status == 403)
    #expect(try desk.decide("leader", added, "approve", tag: nil).status == 428)
    #expect(try desk.decide("leader", added, "approve", tag: "2").status == 412)
    let signed = try desk.decide("leader", added, "approve")
    #expect(signed.status == 200 && signed.string("/state") == "approved", "\(signed.text)")
    #expect(try desk.decide("leader", added, "approve", tag: "2").string("/code") == "already-decided")
    #expect(try desk.attendance("2020-04-02", "2020-04-02", shift.person) == [])
    let page = try desk.read("leader", "from=2020-04-02&to=2020-04-02&person=\(shift.person)")
    let marks = page.json.value(at: "/items/0/marks")?.array ?? []
    #expect(marks.map { $0["source"]?.string } == ["correction", "api", "api"] && marks[0]["correction"] == .string(added))

    // It was not so after all. Who asks for it to be voided does not sign; another of the office does.
    #expect(try desk.ask(status: 409, "supervisor", "add", "\(shift.person) in 2020-04-02T07:55:00").string("/code") == "already-marked")
    let voided = try desk.ask("supervisor", "void", "\(shift.person) in 2020-04-02T07:55:00")
    let own = try desk.decide("supervisor", voided, "approve")
    #expect(own.status == 403 && own.string("/code") == "own-proposal", "\(own.text)")
    #expect(try desk.decide("leader", voided, "approve").status == 200)
    #expect(try desk.attendance("2020-04-02", "2020-04-02", shift.person) == late)
    #expect(try desk.ask(status: 409, "supervisor", "void", "\(shift.person) in 2020-04-02T07:55:00").string("/code") == "not-marked")

    // Nobody signs for a mark of their own.
    let leader = try desk.ask("supervisor", "add", "leader in 2020-04-02T08:55:00")
    for step in ["approve", "reject"] {
      #expect(try desk.decide("leader", leader, step, ["note": "?"]).string("/code") == "own-matter", "\(step)")
    }
    #expect(try desk.decide("supervisor", leader, "withdraw").status == 200)

    // What is refused or taken back changes nothing, and may be asked for again.
    let refused = try desk.ask("vendor-manager", "void", "\(shift.person) out 2020-04-02T20:00:00")
    #expect(try desk.decide("leader", refused, "reject").faults == ["/note missing-member"])
    #expect(try desk.decide("leader", refused, "reject", ["note": "监控在岗"]).status == 200)
    let withdrawn = try desk.ask("vendor-manager", "void", "\(shift.person) out 2020-04-02T20:00:00")
    #expect(try desk.decide("supervisor", withdrawn, "withdraw").status == 403)
    #expect(try desk.decide("vendor-manager", withdrawn, "withdraw").string("/state") == "withdrawn")
    let listed = try desk.office.who("vendor-manager").get(desk.path + "/corrections?person=\(shift.person)").json["items"]?.array ?? []
    #expect(listed.map { $0["state"]?.string } == ["withdrawn", "rejected", "approved", "approved"])
    #expect(listed[1]["note"] == "监控在岗" && listed[3]["requestedSide"] == "vendor" && listed[2]["requestedSide"] == "office")
    #expect(try desk.office.who("leader").get(desk.path + "/corrections?state=requested").json["items"] == [])
  }

  @Test("corrections are refused with the place of what is wrong, to whoever may not, and are not there for another office")
  func correctionRefused() throws {
    let desk = try desk()
    try desk.setClock("2020-04-20T09:00:00+08:00")
    try desk.mark(["seat-1 in 2020-04-20T08:00:00"])
    let (manager, path) = (try desk.office.who("vendor-manager"), desk.path + "/corrections")
    let body = try desk.correction("void", "seat-1 in 2020-04-20T08:00:00")
    for role in ["seat-1", "finance", "leader"] { #expect(try desk.office.who(role).post(path, body).status == 403, "\(role)") }
    #expect(try manager.post(path, desk.correction("add", "nobody in 2020-04-20T08:00:00")).faults == ["/person unknown-reference"])
    #expect(try manager.post(path, desk.correction("add", "seat-1 in 2020-04-20T10:00:00")).faults == ["/at out-of-range"])
    #expect(try manager.post(path, desk.correction("move", "seat-1 in 2020-04-20T08:00:00")).faults == ["/kind not-in-list"])
    let first = try manager.post(path, body, key: "correction-1")
    let again = try manager.post(path, body, key: "correction-1")
    #expect(first.status == 201 && again.text == first.text && again.fields["idempotency-replayed"] == "true")
    let id = try #require(first.string("/id"))
    let other = try RosterOffice("anding").who("vendor-manager")
    #expect(try other.get("\(path)/\(id)").status == 404)
    #expect(try desk.office.who("seat-1").get("\(path)/\(id)").status == 403)
    #expect(try desk.decide("finance", id, "approve").status == 403)
    #expect(try manager.get("\(path)/\(id)").fields["etag"] == "\"1\"")
    #expect(try manager.get("\(path)/01930000-0000-7000-8000-000000000001").status == 404)
  }
}

/// Attendance as an office's people work with it, through the API.
struct AttendanceDesk: Sendable {
  let office: RosterOffice

  var path: String { office.path + "/attendance" }

  func setClock(_ instant: String) throws { try office.deployment.setClock(to: try #require(Instant(instant))) }

  /// Marks written as `seat-1 in 2020-01-02T08:00:00`, in Shanghai.
  func body(_ marks: [String]) throws -> JSON {
    let list = try marks.map { text -> JSON in
      let parts = text.split(separator: " ").map(String.init)
      try #require(parts.count == 3)
      return ["person": .string(parts[0]), "direction": .string(parts[1]), "at": .string(parts[2] + "+08:00")]
    }
    return ["marks": .array(list)]
  }

  func mark(_ marks: [String]) throws {
    let answer = try office.who("vendor-manager").post(path + "/marks", body(marks))
    try #require(answer.status == 201, "\(answer.text)")
  }

  /// A correction of a mark written as `seat-1 in 2020-01-02T08:00:00`.
  func correction(_ kind: String, _ mark: String) throws -> JSON {
    var body = try #require(try self.body([mark]).value(at: "/marks/0")?.object)
    body["kind"] = .string(kind)
    body["reason"] = "手机故障"
    return .object(body)
  }

  @discardableResult
  func ask(status: Int, _ role: String, _ kind: String, _ mark: String) throws -> Caller.Answer {
    let answer = try office.who(role).post(path + "/corrections", correction(kind, mark))
    try #require(answer.status == status, "\(answer.text)")
    return answer
  }

  /// Asks for a correction and gives its identifier.
  func ask(_ role: String, _ kind: String, _ mark: String) throws -> String {
    try #require(try ask(status: 201, role, kind, mark).string("/id"))
  }

  /// Does something to a correction of a version.
  func decide(_ role: String, _ id: String, _ step: String, _ body: JSON = [:], tag: String? = "1") throws -> Caller.Answer {
    try office.who(role).post("\(path)/corrections/\(id)/\(step)", body, tag.map { ["If-Match": "\"\($0)\""] } ?? [:])
  }

  func read(_ role: String, _ query: String) throws -> Caller.Answer {
    let answer = try office.who(role).get("\(path)?\(query)")
    try #require(answer.status == 200, "\(answer.text)")
    return answer
  }

  /// The findings of a person's shifts, as `02T08 late 12`; shifts of which nothing is found are left out.
  func attendance(_ from: String, _ to: String, _ person: String) throws -> [String] {
    let items = try read("vendor-manager", "from=\(from)&to=\(to)&person=\(person)").json["items"]?.array ?? []
    return items.compactMap { item in
      let findings = (item["findings"]?.array ?? []).map { "\($0["finding"]?.string ?? "") \($0["minutes"]?.integer ?? -1)" }
      let start = (item["startsAt"]?.string ?? "").dropFirst(8).prefix(5)
      return findings.isEmpty ? nil : "\(start) \(findings.joined(separator: ", "))"
    }
  }
}
