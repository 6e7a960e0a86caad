// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

// One after the other: what a list gives is compared with all that the office has.
@Suite("Lists of work orders", .deployment, .serialized)
struct OrderListTests {
  /// Puts orders of all kinds into an office, faster than its people could.
  private func fill(_ count: Int, _ desk: OrderDesk) throws {
    try desk.deployment.database.script(
      """
      SELECT set_config('jiesu.tenant', tenant_id::text, false), setseed(0.5) FROM tenant WHERE code = '\(desk.tenant)';
      CREATE FUNCTION pg_temp.one(VARIADIC words text[]) RETURNS text VOLATILE LANGUAGE sql
        AS $$ SELECT words[1 + floor(random() * cardinality(words))::int] $$;
      CREATE TEMPORARY TABLE invented AS SELECT n,
        (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-7' || substr(h, 14, 3) || '-8' || substr(h, 18, 3) || '-' || substr(h, 21, 12))::uuid AS id,
        pg_temp.one('received', 'signed', 'verified', 'dispatched', 'handling', 'replied', 'closed', 'closed', 'archived', 'returned') AS stage
        FROM (SELECT n, '0197' || lpad(to_hex(n), 8, '0') || md5(n::text) AS h FROM generate_series(1, \(count)) n) s;
      INSERT INTO work_order (tenant_id, id, version, stage, is_open, source, external_number, grade, category, community, title, received_at,
          changed_at, department, seat, is_hung, is_awaiting_citizen, approval, exclusion, is_contacted, resolution, satisfaction, returned_at,
          archived_at)
        SELECT current_setting('jiesu.tenant')::int, id, 1, stage, stage NOT IN ('closed', 'archived', 'returned'), pg_temp.one('city', 'grid'),
          'L-' || n, pg_temp.one('2h', '24h', '7d'), pg_temp.one('供水', '道路', '噪声', NULL), pg_temp.one('village-east', 'village-west', NULL),
          '其他', now(), now(), pg_temp.one('planning', 'farming', NULL), pg_temp.one('0197c7f4-0000-7000-8000-000000000001', NULL)::uuid,
          stage IN ('dispatched', 'handling') AND random() < 0.4, stage IN ('signed', 'verified', 'dispatched') AND random() < 0.4,
          CASE WHEN stage = 'verified' THEN pg_temp.one('none', 'asked', 'granted') ELSE 'none' END, pg_temp.one('none', 'asked', 'refused'),
          random() < 0.3, pg_temp.one('solved', 'unsolved'), pg_temp.one('satisfied', 'dissatisfied'),
          CASE WHEN stage = 'returned' OR random() < 0.1 THEN now() END, CASE WHEN stage = 'archived' THEN now() END
        FROM invented;
      UPDATE work_order SET is_zero_score = true
        WHERE external_number LIKE 'L-%' AND NOT is_contacted AND resolution = 'unsolved' AND satisfaction = 'dissatisfied';
      INSERT INTO work_order_content (tenant_id, order_id, content, intake_code)
        SELECT current_setting('jiesu.tenant')::int, id, '其他', sha256('x') FROM invented;
      INSERT INTO work_order_clock (tenant_id, order_id, document, revision, rule, started_at, number, span_count, span_unit, recurs, owner,
          done_by, opens_at, outside_at, state, ended_at)
        SELECT current_setting('jiesu.tenant')::int, id, 'pack', 0, rule, now(), 1, 1, 'days', false, 'vendor', 'closed', now(),
          '2026-01-01T00:00:00Z'::timestamptz + random() * interval '100 days', 'running', CASE WHEN random() < 0.5 THEN now() END
        FROM invented, unnest(ARRAY['a', 'b', 'c']) AS rule WHERE random() < 0.3;
      """)
  }

  private func all(_ query: String, _ caller: Caller, _ desk: OrderDesk) throws -> [String] {
    try desk.listed(query, to: caller, page: 37)
  }

  /// What stands in the table, read without any list.
  private func table(_ condition: String, _ desk: OrderDesk) throws -> [String] {
    try desk.deployment.database.sql(
      "SELECT o.id FROM work_order o JOIN tenant t USING (tenant_id) WHERE t.code = '\(desk.tenant)' AND \(condition) ORDER BY o.id DESC"
    ).split(separator: "\n").map(String.init)
  }

  private static let filters: [(query: String, condition: String)] = [
    ("stage=handling", "o.stage = 'handling'"), ("stage=closed", "o.stage = 'closed'"), ("stage=archived", "o.stage = 'archived'"),
    ("stage=returned", "o.stage = 'returned'"), ("open=true", "o.is_open"), ("open=false", "NOT o.is_open"), ("waits=hung", "o.is_hung"),
    ("waits=awaitingCitizen", "o.is_awaiting_citizen"), ("waits=awaitingApproval", "o.approval = 'asked'"),
    ("waits=awaitingExclusion", "o.exclusion = 'asked'"), ("source=grid", "o.source = 'grid'"),
    ("category=%E9%81%93%E8%B7%AF", "o.category = '道路'"),
    ("category=none", "false"), ("grade=2h", "o.grade = '2h'"), ("community=village-west", "o.community = 'village-west'"),
    ("seat=0197c7f4-0000-7000-8000-000000000001", "o.seat = '0197c7f4-0000-7000-8000-000000000001'"),
    ("department=farming", "o.department = 'farming'"),
    ("zeroScore=true", "(NOT o.is_contacted AND o.resolution = 'unsolved' AND o.satisfaction = 'dissatisfied')"),
    ("zeroScore=false", "(NOT o.is_contacted AND o.resolution = 'unsolved' AND o.satisfaction = 'dissatisfied') IS NOT TRUE"),
    (
      "dueBefore=2026-02-01T00:00:00Z",
      """
      EXISTS (SELECT FROM work_order_clock c
        WHERE c.tenant_id = o.tenant_id AND c.order_id = o.id AND c.ended_at IS NULL AND c.outside_at <= '2026-02-01T00:00:00Z')
      """
    ),
  ]

  @Test("each filter lists what stands there, alone and with each other, for the office and for a handler")
  func filters() throws {
    let desk = try OrderDesk()
    try fill(500, desk)
    let (seat, handler) = (try desk.who("seat-1"), try desk.who("handler"))
    #expect(try all("", seat, desk) == table("true", desk))
    for one in Self.filters {
      #expect(try all(one.query, seat, desk) == table(one.condition, desk), "\(one.query)")
      #expect(try all(one.query, handler, desk) == table("o.department = 'planning' AND \(one.condition)", desk), "\(one.query)")
    }
    for (place, one) in Self.filters.enumerated() {
      for other in Self.filters[..<place] where one.query.prefix(while: { $0 != "=" }) != other.query.prefix(while: { $0 != "=" }) {
        let query = "\(one.query)&\(other.query)"
        #expect(try all(query, seat, desk) == table("\(one.condition) AND \(other.condition)", desk), "\(query)")
      }
    }
  }

  @Test("an order reads the same in a list as by itself, at each step of its life")
  func members() throws {
    let desk = try OrderDesk()
    let id = try desk.receive([
      "attributes": ["楼号": "3", "层数": 12, "电梯": true], "tags": ["热线", "重复"], "reportedAt": "2026-04-07T09:30:00+08:00",
    ])
    let caller = try desk.who("seat-1")
    func compare() throws {
      let (one, list) = (try desk.get(id).json, try caller.get("\(desk.path)?limit=1").json)
      let item = try #require(list["items"]?.array?.first?.object)
      #expect(item.members.count >= 30)
      for member in item.members { #expect(one[member.name] == member.value, "\(member.name)") }
    }
    try compare()
    for verb in [
      "sign", "await-citizen", "verify", "dispatch", "hang", "ask-exclusion", "reply", "audit", "callbacks", "close", "appeal", "archive",
    ] {
      try desk.go(id, verb)
      try compare()
    }
    let sour = try desk.receive()
    try desk.go(sour, "sign", "verify", "dispatch", "reply", "audit")
    let answer = try desk.step(
      "callbacks", sour, by: "seat-1", ["contacted": false, "resolution": "unsolved", "satisfaction": "dissatisfied"])
    try #require(answer.status == 200, "\(answer.text)")
    let listed = try caller.get("\(desk.path)?zeroScore=true").json["items"]?.array ?? []
    #expect(listed.contains { $0["id"]?.string == sour && $0["zeroScore"] == true })
  }
}
