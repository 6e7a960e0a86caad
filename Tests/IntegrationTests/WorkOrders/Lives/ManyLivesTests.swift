// SPDX-License-Identifier: Apache-2.0
import Base
import EventLoop
import Glibc
import Support
import Synchronization
import Testing

/// Two thousand orders of four offices, driven through legal and illegal steps by eight clients at once on two servers.
@Suite("Many lives of orders", .deployment(at: "2024-04-26T08:40:00+08:00"), .serialized)
struct ManyLivesTests {
  /// Between phases the time jumps; `JIESU_PROPERTY_ROUNDS` makes them more.
  private static let phases = getenv("JIESU_PROPERTY_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 12
  /// The first of the phases begin with orders that come in, so many to each office.
  private static let intakes = (phases: max(1, phases * 2 / 3), orders: 63)
  /// How often each client does something in a phase.
  private static let steps = 70

  @Test(
    "rows are what is known to have happened and what their histories come to; rates, clocks and what was told are what one counts by hand")
  func lives() async throws {
    let deployment = try Deployment.current
    let seed = SeededRandom.freshSeed
    print("many lives: seed \(seed)")
    var random = SeededRandom(seed)
    let offices = try offices(&random)
    // The tables were loaded today; they are to hold for the lives.
    try deployment.database.sql("UPDATE rule_table SET effective_from = '2018-01-01'")
    let orders = offices.map { _ in LifeOrders() }
    let beside = try deployment.another()
    defer { _ = beside.program.end(by: SIGTERM) }
    let ports = [deployment.port, beside.port]
    let schedule = try LifeSchedule()
    var all = LifeWorker.Tally()
    // Over the holidays of May.
    var now = try instant("2024-04-26T08:40:00")
    for phase in 0..<Self.phases {
      let next = try schedule.begin(of: phase, after: now, &random)
      let stands = try schedule.stands(phase, from: now, to: next, offices, orders, &random)
      try stand(stands, offices, orders, ports, "seed\(seed)-\(phase)", &random)
      now = next
      try deployment.setClock(to: now)
      if phase < Self.intakes.phases {
        for (office, orders) in zip(offices, orders) { try receive("p\(phase)", office, orders, at: now, ports[phase % 2], &random) }
      }
      try await withThrowingTaskGroup(of: LifeWorker.Tally.self) { group in
        for (office, orders) in zip(offices, orders) {
          for client in 0..<2 {
            let own = SeededRandom(random.next())
            group.addTask {
              let name = "seed \(seed), \(office.tenant) \(phase)-\(client)"
              var worker = try LifeWorker(
                office, orders, ports: ports, name: name.filter { $0 != " " && $0 != "," }, leanings: LifeSchedule.leanings(phase), own)
              try worker.go(Self.steps)
              return worker.tally
            }
          }
        }
        // The time moves on under those who work.
        try await deployment.database.loop.sleep(for: .milliseconds(Int64.random(in: 50...400, using: &random)))
        now = try now.adding(minutes: Int64.random(in: 1...25, using: &random))
        try deployment.setClock(to: now)
        let tally = try await group.reduce(LifeWorker.Tally(), +)
        #expect(tally.taken > 100 && tally.refused > 50, "seed \(seed): \(tally)")
        all = all + tally
      }
    }
    #expect(orders.allSatisfy { $0.all.count == Self.intakes.phases * Self.intakes.orders }, "seed \(seed)")
    let kinds = orders.flatMap { $0.all.flatMap { $0.order.withLock { $0.kinds } } }
    #expect(Set(kinds) == Set(NaiveBook.kinds.values).union(["received"]), "seed \(seed): too little was done to mean anything")
    let urges = orders.flatMap { $0.all.map { $0.order.withLock { $0.urges } } }.max() ?? 0
    #expect(urges > 8, "seed \(seed): too few urged again and again to mean anything")
    print("many lives: \(all)")
    #expect(all.closedEarly + all.closedInTime > 0, "seed \(seed): too few callbacks that reached nobody to mean anything, \(all)")
    var histories: [[String: [NaiveStep]]] = []
    for (office, orders) in zip(offices, orders) {
      histories.append(try compare(office, orders, "seed \(seed)"))
      try recount(office, orders, "seed \(seed)")
      try zeroScores(office, orders, "seed \(seed)")
      let check = try deployment.jiesu("orders", "rebuild", "--check", "--tenant", office.tenant, "--json")
      #expect(check.status == 0, "seed \(seed): \(check.output)")
    }
    try await clocks(offices, histories, after: now, "seed \(seed)")
  }

  // MARK: The offices

  /// Three of the repository's, and one whose rules chance made.
  private func offices(_ random: inout SeededRandom) throws -> [LifeOffice] {
    let deployment = try Deployment.current
    let closing = ["archive.1", "archive.2", "archive.3", "archive.4", "call-back.1"]
    let anding = try OfficeDirectory("deploy/tenants/anding")
    let chance = try ChanceOffice.files(from: anding, &random)
    let directory = deployment.state + "/chance"
    try chance.write(to: directory)
    let applied = try deployment.jiesu("tenant", "apply", directory)
    try #require(applied.status == 0, "\(applied.output)")
    return [
      try LifeOffice("anding", anding, tables: "anding", seat: "seat-1", handlersDepartment: "planning", checks: closing),
      try LifeOffice(
        "xisanqi", OfficeDirectory("deploy/tenants/xisanqi"), tables: "xisanqi", seat: "flow-seat-1", handlersDepartment: "city-management",
        checks: [], ofKeyComplainants: ["key-complainants.1", "key-complainants.2", "key-complainants.3"]),
      try LifeOffice(
        "sanjianfang", OfficeDirectory("deploy/tenants/sanjianfang"), tables: "sanjianfang", seat: "seat-1",
        handlersDepartment: "city-management", checks: []),
      try LifeOffice(ChanceOffice.tenant, chance, tables: "anding", seat: nil, handlersDepartment: "planning", checks: closing),
    ]
  }

  // MARK: Orders come in

  /// Some come in a file, some alone.
  private func receive(
    _ prefix: String, _ office: LifeOffice, _ orders: LifeOrders, at now: Instant, _ port: UInt16, _ random: inout SeededRandom
  ) throws {
    var intakes = LifeIntakes(office, prefix: prefix)
    let seat = Caller(port: port, token: office.tokens["seat-a"])
    let reported = try now.adding(minutes: -Int64.random(in: 1...30, using: &random))
    let all = (0..<Self.intakes.orders).map { _ in intakes.next(reported: "\(reported)", &random) }
    let file = all.dropFirst(10).map { String(decoding: $0.canonical, as: UTF8.self) }.joined(separator: "\n")
    let answer = try seat.upload("\(office.path)/batches", Array(file.utf8), "application/x-ndjson")
    try #require(answer.json["taken"]?.integer == Int64(all.count - 10), "\(answer.text)")
    for intake in all.prefix(10) { try seat.make(office.path, intake) }
    let rows = try Deployment.current.database.sql(
      "SELECT external_number, id FROM work_order o JOIN tenant USING (tenant_id) WHERE code = '\(office.tenant)' AND external_number LIKE '\(prefix)-%'"
    )
    let ids = Dictionary(
      uniqueKeysWithValues: rows.split(separator: "\n").map { $0.split(separator: "|").map(String.init) }.map { ($0[0], $0[1]) })
    orders.add(
      try all.map { intake in
        var order = NaiveOrder(
          id: try #require(ids[intake["externalNumber"]?.string ?? ""]), received: office.decided(intake))
        order.hasAddress = intake["citizen"] != nil
        return order
      })
  }

  // MARK: On the boundaries

  /// Takes steps while the clock stands.
  private func stand(
    _ stands: [LifeSchedule.Stand], _ offices: [LifeOffice], _ orders: [LifeOrders], _ ports: [UInt16], _ name: String,
    _ random: inout SeededRandom
  ) throws {
    var workers = try zip(offices, orders).map { office, orders in
      try LifeWorker(office, orders, ports: ports, name: "\(name)-\(office.tenant)-stand", SeededRandom(random.next()))
    }
    for stand in stands {
      try Deployment.current.stopClock(at: #require(Instant(microseconds: stand.moment)))
      for (cell, verbs) in stand.cells { try workers[stand.office].touch(cell, with: verbs) }
    }
  }

  // MARK: What is compared

  /// Histories with what is known, rows with both.
  private func compare(_ office: LifeOffice, _ orders: LifeOrders, _ seed: Comment) throws -> [String: [NaiveStep]] {
    let rows = try Deployment.current.database.sql(
      """
      SELECT jsonb_build_object('order', order_id, 'kind', e.kind, 'at', (extract(epoch FROM at) * 1000000)::bigint, 'actor', actor, 'data', data)
      FROM work_order_event e JOIN tenant USING (tenant_id) WHERE code = '\(office.tenant)' ORDER BY order_id, seq
      """)
    var entries: [String: [JSON]] = [:]
    for row in rows.split(separator: "\n") {
      let entry = try JSON.parse(Array(row.utf8))
      entries[entry["order"]?.string ?? "", default: []].append(entry)
    }
    var shown: [String: JSON] = [:]
    var next = "\(office.path)?limit=500"
    while true {
      let page = try Caller(port: Deployment.current.port, token: office.tokens["leader"]).get(next)
      for item in page.json["items"]?.array ?? [] { shown[item["id"]?.string ?? ""] = item }
      guard let after = page.string("/next") else { break }
      next = "\(office.path)?limit=500&after=\(after)"
    }
    #expect(shown.count == orders.all.count && entries.count == orders.all.count, seed)
    var histories: [String: [NaiveStep]] = [:]
    for cell in orders.all {
      let known = cell.order.withLock { $0 }
      let history = entries[known.id] ?? []
      #expect(history.map { $0["kind"]?.string ?? "" } == known.kinds, seed)
      var order = NaiveOrder(id: known.id, received: history.first?["data"] ?? [:])
      var steps: [NaiveStep] = []
      for entry in history {
        let before = steps.isEmpty ? [] : order.waits
        let kind = entry["kind"]?.string ?? ""
        if !steps.isEmpty { order.take(kind, entry["data"] ?? [:], by: entry["actor"]?.string) }
        steps.append(NaiveStep(kind: kind, at: entry["at"]?.integer ?? 0, before: before, after: order))
      }
      #expect(order.differences(from: JSON.object(JSONObject(known.shown.map { .init(name: $0.key, value: $0.value) }))) == [], seed)
      #expect(known.differences(from: shown[known.id] ?? [:]) == [], seed)
      histories[known.id] = steps
    }
    return histories
  }

  /// The three rates by each breakdown, counted from what is known.
  private func recount(_ office: LifeOffice, _ orders: LifeOrders, _ seed: Comment) throws {
    let known = orders.all.map { $0.order.withLock { $0 } }
    let keys: [(String, (NaiveOrder) -> String)] = [
      ("office", { _ in "" }), ("department", { $0.department ?? "" }), ("community", { $0.community ?? "" }),
      ("category", { $0.category ?? "" }), ("seat", { $0.seat ?? "" }),
    ]
    for (dimension, key) in keys {
      let expected = Dictionary(grouping: known, by: key).map { office.rates.line($0.key, $0.value) }
      let answer = try Caller(port: Deployment.current.port, token: office.tokens["leader"]).get(
        "/v1/tenants/\(office.tenant)/reports/rates?from=2024-04-01&to=2024-12-31&by=\(dimension)")
      #expect((answer.json["items"]?.array ?? []).map(NaiveRates.line).sorted() == expected.sorted(), seed)
    }
    try behind(office, known, seed)
  }

  /// The orders that leave the denominators, and those that count and were not called back, by name.
  private func behind(_ office: LifeOffice, _ known: [NaiveOrder], _ seed: Comment) throws {
    let leader = Caller(port: try Deployment.current.port, token: office.tokens["leader"])
    for (figure, isMeant) in [
      ("left", { office.rates.leaves($0) }), ("notCalledBack", { !office.rates.leaves($0) && $0.contacted == nil }),
    ] as [(String, (NaiveOrder) -> Bool)] {
      var found: [String] = []
      let path = "/v1/tenants/\(office.tenant)/reports/rates/orders?from=2024-04-01&to=2024-12-31&by=office&figure=\(figure)&limit=200"
      var next = path
      while true {
        let page = try leader.get(next)
        found += page.json["items"]?.array?.compactMap { $0["id"]?.string } ?? []
        guard let after = page.string("/next") else { break }
        next = "\(path)&after=\(after)"
      }
      #expect(found.sorted() == known.filter(isMeant).map(\.id).sorted(), "\(seed), \(office.tenant): \(figure)")
    }
  }

  /// Zero-score orders are proposed as incidents where the contract speaks of them, and those only.
  private func zeroScores(_ office: LifeOffice, _ orders: LifeOrders, _ seed: Comment) throws {
    let zero = orders.all.map { $0.order.withLock { $0 } }.filter { $0.isZeroScore && $0.exclusion != "granted" }.map(\.id)
    let found = try Deployment.current.database.sql(
      """
      SELECT split_part(external_number, '/', 1) FROM incident JOIN tenant USING (tenant_id)
      WHERE code = '\(office.tenant)' AND source = 'zero-score' AND incident.state = 'proposed'
      """)
    #expect(found.split(separator: "\n").map(String.init).sorted() == (office.contract == "service-2024" ? zero.sorted() : []), seed)
  }

  /// All clocks at a moment at which none is just about to run out.
  private func clocks(_ offices: [LifeOffice], _ histories: [[String: [NaiveStep]]], after last: Instant, _ seed: Comment) async throws {
    let deployment = try Deployment.current
    let database = deployment.database
    var moment = try last.adding(minutes: 12_000)
    var expected: [[(order: String, clock: NaiveClock)]] = []
    var isNear = true
    while isNear {
      moment = try moment.adding(minutes: 11)
      expected = try zip(offices, histories).map { office, histories in
        try histories.flatMap { order, steps in try office.clocks.clocks(of: steps, at: moment.microseconds).map { (order, $0) } }
      }
      let soon = moment.microseconds..<moment.microseconds + 10 * Instant.minute
      isNear = expected.joined().contains { $0.clock.ended == nil && [$0.clock.outside, $0.clock.warning].contains { soon ~= $0 ?? 0 } }
    }
    try deployment.setClock(to: moment)
    try wait(for: "what is due, told") { try database.sql(ClockTelling.waiting(at: moment)) == "0" }
    for (office, (expected, histories)) in zip(offices, zip(expected, histories)) {
      let found = try database.sql(
        """
        SELECT order_id, rule, number, c.state, (extract(epoch FROM started_at) * 1000000)::bigint,
          coalesce((extract(epoch FROM outside_at) * 1000000)::bigint::text, 'none'),
          coalesce((extract(epoch FROM warn_at) * 1000000)::bigint::text, 'none'),
          coalesce((extract(epoch FROM ended_at) * 1000000)::bigint::text, 'none'), coalesce(jsonb_array_length(pauses), 0)
        FROM work_order_clock c JOIN tenant USING (tenant_id) WHERE code = '\(office.tenant)'
        """
      ).split(separator: "\n").map(String.init)
      let lines = expected.map { "\($0.order)|\($0.clock.line)" }
      let (missing, more) = (Set(lines).subtracting(found), Set(found).subtracting(lines))
      #expect(
        missing.isEmpty && more.isEmpty,
        "\(seed), \(office.tenant): by hand \(missing.sorted().prefix(6)), found \(more.sorted().prefix(6))")
      #expect(found.count == lines.count && found.count > histories.count / 2, seed)
      try proposals(office, expected, histories, seed)
    }
    let all = expected.joined().map(\.clock)
    let edges = [
      all.count { $0.meetsPause.begun }, all.count { $0.meetsPause.ended }, all.count { $0.ended != nil && $0.ended == $0.outside },
      all.count { $0.ended.map { $0 + 1 } == $0.outside },
    ]
    // Chance may leave one of them out, not all.
    #expect(edges.reduce(0, +) > 20, "\(seed): too few lay on a boundary to mean anything, \(edges)")
    let ends = ChanceOffice.ends.map { end in all.count { $0.rule.recurs && $0.rule.to == end.to && $0.state == "met" } }
    print("many lives: \(edges) on boundaries, \(ends) turns ended with what they recur in")
    #expect(ends.reduce(0, +) > 0, "\(seed): too few turns ended with what they recur in to mean anything, \(ends)")
    #expect(try database.sql(ClockTelling.wronglyTold) == "0", seed)
    #expect(try database.sql(ClockTelling.inconsistent(at: moment)) == "0", seed)
  }

  /// The vendor's misses for which the contract has an incident are proposed, each once, and none of orders that are excluded.
  private func proposals(
    _ office: LifeOffice, _ clocks: [(order: String, clock: NaiveClock)], _ histories: [String: [NaiveStep]], _ seed: Comment
  ) throws {
    let missed = clocks.filter { order, clock in
      clock.state == "missed" && clock.rule.proposes != nil && office.term.contains(clock.lastDay)
        && histories[order]?.last?.after.exclusion != "granted"
    }
    let expected = missed.map { "\($0.order)/\($0.clock.rule.id)/\(String($0.clock.start, radix: 36))/\($0.clock.number)" }
    let found = try Deployment.current.database.sql(
      """
      SELECT external_number FROM incident JOIN tenant USING (tenant_id)
      WHERE code = '\(office.tenant)' AND source = 'clock' AND incident.state = 'proposed'
      """
    ).split(separator: "\n").map(String.init)
    #expect(found.sorted() == expected.sorted(), "\(seed), \(office.tenant)")
  }
}
