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
  ///   - limit: the last day of the term; no month is longer.
  package static func months(
    in range: DateRange, anchor: CivilDate, alignment: Periodicity.Alignment, limit: CivilDate = .last
  ) -> [TermMonth] {
    var months: [TermMonth] = []
    let (year, month, _) = anchor.components
    let origin = alignment == .term ? anchor : CivilDate(year: year, month: month, day: 1) ?? anchor
    let skipped = max(0, (range.first.components.year - year) * 12 + range.first.components.month - month - 1)
    for number in skipped... {
      guard let start = try? origin.adding(months: number), start <= range.last, let next = try? origin.adding(months: number + 1),
        let end = CivilDate(day: Int(next.day) - 1)
      else { break }
      // A month of the calendar that the term begins in is shorter; any other belongs to the days in which it begins.
      let isShort = alignment == .calendar && range.first == anchor
      guard start >= range.first || isShort, let days = DateRange(max(start, isShort ? anchor : start), through: min(end, limit)) else {
        continue
      }
      let first = days.first
      months.append(TermMonth(label: String(first.description.prefix(7)), range: days))
    }
    return months
  }
}

extension ScheduledPayment {
  /// The days of service that it stands for; `nil` for none.
  func serviceDays(of contract: Contract) -> DateRange? {
    if case .release = source { return nil }
    return period ?? window.flatMap { $0.intersection(contract.stretches[contract.stretchIndex(of: revision)].term) }
  }

  /// What a series is given for within these days: each with its name.
  package func occasions(_ pace: SeriesPace, of contract: Contract) -> [TermMonth] {
    guard let days = serviceDays(of: contract) else { return [] }
    return switch pace {
    case .period: [TermMonth(label: id, range: days)]
    case .month: contract.months(in: days, of: revision)
    }
  }
}

extension Schedule {
  /// What a series is given for, by its label, and the payment in whose days it lies.
  ///
  /// - Returns: nil where the plan has no such period or month.
  package func occasion(_ label: String, of contract: Contract) -> (payment: ScheduledPayment, days: TermMonth)? {
    for payment in payments {
      for pace in SeriesPace.allCases {
        if let days = payment.occasions(pace, of: contract).first(where: { $0.label == label }) { return (payment, days) }
      }
    }
    return nil
  }
}

extension Contract {
  /// The months that begin within some days, as the stretch that a paper belongs to counts them: later papers do not count them anew.
  func months(in days: DateRange, of revision: Int) -> [TermMonth] {
    let stretch = stretches[stretchIndex(of: revision)]
    return TermMonth.months(
      in: days, anchor: stretch.term.first, alignment: monthAlignment(of: stretch), limit: max(days.last, stretch.term.last))
  }

  /// Whether months for grades and scores follow the calendar, as the stretch's first periods do.
  private func monthAlignment(of stretch: Stretch) -> Periodicity.Alignment {
    for payment in revisions[stretch.papers].lazy.flatMap(\.terms.payments) {
      if case .every(let periodicity) = payment.rhythm { return periodicity.alignment }
    }
    return .term
  }
}
