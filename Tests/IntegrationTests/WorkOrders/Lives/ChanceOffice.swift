// SPDX-License-Identifier: Apache-2.0
import Base
import Support

/// An office that chance made: one of the repository's, whose service levels, duty hours and rule of the three rates are others.
enum ChanceOffice {
  static let tenant = "chance"
  static let incident = "negligence"

  /// - Parameter base: an office whose contract has one paper, and the kind of incident ``incident``.
  static func files(from base: OfficeDirectory, _ random: inout SeededRandom) throws -> OfficeDirectory {
    var files = base
    try files.set("office.json", "code", to: .string(tenant))
    try files.set("office.json", "dutyHours", to: hours(&random))
    try files.set("office.json", "settings/rates", to: rates(&random))
    let contract = try files.contract
    let checks = (try files.json(contract)["levels"]?.array ?? []).filter { $0["check"] != nil }
    let clocks = (0..<Int.random(in: 5...8, using: &random)).map { level("clock-\($0)", "clock", clock(&random), &random) }
    let recurring = ((0..<2).map { _ in pick(turns, &random) } + ends).enumerated().map { place, turn in
      level("turn-\(place)", "recurring", Self.turn(turn, &random), &random)
    }
    let rolling = ["received", "signed", "dispatched"].shuffled(using: &random).enumerated().map { place, from in
      level("rolling-\(place)", "clock", daysThatRoll(from, 2 * Int64(place) + 2, &random), &random)
    }
    try files.set(contract, "levels", to: .array(checks + clocks + recurring + rolling))
    return files
  }

  private static func some(_ words: [String], atMost count: Int, _ random: inout SeededRandom) -> JSON {
    .array(words.shuffled(using: &random).prefix(Int.random(in: 0...count, using: &random)).sorted().map { .string($0) })
  }

  private static func pick<Value>(_ values: [Value], _ random: inout SeededRandom) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }

  // MARK: The office

  private static func hours(_ random: inout SeededRandom) -> JSON {
    func span(_ first: ClosedRange<Int>, _ last: ClosedRange<Int>) -> JSONObject {
      func time(_ hour: Int) -> JSON { .string("\(hour < 10 ? "0" : "")\(hour):\(pick(["00", "15", "30"], &random))") }
      return ["from": time(Int.random(in: first, using: &random)), "to": time(Int.random(in: last, using: &random))]
    }
    var evening = span(13...14, 16...22)
    if Bool.random(using: &random) { evening["to"] = "24:00" }
    return [
      "workingDays": [.object(span(6...9, 11...12)), .object(evening)],
      "restDays": Bool.random(using: &random) ? [] : [.object(span(8...10, 11...17))],
    ]
  }

  private static func rates(_ random: inout SeededRandom) -> JSON {
    let response = Int.random(in: 0...60, using: &random)
    let resolution = Int.random(in: 0...40, using: &random)
    let satisfaction = 100 - response - resolution
    return [
      "leaves": some(["excluded", "appealed", "returned", "withoutCitizen"], atMost: 4, &random),
      "resolved": pick([["solved"], ["partly", "solved"]], &random),
      "satisfied": pick([["satisfied"], ["basically", "satisfied"], ["dissatisfied"]], &random),
      "weights": [
        "response": .string("\(response)%"), "resolution": .string("\(resolution)%"), "satisfaction": .string("\(satisfaction)%"),
      ],
    ]
  }

  // MARK: The levels

  private static func level(_ id: String, _ kind: String, _ standard: JSON, _ random: inout SeededRandom) -> JSON {
    var level: JSONObject = [
      "id": .string(id), "clause": "附件1", "says": ["zh": "随机的时限。", "en": "A limit by chance."],
      "owner": .string(pick(["vendor", "vendor", "department", "office"], &random)),
    ]
    level[kind] = standard
    if level["owner"] == "vendor", Bool.random(using: &random) { level["miss"] = .string(incident) }
    if Int.random(in: 0..<4, using: &random) == 0 {
      level[pick(["when", "unless"], &random)] = .string(pick(NaiveRule.predicates, &random))
    }
    return .object(level)
  }

  /// What a clock may run from and to.
  private static let spans = [
    ("received", "signed"), ("received", "verified"), ("received", "replied"), ("received", "closed"), ("signed", "verified"),
    ("signed", "dispatched"), ("verified", "dispatched"), ("verified", "replied"), ("outsideRemit", "returned"),
    ("approvalAsked", "approved"), ("dispatched", "replied"), ("dispatched", "urged"), ("dispatched", "progressReported"),
    ("dispatched", "closed"), ("replied", "audited"), ("audited", "calledBack"), ("calledBack", "closed"), ("calledBack", "appealed"),
    ("closed", "archived"), ("returned", "appealed"), ("exclusionAsked", "exclusionDecided"), ("hung", "progressReported"),
    ("reopened", "dispatched"),
  ]
  private static let states = ["awaitingApproval", "awaitingCitizen", "awaitingExclusion", "hung"]

  private static func clock(_ random: inout SeededRandom) -> JSON {
    let (from, to) = pick(spans, &random)
    let moots = ["outsideRemit", "urged", "hung", "exclusionDecided", "replied", "approvalAsked"].filter { $0 != from && $0 != to }
    var clock: JSONObject = [
      "from": .string(from), "to": .string(to), "mootBy": some(moots, atMost: 2, &random),
      "time": .string(pick(["wall", "duty"], &random)), "pausedWhile": some(states, atMost: 3, &random), "limit": limit(&random),
    ]
    if Bool.random(using: &random) { clock["rolls"] = false }
    if from == "received", Bool.random(using: &random) { clock["asReported"] = true }
    if Bool.random(using: &random) { clock["warn"] = ["used": .string("\(Int.random(in: 10...95, using: &random))%")] }
    return .object(clock)
  }

  /// Days whose last one rolls to a working day, and that do not count while the order waits.
  private static func daysThatRoll(_ from: String, _ most: Int64, _ random: inout SeededRandom) -> JSON {
    [
      "from": .string(from), "to": .string(pick(["closed", "archived", "appealed"], &random)), "time": "wall",
      "pausedWhile": ["awaitingCitizen", "awaitingExclusion", "hung"],
      "limit": ["within": ["days": .integer(Int64.random(in: most - 1...most, using: &random))]],
    ]
  }

  private static func limit(_ random: inout SeededRandom) -> JSON {
    func span() -> JSON {
      let units: [(String, ClosedRange<Int64>)] = [
        ("minutes", 5...200), ("hours", 1...60), ("days", 1...9), ("workingDays", 1...7), ("months", 1...1),
      ]
      let (unit, counts) = pick(units, &random)
      return [unit: .integer(Int64.random(in: counts, using: &random))]
    }
    return switch Int.random(in: 0..<6, using: &random) {
    case 0: ["own": true]
    case 1: ["stages": .array((0..<Int.random(in: 2...3, using: &random)).map { _ in span() })]
    default: ["within": span()]
    }
  }

  /// What recurs while an order is in a state, nil for as long as it is open.
  private static let turns: [(state: String?, to: String)] = [
    ("hung", "progressReported"), ("awaitingCitizen", "urged"), ("awaitingExclusion", "urged"), ("awaitingApproval", "verified"),
    (nil, "urged"),
  ]

  /// What ends with the very step that a turn waits for, so that no turn follows.
  static let ends: [(state: String?, to: String)] = [("hung", "replied"), (nil, "closed")]

  private static func turn(_ turn: (state: String?, to: String), _ random: inout SeededRandom) -> JSON {
    let (state, to) = turn
    let every: JSON = pick([["hours": 31], ["days": 3], ["days": 7], ["workingDays": 2], ["months": 1]], &random)
    var standard: JSONObject = ["every": every, "to": .string(to)]
    if let state { standard["while"] = .string(state) }
    if Bool.random(using: &random) { standard["rolls"] = false }
    if Bool.random(using: &random) { standard["warn"] = ["before": ["days": 1]] }
    return .object(standard)
  }
}
