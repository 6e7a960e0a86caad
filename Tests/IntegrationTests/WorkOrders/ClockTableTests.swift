// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

/// The table "Work-order clocks" of the five offices, row by row: each drives orders over the API to just inside and just outside the limit.
@Suite("The clocks of the five offices", .deployment, .serialized)
struct ClockTableTests {
  /// A row whose limit is a time: how an order comes to it, and by which step it is met.
  struct Row: Sendable, CustomTestStringConvertible {
    let tenant: String
    let rule: String
    let number: Int
    /// When the order is taken in, and the limit ends, by the wall clock in Shanghai.
    let received: String
    let due: String
    let facts: JSONObject
    let grade: String
    /// Steps on the way; `@` and a time moves the clock first.
    let steps: [String]
    let met: String
    let clause: String
    /// Words of the explanation, in either language.
    let words: [String]
    /// The incident that the miss proposes.
    let incident: String?

    init(
      _ tenant: String, _ rule: String, _ number: Int = 1, received: String, due: String, facts: JSONObject = [:], grade: String = "7d",
      _ steps: String..., met: String, clause: String, words: [String], incident: String? = nil
    ) {
      self.tenant = tenant
      self.rule = rule
      self.number = number
      self.received = received
      self.due = due
      self.facts = facts
      self.grade = grade
      self.steps = steps
      self.met = met
      self.clause = clause
      self.words = words
      self.incident = incident
    }

    var testDescription: String { "\(tenant) \(rule) \(number)" }
  }

  static let rows = [
    Row(
      "anding", "sign", received: "2024-03-05T17:10:00", due: "2024-03-06T08:40:00", met: "sign", clause: "附件1 一.1",
      words: ["30 分钟", "只计值守时间", "非值守时间 2024-03-05 17:30"]),
    Row(
      "anding", "hand-over", received: "2024-03-05T09:00:00", due: "2024-03-05T10:00:00", "sign", "verify", met: "dispatch",
      clause: "附件1 一.1, 附件1 二.2(1)", words: ["1 小时", "1 hour from signing"]),
    // A special case waits for a leader: the hour stands still meanwhile.
    Row(
      "anding", "hand-over", received: "2024-03-05T09:00:00", due: "2024-03-06T09:10:00", facts: ["tags": ["特殊案件"]], "sign", "verify",
      "@2024-03-05T09:20:00", "ask-approval", "@2024-03-06T08:30:00", "approve", met: "dispatch", clause: "附件1 一.1, 附件1 二.2(1)",
      words: ["因等待领导审批", "stood still"]),
    Row(
      "anding", "return", received: "2024-03-05T09:00:00", due: "2024-03-05T14:00:00", "sign", "verify", "dispatch", "@2024-03-05T10:30:00",
      "outside-remit", met: "return", clause: "附件1 二.2(1)", words: ["2 小时", "自认定非本单位职责"]),
    Row(
      "anding", "supervise", 1, received: "2024-03-05T09:00:00", due: "2024-03-05T11:00:00", "sign", "verify", "dispatch", met: "reply",
      clause: "附件1 一.2", words: ["2 小时", "自派单"]),
    Row(
      "anding", "supervise", 2, received: "2024-03-05T09:00:00", due: "2024-03-06T09:00:00", "sign", "verify", "dispatch", met: "reply",
      clause: "附件1 一.2", words: ["24 小时"]),
    Row(
      "anding", "supervise", 3, received: "2024-03-05T09:00:00", due: "2024-03-13T00:00:00", "sign", "verify", "dispatch", met: "reply",
      clause: "附件1 一.2", words: ["7 日", "第二百零一条"]),
    // The seventh day is a Sunday.
    Row(
      "anding", "close", received: "2024-03-03T09:00:00", due: "2024-03-12T00:00:00", "sign", "verify", "dispatch", "reply", "audit",
      "callbacks", met: "close", clause: "附件1 一.2", words: ["7 日", "顺延至下一个工作日", "art. 203"]),
    // What it is hung for does not count, and one month after the hanging is a holiday.
    Row(
      "anding", "hung", 1, received: "2024-01-10T09:00:00", due: "2024-02-19T00:00:00", "sign", "verify", "dispatch", "hang",
      met: "progress",
      clause: "附件1 一.2", words: ["第 1 次", "1 个月", "春节", "Turn 1"]),
    Row(
      "anding", "hung", 2, received: "2024-01-10T09:00:00", due: "2024-03-12T00:00:00", "sign", "verify", "dispatch", "hang",
      "@2024-02-01T09:00:00", "progress", "@2024-02-20T09:00:00", met: "progress", clause: "附件1 一.2", words: ["第 2 次", "2 个月"]),
    Row(
      "sanjianfang", "sign", received: "2020-03-05T03:10:00", due: "2020-03-05T03:20:00",
      facts: ["reportedAt": "2020-03-05T03:00:00+08:00"],
      met: "sign", clause: "第三条1", words: ["20 分钟", "来源系统所报时间", "source system reports"], incident: "late-handling"),
    Row(
      "sanjianfang", "verify", received: "2020-03-07T23:00:00", due: "2020-03-07T23:10:00", "sign", met: "verify", clause: "第三条2",
      words: ["10 分钟", "自签收"]),
    Row(
      "sanjianfang", "urge", received: "2020-03-05T09:00:00", due: "2020-03-05T11:00:00", grade: "2h", "sign", "verify", "dispatch",
      met: "urge", clause: "第三条4", words: ["2 小时", "督办"]),
    Row(
      "sanjianfang", "reply", received: "2020-03-05T09:00:00", due: "2020-03-05T11:00:00", grade: "2h", "sign", "verify", "dispatch",
      met: "reply", clause: "第三条6", words: ["2 小时"], incident: "late-handling"),
    Row(
      "sanjianfang", "reply", received: "2020-03-05T09:00:00", due: "2020-03-06T09:00:00", grade: "24h", "sign", "verify", "dispatch",
      met: "reply", clause: "第三条6", words: ["24 小时"], incident: "late-handling"),
    Row(
      "sanjianfang", "reply", received: "2020-03-05T09:00:00", due: "2020-03-13T00:00:00", grade: "7d", "sign", "verify", "dispatch",
      met: "reply", clause: "第三条6", words: ["7 日"], incident: "late-handling"),
    Row(
      "sanjianfang", "reply", received: "2020-03-05T09:00:00", due: "2020-03-21T00:00:00", grade: "15d", "sign", "verify", "dispatch",
      met: "reply", clause: "第三条6", words: ["15 日"], incident: "late-handling"),
    Row(
      "fangshan", "close", received: "2022-09-26T09:00:00", due: "2022-10-09T00:00:00", "sign", "verify", "dispatch", "reply", "audit",
      "callbacks", met: "close", clause: "2.1.2", words: ["7 日", "国庆节", "2022-10-03"]),
    Row(
      "fangshan", "hung", received: "2022-08-31T09:00:00", due: "2022-10-01T00:00:00", "sign", "verify", "dispatch", "hang",
      met: "progress",
      clause: "2.1.2", words: ["第 1 次", "1 个月"]),
    Row(
      "fangshan", "grade", received: "2022-08-01T02:00:00", due: "2022-08-01T04:00:00", grade: "2h", "sign", "verify", "dispatch",
      met: "reply", clause: "2h", words: ["2 小时", "2 hours"]),
    // On a Friday: the next day is no working day and counts all the same.
    Row(
      "xisanqi", "appeal", received: "2024-04-12T02:00:00", due: "2024-04-14T00:00:00", facts: ["tags": ["不合理诉求"]], "sign", "verify",
      "dispatch", "reply", "audit", "callbacks", met: "appeal", clause: "2.2.4", words: ["1 日", "自回访"]),
    Row(
      "xisanqi", "visits", received: "2024-04-12T02:00:00", due: "2024-05-14T00:00:00", facts: ["attributes": ["keyComplainant": true]],
      "sign",
      "verify", "dispatch", "reply", "audit", met: "callbacks", clause: "2.2.5", words: ["第 1 次", "1 个月", "2024-05-12"]),
  ]

  @Test("a limit is met just inside and missed just outside, and says why it ends when it does", arguments: rows)
  func limit(row: Row) throws {
    let drive = try Self.drive(row.tenant)
    for isInside in [true, false] {
      let order = try Self.prepare(row, drive)
      let due = try order.due(row.rule, row.number)
      // The server's clock goes on between two requests; days end when they end.
      #expect(abs(due.microseconds(since: try instant(row.due))) < 3 * Instant.minute, "\(row): \(due)")
      #expect(try order.state(row.rule, row.number) == "running")
      try drive.deployment.setClock(to: due.adding(microseconds: isInside ? -40_000_000 : 1_000_000))
      try order.go(row.met)
      #expect(try order.state(row.rule, row.number) == (isInside ? "met" : "missed"), "\(row)")
      let clock = try #require(try order.clock(row.rule, row.number))
      let english = try order.clock(row.rule, row.number, "en")?["explanation"]?["text"]?.string ?? ""
      let text = (clock["explanation"]?["text"]?.string ?? "") + english
      for word in row.words { #expect(text.contains(word), "\(row): \(text)") }
      #expect(text.contains(isInside ? "未超时" : "超时") && english.contains(isInside ? "in time" : "late by"), "\(row): \(text)")
      #expect(clock["clause"]?.string == row.clause)
      #expect(clock["revision"] == (row.rule == "grade" ? .null : 1))
      if !isInside, let incident = row.incident { try Self.expectProposal(of: incident, by: drive, about: order) }
    }
  }

  private static func prepare(_ row: Row, _ drive: OrderDrive) throws -> DrivenOrder {
    do {
      return try prepareOnce(row, drive)
    } catch is DrivenOrder.Overtaken {
      // Another one, which that round of the timer does not know.
      return try prepareOnce(row, drive)
    }
  }

  private static func prepareOnce(_ row: Row, _ drive: OrderDrive) throws -> DrivenOrder {
    try drive.deployment.setClock(to: instant(row.received))
    let order = try drive.receive(row.facts, grade: row.grade)
    for step in row.steps {
      if step.hasPrefix("@") {
        try drive.deployment.setClock(to: instant(String(step.dropFirst())))
      } else {
        try order.go(step)
      }
    }
    return order
  }

  /// The vendor's miss is proposed by the platform, once, with its evidence.
  private static func expectProposal(of kind: String, by drive: OrderDrive, about order: DrivenOrder) throws {
    let found = try eventually {
      let list = try drive.caller("supervisor").get("/v1/tenants/\(drive.tenant)/incidents?limit=200").json["items"]?.array ?? []
      let mine = list.filter { $0["subject"]?.string == order.id }
      return mine.isEmpty ? nil : mine
    }
    let proposal = try #require(found?.first, "nothing was proposed")
    #expect(found?.count == 1)
    #expect(proposal["incident"]?.string == kind)
    #expect(proposal["state"]?.string == "proposed")
    #expect(proposal["proposedSide"]?.string == "system")
    #expect(proposal["evidence"]?.array?.first?["reference"]?.string == order.id)
    #expect(proposal["description"]?.string?.contains("截止") == true)
  }

  @Test("a mass incident of Anding has no hour for the hand-over, and no order an appeal that nobody finds unreasonable")
  func exceptions() throws {
    let anding = try Self.drive("anding")
    try anding.deployment.setClock(to: instant("2024-03-05T09:00:00"))
    let mass = try anding.receive(["attributes": ["massIncident": true]])
    try mass.go("sign")
    #expect(try mass.clock("hand-over") == nil)
    #expect(try mass.clock("sign")?["state"] == "met")
    let xisanqi = try Self.drive("xisanqi")
    try xisanqi.deployment.setClock(to: instant("2024-04-12T02:00:00"))
    let plain = try xisanqi.receive()
    try plain.go("sign", "verify", "dispatch", "reply", "audit", "callbacks")
    #expect(try plain.clock("appeal") == nil)
  }

  /// Rows that set no time: what stands beside the clocks.
  struct Standard: Sendable, CustomTestStringConvertible {
    let tenant: String
    let rule: String
    let clause: String
    let facts: JSONObject
    var testDescription: String { "\(tenant) \(rule)" }

    init(_ tenant: String, _ rule: String, _ clause: String, facts: JSONObject = [:]) {
      (self.tenant, self.rule, self.clause, self.facts) = (tenant, rule, clause, facts)
    }
  }

  @Test(
    "what is served round the clock is served on a Sunday at three at night",
    arguments: [
      Standard("sanjianfang", "track", "第三条4"), Standard("fangshan", "watch", "2.1.1"), Standard("huoying", "operate", "一.2"),
      Standard("xisanqi", "flow", "2.2.1"), Standard("xisanqi", "city-management", "2.2.6", facts: ["source": "grid"]),
    ])
  func covers(standard: Standard) throws {
    let drive = try Self.drive(standard.tenant)
    let night = ["sanjianfang": "2020-03-08", "fangshan": "2022-08-07", "huoying": "2025-09-07", "xisanqi": "2024-04-14"]
    try drive.deployment.setClock(to: instant("\(night[standard.tenant] ?? "")T03:00:00"))
    let order = try drive.receive(standard.facts)
    try order.go("sign", "verify", "dispatch", "urge")
    let found = try order.clocks().json["standards"]?.array?.first { $0["rule"]?.string == standard.rule }
    let level = try #require(found, "\(standard)")
    #expect(level["clause"]?.string == standard.clause)
    #expect(level["servedNow"] == true)
    #expect(level["of"]?.array?.isEmpty == false)
  }

  @Test(
    "what is checked at a step holds the step up until it is checked off",
    arguments: [
      Standard("anding", "archive", "附件1 一.3"), Standard("anding", "call-back", "附件1 一.3"), Standard("fangshan", "recordings", "2.1.2"),
      Standard("xisanqi", "key-complainants", "2.2.5", facts: ["attributes": ["keyComplainant": true]]),
    ])
  func checks(standard: Standard) throws {
    let drive = try Self.drive(standard.tenant)
    let day = ["anding": "2024-03-05", "fangshan": "2022-08-08", "xisanqi": "2024-04-12"]
    try drive.deployment.setClock(to: instant("\(day[standard.tenant] ?? "")T09:00:00"))
    let order = try drive.receive(standard.facts)
    try order.go("sign", "verify", "dispatch", "reply", "audit", "callbacks")
    let level = try #require(try order.clocks().json["standards"]?.array?.first { $0["rule"]?.string == standard.rule })
    #expect(level["clause"]?.string == standard.clause)
    #expect(level["at"] == "closed")
    let refused = try order.attempt("close")
    #expect(refused.status == 409, "\(refused.text)")
    try order.go("close")
  }

  @Test("an order of Sanjianfang is handed over only once it is verified, and answered only with a recording, a photo or a video")
  func order() throws {
    let drive = try Self.drive("sanjianfang")
    try drive.deployment.setClock(to: instant("2020-03-05T09:00:00"))
    let order = try drive.receive()
    try order.go("sign")
    #expect(try order.attempt("dispatch", ["department": "interaction"]).status == 409)
    try order.go("verify", "dispatch")
    #expect(try order.attempt("reply", ["handling": "已办。", "result": "已修。", "media": []]).status == 422)
    let rules = try order.clocks().json["standards"]?.array?.compactMap { $0["rule"]?.string } ?? []
    for rule in ["verified-facts", "hand-over", "call-back", "reply-material"] { #expect(rules.contains(rule)) }
  }

  /// One for each office: the sessions are opened once.
  private static func drive(_ tenant: String) throws -> OrderDrive {
    let deployment = try Deployment.current
    let (seat, begin) =
      switch tenant {
      case "anding": ("seat-1", "2024-01-02T09:00:00")
      case "sanjianfang": ("seat-1", "2020-01-02T09:00:00")
      case "fangshan": ("watch-seat-1", "2022-07-28T09:00:00")
      case "huoying": ("seat", "2025-08-11T09:00:00")
      default: ("flow-seat-1", "2024-03-18T09:00:00")
      }
    // Nobody of the demonstration takes orders in there.
    if tenant == "huoying" { try deployment.addUser("huoying.seat", of: "zhongke-rongcheng", "huoying", "vendor.seat") }
    return try OrderDrive(deployment, tenant, seat: seat, from: begin)
  }
}
