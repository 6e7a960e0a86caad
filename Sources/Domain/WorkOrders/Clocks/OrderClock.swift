// SPDX-License-Identifier: Apache-2.0
import Base

/// A clock of a work order: one stage of a rule, or one turn of what recurs.
package struct OrderClock: Sendable, Hashable {
  package enum State: String, Sendable, Hashable, CaseIterable {
    case running
    /// It stands still because the order waits.
    case paused
    case met
    case missed
    /// It ended without being met or missed: there was nothing left to be done in time.
    case lapsed
  }

  package let rule: ClockRule
  /// The stage, or which time it is, from 1.
  package let number: Int16
  /// Its limit, counted from the start: for what recurs the whole number of spans.
  package let limit: ClockLimit
  package let started: Instant
  /// Before it, what is to be done is done for the turn before.
  package let opens: Instant
  /// When it runs out; nil while it stands still, and where the calendar does not reach.
  package var deadline: ClockDeadline?
  package var pauses: [ClockPause]
  package var state: State
  /// When it was met or lapsed, or when what was missed was done after all.
  package var ended: Instant?

  package init(
    rule: ClockRule, number: Int16, limit: ClockLimit, started: Instant, opens: Instant, deadline: ClockDeadline?,
    pauses: [ClockPause] = [], state: State = .running, ended: Instant? = nil
  ) {
    self.rule = rule
    self.number = number
    self.limit = limit
    self.started = started
    self.opens = opens
    self.deadline = deadline
    self.pauses = pauses
    self.state = state
    self.ended = ended
  }

  /// Whether it has run out at a moment.
  package func isOver(at now: Instant) -> Bool { deadline.map { !$0.includes(now) } ?? false }

  // MARK: What happens to it

  /// It is found to have run out, where it has.
  package mutating func settle(at now: Instant) {
    if state == .running, isOver(at: now) { state = .missed }
  }

  package mutating func pause(_ reason: OrderState, at now: Instant) {
    guard state == .running, !isOver(at: now) else { return }
    state = .paused
    pauses.append(ClockPause(reason, from: now))
    deadline = nil
  }

  package mutating func resume(at now: Instant, _ reckoner: ClockReckoner) throws(CalendarError) {
    guard state == .paused, !pauses.isEmpty else { return }
    pauses[pauses.count - 1].to = now
    state = .running
    try reckon(reckoner)
  }

  /// Finds its end anew; nil where it stands still and where the year that it needs is not known yet.
  package mutating func reckon(_ reckoner: ClockReckoner) throws(CalendarError) {
    deadline = try reckoner.known(limit, from: started, pauses: pauses)
    guard rule.recurs, let known = deadline else { return }
    // A turn is warned of within the turn.
    let length = known.due.microseconds(since: opens)
    let warning = Instant(microseconds: opens.microseconds + limit.warning.amount(of: max(0, length))) ?? known.due
    deadline = ClockDeadline(due: known.due, outside: known.outside, warning: warning)
  }

  /// What it waits for is done.
  package mutating func end(at now: Instant) {
    guard ended == nil, opens <= now else { return }
    finish(as: .met, at: now)
  }

  /// Nothing is left to be done in time.
  package mutating func lapse(at now: Instant) {
    guard ended == nil else { return }
    finish(as: .lapsed, at: now)
  }

  private mutating func finish(as outcome: State, at now: Instant) {
    settle(at: now)
    if state == .paused { pauses[pauses.count - 1].to = now }
    if state != .missed { state = outcome }
    ended = now
  }
}

extension ClockReckoner {
  /// The deadline, nil where the clock stands still and where the year that it needs is not known yet.
  ///
  /// - Throws: `outOfRange`.
  package func known(_ limit: ClockLimit, from start: Instant, pauses: [ClockPause] = []) throws(CalendarError) -> ClockDeadline? {
    do throws(CalendarError) {
      return try deadline(limit, from: start, pauses: pauses)
    } catch {
      guard case .missingYear = error else { throw error }
      return nil
    }
  }
}

extension OrderEvent {
  /// Whether it may still come after an order is closed or returned.
  package var followsClosing: Bool {
    switch self {
    case .archived, .exclusionAsked, .exclusionDecided, .appealed, .reopened: true
    default: false
    }
  }
}
