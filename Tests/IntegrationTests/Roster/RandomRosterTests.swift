// SPDX-License-Identifier: Apache-2.0
import Base
import FoundationEssentials
import Support
import Testing

/// An office with rules, people, leave and swaps at random, and what of them a test can find out by itself.
private struct RandomRoster {
  /// Days over the end of a month, with what is worked on a weekend and what is off in the week in 2024 (国办发明电〔2023〕7号).
  static let windows = [("2024-04-26", "2024-05-13"), ("2024-06-27", "2024-07-05"), ("2024-09-26", "2024-10-13")]
  private static let makeUp: Set<String> = ["2024-04-28", "2024-05-11", "2024-09-29", "2024-10-12"]
  private static let holidays: Set<String> = [
    "2024-05-01", "2024-05-02", "2024-05-03", "2024-05-04", "2024-05-05", "2024-10-01", "2024-10-02", "2024-10-03", "2024-10-04",
    "2024-10-05", "2024-10-06", "2024-10-07",
  ]

  /// A pattern of the office's rules; with a cycle, one crew for each of its days.
  struct Pattern {
    var post: String
    var days: String
    var people: Int
    /// Minutes from 00:00 on, and how many.
    var shifts: [(from: Int, minutes: Int)]
    var cycle: (from: CivilDate, days: [[Int]])?

    func json(_ number: Int) -> JSON {
      var pattern: JSONObject = [
        "id": .string("pattern-\(number)"), "says": ["zh": "随机", "en": "At random"], "contract": "service-2024", "post": .string(post),
        "days": .string(days), "people": .integer(people),
        "shifts": .array(
          shifts.enumerated().map { place, shift in
            [
              "id": .string("shift-\(place)"), "from": .string(RandomRoster.clock(shift.from)),
              "lasts": ["minutes": .integer(shift.minutes)],
            ]
          }),
      ]
      if let cycle {
        pattern["cycle"] = [
          "from": .string("\(cycle.from)"), "days": .array(cycle.days.map { .array($0.map { .string("shift-\($0)") }) }),
        ]
      }
      return .object(pattern)
    }

    /// The shifts that begin on a day, each as often as people are wanted in it.
    func begin(on day: CivilDate) -> [(from: Int, minutes: Int)] {
      let works =
        switch days {
        case "working": RandomRoster.isWorking(day)
        case "rest": !RandomRoster.isWorking(day)
        default: true
        }
      guard works else { return [] }
      guard let cycle else { return shifts }
      let turn = day.days(since: cycle.from) % cycle.days.count
      // Crew n is n days behind the first; all of them together go through the whole cycle every day.
      return cycle.days.indices.flatMap { crew in
        cycle.days[(turn - crew + cycle.days.count) % cycle.days.count].map { shifts[$0] }
      }
    }
  }

  static func isWorking(_ day: CivilDate) -> Bool {
    makeUp.contains("\(day)") || !holidays.contains("\(day)") && !day.weekday.isWeekend
  }

  static func clock(_ minutes: Int) -> String {
    let pair = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
    return "\(pair(minutes / 60)):\(pair(minutes % 60))"
  }

  let office: RosterOffice
  let directory: String
  var random: SeededRandom
  private(set) var patterns: [Pattern] = []
  private(set) var between = 0
  private(set) var inARow = 0
  private(set) var perMonth = 0
  /// Who holds which post from when until when.
  private(set) var posted: [(person: String, post: String, days: DateRange)] = []

  init(_ office: RosterOffice, seed: UInt64) throws {
    self.office = office
    random = SeededRandom(seed)
    directory = "\(office.deployment.state)/random"
    let copied = try Command.run(["cp", "-r", "\(Cluster.checkout)/deploy/tenants/\(office.tenant)", directory])
    try #require(copied.status == 0, "\(copied.output)")
  }

  // MARK: Rules and people

  /// Writes rules that hold from a week before some days on, and people who come and go in them, into the office's files, and applies them.
  mutating func apply(from first: CivilDate, until last: CivilDate) throws {
    patterns = (0..<Int.random(in: 1...2, using: &random)).map { _ in pattern("seat") }
    if Bool.random(using: &random) { patterns.append(pattern("analyst")) }
    (between, inARow) = (Int.random(in: 0...14, using: &random) * 60 + 30, Int.random(in: 2...7, using: &random))
    perMonth = Int.random(in: 40...200, using: &random) * 60
    let from = try first.adding(days: -7)
    let rules: JSON = [
      "effectiveFrom": .string("\(from)"), "patterns": .array(patterns.enumerated().map { $0.element.json($0.offset) }),
      "rest": ["between": ["minutes": .integer(between)], "daysInARow": .integer(inARow), "perMonth": ["minutes": .integer(perMonth)]],
      "approvals": ["leave": "office", "swap": "office", "roster": "vendor"],
    ]
    try write(rules, to: "roster.json")

    let file = "\(directory)/staff.json"
    guard case .object(var staff) = try JSON.parse([UInt8](Data(contentsOf: URL(filePath: file)))) else {
      throw CocoaError(.fileReadUnknown)
    }
    var (people, assignments) = (staff["people"]?.array ?? [], staff["assignments"]?.array ?? [])
    for number in 1...Int.random(in: 1...4, using: &random) {
      let code = "temp-\(first.month)-\(number)"
      people.append(["code": .string(code), "name": "临时", "organisation": .string("xingzhong-liancheng")])
      let comes = try from.adding(days: Int.random(in: 0...15, using: &random))
      let leaves = try comes.adding(days: Int.random(in: 1...20, using: &random))
      assignments.append([
        "person": .string(code), "contract": "service-2024", "post": "seat", "from": .string("\(comes)"), "to": .string("\(leaves)"),
      ])
    }
    (staff["people"], staff["assignments"]) = (.array(people), .array(assignments))
    try write(.object(staff), to: "staff.json")
    posted = try assignments.map { one in
      let day = { (name: String) in try #require(CivilDate(one[name]?.string ?? "")) }
      return (one["person"]?.string ?? "", one["post"]?.string ?? "", DateRange(try day("from"), orThrough: try day("to")))
    }
    let applied = try office.deployment.jiesu("tenant", "apply", directory)
    try #require(applied.status == 0, "\(applied.output)")
  }

  private func write(_ json: JSON, to name: String) throws {
    var writer = JSONWriter()
    writer.value(json)
    try Data(writer.bytes).write(to: URL(filePath: "\(directory)/\(name)"))
  }

  private mutating func pattern(_ post: String) -> Pattern {
    var pattern = Pattern(
      post: post, days: ["all", "working", "rest"].randomElement(using: &random) ?? "all", people: Int.random(in: 1...2, using: &random),
      shifts: (0..<Int.random(in: 1...3, using: &random)).map { _ in
        (from: Int.random(in: 0..<48, using: &random) * 30, minutes: Int.random(in: 4...32, using: &random) * 30)
      })
    if post == "seat", Int.random(in: 0..<3, using: &random) == 0 {
      let count = Int.random(in: 2...5, using: &random)
      let shifts = pattern.shifts.indices
      pattern.cycle = (
        CivilDate(year: 2024, month: 1, day: 1) ?? .first,
        (0..<count).map { _ in
          (0..<Int.random(in: 0...1, using: &random)).compactMap { _ in shifts.randomElement(using: &random) }
        }
      )
      pattern.days = "all"
    }
    return pattern
  }

  // MARK: What is asked for

  /// Has leave asked for, and most of it approved.
  ///
  /// - Returns: the leave that was approved.
  mutating func leave(in days: DateRange) throws -> [(person: String, from: Instant, to: Instant)] {
    var leave: [(person: String, from: Instant, to: Instant)] = []
    for _ in 0..<3 {
      let person = posted.randomElement(using: &random)?.person ?? ""
      let from = try Instant(days.first).adding(minutes: Int64.random(in: 0..<Int64(days.days) * 48, using: &random) * 30)
      let to = try from.adding(minutes: Int64.random(in: 1...120, using: &random) * 30)
      let asked = try office.who("vendor-manager").post(
        "\(office.path)/leaves",
        ["person": .string(person), "startsAt": .string("\(from)"), "endsAt": .string("\(to)"), "reason": "随机"])
      if asked.status == 409, asked.string("/code") == "leave-overlaps" { continue }
      try #require(asked.status == 201, "\(asked.text)")
      let isApproved = Int.random(in: 0..<4, using: &random) > 0
      let decided = try office.who("supervisor").post(
        "\(office.path)/leaves/\(asked.string("/id") ?? "")/\(isApproved ? "approve" : "reject")", isApproved ? [:] : ["note": "不准"],
        ["If-Match": "\"1\""])
      try #require(decided.status == 200, "\(decided.text)")
      if isApproved { leave.append((person, from, to)) }
    }
    return leave
  }

  /// Has shifts cancelled, and swaps asked for and approved.
  mutating func change(_ days: DateRange) throws {
    let shifts = try office.shifts("from=\(days.first)&to=\(days.last)&state=planned", by: "vendor-manager")
    for shift in shifts.shuffled(using: &random).prefix(2) {
      let cancelled = try office.who("vendor-manager").post(
        "\(office.path)/shifts/\(shift.id)/cancel", ["reason": "随机"], ["If-Match": "\"1\""])
      try #require(cancelled.status == 200, "\(cancelled.text)")
    }
    for _ in 0..<12 {
      guard let shift = shifts.randomElement(using: &random), let taker = posted.randomElement(using: &random)?.person else { break }
      var body: JSONObject = ["shift": .string(shift.id), "toPerson": .string(taker), "reason": "随机"]
      if Bool.random(using: &random) {
        body["inReturn"] = shifts.filter { $0.person == taker }.randomElement(using: &random).map { .string($0.id) }
      }
      let asked = try office.who("vendor-manager").post("\(office.path)/swaps", .object(body))
      guard asked.status == 201 else {
        try #require(asked.status == 422, "\(asked.text)")
        continue
      }
      let id = asked.string("/id") ?? ""
      let approved = try office.who("supervisor").post("\(office.path)/swaps/\(id)/approve", [:], office.agree(id))
      try #require(approved.status == 200, "\(approved.text)")
    }
  }

  // MARK: Counting

  /// For every minute of the days how many people a post must have, by the patterns alone.
  func required(_ post: String, in days: DateRange) throws -> [Int] {
    var minutes = Array(repeating: 0, count: days.days * 1440)
    for pattern in patterns where pattern.post == post {
      // What begins the day before may reach into the first day.
      for offset in -1..<days.days {
        for shift in pattern.begin(on: try days.first.adding(days: offset)) {
          let start = offset * 1440 + shift.from
          for minute in max(start, 0)..<min(max(start + shift.minutes, 0), minutes.count) { minutes[minute] += pattern.people }
        }
      }
    }
    return minutes
  }
}

@Suite("Random rosters over the API", .deployment(at: "2024-01-10T09:00:00+08:00"), .serialized)
struct RandomRosterTests {
  private struct Duty {
    let person: String
    let post: String
    let from: Instant
    let to: Instant

    init(_ shift: RosterOffice.Shift) throws {
      (person, post) = (shift.person, shift.post)
      (from, to) = (try #require(Instant(shift.from)), try #require(Instant(shift.to)))
    }
  }

  @Test("whatever rules, people, leave and swaps: coverage is a count minute by minute, and no planned shift breaks a rule")
  func random() throws {
    let seed = SeededRandom.freshSeed
    let office = try RosterOffice("anding")
    var roster = try RandomRoster(office, seed: seed)
    let manager = try office.who("vendor-manager")
    var planned = 0
    for (from, to) in RandomRoster.windows {
      let said: Comment = "\(from), JIESU_PROPERTY_SEED=\(seed)"
      let days = DateRange(try #require(CivilDate(from)), orThrough: try #require(CivilDate(to)))
      try roster.apply(from: days.first, until: days.last)
      var leave = try roster.leave(in: days)
      let proposed = try manager.post("\(office.path)/roster/proposals", ["from": .string(from), "to": .string(to)])
      try #require(proposed.status == 201, "\(proposed.text) \(said)")
      let accepted = try manager.post(
        "\(office.path)/roster/proposals/\(proposed.string("/id") ?? "")/accept", [:], ["If-Match": "\"1\""])
      try #require(accepted.status == 200, "\(accepted.text) \(said)")
      try check(days, roster, leave, said)
      leave += try roster.leave(in: days)
      try roster.change(days)
      try office.generate(from, to)
      planned += try check(days, roster, leave, said)
    }
    #expect(planned > 0, "JIESU_PROPERTY_SEED=\(seed)")
  }

  /// - Returns: how many shifts are planned.
  @discardableResult
  private func check(
    _ days: DateRange, _ roster: RandomRoster, _ leave: [(person: String, from: Instant, to: Instant)], _ said: Comment
  ) throws -> Int {
    let office = roster.office
    // Nothing is planned in the weeks around.
    let around = try (days.first.adding(days: -10), days.last.adding(days: 10))
    let duty = try office.shifts("from=\(around.0)&to=\(around.1)&state=planned").map(Duty.init)
    let told = try office.coverage("\(days.first)", "\(days.last)", "&explain=0").json["gaps"]?.array ?? []
    let start = Instant(days.first)
    let minute = { (instant: Instant) in Int(instant.microseconds(since: start) / Instant.minute) }
    for post in ["seat", "analyst"] {
      let required = try roster.required(post, in: days)
      var present = Array(repeating: Set<String>(), count: required.count)
      for shift in duty where shift.post == post {
        for at in max(minute(shift.from), 0)..<max(min(minute(shift.to), required.count), 0) { present[at].insert(shift.person) }
      }
      var gaps = Array(repeating: [0, 0], count: required.count)
      for gap in told where gap["post"]?.string == post {
        let (from, to) = (try #require(Instant(gap["from"]?.string ?? "")), try #require(Instant(gap["to"]?.string ?? "")))
        for at in minute(from)..<minute(to) {
          gaps[at] = [Int(gap["required"]?.integer ?? -1), Int(gap["present"]?.integer ?? -1)]
        }
      }
      for at in required.indices {
        let expected = required[at] > present[at].count ? [required[at], present[at].count] : [0, 0]
        try #require(gaps[at] == expected, "\(post) minute \(at) of \(said)")
      }
    }

    for (person, shifts) in Dictionary(grouping: duty, by: \.person) {
      let shifts = shifts.sorted { $0.from < $1.from }
      let who: Comment = "\(person), \(said)"
      for (shift, next) in zip(shifts, shifts.dropFirst()) {
        try #require(next.from.microseconds(since: shift.to) >= Int64(roster.between) * Instant.minute, who)
      }
      for shift in shifts {
        let last = try shift.to.adding(microseconds: -1)
        try #require(
          roster.posted.contains { one in
            one.person == person && one.post == shift.post && one.days.contains(shift.from.date) && one.days.contains(last.date)
          }, who)
        try #require(!leave.contains { $0.person == person && $0.from < shift.to && shift.from < $0.to }, who)
      }
      let begun = Set(shifts.map { Int($0.from.date.day) })
      for day in begun {
        try #require((day...day + roster.inARow).contains { !begun.contains($0) }, who)
      }
      for month in Set(shifts.map(\.from.date.month)) {
        let minutes = shifts.filter { $0.from.date.month == month }.reduce(0) {
          $0 + Int($1.to.microseconds(since: $1.from) / Instant.minute)
        }
        try #require(minutes <= roster.perMonth, who)
      }
    }
    return duty.count
  }
}
