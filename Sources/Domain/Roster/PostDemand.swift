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

  /// What the papers of a contract ask for: each paper while it governs and its term runs; days that follow each other are one demand.
  package static func all(of contract: Contract) -> [PostDemand] {
    var demands: [PostDemand] = []
    for (index, paper) in contract.revisions.enumerated() {
      let term = paper.terms.term.range
      let from = index == 0 ? term.first : max(term.first, paper.revision.effectiveFrom)
      var last = term.last
      if index + 1 < contract.revisions.count {
        let next = contract.revisions[index + 1].revision.effectiveFrom
        last = min(last, CivilDate(day: Int(next.day) - 1) ?? next)
      }
      guard let days = DateRange(from, through: last) else { continue }
      for post in paper.service.staffing?.posts ?? [] {
        if let before = demands.lastIndex(where: { $0.post == post.id }), demands[before].days.last.day + 1 == days.first.day {
          demands[before].days = DateRange(demands[before].days.first, orThrough: days.last)
          demands[before].numbers.append(Number(from: days.first, people: post.count))
        } else {
          demands.append(PostDemand(contract: contract.id, post: post.id, days: days, people: post.count))
        }
      }
    }
    return demands
  }
}

extension DateRange {
  /// The first instant after its last day.
  package var end: Instant { CivilDate(day: Int(last.day) + 1).map { Instant($0) } ?? Instant(last) }

  /// From 00:00 of the first day to 24:00 of the last.
  package var time: Range<Instant> { Instant(first)..<end }
}
