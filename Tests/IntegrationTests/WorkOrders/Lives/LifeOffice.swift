// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Synchronization
import Testing

/// An office whose orders live in the test: its people, and its own rules, read by hand.
struct LifeOffice: Sendable {
  let tenant: String
  let contract: String
  /// Whose orders the handler sees.
  let handlersDepartment: String
  let departments: [String]
  /// What a verification may name.
  let communities: [String]
  /// What is to be checked at closing, and which of it for what orders only.
  let checks: [String]
  let checksOfKeyComplainants: [String]
  let clocks: NaiveClocks
  /// Sessions and users' identifiers, by role.
  let tokens: [String: String]
  let users: [String: String]

  var path: String { "/v1/tenants/\(tenant)/work-orders" }

  let rates: NaiveRates
  /// The days of its contract.
  let term: ClosedRange<Int64>
  /// Whose tables decide what comes in and where it goes.
  private let tables: String

  static let roles = ["seat-a", "seat-b", "supervisor", "leader", "handler"]

  /// An office that the database has.
  ///
  /// - Parameters:
  ///   - files: what describes it.
  ///   - tables: the office of the repository that has the same decision tables.
  ///   - seat: the name of one of the demonstration's people who signs orders; nil where the office has none of them.
  init(
    _ tenant: String, _ files: OfficeDirectory, tables: String, seat: String?, handlersDepartment: String, checks: [String],
    ofKeyComplainants: [String] = []
  ) throws {
    let deployment = try Deployment.current
    (self.tenant, self.tables, self.handlersDepartment, self.checks) = (tenant, tables, handlersDepartment, checks)
    checksOfKeyComplainants = ofKeyComplainants
    contract = String(try files.contract.split(separator: "/")[1])
    let tree = try files.json("departments.json")["departments"]?.array ?? []
    departments = tree.compactMap { $0["code"]?.string }
    communities = tree.filter { ["village", "community"].contains($0["kind"]) }.compactMap { $0["code"]?.string }
    clocks = try NaiveClocks(files, NaiveCalendar())
    let term = try files.json(files.contract)["term"]
    let days = ["from", "to"].compactMap { term?[$0]?.string.flatMap(NaiveCalendar.number) }
    try #require(days.count == 2)
    self.term = days[0]...days[1]
    rates = NaiveRates(try files.json("office.json")["settings"]?["rates"])
    let organisations = try files.json("office.json")["organisations"]?.array ?? []
    func add(_ role: String, _ kind: String, _ template: String, department: String? = nil) throws {
      let organisation = try #require(organisations.first { $0["kind"]?.string == kind }?["code"]?.string)
      try deployment.addUser("\(tenant).\(role)", of: organisation, tenant, template, department: department)
    }
    try add("seat-b", "vendor", "vendor.seat")
    if seat == nil {
      try add("seat-a", "vendor", "vendor.seat")
      try add("supervisor", "office", "office.supervisor")
      try add("leader", "office", "office.leader")
      try add("handler", "office", "department.handler", department: handlersDepartment)
    }
    try deployment.database.sql("UPDATE membership SET valid_from = '2018-01-01' WHERE valid_from > '2018-01-01'")
    var (tokens, users) = ([String: String](), [String: String]())
    for role in Self.roles {
      let login = "\(tenant).\(role == "seat-a" ? seat ?? role : role)"
      tokens[role] = try deployment.signIn(login, hours: 8760)
      users[role] = try deployment.database.sql("SELECT user_id FROM app_user WHERE login = '\(login)'")
    }
    (self.tokens, self.users) = (tokens, users)
  }

  func checklist(of order: NaiveOrder) -> [String] {
    checks + (order.attributes["keyComplainant"] == true ? checksOfKeyComplainants : [])
  }

  /// What the office's tables make of an order that comes in.
  func decided(_ intake: JSON) -> JSON {
    var order = intake.object ?? [:]
    order["contract"] = .string(contract)
    switch tables {
    case "anding":
      let isMarked = intake["attributes"]?["massIncident"] == true || intake["tags"]?.array?.contains("特殊案件") ?? false
      if isMarked { order["special"] = true }
    case "sanjianfang":
      let content = intake["content"]?.string ?? ""
      let words = [("噪声", "噪声"), ("扰民", "噪声"), ("停车", "停车"), ("车位", "停车")]
      let category = words.first { content.contains($0.0) }?.1 ?? "其他"
      if order["category"] == nil { order["category"] = .string(category) }
    default: break
    }
    return .object(order)
  }

  /// Where the office's table sends an order.
  func destination(of order: NaiveOrder) -> String {
    switch (tables, order.category ?? "") {
    case ("anding", "环境"): "environment"
    case ("anding", "违建"), ("anding", "道路"): "planning"
    case ("anding", "农业"): "farming"
    case ("anding", _): order.area == "东片" ? "village-east" : "citizen-desk"
    case ("xisanqi", _) where order.source == "grid" || order.source == "cityManagement": "city-management"
    case ("xisanqi", "物业"): "property"
    case ("xisanqi", "违建"): "enforcement"
    case ("xisanqi", _): "citizen-service"
    case (_, "市容"), (_, "违建"): "city-management"
    case (_, "社保"), (_, "养老"): "social"
    default: order.area == "北片" ? "community-north" : "interaction"
    }
  }
}

/// Chance's choices of what sources hand in.
struct LifeIntakes {
  private let office: LifeOffice
  private var count = 0
  private let prefix: String

  init(_ office: LifeOffice, prefix: String) { (self.office, self.prefix) = (office, prefix) }

  mutating func next(reported: String, _ random: inout SeededRandom) -> JSON {
    count += 1
    func pick(_ words: [String?]) -> JSON? { (words.randomElement(using: &random) ?? nil).map { .string($0) } }
    var intake: JSONObject = [
      "source": pick(["city", "city", "city", "district", "grid", "cityManagement"]) ?? "city",
      "externalNumber": .string("\(prefix)-\(count)"), "grade": pick(["2h", "24h", "7d", "7d", "15d"]) ?? "7d",
      "title": .string("第\(count)件诉求"), "content": pick(["噪声扰民。", "小区停车难。", "路灯不亮。", "垃圾堆积。"]) ?? "",
    ]
    intake["category"] = pick([nil, "环境", "违建", "道路", "农业", "物业", "市容", "社保"])
    intake["area"] = pick([nil, "东片", "北片"])
    intake["tags"] = [[], ["特殊案件"], ["不合理诉求"], ["急", "不合理诉求"], []].randomElement(using: &random) ?? []
    intake["attributes"] =
      [[:], [:], ["massIncident": true], ["keyComplainant": true], ["channel": "web"]].randomElement(using: &random) ?? [:]
    if Int.random(in: 0..<3, using: &random) == 0 { intake["reportedAt"] = .string(reported) }
    if Int.random(in: 0..<8, using: &random) > 0 { intake["citizen"] = ["address": "东里小区3号楼"] }
    return .object(intake)
  }
}

/// The orders of an office that are there, each with what is known of it; whoever works on one holds it.
final class LifeOrders: Sendable {
  final class Cell: Sendable {
    let id: String
    let order: Mutex<NaiveOrder>

    init(_ order: NaiveOrder) {
      id = order.id
      self.order = Mutex(order)
    }
  }

  private let cells = Mutex<[Cell]>([])

  func add(_ orders: [NaiveOrder]) { cells.withLock { $0 += orders.map { Cell($0) } } }
  var all: [Cell] { cells.withLock { $0 } }
  /// Those whose lives are long.
  var lasting: [Cell] { cells.withLock { Array($0.prefix(Self.longLives)) } }

  /// An order by chance, most often one of those whose lives are long: of many orders each would come to its first steps only.
  func any(_ random: inout SeededRandom) -> Cell? {
    let isAny = Int.random(in: 0..<4, using: &random) == 0
    return cells.withLock { isAny ? $0.randomElement(using: &random) : $0.prefix(Self.longLives).randomElement(using: &random) }
  }

  private static let longLives = 30
}
