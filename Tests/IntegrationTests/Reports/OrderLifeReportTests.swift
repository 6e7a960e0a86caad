// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Rules and rates over orders that live through the API.
@Suite("Rules and rates of orders that live, through the API", .deployment, .serialized)
struct OrderLifeReportTests {
  @Test("the rates follow each step at once: who signed, where it went, what the citizen said, what was left out, what began again")
  func lives() throws {
    let desk = try OrderDesk("anding")
    let leader = try desk.who("leader")
    let rates = { (by: String) in try leader.get("/v1/tenants/anding/reports/rates?by=\(by)") }
    let figures = { (answer: Caller.Answer, item: Int) in
      ["response", "resolution", "satisfaction"].map {
        "\(answer.json.value(at: "/items/\(item)/\($0)/numerator")?.integer ?? -1)/\(answer.json.value(at: "/items/\(item)/\($0)/denominator")?.integer ?? -1)"
      }
    }
    let one = try desk.receive()
    let two = try desk.receive()
    #expect(figures(try rates("office"), 0) == ["0/2", "0/0", "0/0"])
    try desk.go(one, "sign", "verify", "dispatch", "reply", "audit", "callbacks")
    #expect(figures(try rates("office"), 0) == ["1/2", "1/1", "1/1"])
    let departments = try rates("department")
    #expect(departments.json["items"]?.array?.map { $0["key"]?.string } == ["", "environment"], "\(departments.text)")
    #expect(figures(departments, 1) == ["1/1", "1/1", "1/1"] && departments.string("/items/1/name/zh") != nil)
    let seats = try rates("seat")
    #expect(seats.json["items"]?.array?.count == 2 && seats.string("/items/1/name/zh")?.isEmpty == false, "\(seats.text)")
    try desk.go(two, "sign", "verify", "dispatch")
    try desk.go(two, "ask-exclusion", "decide-exclusion")
    let left = try rates("office")
    #expect(figures(left, 0) == ["1/1", "1/1", "1/1"] && left.json.value(at: "/items/0/left/excluded")?.integer == 1, "\(left.text)")
    try desk.go(one, "close", "reopen")
    #expect(figures(try rates("office"), 0) == ["0/1", "0/0", "0/0"])
    let behind = try leader.get("/v1/tenants/anding/reports/rates/orders?figure=unresponded")
    #expect(behind.json["items"]?.array?.map { $0["id"]?.string } == [one], "\(behind.text)")
  }

  @Test("a table tried on past orders decides each as it was decided when it came in, whatever member is asked for")
  func sameDocument() throws {
    let desk = try OrderDesk("huoying")
    let admin = try desk.who("admin")
    let predicates = [
      "$.repeatCount >= 2", "$.repeatCount == 1", "$.tags[*] == \"急\" && $.massIncident == true", "$.content like_regex \"路灯\"",
      "$.title starts with \"停车\"", "$.area == \"南区\"", "$.community == \"community-one\"", "$.source == \"district\"",
      "$.grade == \"7d\" && $.special == false && $.title starts with \"时限\"", "exists($.kind ? (@ == \"咨询\"))",
    ]
    let rows: [JSON] = predicates.enumerated().map { index, text in
      ["id": .string("row-\(index)"), "when": .string(text), "then": ["category": .string("c-\(index)")]]
    }
    let table: JSON = [
      "purpose": "classification", "says": ["zh": "分类", "en": "Classification"],
      "columns": [["id": "category", "says": ["zh": "类别", "en": "category"]]], "rows": .array(rows), "default": ["category": "c"],
    ]
    let path = "/v1/tenants/huoying/rules/classification"
    #expect(try admin.put(path, ["table": table], ["If-None-Match": "*"]).status == 200)

    // Each caller is another, but for the last two.
    var callers = 0
    let citizen = { () -> JSON in
      callers += 1
      return ["name": "柳絮飞", "phone": .string("010 5550 20\(callers + 10)"), "address": "东里"]
    }
    let same: JSON = ["name": "柳絮飞", "phone": "010 5550 3344", "address": "东里"]
    let orders: [JSONObject] = [
      ["tags": ["急"], "attributes": ["massIncident": true]], ["content": "小区路灯不亮。"], ["title": "停车难"], ["area": "南区"],
      ["community": "community-one"], ["source": "district"], ["title": "时限"], ["attributes": ["kind": "咨询"]], [:],
      ["citizen": same], ["citizen": same], ["citizen": same],
    ]
    var decided: [String: Int] = [:]
    for order in orders {
      var order = order
      if order["citizen"] == nil { order["citizen"] = citizen() }
      if order["area"] == nil { order["area"] = "北区" }
      var body = OrderDesk.intake(order).object ?? [:]
      body["category"] = nil
      let id = try desk.who("operator-1").make(desk.path, .object(body))
      let history = try desk.who("operator-1").get("\(desk.path)/\(id)/events")
      let decision = history.json.value(at: "/items/0/data/decisions/classification")
      #expect(decision?["revision"]?.integer == 1, "\(history.text)")
      decided[decision?["row"]?.string ?? "default", default: 0] += 1
    }
    #expect(decided.count == predicates.count + 1, "\(decided)")
    let found = try admin.post(path + "/simulate", ["table": table])
    var simulated: [String: Int] = [:]
    for row in found.json["rows"]?.array ?? [] {
      simulated[row["row"]?.string ?? "default"] = row["orders"]?.integer.flatMap { $0 > 0 ? Int($0) : nil }
    }
    #expect(simulated == decided, "\(found.text)")
    #expect(found.json["changed"]?.integer == 0)
  }
}
