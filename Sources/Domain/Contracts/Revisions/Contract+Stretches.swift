// SPDX-License-Identifier: Apache-2.0
import Base

extension Contract {
  /// A term with the papers that govern it: the original and its supplements, or a renewal and its supplements.
  ///
  /// What one of them owes at its end is its own: a renewal begins anew and leaves it as it was.
  package struct Stretch: Sendable, Hashable {
    /// The papers, as places in the chain.
    package let papers: Range<Int>
    package let term: DateRange
  }

  /// The stretches one after the other; one that the next renewal overtakes ends on the day before it.
  package var stretches: [Stretch] {
    let openings = revisions.indices.filter { $0 == 0 || revisions[$0].revision.kind == .renewal }
    let starts = openings.map { index -> CivilDate in
      if index == 0 { return term.first }
      let document = revisions[index]
      return max(document.revision.effectiveFrom, document.terms.term.range.first)
    }
    return openings.indices.map { place in
      let end = place + 1 < openings.count ? openings[place + 1] : revisions.count
      let granted = revisions[end - 1].terms.term.range.last
      let next = place + 1 < openings.count ? starts[place + 1].dayBefore ?? granted : granted
      let last = max(starts[place], min(granted, next))
      return Stretch(papers: openings[place]..<end, term: DateRange(starts[place], through: last) ?? term)
    }
  }

  /// The place of the stretch that a paper belongs to.
  func stretchIndex(of revision: Int) -> Int { stretches.lastIndex { $0.papers.lowerBound <= revision } ?? 0 }
}

extension CivilDate {
  var dayBefore: CivilDate? { CivilDate(day: Int(day) - 1) }
  var dayAfter: CivilDate? { CivilDate(day: Int(day) + 1) }
}
