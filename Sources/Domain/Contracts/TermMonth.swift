// SPDX-License-Identifier: Apache-2.0
import Base

/// A month of the term: what a monthly grade or score is given for.
package struct TermMonth: Sendable, Hashable {
  /// `2025-08`, after the day it starts on.
  package let label: String
  package let range: DateRange

  /// The months that begin within some days.
  ///
  /// - Parameters:
  ///   - anchor: the first day of the term; months begin on its day of the month, or on the first where they follow the calendar.
  package static func months(in range: DateRange, anchor: CivilDate, alignment: Periodicity.Alignment) -> [TermMonth] {
    var months: [TermMonth] = []
    let (year, month, _) = anchor.components
    let origin = alignment == .term ? anchor : CivilDate(year: year, month: month, day: 1) ?? anchor
    let skipped = max(0, (range.first.components.year - year) * 12 + range.first.components.month - month - 1)
    for number in skipped... {
      guard let start = try? origin.adding(months: number), start <= range.last, let next = try? origin.adding(months: number + 1),
        let end = CivilDate(day: Int(next.day) - 1)
      else { break }
      let first = max(start, alignment == .calendar ? range.first : start)
      let last = alignment == .calendar ? min(end, range.last) : end
      guard start >= range.first || alignment == .calendar, let days = DateRange(first, through: last) else { continue }
      months.append(TermMonth(label: String(first.description.prefix(7)), range: days))
    }
    return months
  }
}

extension ScheduledPayment {
  /// The days of service that it stands for; `nil` for none.
  func serviceDays(of contract: Contract) -> DateRange? {
    if case .release = source { return nil }
    return period ?? window.flatMap { $0.intersection(contract.term) }
  }

  /// What a series is given for within these days: each with its name.
  package func occasions(_ pace: SeriesPace, of contract: Contract) -> [TermMonth] {
    guard let days = serviceDays(of: contract) else { return [] }
    return switch pace {
    case .period: [TermMonth(label: id, range: days)]
    case .month: TermMonth.months(in: days, anchor: contract.term.first, alignment: contract.monthAlignment)
    }
  }
}

extension Contract {
  /// Whether months for grades and scores follow the calendar, as its periods do.
  package var monthAlignment: Periodicity.Alignment {
    for payment in latest.terms.payments { if case .every(let periodicity) = payment.rhythm { return periodicity.alignment } }
    return .term
  }
}
