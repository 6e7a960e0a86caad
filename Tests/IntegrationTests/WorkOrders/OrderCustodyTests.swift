// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

@Suite("What is kept of citizens, and of orders' histories", .deployment)
struct OrderCustodyTests {
  /// A mobile number, put together so that none stands in the sources.
  private static func mobile(_ end: String) -> String { ["138", "0055", end].joined() }

  /// Everything that stands in the database, as text, where it has one of some words; bytes are looked through as such.
  private func places(of words: [String], in database: TestDatabase) throws -> [String] {
    let tables = try database.sql(
      "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
    ).split(separator: "\n")
    var found: [String] = []
    for table in tables {
      for word in words {
        let hexadecimal = word.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let count = try database.sql(
          "SELECT count(*) FROM \(table) t WHERE t::text LIKE '%\(word)%' OR t::text LIKE '%\(hexadecimal)%'")
        if count != "0" { found.append("\(table): \(word)") }
      }
    }
    return found
  }

  @Test("neither the database nor the log has a citizen's name or telephone in clear, and who may reads them with a reason")
  func sealed() throws {
    let desk = try OrderDesk()
    let (name, phone, other) = ("独孤听雨", Self.mobile("1234"), Self.mobile("9876"))
    let text = "独孤听雨来电：请回电\(phone)或\(other)，反映路灯不亮。"
    let (apart, dashed) = ("138 0055 1234", "138-0055-9876")
    let id = try desk.receive([
      "title": .string("独孤听雨\(apart)、\(dashed)反映路灯不亮"), "content": .string(text), "area": .string("东片 \(phone)"),
      "attributes": .object(JSONObject([.init(name: other, value: "备用")])),
      "citizen": ["name": .string(name), "phone": .string("+86 \(phone)"), "address": "东里小区3号楼2单元501室"],
    ])
    let shown = try desk.get(id)
    #expect(shown.string("/citizen/name") == "独**" && shown.string("/citizen/phone") == "138****1234", "\(shown.text)")
    #expect(shown.string("/citizen/address") == "东里小区***" && shown.string("/title") == "独**138 **** 1234、138-****-9876反映路灯不亮")
    #expect(shown.string("/area") == "东片 138****1234")
    #expect(shown.string("/content") == "独**来电：请回电138****1234或138****9876，反映路灯不亮。")
    try desk.go(id, "sign")
    #expect(
      try desk.step(
        "verify", id, by: "seat-1",
        ["community": "village-east", "address": "东里小区3号楼4单元", "content": .string(text), "tags": [.string("独孤听雨\(other)")]]
      ).status == 200)
    try desk.go(id, "dispatch")
    let reply: JSON = [
      "handling": .string("已联系\(phone)。"), "result": .string("已修复，\(other)知悉。"), "media": [["kind": "photo", "reference": "recorder:p"]],
    ]
    var named = reply.object ?? [:]
    named["media"] = [["kind": "recording", "reference": .string("recorder:20240305_\(phone).mp3")]]
    #expect(try desk.step("reply", id, by: "seat-1", .object(named)).faults == ["/media/0/reference names-telephone"])
    #expect(try desk.step("reply", id, by: "seat-1", reply).status == 200)

    let seat = try desk.who("seat-1")
    let contact = try seat.post("\(desk.path)/\(id)/contact", ["reason": .string("回访 \(other)")])
    #expect(contact.string("/name") == name && contact.string("/phone") == "+86 \(phone)", "\(contact.text)")
    #expect(contact.string("/address") == "东里小区3号楼4单元" && contact.string("/content") == text)
    #expect(try seat.post("\(desk.path)/\(id)/contact", [:]).faults == ["/reason missing-member"])
    for role in ["auditor", "supervisor", "analyst-1", "vendor-manager"] {
      #expect(try desk.who(role).post("\(desk.path)/\(id)/contact", ["reason": "x"]).status == 403, "\(role)")
    }
    let audit = try desk.who("auditor").get("/v1/tenants/anding/audit?limit=20").json["items"]?.array ?? []
    let note = try #require(audit.first { $0["action"]?.string == "contact.read" && $0["subject"]?.string == id })
    #expect(note.value(at: "/data/reason")?.string == "回访 138****9876" && note["actor"]?.string != nil)

    #expect(try places(of: [name, phone, other, apart, dashed, "3号楼"], in: desk.deployment.database).isEmpty)
    let log = try Command.run(["/bin/cat", desk.deployment.state + "/log"]).output
    for word in [name, phone, other, apart, dashed] { #expect(!log.contains(word)) }
    // What is looked for would be found.
    #expect(
      try places(of: ["路灯不亮"], in: desk.deployment.database) == ["work_order: 路灯不亮", "work_order_content: 路灯不亮", "work_order_event: 路灯不亮"])
  }

  @Test("a corrected telephone is shown masked, found by, and noted without saying it")
  func correction() throws {
    let desk = try OrderDesk()
    let (wrong, right) = (Self.mobile("0001"), Self.mobile("0002"))
    let earlier = try desk.receive(["citizen": ["phone": .string(right)]])
    let id = try desk.receive(["citizen": ["name": "百里奚", "phone": .string(wrong), "address": "甲"]])
    #expect(try desk.get(id).string("/repeats") == nil)
    let body: JSON = ["citizen": ["phone": .string(right)], "reason": "登记有误"]
    #expect(try desk.step("correct-contact", id, by: "supervisor", body).status == 403)
    let corrected = try desk.step("correct-contact", id, by: "seat-1", body)
    #expect(corrected.status == 200, "\(corrected.text)")
    let shown = try desk.get(id)
    #expect(shown.string("/citizen/phone") == "138****0002" && shown.string("/citizen/name") == "百**")
    let repeats = try desk.who("seat-1").get("\(desk.path)/\(id)/repeats").json.value(at: "/items/0/id")?.string
    #expect(repeats == earlier)
    let entry = try desk.who("seat-1").get("\(desk.path)/\(id)/events?after=1").json.value(at: "/items/0/data")
    #expect(entry == ["reason": "登记有误", "members": ["phone"]] || entry == ["members": ["phone"], "reason": "登记有误"])
    #expect(try places(of: [wrong, right], in: desk.deployment.database).isEmpty)
  }

  @Test("keys are rotated while the server serves: what was sealed opens, what comes is sealed with the new key")
  func rotation() throws {
    let desk = try OrderDesk("huoying")
    let seat = "operator-1"
    let deployment = desk.deployment
    func phone(_ id: String) throws -> String? {
      try desk.who(seat).post("\(desk.path)/\(id)/contact", ["reason": "回访"]).string("/phone")
    }
    func keys() throws -> String {
      try deployment.database.sql(
        "SELECT DISTINCT c.data_key FROM work_order_content c JOIN tenant USING (tenant_id) WHERE code = 'huoying' ORDER BY 1")
    }
    let numbers = (10...15).map { Self.mobile("00\($0)") }
    let ids = try numbers.map { try desk.receive(["citizen": ["phone": .string($0)]], by: seat) }
    let before = try keys()
    let run = try deployment.jiesu("keys", "rotate", "--tenant", "huoying", "--wait", "0", "--json")
    #expect(run.status == 0, "\(run.output)")
    #expect(try JSON.parse(run.output).value(at: "/tenants/0/sealed")?.integer == 6)
    let after = try keys()
    #expect(after != before && !after.contains("\n"))
    for (id, number) in zip(ids, numbers) { #expect(try phone(id) == number) }

    let master = try deployment.jiesu("keys", "rotate", "--master", "--json")
    #expect(master.status == 0, "\(master.output)")
    #expect(try JSON.parse(master.output)["master"]?.integer == 2)
    #expect(try Command.run(["stat", "-c", "%a", deployment.state + "/master-key"]).output == "600\n")
    #expect(try deployment.database.sql("SELECT DISTINCT master FROM data_key") == "2")
    // Another key again, so that the server has to read it, with the master key that it has not seen.
    #expect(try deployment.jiesu("keys", "rotate", "--tenant", "huoying", "--wait", "0").status == 0)
    for (id, number) in zip(ids, numbers) { #expect(try phone(id) == number) }
    let late = try desk.receive(["citizen": ["phone": .string(numbers[0])]], by: seat)
    #expect(try phone(late) == numbers[0])
    #expect(try desk.get(late, by: seat).string("/repeats") == ids[0])
    // A key that is still in use, or was until lately, stays; nothing is lost by rotating once more.
    #expect(try deployment.jiesu("keys", "rotate", "--tenant", "nowhere").status != 0)
  }

  @Test("rows are what their histories come to; one that was changed behind their backs is found and put right")
  func rebuild() throws {
    let desk = try OrderDesk("fangshan")
    let seat = "watch-seat-1"
    let deployment = desk.deployment
    func go(_ id: String, _ verb: String, _ body: JSON) throws {
      let tag = try #require(try desk.get(id, by: seat).fields["etag"])
      let answer = try desk.who(seat).post("\(desk.path)/\(id)/\(verb)", body, ["If-Match": tag])
      try #require(answer.status == 200, "\(answer.text)")
    }
    let id = try desk.receive(
      ["attributes": ["b": 1, "a": [.number("1.50"), true]], "tags": ["甲", "乙"], "reportedAt": "2026-01-01T00:00:00.123456Z"], by: seat)
    for (verb, body) in [
      ("sign", [:]), ("verify", ["community": "良乡"]), ("edit", ["title": "改", "special": false]), ("dispatch", ["department": "water"]),
      ("reply", ["handling": "x", "result": "y", "media": [["kind": "photo", "reference": "recorder:p"]]]),
    ] as [(String, JSON)] { try go(id, verb, body) }
    func check() throws -> (Int32, [String]) {
      let run = try deployment.jiesu("orders", "rebuild", "--check", "--tenant", "fangshan", "--json")
      let differing = try JSON.parse(run.output).value(at: "/0/differing")?.array ?? []
      return (run.status, differing.compactMap(\.string))
    }
    #expect(try check() == (0, []))
    let before = try desk.get(id, by: seat).json
    try deployment.database.sql("UPDATE work_order SET stage = 'closed', is_open = false, urges = 9, department = NULL WHERE id = '\(id)'")
    #expect(try check() == (1, [id]))
    #expect(try deployment.jiesu("orders", "rebuild", "--tenant", "fangshan").status == 0)
    #expect(try check() == (0, []))
    #expect(try desk.get(id, by: seat).json == before)
    #expect(try deployment.database.sql("SELECT is_open FROM work_order WHERE id = '\(id)'") == "t")
  }
}
