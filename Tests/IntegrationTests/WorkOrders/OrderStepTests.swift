// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

@Suite("The steps of work orders over the API", .deployment)
struct OrderStepTests {
  @Test("an order goes from the intake to the archive, and its history says who did what when")
  func life() throws {
    let desk = try OrderDesk()
    let id = try desk.receive()
    try desk.go(id, "sign", "verify", "dispatch", "begin", "urge", "progress", "reply", "audit")
    #expect(try desk.go(id, "missed-callbacks")["stage"]?.string == "audited")
    try desk.go(id, "callbacks", "close", "archive")
    let order = try desk.get(id)
    #expect(order.string("/stage") == "archived" && order.json["version"]?.integer == 13, "\(order.text)")
    #expect(order.string("/department") == "environment" && order.string("/community") == "village-east")
    #expect(order.json["callbackAttempts"]?.integer == 2 && order.string("/resolution") == "solved" && order.json["urges"]?.integer == 1)
    let events = try desk.who("auditor").get("\(desk.path)/\(id)/events?limit=7")
    let kinds = events.json["items"]?.array?.compactMap { $0["kind"]?.string }
    #expect(kinds == ["received", "signed", "verified", "dispatched", "handlingBegun", "urged", "progressReported"])
    #expect(events.json["next"]?.integer == 7)
    let rest = try desk.who("auditor").get("\(desk.path)/\(id)/events?after=7")
    #expect(rest.json["items"]?.array?.count == 6 && rest.json["next"] == nil)
    #expect(rest.json.value(at: "/items/1/side")?.string == "office")
  }

  @Test("what cannot be done now is a conflict that says what can")
  func illegal() throws {
    let desk = try OrderDesk()
    let id = try desk.receive()
    let answer = try desk.step("dispatch", id, by: "seat-1", ["department": "environment"])
    #expect(answer.status == 409 && answer.string("/code") == "illegal-step", "\(answer.text)")
    #expect(answer.string("/detail")?.contains("现在可以：签收") == true, "\(answer.text)")
    let inEnglish = try desk.who("seat-1").post(
      "\(desk.path)/\(id)/reply", try #require(OrderDesk.bodies["reply"]), ["If-Match": "\"1\"", "Accept-Language": "en"])
    #expect(inEnglish.string("/detail")?.contains("Possible now: sign, return") == true, "\(inEnglish.text)")
    #expect(try desk.get(id).json["possible"]?.array?.contains("sign") == true)
  }

  @Test("a step names the version it is taken on: 428 without, 412 when somebody was faster")
  func versions() throws {
    let desk = try OrderDesk()
    let id = try desk.receive()
    let seat = try desk.who("seat-1")
    #expect(try seat.post("\(desk.path)/\(id)/sign", [:]).status == 428)
    #expect(try seat.post("\(desk.path)/\(id)/sign", [:], ["If-Match": "\"2\""]).status == 412)
    let signed = try seat.post("\(desk.path)/\(id)/sign", [:], ["If-Match": "\"1\""])
    #expect(signed.status == 200 && signed.fields["etag"] == "\"2\"")
    #expect(try seat.get("\(desk.path)/\(id)", ["If-None-Match": "\"2\""]).status == 304)
  }

  @Test("of many seats that sign one order at once one does, and the others hear 412")
  func race() async throws {
    let desk = try OrderDesk()
    let id = try desk.receive()
    try desk.deployment.addUser("racer", of: "xingzhong-liancheng", "anding", "vendor.seat")
    let seats = [try desk.who("seat-1"), try desk.deployment.caller("racer")]
    let answers = try await withThrowingTaskGroup(of: Int.self) { group in
      for round in 0..<15 { group.addTask { try seats[round % 2].post("\(desk.path)/\(id)/sign", [:], ["If-Match": "\"1\""]).status } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers.count { $0 == 200 } == 1 && answers.count { $0 == 412 } == 14, "\(answers)")
    #expect(try desk.deployment.database.sql("SELECT count(*) FROM work_order_event WHERE order_id = '\(id)'") == "2")
  }

  @Test("a step repeated with its key is taken once and answered alike, also after others")
  func repeated() throws {
    let desk = try OrderDesk()
    let id = try desk.receive()
    let seat = try desk.who("seat-1")
    let first = try seat.post("\(desk.path)/\(id)/sign", [:], key: "sign-\(id)", ["If-Match": "\"1\""])
    try desk.go(id, "verify")
    let second = try seat.post("\(desk.path)/\(id)/sign", [:], key: "sign-\(id)", ["If-Match": "\"1\""])
    #expect(second.status == 200 && second.text == first.text && second.fields["idempotency-replayed"] == "true")
    #expect(try desk.get(id).json["version"]?.integer == 3)
  }

  @Test("a special case is dispatched only after a leader of the office has approved")
  func approval() throws {
    let desk = try OrderDesk()
    let id = try desk.receive(["attributes": ["massIncident": true]])
    try desk.go(id, "sign", "verify")
    let dispatch: JSON = ["department": "environment"]
    #expect(try desk.step("dispatch", id, by: "seat-1", dispatch).string("/code") == "approval-needed")
    #expect(try desk.go(id, "ask-approval")["waits"] == ["awaitingApproval"])
    #expect(try desk.step("dispatch", id, by: "seat-1", dispatch).string("/code") == "awaiting-approval")
    #expect(try desk.step("approve", id, by: "seat-1").status == 403)
    #expect(try desk.step("approve", id, by: "supervisor").status == 403)
    let waiting = try desk.who("leader").get("\(desk.path)?waits=awaitingApproval").json["items"]?.array?.compactMap { $0["id"]?.string }
    #expect(waiting?.contains(id) == true)
    try desk.go(id, "approve", "dispatch")
    #expect(try desk.get(id).string("/approval") == "granted")
  }

  @Test("without a department the office's table chooses it, and the entry says by which row")
  func dispatchByTable() throws {
    let desk = try OrderDesk()
    let id = try desk.receive(["category": "农业"])
    try desk.go(id, "sign", "verify")
    let answer = try desk.step("dispatch", id, by: "seat-1")
    #expect(answer.status == 200, "\(answer.text)")
    #expect(try desk.get(id).string("/department") == "farming")
    let data = try desk.who("seat-1").get("\(desk.path)/\(id)/events?after=3").json.value(at: "/items/0/data")
    #expect(data?.value(at: "/decisions/dispatch/row")?.string == "farming")
    let unknown = try desk.step("dispatch", id, by: "seat-1", ["department": "nowhere"])
    #expect(unknown.status == 422 && unknown.faults == ["/department unknown-reference"])
  }

  @Test("verification needs a community, the content and an address, from the source or from the call")
  func verification() throws {
    let desk = try OrderDesk()
    let bare = try desk.receive(["content": "", "citizen": ["name": "柳絮飞"]])
    try desk.go(bare, "sign")
    let missing = try desk.step("verify", bare, by: "seat-1", ["community": "village-east"])
    #expect(missing.faults == ["/content missing-member", "/address missing-member"], "\(missing.text)")
    #expect(try desk.step("verify", bare, by: "seat-1", ["content": "x", "address": "y"]).faults == ["/community missing-member"])
    let given = try desk.step("verify", bare, by: "seat-1", ["community": "东片各村", "content": "路灯不亮。", "address": "东里小区5号楼门前"])
    #expect(given.status == 200, "\(given.text)")
    let order = try desk.get(bare)
    #expect(order.string("/community") == "village-east")
    #expect(order.string("/content") == "路灯不亮。" && order.string("/citizen/address") == "东里小区***")
  }

  @Test("where an office's tree has communities, an order's is one of them from its verification on, by its code or its name")
  func communities() throws {
    let desk = try OrderDesk()
    let id = try desk.receive(["community": "镇区社区"])
    #expect(try desk.get(id).string("/community") == "community-centre")
    // A source's own word is no reason to refuse a citizen.
    #expect(try desk.get(desk.receive(["community": "某社区"])).string("/community") == "某社区")
    try desk.go(id, "sign")
    for verb in ["verify", "edit"] {
      // A department is no community.
      let wrong = try desk.step(verb, id, by: "seat-1", ["community": "planning"])
      #expect(wrong.faults == ["/community unknown-reference"] && wrong.text.contains("village-east"), "\(wrong.text)")
    }
    #expect(try desk.step("edit", id, by: "seat-1", ["community": "西片各村"]).status == 200)
    #expect(try desk.get(id).string("/community") == "village-west")
    // An office with none in its tree has words.
    let free = try OrderDesk("fangshan")
    #expect(try free.get(free.receive(["community": "某小区"], by: "watch-seat-1"), by: "watch-seat-1").string("/community") == "某小区")
  }

  @Test("a reply has what was done, what came of it and a recording, a photo or a video; the office audits it, and never its writer")
  func reply() throws {
    let desk = try OrderDesk()
    let id = try desk.receive()
    try desk.go(id, "sign", "verify", "dispatch")
    let bare = try desk.step("reply", id, by: "seat-1", ["handling": "x", "result": "y", "media": []])
    #expect(bare.faults == ["/media wrong-count"])
    let document = try desk.step(
      "reply", id, by: "seat-1", ["handling": "x", "result": "y", "media": [["kind": "document", "reference": "recorder:d"]]])
    #expect(document.faults == ["/media missing-member"])
    try desk.go(id, "reply")
    #expect(try desk.step("audit", id, by: "seat-1").status == 403)
    #expect(try desk.go(id, "reject-reply")["stage"]?.string == "handling")
    try desk.go(id, "reply", "audit")
  }

  @Test("an order is closed when its contract's checklist is, item by item")
  func checklist() throws {
    let desk = try OrderDesk()
    let id = try desk.receive()
    try desk.go(id, "sign", "verify", "dispatch", "reply", "audit", "callbacks")
    let list = try desk.who("seat-1").get("\(desk.path)/\(id)/checklist").json["items"]?.array?.compactMap { $0["key"]?.string }
    #expect(list == ["archive.1", "archive.2", "archive.3", "archive.4", "call-back.1"])
    let partly = try desk.step("close", id, by: "seat-1", ["checked": ["archive.1"]])
    #expect(partly.status == 409 && partly.string("/code") == "checklist-incomplete" && partly.faults.count == 4, "\(partly.text)")
    #expect(try desk.step("close", id, by: "seat-1", ["checked": ["nothing"]]).status == 422)
    try desk.go(id, "close")
  }

  @Test("a check that a contract asks for some orders only is asked for those only")
  func checksOfSome() throws {
    let desk = try OrderDesk("xisanqi")
    let seat = "flow-seat-1"
    func step(_ verb: String, _ id: String, by role: String, _ body: JSON) throws -> Caller.Answer {
      let tag = try #require(try desk.get(id, by: seat).fields["etag"])
      return try desk.who(role).post("\(desk.path)/\(id)/\(verb)", body, ["If-Match": tag])
    }
    for (attributes, keys) in [([:], []), (["keyComplainant": true], (1...3).map { "key-complainants.\($0)" })] as [(JSON, [String])] {
      let id = try desk.receive(["attributes": attributes], by: seat)
      for verb in ["sign", "verify", "dispatch", "reply", "audit", "callbacks"] {
        let own: [String: JSON] = ["dispatch": ["department": "property"], "verify": ["community": "community-east"]]
        let body = own[verb] ?? OrderDesk.bodies[verb] ?? [:]
        let answer = try step(verb, id, by: verb == "audit" ? "supervisor" : seat, body)
        try #require(answer.status == 200, "\(verb): \(answer.text)")
      }
      let list = try desk.who(seat).get("\(desk.path)/\(id)/checklist").json["items"]?.array ?? []
      #expect(list.filter { $0["step"] == "closed" }.compactMap { $0["key"]?.string } == keys)
      if !keys.isEmpty { #expect(try step("close", id, by: seat, ["checked": []]).string("/code") == "checklist-incomplete") }
      #expect(try step("close", id, by: seat, ["checked": .array(keys.map { .string($0) })]).status == 200)
    }
  }

  @Test("an order outside the remit goes back once its department has found so")
  func returning() throws {
    let desk = try OrderDesk()
    let id = try desk.receive()
    try desk.go(id, "sign", "verify", "dispatch")
    #expect(try desk.step("return", id, by: "seat-1", ["reason": "x"]).string("/code") == "not-outside-remit")
    #expect(try desk.go(id, "outside-remit", "return")["stage"]?.string == "returned")
    #expect(try desk.go(id, "reopen")["stage"]?.string == "verified")
  }

  @Test("hung, resumed, waiting for the citizen, excluded, appealed and reopened are steps with their own deciders")
  func sidePaths() throws {
    let desk = try OrderDesk()
    let id = try desk.receive()
    try desk.go(id, "sign", "verify", "dispatch")
    #expect(try desk.step("hang", id, by: "seat-1", ["reason": "x"]).status == 403)
    #expect(try desk.go(id, "hang", "await-citizen")["waits"] == ["awaitingCitizen", "hung"])
    try desk.go(id, "progress", "resume", "citizen-answered", "ask-exclusion")
    #expect(try desk.step("decide-exclusion", id, by: "seat-1", ["granted": true]).status == 403)
    try desk.go(id, "decide-exclusion", "reply", "audit", "callbacks", "appeal", "decide-appeal", "reopen")
    let order = try desk.get(id)
    #expect(order.string("/exclusion") == "granted" && order.string("/appeal") == "refused" && order.string("/stage") == "verified")
  }

  @Test("who asked for an exclusion does not decide on it, though of the office")
  func ownExclusion() throws {
    let desk = try OrderDesk()
    let id = try desk.receive()
    #expect(try desk.step("ask-exclusion", id, by: "supervisor", ["reason": "x"]).status == 200)
    let own = try desk.step("decide-exclusion", id, by: "supervisor", ["granted": true])
    #expect(own.status == 403 && own.string("/code") == "own-proposal", "\(own.text)")
    #expect(try desk.step("decide-exclusion", id, by: "leader", ["granted": true]).status == 200)
  }

  @Test("zero-score orders are found")
  func zeroScore() throws {
    let desk = try OrderDesk()
    let id = try desk.receive()
    try desk.go(id, "sign", "verify", "dispatch", "reply", "audit")
    let answer = try desk.step(
      "callbacks", id, by: "seat-1",
      ["contacted": false, "resolution": "unsolved", "satisfaction": "dissatisfied", "recording": "recorder:r-1"])
    #expect(answer.status == 200, "\(answer.text)")
    let found = try desk.who("supervisor").get("\(desk.path)?zeroScore=true").json["items"]?.array?.compactMap { $0["id"]?.string }
    #expect(found == [id])
  }

  @Test("an edit changes what the order says, and an unknown grade is refused")
  func editing() throws {
    let desk = try OrderDesk()
    let id = try desk.receive()
    let answer = try desk.step("edit", id, by: "seat-1", ["title": "新的标题", "grade": "24h", "tags": ["甲"], "content": "新的内容。"])
    #expect(answer.status == 200, "\(answer.text)")
    let order = try desk.get(id)
    #expect(order.string("/title") == "新的标题" && order.string("/grade") == "24h" && order.string("/content") == "新的内容。")
    #expect(try desk.step("edit", id, by: "seat-1", ["grade": "9d"]).faults == ["/grade unknown-reference"])
    #expect(try desk.step("edit", id, by: "seat-1", [:]).status == 422)
    #expect(try desk.step("edit", id, by: "seat-1", ["stage": "closed"]).faults == ["/stage unknown-member"])
  }

  @Test("an order is linked to an earlier one, not to itself nor to another office's")
  func linking() throws {
    let desk = try OrderDesk()
    let (first, second) = (try desk.receive(), try desk.receive())
    let foreign = try OrderDesk("sanjianfang").receive()
    #expect(try desk.step("link", second, by: "seat-1", ["repeats": .string(first), "ground": "content"]).status == 200)
    #expect(try desk.get(second).string("/repeats") == first)
    #expect(try desk.step("link", second, by: "seat-1", ["repeats": .string(second)]).status == 422)
    #expect(try desk.step("link", second, by: "seat-1", ["repeats": .string(foreign)]).status == 422)
  }
}
