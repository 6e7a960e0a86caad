// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Support
import Testing

@Suite("The clocks in the database", .deployment, .serialized)
struct ClockReplayTests {
  @Test(
    "are those that each order's history comes to, however it was driven and whenever the timer looked",
    // The seed found a turn of what recurs for some orders only, which the timer did not begin.
    arguments: [("anding", nil), ("xisanqi", nil), ("xisanqi", 10_532_416_549_903_537_954)] as [(String, UInt64?)])
  func replay(tenant: String, known: UInt64?) throws {
    let seed = known ?? UInt64.random(in: .min ... .max)
    var random = Random(state: seed)
    let deployment = try Deployment.current
    let begin = tenant == "anding" ? "2024-01-08T08:00:00" : "2024-04-08T08:00:00"
    let drive = try OrderDrive(deployment, tenant, seat: tenant == "anding" ? "seat-1" : "flow-seat-1", from: begin)
    var now = try instant(begin)
    var orders: [DrivenOrder] = []
    // Steps as they come, possible or not: an order refuses what it cannot take.
    let verbs = [
      "sign", "verify", "dispatch", "dispatch", "reply", "audit", "callbacks", "close", "hang", "resume", "progress", "outside-remit",
      "return",
      "ask-approval", "approve", "ask-exclusion", "appeal", "reopen", "begin", "urge", "await-citizen", "citizen-answered",
    ]
    for _ in 0..<18 {
      now = try now.adding(minutes: Int64([3, 25, 200, 2500][Int(random.next() % 4)]))
      try deployment.setClock(to: now)
      let facts: [JSONObject] = [
        [:], ["attributes": ["massIncident": true]], ["tags": ["特殊案件", "不合理诉求"]], ["attributes": ["keyComplainant": true]],
      ]
      orders.append(try drive.receive(facts[Int(random.next() % 4)], grade: ["2h", "24h", "7d", "15d"][Int(random.next() % 4)]))
      for order in orders {
        for _ in 0..<Int(random.next() % 4) { try order.tryStep(verbs[Int(random.next() % UInt64(verbs.count))]) }
      }
    }
    now = try now.adding(minutes: 30_000)
    try deployment.setClock(to: now)
    let waiting = "SELECT count(*) FROM work_order_clock WHERE next_at <= '\(now)'"
    let isDone = try eventually { try deployment.database.sql(waiting) == "0" ? true : nil }
    try #require(isDone == true, "the timer did not come to an end")
    for order in orders {
      let expected = try Self.replayed(order, tenant, until: now, deployment.database).sorted()
      let rows = try deployment.database.sql(
        """
        SELECT rule, number, state, started_at = opens_at, extract(epoch FROM started_at)::bigint,
          coalesce(extract(epoch FROM outside_at)::bigint::text, 'none'), coalesce(extract(epoch FROM ended_at)::bigint::text, 'none'),
          coalesce(jsonb_array_length(pauses), 0)
        FROM work_order_clock WHERE order_id = '\(order.id)'
        """)
      let found = rows.split(separator: "\n").map(String.init).sorted()
      #expect(found == expected, "seed \(seed), order \(order.id)")
    }
    #expect(orders.count == 18)
  }

  /// The clocks of an order by its history alone.
  private static func replayed(_ order: DrivenOrder, _ tenant: String, until now: Instant, _ database: TestDatabase) throws -> [String] {
    let files = try OfficeDirectory("deploy/tenants/\(tenant)").decoded()
    let packs = RulePacks(try documents("rule-packs").map { try RulePack.shape.decode(bytes: Array($0.utf8)).get() })
    let calendar = try WorkingCalendar(try documents("calendars").map { try CalendarYear.shape.decode(bytes: Array($0.utf8)).get() })
    let book = ClockBook(try #require(files.contracts.first).contract.original, revision: 1, packs: packs)
    let reckoner = ClockReckoner(calendar: calendar, hours: files.office.dutyHours)
    let history = try database.sql(
      "SELECT jsonb_build_object('seq', seq, 'at', (extract(epoch FROM at) * 1000000)::bigint, 'side', side, 'kind', kind, 'data', data)::text "
        + "FROM work_order_event WHERE order_id = '\(order.id)' ORDER BY seq")
    var clocks = OrderClocks()
    var known: WorkOrder?
    for line in history.split(separator: "\n") {
      let entry = try entry(JSON.parse(Array(line.utf8)))
      let before = known
      if known == nil, case .received(let facts) = entry.move {
        known = WorkOrder(try #require(UUIDv7(order.id)), facts, at: entry.at)
      } else {
        known?.take(entry)
      }
      let after = try #require(known)
      let step = ClockStep(
        entry.move.step.event, at: entry.at, reported: before == nil ? after.reportedAt : nil, grade: after.grade,
        before: before?.waits ?? [], after: after.waits, isOpen: after.stage.isOpen)
      try clocks.take(step, book, reckoner) { rule in
        // What the predicates of the two offices ask.
        switch rule.id {
        case "hand-over" where tenant == "anding": after.attributes["massIncident"] != true
        case "appeal": after.tags.contains("不合理诉求")
        case "visits": after.attributes["keyComplainant"] == true
        default: true
        }
      }
    }
    try clocks.settle(at: now, reckoner)
    return clocks.clocks.map { clock in
      func seconds(_ instant: Instant?) -> String {
        // As PostgreSQL rounds.
        instant.map { "\(($0.microseconds + 500_000) / 1_000_000)" } ?? "none"
      }
      return [
        clock.rule.id, "\(clock.number)", clock.state.rawValue, clock.started == clock.opens ? "t" : "f", seconds(clock.started),
        seconds(clock.deadline?.outside), seconds(clock.ended), "\(clock.pauses.count)",
      ].joined(separator: "|")
    }
  }

  private static func entry(_ json: JSON) throws -> OrderEntry {
    let step = try #require(json["kind"]?.string.flatMap(OrderStep.init(rawValue:)))
    let at = try #require(json["at"]?.integer.flatMap { Instant(microseconds: $0) })
    let move = try OrderMove.shape(of: step).decode(try #require(json["data"])).get()
    return OrderEntry(
      seq: Int32(try #require(json["seq"]?.integer)), at: at, actor: nil, side: .system, move: move)
  }

  private static func documents(_ directory: String) throws -> [String] {
    try Command.run(["ls", "\(Cluster.checkout)/deploy/\(directory)"]).output.split(separator: "\n").map {
      try TestDatabase.file("deploy/\(directory)/\($0)")
    }
  }
}

/// Chance that can be had again: SplitMix64.
private struct Random {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }
}
