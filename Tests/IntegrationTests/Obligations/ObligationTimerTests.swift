// SPDX-License-Identifier: Apache-2.0
import Base
import EventLoop
import Glibc
import Support
import Synchronization
import Testing

/// More than ten thousand obligations of thirty offices, three servers, and nobody who spares them.
@Suite("Obligations under fire", .deployment(at: "2026-01-10T09:00:00+08:00"), .serialized)
struct ObligationTimerTests {
  private static let offices = 30

  @Test("each of ten thousand is told once when its time has passed, whichever of three servers is killed at whatever moment")
  func once() async throws {
    let deployment = try Deployment.current
    let database = deployment.database
    try await database.withHeavyLane { heavy in
      for number in 1...Self.offices {
        var office = try OfficeDirectory("Tests/Offices/yunling")
        try office.set("office.json", "code", to: .string("yunling-\(number)"))
        // A report for every day of the term, which nobody hands in.
        try office.set("contracts/hotline-2026/original.json", "duties/0/every", to: ["days": 1])
        try await office.apply(through: heavy, at: Instant("2026-01-10T09:00:00+08:00"))
      }
    }
    let ours = "tenant_id IN (SELECT tenant_id FROM tenant WHERE code LIKE 'yunling-%')"
    let daily = "\(ours) AND id LIKE 'report-monthly@%'"
    // 15 January to 31 December, in every office.
    try database.wait(until: "count(*) = \(Self.offices * 351) FROM obligation WHERE \(daily) AND state = 'pending'")

    var beside = [try deployment.another(), try deployment.another()]
    defer { for server in beside { _ = server.program.end(by: SIGKILL) } }
    for day in ["2026-02-20", "2026-05-01", "2026-08-15", "2026-10-08", "2026-12-31"] {
      try deployment.setClock(to: #require(Instant("\(day)T12:00:00+08:00")))
      for _ in 0..<3 {
        try await database.loop.sleep(for: .milliseconds(Int64.random(in: 50...900)))
        let victim = Int.random(in: 0...2)
        if victim == 2 {
          deployment.crashServer()
          try deployment.serve()
        } else {
          _ = beside[victim].program.end(by: SIGKILL)
          beside[victim] = try deployment.another()
        }
      }
    }
    try database.wait(
      until: "NOT EXISTS (SELECT FROM obligation WHERE \(daily) AND state = 'pending' AND due_at <= '2026-12-31T12:00:00+08:00')")
    // The report of the last day is not late yet.
    #expect(
      try database.sql("SELECT count(*) FROM obligation WHERE \(daily) AND state = 'missed' AND fired_at IS NOT NULL")
        == "\(Self.offices * 350)")
    let told = """
      SELECT count(*), count(DISTINCT (tenant_id, subject)), count(*) FILTER (WHERE kind <> 'obligation.missed') FROM notice
      WHERE \(ours) AND subject LIKE 'report-monthly@%'
      """
    #expect(try database.sql(told) == "\(Self.offices * 350)|\(Self.offices * 350)|0")
    let wrong = """
      SELECT count(*) FROM obligation o WHERE \(daily) AND (SELECT count(*) FROM notice n WHERE n.tenant_id = o.tenant_id
        AND n.contract_id = o.contract_id AND n.subject = o.id) <> (o.state = 'missed')::int
      """
    #expect(try database.sql(wrong) == "0")
  }
}
