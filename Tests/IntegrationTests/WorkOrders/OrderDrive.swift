// SPDX-License-Identifier: Apache-2.0
import Base
import Synchronization
import Testing

/// Somebody who drives work orders of an office over the API, at the moments that a test chooses.
///
/// Its sessions outlast the story that a test tells, so that the clock may move without anybody signing in again.
final class OrderDrive {
  let deployment: Deployment
  let tenant: String
  private let seat: String
  /// Sessions by deployment and login: each is opened once.
  private static let tokens = Mutex<[String: String]>([:])

  /// - Parameters:
  ///   - seat: the login of the one who does what is not said to be somebody else's.
  ///   - begin: from when on the sessions last, for a year.
  init(_ deployment: Deployment, _ tenant: String, seat: String, from begin: String) throws {
    self.deployment = deployment
    self.tenant = tenant
    self.seat = seat
    try deployment.setClock(to: instant(begin))
    // People were let in today; the stories of the contracts are older.
    try deployment.database.sql("UPDATE membership SET valid_from = '2018-01-01' WHERE valid_from > '2018-01-01'")
  }

  func caller(_ login: String? = nil) throws -> Caller {
    let login = "\(tenant).\(login ?? seat)"
    let key = "\(deployment.state) \(login)"
    if let token = Self.tokens.withLock({ $0[key] }) { return Caller(port: deployment.port, token: token) }
    let token = try deployment.signIn(login, hours: 8760)
    Self.tokens.withLock { $0[key] = token }
    return Caller(port: deployment.port, token: token)
  }

  /// Takes an order in.
  func receive(_ facts: JSONObject = [:], grade: String = "7d") throws -> DrivenOrder {
    var intake: JSONObject = [
      "source": "city", "externalNumber": .string("T-\(UInt64.random(in: .min ... .max))"), "grade": .string(grade),
      "title": "路灯不亮", "content": "小区北门外便道路灯多日不亮。", "citizen": ["name": "苗知远", "phone": "01050001234", "address": "某小区 3 号楼"],
    ]
    for member in facts { intake[member.name] = member.value }
    let answer = try caller().post("/v1/tenants/\(tenant)/work-orders", .object(intake))
    try #require(answer.status == 201, "\(answer.text)")
    return DrivenOrder(self, try #require(answer.string("/id")), try #require(answer.fields["etag"]))
  }
}

/// One order on its way.
final class DrivenOrder {
  private let drive: OrderDrive
  let id: String
  private var tag: String

  /// One of each tree that has any.
  private static let communities = [
    "anding": "village-east", "huoying": "community-one", "sanjianfang": "community-north", "xisanqi": "community-east",
  ]

  init(_ drive: OrderDrive, _ id: String, _ tag: String) {
    self.drive = drive
    self.id = id
    self.tag = tag
  }

  private var path: String { "/v1/tenants/\(drive.tenant)/work-orders/\(id)" }

  /// A round of the timer that began before the clock was set back has told of the order what lies ahead.
  struct Overtaken: Error {}

  /// Takes a step as it must go.
  ///
  /// - Throws: ``Overtaken`` too.
  func take(_ verb: String, _ body: JSON = [:], by login: String? = nil) throws {
    let answer = try attempt(verb, body, by: login)
    if answer.string("/code") == "overloaded" { throw Overtaken() }
    try #require(answer.status == 200, "\(verb): \(answer.text)")
    tag = try #require(answer.fields["etag"])
  }

  func attempt(_ verb: String, _ body: JSON = [:], by login: String? = nil) throws -> Caller.Answer {
    try drive.caller(login).post("\(path)/\(verb)", body, ["If-Match": tag])
  }

  /// Takes the usual steps, one after the other.
  func go(_ verbs: String...) throws {
    for verb in verbs {
      let (body, login) = try usual(verb)
      try take(verb, body, by: login)
    }
  }

  /// Takes a step as it usually goes, where the order lets it.
  func tryStep(_ verb: String) throws {
    let (body, login) = try usual(verb)
    let answer = try attempt(verb, body, by: login)
    if answer.status == 200 { tag = answer.fields["etag"] ?? tag }
  }

  /// What a step says, and who takes it, where that is not the seat.
  private func usual(_ verb: String) throws -> (body: JSON, login: String?) {
    switch verb {
    case "verify": (["community": .string(Self.communities[drive.tenant] ?? "某社区")], nil)
    case "dispatch": (["department": .string(try department())], nil)
    case "reply":
      (["handling": "已到现场查看并修复。", "result": "路灯已亮。", "media": [["kind": "recording", "reference": "recorder:r-1"]]], nil)
    case "audit": ([:], "supervisor")
    case "callbacks": (["contacted": true, "resolution": "solved", "satisfaction": "satisfied"], nil)
    case "close": (["checked": try checklist(of: "closed")], nil)
    case "urge": (["remark": "请尽快办理。"], nil)
    case "progress": (["progress": "已列入计划。"], nil)
    case "hang", "resume": (["reason": "须待主管单位立项。"], "supervisor")
    case "approve": ([:], "leader")
    case "outside-remit", "return", "ask-approval", "appeal", "ask-exclusion", "reopen", "await-citizen": (["reason": "见附件。"], nil)
    default: ([:], nil)
    }
  }

  private func department() throws -> String {
    let answer = try drive.caller().get("/v1/tenants/\(drive.tenant)/departments")
    return try #require(answer.string("/items/0/code"), "\(answer.text)")
  }

  private func checklist(of step: String) throws -> JSON {
    let items = try drive.caller().get("\(path)/checklist").json["items"]?.array ?? []
    return .array(items.filter { $0["step"]?.string == step }.compactMap { $0["key"] })
  }

  // MARK: Clocks

  func clocks(_ language: String = "zh-CN") throws -> Caller.Answer {
    let answer = try drive.caller().get("\(path)/clocks", ["Accept-Language": language])
    try #require(answer.status == 200, "\(answer.text)")
    return answer
  }

  /// A clock by its rule and number, the one that started last; nil where there is none.
  func clock(_ rule: String, _ number: Int = 1, _ language: String = "zh-CN") throws -> JSON? {
    try clocks(language).json["clocks"]?.array?.last { $0["rule"]?.string == rule && $0["number"]?.integer == Int64(number) }
  }

  func state(_ rule: String, _ number: Int = 1) throws -> String? { try clock(rule, number)?["state"]?.string }

  /// When a clock runs out.
  func due(_ rule: String, _ number: Int = 1) throws -> Instant {
    let clock = try #require(try clock(rule, number), "there is no clock \(rule) \(number)")
    return try #require(clock["due"]?.string.flatMap { Instant($0) }, "\(clock)")
  }
}

func instant(_ text: String) throws -> Instant { try #require(Instant(text + "+08:00"), "\(text) is no time") }
