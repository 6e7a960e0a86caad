// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

/// What the clocks of an order come to, worked out for each rule by itself from the whole history, as one would on paper.
struct NaiveClocks {
  struct Clock: Hashable, Comparable {
    let rule: String
    let started: Instant
    let number: Int
    let state: OrderClock.State
    let ended: Instant?

    static func < (a: Clock, b: Clock) -> Bool { (a.rule, a.started, a.number) < (b.rule, b.started, b.number) }
  }

  let book: ClockBook
  let walk: ClockWalk
  let steps: [ClockStep]
  let now: Instant

  func clocks(of rule: ClockRule) throws -> [Clock] {
    var clocks: [Clock] = []
    var place = 0
    while place < steps.count {
      defer { place += 1 }
      guard begins(rule, at: place) else { continue }
      let start = steps[place].start(of: rule)
      let end = steps.indices.first { $0 > place && ends(rule, $0) }
      let limits = book.limits(of: rule, grade: steps[place].grade, on: start.date)
      if rule.recurs {
        clocks += try turns(rule, limits[0], from: start, since: place, until: end)
      } else {
        for (number, limit) in limits.enumerated() {
          clocks.append(try clock(rule, number + 1, limit, from: start, since: place, until: end))
        }
      }
      // Another does not start before it has ended.
      place = end.map { $0 - 1 } ?? steps.count
    }
    return clocks
  }

  private func begins(_ rule: ClockRule, at place: Int) -> Bool {
    let step = steps[place]
    switch rule.start {
    case .event(let event, _): return step.event == event
    case .state(let state): return step.after.contains(state) && !step.before.contains(state)
    }
  }

  private func ends(_ rule: ClockRule, _ place: Int) -> Bool {
    let step = steps[place]
    if case .state(let state) = rule.start, !step.after.contains(state) { return true }
    if !step.isOpen, !rule.to.followsClosing { return true }
    guard !rule.recurs, let event = step.event else { return false }
    return event == rule.to || rule.mootBy.contains(event)
  }

  private func clock(
    _ rule: ClockRule, _ number: Int, _ limit: ClockLimit, from start: Instant, since place: Int, until end: Int?
  ) throws -> Clock {
    var pauses: [ClockPause] = []
    for index in place..<(end ?? steps.count) {
      let state = rule.pausedWhile.first { steps[index].after.contains($0) }
      if let state, pauses.last?.to != nil || pauses.isEmpty { pauses.append(ClockPause(state, from: steps[index].at)) }
      if state == nil, let last = pauses.indices.last, pauses[last].to == nil { pauses[last].to = steps[index].at }
    }
    if let end, let last = pauses.indices.last, pauses[last].to == nil, !rule.pausedWhile.contains(where: steps[end].after.contains) {
      pauses[last].to = steps[end].at
    }
    let outside: Instant?
    if limit.span.isOfMoments {
      let step: Int64 = Instant.minute
      outside = try walk.moment(Int((limit.span.microseconds ?? 0) / step), of: step, limit.time, from: start, pauses)
        .map { try $0.adding(microseconds: 1) }
    } else {
      outside = try walk.lastDay(limit, from: start.date, pauses).map { Instant(try $0.adding(days: 1)) }
    }
    let moment = end.map { steps[$0].at } ?? now
    let isLate = outside.map { $0 <= moment } ?? false
    let state: OrderClock.State =
      if isLate { .missed } else if let end { steps[end].event == rule.to ? .met : .lapsed } else { outside == nil ? .paused : .running }
    return Clock(rule: rule.id, started: start, number: number, state: state, ended: end.map { steps[$0].at })
  }

  /// Each turn has to see the step between the end of the turn before and its own.
  private func turns(_ rule: ClockRule, _ limit: ClockLimit, from start: Instant, since place: Int, until end: Int?) throws -> [Clock] {
    let last = end.map { steps[$0].at } ?? now
    var turns: [Clock] = []
    var opens = start
    for number in 1...400 {
      let outside = Instant(try #require(try walk.lastDay(limit.times(UInt32(number)), from: start.date, [])).adding(days: 1))
      let done = steps.indices.first { index in
        index > place && index <= (end ?? steps.count - 1) && steps[index].event == rule.to && opens <= steps[index].at
      }
      let at = done.map { steps[$0].at }
      let isMet = at.map { $0 < outside } ?? false
      let state: OrderClock.State = isMet ? .met : outside <= last ? .missed : end == nil ? .running : .lapsed
      turns.append(Clock(rule: rule.id, started: start, number: number, state: state, ended: at ?? end.map { steps[$0].at }))
      // The next turn begins when this one is met, or is over.
      guard isMet && (done ?? 0) != end || state == .missed else { break }
      opens = outside
    }
    return turns
  }
}
