// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc
import Support
import Testing

@Suite("Key complainants", .deployment, .serialized)
struct ComplainantTests {
  private let deployment: Deployment
  private let path = "/v1/tenants/xisanqi/key-complainants"

  init() throws { deployment = try Deployment.current }

  /// A mobile number, put together so that none stands in the sources.
  private static func mobile(_ end: String) -> String { ["139", "0066", end].joined() }

  private func drive(_ begin: String) throws -> OrderDrive {
    try OrderDrive(deployment, "xisanqi", seat: "flow-seat-1", from: begin)
  }

  private func citizen(_ name: String, _ phone: String) -> JSON {
    ["name": .string(name), "phone": .string(phone), "address": "西里 3 号楼 5 单元"]
  }

  private func ids(_ answer: Caller.Answer) -> [String] { (answer.json["items"]?.array ?? []).compactMap { $0["id"]?.string } }

  @Test("callers with many orders of late are candidates, marked once, and their orders show it")
  func marking() throws {
    let drive = try drive("2024-05-06T09:00:00")
    let seat = try drive.caller()
    let (often, seldom) = (citizen("欧阳闻笛", Self.mobile("1001")), citizen("司徒远", Self.mobile("1002")))
    let orders = try (0..<3).map { _ in try drive.receive(["citizen": often]) }
    _ = try drive.receive(["citizen": seldom])
    let candidates = try seat.get(path + "/candidates")
    #expect(candidates.json["items"]?.array?.count == 1, "\(candidates.text)")
    #expect(candidates.json.value(at: "/items/0/orders")?.integer == 3 && candidates.string("/items/0/order") == orders[2].id)
    #expect(candidates.string("/items/0/citizen/phone") == "139****1001")
    // Whoever is told nothing about people is told nothing here.
    #expect(try drive.caller("analyst-1").get(path + "/candidates").status == 403)
    let body: JSON = ["order": .string(orders[2].id), "ground": "phone", "reason": .string("欧阳闻笛多次来电 \(Self.mobile("1001"))")]
    #expect(try drive.caller("vendor-manager").post(path, body).status == 403)
    let id = try seat.make(path, body)
    #expect(try seat.post(path, body).json["code"]?.string == "already-marked")
    #expect(try seat.get(path + "/candidates").json["items"]?.array?.isEmpty == true)
    let shown = try seat.get("\(path)/\(id)")
    #expect(shown.string("/citizen/name") == "欧**" && shown.string("/reason") == "欧**多次来电 139****1001", "\(shown.text)")
    #expect(shown.json["orders"]?.integer == 3 && shown.string("/plan/due") == "2024-06-06" && shown.string("/plan/told") == "nothing")
    #expect(try ids(seat.get("\(path)/\(id)/orders")) == orders.map(\.id).reversed())
    #expect(try seat.get("/v1/tenants/xisanqi/work-orders/\(orders[0].id)").string("/keyComplainant") == id)
    // One who called once is not repeated; no order, no citizen.
    let other = try drive.receive(["citizen": citizen("公孙策", Self.mobile("1003"))])
    func refused(_ order: String, _ ground: JSON, _ also: [String] = []) throws -> [String] {
      try seat.post(
        path, ["order": .string(order), "ground": ground, "reason": "反复", "also": .array(also.map { .string($0) })]
      ).faults
    }
    #expect(try refused(other.id, "phone") == ["/ground not-repeated"])
    #expect(try refused(other.id, "content") == ["/ground not-repeated"])
    #expect(try refused("01890000-0000-7000-8000-00000000a001", "judgement") == ["/order unknown-reference"])
    #expect(try refused(other.id, "content", ["01890000-0000-7000-8000-00000000a001"]) == ["/also/0 unknown-reference"])
    #expect(try deployment.caller("anding.supervisor").get("\(path)/\(id)").status == 404)
  }

  @Test("orders of the same matter are found by their text, and linked to somebody by it")
  func content() throws {
    let drive = try drive("2024-05-07T09:00:00")
    let seat = try drive.caller()
    let text = "西里小区地下车库出入口坡道结冰打滑，多名老人摔倒，物业拒绝处理。"
    let first = try drive.receive(["title": "车库坡道打滑", "content": .string(text), "citizen": citizen("夏侯渡", Self.mobile("2001"))])
    let second = try drive.receive([
      "title": "车库坡道打滑", "content": .string(text + "已是第二次反映。"), "citizen": ["name": "匿名"],
    ])
    _ = try drive.receive(["title": "广场舞噪声", "content": "每晚九点后广场舞音响声音过大，影响休息。", "citizen": ["name": "匿名"]])
    let like = try seat.get("/v1/tenants/xisanqi/work-orders/\(first.id)/repeats?by=content")
    #expect(ids(like) == [second.id], "\(like.text)")
    let likeness = try #require(like.json.value(at: "/items/0/likeness")?.integer)
    #expect((70...99).contains(likeness))
    #expect(try ids(seat.get("/v1/tenants/xisanqi/work-orders/\(first.id)/repeats")) == [])
    #expect(try seat.get("/v1/tenants/xisanqi/work-orders/\(first.id)/repeats?by=colour").status == 422)
    let id = try seat.make(
      path, ["order": .string(first.id), "ground": "content", "reason": "同一事项反复提出", "also": [.string(second.id)]])
    #expect(try ids(seat.get("\(path)/\(id)/orders")) == [second.id, first.id])
    #expect(try seat.get("/v1/tenants/xisanqi/work-orders/\(second.id)").string("/keyComplainant") == id)
    let third = try drive.receive(["citizen": ["name": "匿名"]])
    let linked = try seat.post("\(path)/\(id)/orders", ["orders": [.string(third.id)], "ground": "judgement"])
    #expect(linked.status == 200, "\(linked.text)")
    #expect(try ids(seat.get("\(path)/\(id)/orders")) == [third.id, second.id, first.id])
    // The chain of links shows on the order.
    let tag = try #require(try seat.get("/v1/tenants/xisanqi/work-orders/\(second.id)").fields["etag"])
    let link = try seat.post(
      "/v1/tenants/xisanqi/work-orders/\(second.id)/link", ["repeats": .string(first.id), "ground": "content"], ["If-Match": tag])
    #expect(link.status == 200, "\(link.text)")
    #expect(try ids(seat.get("/v1/tenants/xisanqi/work-orders/\(second.id)/repeats?by=linked")) == [first.id])
  }

  @Test("the ledger is sealed, read in clear with a reason that is noted, and opens after the keys were rotated")
  func ledger() throws {
    let drive = try drive("2024-06-03T09:00:00")
    let seat = try drive.caller()
    let (name, phone) = ("令狐望舒", Self.mobile("3001"))
    let order = try drive.receive(["citizen": citizen(name, phone)])
    let id = try seat.make(path, ["order": .string(order.id), "ground": "judgement", "reason": "情绪激动"])
    let records = "\(path)/\(id)/records"
    let secret = "自述长期失眠，家住西里五单元"
    func record(_ kind: JSON, _ form: JSON, _ on: JSON, _ notes: String, _ more: JSONObject = [:]) throws -> Caller.Answer {
      var body: JSONObject = ["kind": kind, "form": form, "on": on, "notes": .string(notes)]
      for member in more.members { body[member.name] = member.value }
      return try seat.post(records, .object(body))
    }
    #expect(try record("meeting", "assessment", "2024-06-01", "研判：由社区牵头", ["participants": ["主任", "网格员"]]).status == 201)
    #expect(try record("counselling", "telephone", "2024-06-02", secret).status == 201)
    #expect(try record("visit", "telephone", "2024-06-04", "明日").faults == ["/on out-of-range"])
    let long = String(repeating: "长", count: 8000)
    #expect(try record("meeting", "interview", "2024-06-03", long).status == 201)

    let listed = try drive.caller("auditor").get(records)
    #expect(listed.json["items"]?.array?.count == 3 && !listed.text.contains("失眠") && !listed.text.contains("网格员"), "\(listed.text)")
    #expect(try ids(drive.caller("auditor").get(records + "?kind=counselling")).count == 1)
    #expect(try drive.caller("auditor").post("\(path)/\(id)/disclose", ["reason": "看看"]).status == 403)
    #expect(try seat.post("\(path)/\(id)/disclose", [:]).faults == ["/reason missing-member"])
    func disclosed() throws -> Caller.Answer { try seat.post("\(path)/\(id)/disclose", ["reason": .string("回访 \(name)")]) }
    let clear = try disclosed()
    #expect(clear.string("/name") == name && clear.string("/phone") == phone, "\(clear.text.prefix(400))")
    #expect(clear.json.value(at: "/items/2/participants") == ["主任", "网格员"] && clear.string("/items/1/notes") == secret)
    #expect(clear.string("/items/0/notes") == long)
    let audit = try drive.caller("auditor").get("/v1/tenants/xisanqi/audit?limit=20").json["items"]?.array ?? []
    let note = try #require(audit.first { $0["action"]?.string == "complainant.disclose" && $0["subject"]?.string == id })
    #expect(note.value(at: "/data/reason")?.string == "回访 令**")

    for table in ["key_complainant", "complainant_record", "key_complainant_order", "audit_event", "notice", "idempotency"] {
      for word in [name, phone, "失眠", "网格员"] {
        let hexadecimal = word.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let count = try deployment.database.sql(
          "SELECT count(*) FROM \(table) t WHERE t::text LIKE '%\(word)%' OR t::text LIKE '%\(hexadecimal)%'")
        #expect(count == "0", "\(table): \(word)")
      }
    }
    let run = try deployment.jiesu("keys", "rotate", "--tenant", "xisanqi", "--wait", "0")
    #expect(run.status == 0, "\(run.output)")
    let keys = """
      SELECT count(DISTINCT data_key) FROM (SELECT data_key FROM key_complainant UNION ALL SELECT data_key FROM complainant_record
        UNION ALL SELECT data_key FROM work_order_content WHERE data_key IS NOT NULL) k
      """
    #expect(try deployment.database.sql(keys) == "1")
    let again = try disclosed()
    #expect(again.json == clear.json, "\(again.text.prefix(400))")
  }

  @Test("a text of any length that names its citizen is taken in")
  func longText() throws {
    let drive = try drive("2024-06-04T09:00:00")
    let text = "上官云" + String(repeating: "反映小区道路问题。", count: 2000)
    let order = try drive.receive(["content": .string(text), "citizen": citizen("上官云", Self.mobile("4001"))])
    let contact = try drive.caller().post("/v1/tenants/xisanqi/work-orders/\(order.id)/contact", ["reason": "核实"])
    #expect(contact.string("/content") == text)
  }

  @Test("visits that come due and that were missed are told once each by several servers, and one that reached them moves the plan on")
  func visits() throws {
    let drive = try drive("2024-07-01T09:00:00")
    let seat = try drive.caller()
    let other = try deployment.another().program
    defer { _ = other.end(by: SIGTERM) }
    let order = try drive.receive(["citizen": citizen("东方既白", Self.mobile("5001"))])
    let id = try seat.make(
      path, ["order": .string(order.id), "ground": "judgement", "reason": "须定期回访", "visitEvery": ["days": 10]])
    func told() throws -> [String] {
      let notices = try drive.caller("supervisor").get("/v1/tenants/xisanqi/notices?limit=500").json["items"]?.array ?? []
      return notices.filter { $0["subject"]?.string == id }.compactMap { $0["kind"]?.string }.reversed()
    }
    func shown() throws -> Caller.Answer { try seat.get("\(path)/\(id)") }
    func wait(for count: Int) throws { _ = try eventually { try told().count >= count ? true : nil } }
    #expect(try shown().string("/plan/due") == "2024-07-11")
    #expect(try ids(seat.get(path + "?open=true&dueBy=2024-07-11")).contains(id))
    #expect(try !ids(seat.get(path + "?open=true&dueBy=2024-07-10")).contains(id))
    try deployment.setClock(to: instant("2024-07-08T00:30:00"))
    try wait(for: 1)
    #expect(try told() == ["complainant.visit-due"])
    func visit(_ on: String, reached: Bool) throws {
      let answer = try seat.post(
        "\(path)/\(id)/records", ["kind": "visit", "form": "telephone", "on": .string(on), "notes": "回访", "reached": .bool(reached)])
      #expect(answer.status == 201, "\(answer.text)")
    }
    // Nobody answered: it is still due.
    try visit("2024-07-08", reached: false)
    #expect(try shown().string("/plan/due") == "2024-07-11")
    try deployment.setClock(to: instant("2024-07-12T00:00:01"))
    try wait(for: 2)
    #expect(try told() == ["complainant.visit-due", "complainant.visit-missed"] && shown().string("/plan/told") == "missed")
    try visit("2024-07-12", reached: true)
    #expect(try shown().string("/plan/due") == "2024-07-22" && shown().string("/plan/told") == "nothing")
    // One that is written down late does not take it back.
    try visit("2024-07-02", reached: true)
    #expect(try shown().string("/plan/due") == "2024-07-22")
    let every = try seat.post(
      "\(path)/\(id)/plan", ["visitEvery": ["months": 1]], ["If-Match": try #require(try shown().fields["etag"])])
    #expect(every.status == 200, "\(every.text)")
    #expect(try shown().string("/plan/due") == "2024-08-12")
    #expect(try seat.post("\(path)/\(id)/close", ["reason": "息诉"]).status == 428)
    #expect(try seat.post("\(path)/\(id)/close", ["reason": "息诉"], ["If-Match": "\"1\""]).status == 412)
    let closed = try seat.post("\(path)/\(id)/close", ["reason": "息诉"], ["If-Match": try #require(try shown().fields["etag"])])
    #expect(closed.status == 200, "\(closed.text)")
    #expect(try shown().string("/state") == "closed")
    #expect(
      try seat.post("\(path)/\(id)/records", ["kind": "visit", "form": "telephone", "on": "2024-07-12", "notes": "再访"]).json["code"]?.string
        == "closed")
    try deployment.setClock(to: instant("2024-09-30T09:00:00"))
    // Another's plan is told meanwhile, so the timer has been there.
    let next = try drive.receive(["citizen": citizen("南宫砚", Self.mobile("5002"))])
    let mark = try seat.make(
      path, ["order": .string(next.id), "ground": "judgement", "reason": "须定期回访", "visitEvery": ["days": 1]])
    try deployment.setClock(to: instant("2024-10-06T09:00:00"))
    let isTold = try eventually {
      let notices = try drive.caller("supervisor").get("/v1/tenants/xisanqi/notices?limit=500").json["items"]?.array ?? []
      return notices.contains { $0["subject"]?.string == mark } ? true : nil
    }
    #expect(isTold == true)
    #expect(try told().count == 2)
    // Closed, they may be marked anew.
    let anew = try seat.post(path, ["order": .string(order.id), "ground": "judgement", "reason": "又来"])
    #expect(anew.status == 201, "\(anew.text)")
  }
}
