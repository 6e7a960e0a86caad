// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

@Suite("Who sees and steps which work orders", .deployment)
struct OrderAccessTests {
  private func ids(_ answer: Caller.Answer) -> [String] { answer.json["items"]?.array?.compactMap { $0["id"]?.string } ?? [] }

  @Test("another office's order does not exist, for reading, its history or a step")
  func tenants() throws {
    let desk = try OrderDesk()
    let id = try desk.receive()
    let other = try desk.deployment.caller("sanjianfang.seat-1")
    for path in ["/v1/tenants/sanjianfang/work-orders/\(id)", "\(desk.path)/\(id)", "/v1/tenants/sanjianfang/work-orders/\(id)/events"] {
      #expect(try other.get(path).status == 404)
    }
    #expect(try other.post("/v1/tenants/sanjianfang/work-orders/\(id)/sign", [:], ["If-Match": "\"1\""]).status == 404)
    #expect(try other.post("/v1/tenants/sanjianfang/work-orders/\(id)/contact", ["reason": "x"]).status == 404)
    #expect(!ids(try other.get("/v1/tenants/sanjianfang/work-orders")).contains(id))
  }

  @Test("a handler sees and steps the orders of the own department and those below, and no other")
  func departments() throws {
    let desk = try OrderDesk("xisanqi")
    let seat = "flow-seat-1"
    let deployment = desk.deployment
    let department = try #require(
      try deployment.database.sql(
        "SELECT m.department FROM membership m JOIN app_user u USING (user_id) WHERE u.login = 'xisanqi.handler' AND m.department IS NOT NULL"
      ).split(separator: "\n").first.map(String.init))
    let child = try deployment.database.sql(
      "SELECT min(d.code) FROM department d JOIN tenant t USING (tenant_id) WHERE t.code = 'xisanqi' AND d.parent = '\(department)'")
    func dispatched(_ unit: String) throws -> String {
      let id = try desk.receive(by: seat)
      func step(_ verb: String, _ body: JSON) throws {
        let tag = try #require(try desk.get(id, by: seat).fields["etag"])
        let answer = try desk.who(seat).post("\(desk.path)/\(id)/\(verb)", body, ["If-Match": tag])
        try #require(answer.status == 200, "\(answer.text)")
      }
      try step("sign", [:])
      try step("verify", ["community": "community-east"])
      try step("dispatch", ["department": .string(unit)])
      return id
    }
    let other = department == "property" ? "enforcement" : "property"
    let (mine, foreign, undispatched) = (try dispatched(department), try dispatched(other), try desk.receive(by: seat))
    let below = child.isEmpty ? nil : try dispatched(child)
    let handler = try desk.who("handler")
    let seen = ids(try handler.get(desk.path))
    #expect(seen == ([below, mine] as [String?]).compactMap { $0 }, "of \(department)")
    #expect(ids(try handler.get("\(desk.path)?department=\(other)")).isEmpty)
    for id in [foreign, undispatched] {
      #expect(try handler.get("\(desk.path)/\(id)").status == 404)
      #expect(try handler.get("\(desk.path)/\(id)/events").status == 404)
      #expect(try handler.post("\(desk.path)/\(id)/begin", [:], ["If-Match": "\"4\""]).status == 404)
    }
    #expect(try handler.post("\(desk.path)/\(mine)/begin", [:], ["If-Match": "\"4\""]).status == 200)
    #expect(try handler.post("\(desk.path)/\(mine)/urge", ["remark": "x"], ["If-Match": "\"5\""]).status == 403)
    // The office's own lists by department take those below in.
    let listed = ids(try desk.who("supervisor").get("\(desk.path)?department=\(department)"))
    #expect(listed == seen)
  }

  @Test("lists go page by page, newest first, each order once, and narrow by what is asked")
  func lists() throws {
    let desk = try OrderDesk("fangshan")
    let seat = "watch-seat-1"
    var made: [String] = []
    for round in 0..<7 {
      made.append(
        try desk.receive(
          ["category": .string(round % 2 == 0 ? "供水" : "道路"), "grade": round == 3 ? "2h" : "7d", "source": round == 5 ? "grid" : "city"],
          by: seat))
    }
    let caller = try desk.who("supervisor")
    var pages: [String] = []
    var next: String?
    repeat {
      let page = try caller.get("\(desk.path)?limit=3" + (next.map { "&after=\($0)" } ?? ""))
      pages += ids(page)
      next = page.string("/next")
    } while next != nil
    #expect(pages == made.reversed())
    #expect(ids(try caller.get("\(desk.path)?category=%E9%81%93%E8%B7%AF")) == [made[5], made[3], made[1]])
    #expect(ids(try caller.get("\(desk.path)?grade=2h")) == [made[3]])
    #expect(ids(try caller.get("\(desk.path)?source=grid&open=true")) == [made[5]])
    #expect(ids(try caller.get("\(desk.path)?open=false")).isEmpty)
    #expect(ids(try caller.get("\(desk.path)?stage=signed")).isEmpty)
    for query in ["stage=lost", "open=maybe", "seat=me", "waits=rain", "limit=0"] {
      #expect(try caller.get("\(desk.path)?\(query)").status == 422, "\(query)")
    }
  }
}
