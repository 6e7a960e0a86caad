// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// People and posts through the API, each suite on a server whose clock says when.
@Suite("Posting people", .deployment(at: "2024-05-06T09:00:00+08:00"), .serialized)
struct PostingRouteTests {
  private func anding() throws -> Desk { try Desk("anding", "service-2024") }

  @discardableResult
  private func person(_ code: String, _ desk: Desk, name: String = "余清扬") throws -> Caller.Answer {
    let added = try desk.who("vendor-manager").post("\(desk.office)/staff", ["code": .string(code), "name": .string(name)])
    try #require(added.status == 201, "\(added.text)")
    return added
  }

  private func assign(_ person: String, _ post: String, from: String, _ desk: Desk, _ more: JSONObject = [:]) throws -> Caller.Answer {
    var body: JSONObject = ["person": .string(person), "post": .string(post), "from": .string(from)]
    for member in more.members { body[member.name] = member.value }
    return try desk.who("vendor-manager").post("\(desk.path)/assignments", .object(body))
  }

  private func condition(
    _ condition: String, _ person: String, _ on: String, _ desk: Desk, by role: String = "vendor-manager"
  ) throws -> Caller.Answer {
    try desk.who(role).post(
      "\(desk.path)/conditions",
      ["person": .string(person), "condition": .string(condition), "on": .string(on), "document": "保密承诺书 2024-17"])
  }

  @Test("who has not pledged is not posted; with the pledge on record the person is, once, and the pledge withdrawn shows as wanting")
  func pledge() throws {
    let desk = try anding()
    try person("pledger", desk)
    let refused = try assign("pledger", "seat", from: "2024-05-06", desk)
    #expect(
      refused.status == 409 && refused.string("/code") == "conditions-unmet" && refused.faults == ["/person not-pledged"], "\(refused.text)"
    )
    // A pledge of tomorrow's is none, and one that comes after the first day is too late for it.
    #expect(try condition("pledged", "pledger", "2024-05-07", desk).faults == ["/on out-of-range"])
    let pledged = try condition("pledged", "pledger", "2024-05-06", desk)
    #expect(pledged.status == 201, "\(pledged.text)")
    #expect(try assign("pledger", "seat", from: "2024-05-05", desk).string("/code") == "conditions-unmet")
    #expect(try condition("pledged", "nobody", "2024-05-06", desk).faults == ["/person unknown-reference"])
    #expect(try condition("approved", "pledger", "2024-05-06", desk).status == 403)
    #expect(try condition("approved", "pledger", "2024-05-06", desk, by: "supervisor").status == 201)

    let body: JSON = ["person": "pledger", "post": "seat", "from": "2024-05-06", "to": "2024-12-25"]
    let manager = try desk.who("vendor-manager")
    let posted = try manager.post("\(desk.path)/assignments", body, key: "post-1")
    #expect(posted.status == 201, "\(posted.text)")
    #expect(try manager.post("\(desk.path)/assignments", body, key: "post-1").fields["idempotency-replayed"] == "true")
    #expect(try manager.post("\(desk.path)/assignments", body).string("/code") == "already-posted")
    #expect(try desk.who("supervisor").post("\(desk.path)/assignments", body).status == 403)
    let holders = try desk.who("supervisor").get("\(desk.path)/staffing").json.value(at: "/posts/0/holders")?.array ?? []
    let mine = try #require(holders.first { $0["person"]?.string == "pledger" })
    #expect(mine["unmet"]?.array?.isEmpty == true && mine["to"]?.string == "2024-12-25")

    // The office withdraws what the vendor recorded; the vendor not what the office did.
    let approvals = try manager.get("\(desk.path)/conditions?person=pledger").json["items"]?.array ?? []
    #expect(approvals.map { $0["condition"]?.string } == ["approved", "pledged"])
    let approval = try #require(approvals.first?["id"]?.string)
    #expect(
      try manager.post("\(desk.path)/conditions/\(approval)/withdraw", ["reason": "?"]).string("/code") == "not-your-side")
    let id = try #require(pledged.string("/id"))
    let office = try desk.who("supervisor")
    #expect(try office.post("\(desk.path)/conditions/\(id)/withdraw", ["reason": "The signature is another's."]).status == 200)
    #expect(try office.post("\(desk.path)/conditions/\(id)/withdraw", ["reason": "Again."]).string("/code") == "already-withdrawn")
    let after = try desk.who("supervisor").get("\(desk.path)/staffing").json.value(at: "/posts/0/holders")?.array ?? []
    #expect(after.first { $0["person"]?.string == "pledger" }?["unmet"]?.array?.map(\.string) == ["pledged"])
  }

  @Test("nobody leaves a post before materials and data are cleared; the vendor declares it and the office confirms")
  func leaving() throws {
    let desk = try anding()
    let manager = try desk.who("vendor-manager")
    let end = "\(desk.path)/assignments/seat/seat-2/2023-12-26/end"
    let leaving: JSON = ["on": "2024-05-05", "reason": "离职"]
    #expect(try manager.post(end, leaving).status == 428)
    let refused = try manager.post(end, leaving, ["If-Match": "\"1\""])
    #expect(refused.status == 409 && refused.string("/code") == "clearance-required", "\(refused.text)")
    let clearing: JSON = ["person": "seat-2", "materialsReturned": "2024-05-05", "dataDestroyed": "2024-05-06", "document": "交接单 5"]
    #expect(
      try manager.post(
        "\(desk.path)/clearances",
        ["person": "seat-2", "materialsReturned": "2024-05-07", "dataDestroyed": "2024-05-06", "document": "交接单"]
      ).faults == ["/materialsReturned out-of-range"])
    let declared = try manager.post("\(desk.path)/clearances", clearing)
    #expect(declared.status == 201 && declared.string("/state") == "declared", "\(declared.text)")
    let id = try #require(declared.string("/id"))
    // What the office rejects counts for nothing, and nobody confirms their own word.
    #expect(try manager.post("\(desk.path)/clearances/\(id)/confirm", [:], ["If-Match": "\"1\""]).status == 403)
    let office = try desk.who("supervisor")
    #expect(
      try office.post("\(desk.path)/clearances/\(id)/reject", ["note": "缺一枚U盘"], ["If-Match": "\"1\""]).string("/state") == "rejected")
    #expect(try office.post("\(desk.path)/clearances/\(id)/confirm", [:], ["If-Match": "\"1\""]).string("/code") == "already-decided")
    #expect(try manager.post(end, leaving, ["If-Match": "\"1\""]).string("/code") == "clearance-required")
    let second = try #require(manager.post("\(desk.path)/clearances", clearing).string("/id"))
    let left = try manager.post(end, leaving, ["If-Match": "\"1\""])
    #expect(left.status == 200, "\(left.text)")
    #expect(try manager.post(end, leaving, ["If-Match": "\"2\""]).string("/code") == "already-ended")
    #expect(try office.post("\(desk.path)/clearances/\(second)/confirm", [:], ["If-Match": "\"1\""]).status == 200)

    let person = try office.get("\(desk.office)/staff/seat-2")
    #expect(person.string("/assignments/0/ended") == "2024-05-05" && person.string("/assignments/0/endedBecause") == "离职", "\(person.text)")
    #expect(person.json["clearances"]?.array?.map { $0["state"]?.string } == ["rejected", "confirmed"])
    // The contract fixes no number of seats: who left is wanting until somebody stands in.
    let seats = try office.get("\(desk.path)/staffing").json.value(at: "/posts/0")
    #expect(seats?["vacancies"]?.integer == 1 && seats?["post"]?.string == "seat")
    try self.person("stand-in", desk)
    #expect(try condition("pledged", "stand-in", "2024-05-06", desk).status == 201)
    let wrong = try assign("stand-in", "seat", from: "2024-05-06", desk, ["replaces": ["person": "seat-2", "from": "2024-01-01"]])
    #expect(wrong.faults == ["/replaces unknown-reference"])
    #expect(
      try assign("stand-in", "seat", from: "2024-05-06", desk, ["replaces": ["person": "seat-2", "from": "2023-12-26"]]).status == 201)
    #expect(try office.get("\(desk.path)/staffing").json.value(at: "/posts/0/vacancies")?.integer == 0)
    #expect(try office.get("\(desk.path)/staffing?on=2024-05-05").json.value(at: "/posts/0/vacancies")?.integer == 0)
    #expect(try office.get("\(desk.path)/staffing?on=soon").faults == ["?on bad-query"])

    // Applying the files again neither brings anybody back nor takes off who came over the API.
    let planned = try desk.deployment.jiesu("tenant", "plan", "\(Cluster.checkout)/deploy/tenants/anding")
    #expect(planned.status == 0, "\(planned.output)")
  }

  @Test("people of the other side, and people the caller may not know, are not posted")
  func strangers() throws {
    let desk = try anding()
    #expect(try assign("leader", "seat", from: "2024-05-06", desk).faults == ["/person unknown-reference"])
    #expect(try desk.who("vendor-manager").get("\(desk.office)/staff/leader").status == 404)
    #expect(try desk.who("supervisor").get("\(desk.office)/staff/leader").status == 200)
    #expect(try assign("seat-1", "guard", from: "2024-05-06", desk).faults == ["/post unknown-reference"])
    #expect(
      try desk.who("vendor-manager").post("\(desk.office)/staff", ["code": "seat-1", "name": "同名"]).string("/code") == "already-exists")
    #expect(
      try desk.who("vendor-manager").post("\(desk.office)/staff", ["code": "lost", "name": "某", "department": "none"]).faults
        == ["/department unknown-reference"])
    let other = try desk.deployment.caller("huoying.vendor-manager")
    #expect(try other.get("\(desk.path)/staffing").status == 404)
  }

  @Test("where the contract wants it, nobody comes or leaves without the office's written consent, and a consent is good for one change")
  func consent() throws {
    let desk = try Desk("xisanqi", "platform-2024")
    let manager = try desk.who("vendor-manager")
    let office = try desk.who("supervisor")
    try person("caller-9", desk)
    let changes = "\(desk.path)/staff-changes"
    #expect(try assign("caller-9", "caller", from: "2024-05-06", desk).string("/code") == "consent-required")
    #expect(
      try manager.post(changes, ["post": "caller", "leaves": "caller-9", "on": "2024-05-08", "reason": "?"]).faults
        == ["/leaves not-posted"])
    #expect(try manager.post(changes, ["post": "caller", "on": "2024-05-08", "reason": "?"]).faults == ["/comes missing-member"])
    let asking: JSON = ["post": "caller", "leaves": "caller-2", "comes": "caller-9", "on": "2024-05-06", "reason": "caller-2 请长假"]
    #expect(try office.post(changes, asking).status == 403)
    let asked = try manager.post(changes, asking)
    #expect(asked.status == 201, "\(asked.text)")
    let id = try #require(asked.string("/id"))
    let change: JSONObject = ["change": .string(id)]
    #expect(try assign("caller-9", "caller", from: "2024-05-06", desk, change).string("/code") == "consent-required")
    #expect(try manager.post("\(changes)/\(id)/consent", ["document": "复函 1"], ["If-Match": "\"1\""]).status == 403)
    #expect(try office.post("\(changes)/\(id)/consent", [:], ["If-Match": "\"1\""]).faults == ["/document missing-member"])
    #expect(try office.post("\(changes)/\(id)/consent", ["document": "复函 1"], ["If-Match": "\"2\""]).status == 412)
    #expect(try office.post("\(changes)/\(id)/consent", ["document": "复函 1"], ["If-Match": "\"1\""]).status == 200)
    #expect(
      try office.post("\(changes)/\(id)/refuse", ["note": "?"], ["If-Match": "\"2\""]).string("/code") == "already-decided")
    // The contract's own duty to decide in writing is met with it.
    let duty = try office.get("\(desk.path)/obligations?state=met&limit=500").json["items"]?.array ?? []
    #expect(duty.contains { $0["item"]?.string == "ask-staff-change" && $0["subject"]?.string == "caller-9" })

    #expect(try assign("caller-9", "analyst", from: "2024-05-06", desk, change).string("/code") == "consent-required")
    #expect(try assign("caller-1", "flow-seat", from: "2024-05-06", desk, change).string("/code") == "consent-required")
    #expect(try assign("caller-9", "caller", from: "2024-05-06", desk, change).status == 201)
    #expect(try assign("caller-9", "caller", from: "2024-05-06", desk, change).string("/code") == "already-posted")
    try person("caller-8", desk)
    #expect(try assign("caller-8", "caller", from: "2024-05-06", desk, change).string("/code") == "consent-required")

    let end = "\(desk.path)/assignments/caller/caller-2/2024-03-15/end"
    let clearing: JSON = ["person": "caller-2", "materialsReturned": "2024-05-06", "dataDestroyed": "2024-05-06", "document": "交接单"]
    #expect(try office.post("\(desk.path)/clearances", clearing).string("/state") == "confirmed")
    #expect(try manager.post(end, ["on": "2024-05-06", "reason": "长假"], ["If-Match": "\"1\""]).string("/code") == "consent-required")
    let left = try manager.post(end, ["on": "2024-05-06", "reason": "长假", "change": .string(id)], ["If-Match": "\"1\""])
    #expect(left.status == 200, "\(left.text)")

    // A request that is refused or taken back leaves no duty to decide it.
    let vain = try #require(
      manager.post(changes, ["post": "caller", "comes": "caller-8", "on": "2024-05-06", "reason": "加人"]).string("/id"))
    #expect(try office.post("\(changes)/\(vain)/refuse", ["note": "编制已满"], ["If-Match": "\"1\""]).status == 200)
    let open = try office.get("\(desk.path)/obligations?state=pending&limit=500").json["items"]?.array ?? []
    #expect(!open.contains { $0["item"]?.string == "ask-staff-change" })
    #expect(try manager.get("\(changes)?state=consented").json["items"]?.array?.count == 1)
    // Where the contract asks for none, there is nothing to ask for.
    let anding = try anding()
    #expect(
      try anding.who("vendor-manager").post(
        "\(anding.path)/staff-changes", ["post": "seat", "leaves": "seat-1", "on": "2024-05-06", "reason": "?"]
      ).string("/code") == "no-consent-needed")
  }
}
