// SPDX-License-Identifier: Apache-2.0
import Base

/// The days on which a contract asks for a post to be filled, and with how many.
package struct PostDemand: Sendable, Hashable {
  private struct Number: Sendable, Hashable {
    let from: CivilDate
    let people: Int?
  }

  package let contract: String
  package let post: String
  /// From 00:00 of the first day to 24:00 of the last.
  package private(set) var days: DateRange
  /// In the order of their days.
  private var numbers: [Number]

  package init(contract: String, post: String, days: DateRange, people: Int?) {
    (self.contract, self.post, self.days) = (contract, post, days)
    numbers = [Number(from: days.first, people: people)]
  }

  /// How many the contract wants on a day; nil where it fixes no number.
  package func people(on day: CivilDate) -> Int? { (numbers.last { $0.from <= day } ?? numbers[0]).people }

  package var time: Range<Instant> { Instant(days.first)..<days.end }

  /// What the papers of a contract ask for, each while it governs: in its term, not after an early end, and on while the service is held over.
  /// Days that follow each other are one demand.
  package static func all(of contract: Contract, life: ServiceLife) -> [PostDemand] {
    let heldOver = life.heldOver(of: contract)
    var demands: [PostDemand] = []
    for (index, paper) in contract.revisions.enumerated() {
      let next = index + 1 < contract.revisions.count ? contract.revisions[index + 1].revision.effectiveFrom.dayBefore ?? .first : .last
      guard let governed = DateRange(index == 0 ? .first : paper.revision.effectiveFrom, through: next) else { continue }
      let term = paper.terms.term.range
      let served = life.terminated.map { DateRange(term.first, through: min(term.last, $0)) } ?? term
      for days in ([served].compactMap { $0 } + heldOver).compactMap({ $0.intersection(governed) }) {
        for post in paper.service.staffing?.posts ?? [] {
          if let before = demands.lastIndex(where: { $0.post == post.id }), demands[before].days.last.day + 1 == days.first.day {
            demands[before].days = DateRange(demands[before].days.first, orThrough: days.last)
            demands[before].numbers.append(Number(from: days.first, people: post.count))
          } else {
            demands.append(PostDemand(contract: contract.id, post: post.id, days: days, people: post.count))
          }
        }
      }
    }
    return demands
  }
}

extension ServiceLife {
  /// Whether a contract's service is due on a day: in a term of it, not after an early end, and on while it is held over.
  package func isDue(on day: CivilDate, under contract: Contract) -> Bool { dueDays(of: contract).contains { $0.contains(day) } }

  /// The days on which a contract's service is due: its terms as far as they were served, each with the time it was held over behind it.
  package func dueDays(of contract: Contract) -> [DateRange] {
    let agreed = contract.stretches.compactMap { stretch in
      DateRange(stretch.term.first, through: min(stretch.term.last, terminated ?? .last))
    }
    return (agreed + heldOver(of: contract)).sorted { $0.first < $1.first }
  }

  /// The days on which a contract's service went on behind the ends of its terms; none where it ended early.
  fileprivate func heldOver(of contract: Contract) -> [DateRange] {
    guard terminated == nil else { return [] }
    let stretches = contract.stretches
    return stretches.enumerated().compactMap { place, stretch in
      let limit = place + 1 < stretches.count ? stretches[place + 1].term.first.dayBefore ?? .first : .last
      guard let first = stretch.term.last.dayAfter, let last = heldOver(from: first, through: limit) else { return nil }
      return DateRange(first, through: min(last, limit))
    }
  }
}

extension DateRange {
  /// The first instant after its last day.
  package var end: Instant { CivilDate(day: Int(last.day) + 1).map { Instant($0) } ?? Instant(last) }

  /// From 00:00 of the first day to 24:00 of the last.
  package var time: Range<Instant> { Instant(first)..<end }
}
