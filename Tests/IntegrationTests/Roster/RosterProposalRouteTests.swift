// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// Proposed rosters through the API.
@Suite("Proposed rosters over the API", .deployment(at: "2024-04-20T09:00:00+08:00"), .serialized)
struct RosterProposalRouteTests {
  private func proposals(_ office: RosterOffice) -> String { "\(office.path)/roster/proposals" }

  private func setClock(_ instant: String) throws { try Deployment.current.setClock(to: try #require(Instant(instant))) }

  @Test("a month is proposed, changes nothing until it is accepted, and then covers every post")
  func accept() throws {
    try setClock("2024-04-20T09:00:00+08:00")
    let office = try RosterOffice("anding")
    let manager = try office.who("vendor-manager")
    // May 2024 has the holiday of the 1st to the 5th, and the make-up Saturday of the 11th: 21 working days with four seats and the analyst, ten rest days with a seat.
    let answer = try manager.post(proposals(office), ["month": "2024-05"], key: "may")
    #expect(answer.status == 201 && answer.json["complete"] == true && answer.json["proofs"] == [], "\(answer.text)")
    #expect(answer.json["placed"]?.integer == 115, "\(answer.text)")
    #expect(try manager.post(proposals(office), ["month": "2024-05"], key: "may").text == answer.text)
    #expect(try office.shifts("from=2024-05-01&to=2024-05-31").isEmpty)
    let id = try #require(answer.string("/id"))
    let read = try office.who("supervisor").get("\(proposals(office))/\(id)")
    #expect(read.json["placements"]?.array?.count == 115 && read.string("/state") == "proposed" && read.fields["etag"] == "\"1\"")
    #expect(try office.who("supervisor").get(proposals(office)).string("/items/0/id") == id)

    // By this office's rules the vendor's plan is the vendor's; the office does not adopt it.
    let tag = ["If-Match": "\"1\""]
    #expect(try office.who("leader").post("\(proposals(office))/\(id)/accept", [:], tag).string("/code") == "not-your-side")
    #expect(try office.who("seat-1").post("\(proposals(office))/\(id)/accept", [:], tag).status == 403)
    let accepted = try manager.post("\(proposals(office))/\(id)/accept", ["note": "五月"], tag)
    #expect(accepted.status == 200 && accepted.json["planned"]?.integer == 115, "\(accepted.text)")
    #expect(try office.gaps("2024-05-01", "2024-05-31") == [])
    let shifts = try office.shifts("from=2024-05-01&to=2024-05-31")
    #expect(shifts.count == 115 && shifts.allSatisfy { $0.origin == "proposal" })
    #expect(try manager.post("\(proposals(office))/\(id)/accept", [:], ["If-Match": "\"2\""]).string("/code") == "already-decided")
    // Nothing is left to be proposed.
    #expect(try manager.post(proposals(office), ["month": "2024-05"]).json["placed"]?.integer == 0)
  }

  @Test("a proposal that others have overtaken is not accepted; it is proposed anew")
  func overtaken() throws {
    try setClock("2024-04-20T09:00:00+08:00")
    let office = try RosterOffice("anding")
    let manager = try office.who("vendor-manager")
    let first = try #require(try manager.post(proposals(office), ["from": "2024-06-03", "to": "2024-06-07"]).string("/id"))
    let second = try #require(try manager.post(proposals(office), ["from": "2024-06-05", "to": "2024-06-05"]).string("/id"))
    let tag = ["If-Match": "\"1\""]
    #expect(try manager.post("\(proposals(office))/\(second)/accept", [:], tag).status == 200)
    let late = try manager.post("\(proposals(office))/\(first)/accept", [:], tag)
    #expect(late.status == 409 && late.string("/code") == "roster-changed", "\(late.text)")
    #expect(try manager.post("\(proposals(office))/\(first)/withdraw", [:], tag).string("/state") == "withdrawn")
    #expect(try office.shifts("from=2024-06-03&to=2024-06-07").count == 5)
  }

  @Test("a month that cannot be filled says which rule is in the way, with the proof")
  func proof() throws {
    try setClock("2024-04-20T09:00:00+08:00")
    let office = try RosterOffice("xisanqi")
    let manager = try office.who("vendor-manager")
    // A night of 24 hours for a caller, on both days around a working day: neither of the two callers is rested for it.
    let nights: JSON = [
      "shifts": [
        [
          "person": "caller-1", "contract": "platform-2024", "post": "caller", "startsAt": "2024-06-11T20:00:00+08:00",
          "endsAt": "2024-06-12T06:00:00+08:00",
        ]
      ]
    ]
    #expect(try manager.post("\(office.path)/shifts", nights).status == 201)
    let answer = try manager.post(
      "\(office.path)/roster/proposals", ["from": "2024-06-12", "to": "2024-06-12"], ["Accept-Language": "en"])
    #expect(answer.status == 201 && answer.json["complete"] == false && answer.json["openCount"]?.integer == 1, "\(answer.text)")
    #expect(answer.string("/open/0/post") == "caller" && answer.json.value(at: "/open/0/certain") == true)
    #expect(answer.string("/open/0/hindered/0/by") == "notRested" || answer.string("/open/0/hindered/1/by") == "notRested")
    #expect(answer.json.value(at: "/proofs/0/rules") == ["notRested"] && answer.json.value(at: "/proofs/0/needed")?.integer == 2)
    #expect(answer.json.value(at: "/proofs/0/available")?.integer == 1)
    #expect(answer.string("/proofs/0/says")?.contains("can take at most 1") == true, "\(answer.text)")
    // It is kept as it was told.
    let id = try #require(answer.string("/id"))
    let read = try office.who("leader").get("\(office.path)/roster/proposals/\(id)", ["Accept-Language": "en"])
    #expect(read.json["proofs"] == answer.json["proofs"] && read.json["open"] == answer.json["open"])
  }

  @Test("where the office decides on rosters, the vendor proposes and plans nothing by itself")
  func decided() throws {
    let deployment = try Deployment.current
    let directory = "\(deployment.state)/decided"
    _ = try Command.run([
      "sh", "-c",
      "cp -r \(Cluster.checkout)/deploy/tenants/huoying \(directory) && sed -i 's/\"roster\": \"vendor\"/\"roster\": \"office\"/' \(directory)/roster.json",
    ])
    let applied = try deployment.jiesu("tenant", "apply", directory)
    try #require(applied.status == 0, "\(applied.output)")
    try setClock("2025-08-20T09:00:00+08:00")
    let office = try RosterOffice("huoying")
    let manager = try office.who("vendor-manager")
    let refused = try manager.post("\(office.path)/shifts", ["generate": ["from": "2025-09-01", "to": "2025-09-30"]])
    #expect(refused.status == 409 && refused.string("/code") == "needs-approval", "\(refused.text)")
    let path = proposals(office)
    let proposed = try manager.post(path, ["month": "2025-09"])
    #expect(proposed.json["complete"] == true, "\(proposed.text)")
    let id = try #require(proposed.string("/id"))
    let tag = ["If-Match": "\"1\""]
    #expect(try manager.post("\(path)/\(id)/accept", [:], tag).string("/code") == "not-your-side")
    #expect(try office.who("supervisor").post("\(path)/\(id)/reject", [:], tag).status == 422)
    let accepted = try office.who("supervisor").post("\(path)/\(id)/accept", [:], tag)
    #expect(accepted.status == 200, "\(accepted.text)")
    #expect(try office.gaps("2025-09-02", "2025-09-30") == [])
    #expect(try office.who("supervisor").get("\(office.path)/shifts?limit=1").string("/items/0/origin") == "proposal")
  }
}
