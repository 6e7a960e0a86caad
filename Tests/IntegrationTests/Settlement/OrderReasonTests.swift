// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

@Suite("Why a work order costs money", .deployment(at: "2024-03-05T09:00:00+08:00"))
struct OrderReasonTests {
  @Test("a deduction opens into its incident, and that into the order that was called back")
  func zeroScore() throws {
    let deployment = try Deployment.current
    let drive = try OrderDrive(deployment, "anding", seat: "seat-1", from: "2024-03-05T09:00:00")
    let order = try drive.receive()
    try order.go("sign", "verify", "dispatch", "reply", "audit")
    try order.take("callbacks", ["contacted": false, "resolution": "unsolved", "satisfaction": "dissatisfied"])
    let desk = try Desk("anding", "service-2024")
    let listed = try desk.who("supervisor").get("\(desk.office)/incidents?state=proposed").json["items"]?.array ?? []
    let id = try #require(listed.first { $0["source"] == "zero-score" }?["id"]?.string)
    try #require(try desk.take("confirm", id, by: "supervisor", 1).status == 200)
    try desk.score("staff", "quarter-1", "seat-1", "100", on: "2024-03-05")
    let statement = try desk.statement("quarter-1", asOf: "2024-03-26")
    let place = try #require(statement.lines.firstIndex { $0["rule"] == "below-par" })
    let why = try desk.who("finance").get("\(desk.settlement("quarter-1"))/why?line=\(place + 1)&asOf=2024-03-26")
    let causes = why.json["causes"]?.array ?? []
    let cause = try #require(causes.first { $0["incident"] != nil })
    #expect(cause.value(at: "/incident/proposedSide") == "system" && cause.value(at: "/orders/0/id") == .string(order.id))
    let number = try #require(cause.value(at: "/orders/0/externalNumber")?.string)
    #expect(why.string("/paragraph")?.contains(number) == true, "\(why.text)")
  }
}
