// SPDX-License-Identifier: Apache-2.0
import Base

/// What a step of an order means to its clocks.
package struct ClockStep: Sendable, Hashable {
  /// Nil for a step that no clock runs from or to.
  package let event: OrderEvent?
  package let at: Instant
  /// When the source system says that it happened, where it does.
  package let reported: Instant?
  /// The order's grade after it.
  package let grade: String
  /// What the order waited in before it, and after it.
  package let before: Set<OrderState>
  package let after: Set<OrderState>
  /// Whether somebody still has something to do after it.
  package let isOpen: Bool

  package init(
    _ event: OrderEvent?, at: Instant, reported: Instant? = nil, grade: String, before: Set<OrderState> = [], after: Set<OrderState> = [],
    isOpen: Bool = true
  ) {
    self.event = event
    self.at = at
    self.reported = reported
    self.grade = grade
    self.before = before
    self.after = after
    self.isOpen = isOpen
  }

  /// When a rule's clock starts with the step; a time that lies ahead of the server's clock counts as now.
  package func start(of rule: ClockRule) -> Instant {
    if case .event(_, asReported: true) = rule.start, let reported { return min(reported, at) }
    return at
  }
}

/// The clocks of one order, as its steps and the passing of time make them.
package struct OrderClocks: Sendable, Hashable {
  package private(set) var clocks: [OrderClock]

  package init(_ clocks: [OrderClock] = []) { self.clocks = clocks }

  /// Finds what has run out by a moment; what recurs begins anew.
  package mutating func settle(at now: Instant, _ reckoner: ClockReckoner) throws(CalendarError) {
    var place = 0
    while place < clocks.count {
      let wasRunning = clocks[place].state == .running
      clocks[place].settle(at: now)
      if wasRunning, clocks[place].state == .missed, clocks[place].rule.recurs { try renew(place, reckoner) }
      place += 1
    }
  }

  /// What a step does to them.
  ///
  /// - Parameters:
  ///   - book: the rules in force.
  ///   - holds: whether a rule's predicates hold for the order.
  /// - Throws: `outOfRange` for a limit that ends beyond year 9999; a year that is not known leaves a clock without an end for the time being.
  package mutating func take(
    _ step: ClockStep, _ book: ClockBook, _ reckoner: ClockReckoner, holds: (ClockRule) -> Bool
  ) throws(CalendarError) {
    try settle(at: step.at, reckoner)
    for place in clocks.indices where !clocks[place].rule.pausedWhile.contains(where: step.after.contains) {
      try clocks[place].resume(at: step.at, reckoner)
    }
    try end(step, reckoner)
    try start(step, book, reckoner, holds)
    for place in clocks.indices {
      if let reason = clocks[place].rule.pausedWhile.first(where: step.after.contains) { clocks[place].pause(reason, at: step.at) }
    }
  }

  private mutating func end(_ step: ClockStep, _ reckoner: ClockReckoner) throws(CalendarError) {
    for place in clocks.indices where clocks[place].ended == nil {
      let rule = clocks[place].rule
      if let event = step.event {
        if rule.to == event {
          clocks[place].end(at: step.at)
          if rule.recurs, clocks[place].state == .met, step.isOpen, rule.holds(in: step.after) { try renew(place, reckoner) }
        } else if rule.mootBy.contains(event) {
          clocks[place].lapse(at: step.at)
        }
      }
      if !rule.holds(in: step.after) || !(step.isOpen || rule.to.followsClosing) { clocks[place].lapse(at: step.at) }
    }
  }

  private mutating func start(
    _ step: ClockStep, _ book: ClockBook, _ reckoner: ClockReckoner, _ holds: (ClockRule) -> Bool
  ) throws(CalendarError) {
    var rules = step.event.map { book.starting(with: $0, grade: step.grade, on: step.at.date) } ?? []
    for state in OrderState.allCases where step.after.contains(state) && !step.before.contains(state) {
      rules += book.starting(in: state)
    }
    for rule in rules where !isUnderWay(rule) && holds(rule) {
      clocks += try OrderClock.starting(rule, step, book, reckoner)
    }
  }

  /// A second start does not set back a clock that has not ended.
  private func isUnderWay(_ rule: ClockRule) -> Bool {
    clocks.contains { $0.rule.id == rule.id && $0.rule.source.code == rule.source.code && $0.ended == nil }
  }

  /// Begins the next turn of what recurs.
  private mutating func renew(_ place: Int, _ reckoner: ClockReckoner) throws(CalendarError) {
    if let next = try clocks[place].next(reckoner) { clocks.append(next) }
  }
}

extension OrderClock {
  /// The clocks that a rule starts with a step, one for each stage.
  package static func starting(
    _ rule: ClockRule, _ step: ClockStep, _ book: ClockBook, _ reckoner: ClockReckoner
  ) throws(CalendarError) -> [OrderClock] {
    let start = step.start(of: rule)
    var clocks: [OrderClock] = []
    for (place, limit) in book.limits(of: rule, grade: step.grade, on: start.date).enumerated() {
      clocks.append(
        OrderClock(
          rule: rule, number: Int16(clamping: place + 1), limit: limit, started: start, opens: start,
          deadline: try reckoner.known(limit, from: start)))
    }
    return clocks
  }

  /// The next turn of what recurs; nil where the end of this one is not known.
  package func next(_ reckoner: ClockReckoner) throws(CalendarError) -> OrderClock? {
    guard case .every(let limit) = rule.course, let opens = deadline?.outside, number < .max else { return nil }
    var next = OrderClock(
      rule: rule, number: number + 1, limit: limit.times(UInt32(number) + 1), started: started, opens: opens, deadline: nil)
    try next.reckon(reckoner)
    return next
  }
}
