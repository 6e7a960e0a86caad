// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// What rosters want of a contract whose term was over on 2020-10-10, on a server whose clock says December 2020.
@Suite("Rosters and the length of a service", .deployment(at: "2020-12-01T09:00:00+08:00"), .serialized)
struct ServiceLengthTests {
  private func gaps(_ from: String, _ to: String) throws -> [String] {
    try RosterOffice("sanjianfang").gaps(from, to).filter { $0.hasPrefix("seat") }
  }

  @Test("posts are wanted on while the service is held over, and not after an early end; a record that is taken back is none")
  func length() throws {
    let desk = try Desk("sanjianfang", "seats-2019")
    let agreed = ["seat 2020-10-09T00:00…2020-10-11T00:00 1/0"]
    #expect(try gaps("2020-10-09", "2020-10-20") == agreed)
    let held = try desk.event("heldOver", "2020-10-11", ["until": "2020-10-13"])
    #expect(try gaps("2020-10-09", "2020-10-20") == ["seat 2020-10-09T00:00…2020-10-14T00:00 1/0"])
    try desk.void(held)
    #expect(try gaps("2020-10-09", "2020-10-20") == agreed)
    // Nobody says until when: it goes on.
    let open = try desk.event("heldOver", "2020-10-11")
    #expect(try gaps("2020-12-30", "2020-12-31") == ["seat 2020-12-30T00:00…2021-01-01T00:00 1/0"])
    try desk.void(open)

    let ended = try desk.event("terminated", "2020-08-15")
    #expect(try gaps("2020-08-14", "2020-08-20") == ["seat 2020-08-14T00:00…2020-08-16T00:00 1/0"])
    #expect(try gaps("2020-10-09", "2020-10-20") == [])
    try desk.void(ended)
    #expect(try gaps("2020-10-09", "2020-10-20") == agreed)
  }
}
