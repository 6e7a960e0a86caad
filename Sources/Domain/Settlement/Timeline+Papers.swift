// SPDX-License-Identifier: Apache-2.0
import Base

extension Timeline {
  /// Each time a duty falls due, whichever paper it began under: a later paper with other consequences does not make it undone.
  func runs(ofDuty id: String) -> (found: [DutyRun], unknown: CalendarError?) {
    var found: [DutyRun] = []
    var unknown: CalendarError?
    for index in contract.revisions.indices {
      guard let duty = contract.revisions[index].service.duties.first(where: { $0.id == id }) else { continue }
      let part = runs(of: duty, revision: index)
      found += part.found
      unknown = unknown ?? part.unknown
    }
    return (found, unknown)
  }

  /// Each time that a duty begins under a paper, with the next time that it begins about the same subject, whichever paper governs then.
  func beginnings(of duty: Duty, _ rule: DeadlineRule, under revision: Int) -> [(start: EventDay?, next: EventDay?)] {
    guard let event = rule.startingEvent else { return dates(duty, by: revision, from: nil) ? [(nil, nil)] : [] }
    let starts = days(of: event, for: nil).filter { $0.deemedBy == nil }
    return starts.enumerated().compactMap { index, start in
      guard event.isRecorded ? contract.revisionIndex(on: start.day) == revision : dates(duty, by: revision, from: start) else {
        return nil
      }
      return (start, starts[(index + 1)...].first { $0.subject == start.subject })
    }
  }

  /// Whether a day lies within a term, as far as the service went.
  func isServed(on day: CivilDate) -> Bool { zip(contract.stretches, schedule.ends).contains { $0.term.first <= day && day <= $1 } }

  /// Whether a paper is the one by which a duty falls due whose day the papers themselves say: the one that governs that day, as for an
  /// instalment. A later paper asks for nothing that would have been due before it took effect.
  ///
  /// - Parameter start: the end of a term, or another day that the papers name; nil for a duty that stands on a date.
  private func dates(_ duty: Duty, by revision: Int, from start: EventDay?) -> Bool {
    // What hangs on the end of a term is a matter of the papers of that term.
    let stretch = start.flatMap { start in schedule.ends.firstIndex(of: start.day) }
    var owner: (revision: Int, day: CivilDate)?
    for (index, document) in contract.revisions.enumerated() {
      if let stretch, contract.stretchIndex(of: index) != stretch { continue }
      let opening = document.revision.effectiveFrom
      if let owner, owner.day < opening { continue }
      owner = nil
      guard let own = document.service.duties.first(where: { $0.id == duty.id }), case .due(let rule) = own.timing,
        (rule.startingEvent == nil) == (start == nil), let last = state(of: rule, for: nil, start: start).binding,
        index == 0 || last >= opening
      else { continue }
      owner = (index, last)
    }
    return owner?.revision == revision
  }
}

extension ContractEvent {
  /// Whether somebody records it; otherwise the papers say its day.
  var isRecorded: Bool { if case .known(let event) = self { event.isRecorded } else { true } }
}

extension DueState {
  /// The last day, or the day from which on it is owed without a limit; nil while neither is known.
  fileprivate var binding: CivilDate? {
    switch self {
    case .day(let due): due.lastDay
    case .open(let day, _, _): day
    case .waiting, .unknown: nil
    }
  }
}
