// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// One vendor that serves two offices, beside another vendor in each of them, on a server whose clock the tests move.
@Suite("A vendor over all its contracts", .deployment(at: "2026-02-10T09:00:00+08:00"), .serialized)
struct VendorViewTests {
  private static let codes = ["valley", "ridge"]

  private func setClock(_ instant: String) throws { try Deployment.current.setClock(to: try #require(Instant(instant))) }

  private func apply() throws -> Deployment {
    let deployment = try Deployment.current
    guard try deployment.database.sql("SELECT count(*) FROM tenant WHERE code = 'valley'") == "0" else { return deployment }
    for code in Self.codes {
      var files = try OfficeDirectory("Tests/Offices/yunling")
      try files.set("office.json", "code", to: .string(code))
      try files.write(to: "\(deployment.state)/\(code)")
      let applied = try deployment.jiesu("tenant", "apply", "\(deployment.state)/\(code)")
      try #require(applied.status == 0, "\(applied.output)")
    }
    try deployment.addUser("view.manager", of: "mingyuan-service", "valley", "vendor.manager")
    try deployment.addUser("view.analyst", of: "mingyuan-service", "valley", "vendor.analyst")
    try deployment.addUser("view.trainer", of: "qiushi-training", "valley", "vendor.manager")
    try deployment.addUser("view.leader", of: "yunling-town-government", "valley", "office.leader")
    try deployment.addUser("view.supervisor", of: "yunling-town-government", "valley", "office.supervisor")
    // The manager works for both offices.
    try deployment.database.sql(
      """
      INSERT INTO membership (tenant_id, id, user_id, role, valid_from, granted_at) SELECT tenant_id, gen_random_uuid(), user_id, \
      'vendor.manager', '2000-01-01', now() FROM tenant, app_user WHERE code = 'ridge' AND login = 'view.manager'
      """)
    try deployment.database.sql(
      "INSERT INTO user_tenant SELECT user_id, tenant_id FROM tenant, app_user WHERE code = 'ridge' AND login = 'view.manager'")
    try deployment.database.sql("UPDATE membership SET valid_from = '2000-01-01'")
    return deployment
  }

  private func contracts(_ answer: Caller.Answer) -> [String] {
    (answer.json["offices"]?.array ?? []).flatMap { office in
      (office["contracts"]?.array ?? []).map { "\(office["code"]?.string ?? "")/\($0["id"]?.string ?? "")" }
    }
  }

  @Test("its people see their own contracts in every office, with people, incidents, periods and income, and nobody else's")
  func both() throws {
    let deployment = try apply()
    try setClock("2026-02-10T09:00:00+08:00")
    let manager = try deployment.caller("view.manager")
    let incident = try manager.make(
      "/v1/tenants/ridge/incidents",
      ["contract": "hotline-2026", "incident": "dropped-call", "occurredAt": "2026-01-20T10:00:00+08:00", "subject": "order-1"])
    let view = try manager.get("/v1/vendor")
    #expect(view.status == 200 && view.string("/organisation") == "mingyuan-service", "\(view.text)")
    #expect(contracts(view) == ["ridge/hotline-2026", "valley/hotline-2026"])
    let ridge = try #require(view.json.value(at: "/offices/0/contracts/0"))
    let valley = try #require(view.json.value(at: "/offices/1/contracts/0"))
    #expect(ridge["incidents"]?["proposed"] == 1 && ridge["incidents"]?["confirmed"] == 0)
    #expect(valley["incidents"]?["proposed"] == 0)
    #expect(!incident.isEmpty && view.json.value(at: "/offices/0/contracts/0/posts/0/people/0/code")?.string == "seat-1")

    // What is shown of a contract is what its own routes say.
    var open = Fen.zero
    for code in Self.codes {
      let settlements = try manager.get("/v1/tenants/\(code)/contracts/hotline-2026/settlements")
      let own = try #require(view.json["offices"]?.array?.first { $0["code"]?.string == code }?["contracts"]?.array?.first)
      #expect(own["settlements"] == settlements.json["items"])
      for item in settlements.json["items"]?.array ?? [] {
        let (payable, paid) = (item["payable"]?["fen"]?.integer ?? 0, item["paid"]?["fen"]?.integer ?? 0)
        open = try open + Fen(max(0, payable - paid))
      }
      // 100,000 × 17 ÷ 31 for the short first month, February, which has begun, and what is kept back, which has no days.
      #expect(
        own["periods"]?.array?.compactMap { $0["fees"]?["yuan"]?.string } == ["54838.71", "100000.00", "0.00"], "\(own["periods"] ?? .null)"
      )
    }
    #expect(view.json.value(at: "/income/open/fen") == .integer(open.count) && open > .zero)

    #expect(try contracts(deployment.caller("view.trainer").get("/v1/vendor")) == ["valley/training-2025"])
    // What one's role does not let one see stays out.
    let analyst = try deployment.caller("view.analyst").get("/v1/vendor")
    #expect(contracts(analyst) == ["valley/hotline-2026"])
    let shown = try #require(analyst.json.value(at: "/offices/0/contracts/0"))
    #expect(shown["settlements"] == .null && shown["income"] == .null && shown["incidents"] == .null && shown["posts"] == [])
    #expect(shown["periods"]?.array?.allSatisfy { $0["fees"] == .null && $0["confirmedIncidents"] == .null } == true)
    #expect(analyst.json.value(at: "/income/expected/fen") == 0)
    // To an office's people there is no such thing.
    #expect(try deployment.caller("view.leader").get("/v1/vendor").status == 404)
    #expect(try deployment.stranger.get("/v1/vendor").status == 401)
  }

  @Test("a contract is there until its wind-down ends, to the minute, whatever else its vendor has")
  func windDown() throws {
    let deployment = try apply()
    // The training contract ends on 2026-02-28, and its people have fifteen days more.
    for (instant, seen) in [("2026-03-15T23:59:00+08:00", ["valley/training-2025"]), ("2026-03-16T00:00:30+08:00", [])] {
      try setClock(instant)
      let answer = try deployment.caller("view.trainer").get("/v1/vendor")
      #expect(answer.status == 200 && contracts(answer) == seen, "\(instant): \(answer.text)")
    }
    #expect(try contracts(deployment.caller("view.manager").get("/v1/vendor")) == ["ridge/hotline-2026", "valley/hotline-2026"])
    // The hotline's ends on 2026-12-31.
    try setClock("2027-01-16T00:00:30+08:00")
    #expect(try contracts(deployment.caller("view.manager").get("/v1/vendor")) == [])
  }

  @Test("an office compares its vendors over time, period by period; a vendor sees itself only")
  func comparison() throws {
    let deployment = try apply()
    try setClock("2026-02-10T09:00:00+08:00")
    let path = "/v1/tenants/valley/reports/vendors"
    let supervisor = try deployment.caller("view.supervisor")
    let proposed = try deployment.caller("view.manager").make(
      "/v1/tenants/valley/incidents",
      ["contract": "hotline-2026", "incident": "dropped-call", "occurredAt": "2026-02-05T10:00:00+08:00", "subject": "order-2"])
    let confirmed = try supervisor.post("/v1/tenants/valley/incidents/\(proposed)/confirm", [:], ["If-Match": "\"1\""])
    try #require(confirmed.status == 200, "\(confirmed.text)")
    // January's quality and a seat's points, each signed by two, and a grade that the leader decides.
    let contract = "/v1/tenants/valley/contracts/hotline-2026"
    let leader = try deployment.caller("view.leader")
    for filled: JSON in [
      ["on": "2026-02-02", "series": "quality", "period": "2026-01", "value": "92.5"],
      ["on": "2026-02-02", "series": "seats", "period": "2026-01", "subject": "seat-1", "value": "90"],
    ] {
      let sheet = "\(contract)/score-sheets/\(try supervisor.make("\(contract)/score-sheets", filled))"
      #expect(try supervisor.post("\(sheet)/sign", [:], ["If-Match": "\"1\""]).status == 200)
      #expect(try leader.post("\(sheet)/countersign", [:], ["If-Match": "\"2\""]).status == 200)
    }
    let grade = try supervisor.make(
      "\(contract)/grades", ["series": "praise", "period": "2026-01", "grade": "甲", "reason": "群众来信表扬"])
    #expect(try leader.post("\(contract)/grades/\(grade)/decide", ["on": "2026-02-02"], ["If-Match": "\"1\""]).status == 200)
    let report = try leader.get(path)
    #expect(report.status == 200, "\(report.text)")
    let vendors = try #require(report.json["items"]?.array)
    #expect(vendors.compactMap { $0["vendor"]?.string } == ["mingyuan-service", "qiushi-training"])
    let hotline = try #require(vendors[0]["contracts"]?.array?.first)
    #expect(hotline["periods"]?.array?.map { $0["confirmedIncidents"] } == [0, 1, 0])
    // February has neither yet.
    let january = try #require(hotline["periods"]?.array?.first)
    let means = (january["scores"]?.array ?? []).map {
      "\($0["series"]?.string ?? "") \($0["period"]?.string ?? "") \($0["mean"]?.string ?? "")"
    }
    #expect(means == ["quality 2026-01 92.500", "seats 2026-01 90"], "\(means)")
    #expect(january["grades"] == [["series": "praise", "period": "2026-01", "grade": "甲"]])
    #expect(hotline["periods"]?.array?.dropFirst().allSatisfy { $0["scores"] == [] && $0["grades"] == [] } == true)
    // The vendor sees them beside those of its other office; whom neither concerns does not.
    let offices = try deployment.caller("view.manager").get("/v1/vendor").json["offices"]?.array ?? []
    let graded = offices.map { $0.value(at: "/contracts/0/periods/0/grades/0/grade")?.string }
    #expect(graded == [nil, "甲"])
    let analyst = try deployment.caller("view.analyst").get("/v1/vendor").json.value(at: "/offices/0/contracts/0/periods/0")
    #expect(analyst?["scores"] == .null && analyst?["grades"] == .null)
    for period in hotline["periods"]?.array ?? [] {
      let statement = try supervisor.get("/v1/tenants/valley/contracts/hotline-2026/settlements/\(period["payment"]?.string ?? "")")
      let charges = (statement.json["lines"]?.array ?? []).filter { ["charge", "bound", "cap"].contains($0["kind"]?.string ?? "") }
        .compactMap { $0["amount"]?["fen"]?.integer }
      #expect(period["deductions"]?["fen"] == .integer(charges.filter { $0 < 0 }.reduce(0, +)))
      #expect(period["rewards"]?["fen"] == .integer(charges.filter { $0 > 0 }.reduce(0, +)))
    }
    #expect(
      try deployment.caller("view.trainer").get(path).json["items"]?.array?.compactMap { $0["vendor"]?.string } == ["qiushi-training"])
    #expect(try deployment.caller("anding.leader").get(path).status == 404)
  }
}
