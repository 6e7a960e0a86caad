// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Orders of an office as a year might have left them, for reports and trials of rules.
enum PastOrders {
  /// Puts orders into an office: every third of the grid's, the rest of the city; every fifth is excluded, every tenth returned, and three of four
  /// were called back.
  ///
  /// - Parameter from: the day of the first; each comes an hour after the one before.
  static func add(_ count: Int, to tenant: String, from day: String, prefix: String, _ database: TestDatabase) throws {
    try database.script(
      """
      INSERT INTO work_order (tenant_id, id, version, stage, is_open, source, external_number, grade, category, area, community, title, tags,
          attributes, department, exclusion, is_contacted, resolution, satisfaction, received_at, changed_at)
        SELECT (SELECT tenant_id FROM tenant WHERE code = '\(tenant)'),
          (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(g), 3, '0') || '8000' || lpad(to_hex(g), 12, '0'))::uuid,
          1, CASE WHEN g % 10 = 0 THEN 'returned' ELSE 'closed' END, false, CASE WHEN g % 3 = 0 THEN 'grid' ELSE 'city' END, '\(prefix)' || g, '7d',
          (ARRAY['环境', '道路', '农业', '停车'])[1 + g % 4], (ARRAY['东片', '西片'])[1 + g % 2], 'village-east', '关于第' || g || '件事',
          CASE WHEN g % 6 = 0 THEN ARRAY['安全隐患'] ELSE '{}' END, CASE WHEN g % 2 = 0 THEN '{"channel": "web"}'::jsonb ELSE '{}' END,
          (ARRAY['environment', 'planning', 'farming'])[1 + g % 3], CASE WHEN g % 5 = 0 THEN 'granted' ELSE 'none' END,
          CASE WHEN g % 4 <> 0 THEN g % 7 <> 0 END, CASE WHEN g % 4 <> 0 THEN (ARRAY['solved', 'partly', 'unsolved'])[1 + g % 3] END,
          CASE WHEN g % 4 <> 0 THEN (ARRAY['satisfied', 'basically', 'dissatisfied'])[1 + g / 4 % 3] END, at, at
        FROM generate_series(1, \(count)) AS g, LATERAL (SELECT '\(day)T08:00:00+08:00'::timestamptz + (g - 1) * interval '1 hour' AS at) AS t;
      INSERT INTO work_order_content (tenant_id, order_id, content, intake_code)
        SELECT o.tenant_id, o.id, '居民反映' || o.title || CASE WHEN o.category = '停车' THEN '，车位被占' ELSE '' END, sha256(o.id::text::bytea)
        FROM work_order o WHERE o.external_number LIKE '\(prefix)%'
          AND o.tenant_id = (SELECT tenant_id FROM tenant WHERE code = '\(tenant)');
      """)
  }
}

@Suite("The three rates, through the API", .deployment, .serialized)
struct RateRouteTests {
  private static let path = "/v1/tenants/anding/reports/rates"

  /// Every order behind a figure, page by page.
  private func behind(_ caller: Caller, _ query: String) throws -> [JSON] {
    var items: [JSON] = []
    var after = ""
    while true {
      let page = try caller.get("\(Self.path)/orders?\(query)&limit=7\(after)")
      try #require(page.status == 200, "\(page.text)")
      items += page.json["items"]?.array ?? []
      guard let next = page.string("/next") else { return items }
      after = "&after=\(next)"
    }
  }

  @Test("each figure opens into just the orders that it counts, by any breakdown; other days count elsewhere")
  func figures() throws {
    let deployment = try Deployment.current
    try PastOrders.add(120, to: "anding", from: "2026-03-01", prefix: "r", deployment.database)
    try PastOrders.add(30, to: "anding", from: "2026-05-01", prefix: "s", deployment.database)
    let analyst = try deployment.caller("anding.leader")
    let office = try analyst.get(Self.path + "?cycle=2026-04")
    #expect(office.status == 200, "\(office.text)")
    #expect(
      office.string("/from") == "2026-03-01" && office.string("/to") == "2026-04-30" && office.string("/cycle/rulePack") == "beijing-2025")
    // 120 orders: 40 of the grid; of the 80 others those divisible by 10 are returned, those by 5 alone excluded.
    #expect(office.json.value(at: "/items/0/left/withoutCitizen")?.integer == 40)
    #expect(office.json.value(at: "/items/0/left/returned")?.integer == 8 && office.json.value(at: "/items/0/left/excluded")?.integer == 8)
    #expect(office.json.value(at: "/items/0/response/denominator")?.integer == 64)
    #expect(
      office.json["weights"] == .null && office.string("/compositeMissing/zh") != nil
        && office.json.value(at: "/items/0/composite") == .null)

    for dimension in ["office", "department", "community", "category", "seat"] {
      let rates = try analyst.get("\(Self.path)?cycle=2026-03-15&by=\(dimension)")
      let items = try #require(rates.json["items"]?.array, "\(rates.text)")
      #expect(items.reduce(0) { $0 + ($1.value(at: "/response/denominator")?.integer ?? 0) } == 64, "\(dimension): \(rates.text)")
      for item in items {
        let key = item["key"]?.string ?? ""
        let encoded = key.utf8.map { "%" + String($0, radix: 16, uppercase: true).leftPadded }.joined()
        let query = "cycle=2026-03&by=\(dimension)" + (dimension == "office" ? "" : "&key=\(encoded)")
        for (figure, pointer) in [
          ("assessable", "/response/denominator"), ("responded", "/response/numerator"), ("calledBack", "/resolution/denominator"),
          ("resolved", "/resolution/numerator"), ("satisfied", "/satisfaction/numerator"),
        ] {
          let orders = try behind(analyst, query + "&figure=\(figure)")
          #expect(Int64(orders.count) == item.value(at: pointer)?.integer, "\(dimension) \(key) \(figure)")
          #expect(orders.allSatisfy { $0["class"]?.string == "counted" && $0["externalNumber"]?.string?.hasPrefix("r") == true })
        }
        let resolved = Set(try behind(analyst, query + "&figure=resolved").compactMap { $0["id"]?.string })
        let unresolved = Set(try behind(analyst, query + "&figure=unresolved").compactMap { $0["id"]?.string })
        #expect(resolved.isDisjoint(with: unresolved))
        #expect(Int64(resolved.count + unresolved.count) == item.value(at: "/resolution/denominator")?.integer)
        let left = try behind(analyst, query + "&figure=left")
        #expect(Int64(left.count) == (item["left"]?.object ?? [:]).reduce(0) { $0 + ($1.value.integer ?? 0) })
      }
    }
    #expect(try analyst.get(Self.path + "?cycle=2026-06").json.value(at: "/items/0/response/denominator")?.integer == 16)
    #expect(try analyst.get(Self.path + "?from=2026-03-01&to=2026-03-01").json["cycle"] == .null)
  }

  @Test("an office's own weights give a composite, and say that they are its own")
  func weighted() throws {
    let deployment = try Deployment.current
    try PastOrders.add(40, to: "huoying", from: "2026-03-01", prefix: "w", deployment.database)
    try deployment.database.script(
      """
      UPDATE tenant SET settings = jsonb_set(settings, '{settings,rates}',
        '{"weights": {"response": "20%", "resolution": "40%", "satisfaction": "40%"}}') WHERE code = 'huoying'
      """)
    let rates = try deployment.caller("huoying.leader").get("/v1/tenants/huoying/reports/rates?cycle=2026-03")
    #expect(rates.string("/weights/by") == "office" && rates.string("/weights/resolution") == "40%", "\(rates.text)")
    let part = { (name: String, member: String) in rates.json.value(at: "/items/0/\(name)/\(member)")?.integer ?? 0 }
    let ratio = { (name: String) in Double(part(name, "numerator")) / Double(part(name, "denominator")) }
    let expected = 20 * ratio("response") + 40 * ratio("resolution") + 40 * ratio("satisfaction")
    #expect(abs((Double(rates.string("/items/0/composite") ?? "") ?? -1) - expected) < 0.006, "\(rates.text) \(expected)")
  }

  @Test("what cannot be read is refused, and whoever may not read reports, or is of another office, does not")
  func refusals() throws {
    let deployment = try Deployment.current
    let leader = try deployment.caller("anding.leader")
    #expect(try leader.get(Self.path + "?cycle=2026-13").faults == ["?cycle bad-query"])
    #expect(try leader.get(Self.path + "?by=moon").faults == ["?by bad-query"])
    #expect(try leader.get(Self.path + "?from=2026-03-02&to=2026-03-01").faults == ["?to bad-query"])
    #expect(try leader.get(Self.path + "/orders?figure=none").faults == ["?figure bad-query"])
    #expect(try deployment.caller("anding.admin").get(Self.path).status == 403)
    #expect(try deployment.caller("huoying.leader").get(Self.path).status == 404)
  }
}

extension String {
  fileprivate var leftPadded: String { count < 2 ? "0" + self : self }
}
