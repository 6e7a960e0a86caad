// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

/// What stands behind the question mark, on every route alike.
@Suite("Queries of requests", .deployment)
struct QueryTests {
  @Test("a parameter that is misspelt, or there twice, is refused by its name instead of leaving out nothing")
  func unknown() throws {
    let supervisor = try Deployment.current.caller("anding.supervisor")
    let path = "/v1/tenants/anding/work-orders"
    #expect(try supervisor.get("\(path)?stage=closed&limit=5").status == 200)
    let misspelt = try supervisor.get("\(path)?stgae=closed")
    #expect(misspelt.status == 422 && misspelt.faults == ["?stgae bad-query"], "\(misspelt.text)")
    #expect(misspelt.text.contains("stage"), "says what was probably meant")
    #expect(try supervisor.get("\(path)?stage=closed&stage=received").faults == ["?stage bad-query"])
    // A sheet of all there is would be worse than a list.
    #expect(try supervisor.get("\(path)/sheet?stgae=closed").faults == ["?stgae bad-query"])
    // Where there are no parameters at all, and of a step.
    #expect(try supervisor.get("/v1/session?all=yes").faults == ["?all bad-query"])
    let seat = try Deployment.current.caller("anding.seat-1")
    #expect(try seat.post("\(path)?dry=yes", [:]).faults == ["?dry bad-query"])
  }

  @Test("whoever is not signed in is told so first, and probes may add what they like")
  func strangers() throws {
    let stranger = try Deployment.current.stranger
    #expect(try stranger.get("/v1/tenants/anding/work-orders?stgae=closed").status == 401)
    #expect(try stranger.get("/healthz?at=1").status == 200)
  }
}
