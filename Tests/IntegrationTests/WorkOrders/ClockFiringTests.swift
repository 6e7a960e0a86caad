// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc
import Support
import Testing

@Suite("Warnings and misses", .deployment, .serialized)
struct ClockFiringTests {
  @Test("are told once each by several servers, whichever of them is killed at whatever moment")
  func once() throws {
    let deployment = try Deployment.current
    let drive = try OrderDrive(deployment, "sanjianfang", seat: "seat-1", from: "2020-03-05T09:00:00")
    var beside = try deployment.another().program
    defer { _ = beside.end(by: SIGTERM) }
    var orders: [DrivenOrder] = []
    for round in 0..<5 {
      try deployment.setClock(to: instant("2020-03-05T1\(round):00:00"))
      for _ in 0..<12 { orders.append(try drive.receive(grade: "2h")) }
      // A third is signed in time, the next ones are verified too.
      for (place, order) in orders.suffix(12).enumerated() where place % 3 != 0 {
        try order.go("sign")
        if place % 3 == 2 { try order.go("verify", "dispatch") }
      }
      try deployment.setClock(to: instant("2020-03-05T1\(round):\(19 + round):50"))
      usleep(UInt32.random(in: 0..<1_500_000))
      if round.isMultiple(of: 2) {
        deployment.crashServer()
        try deployment.serve()
      } else {
        _ = beside.end(by: SIGKILL)
        beside = try deployment.another().program
      }
    }
    for (place, order) in orders.enumerated() where place % 3 == 2 { try order.go("urge", "reply") }
    try deployment.setClock(to: instant("2020-03-05T20:00:00"))
    let database = deployment.database
    let waiting = "SELECT count(*) FROM work_order_clock WHERE next_at <= '2020-03-05T20:00:00+08:00'"
    let isDone = try eventually { try database.sql(waiting) == "0" ? true : nil }
    try #require(isDone == true, "the timer did not come to an end")
    // One line of the office's log for each clock that was missed, and for each that was warned of; none for another.
    let told = """
      SELECT count(*) FROM (
        SELECT c.order_id, c.rule, c.number, kind, n.count
        FROM work_order_clock c CROSS JOIN (VALUES ('clock.missed'), ('clock.warned')) k (kind)
        CROSS JOIN LATERAL (SELECT count(*) FROM audit_event n WHERE n.tenant_id = c.tenant_id AND n.subject = c.order_id::text
          AND n.action = k.kind AND n.data ->> 'rule' = c.rule AND (n.data ->> 'number')::int = c.number) n
        WHERE n.count <> CASE kind WHEN 'clock.missed' THEN (c.state = 'missed')::int ELSE (c.warned_at IS NOT NULL)::int END) wrong
      """
    #expect(try database.sql(told) == "0")
    // The same is told to those whom it concerns, once.
    #expect(try database.sql(told.replacing("audit_event", with: "notice").replacing("n.action", with: "n.kind")) == "0")
    let missed = "SELECT count(*) > 40 FROM work_order_clock WHERE state = 'missed'"
    #expect(try database.sql(missed) == "t")
    let wrong = """
      SELECT count(*) FROM work_order_clock WHERE (state = 'missed') <> (missed_at IS NOT NULL)
        OR (ended_at IS NULL AND warned_at IS NULL AND warn_at <= '2020-03-05T20:00:00+08:00')
        OR (state = 'met' AND ended_at >= outside_at) OR (state = 'missed' AND ended_at < outside_at)
      """
    #expect(try database.sql(wrong) == "0")
    // Late signing and late replies are the vendor's, and each is proposed once.
    let proposed = """
      SELECT (SELECT count(*) FROM incident WHERE source = 'clock'),
        (SELECT count(*) FROM work_order_clock WHERE state = 'missed' AND rule IN ('sign', 'reply'))
      """
    let counts = try database.sql(proposed).split(separator: "|")
    #expect(counts.count == 2 && counts.first == counts.last, "\(counts)")
  }

  @Test("a list of what runs out by a time has the orders with such a clock, until it has ended")
  func due() throws {
    let drive = try OrderDrive(try Deployment.current, "sanjianfang", seat: "seat-1", from: "2020-04-07T09:00:00")
    let (soon, later) = (try drive.receive(grade: "2h"), try drive.receive(grade: "15d"))
    for order in [soon, later] {
      try order.go("sign", "verify")
      try order.take("dispatch", ["department": "interaction"])
    }
    func found(_ query: String) throws -> [String] {
      let answer = try drive.caller().get("/v1/tenants/sanjianfang/work-orders?dueBefore=2020-04-07T04:00:00Z\(query)")
      #expect(answer.status == 200, "\(answer.text)")
      return (answer.json["items"]?.array ?? []).compactMap { $0["id"]?.string }.filter { $0 == soon.id || $0 == later.id }
    }
    #expect(try found("") == [soon.id])
    #expect(try found("&grade=15d") == [])
    #expect(try found("&department=interaction&open=true") == [soon.id])
    #expect(try drive.caller().get("/v1/tenants/sanjianfang/work-orders?dueBefore=soon").status == 422)
    try soon.go("urge", "reply")
    #expect(try found("") == [])
  }

  @Test("a zero-score order is proposed as the contract's kind, withdrawn by a better callback, and proposed again")
  func zeroScore() throws {
    let deployment = try Deployment.current
    let drive = try OrderDrive(deployment, "anding", seat: "seat-1", from: "2024-03-05T09:00:00")
    let order = try drive.receive()
    try order.go("sign", "verify", "dispatch", "reply", "audit")
    func proposals() throws -> [String] {
      let list = try drive.caller("supervisor").get("/v1/tenants/anding/incidents?limit=500").json["items"]?.array ?? []
      return list.filter { $0["source"] == "zero-score" }.map { "\($0["incident"]?.string ?? "") \($0["state"]?.string ?? "")" }
    }
    let zero: JSON = ["contacted": false, "resolution": "unsolved", "satisfaction": "dissatisfied"]
    try order.take("callbacks", zero)
    #expect(try proposals() == ["zero-score-order proposed"])
    try order.take("callbacks", ["contacted": true, "resolution": "solved", "satisfaction": "basically"])
    #expect(try proposals() == ["zero-score-order rejected"])
    try order.take("callbacks", zero)
    try order.take("callbacks", zero)
    #expect(try proposals() == ["zero-score-order proposed"])
    // The city does not count it: nothing stays proposed.
    try order.go("ask-exclusion")
    try order.take("decide-exclusion", ["granted": true], by: "leader")
    #expect(try proposals() == ["zero-score-order rejected"])
  }

  @Test("a paper that comes later moves no clock that has started, and not one that stands still")
  func revision() throws {
    let deployment = try Deployment.current
    let drive = try OrderDrive(deployment, "anding", seat: "seat-1", from: "2024-03-05T09:00:00")
    let waiting = try drive.receive(["tags": ["特殊案件"]])
    try waiting.go("sign", "verify", "ask-approval")
    let running = try drive.receive()
    try running.go("sign", "verify", "dispatch")
    let due = try running.due("close")
    // From the next day on the hand-over may take two hours and closing ten days.
    var files = try OfficeDirectory("deploy/tenants/anding")
    let supplement = "contracts/service-2024/001-supplement.json"
    var text = try TestDatabase.file("deploy/tenants/anding/contracts/service-2024/original.json")
    for (old, new) in [
      (#""within": {"hours": 1}"#, #""within": {"hours": 2}"#), (#"{"within": {"days": 7}}"#, #"{"within": {"days": 10}}"#),
    ] {
      try #require(text.contains(old))
      text = text.replacing(old, with: new)
    }
    files.put(supplement, text: text)
    try files.set(supplement, "revision/kind", to: "supplement")
    try files.set(supplement, "revision/effectiveFrom", to: "2024-03-06")
    let directory = deployment.state + "/anding-later"
    try files.write(to: directory)
    let applied = try deployment.jiesu("tenant", "apply", directory)
    try #require(applied.status == 0, "\(applied.output)")
    sleep(2)
    try deployment.setClock(to: instant("2024-03-06T09:00:00"))
    #expect(try waiting.state("hand-over") == "paused")
    try waiting.go("approve")
    // What was left of the one hour.
    #expect(try waiting.due("hand-over") < instant("2024-03-06T10:01:00"))
    #expect(try running.due("close") == due)
    #expect(try running.clock("close")?["revision"] == 1)
    let later = try drive.receive()
    try later.go("sign", "verify")
    #expect(abs(try later.due("hand-over").microseconds(since: instant("2024-03-06T11:00:00"))) < 3 * Instant.minute)
    #expect(try later.clock("hand-over")?["revision"] == 2)
  }
}

/// What `body` gives, asked again until it gives something; nil after two minutes.
func eventually<Value>(_ body: () throws -> Value?) throws -> Value? {
  for _ in 0..<1200 {
    if let value = try body() { return value }
    usleep(100_000)
  }
  return nil
}
