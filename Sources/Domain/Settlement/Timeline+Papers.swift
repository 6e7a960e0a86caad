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

  /// Whether a paper is the one by which a duty that stands on dates alone falls due, as an instalment does: the one that governs its day.
  func dates(_ duty: Duty, by revision: Int) -> Bool {
    var owner: (revision: Int, day: CivilDate)?
    for (index, document) in contract.revisions.enumerated() {
      if let owner, owner.day < document.revision.effectiveFrom { continue }
      owner = nil
      guard let own = document.service.duties.first(where: { $0.id == duty.id }), case .due(let rule) = own.timing,
        rule.startingEvent == nil,
        case .day(let due) = state(of: rule, for: nil, start: nil)
      else { continue }
      owner = (index, due.lastDay)
    }
    return owner?.revision == revision
  }
}
