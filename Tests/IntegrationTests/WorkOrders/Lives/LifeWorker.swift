// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Synchronization
import Testing

/// A connection that stays open.
final class LifeLine {
  private let client: Client

  init(port: UInt16) throws { client = try Client(port: port) }

  func send(_ path: String, _ body: JSON, token: String?, _ fields: [String: String]) {
    var writer = JSONWriter()
    writer.value(body)
    var head = "POST \(path) HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: \(writer.bytes.count)\r\n"
    if let token { head += "Authorization: Bearer \(token)\r\n" }
    for (name, value) in fields { head += "\(name): \(value)\r\n" }
    client.send(Array((head + "\r\n").utf8) + writer.bytes)
  }

  func answer() throws -> Caller.Answer { Caller.Answer(try client.answer()) }
}

/// One who takes steps on the office's orders, legal ones and others, and knows what is to come of each.
struct LifeWorker {
  private let office: LifeOffice
  private let orders: LifeOrders
  /// One to each server.
  private let lines: [LifeLine]
  private var random: SeededRandom
  private let name: String
  /// What is chosen more often than by chance alone.
  private let leanings: [String]
  private var sent = 0
  private(set) var tally = Tally()

  /// What came of the steps.
  struct Tally: Sendable {
    var (taken, refused) = (0, 0)
    /// Closing was refused with one callback fewer than are asked for where nobody is reached, and went with just as many.
    var (closedEarly, closedInTime) = (0, 0)

    static func + (one: Tally, other: Tally) -> Tally {
      var sum = one
      sum.taken += other.taken
      sum.refused += other.refused
      sum.closedEarly += other.closedEarly
      sum.closedInTime += other.closedInTime
      return sum
    }
  }

  init(
    _ office: LifeOffice, _ orders: LifeOrders, ports: [UInt16], name: String, leanings: [String] = [], _ random: SeededRandom
  ) throws {
    (self.office, self.orders, self.random, self.name, self.leanings) = (office, orders, random, name, leanings)
    lines = try ports.map { try LifeLine(port: $0) }
  }

  /// A step as it is to be sent, and what it is to come to.
  private struct Attempt {
    let verb: String
    let role: String
    var body: JSON
    var fields: [String: String] = [:]
    var outcome: NaiveBook.Outcome
    /// What the history will have of it.
    var data: JSON
  }

  mutating func go(_ count: Int) throws {
    for _ in 0..<count {
      if chance(40) { try insist() }
      if chance(40) { try reachNobody() }
      guard let cell = orders.any(&random) else { return }
      try cell.order.withLock { order in
        switch Int.random(in: 0..<20, using: &random) {
        case 0: try duel(&order)
        case 1: try repeatedly(&order)
        default: try once(&order)
        }
      }
    }
  }

  /// One of these steps, where one may be taken.
  mutating func touch(_ cell: LifeOrders.Cell, with verbs: [String]) throws {
    try cell.order.withLock { order in
      guard let verb = verbs.filter(legal(order).contains).randomElement(using: &random) else { return }
      try once(&order, verb)
    }
  }

  /// What may be done as often as one likes, one step or two in turn.
  private static let rounds = [
    ["urge"], ["missed-callbacks"], ["callbacks"], ["progress"], ["dispatch"], ["edit"], ["appeal", "decide-appeal"],
    ["ask-exclusion", "decide-exclusion"], ["hang", "resume"], ["await-citizen", "citizen-answered"],
  ]

  /// Nobody answers: the order may be closed after so many callbacks, and not before the last of them.
  private mutating func reachNobody() throws {
    var isFound = false
    for _ in 0..<15 where !isFound {
      guard let cell = orders.any(&random) else { return }
      try cell.order.withLock { order in
        isFound = order.stage == "audited" && order.hasCitizen && order.attempts < NaiveBook.attempts
        guard isFound else { return }
        // Some of what is sent is refused for another reason.
        for _ in 0..<8 where order.stage == "audited" {
          if order.attempts < NaiveBook.attempts { try once(&order, "missed-callbacks") }
          if order.stage == "audited", order.attempts >= NaiveBook.attempts - 1 { try once(&order, "close") }
        }
      }
    }
  }

  /// The same again and again, on an order that is where it may be done: a count that stops somewhere, or a second time that is not like the
  /// first, is not found by the few steps of a life.
  private mutating func insist() throws {
    let round = Self.rounds.randomElement(using: &random) ?? []
    var isFound = false
    for _ in 0..<15 where !isFound {
      guard let cell = orders.any(&random) else { return }
      try cell.order.withLock { order in
        isFound = !round.allSatisfy { !legal(order).contains($0) }
        guard isFound else { return }
        for _ in 0..<Int.random(in: 3...12, using: &random) {
          if let verb = round.first(where: legal(order).contains) { try once(&order, verb) }
        }
      }
    }
  }

  // MARK: Choosing

  private func legal(_ order: NaiveOrder) -> [String] { NaiveBook.verbs.filter { NaiveBook.outcome($0, order) == .taken } }

  private mutating func role(for verb: String) -> String {
    let roles = LifeOffice.roles.filter { $0 != "handler" && NaiveBook.may($0, verb) }
    return roles.randomElement(using: &random) ?? "seat-a"
  }

  /// What moves an order on, some of it more than once so that it comes to its end.
  private static let onward = [
    "sign", "verify", "approve", "refuse-approval", "dispatch", "begin", "urge", "progress", "hang", "resume", "await-citizen",
    "citizen-answered", "reply", "reply", "reply", "audit", "audit", "reject-reply", "missed-callbacks", "callbacks", "callbacks",
    "close", "archive", "reopen",
  ]

  /// Mostly what moves an order on.
  private mutating func verb(_ order: NaiveOrder) -> String {
    let possible = legal(order)
    if chance(3), let leaning = leanings.filter(possible.contains).randomElement(using: &random) { return leaning }
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<6:
      let on = Self.onward + (order.isSpecial ? ["ask-approval"] : [])
      return on.filter(possible.contains).randomElement(using: &random) ?? possible.randomElement(using: &random) ?? "sign"
    case 6..<8: return possible.randomElement(using: &random) ?? "sign"
    default: return NaiveBook.verbs.randomElement(using: &random) ?? "sign"
    }
  }

  private mutating func attempt(_ order: NaiveOrder, _ verb: String? = nil) -> Attempt {
    let verb = verb ?? self.verb(order)
    let role = Int.random(in: 0..<12, using: &random) == 0 ? LifeOffice.roles.randomElement(using: &random) ?? "seat-a" : role(for: verb)
    var attempt = body(of: verb, role, order)
    attempt.fields["If-Match"] = "\"\(order.version)\""
    return attempt
  }

  private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }
  private mutating func pick(_ words: String...) -> JSON { .string(words.randomElement(using: &random) ?? "") }

  /// What a step says, and what becomes of it where its taker may take it.
  private mutating func body(of verb: String, _ role: String, _ order: NaiveOrder) -> Attempt {
    var attempt = Attempt(verb: verb, role: role, body: [:], outcome: NaiveBook.outcome(verb, order), data: [:])
    var body = (OrderDesk.bodies[verb] ?? [:]).object ?? [:]
    var data: JSONObject?
    func refuse(_ status: Int, _ code: String) { if attempt.outcome == .taken { attempt.outcome = .refused(status, code) } }
    switch verb {
    case "verify":
      body = ["community": .string(office.communities.randomElement(using: &random) ?? "某社区")]
      if chance(4) { body["category"] = pick("环境", "违建", "物业") }
      data = body
      if chance(3) { body["address"] = "东里小区3号楼" } else if !order.hasAddress { refuse(422, "invalid") }
    case "dispatch":
      body = [:]
      if chance(12) {
        body["department"] = "nowhere"
        refuse(422, "invalid")
      } else if chance(2) {
        body["department"] = .string(office.departments.randomElement(using: &random) ?? "")
      }
      data = ["department": body["department"] ?? .string(office.destination(of: order))]
    case "edit":
      body = ["title": .string("改于\(sent)")]
      if chance(2) { body["tags"] = chance(2) ? ["不合理诉求"] : [] }
      if chance(3) { body["attributes"] = chance(2) ? ["keyComplainant": true] : [:] }
      if chance(6) { body["special"] = .bool(chance(2)) }
      if chance(6) { body["grade"] = pick("2h", "24h", "7d") }
      if chance(10) {
        body["grade"] = "9d"
        refuse(422, "invalid")
      }
    case "callbacks":
      let isZero = chance(4)
      body =
        isZero
        ? ["contacted": false, "resolution": "unsolved", "satisfaction": "dissatisfied"]
        : [
          "contacted": .bool(!chance(5)), "resolution": pick("solved", "partly", "unsolved"),
          "satisfaction": pick("satisfied", "basically", "dissatisfied"),
        ]
    case "close", "archive":
      var checked = verb == "close" ? office.checklist(of: order) : []
      if chance(15) {
        checked.append("nothing")
        refuse(422, "invalid")
      } else if chance(8), !checked.isEmpty {
        checked.removeLast()
        refuse(409, "checklist-incomplete")
      }
      body = ["checked": .array(checked.map { .string($0) })]
    case "decide-exclusion", "decide-appeal":
      body = ["granted": .bool(chance(3))]
      if verb == "decide-exclusion", order.exclusionAsker == office.users[role] { refuse(403, "own-proposal") }
    case "appeal": if chance(2) { body["due"] = pick("2024-12-30", "2024-12-31") }
    case "link":
      let other = orders.any(&random)?.id ?? order.id
      body = ["repeats": .string(other)]
      if other == order.id { refuse(422, "invalid") }
    default: break
    }
    if role == "handler", order.department != office.handlersDepartment { attempt.outcome = .refused(404, "not-found") }
    if !NaiveBook.may(role, verb) { attempt.outcome = .refused(403, "forbidden") }
    (attempt.body, attempt.data) = (.object(body), .object(data ?? body))
    return attempt
  }

  // MARK: Sending

  private func send(_ attempt: Attempt, _ order: NaiveOrder, on line: LifeLine) {
    line.send("\(office.path)/\(order.id)/\(attempt.verb)", attempt.body, token: office.tokens[attempt.role], attempt.fields)
  }

  private mutating func once(_ order: inout NaiveOrder, _ verb: String? = nil) throws {
    var attempt = attempt(order, verb)
    let isMalformed = NaiveBook.may(attempt.role, attempt.verb) && chance(25)
    if isMalformed {
      attempt.body = ["nothing": "of the kind"]
      attempt.outcome = .refused(422, "invalid")
    } else if NaiveBook.may(attempt.role, attempt.verb), chance(15) {
      // The version is asked for before the order is, and looked at before the step is judged.
      let isHidden = attempt.role == "handler" && order.department != office.handlersDepartment
      if chance(2) {
        attempt.fields["If-Match"] = nil
        attempt.outcome = .refused(428, "version-required")
      } else if !isHidden {
        attempt.fields["If-Match"] = "\"\(order.version + (chance(2) ? 1 : -1))\""
        attempt.outcome = .refused(412, "changed-since")
      }
    }
    let line = lines[sent % lines.count]
    sent += 1
    send(attempt, order, on: line)
    try settle(attempt, try line.answer(), &order)
  }

  /// Compares an answer with what was to be, and keeps what it means.
  private mutating func settle(_ attempt: Attempt, _ answer: Caller.Answer, _ order: inout NaiveOrder) throws {
    let context: Comment =
      "\(name): \(attempt.verb) by \(attempt.role) on \(order.id) behind \(order.kinds) with \(attempt.body): \(answer.text)"
    if attempt.verb == "close", order.stage == "audited", order.hasCitizen {
      if attempt.outcome == .refused(409, "callback-missing"), order.attempts == NaiveBook.attempts - 1 { tally.closedEarly += 1 }
      if attempt.outcome == .taken, order.attempts == NaiveBook.attempts { tally.closedInTime += 1 }
    }
    switch attempt.outcome {
    case .refused(let status, let code):
      tally.refused += 1
      try #require(answer.status == status && answer.string("/code") == code, context)
    case .taken:
      tally.taken += 1
      try #require(answer.status == 200, context)
      order.take(NaiveBook.kinds[attempt.verb] ?? "", attempt.data, by: office.users[attempt.role])
      if attempt.verb == "verify", attempt.body["address"] != nil { order.hasAddress = true }
      let shown = order.shown
      try #require(
        answer.json["version"] == shown["version"] && answer.json["stage"] == shown["stage"] && answer.json["waits"] == shown["waits"]
          && answer.fields["etag"] == "\"\(order.version)\"", context)
    }
  }

  /// The same request twice with one key: taken once, answered alike; another request with the key is refused.
  private mutating func repeatedly(_ order: inout NaiveOrder) throws {
    var attempt = attempt(order)
    sent += 1
    attempt.fields["Idempotency-Key"] = "\(name)-\(sent)"
    let before = order
    send(attempt, before, on: lines[0])
    let first = try lines[0].answer()
    try settle(attempt, first, &order)
    guard attempt.outcome == .taken else { return }
    send(attempt, before, on: lines[1])
    let second = try lines[1].answer()
    try #require(
      second.status == 200 && second.text == first.text && second.fields["idempotency-replayed"] == "true", "\(name): \(second.text)")
    guard let other = otherBody(of: attempt) else { return }
    tally.refused += 1
    attempt.body = other
    send(attempt, order, on: lines[1])
    let third = try lines[1].answer()
    try #require(third.status == 422 && third.string("/code") == "idempotency-key-reused", "\(name): \(attempt.verb): \(third.text)")
  }

  /// A body that says something else and could be taken as well; nil for a step that says nothing.
  private func otherBody(of attempt: Attempt) -> JSON? {
    guard var body = attempt.body.object else { return nil }
    for name in ["reason", "remark", "progress", "handling", "title", "community"] where body[name] != nil {
      body[name] = "另一说法。"
      return .object(body)
    }
    return nil
  }

  /// Two at once who name the same version: one of them is let in.
  private mutating func duel(_ order: inout NaiveOrder) throws {
    let attempts = [attempt(order), attempt(order)]
    guard attempts.allSatisfy({ $0.outcome == .taken }) else { return }
    for (attempt, line) in zip(attempts, lines) { send(attempt, order, on: line) }
    let answers = try lines.map { try $0.answer() }
    let winners = answers.indices.filter { answers[$0].status == 200 }
    try #require(
      winners.count == 1 && answers.allSatisfy { $0.status == 200 || ($0.status == 412 && $0.string("/code") == "changed-since") },
      "\(name): \(attempts.map(\.verb)) at once on \(order.id): \(answers.map(\.text))")
    try settle(attempts[winners[0]], answers[winners[0]], &order)
    tally.refused += 1
  }
}
