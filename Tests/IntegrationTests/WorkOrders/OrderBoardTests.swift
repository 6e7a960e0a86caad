// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc
import Postgres
import Support
import Testing

@Suite("The live board", .deployment, .serialized)
struct OrderBoardTests {
  private let deployment: Deployment
  private let path = "/v1/tenants/anding/work-orders"

  init() throws {
    deployment = try Deployment.current
  }

  private func receiver() throws -> Caller {
    try deployment.caller("anding.seat-1")
  }

  private func receive(_ number: String, by caller: Caller) throws -> String {
    try caller.make(
      path, ["source": "city", "externalNumber": .string(number), "grade": "7d", "title": .string("诉求 \(number)"), "content": "路灯"])
  }

  @Test("new orders and steps come as they happen, and a client that comes back goes on behind the last it saw")
  func resuming() throws {
    let caller = try receiver()
    _ = try receive("before", by: caller)
    let listener = try BoardListener(caller, path)
    let ready = try #require(try listener.next())
    #expect(ready.name == "ready")
    let id = try receive("s1", by: caller)
    // What was taken in just before may come once more; nothing after it is missing.
    var first = try #require(try listener.next())
    if first.number == "before" { first = try #require(try listener.next()) }
    #expect(first.name == "received" && first.number == "s1" && first.data["order"]?.string == id)
    #expect(try caller.post("\(path)/\(id)/sign", [:], ["If-Match": "\"1\""]).status == 200)
    let second = try #require(try listener.next())
    #expect(second.name == "step" && second.data["step"]?.string == "signed" && second.data["stage"]?.string == "signed")
    listener.client.reset()
    for number in 0..<5 { _ = try receive("s2-\(number)", by: caller) }
    let again = try BoardListener(caller, path, last: second.id)
    #expect(try again.next()?.name == "ready")
    #expect(try again.numbers(5) == (0..<5).map { "s2-\($0)" })
    let twice = try BoardListener(caller, path, last: first.id)
    _ = try twice.next()
    #expect(try twice.next()?.id == second.id)
    #expect(try twice.numbers(5) == (0..<5).map { "s2-\($0)" })
    #expect(try caller.get(path + "/stream", ["Last-Event-ID": "yesterday"]).status == 422)
  }

  @Test("what a slow transaction wrote comes behind what was sent meanwhile, or holds it up; it is never missed")
  func slowTransaction() throws {
    let caller = try receiver()
    let listener = try BoardListener(caller, path)
    _ = try listener.next()
    let slow = try deployment.database.connect()
    try slow.run("BEGIN")
    try slow.run(
      """
      INSERT INTO work_order (tenant_id, id, version, stage, is_open, source, external_number, grade, title, received_at, changed_at)
        SELECT tenant_id, '01890000-0000-7000-8000-00000000d001', 1, 'received', true, 'city', 'slow', '7d', '慢', now(), now()
        FROM tenant WHERE code = 'anding';
      INSERT INTO work_order_event (tenant_id, order_id, seq, id, at, side, kind)
        SELECT tenant_id, '01890000-0000-7000-8000-00000000d001', 1, '01890000-0000-7000-8000-00000000d002', now(), 'system', 'received'
        FROM tenant WHERE code = 'anding'
      """)
    for number in 0..<3 { _ = try receive("quick\(number)", by: caller) }
    // Time for several looks at the database.
    usleep(2_500_000)
    try slow.run("COMMIT")
    var seen: [String] = []
    while seen.count < 4 {
      let number = try #require(try listener.next()?.number)
      if number == "slow" || number.hasPrefix("quick") { seen.append(number) }
    }
    #expect(seen.sorted() == ["quick0", "quick1", "quick2", "slow"])
  }

  @Test("many who take orders in at once and a client that is cut off again and again: each order comes once")
  func everyEventOnce() async throws {
    let caller = try receiver()
    let path = path
    let start = try BoardListener(caller, path)
    var last = try #require(try start.next()).id
    start.client.close()
    async let written: Void = withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for number in 0..<25 {
            _ = try caller.make(
              path, ["source": "city", "externalNumber": .string("m\(writer)-\(number)"), "grade": "7d", "title": "诉求", "content": "路灯"])
          }
        }
      }
      try await group.waitForAll()
    }
    var seen: [String] = []
    var generator = SystemRandomNumberGenerator()
    while seen.count < 100 {
      let listener = try BoardListener(caller, path, last: last)
      _ = try listener.next()
      for _ in 0..<Int.random(in: 1...30, using: &generator) where seen.count < 100 {
        let event = try #require(try listener.next())
        last = event.id
        if let number = event.number, number.hasPrefix("m") { seen.append(number) }
      }
      listener.client.reset()
    }
    try await written
    #expect(seen.count == 100 && Set(seen).count == 100)
  }

  @Test("a stream ends with the session that opened it, and a user has a bounded number")
  func ending() throws {
    _ = try receiver()
    let leader = try deployment.caller("anding.leader")
    let listeners = try (0..<8).map { _ in try BoardListener(leader, path) }
    let refused = try leader.get(path + "/stream")
    #expect(refused.status == 429)
    for listener in listeners { #expect(try listener.next()?.name == "ready") }
    #expect(try leader.delete("/v1/session").status == 204)
    for listener in listeners { #expect(try listener.next() == nil) }
  }

  @Test("a department's stream has what is dispatched to it and nothing else; HEAD and others have none")
  func scoped() throws {
    let caller = try receiver()
    #expect(try caller.fetch(path + "/stream", method: "HEAD").status == 200)
    #expect(try deployment.caller("huoying.leader").get(path + "/stream").status == 404)
    let handler = try deployment.caller("anding.handler")
    let listener = try BoardListener(handler, path)
    _ = try listener.next()
    _ = try receive("hidden", by: caller)
    try deployment.database.script(
      """
      INSERT INTO work_order (tenant_id, id, version, stage, is_open, source, external_number, grade, title, department, received_at, changed_at)
        SELECT t.tenant_id, '01890000-0000-7000-8000-00000000e001', 1, 'dispatched', true, 'city', 'shown', '7d', '派单', m.department, now(), now()
        FROM tenant t JOIN membership m USING (tenant_id) JOIN app_user u USING (user_id) WHERE u.login = 'anding.handler' AND t.code = 'anding';
      INSERT INTO work_order_event (tenant_id, order_id, seq, id, at, side, kind)
        SELECT tenant_id, '01890000-0000-7000-8000-00000000e001', 1, '01890000-0000-7000-8000-00000000e002', now(), 'system', 'received'
        FROM tenant WHERE code = 'anding'
      """)
    #expect(try listener.next()?.number == "shown")
  }
}
