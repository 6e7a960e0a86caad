// SPDX-License-Identifier: Apache-2.0
import Base

/// What a report covers: a day, a week, a calendar month, or days that somebody names.
package enum ReportKind: String, Sendable, Hashable, CaseIterable {
  /// 日报, 周报 (Monday to Sunday), 月报, 专报.
  case daily, weekly, monthly, special
}

/// The days of a report, and those of the periods before it that it is compared with.
package struct ReportPeriod: Sendable, Hashable {
  package let kind: ReportKind
  package let days: DateRange

  /// The period of a kind that a day lies in.
  ///
  /// - Throws: `outOfRange` at the ends of the calendar.
  package init(_ kind: ReportKind, containing day: CivilDate) throws(DateError) {
    self.kind = kind
    switch kind {
    case .daily, .special: days = DateRange(day, orThrough: day)
    case .weekly:
      let monday = try day.adding(days: 1 - day.weekday.rawValue)
      days = DateRange(monday, orThrough: try monday.adding(days: 6))
    case .monthly:
      let first = try day.adding(days: 1 - day.components.day)
      days = DateRange(first, orThrough: try first.adding(months: 1).adding(days: -1))
    }
  }

  package init(special days: DateRange) {
    kind = .special
    self.days = days
  }

  /// The period of the same kind before this one.
  package func previous() throws(DateError) -> ReportPeriod {
    let last = try days.first.adding(days: -1)
    switch kind {
    case .special: return ReportPeriod(special: DateRange(try days.first.adding(days: -days.days), orThrough: last))
    default: return try ReportPeriod(kind, containing: last)
    }
  }
}

/// When a number of orders is a surge 激增 that is warned of early.
package struct SurgeRule: Sendable, Hashable {
  /// So many orders at least …
  package let least: Int64
  /// … and so many times the mean of the periods before.
  package let factor: Share
  /// Of how many periods the mean is taken.
  package let periods: Int

  package init(least: Int64, factor: Share, periods: Int) {
    self.least = least
    self.factor = factor
    self.periods = periods
  }

  /// Where an office says nothing: five orders, twice the mean of four periods.
  package static let usual = SurgeRule(least: 5, factor: .percent(200), periods: 4)

  /// `settings.surges` of `office.json`.
  package static let shape: Shape<SurgeRule> = .object(
    "surgeRule",
    about: Text(
      zh: "激增预警：至少多少件、达到此前若干期平均的多少倍。",
      en: "When a surge is warned of: how many orders at least, and how many times the mean of the periods before."),
    Field("least", .integer(1...1_000_000), default: 5), Field("factor", .share, default: "200%"),
    Field("periods", .integer(1...12), default: 4)
  ) { SurgeRule(least: $0, factor: $1, periods: $2) }

  /// The rule in an office's stored settings.
  package init(settings: JSON) {
    self = settings["settings"]?["surges"].flatMap { try? Self.shape.decode($0).get() } ?? .usual
  }

  /// Whether a count is a surge.
  ///
  /// - Parameter earlier: the counts of the periods before, together.
  package func isSurge(_ count: Int64, earlier: Int64) -> Bool {
    guard count >= least, let usual = try? Rational(Int128(earlier), over: Int128(periods)) * factor.value,
      let number = try? Rational(Int128(count), over: 1)
    else { return false }
    return number >= usual && count * Int64(periods) > earlier
  }
}

/// A number of orders beside that of the period before.
package struct Trend: Sendable, Hashable {
  package var count: Int64 = 0
  package var previous: Int64 = 0

  package init(count: Int64 = 0, previous: Int64 = 0) {
    self.count = count
    self.previous = previous
  }

  /// The change in percent, with its sign and one decimal, half away from zero; nil where there was nothing before.
  package var change: String? {
    guard previous > 0 else { return nil }
    let doubled = (count - previous) * 2000
    let tenths = (abs(doubled) / previous + 1) / 2
    let sign = tenths == 0 ? "" : doubled < 0 ? "-" : "+"
    return "\(sign)\(tenths / 10).\(tenths % 10)%"
  }
}
