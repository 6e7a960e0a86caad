// SPDX-License-Identifier: Apache-2.0

/// How long a period is, in the unit the rule says it in.
package struct Span: Sendable, Hashable {
  package enum Unit: String, Sendable, Hashable, CaseIterable {
    case minutes, hours, days, workingDays, months, years
  }

  package let count: UInt32
  package let unit: Unit

  package init(_ count: UInt32, _ unit: Unit) {
    self.count = count
    self.unit = unit
  }

  /// Whether it runs from a moment to a moment, and not from a day to a day.
  package var isOfMoments: Bool { unit == .minutes || unit == .hours }

  package static func minutes(_ count: UInt32) -> Span { Span(count, .minutes) }
  package static func hours(_ count: UInt32) -> Span { Span(count, .hours) }
  package static func days(_ count: UInt32) -> Span { Span(count, .days) }
  package static func workingDays(_ count: UInt32) -> Span { Span(count, .workingDays) }
  package static func months(_ count: UInt32) -> Span { Span(count, .months) }
  package static func years(_ count: UInt32) -> Span { Span(count, .years) }
}

extension Span {
  /// One member, named by the unit: `{"workingDays": 10}`.
  package static let shape: Shape<Span> = .object(
    "span", about: Text(zh: "一段期间，以所注明的单位计。", en: "A period in the unit it names."), .oneOf(Unit.allCases.map(alternative)))

  private static func alternative(_ unit: Unit) -> Alternative<Span> {
    Alternative(unit.rawValue, .integer(1...1_000_000)) { Span($0, unit) }
  }

  /// The JSON that its shape reads.
  package var json: JSON { .object([unit.rawValue: .integer(count)]) }

  /// The period in words: `10 个工作日`, `10 working days`.
  package var text: Text {
    let (zh, one, many) =
      switch unit {
      case .minutes: ("分钟", "minute", "minutes")
      case .hours: ("小时", "hour", "hours")
      case .days: ("日", "day", "days")
      case .workingDays: ("个工作日", "working day", "working days")
      case .months: ("个月", "month", "months")
      case .years: ("年", "year", "years")
      }
    return Text(zh: "\(count) \(zh)", en: "\(count) \(count == 1 ? one : many)")
  }
}
