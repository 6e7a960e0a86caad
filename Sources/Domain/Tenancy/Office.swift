// SPDX-License-Identifier: Apache-2.0
import Base

/// An office as `office.json` describes it: what it is, who works with it, its hours, who holds which role.
package struct Office: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable { case districtCentre, town, township, street }

  package let code: String
  package let name: Text
  package let kind: Kind
  package let district: Text
  package let organisations: [Organisation]
  package let dutyHours: DutyHours
  package let settings: Settings
  package let grants: [Grant]

  package struct Settings: Sendable, Hashable {
    /// How long a vendor still sees the office after its contract has ended.
    package let vendorWindDown: Span
    /// How the three rates are counted; nil for the usual way, without a composite.
    package let rates: RateRule?
    /// How key complainants are looked after; nil for the usual way.
    package let complainants: ComplainantRule?
    /// How incidents are decided; nil for the usual way.
    package let appraisal: AppraisalRule?
    /// Where recordings and pictures are kept beside the attachments; nil for nowhere.
    package let media: MediaRule?
    /// When a number of orders is warned of as a surge; nil for the usual way.
    package let surges: SurgeRule?
  }

  /// The roles one person of the staff list holds.
  package struct Grant: Sendable, Hashable {
    package let person: String
    package let roles: [String]
  }
}

/// An office or a vendor as an organisation; its code is the same wherever it works.
package struct Organisation: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable { case office, vendor }

  package let code: String
  package let kind: Kind
  package let name: Text

  package init(code: String, kind: Kind, name: Text) {
    self.code = code
    self.kind = kind
    self.name = name
  }
}

/// When somebody is on duty, by the working calendar.
package enum DutyHours: Sendable, Hashable {
  package struct Hours: Sendable, Hashable {
    package let from: CivilTime
    /// The first moment behind them, in microseconds after 00:00; a whole day's where they end at midnight.
    package let end: Int64

    package init(from: CivilTime, end: Int64) {
      self.from = from
      self.end = end
    }

    package func contains(_ time: CivilTime) -> Bool { from <= time && time.microseconds < end }
  }

  case allDay
  case by(workingDays: [Hours], restDays: [Hours])
}

extension Office {
  private static let settings: Shape<Settings> = .object(
    Field("vendorWindDown", Span.shape), Field(optional: "rates", RateRule.shape),
    Field(optional: "keyComplainants", ComplainantRule.shape), Field(optional: "appraisal", AppraisalRule.shape),
    Field(optional: "media", MediaRule.shape), Field(optional: "surges", SurgeRule.shape)
  ) { Settings(vendorWindDown: $0, rates: $1, complainants: $2, appraisal: $3, media: $4, surges: $5) }

  private static let grant: Shape<Grant> = .object(
    Field("person", .code), Field("roles", .array(of: .string(minLength: 1, maxLength: 64), min: 1, max: 20, uniqueBy: nil, key: { $0 }))
  ) { Grant(person: $0, roles: $1) }

  package static let shape: Shape<Office> = .object(
    "office", about: Text(zh: "单位。", en: "An office."),
    Field("code", .code), Field("name", Text.shape), Field("kind", .enumeration(Kind.self)), Field("district", Text.shape),
    Field("organisations", .array(of: Organisation.shape, min: 1, max: 100, uniqueBy: "code", key: \.code)),
    Field("dutyHours", DutyHours.shape),
    Field("settings", settings), Field("grants", .array(of: grant, uniqueBy: "person", key: \.person), default: [])
  ) {
    Office(code: $0, name: $1, kind: $2, district: $3, organisations: $4, dutyHours: $5, settings: $6, grants: $7)
  }
}

extension Organisation {
  static let shape: Shape<Organisation> = .object(
    "organisation", about: Text(zh: "单位或供应商。", en: "An office or a vendor."),
    Field("code", .code), Field("kind", .enumeration(Kind.self)), Field("name", Text.shape)
  ) { Organisation(code: $0, kind: $1, name: $2) }
}

extension DutyHours {
  private static let hours: Shape<Hours> = .object(Field("from", .time), Field("to", .endTime)) { Hours(from: $0, end: $1) }

  private static let list: Shape<[Hours]> = .array(of: hours, max: 8).refine { list in
    for (index, hours) in list.enumerated() {
      if hours.end <= hours.from.microseconds {
        return Fault(
          pointer: "/\(index)/to", code: "out-of-range",
          detail: Text(
            zh: "须晚于 from；止于午夜的写 24:00，跨午夜的分为两段。",
            en: "This must be after from: hours that end at midnight end at 24:00, those that pass it are written as two."))
      }
      if index > 0, hours.from.microseconds < list[index - 1].end {
        return Fault(pointer: "/\(index)/from", code: "out-of-range", detail: Text(zh: "与前一段重叠。", en: "This overlaps the hours before."))
      }
    }
    return nil
  }

  static let shape: Shape<DutyHours> = .oneOf(
    "dutyHours", about: Text(zh: "值守时间。", en: "Duty hours."),
    Alternative("allDay", .constantTrue) { _ in .allDay },
    Alternative("workingDays", Field("workingDays", list), Field("restDays", list, default: [])) { .by(workingDays: $0, restDays: $1) })
}
