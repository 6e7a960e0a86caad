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

@Suite("Why a late order costs money", .deployment(at: "2020-03-05T09:00:00+08:00"))
struct LateOrderReasonTests {
  @Test("a deduction for a late signing tells the order by its number and the clock as the contract calls it")
  func lateSigning() throws {
    let deployment = try Deployment.current
    let drive = try OrderDrive(deployment, "sanjianfang", seat: "seat-1", from: "2020-03-05T09:00:00")
    let order = try drive.receive()
    try deployment.setClock(to: #require(Instant("2020-03-05T09:21:00+08:00")))
    try deployment.database.wait(until: "count(*) = 1 FROM incident WHERE source = 'clock'")
    let desk = try Desk("sanjianfang", "seats-2019")
    let id = try deployment.database.sql("SELECT id FROM incident WHERE source = 'clock'")
    for (version, role) in [(1, "supervisor"), (2, "leader")] {
      let step = try desk.take("confirm", id, by: role, version, ["amount": "200.00", "note": "逾时签收"])
      try #require(step.status == 200, "\(step.text)")
    }
    let place = try #require(desk.statement("last", asOf: "2020-03-06").lines.firstIndex { $0["facts"] == [.string(id)] })
    let why = try desk.who("finance").get("\(desk.settlement("last"))/why?line=\(place + 1)&asOf=2020-03-06")
    let number = try #require(why.string("/causes/0/orders/0/externalNumber"))
    let text = try #require(why.string("/text/zh"))
    #expect(text.contains("情形“未及时签收、回复或派遣案件”") && text.contains("工单 \(number)，时限“") && !text.contains(order.id), "\(text)")
    #expect(!text.contains("时限“sign”"), "\(text)")
  }
}
