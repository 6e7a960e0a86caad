// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

@Suite("the clock of a server under test", .deployment)
struct ClockTests {
  @Test("is where the test puts it, and a session that has run out by it is over")
  func shift() throws {
    let deployment = try Deployment.current
    let before = try deployment.caller("anding.leader")
    let instant = try #require(Instant("2027-03-01T09:00:00+08:00"))
    try deployment.setClock(to: instant)
    #expect(try before.get("/v1/session").status == 401)
    let after = try deployment.caller("anding.leader")
    let expires = try after.get("/v1/session").string("/expiresAt")
    #expect(expires?.hasPrefix("2027-03-01T21:0") == true, "\(expires ?? "none")")
  }
}
