// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import EventLoop
import Support
import Testing

/// What duties give cause to propose, on a server whose clock the tests move.
@Suite("Incidents of duties", .deployment(at: "2019-10-11T09:00:00+08:00"), .serialized)
struct ObligationIncidentTests {
  private func setClock(_ instant: String) throws { try Deployment.current.setClock(to: try #require(Instant(instant))) }

  /// Waits until the database says so.
  private func wait(_ condition: String) throws {
    try Deployment.current.database.wait(until: condition)
  }

  /// What the platform has proposed under a desk's contract, by a source.
  private func proposed(_ desk: Desk, by source: String) throws -> [JSON] {
    let list = try desk.who("supervisor").get("\(desk.office)/incidents?contract=\(desk.contract)&limit=100")
    return (list.json["items"]?.array ?? []).filter { $0["source"]?.string == source }
  }

  @Test("a report sent back as wrong proposes the incident that the contract names for it, once; voided, it is withdrawn")
  func returned() async throws {
    let desk = try Desk("sanjianfang", "seats-2019")
    try setClock("2019-10-14T10:00:00+08:00")
    let handed = try desk.who("vendor-manager").post("\(desk.path)/events", ["on": "2019-10-12", "event": "report-daily"])
    #expect(handed.status == 201)
    let back: JSON = ["on": "2019-10-14", "event": "report-returned", "subject": "daily@2019-10-12", "note": "汇总数与明细不符"]
    let office = try desk.who("supervisor")
    // It must say which, and is the office's to say.
    #expect(try office.post("\(desk.path)/events", ["on": "2019-10-14", "event": "report-returned"]).faults == ["/subject missing-member"])
    for other in ["cure@2019-10-12", "payment:first", "daily-2019-10-12"] {
      let refused = try office.post("\(desk.path)/events", ["on": "2019-10-14", "event": "report-returned", "subject": .string(other)])
      #expect(refused.faults == ["/subject unknown-reference"], "\(refused.text)")
    }
    #expect(try desk.who("vendor-manager").post("\(desk.path)/events", back).string("/code") == "not-your-side")
    let first = try office.post("\(desk.path)/events", back, key: "back-1")
    #expect(first.status == 201, "\(first.text)")
    #expect(try office.post("\(desk.path)/events", back, key: "back-1").fields["idempotency-replayed"] == "true")
    let fact = try #require(first.string("/id"))
    try wait("count(*) = 1 FROM incident WHERE source = 'returned'")

    let one = try #require(try proposed(desk, by: "returned").first)
    let id = try #require(one["id"]?.string)
    #expect(
      one["incident"]?.string == "report-error" && one["state"]?.string == "proposed" && one["proposedSide"]?.string == "system", "\(one)")
    let references = (one["evidence"]?.array ?? []).map { "\($0["kind"]?.string ?? "") \($0["reference"]?.string ?? "")" }
    #expect(references == ["obligation daily@2019-10-12", "fact \(fact)"])
    // 第十二条: 50 to 500 yuan, as two people of the office set it; the vendor decides nothing.
    let confirm = "\(desk.office)/incidents/\(id)/confirm"
    #expect(try desk.who("vendor-manager").post(confirm, [:], ["If-Match": "\"1\""]).status == 403)
    let set = try office.post(confirm, ["amount": "80.00", "note": "更正一次"], ["If-Match": "\"1\""])
    #expect(set.string("/state") == "proposed", "\(set.text)")
    let agreed = try desk.who("leader").post(confirm, ["amount": "80.00", "note": "属实"], ["If-Match": "\"2\""])
    #expect(agreed.string("/state") == "confirmed", "\(agreed.text)")

    // Another one, voided before anybody decides, is withdrawn; the decided one stays.
    let second = try #require(try office.post("\(desk.path)/events", back).string("/id"))
    try wait("count(*) = 2 FROM incident WHERE source = 'returned'")
    try desk.void(second)
    try wait("state = 'rejected' FROM incident WHERE source = 'returned' AND external_number = '\(second)'")
    #expect(try proposed(desk, by: "returned").map { $0["state"]?.string ?? "" }.sorted() == ["confirmed", "rejected"])
    #expect(try desk.deployment.caller("huoying.leader").get("\(desk.office)/incidents/\(id)").status == 404)
    // Reports that are late cost nothing here: no clause says so.
    #expect(try proposed(desk, by: "obligation").isEmpty)
  }

  @Test("a duty that the vendor misses proposes its incident once, on its last day; done in time after all, or waived, it is withdrawn")
  func missed() async throws {
    let desk = try Desk("fangshan", "service-2022")
    try setClock("2022-09-01T10:00:00+08:00")
    let demands = try ["2022-09-05", "2022-09-06", "2022-09-07"].map {
      try desk.event("cure-demanded", "2022-09-01", ["agreed": .string($0), "subject": .string("s-\($0)")])
    }
    try wait("count(*) = 3 FROM obligation WHERE id LIKE 'cure-on-demand@%' AND state = 'pending'")
    try setClock("2022-09-09T00:00:01+08:00")
    try wait("count(*) = 3 FROM incident WHERE source = 'obligation'")
    let found = try proposed(desk, by: "obligation")
    #expect(found.allSatisfy { $0["incident"]?.string == "not-cured" && $0["state"]?.string == "proposed" }, "\(found)")
    #expect(
      found.compactMap { $0["occurredAt"]?.string?.prefix(19) }.sorted()
        == ["2022-09-05T23:59:59", "2022-09-06T23:59:59", "2022-09-07T23:59:59"])
    func state(_ place: Int) -> String {
      "state FROM incident WHERE source = 'obligation' AND evidence::text LIKE '%cure-on-demand@\(demands[place])%'"
    }
    // Another look changes nothing.
    try desk.event("meeting-attended", "2022-09-08")
    let waived = try desk.who("leader").post("\(desk.path)/obligations/cure-on-demand@\(demands[1])/waive", ["reason": "已另行约定"])
    #expect(waived.status == 201 || waived.status == 200, "\(waived.text)")
    try desk.event("demand-cured", "2022-09-05", ["subject": "s-2022-09-05"])
    for place in [0, 1] { try wait("(SELECT \(state(place))) = 'rejected'") }
    #expect(try desk.deployment.database.sql("SELECT \(state(2))") == "proposed")
    // What was decided by nobody is proposed again when it is missed again.
    let cured = try desk.deployment.database.sql("SELECT id FROM fact WHERE data ->> 'event' = 'demand-cured'")
    try desk.void(cured)
    try wait("(SELECT \(state(0))) = 'proposed'")
    #expect(try proposed(desk, by: "obligation").count == 3)
  }

  @Test(
    "a demand about staff that is not met proposes the incident that the office's contract names, about the person, once over two servers")
  func staff() async throws {
    let deployment = try Deployment.current
    try setClock("2026-03-02T09:00:00+08:00")
    var files = try OfficeDirectory("Tests/Offices/yunling")
    try files.set("office.json", "code", to: "yunling-staff")
    let paper = "contracts/hotline-2026/original.json"
    func append(_ list: String, _ item: JSON) throws {
      try files.set(paper, list, to: .array((files.json(paper)[list]?.array ?? []) + [item]))
    }
    func item(_ id: String, _ more: JSONObject) -> JSON {
      var item: JSONObject = ["id": .string(id), "clause": "15", "says": ["zh": "换人。", "en": "A change of staff."]]
      for member in more.members { item[member.name] = member.value }
      return .object(item)
    }
    try append("events", item("change-demanded", ["recordedBy": "office"]))
    try append("events", item("staff-changed", ["recordedBy": "office"]))
    try append("incidents", item("not-changed", ["subject": "staff"]))
    try append(
      "duties",
      item(
        "change-staff",
        [
          "who": "vendor", "due": ["after": ["change-demanded"], "within": ["days": 5]], "doneBy": ["staff-changed"], "miss": "not-changed",
        ]))
    try files.set(
      paper, "staffing/demands",
      to: [
        [
          "kind": "replacement", "clause": "15", "opens": "change-demanded", "filled": "staff-changed",
          "says": ["zh": "可要求换人。", "en": "A change may be demanded."],
        ]
      ])
    // Of the office's duties nothing is proposed.
    var wrong = files
    try wrong.set(paper, "duties/2/miss", to: "data-leak")
    guard case .failure(let faults) = TenantFiles.decode(wrong.contents) else { throw Command.Failure(description: "it is taken") }
    #expect(faults.list.map { "\($0.fault.pointer) \($0.fault.code)" } == ["/duties/2/miss bad-combination"])
    try files.write(to: "\(deployment.state)/yunling-staff")
    let applied = try deployment.jiesu("tenant", "apply", "\(deployment.state)/yunling-staff")
    #expect(applied.status == 0, "\(applied.output)")
    try deployment.addUser("yunling-staff.supervisor", of: "yunling-town-government", "yunling-staff", "office.supervisor")
    try deployment.database.sql("UPDATE membership SET valid_from = '2000-01-01'")
    let beside = try deployment.another()
    defer { _ = beside.program.end(by: 15) }

    let desk = try Desk("yunling-staff", "hotline-2026")
    let demand = try desk.who("supervisor").post(
      "\(desk.path)/staff-demands",
      ["kind": "replacement", "person": "seat-1", "post": "seat", "from": "2026-01-15", "reason": "不能胜任"])
    #expect(demand.status == 201, "\(demand.text)")
    try wait("count(*) = 1 FROM obligation WHERE id LIKE 'change-staff@%' AND state = 'pending'")
    // Five days end on Saturday, 7 March; it rolls to Monday, the 9th.
    try setClock("2026-03-10T00:00:01+08:00")
    try wait("count(*) = 1 FROM incident WHERE source = 'obligation' AND kind = 'not-changed'")
    let found = try proposed(desk, by: "obligation")
    #expect(found.count == 1 && found[0]["subject"]?.string == "seat-1" && found[0]["state"]?.string == "proposed", "\(found)")
    #expect(found[0]["occurredAt"]?.string?.hasPrefix("2026-03-09T23:59:59") == true)
  }
}
