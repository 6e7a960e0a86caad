// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import EventLoop
import Glibc
import Support
import Synchronization
import Testing

/// Seats and supervisors at work on three servers, killed with -9 at random moments, PostgreSQL among them, while the time runs.
@Suite("Work orders under fire", MortalDeployment(name: "orders"), .serialized)
struct OrderCrashTests {
  private static let office = "under-fire"
  private static let path = "/v1/tenants/\(office)/work-orders"
  private static let kills = 20

  @Test("what was acknowledged is there once, and each warning and each miss is told once, though servers are killed twenty times")
  func underFire() async throws {
    let deployment = try Deployment.current
    let database = deployment.database
    try open(deployment)
    var now = try instant("2020-03-05T09:00:00")
    try deployment.setClock(to: now)
    let people = Signatories(
      seat: try deployment.signIn("fire-seat", hours: 8760), supervisor: try deployment.signIn("fire-supervisor", hours: 8760))
    let fleet = try OrderFleet(deployment, servers: 3)
    defer { fleet.end() }
    // Whatever came of it is to be had again, as far as the moments of processes can be.
    let seed = SeededRandom.freshSeed
    print("orders under fire: seed \(seed)")
    var random = SeededRandom(seed)

    let shared = try SharedOrders(fleet, people, Self.path, count: 3)
    let isOver = Flag()
    let (lives, file) = try await withThrowingTaskGroup(of: [OrderLife].self) { group in
      defer { isOver.set() }
      for client in 0..<6 {
        let seed = random.next()
        group.addTask {
          var work = OrderClient(number: client, fleet, people, Self.path, shared, SeededRandom(seed))
          while !isOver.isSet { try work.go() }
          return work.lives
        }
      }
      // A file is sent until somebody says that it is in.
      async let file = BlockingThreads.run { try Self.send(file: 1500, fleet, people) }
      for round in 1...Self.kills {
        try await database.loop.sleep(for: .milliseconds(Int64.random(in: 50...700, using: &random)))
        now = try now.adding(minutes: Int64.random(in: 2...70, using: &random))
        try deployment.setClock(to: now)
        try await database.loop.sleep(for: .milliseconds(Int64.random(in: 0...200, using: &random)))
        let victim = Int.random(in: 0..<3, using: &random)
        if round % 7 == 0 {
          try database.cluster.crash()
          if round == 14 { fleet.kill(victim) }
          _ = try Cluster.start(database.cluster.name)
        }
        fleet.kill(victim)
        try fleet.replace(victim)
      }
      isOver.set()
      let lives = try await group.reduce(into: []) { $0 += $1 }
      return (lives, try await file)
    }
    #expect(file.json["read"]?.integer == 1500 && file.json["refused"]?.integer == 0, "\(file.text)")

    // Every acknowledged step is in its place, and nothing else is there; whoever got no answer has asked again.
    let histories = try database.sql(
      "SELECT order_id, string_agg(kind, ',' ORDER BY seq) FROM work_order_event e JOIN work_order o ON o.id = order_id"
        + " WHERE external_number LIKE 'life-%' GROUP BY 1")
    let expected = lives.map { "\($0.id)|\($0.kinds.joined(separator: ","))" }
    #expect(histories.split(separator: "\n").sorted().map(String.init) == expected.sorted(), "seed \(seed)")
    #expect(
      try database.sql("SELECT count(*), count(DISTINCT external_number) FROM work_order WHERE external_number LIKE 'life-%'")
        == "\(lives.count)|\(lives.count)")
    #expect(
      try database.sql("SELECT count(*), count(DISTINCT external_number) FROM work_order WHERE external_number LIKE 'file-%'")
        == "1500|1500")
    for order in shared.orders {
      let urges = try database.sql("SELECT seq FROM work_order_event WHERE order_id = '\(order)' AND kind = 'urged' ORDER BY seq")
      #expect(urges.split(separator: "\n").compactMap { Int64($0) } == shared.acknowledged(order), "seed \(seed)")
    }
    let steps = lives.reduce(0) { $0 + $1.kinds.count - 1 } + shared.steps
    #expect(try database.sql("SELECT count(*) FROM idempotency") == "\(steps)", "seed \(seed)")
    #expect(steps > 100, "too little was done to mean anything: \(steps)")
    let check = try deployment.jiesu("orders", "rebuild", "--check", "--tenant", Self.office, "--json")
    #expect(check.status == 0, "\(check.output)")
    try await told(until: try now.adding(minutes: 40 * 1440), "seed \(seed)")
  }

  /// An office of its own: one whose replies wait for the hung and for citizens, and whose hung orders are to be reported on each month.
  private func open(_ deployment: Deployment) throws {
    var files = try OfficeDirectory("deploy/tenants/sanjianfang")
    try files.set("office.json", "code", to: .string(Self.office))
    let contract = try files.contract
    try files.set(contract, "levels/7/clock/pausedWhile", to: ["hung", "awaitingCitizen"])
    try files.set(
      contract, "levels/-",
      to: [
        "id": "hung", "clause": "第三条4", "owner": "vendor", "says": ["zh": "挂账期间每月报告进展。", "en": "Progress of hung orders each month."],
        "recurring": ["every": ["months": 1], "while": "hung", "to": "progressReported", "warn": ["before": ["days": 3]]],
        "miss": "late-handling",
      ])
    let directory = deployment.state + "/office"
    try files.write(to: directory)
    let applied = try deployment.jiesu("tenant", "apply", directory)
    try #require(applied.status == 0, "\(applied.output)")
    let organisations = try files.json("office.json")["organisations"]?.array ?? []
    func organisation(_ kind: String) throws -> String {
      try #require(organisations.first { $0["kind"]?.string == kind }?["code"]?.string)
    }
    try deployment.addUser("fire-seat", of: organisation("vendor"), Self.office, "vendor.seat")
    try deployment.addUser("fire-supervisor", of: organisation("office"), Self.office, "office.supervisor")
    try deployment.database.sql("UPDATE membership SET valid_from = '2018-01-01' WHERE valid_from > '2018-01-01'")
  }

  private static func send(file lines: Int, _ fleet: OrderFleet, _ people: Signatories) throws -> Caller.Answer {
    let text = "工单编号,标题,联系电话\r\n" + (0..<lines).map { "file-\($0),路灯不亮,8100\($0)\r\n" }.joined()
    return try fleet.insist(people.seat) {
      try $0.upload("\(path)/batches?source=district&grade=24h", Array(text.utf8), "text/csv")
    }
  }

  /// Lets all that is due by a moment fall due, and looks at what was told.
  private func told(until end: Instant, _ seed: Comment) async throws {
    let deployment = try Deployment.current
    let database = deployment.database
    try deployment.setClock(to: end)
    try wait(for: "what is due, told") { try database.sql(ClockTelling.waiting(at: end)) == "0" }
    #expect(try database.sql(ClockTelling.wronglyTold) == "0", seed)
    #expect(try database.sql(ClockTelling.inconsistent(at: end)) == "0", seed)
    // The vendor's misses for which the contract has an incident are proposed, each once.
    let proposed = """
      SELECT (SELECT count(*) FROM incident WHERE source = 'clock'),
        (SELECT count(*) FROM work_order_clock WHERE state = 'missed' AND rule IN ('sign', 'reply', 'hung')),
        (SELECT count(*) FILTER (WHERE state = 'missed') > 100 AND count(*) FILTER (WHERE state = 'met') > 100 FROM work_order_clock)
      """
    let counts = try database.sql(proposed).split(separator: "|")
    #expect(counts.count == 3 && counts[0] == counts[1] && counts[2] == "t", "\(counts), \(seed)")
  }
}

/// Whose sessions the steps are taken with.
private struct Signatories: Sendable {
  let seat: String
  let supervisor: String

  func whose(_ verb: String) -> String {
    ["hang", "resume", "audit", "reject-reply"].contains(verb) ? supervisor : seat
  }
}

private final class Flag: Sendable {
  private let flag = Atomic(false)

  func set() { flag.store(true, ordering: .sequentiallyConsistent) }
  var isSet: Bool { flag.load(ordering: .sequentiallyConsistent) }
}

/// An order, and the entries that its client was told are in its history.
private struct OrderLife: Sendable {
  let id: String
  var tag: String
  var kinds = ["received"]
  var left: ArraySlice<String>
}

/// Orders that all clients urge at once: of several who name the same version one is let in.
private final class SharedOrders: Sendable {
  let orders: [String]
  private let urged: Mutex<[String: [Int64]]> = Mutex([:])
  let preparation: Int

  init(_ fleet: OrderFleet, _ people: Signatories, _ path: String, count: Int) throws {
    var orders: [String] = []
    let steps = ["sign", "verify", "dispatch"]
    for number in 0..<count {
      let body = OrderDesk.intake(["externalNumber": .string("shared-\(number)"), "grade": "15d"])
      let id = try #require(try fleet.insist(people.seat) { try $0.post(path, body) }.string("/id"))
      for (place, verb) in steps.enumerated() {
        let answer = try fleet.insist(people.seat) {
          try $0.post(
            "\(path)/\(id)/\(verb)", OrderClient.body(verb), key: "shared-\(number)-\(verb)", ["If-Match": "\"\(place + 1)\""])
        }
        try #require(answer.status == 200, "\(answer.text)")
      }
      orders.append(id)
    }
    self.orders = orders
    preparation = count * steps.count
  }

  func urged(_ order: String, _ version: Int64) { urged.withLock { $0[order, default: []].append(version) } }
  func acknowledged(_ order: String) -> [Int64] { urged.withLock { $0[order] ?? [] }.sorted() }
  var steps: Int { preparation + urged.withLock { $0.values.reduce(0) { $0 + $1.count } } }
}

/// One who takes orders in and steps on them, each with a key of its own, and sends again what was not answered.
private struct OrderClient {
  private static let scripts = [
    [], ["sign"], ["sign", "verify", "dispatch"], ["return", "reopen", "sign", "verify"],
    ["sign", "verify", "dispatch", "begin", "urge", "progress", "reply", "audit", "callbacks", "close", "archive"],
    ["sign", "verify", "dispatch", "hang", "progress", "resume", "reply", "audit", "missed-callbacks", "callbacks", "close"],
    ["sign", "verify", "dispatch", "hang", "await-citizen", "urge"], ["sign", "verify", "dispatch", "urge", "hang", "progress"],
    ["sign", "verify", "await-citizen", "dispatch", "citizen-answered", "reply", "reject-reply", "reply", "audit", "callbacks", "close"],
    ["sign", "verify", "dispatch", "outside-remit", "return", "reopen", "dispatch", "urge", "reply"],
  ]

  static func body(_ verb: String) -> JSON {
    switch verb {
    case "dispatch": ["department": "interaction"]
    case "verify": ["community": "community-north"]
    case "close", "archive": ["checked": []]
    default: OrderDesk.bodies[verb] ?? [:]
    }
  }

  private let number: Int
  private let fleet: OrderFleet
  private let people: Signatories
  private let path: String
  private let shared: SharedOrders
  private var random: SeededRandom
  private var sent = 0
  private(set) var lives: [OrderLife] = []

  init(number: Int, _ fleet: OrderFleet, _ people: Signatories, _ path: String, _ shared: SharedOrders, _ random: SeededRandom) {
    (self.number, self.fleet, self.people, self.path, self.shared, self.random) = (number, fleet, people, path, shared, random)
  }

  /// Does one thing, until it is known whether it was done.
  mutating func go() throws {
    sent += 1
    switch Int.random(in: 0..<10, using: &random) {
    case 0, 1: try receive()
    case 2: try urge()
    default:
      if let place = lives.indices.filter({ !lives[$0].left.isEmpty }).randomElement(using: &random) {
        try step(place)
      } else {
        try receive()
      }
    }
  }

  private mutating func receive() throws {
    let grade = ["2h", "24h", "7d"].randomElement(using: &random) ?? "7d"
    let body = OrderDesk.intake([
      "externalNumber": .string("life-\(number)-\(sent)"), "grade": .string(grade),
      "citizen": ["phone": .string("8200\(number)\(sent)"), "address": "东里小区3号楼"],
    ])
    let answer = try fleet.insist(people.seat) { try $0.post(path, body) }
    let script = Self.scripts.randomElement(using: &random) ?? []
    // Taken in before, by a request whose answer was lost, it is the same order.
    guard [200, 201].contains(answer.status), let id = answer.string("/id"), answer.fields["etag"] == "\"1\"" else {
      Issue.record("an intake was answered \(answer.status) \(answer.text)")
      return
    }
    lives.append(OrderLife(id: id, tag: "\"1\"", left: script[...]))
  }

  private mutating func step(_ place: Int) throws {
    guard let verb = lives[place].left.popFirst() else { return }
    let life = lives[place]
    let answer = try fleet.insist(people.whose(verb)) {
      try $0.post("\(path)/\(life.id)/\(verb)", Self.body(verb), key: "\(number)-\(sent)", ["If-Match": life.tag])
    }
    guard answer.status == 200, let tag = answer.fields["etag"], let step = OrderStep.allCases.first(where: { $0.verb == verb }) else {
      Issue.record("\(verb) behind \(life.kinds) was answered \(answer.status) \(answer.text)")
      lives[place].left = []
      return
    }
    lives[place].tag = tag
    lives[place].kinds.append(step.rawValue)
  }

  private mutating func urge() throws {
    guard let order = shared.orders.randomElement(using: &random) else { return }
    let tag = try #require(try fleet.insist(people.seat) { try $0.get("\(path)/\(order)") }.fields["etag"])
    let answer = try fleet.insist(people.seat) {
      try $0.post("\(path)/\(order)/urge", Self.body("urge"), key: "\(number)-\(sent)", ["If-Match": tag])
    }
    if answer.status == 200, let version = answer.json["version"]?.integer {
      shared.urged(order, version)
    } else {
      #expect(answer.status == 412, "\(answer.text)")
    }
  }
}
