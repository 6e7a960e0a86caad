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
    let replay = try ClockReplay(tenant) { try deployment.database.sql($0) }
    for order in orders {
      let expected = try replay.clocks(of: order.id, until: now)
      let found = try replay.stored(order.id)
      #expect(found == expected, "seed \(seed), order \(order.id)")
    }
    #expect(orders.count == 18)
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
