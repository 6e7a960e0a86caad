// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// What the clocks of an office's orders come to, rule by rule from the whole history, as one would work it out on paper.
struct NaiveClocks: Sendable {
  let rules: [NaiveRule]
  let calendar: NaiveCalendar
  /// By grade.
  let grades: [String: NaiveRule.Limit]
  /// Duty hours of working days and others, in microseconds after 00:00; whole days where duty is round the clock.
  let hours: (working: [ClosedRange<Int64>], rest: [ClosedRange<Int64>])

  private static let closing: Set = ["archived", "exclusionAsked", "exclusionDecided", "appealed", "reopened"]

  /// - Parameter files: of an office with one contract.
  init(_ files: OfficeDirectory, _ calendar: NaiveCalendar) throws {
    var rules = (try files.json(files.contract)["levels"]?.array ?? []).compactMap { NaiveRule($0) }
    // The city's limit holds where the contract says nothing of it.
    if !rules.contains(where: \.isOwnOfAll), let city = NaiveRule.city { rules.append(city) }
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

  /// Every clock that an order has had by a moment.
  func clocks(of steps: [NaiveStep], at now: Int64) throws -> [NaiveClock] {
    var clocks: [NaiveClock] = []
    for rule in rules {
      var place = 0
      while place < steps.count {
        guard try begins(rule, steps[place]) else {
          place += 1
          continue
        }
        let end = (place + 1..<max(place + 1, steps.count)).first { stops(rule, steps[$0]) }
        let start = rule.isAsReported ? min(steps[place].at, steps[place].after.reportedAt ?? .max) : steps[place].at
        let course = Array(steps[place...(end ?? steps.count - 1)])
        if rule.recurs {
          clocks += turns(rule, from: start, course, isEnded: end != nil, now)
        } else {
          let grade = grades[steps[place].after.grade].map { [$0] } ?? []
          for (number, limit) in (rule.limits ?? grade).enumerated() {
            clocks.append(NaiveCourse(self, rule, limit, start).run(course, isEnded: end != nil, number + 1, now))
          }
        }
        guard let end else { break }
        // It may start anew with the step that it ended with.
        place = end
      }
    }
    return clocks
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

  private func turns(_ rule: NaiveRule, from start: Int64, _ steps: [NaiveStep], isEnded: Bool, _ now: Int64) -> [NaiveClock] {
    var turns: [NaiveClock] = []
    /// From when on what is done is done for a turn.
    var opens: [Int64] = []
    func next() {
      let number = turns.count + 1
      opens.append(turns.last?.outside ?? start)
      let outside = self.outside(ofTurn: Int64(number), rule, start)
      let length = max(0, outside - (rule.limits?[0].isOfMoments == true ? 1 : 0) - opens[number - 1])
      turns.append(
        NaiveClock(rule: rule, number: number, start: start, outside: outside, warning: opens[number - 1] + rule.warning(of: length)))
    }
    func settle(_ moment: Int64) {
      while let last = turns.last, last.ended == nil, let outside = last.outside, outside <= moment {
        turns[turns.count - 1].state = "missed"
        next()
      }
    }
    next()
    for (place, step) in steps.enumerated().dropFirst() {
      settle(step.at)
      let isLast = isEnded && place == steps.count - 1
      if step.kind == rule.to {
        for index in turns.indices where turns[index].ended == nil && opens[index] <= step.at {
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

  /// The first moment that is too late for a turn: each is counted from the start.
  private func outside(ofTurn number: Int64, _ rule: NaiveRule, _ start: Int64) -> Int64 {
    guard let every = rule.limits?.first else { return start }
    if every.isOfMoments { return start + number * every.length + 1 }
    let last = lastDay(number * every.count, every.unit, after: NaiveCalendar.day(of: start), rule, [])
    return NaiveCalendar.start(of: last + 1)
  }

  // MARK: Days

  /// Counts whole days behind the first, those on which it did not stand still, to the last, which moves to a working day.
  func lastDay(_ count: Int64, _ unit: String, after first: Int64, _ rule: NaiveRule, _ pauses: [NaiveCourse.Pause]) -> Int64 {
    var day = plainLastDay(count, unit, after: first, pauses)
    guard rule.rolls, unit != "workingDays", !calendar.isWorking(day) else { return day }
    while !calendar.isWorking(day) || NaiveCourse.isTouched(day, pauses) { day += 1 }
    return day
  }

  /// The last day before it moves.
  func plainLastDay(_ count: Int64, _ unit: String, after first: Int64, _ pauses: [NaiveCourse.Pause]) -> Int64 {
    var left = unit == "months" ? NaiveCalendar.adding(months: count, to: first) - first : count
    var day = first
    while left > 0 {
      day += 1
      if !NaiveCourse.isTouched(day, pauses), unit != "workingDays" || calendar.isWorking(day) { left -= 1 }
    }
    return day
  }
}
