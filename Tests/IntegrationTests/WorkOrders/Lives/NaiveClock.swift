// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// A step of an order with what it left behind.
struct NaiveStep: Sendable {
  let kind: String
  let at: Int64
  let before: [String]
  let after: NaiveOrder
}

/// One rule of a contract's levels, or the city's limits of the grades, as its file has it.
struct NaiveRule: Sendable {
  struct Limit: Sendable {
    let count: Int64
    let unit: String

    init(_ json: JSON?) {
      let member = json?.object?.members.first
      (count, unit) = (member?.value.integer ?? 0, member?.name ?? "")
    }
  }

  let id: String
  let from: String?
  let state: String?
  let to: String
  let mootBy: [String]
  let pausedWhile: [String]
  /// Nil: the order's grade says how long.
  let limits: [Limit]?
  let recurs: Bool
  let isOnDuty: Bool
  let rolls: Bool
  let isAsReported: Bool
  let when: String?
  let unless: String?

  /// Nil for a level that is no clock.
  init?(_ level: JSON) {
    func words(_ json: JSON?) -> [String] { (json?.array ?? []).compactMap(\.string) }
    let recurring = level["recurring"]
    guard let clock = level["clock"] ?? recurring else { return nil }
    id = level["id"]?.string ?? ""
    to = clock["to"]?.string ?? ""
    state = recurring?["while"]?.string
    from = recurring == nil ? clock["from"]?.string : state == nil ? "received" : nil
    mootBy = words(clock["mootBy"])
    pausedWhile = words(clock["pausedWhile"])
    recurs = recurring != nil
    if let every = recurring?["every"] {
      limits = [Limit(every)]
    } else if let within = clock["limit"]?["within"] {
      limits = [Limit(within)]
    } else {
      limits = clock["limit"]?["stages"]?.array.map { $0.map { Limit($0) } }
    }
    isOnDuty = clock["time"] == "duty"
    rolls = clock["rolls"] != false
    isAsReported = clock["asReported"] == true
    when = level["when"]?.string
    unless = level["unless"]?.string
  }

  /// The city's: a reply within the grade's limit.
  static let city = NaiveRule(["id": "grade", "clock": ["from": "received", "to": "replied", "limit": ["own": true]]])

  func holds(for order: NaiveOrder) throws -> Bool {
    let isWhen = try when.map { try Self.judge($0, order) } ?? true
    let isUnless = try unless.map { try Self.judge($0, order) } ?? false
    return isWhen && !isUnless
  }

  private static func judge(_ predicate: String, _ order: NaiveOrder) throws -> Bool {
    switch predicate {
    case "$.massIncident == true": return order.attributes["massIncident"] == true
    case "$.keyComplainant == true": return order.attributes["keyComplainant"] == true
    case "$.tags[*] == \"不合理诉求\"": return order.tags.contains("不合理诉求")
    default:
      Issue.record("a predicate that the test does not know: \(predicate)")
      return false
    }
  }
}

/// What the clocks of an office's orders come to, rule by rule from the whole history, as one would work it out on paper.
struct NaiveClocks: Sendable {
  let rules: [NaiveRule]
  let calendar: NaiveCalendar
  /// By grade.
  let grades: [String: NaiveRule.Limit]
  /// Duty hours of working days and others, in microseconds after 00:00; whole days where duty is round the clock.
  let hours: (working: [ClosedRange<Int64>], rest: [ClosedRange<Int64>])

  private static let closing: Set = ["archived", "exclusionAsked", "exclusionDecided", "appealed", "reopened"]

  /// - Parameter tenant: an office of the repository with one contract.
  init(_ tenant: String, _ calendar: NaiveCalendar) throws {
    let files = try OfficeDirectory("deploy/tenants/\(tenant)")
    var rules = (try files.json(files.contract)["levels"]?.array ?? []).compactMap { NaiveRule($0) }
    // The city's limit holds where the contract says nothing of it.
    if !rules.contains(where: { $0.limits == nil }), let city = NaiveRule.city { rules.append(city) }
    self.rules = rules
    self.calendar = calendar
    let pack = try JSON.parse(TestDatabase.file("deploy/rule-packs/beijing-2019.json"))
    grades = Dictionary(
      uniqueKeysWithValues: (pack["gradeLimits"]?.array ?? []).map { ($0["grade"]?.string ?? "", NaiveRule.Limit($0["within"])) })
    let duty = try files.json("office.json")["dutyHours"]
    func hours(_ name: String) -> [ClosedRange<Int64>] {
      (duty?[name]?.array ?? []).map { Self.time($0["from"]?.string ?? "")...Self.time($0["to"]?.string ?? "") }
    }
    self.hours =
      duty?["allDay"] == true ? ([0...NaiveCalendar.day], [0...NaiveCalendar.day]) : (hours("workingDays"), hours("restDays"))
  }

  private static func time(_ text: String) -> Int64 {
    let parts = text.split(separator: ":").compactMap { Int64($0) }
    return ((parts.first ?? 0) * 60 + (parts.last ?? 0)) * 60 * NaiveCalendar.second
  }

  /// `rule|number|state|started|outside|ended|pauses` of every clock, and when those run out that have not ended.
  func clocks(of steps: [NaiveStep], at now: Int64) throws -> (lines: [String], ends: [Int64]) {
    var lines: [String] = []
    var ends: [Int64] = []
    for rule in rules {
      var place = 0
      while place < steps.count {
        guard try begins(rule, steps[place]) else {
          place += 1
          continue
        }
        let end = (place + 1..<max(place + 1, steps.count)).first { stops(rule, steps[$0]) }
        let start = rule.isAsReported ? min(steps[place].at, steps[place].after.reportedAt ?? .max) : steps[place].at
        if rule.recurs {
          for turn in turns(rule, from: start, Array(steps[place...(end ?? steps.count - 1)]), isEnded: end != nil, now) {
            lines.append(turn.line)
            if turn.ended == nil { ends.append(turn.outside) }
          }
        } else {
          let grade = grades[steps[place].after.grade].map { [$0] } ?? []
          for (number, limit) in (rule.limits ?? grade).enumerated() {
            let course = Course(self, rule, limit, start)
            let (line, outside) = course.run(Array(steps[place...(end ?? steps.count - 1)]), isEnded: end != nil, number + 1, now)
            lines.append(line)
            if end == nil, let outside { ends.append(outside) }
          }
        }
        guard let end else { break }
        // It may start anew with the step that it ended with.
        place = end
      }
    }
    return (lines.sorted(), ends)
  }

  private func begins(_ rule: NaiveRule, _ step: NaiveStep) throws -> Bool {
    let isStart = rule.state.map { step.after.waits.contains($0) && !step.before.contains($0) } ?? (step.kind == rule.from)
    return try isStart && rule.holds(for: step.after)
  }

  private func stops(_ rule: NaiveRule, _ step: NaiveStep) -> Bool {
    if let state = rule.state, !step.after.waits.contains(state) { return true }
    if !step.after.isOpen, !Self.closing.contains(rule.to) { return true }
    return !rule.recurs && (step.kind == rule.to || rule.mootBy.contains(step.kind))
  }

  // MARK: What recurs

  private struct Turn {
    let rule: String
    let number: Int64
    let start: Int64
    let opens: Int64
    let outside: Int64
    var state = "running"
    var ended: Int64?

    var line: String { "\(rule)|\(number)|\(state)|\(start)|\(outside)|\(ended.map { "\($0)" } ?? "none")|0" }
  }

  private func turns(_ rule: NaiveRule, from start: Int64, _ steps: [NaiveStep], isEnded: Bool, _ now: Int64) -> [Turn] {
    var turns: [Turn] = []
    func next() {
      let number = Int64(turns.count) + 1
      let day = NaiveCalendar.adding(months: number * (rule.limits?[0].count ?? 1), to: NaiveCalendar.day(of: start))
      turns.append(
        Turn(
          rule: rule.id, number: number, start: start, opens: turns.last?.outside ?? start,
          outside: NaiveCalendar.start(of: rolled(day, rule, []) + 1)))
    }
    func settle(_ moment: Int64) {
      while let last = turns.last, last.ended == nil, last.outside <= moment {
        turns[turns.count - 1].state = "missed"
        next()
      }
    }
    next()
    for (place, step) in steps.enumerated().dropFirst() {
      settle(step.at)
      let isLast = isEnded && place == steps.count - 1
      if step.kind == rule.to {
        for index in turns.indices where turns[index].ended == nil && turns[index].opens <= step.at {
          turns[index].ended = step.at
          if turns[index].state == "running" {
            turns[index].state = "met"
            if !isLast { next() }
          }
        }
      }
      if isLast {
        for index in turns.indices where turns[index].ended == nil {
          turns[index].ended = step.at
          if turns[index].state == "running" { turns[index].state = "lapsed" }
        }
      }
    }
    if !isEnded { settle(now) }
    return turns
  }

  /// The day itself, or the next working day on which the clock does not stand still.
  func rolled(_ day: Int64, _ rule: NaiveRule, _ pauses: [(from: Int64, to: Int64?)]) -> Int64 {
    guard rule.rolls, !calendar.isWorking(day) else { return day }
    var day = day
    while !calendar.isWorking(day) || Course.isTouched(day, pauses) { day += 1 }
    return day
  }
}
