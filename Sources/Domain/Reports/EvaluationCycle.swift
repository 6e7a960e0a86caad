// SPDX-License-Identifier: Apache-2.0
import Base

/// The span by which the city evaluates 评价周期: of a rule pack's length from the day the pack takes effect, or a month where no pack has one.
package struct EvaluationCycle: Sendable, Hashable {
  package let days: DateRange
  /// The length it has unless the next rule cuts it.
  package let months: Int
  /// The pack that says so; nil for a calendar month.
  package let pack: String?

  /// The cycle that a day lies in.
  ///
  /// - Throws: `DateError` at the ends of the calendar.
  package init(containing day: CivilDate, packs: RulePacks) throws(DateError) {
    let part = day.components
    let month = try day.adding(days: 1 - part.day)
    guard let (months, pack) = packs.cycle(on: day) else {
      let first = packs.firstCycle(after: day)
      self.init(from: month, months: 1, pack: nil, last: try month.adding(months: 1).adding(days: -1), before: first)
      return
    }
    let start = pack.from.components
    var count = ((part.year - start.year) * 12 + part.month - start.month) / months
    if try pack.from.adding(months: count * months) > day { count -= 1 }
    let from = try pack.from.adding(months: count * months)
    let last = try pack.from.adding(months: (count + 1) * months).adding(days: -1)
    self.init(from: from, months: months, pack: pack.id, last: last, before: packs.firstCycle(after: day))
  }

  private init(from: CivilDate, months: Int, pack: String?, last: CivilDate, before next: CivilDate?) {
    let end = next.map { CivilDate(day: Int($0.day) - 1) ?? $0 } ?? last
    days = DateRange(from, orThrough: min(last, end))
    self.months = months
    self.pack = pack
  }
}

extension RulePacks {
  /// The first day after a day on which another pack's cycle takes over.
  fileprivate func firstCycle(after day: CivilDate) -> CivilDate? { packs.first { $0.from > day && $0.cycleMonths != nil }?.from }
}
