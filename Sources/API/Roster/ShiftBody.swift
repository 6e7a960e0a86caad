// SPDX-License-Identifier: Apache-2.0
import Base
import Domain

/// The bodies of requests about shifts.
enum ShiftBody {
  /// The days whose slots are to be filled.
  struct Generation: Sendable {
    let days: DateRange
    let contract: String?
  }

  /// Shifts that somebody thought out.
  struct Listed: Sendable {
    let shifts: [DutyShift]
    /// Why rest may be broken; nil where it may not.
    let reason: String?
  }

  enum Planning: Sendable {
    case generate(Generation)
    case list(Listed)
  }

  struct Replacement: Sendable {
    let person: String
    let reason: String
    let breaksRest: Bool
  }

  static let reason: Shape<String> = .string(minLength: 1, maxLength: 2000)

  /// What goes with a decision.
  static let note: Shape<String?> = .object(
    "rosterDecision", about: Text(zh: "可附说明。", en: "A note may go with it."), Field(optional: "note", reason)
  ) { $0 }

  /// The same where it must say why.
  static let reasoned: Shape<String?> = .object("rosterRejection", Field("note", reason)) { $0 }

  static let planning: Shape<Planning> = .oneOf(
    "shiftPlanning", about: Text(zh: "按规则生成一段日期的班次，或逐条列出班次。", en: "Shifts generated from the rules for some days, or listed one by one."),
    Alternative("generate", generation) { .generate($0) },
    Alternative(
      "shifts", Field("shifts", .array(of: shift, min: 1, max: 500)),
      Field(optional: "despiteRest", reason.described(zh: "仍要安排违反休息规定的班次的理由。", en: "Why shifts are planned although rest is broken."))
    ) { .list(Listed(shifts: $0, reason: $1)) })

  private static let generation: Shape<Generation> = Shape<(CivilDate, CivilDate, String?)>.object(
    Field("from", .date), Field("to", .date), Field(optional: "contract", .code)
  ) { ($0, $1, $2) }.convert { from, to, contract in
    guard let days = DateRange(from, through: to), days.days <= RosterDesk.mostDays else {
      return .failure(
        Fault(
          pointer: "/to", code: "out-of-range",
          detail: Text(
            zh: "须不早于 from，且至多 \(RosterDesk.mostDays) 天。", en: "This must not be before from, and at most \(RosterDesk.mostDays) days.")))
    }
    return .success(Generation(days: days, contract: contract))
  }

  private static let shift: Shape<DutyShift> = Shape<(String, String, String, Instant, Instant)>.object(
    "plannedShift", about: Text(zh: "一人在一岗的一段值守，至多24小时。", en: "Somebody's duty on a post, 24 hours at most."),
    Field("person", .code), Field("contract", .code), Field("post", .code), Field("startsAt", .instant), Field("endsAt", .instant)
  ) { ($0, $1, $2, $3, $4) }.convert { person, contract, post, start, end in
    guard start < end, end.microseconds(since: start) <= Instant.day else {
      return .failure(
        Fault(
          pointer: "/endsAt", code: "out-of-range",
          detail: Text(zh: "须晚于 startsAt，且至多24小时。", en: "This must be after startsAt, by 24 hours at most.")))
    }
    return .success(DutyShift(person: person, contract: contract, post: post, interval: start..<end))
  }

  static let cancellation: Shape<String> = .object("shiftCancellation", Field("reason", reason)) { $0 }

  static let replacement: Shape<Replacement> = .object(
    "shiftReplacement", about: Text(zh: "由另一人顶替。", en: "Somebody else takes it."),
    Field("person", .code), Field("reason", reason), Field("despiteRest", .bool, default: false)
  ) { Replacement(person: $0, reason: $1, breaksRest: $2) }
}
