// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc
import Postgres
import Support
import Testing

@Suite("Steps of work orders that meet something else halfway", .deployment, .serialized)
struct OrderRaceTests {
  /// Waits until some sessions of the database wait for locks, or for a lock on a table.
  private func wait(for count: Int, on table: String? = nil, _ database: TestDatabase) throws {
    let relation = table.map { " AND relation = '\($0)'::regclass" } ?? ""
    let waiting = try eventually {
      try database.sql("SELECT count(*) >= \(count) FROM \(TestDatabase.locksWaitedFor)\(relation)") == "t" ? true : nil
    }
    try #require(waiting == true, "nobody waits")
  }

  @Test("a step under way when a clock is told as missed is taken after that, so that the clock and the history say the same")
  func told() async throws {
    let deployment = try Deployment.current
    let database = deployment.database
    let drive = try OrderDrive(deployment, "sanjianfang", seat: "seat-1", from: "2020-03-05T09:00:00")
    let order = try drive.receive()
    try deployment.setClock(to: instant("2020-03-05T09:19:30"))
    // The step has been judged, in time, and cannot write yet.
    let lock = try database.connect()
    try lock.run("BEGIN; SELECT FROM work_order WHERE id = '\(order.id)' FOR UPDATE")
    let (seat, path) = (try drive.caller(), "/v1/tenants/sanjianfang/work-orders/\(order.id)/sign")
    async let taken = BlockingThreads.run { try seat.post(path, [:], ["If-Match": "\"1\""]) }
    try wait(for: 1, database)
    // Its time passes, and the timer of some server tells the miss.
    try deployment.setClock(to: instant("2020-03-05T09:25:00"))
    try database.sql(
      """
      UPDATE work_order_clock SET state = 'missed', missed_at = '2020-03-05T09:25:00+08:00', warned_at = missed_at, next_at = NULL
      WHERE order_id = '\(order.id)' AND rule = 'sign'
      """)
    try lock.run("ROLLBACK")
    let answer = try await taken
    #expect(answer.status == 200, "\(answer.text)")
    let found = try database.sql(
      """
      SELECT c.state, c.ended_at = e.at, e.at > c.outside_at FROM work_order_clock c JOIN work_order_event e USING (order_id)
      WHERE order_id = '\(order.id)' AND rule = 'sign' AND kind = 'signed'
      """)
    #expect(found == "missed|t|t")
  }

  @Test("an order that is excluded while its miss is proposed as an incident leaves nothing proposed")
  func excludedMeanwhile() async throws {
    let deployment = try Deployment.current
    let database = deployment.database
    let drive = try OrderDrive(deployment, "sanjianfang", seat: "seat-1", from: "2020-06-04T09:00:00")
    let order = try drive.receive()
    try order.go("ask-exclusion")
    let isQuiet = try eventually {
      try database.sql("SELECT count(*) FROM work_order_clock WHERE next_at <= '2020-06-04T09:05:00+08:00'") == "0" ? true : nil
    }
    try #require(isQuiet == true, "the timer did not come to an end")
    // It is signed too late, before the timer has told the miss, which cannot be told to anybody yet.
    let clock = try database.connect()
    let told = try database.connect()
    try clock.run("BEGIN; SELECT FROM work_order_clock WHERE order_id = '\(order.id)' FOR UPDATE")
    try told.run("BEGIN; LOCK TABLE notice IN SHARE MODE")
    try deployment.setClock(to: instant("2020-06-04T09:25:00"))
    let path = "/v1/tenants/sanjianfang/work-orders/\(order.id)"
    let (seat, leader) = (try drive.caller(), try drive.caller("leader"))
    async let signed = BlockingThreads.run { try seat.post("\(path)/sign", [:], ["If-Match": "\"2\""]) }
    try wait(for: 1, database)
    try clock.run("ROLLBACK")
    #expect(try await signed.status == 200)
    try wait(for: 1, on: "notice", database)
    async let taken = BlockingThreads.run { try leader.post("\(path)/decide-exclusion", ["granted": true], ["If-Match": "\"3\""]) }
    // The decision is through, or waits for the timer.
    let isUnderWay = try eventually {
      try database.sql(
        """
        SELECT count(*) = 2 OR (SELECT exclusion = 'granted' FROM work_order WHERE id = '\(order.id)') FROM \(TestDatabase.locksWaitedFor)
        """) == "t" ? true : nil
    }
    try #require(isUnderWay == true)
    try told.run("ROLLBACK")
    let answer = try await taken
    #expect(answer.status == 200, "\(answer.text)")
    let isTold = try eventually {
      try database.sql("SELECT missed_at IS NOT NULL FROM work_order_clock WHERE order_id = '\(order.id)' AND rule = 'sign'") == "t"
        ? true : nil
    }
    #expect(isTold == true)
    let states = try database.sql("SELECT string_agg(state, ',') FROM incident WHERE external_number LIKE '\(order.id)/%'")
    #expect(states == "rejected")
  }

  @Test("a step that closes an order counts every turn that ran out before it, though the timer had no time to begin them")
  func unseenTurns() async throws {
    let deployment = try Deployment.current
    let database = deployment.database
    let drive = try OrderDrive(deployment, "xisanqi", seat: "flow-seat-1", from: "2024-04-10T09:00:00")
    let order = try drive.receive(["attributes": ["keyComplainant": true]])
    let clock = try database.connect()
    try clock.run("BEGIN; SELECT FROM work_order_clock WHERE order_id = '\(order.id)' FOR UPDATE")
    try deployment.setClock(to: instant("2024-06-20T09:00:00"))
    let (seat, path) = (try drive.caller(), "/v1/tenants/xisanqi/work-orders/\(order.id)/return")
    async let returned = BlockingThreads.run { try seat.post(path, ["reason": "非本单位职责。"], ["If-Match": "\"1\""]) }
    try wait(for: 1, database)
    try clock.run("ROLLBACK")
    let answer = try await returned
    #expect(answer.status == 200, "\(answer.text)")
    let turns = "SELECT string_agg(number || ' ' || state, ', ' ORDER BY number) FROM work_order_clock WHERE order_id = '\(order.id)'"
    #expect(try database.sql("\(turns) AND rule = 'visits'") == "1 missed, 2 missed, 3 lapsed")
    let isTold = try eventually {
      try database.sql(
        "SELECT count(*) FROM audit_event WHERE subject = '\(order.id)' AND action = 'clock.missed' AND data ->> 'rule' = 'visits'")
        == "2" ? true : nil
    }
    #expect(isTold == true)
  }

  @Test("a request sent again while the first is carried out gets its answer, not that it came too late")
  func repeated() async throws {
    let desk = try OrderDesk("sanjianfang")
    let database = desk.deployment.database
    let id = try desk.receive()
    let first = try desk.who("seat-1")
    let beside = try desk.deployment.another()
    defer { _ = beside.program.end(by: SIGTERM) }
    let second = Caller(port: beside.port, token: first.token)
    // What the other server remembers of the caller is there before the tables are locked.
    #expect(try second.get("\(desk.path)/\(id)").status == 200)
    let path = "\(desk.path)/\(id)/sign"
    let row = try database.connect()
    try row.run("BEGIN; SELECT FROM work_order WHERE id = '\(id)' FOR UPDATE")
    async let one = BlockingThreads.run { try first.post(path, [:], key: "once-\(id)", ["If-Match": "\"1\""]) }
    try wait(for: 1, database)
    // Whoever reads orders from now on waits until the first has ended.
    async let locked: Void = BlockingThreads.run { try database.script("BEGIN; LOCK TABLE work_order; COMMIT") }
    try wait(for: 1, on: "work_order", database)
    async let two = BlockingThreads.run { try second.post(path, [:], key: "once-\(id)", ["If-Match": "\"1\""]) }
    try wait(for: 2, on: "work_order", database)
    try row.run("ROLLBACK")
    try await locked
    let (answer, again) = (try await one, try await two)
    #expect(answer.status == 200, "\(answer.text)")
    #expect(again.status == 200 && again.text == answer.text && again.fields["idempotency-replayed"] == "true", "\(again.text)")
    #expect(try database.sql("SELECT count(*) FROM work_order_event WHERE order_id = '\(id)'") == "2")
  }

  @Test("an order that another server has moved is not judged by what this one remembers of it")
  func remembered() throws {
    let desk = try OrderDesk("sanjianfang")
    let id = try desk.receive()
    let first = try desk.who("seat-1")
    let beside = try desk.deployment.another()
    defer { _ = beside.program.end(by: SIGTERM) }
    let second = Caller(port: beside.port, token: first.token)
    func step(_ caller: Caller, _ verb: String, _ body: JSON, _ version: Int) throws -> Caller.Answer {
      try caller.post("\(desk.path)/\(id)/\(verb)", body, ["If-Match": "\"\(version)\""])
    }
    #expect(try step(first, "sign", [:], 1).status == 200)
    #expect(try step(second, "return", ["reason": "不属于本街道"], 2).status == 200)
    // Possible by what the first server wrote last, and not.
    #expect(try step(first, "return", ["reason": "不属于本街道"], 2).status == 412)
    #expect(try step(first, "sign", [:], 2).status == 412)
    #expect(try step(first, "sign", [:], 3).status == 409)
    #expect(try first.get("\(desk.path)/\(id)").json["version"]?.integer == 3)
    #expect(try desk.deployment.database.sql("SELECT count(*) FROM work_order_event WHERE order_id = '\(id)'") == "3")
  }
}
