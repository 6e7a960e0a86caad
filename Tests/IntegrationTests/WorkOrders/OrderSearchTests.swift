// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc
import Support
import Testing

@Suite("Finding work orders by words", .deployment)
struct OrderSearchTests {
  private static let words = ["停水", "漏水", "停电", "噪音", "路灯", "垃圾", "占道", "违建", "井盖", "物业", "暖气", "电梯", "WiFi", "树枝", "积水", "施工"]
  /// Words that stand in hardly any order, and in none.
  private static let rare = ["蝙蝠侠", "水停", "无此词", "路灯垃"]

  /// Puts invented orders into an office, faster than its seats could.
  private func fill(_ count: Int, seed: Int, _ desk: OrderDesk) throws {
    let list = Self.words.map { "'\($0)'" }.joined(separator: ", ")
    try desk.deployment.database.script(
      """
      SELECT set_config('jiesu.tenant', tenant_id::text, false), setseed(0.\(seed)) FROM tenant WHERE code = '\(desk.tenant)';
      CREATE TEMPORARY TABLE invented AS SELECT n,
        (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-7' || substr(h, 14, 3) || '-8' || substr(h, 18, 3) || '-' || substr(h, 21, 12))::uuid AS id,
        (SELECT string_agg(w, '，' ORDER BY random()) FROM unnest(ARRAY[\(list)]) w WHERE random() < 0.12 + n * 0) AS text, random() AS chance
        FROM (SELECT n, '0197' || lpad(to_hex(n), 8, '0') || md5(n::text || '\(seed)') AS h FROM generate_series(1, \(count)) n) s;
      INSERT INTO work_order (tenant_id, id, version, stage, is_open, source, external_number, grade, title, received_at, changed_at, department)
        SELECT current_setting('jiesu.tenant')::int, id, 1, CASE WHEN chance < 0.3 THEN 'closed' ELSE 'dispatched' END, chance >= 0.3, 'city',
          'S\(seed)-' || n, '7d', left(coalesce(text, '其他'), 8), now(), now(), CASE WHEN chance < 0.5 THEN 'planning' ELSE 'farming' END
        FROM invented;
      INSERT INTO work_order_content (tenant_id, order_id, content, intake_code)
        SELECT current_setting('jiesu.tenant')::int, id, coalesce(text, '其他') || CASE WHEN n % 997 = 5 THEN '蝙蝠侠来电' ELSE '' END, sha256('x')
        FROM invented;
      """)
  }

  private func all(_ query: String, _ caller: Caller, _ desk: OrderDesk) throws -> [String] {
    try desk.listed(query, to: caller, page: 200)
  }

  private func encoded(_ text: String) -> String {
    text.utf8.map { "%" + String($0 >> 4, radix: 16, uppercase: true) + String($0 & 15, radix: 16, uppercase: true) }.joined()
  }

  private func naive(_ word: String, _ condition: String, _ desk: OrderDesk) throws -> [String] {
    try desk.deployment.database.sql(
      """
      SELECT o.id FROM work_order o JOIN work_order_content c ON c.tenant_id = o.tenant_id AND c.order_id = o.id JOIN tenant t ON t.tenant_id = o.tenant_id
      WHERE t.code = '\(desk.tenant)' AND (o.title ILIKE '%\(word)%' OR c.content ILIKE '%\(word)%') AND \(condition) ORDER BY o.id DESC
      """
    ).split(separator: "\n").map(String.init)
  }

  private func compare(_ desk: OrderDesk) throws {
    let (seat, handler) = (try desk.who("seat-1"), try desk.who("handler"))
    for word in Self.words.prefix(6) + ["wifi", "水，"] + Self.rare {
      let text = "text=\(encoded(word))"
      #expect(try all(text, seat, desk) == naive(word, "true", desk), "\(word)")
    }
    for word in ["停水", "蝙蝠侠"] {
      let text = "text=\(encoded(word))"
      #expect(try all("\(text)&open=false", seat, desk) == naive(word, "NOT o.is_open", desk))
      #expect(try all("\(text)&department=farming", seat, desk) == naive(word, "o.department = 'farming'", desk))
      #expect(try all(text, handler, desk) == naive(word, "o.department = 'planning'", desk))
      #expect(try all("\(text)&dueBefore=2030-01-01T00:00:00Z", seat, desk).isEmpty)
    }
  }

  @Test("what the list finds is what stands there, before and after the pairs are gathered, for who may see it")
  func found() throws {
    let desk = try OrderDesk()
    try fill(600, seed: 1, desk)
    try compare(desk)
    try fill(3600, seed: 2, desk)
    func waiting() throws -> Int? { Int(try desk.deployment.database.sql("SELECT count(*) FROM work_order_ungathered")) }
    try wait(for: "texts gathered") { try waiting() ?? 0 <= 1000 }
    #expect(Int(try desk.deployment.database.sql("SELECT count(*) FROM work_order_place")) ?? 0 >= 3200)
    // Each is gathered once, as work of the timer's, which counts it and lets it rest where it fails.
    #expect(try desk.deployment.database.sql("SELECT count(*) = count(DISTINCT order_id) FROM work_order_place") == "t")
    let metrics = try desk.deployment.stranger.get("/metrics").text.split(separator: "\n")
    let fired = metrics.first { $0.hasPrefix("jiesu_timer_fired_total{work=\"texts\"} ") }.flatMap { Int($0.split(separator: " ")[1]) }
    #expect(fired ?? 0 >= 3200, "\(metrics)")
    #expect(metrics.contains("jiesu_timer_failures_total{work=\"texts\"} 0"))
    try compare(desk)

    // What is gathered later and lies among what was gathered before comes in its place.
    try fill(2500, seed: 3, desk)
    try wait(for: "texts gathered") { try waiting() ?? 0 <= 1000 }
    #expect(Int(try desk.deployment.database.sql("SELECT count(*) FROM work_order_gathering")) ?? 0 >= 2)
    try compare(desk)

    // What came in more than five minutes ago is not left for each search to look through.
    try wait(for: "texts gathered in quiet") { try waiting() ?? 0 <= 250 }
    try compare(desk)

    // A text that is changed is found by what it says now.
    let bat = try #require(try naive("蝙蝠侠", "true", desk).first)
    let edited = try desk.step("edit", bat, by: "seat-1", ["content": "已改为海豚。", "title": "海豚"])
    #expect(edited.status == 200, "\(edited.text)")
    #expect(try all("text=\(encoded("海豚"))", desk.who("seat-1"), desk) == [bat])
    #expect(try !all("text=\(encoded("蝙蝠"))", desk.who("seat-1"), desk).contains(bat))
  }

  @Test("fewer than two characters are refused", arguments: ["text=", "text=%E6%B0%B4", "text=a"])
  func short(_ query: String) throws {
    let desk = try OrderDesk()
    let answer = try desk.who("seat-1").get("\(desk.path)?\(query)")
    #expect(answer.status == 422 && answer.faults == ["?text bad-query"], "\(answer.text)")
  }
}
