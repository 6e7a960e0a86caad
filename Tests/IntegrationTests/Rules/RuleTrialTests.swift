// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Tables tried on past orders.
@Suite("Trying out decision tables, through the API", .deployment, .serialized)
struct RuleTrialTests {
  private static let path = "/v1/tenants/anding/rules/dispatch"

  @Test("a proposed table is run over past orders, and what would change is counted and shown, page by page; nothing is stored")
  func simulate() throws {
    let deployment = try Deployment.current
    try PastOrders.add(240, to: "anding", from: "2026-03-01", prefix: "t", deployment.database)
    let admin = try deployment.caller("anding.admin")
    // In force: environment, then illegal building and roads to planning, farming, and the east to its villages.
    let table = RuleRouteTests.table(
      ["$.category == \"环境\"", "$.category == \"道路\"", "$.category == \"农业\" && $.tags[*] == \"安全隐患\"", "$.content like_regex \"车位\""],
      to: ["environment", "farming", "planning", "planning"])
    let body: JSON = ["table": table, "from": "2026-03-01", "to": "2026-03-31", "limit": 25]
    let found = try admin.post(Self.path + "/simulate", body)
    #expect(found.status == 200, "\(found.text)")
    #expect(found.json["orders"]?.integer == 240 && found.json["against"]?.integer == 1)
    let outcomes = (found.json["outcomes"]?.array ?? []).map {
      "\($0.value(at: "/from/department")?.string ?? "") > \($0.value(at: "/to/department")?.string ?? ""): \($0["orders"]?.integer ?? 0)"
    }
    // Of each category there are 60; by turns they are of the east or the west, every sixth order is marked.
    #expect(
      Set(outcomes) == [
        "environment > environment: 60", "planning > farming: 60", "farming > planning: 20", "farming > citizen-desk: 40",
        "citizen-desk > planning: 60",
      ], "\(outcomes)")
    #expect(found.json["changed"]?.integer == 180)
    #expect((found.json["rows"]?.array ?? []).map { $0["orders"]?.integer } == [60, 60, 20, 60, 40])

    var seen: [String] = []
    var page = found
    while true {
      let items = page.json["items"]?.array ?? []
      #expect(items.allSatisfy { $0["from"] != $0["to"] && $0["title"]?.string?.isEmpty == false })
      seen += items.compactMap { $0["order"]?.string }
      guard let next = page.string("/next") else { break }
      page = try admin.post(
        Self.path + "/simulate", ["table": table, "from": "2026-03-01", "to": "2026-03-31", "limit": 25, "after": .string(next)])
    }
    #expect(seen.count == 180 && Set(seen).count == 180 && seen == seen.sorted().reversed())
    #expect(try admin.get(Self.path).fields["etag"] == "\"1\"")
    #expect(
      try admin.post(Self.path + "/simulate", ["table": table, "from": "2026-04-01", "to": "2026-04-02"]).json["orders"]?.integer == 0)
    #expect(
      try admin.post(Self.path + "/simulate", ["table": table, "from": "2026-04-01", "to": "2026-03-02"]).faults == ["/to out-of-range"])
    let bad = RuleRouteTests.table(["$.category ==="])
    #expect(try admin.post(Self.path + "/simulate", ["table": bad]).faults == ["/table/rows/0/when bad-predicate"])
  }

  @Test("past orders show which rows overlap, and which attributes there are")
  func lint() throws {
    let deployment = try Deployment.current
    try PastOrders.add(60, to: "huoying", from: "2026-03-01", prefix: "l", deployment.database)
    let admin = try deployment.caller("huoying.admin")
    let table: JSON = [
      "purpose": "exclusion", "says": ["zh": "剔除", "en": "Exclusion"],
      "columns": [["id": "exclude", "says": ["zh": "剔除", "en": "exclude"]]],
      "rows": [
        ["id": "parking", "when": "$.content like_regex \"车位\"", "then": ["exclude": true]],
        ["id": "east", "when": "exists($.tags[*] ? (@ starts with \"安全\"))", "then": ["exclude": false]],
        ["id": "web", "when": "$.channel == \"web\"", "then": ["exclude": true]],
        ["id": "nothing", "when": "$.chanel == \"web\"", "then": ["exclude": true]],
      ], "default": ["exclude": false],
    ]
    let found = try admin.post(
      "/v1/tenants/huoying/rules/exclusion/lint", ["table": table, "from": "2026-03-01", "to": "2026-03-31"])
    let warnings = (found.json["warnings"]?.array ?? []).map { "\($0["pointer"]?.string ?? "") \($0["code"]?.string ?? "")" }
    #expect(
      warnings.contains("/table/rows/3/when unknown-member") && !warnings.contains("/table/rows/2/when unknown-member"), "\(found.text)")
    // Every sixth is marked and even, thus from the web: the two say different things of it. No parking order is even.
    #expect(warnings.contains("/table/rows/2 overlap-seen"), "\(found.text)")
    #expect(!warnings.contains("/table/rows/1 overlap-seen"), "\(found.text)")
  }
}
