// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

@Suite("Reports over the API", .deployment, .serialized)
struct ReportRouteTests {
  private let deployment: Deployment
  private let reports = "/v1/tenants/anding/reports"

  init() throws { deployment = try Deployment.current }

  private func receive(_ drive: OrderDrive, _ category: String?, _ community: String?, _ count: Int, phone: String? = nil) throws {
    for _ in 0..<count {
      var facts: JSONObject = ["source": community == nil ? "grid" : "city"]
      facts["category"] = category.map { .string($0) }
      facts["community"] = community.map { .string($0) }
      facts["citizen"] = phone.map { ["name": "柳听风", "phone": .string($0)] } ?? ["name": "匿名"]
      _ = try drive.receive(facts)
    }
  }

  /// The numbers of a list by their keys, `count/previous`.
  private func numbers(_ report: Caller.Answer, _ list: String) -> [String: String] {
    var numbers: [String: String] = [:]
    for item in report.json[list]?.array ?? [] {
      numbers[item["key"]?.string ?? "?"] = "\(item["count"]?.integer ?? -1)/\(item["previous"]?.integer ?? -1)"
    }
    return numbers
  }

  @Test("numbers stand beside those of the period before, each opens into its orders, and surges and repeated callers are told")
  func daily() throws {
    let drive = try OrderDrive(deployment, "anding", seat: "seat-1", from: "2024-04-08T09:00:00")
    try receive(drive, "供暖", "village-east", 2)
    try receive(drive, "噪声", "village-west", 3)
    try deployment.setClock(to: instant("2024-04-09T09:00:00"))
    try receive(drive, "供暖", "village-east", 6, phone: "010 5550 7001")
    try receive(drive, "噪声", "village-west", 1)
    try receive(drive, nil, nil, 1)
    let analyst = try drive.caller("analyst-1")
    let report = try analyst.get("\(reports)/daily?date=2024-04-09")
    try #require(report.status == 200, "\(report.text)")
    #expect(report.string("/from") == "2024-04-09" && report.string("/previous/from") == "2024-04-08")
    #expect(report.json.value(at: "/orders/count")?.integer == 8 && report.json.value(at: "/orders/previous")?.integer == 5)
    #expect(report.string("/orders/change") == "+60.0%")
    #expect(numbers(report, "byCategory").filter { ["供暖", "噪声"].contains($0.key) } == ["供暖": "6/2", "噪声": "1/3"], "\(report.text)")
    #expect(numbers(report, "byCommunity") == ["village-east": "6/2", "village-west": "1/3", "": "1/0"])
    #expect(numbers(report, "bySource") == ["city": "7/5", "grid": "1/0"])
    #expect(report.string("/topics/0/community") == "village-east" && report.json.value(at: "/topics/0/count")?.integer == 6)
    #expect(report.json.value(at: "/callers/0/count")?.integer == 6 && report.string("/callers/0/citizen/name") == "柳**")
    // Two in four days before is half an order a day.
    let surges = (report.json["surges"]?.array ?? []).map {
      "\($0["category"]?.string ?? "")/\($0["community"]?.string ?? "") \($0["usual"]?.string ?? "")"
    }
    #expect(Set(surges) == ["供暖/ 0.5", "/village-east 0.5", "供暖/village-east 0.5"], "\(surges)")
    // Every number is that of the orders behind it.
    var links = 0
    for list in ["bySource", "byCategory", "byDepartment", "byCommunity", "byGrade", "topics", "surges"] {
      for item in report.json[list]?.array ?? [] {
        let link = try #require(item["link"]?.string)
        let orders = try analyst.get(link + "&limit=500")
        #expect(orders.json["items"]?.array.map { Int64($0.count) } == item["count"]?.integer, "\(link)")
        links += 1
      }
    }
    #expect(links > 10)
    for figure in ["orders", "repeats", "closed"] {
      let orders = try analyst.get(try #require(report.string("/\(figure)/link")) + "&limit=500")
      #expect(orders.json["items"]?.array.map { Int64($0.count) } == report.json.value(at: "/\(figure)/count")?.integer, "\(figure)")
    }
    #expect(report.json.value(at: "/repeats/count")?.integer == 5)
    let week = try analyst.get("\(reports)/weekly?date=2024-04-10")
    #expect(week.json.value(at: "/orders/count")?.integer == 13 && week.string("/orders/change") == nil)
    let month = try analyst.get("\(reports)/monthly?date=2024-04-30")
    #expect(month.string("/to") == "2024-04-30" && month.json.value(at: "/orders/count")?.integer == 13)
    let special = try analyst.get("\(reports)/special?from=2024-04-09&to=2024-04-09&category=%E4%BE%9B%E6%9A%96")
    #expect(special.json.value(at: "/orders/count")?.integer == 6 && numbers(special, "byCategory") == ["供暖": "6/2"])
    #expect(try analyst.get("\(reports)/daily?date=today").status == 422)
    #expect(try analyst.get("\(reports)/daily?top=0").status == 422)
    #expect(try analyst.get("\(reports)/special?from=2024-04-09&to=2024-04-08").status == 422)
    #expect(try drive.caller("finance").get("\(reports)/daily").status == 403)
  }

  @Test("departments are ranked by the citizens' answers, the rates beside the orders that they are of")
  func rankings() throws {
    let drive = try OrderDrive(deployment, "anding", seat: "seat-1", from: "2024-05-06T09:00:00")
    for (department, resolution, satisfaction) in [
      ("environment", "solved", "satisfied"), ("planning", "unsolved", "dissatisfied"), ("environment", "solved", "basically"),
    ] {
      let order = try drive.receive()
      try order.go("sign", "verify")
      try order.take("dispatch", ["department": .string(department)])
      try order.go("reply", "audit")
      try order.take(
        "callbacks", ["contacted": true, "resolution": .string(resolution), "satisfaction": .string(satisfaction)])
    }
    let report = try drive.caller("supervisor").get("\(reports)/daily?date=2024-05-06")
    let ranked = (report.json.value(at: "/rankings/departments")?.array ?? []).map {
      "\($0["rank"]?.integer ?? 0) \($0["key"]?.string ?? "") \($0.value(at: "/resolution/percent")?.string ?? "")"
    }
    #expect(ranked == ["1 environment 100.00", "2 planning 0.00"], "\(report.text)")
    #expect(report.json.value(at: "/rates/resolution/numerator")?.integer == 2)
    let link = try #require(report.string("/rankings/departments/0/link"))
    #expect(try drive.caller("supervisor").get(link).json["items"]?.array?.count == 2)
  }
}
