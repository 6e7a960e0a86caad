// SPDX-License-Identifier: Apache-2.0

/// Days from a first to a last, both inside, as contracts say their term.
package struct DateRange: Sendable, Hashable {
  package let first: CivilDate
  package let last: CivilDate

  /// `nil` when the last day is before the first.
  package init?(_ first: CivilDate, through last: CivilDate) {
    guard first <= last else { return nil }
    self.first = first
    self.last = last
  }

  /// The days up to a last one, at least the first.
  package init(_ first: CivilDate, orThrough last: CivilDate) {
    self.first = first
    self.last = max(first, last)
  }

  /// A month: `2026-03`; `nil` for what is none.
  package init?(month text: some StringProtocol) {
    guard text.utf8.count == 7, let first = CivilDate(text + "-01") else { return nil }
    let (year, month, _) = first.components
    guard let last = CivilDate(year: year, month: month, day: CivilDate.days(inMonth: month, of: year)) else { return nil }
    self.init(first, through: last)
  }

  /// How many days it has; at least one.
  package var days: Int { last.days(since: first) + 1 }

  package func contains(_ date: CivilDate) -> Bool { first <= date && date <= last }
  package func contains(_ instant: Instant) -> Bool { contains(instant.date) }
  package func overlaps(_ other: DateRange) -> Bool { first <= other.last && other.first <= last }

  /// The days in both; `nil` when there are none.
  package func intersection(_ other: DateRange) -> DateRange? { DateRange(max(first, other.first), through: min(last, other.last)) }
}

extension DateRange: CustomStringConvertible {
  package var description: String { "\(first) … \(last)" }
}

extension CivilDate {
  /// The month that the day is in: `2026-03`.
  package var month: String { String("\(self)".prefix(7)) }
}
