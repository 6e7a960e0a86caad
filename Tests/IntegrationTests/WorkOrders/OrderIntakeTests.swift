// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

@Suite("Taking work orders in", .deployment)
struct OrderIntakeTests {
  @Test("an order is taken in once: the same again is the same order, another under its number is a conflict")
  func idempotent() throws {
    let desk = try OrderDesk()
    let body = OrderDesk.intake()
    let seat = try desk.who("seat-1")
    let first = try seat.post(desk.path, body)
    #expect(first.status == 201, "\(first.text)")
    let id = try #require(first.string("/id"))
    #expect(first.fields["location"] == "\(desk.path)/\(id)" && first.fields["etag"] == "\"1\"")
    #expect(first.string("/stage") == "received" && first.string("/contract") == "service-2024")
    let second = try seat.post(desk.path, body)
    #expect(second.status == 200 && second.string("/id") == id && second.json == first.json, "\(second.text)")
    var other = try #require(body.object)
    other["title"] = "别的事"
    let third = try seat.post(desk.path, .object(other))
    #expect(third.status == 409 && third.string("/code") == "already-exists" && third.text.contains(id))
    #expect(try desk.deployment.database.sql("SELECT count(*) FROM work_order_event WHERE order_id = '\(id)'") == "1")
    // Another office has numbers of its own.
    let elsewhere = try desk.deployment.caller("sanjianfang.seat-1").post("/v1/tenants/sanjianfang/work-orders", body)
    #expect(elsewhere.status == 201 && elsewhere.string("/id") != id, "\(elsewhere.text)")
  }

  @Test("the same order sent by several at once is taken in once")
  func atOnce() async throws {
    let desk = try OrderDesk()
    let body = OrderDesk.intake()
    let seat = try desk.who("seat-1")
    let answers = try await withThrowingTaskGroup(of: Caller.Answer.self) { group in
      for _ in 0..<8 { group.addTask { try seat.post(desk.path, body) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers.count { $0.status == 201 } == 1 && answers.allSatisfy { [200, 201].contains($0.status) })
    #expect(Set(answers.compactMap { $0.string("/id") }).count == 1)
  }

  @Test("what a source leaves open is decided by the office's tables, and the first entry says by which row")
  func decided() throws {
    let desk = try OrderDesk()
    let id = try desk.receive(["attributes": ["massIncident": true]])
    let order = try desk.get(id)
    #expect(order.json["special"]?.bool == true)
    let events = try desk.who("seat-1").get("\(desk.path)/\(id)/events")
    #expect(events.json.value(at: "/items/0/data/decisions/special-case/row")?.string == "mass", "\(events.text)")
    #expect(events.json.value(at: "/items/0/data/decisions/special-case/revision")?.integer == 1)
    #expect(try desk.get(desk.receive()).json["special"]?.bool == false)
  }

  @Test("times of the source are kept as reported; the server's clock says when it was received")
  func times() throws {
    let desk = try OrderDesk()
    let id = try desk.receive(["reportedAt": "2020-01-01T08:00:00Z", "reportedDue": "2020-01-08T08:00:00Z"])
    let order = try desk.get(id)
    #expect(order.string("/reportedAt") == "2020-01-01T16:00:00+08:00")
    #expect(order.string("/times/received")?.hasPrefix("2020") == false)
  }

  static let bad: [(JSONObject, String)] = [
    (["grade": "3d"], "/grade unknown-reference"), (["contract": "none"], "/contract unknown-reference"),
    (["source": "rumour"], "/source not-in-list"), (["title": ""], "/title wrong-length"), (["stage": "closed"], "/stage unknown-member"),
    (["citizen": ["phone": "call me"]], "/citizen/phone bad-format"), (["reportedAt": "yesterday"], "/reportedAt bad-format"),
    (["reportedAt": "9999-06-01T00:00:00Z"], "/reportedAt out-of-range"),
    (["reportedAt": "0001-01-01T00:00:00Z"], "/reportedAt out-of-range"),
    (["reportedAt": "2024-03-05T09:00:00Z", "reportedDue": "2024-03-05T08:59:59Z"], "/reportedDue out-of-range"),
    (["reportedDue": "9999-06-01T00:00:00Z"], "/reportedDue out-of-range"),
  ]

  @Test("a bad intake is refused with a pointer to what is wrong", arguments: bad)
  func refused(_ change: JSONObject, _ fault: String) throws {
    let desk = try OrderDesk()
    let answer = try desk.who("seat-1").post(desk.path, OrderDesk.intake(change))
    #expect(answer.status == 422 && answer.faults == [fault], "\(answer.text)")
  }

  @Test("orders of one telephone are found, whichever way it is written, and the later is linked to the earlier")
  func repeats() throws {
    let desk = try OrderDesk("xisanqi")
    let role = "flow-seat-1"
    func receive(_ phone: String, _ category: String) throws -> String {
      try desk.receive(["citizen": ["phone": .string(phone)], "category": .string(category)], by: role)
    }
    let first = try receive("010-5550 7788", "环境")
    let other = try receive("010-5550 7788", "物业")
    let again = try receive("01055507788", "环境")
    let stranger = try receive("010-5550 7789", "环境")
    #expect(try desk.get(again, by: role).string("/repeats") == first)
    #expect(try desk.get(other, by: role).string("/repeats") == nil && desk.get(stranger, by: role).string("/repeats") == nil)
    let same = try desk.who(role).get("\(desk.path)/\(again)/repeats").json["items"]?.array?.compactMap { $0["id"]?.string }
    #expect(same == [other, first])
  }

  @Test("of two telephones in one field the first is found by, with its extension or without; both are sealed, and shown masked")
  func severalTelephones() throws {
    let desk = try OrderDesk()
    func receive(_ phone: String) throws -> String { try desk.receive(["citizen": ["phone": .string(phone)], "category": "环境"]) }
    let field = "010-5550" + "7793转801、138" + "00557794"
    let first = try receive(field)
    #expect(try desk.get(first).string("/citizen/phone") == "010****7793、138****7794")
    #expect(try desk.get(receive("010 5550 7793")).string("/repeats") == first)
    let contact = try desk.who("seat-1").post("\(desk.path)/\(first)/contact", ["reason": "核对来电。"])
    #expect(contact.string("/phone") == field, "\(contact.text)")
  }

  @Test("only who may takes orders in", arguments: ["handler", "leader", "supervisor", "analyst-1", "finance"])
  func permission(_ role: String) throws {
    let desk = try OrderDesk()
    #expect(try desk.who(role).post(desk.path, OrderDesk.intake()).status == 403)
  }
}
