// SPDX-License-Identifier: Apache-2.0
import Base

/// A duty falling due once.
struct DutyRun: Sendable {
  /// Tells it from the duty's other runs, whatever else is on record; it is the obligation's name.
  let id: String
  let due: DueDate
  let done: EventDay?
  let payment: String?
  let subject: String?

  /// The first day it is late.
  var firstLateDay: CivilDate? { CivilDate(day: Int(due.lastDay.day) + 1) }

  /// Whether it was done late, or is late and not done.
  func isMissed(asOf: CivilDate) -> Bool { (done?.day ?? asOf) > due.lastDay }

  var facts: [UUIDv7] { due.facts + (done?.facts ?? []) }
}

/// One time that a duty is to be done, whether its date is known or not.
struct DutyTurn: Sendable {
  let id: String
  /// Nil where the contract sets no time.
  let state: DueState?
  let done: EventDay?
  let payment: String?
  let subject: String?

  init(_ id: String, _ state: DueState?, done: EventDay?, payment: String? = nil, subject: String? = nil) {
    (self.id, self.state, self.done, self.payment, self.subject) = (id, state, done, payment, subject)
  }

  fileprivate var run: DutyRun? {
    guard case .day(let due)? = state else { return nil }
    return DutyRun(id: id, due: due, done: done, payment: payment, subject: subject)
  }

  fileprivate var unknown: CalendarError? { if case .unknown(let error)? = state { error } else { nil } }
}

extension Timeline {
  /// Each time a duty falls due that has begun, and the first thing that cannot be computed.
  ///
  /// - Parameter revision: the paper the duty stands on; what started under another one is left to that.
  func runs(of duty: Duty, revision: Int) -> (found: [DutyRun], unknown: CalendarError?) {
    if case .untimed = duty.timing { return ([], nil) }
    let turns = turns(of: duty, revision: revision, through: asOf)
    return (turns.compactMap(\.run), turns.lazy.compactMap(\.unknown).first)
  }

  /// Each time a duty is to be done.
  ///
  /// - Parameters:
  ///   - revision: the paper the duty stands on; what started under another one is left to that.
  ///   - last: what comes again and again is followed to this day, at most to the end of the service.
  func turns(of duty: Duty, revision: Int, through last: CivilDate) -> [DutyTurn] {
    switch duty.timing {
    case .every(let span): recurring(duty, span, revision, through: last)
    case .due(let rule):
      rule.events.contains(where: \.isPerPayment)
        ? perPayment(duty, revision) { state(of: rule, for: $0, start: nil) } : perOccurrence(duty, rule, revision)
    case .untimed:
      if duty.doneBy.contains(where: \.isPerPayment) {
        perPayment(duty, revision) { _ in nil }
      } else if revision == contract.revisions.count - 1 {
        [DutyTurn(duty.id, nil, done: duty.doneBy.flatMap { days(of: $0, for: nil) }.min { $0.day < $1.day })]
      } else {
        []
      }
    }
  }

  private func perPayment(_ duty: Duty, _ revision: Int, _ state: (ScheduledPayment) -> DueState?) -> [DutyTurn] {
    schedule.payments.filter { $0.revision == revision }.map { payment in
      DutyTurn(
        "\(duty.id)@\(payment.id)", state(payment), done: duty.doneBy.flatMap { days(of: $0, for: payment) }.min { $0.day < $1.day },
        payment: payment.id)
    }
  }

  private func perOccurrence(_ duty: Duty, _ rule: DeadlineRule, _ revision: Int) -> [DutyTurn] {
    let ends = duty.doneBy.flatMap { event in (ledger.events[event.code] ?? []).map(EventDay.init) }.sorted { $0.day < $1.day }
    return beginnings(of: duty, rule, under: revision).map { start, next in
      // What comes after the next start about the same subject belongs to that one.
      let done = ends.first { end in
        start.map { end.day >= $0.day || rule.countsBackwards } ?? true && next.map { end.day < $0.day } ?? true
          && (start?.subject == nil || end.subject == nil || end.subject == start?.subject)
      }
      return DutyTurn(
        duty.id + mark(of: start, rule.startingEvent), state(of: rule, for: nil, start: start), done: done, subject: start?.subject)
    }
  }

  /// What tells one beginning of a duty from another: its record, or, of what the papers date, which time after the first it is.
  private func mark(of start: EventDay?, _ event: ContractEvent?) -> String {
    guard let start, let event else { return "" }
    if event.isRecorded { return start.facts.first.map { "@\($0)" } ?? "" }
    let place = days(of: event, for: nil).firstIndex { $0.day == start.day } ?? 0
    return place == 0 ? "" : "@\(place + 1)"
  }

  /// One turn for every span of the term, as far as asked.
  private func recurring(_ duty: Duty, _ span: Span, _ revision: Int, through last: CivilDate) -> [DutyTurn] {
    let ends = duty.doneBy.flatMap { days(of: $0, for: nil) }.sorted { $0.day < $1.day }
    var turns: [DutyTurn] = []
    var start = contract.term.first
    var number: UInt32 = 1
    // Ends are taken in their order, as the spans are.
    var next = ends.startIndex
    while start <= min(schedule.serviceEnd, last) {
      let whole = Span(span.count * number, span.unit)
      guard let following = try? calendar.deadline(whole, after: contract.term.first, rolls: false).lastDay, following > start,
        let closing = CivilDate(day: Int(following.day) - 1)
      else { break }
      while next < ends.endIndex, ends[next].day < start { next += 1 }
      if contract.revisionIndex(on: start) == revision, isServed(on: start), let deadline = try? calendar.deadline(by: closing) {
        let due = DueDate(deadline, explanation: deadline.explanation.text, steps: [deadline.explanation], facts: [])
        let done = next < ends.endIndex && ends[next].day <= closing ? ends[next] : nil
        turns.append(DutyTurn("\(duty.id)@\(start)", .day(due), done: done))
      }
      start = following
      number += 1
    }
    return turns
  }
}

extension DeadlineRule {
  /// The event that starts it anew each time it happens; none where it stands on a date alone.
  var startingEvent: ContractEvent? {
    switch self {
    case .on: nil
    case .after(let events, _): events.first
    case .before(let event, _), .agreed(let event): event
    case .earliest(let rules), .latest(let rules): rules.lazy.compactMap(\.startingEvent).first
    }
  }

  /// Whether what must be done comes before the event.
  fileprivate var countsBackwards: Bool { if case .before = self { true } else { false } }
}

extension ContractEvent {
  var isPerPayment: Bool { if case .known(let event) = self { event.isPerPayment } else { false } }
}
