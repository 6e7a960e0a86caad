// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

@Suite("A demonstration's year of orders")
struct DemoYearTests {
  /// The offices, each with the last day of a year that its contract and the calendars cover.
  private static let offices = [("anding", "2024-12-10"), ("sanjianfang", "2020-09-10"), ("xisanqi", "2025-02-10")]
  private static let count = 600

  /// A bench with the offices and their year.
  private static func loaded(_ offices: [(String, String)], seed: String = "1", _ body: (Workbench) async throws -> Void) async throws {
    try await Workbench.ready { bench in
      for (office, until) in offices {
        try #require(try bench.run("tenant", "apply", Workbench.path("deploy/tenants/\(office)")).status == 0)
        let taken = try load(office, until, seed: seed, on: bench)
        try #require(taken == count)
      }
      try await body(bench)
    }
  }

  private static func load(_ office: String, _ until: String, seed: String = "1", on bench: Workbench) throws -> Int {
    let run = try bench.run(
      "demo", "load", Workbench.path("deploy/demo/\(office).json"), "--orders", "\(count)", "--until", until, "--seed", seed, "--json")
    try #require(run.status == 0, "\(run.output)")
    // How far it has come stands before.
    let outcome = try JSON.parse(String(try #require(run.output.split(separator: "\n").last)))
    return Int(try #require(outcome["orders"]?.integer))
  }

  private static let digest = """
    SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM (
      SELECT o.id, external_number, stage, source, grade, category, department, title, content, received_at, closed_at, resolution, satisfaction,
        (SELECT string_agg(kind || at, ',' ORDER BY seq) FROM work_order_event e WHERE e.order_id = o.id) FROM work_order o
        JOIN work_order_content c ON c.order_id = o.id) AS t
    """

  @Test("has what a year of an office has: every month, the office's units and places, and every turn that an order can take")
  func plausible() async throws {
    try await Self.loaded(Self.offices) { bench in
      for (office, until) in Self.offices {
        let own = "tenant_id = (SELECT tenant_id FROM tenant WHERE code = '\(office)')"
        func count(_ condition: String, of table: String = "work_order") throws -> Int {
          let answer = try bench.sql("SELECT count(*) FROM \(table) t WHERE \(own) AND \(condition)")
          return try #require(Int(answer.filter { !$0.isWhitespace }))
        }
        #expect(try count("true") == Self.count)
        #expect(
          try count(
            "received_at >= '\(until)'::timestamptz - interval '1 year 1 day' AND received_at < '\(until)'::timestamptz + interval '1 day'")
            == Self.count)
        let months = try bench.sql(
          "SELECT min(n) > 4 AND count(*) >= 12 FROM (SELECT count(*) AS n FROM work_order WHERE \(own) AND received_at >= '\(until)'::timestamptz "
            + "- interval '11 months' GROUP BY date_trunc('month', received_at + interval '8 hours')) AS m")
        #expect(months.hasPrefix("t"), "\(office)")
        // A dispatch goes to a unit of the office's; a community is one of its units too, where it has them.
        #expect(try count("department IS NOT NULL AND department NOT IN (SELECT code FROM department WHERE \(own))") == 0)
        #expect(try count("community NOT IN (SELECT code FROM department WHERE \(own))") == 0)
        #expect(try count("true", of: "(SELECT DISTINCT tenant_id, department FROM work_order WHERE department IS NOT NULL)") > 3)
        #expect(try count("true", of: "(SELECT DISTINCT tenant_id, source FROM work_order)") >= 4)
        #expect(try count("seat IS NOT NULL AND seat NOT IN (SELECT user_id FROM staff_member WHERE \(own) AND user_id IS NOT NULL)") == 0)
        #expect(try count("true", of: "(SELECT DISTINCT tenant_id, seat FROM work_order WHERE seat IS NOT NULL)") >= 4)
        for turn in [
          "stage = 'archived'", "stage = 'closed'", "stage = 'returned'", "hung_at IS NOT NULL", "repeats IS NOT NULL", "urges > 0",
          "exclusion <> 'none'", "callback_attempts > 1", "resolution = 'unsolved'", "satisfaction = 'satisfied'",
        ] { #expect(try count(turn) > 0, "\(office): \(turn)") }
        // A repeat is of the same telephone, and came later.
        let repeats = """
          SELECT count(*) FROM work_order o JOIN work_order e ON e.tenant_id = o.tenant_id AND e.id = o.repeats
          JOIN work_order_content c ON c.order_id = o.id JOIN work_order_content d ON d.order_id = e.id
          WHERE o.\(own) AND (c.phone_code <> d.phone_code OR e.received_at > o.received_at)
          """
        #expect(try bench.sql(repeats).hasPrefix("0"))
      }
      // One of the offices has a table of special cases.
      #expect(try !bench.sql("SELECT count(*) FROM work_order WHERE approval = 'granted'").hasPrefix("0"))
      let zero = "SELECT count(*) FROM work_order WHERE NOT is_contacted AND resolution = 'unsolved' AND satisfaction = 'dissatisfied'"
      #expect(try !bench.sql(zero).hasPrefix("0"))
    }
  }

  @Test("is what its histories say: rows, clocks, rates and proposals are those that the steps would have left")
  func consistent() async throws {
    try await Self.loaded(Self.offices) { bench in
      #expect(try bench.run("orders", "rebuild", "--check").status == 0)
      let backwards = """
        SELECT count(*) FROM work_order_event a JOIN work_order_event b ON b.order_id = a.order_id AND b.seq = a.seq + 1 WHERE b.at < a.at OR b.at > now()
        """
      #expect(try bench.sql(backwards).hasPrefix("0"))
      for (office, _) in Self.offices {
        let tenant = try bench.sql("SELECT tenant_id FROM tenant WHERE code = '\(office)'").filter { !$0.isWhitespace }
        let loaded = try bench.sql(
          "SELECT (extract(epoch FROM at) * 1000000)::bigint FROM audit_event WHERE tenant_id = \(tenant) AND action = 'demo.load'")
        let now = try #require(Int64(loaded.filter { !$0.isWhitespace }).flatMap { Instant(microseconds: $0) })
        let replay = try ClockReplay(office) { try bench.sql($0) }
        let some = try bench.sql(
          "SELECT id FROM work_order WHERE tenant_id = \(tenant) AND contract_id IS NOT NULL ORDER BY hung_at IS NULL, reopenings = 0, approval = 'none', id LIMIT 40"
        )
        for order in some.split(separator: "\n").map(String.init) {
          let (stored, expected) = (try replay.stored(order), try replay.clocks(of: order, until: now))
          #expect(stored == expected, "\(office), order \(order)")
        }
        for (dimension, key) in [
          ("office", "''"), ("department", "coalesce(department, '')"), ("community", "coalesce(community, '')"),
          ("category", "coalesce(category, '')"), ("seat", "coalesce(seat::text, '')"),
        ] {
          let counted = """
            SELECT (received_at AT TIME ZONE 'Asia/Shanghai')::date AS day, \(key) COLLATE "C" AS key, (CASE WHEN source NOT IN ('city', 'district')
                THEN 'withoutCitizen' WHEN stage = 'returned' THEN 'returned' WHEN exclusion = 'granted' THEN 'excluded' WHEN appeal = 'granted'
                THEN 'appealed' ELSE 'counted' END) COLLATE "C" AS class, count(*) AS orders, count(*) FILTER (WHERE is_contacted) AS responded,
              count(is_contacted) AS called_back, count(*) FILTER (WHERE resolution = 'solved') AS solved,
              count(*) FILTER (WHERE satisfaction = 'satisfied') AS satisfied
            FROM work_order WHERE tenant_id = \(tenant) GROUP BY 1, 2, 3
            """
          let kept = """
            SELECT day, key, class, orders, responded, called_back, solved, satisfied FROM rate_count
            WHERE tenant_id = \(tenant) AND dimension = '\(dimension)'
            """
          let differing = "SELECT count(*) FROM ((\(counted) EXCEPT ALL \(kept)) UNION ALL (\(kept) EXCEPT ALL \(counted))) AS d"
          #expect(try bench.sql(differing).hasPrefix("0"), "\(office) by \(dimension)")
        }
      }
      #expect(try bench.sql("SELECT count(*) FROM rate_delta").hasPrefix("0"))
      // What the time since has made due was told: nothing waits for the timer.
      #expect(
        try bench.sql("SELECT count(*) FROM work_order_clock WHERE next_at < (SELECT min(at) FROM audit_event WHERE action = 'demo.load')")
          .hasPrefix("0"))
      #expect(
        try bench.sql(
          "SELECT (SELECT count(*) FROM work_order_clock WHERE missed_at IS NOT NULL) = (SELECT count(*) FROM audit_event WHERE action = 'clock.missed')"
        ).hasPrefix("t"))
      try proposals(bench)
    }
  }

  /// What the platform proposes, by the contracts of two of the offices.
  private func proposals(_ bench: Workbench) throws {
    let late = """
      SELECT count(*) > 0 AND count(*) = (SELECT count(*) FROM incident WHERE source = 'clock' AND kind = 'late-handling' AND state = 'proposed')
      FROM work_order_clock c JOIN work_order o ON o.tenant_id = c.tenant_id AND o.id = c.order_id JOIN tenant t ON t.tenant_id = c.tenant_id
      WHERE t.code = 'sanjianfang' AND c.rule IN ('sign', 'reply') AND c.missed_at IS NOT NULL AND o.exclusion <> 'granted'
      """
    #expect(try bench.sql(late).hasPrefix("t"))
    let zero = """
      SELECT count(*) > 0 AND count(*) = (SELECT count(*) FROM incident WHERE source = 'zero-score' AND state = 'proposed')
      FROM work_order o JOIN tenant t USING (tenant_id)
      WHERE t.code = 'anding' AND NOT is_contacted AND resolution = 'unsolved' AND satisfaction = 'dissatisfied' AND exclusion <> 'granted'
        AND contract_id IS NOT NULL AND called_back_at < '2024-12-26T00:00:00+08:00'
      """
    #expect(try bench.sql(zero).hasPrefix("t"))
  }

  @Test("names no citizen and no telephone in clear, anywhere in the database")
  func sealed() async throws {
    try await Self.loaded([("anding", "2024-12-10")]) { bench in
      let texts = try JSON.parse(TestDatabase.file("deploy/demo-orders/texts.json"))
      let names = { (member: String) in (texts[member]?.array ?? []).compactMap(\.string).joined(separator: "|") }
      // Eleven digits that stand alone: identifiers and sealed octets have digits in a row, too.
      let words = ["(^|[^0-9a-f])160[0-9]{8}($|[^0-9a-f])", "(\(names("surnames")))(\(names("givenNames")))", "313630(3[0-9]){8}"]
      let tables = try bench.sql("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        .split(separator: "\n").map(String.init)
      try #require(tables.contains("work_order_content"))
      // The people of the offices have names too.
      for table in tables where !["staff_member", "app_user"].contains(table) {
        for word in words {
          #expect(try bench.sql("SELECT count(*) FROM \(table) t WHERE t::text ~ '\(word)'").hasPrefix("0"), "\(table): \(word)")
        }
      }
      // The masked forms are there, in texts too.
      #expect(
        try !bench.sql("SELECT count(*) FROM work_order_content WHERE phone_masked LIKE '160****%' AND sealed IS NOT NULL").hasPrefix("0"))
      #expect(try !bench.sql("SELECT count(*) FROM work_order_content WHERE content LIKE '%联系电话160****%'").hasPrefix("0"))
      #expect(try !bench.sql("SELECT count(*) FROM work_order_content WHERE content LIKE '_**来电。%'").hasPrefix("0"))
    }
  }

  @Test("loaded again adds nothing; the same seed makes the same year elsewhere, another seed another")
  func again() async throws {
    let office = ("huoying", "2024-06-30")
    var digests: [String] = []
    for seed in ["1", "1", "2"] {
      try await Self.loaded([office], seed: seed) { bench in
        digests.append(try bench.sql(Self.digest))
        let tables = ["work_order", "work_order_event", "work_order_clock", "work_order_content", "rate_count", "data_key", "incident"]
        let sizes = { try tables.map { try bench.sql("SELECT count(*) FROM \($0)") } }
        let before = try sizes()
        #expect(try Self.load(office.0, office.1, seed: seed, on: bench) == 0)
        #expect(try sizes() == before)
        #expect(try bench.sql(Self.digest) == digests.last)
      }
    }
    #expect(digests.count == 3 && digests[0] == digests[1] && digests[0] != digests[2])
  }

  @Test("that was cut off goes on where it was")
  func cut() async throws {
    try await Self.loaded([("huoying", "2024-06-30")]) { bench in
      let whole = try bench.sql(Self.digest)
      for table in ["work_order_event", "work_order_content", "work_order_clock"] {
        try bench.sql("DELETE FROM \(table) WHERE order_id IN (SELECT id FROM work_order WHERE external_number > 'YS-0000200')")
      }
      try bench.sql("DELETE FROM work_order WHERE external_number > 'YS-0000200'")
      #expect(try Self.load("huoying", "2024-06-30", on: bench) == Self.count - 200)
      #expect(try bench.sql(Self.digest) == whole)
    }
  }

  @Test("is asked for in whole numbers and days that have passed")
  func asked() async throws {
    try await Workbench.ready { bench in
      let path = Workbench.path("deploy/demo/huoying.json")
      let statuses = try [
        ["--orders", "many"], ["--orders", "5", "--until", "someday"], ["--orders", "5", "--until", "2900-01-01"], ["--orders", "0"],
      ].map {
        try bench.run(["demo", "load", path] + $0).status
      }
      #expect(statuses == [2, 2, 2, 0])
      #expect(try bench.sql("SELECT count(*) FROM work_order").hasPrefix("0"))
    }
  }
}
