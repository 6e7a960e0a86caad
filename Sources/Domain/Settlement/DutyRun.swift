// SPDX-License-Identifier: Apache-2.0
import Base

/// A duty falling due once.
struct DutyRun: Sendable {
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

extension Timeline {
  /// Each time a duty falls due, and the first thing that cannot be computed.
  ///
  /// - Parameter revision: the paper the duty stands on; what started under another one is left to that.
  func runs(of duty: Duty, revision: Int) -> (found: [DutyRun], unknown: CalendarError?) {
    switch duty.timing {
    case .untimed: ([], nil)
    case .every(let span): (recurring(duty, span, revision), nil)
    case .due(let rule):
      rule.events.contains(where: \.isPerPayment) ? perPayment(duty, rule, revision) : perOccurrence(duty, rule, revision)
    }
  }

  private func perPayment(_ duty: Duty, _ rule: DeadlineRule, _ revision: Int) -> ([DutyRun], CalendarError?) {
    var runs: [DutyRun] = []
    var unknown: CalendarError?
    for payment in schedule.payments where payment.revision == revision {
      switch state(of: rule, for: payment, start: nil) {
      case .day(let due):
        let done = duty.doneBy.flatMap { days(of: $0, for: payment) }.min { $0.day < $1.day }
        runs.append(DutyRun(due: due, done: done, payment: payment.id, subject: nil))
      case .unknown(let error): unknown = unknown ?? error
      case .open, .waiting: break
      }
    }
    return (runs, unknown)
  }

  private func perOccurrence(_ duty: Duty, _ rule: DeadlineRule, _ revision: Int) -> ([DutyRun], CalendarError?) {
    let ends = duty.doneBy.flatMap { event in (ledger.events[event.code] ?? []).map(EventDay.init) }.sorted { $0.day < $1.day }
    var runs: [DutyRun] = []
    var unknown: CalendarError?
    for (start, next) in beginnings(of: duty, rule, under: revision) {
      switch state(of: rule, for: nil, start: start) {
      case .day(let due):
        // What comes after the next start about the same subject belongs to that one.
        let done = ends.first { end in
          start.map { end.day >= $0.day || rule.countsBackwards } ?? true && next.map { end.day < $0.day } ?? true
            && (start?.subject == nil || end.subject == nil || end.subject == start?.subject)
        }
        runs.append(DutyRun(due: due, done: done, payment: nil, subject: start?.subject))
      case .unknown(let error): unknown = unknown ?? error
      case .open, .waiting: break
      }
    }
    return (runs, unknown)
  }

  /// One run for every span of the term that has begun.
  private func recurring(_ duty: Duty, _ span: Span, _ revision: Int) -> [DutyRun] {
    let ends = duty.doneBy.flatMap { days(of: $0, for: nil) }.sorted { $0.day < $1.day }
    var runs: [DutyRun] = []
    var start = contract.term.first
    var number: UInt32 = 1
    while start <= min(schedule.serviceEnd, asOf) {
      let whole = Span(span.count * number, span.unit)
      guard let next = try? calendar.deadline(whole, after: contract.term.first, rolls: false).lastDay, next > start,
        let last = CivilDate(day: Int(next.day) - 1)
      else { break }
      if contract.revisionIndex(on: start) == revision, isServed(on: start), let deadline = try? calendar.deadline(by: last) {
        let due = DueDate(lastDay: last, explanation: deadline.explanation.text, steps: [deadline.explanation], facts: [])
        let range = (start, last)
        let done = ends.first { range.0 <= $0.day && $0.day <= range.1 }
        runs.append(DutyRun(due: due, done: done, payment: nil, subject: nil))
      }
      start = next
      number += 1
    }
    return runs
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
