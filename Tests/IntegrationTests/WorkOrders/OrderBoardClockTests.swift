// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

@Suite("Clocks on the live board", .deployment, .serialized)
struct OrderBoardClockTests {
  private let deployment: Deployment
  private let office = "/v1/tenants/sanjianfang"

  init() throws { deployment = try Deployment.current }

  private func told(_ drive: OrderDrive, _ login: String?, _ order: DrivenOrder) throws -> [String] {
    let notices = try drive.caller(login).get("\(office)/notices?limit=500")
    try #require(notices.status == 200, "\(notices.text)")
    return (notices.json["items"]?.array ?? []).filter { $0["subject"]?.string == order.id }.compactMap { $0["kind"]?.string }.reversed()
  }

  @Test("a warning and a miss come over the stream once, also to a client that was cut off, and are told to those whom they concern")
  func warnings() throws {
    let drive = try OrderDrive(deployment, "sanjianfang", seat: "seat-1", from: "2020-03-10T09:00:00")
    let listener = try BoardListener(drive.caller(), "\(office)/work-orders")
    let ready = try #require(try listener.next())
    let order = try drive.receive(grade: "2h")
    let received = try #require(try listener.next())
    #expect(received.name == "received" && received.data["order"]?.string == order.id)
    try deployment.setClock(to: instant("2020-03-10T09:19:30"))
    let warned = try #require(try listener.next())
    #expect(warned.name == "warned" && warned.data.value(at: "/clock/rule")?.string == "sign", "\(warned)")
    #expect(warned.data["order"]?.string == order.id && warned.number == order.number(in: received))
    #expect(try told(drive, nil, order) == ["clock.warned"])
    // The vendor's warning is the vendor's own.
    #expect(try told(drive, "supervisor", order) == [])
    try deployment.setClock(to: instant("2020-03-10T09:20:30"))
    let missed = try #require(try listener.next())
    #expect(missed.name == "missed" && missed.data.value(at: "/clock/rule")?.string == "sign", "\(missed)")
    listener.client.reset()
    try order.go("sign")
    // Whoever comes back goes on behind the last event they saw.
    for (last, names) in [(ready.id, ["received", "warned", "missed", "step"]), (warned.id, ["missed", "step"]), (missed.id, ["step"])] {
      let again = try BoardListener(drive.caller(), "\(office)/work-orders", last: last)
      #expect(try again.next()?.name == "ready")
      #expect(try names.indices.map { _ in try again.next()?.name } == names, "behind \(last)")
      again.client.reset()
    }
    #expect(try told(drive, nil, order) == ["clock.warned", "clock.missed"])
    #expect(try told(drive, "supervisor", order) == ["clock.missed"])
    // Nobody has dispatched it: no department hears of it.
    #expect(try told(drive, "handler", order) == [])
    let finance = try drive.caller("finance").get("\(office)/notices?limit=500").json["items"]?.array ?? []
    #expect(!finance.contains { $0["subjectKind"]?.string == "work-order" })
  }

  @Test("what runs out while an order is a department's is told to its members, and comes over their stream; to nobody else's")
  func departments() throws {
    let drive = try OrderDrive(deployment, "sanjianfang", seat: "seat-1", from: "2020-03-11T09:00:00")
    let department = try #require(
      try deployment.database.sql(
        """
        SELECT m.department FROM membership m JOIN app_user u USING (user_id) JOIN tenant t USING (tenant_id)
        WHERE t.code = 'sanjianfang' AND u.login = 'sanjianfang.handler'
        """
      ).split(separator: "\n").first.map(String.init))
    let other = try #require(
      (try drive.caller().get("\(office)/departments").json["items"]?.array ?? []).first {
        $0["code"]?.string != department && $0["parent"] == .null
      }?["code"]?.string)
    let (mine, foreign) = (try drive.receive(grade: "2h"), try drive.receive(grade: "2h"))
    for (order, department) in [(mine, department), (foreign, other)] {
      try order.go("sign", "verify")
      try order.take("dispatch", ["department": .string(department)])
    }
    let listener = try BoardListener(drive.caller("handler"), "\(office)/work-orders")
    #expect(try listener.next()?.name == "ready")
    try deployment.setClock(to: instant("2020-03-11T11:30:00"))
    let missed = try #require(try listener.next(named: "missed"))
    #expect(missed.data["order"]?.string == mine.id, "\(missed)")
    let isTold = try eventually { try told(drive, nil, foreign).contains("clock.missed") ? true : nil }
    #expect(isTold == true)
    #expect(try told(drive, "handler", mine).contains("clock.missed"))
    #expect(try told(drive, "handler", foreign) == [])
  }
}

extension DrivenOrder {
  /// The order's number as an event of it says.
  fileprivate func number(in event: BoardEvent) -> String? { event.data["order"]?.string == id ? event.number : nil }
}
