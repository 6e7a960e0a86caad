// SPDX-License-Identifier: Apache-2.0
import Base

/// What can happen to a work order 工单.
package enum OrderEvent: String, Sendable, Hashable, CaseIterable {
  case received, signed, verified, outsideRemit, returned, approvalAsked, approved, dispatched, urged, progressReported, replied, audited
  case calledBack, closed, hung, exclusionAsked, exclusionDecided, appealed, reopened, archived
}

/// A state in which a work order waits.
package enum OrderState: String, Sendable, Hashable, CaseIterable {
  case awaitingApproval, hung, awaitingExclusion, awaitingCitizen
}

/// Whose hours count.
package enum ServiceHours: String, Sendable, Hashable, CaseIterable {
  /// Round the clock.
  case allDay
  /// The office's duty hours.
  case duty
}

/// A standard that work orders are held to: a clock, a recurrence, a cover of hours, or a check.
package struct ServiceLevel: Sendable, Hashable {
  package enum Owner: String, Sendable, Hashable, CaseIterable { case vendor, office, department }
  package enum Time: String, Sendable, Hashable, CaseIterable { case wall, duty }

  package enum Limit: Sendable, Hashable {
    case within(Span)
    /// Several limits from one start, each with its warning.
    case stages([Span])
    /// The limit that the order's own grade sets.
    case own
  }

  /// When the end of a limit is warned of.
  package enum Warning: Sendable, Hashable {
    /// So long before it.
    case before(Span)
    /// When so much of it is used up.
    case used(Share)

    /// Where a level says nothing: a fifth is left.
    package static let standard = Warning.used(.percent(80))
  }

  package struct Clock: Sendable, Hashable {
    package let from: OrderEvent
    package let to: OrderEvent
    /// Steps after which nothing is left to be done in time: the clock ends without being met or missed.
    package let mootBy: [OrderEvent]
    package let limit: Limit
    package let time: Time
    package let pausedWhile: [OrderState]
    /// Whether it starts at the time that the source system reports, where it reports one.
    package let asReported: Bool
    /// Whether a last day that is no working day moves to the next one (Civil Code art. 203).
    package let rolls: Bool
    package let warning: Warning
  }

  /// Something that is to be done again and again: by the end of each span from the start.
  package struct Recurrence: Sendable, Hashable {
    package let every: Span
    /// The state in which it is to be done; none: as long as the order is open.
    package let state: OrderState?
    package let to: OrderEvent
    package let rolls: Bool
    package let warning: Warning
  }

  package enum Standard: Sendable, Hashable {
    case clock(Clock)
    case recurring(Recurrence)
    /// These steps are served within these hours.
    case cover(ServiceHours, of: [OrderEvent])
    /// These must be there when the order takes the step.
    case check(at: OrderEvent, items: [Text])
  }

  package let id: String
  package let citation: Citation
  package let owner: Owner
  /// Orders it holds for, as a predicate in SQL/JSON path.
  package let when: String?
  /// Orders it does not hold for.
  package let unless: String?
  package let standard: Standard
  /// The incident that a miss by the vendor proposes.
  package let miss: String?
}

extension ServiceLevel {
  /// A predicate in SQL/JSON path; PostgreSQL judges its grammar when it is applied.
  static let path: Shape<String> = .string(minLength: 1, maxLength: 1000).refine { text in
    Predicate(text).variables.map { name in
      Fault(
        code: "bad-predicate",
        detail: Text(
          zh: "没有变量“$\(name)”；工单的成员写作“$.\(name)”。", en: "There is no variable “$\(name)”; a member of the order is written “$.\(name)”."))
    }
  }

  private static let limit: Shape<Limit> = .oneOf(

    Alternative("within", Span.shape) { .within($0) },
    Alternative("stages", .array(of: Span.shape, min: 1, max: 10)) { .stages($0) },
    Alternative("own", .constantTrue) { _ in .own })

  private static let warning: Field<Warning?> = .init(
    optional: "warn",
    .oneOf(
      "warning", about: Text(zh: "到期前何时提醒。", en: "When the end of a limit is warned of."),
      Alternative("before", Span.shape) { Warning.before($0) }, Alternative("used", .share.refine(partOfWhole)) { .used($0) }))

  private static func partOfWhole(_ share: Share) -> Fault? {
    guard share < .percent(0) || share > .percent(100) else { return nil }
    return Fault(code: "out-of-range", detail: Text(zh: "须在 0% 与 100% 之间。", en: "This must be between 0% and 100%."))
  }

  private static let rolls = Field<Bool>("rolls", .bool, default: true)
  private static let events: Shape<[OrderEvent]> = .array(of: .enumeration(OrderEvent.self), max: 20)

  private static let clock: Shape<Clock> = .object(
    Field("from", .enumeration(OrderEvent.self)), Field("to", .enumeration(OrderEvent.self)), Field("mootBy", events, default: []),
    Field("limit", limit), Field("time", .enumeration(Time.self)),
    Field("pausedWhile", .array(of: .enumeration(OrderState.self), max: 4), default: []), Field("asReported", .bool, default: false), rolls,
    warning
  ) {
    Clock(
      from: $0, to: $1, mootBy: $2, limit: $3, time: $4, pausedWhile: $5, asReported: $6, rolls: $7, warning: $8 ?? .standard)
  }

  private static let recurring: Shape<Standard> = .object(
    Field("every", Span.shape), Field(optional: "while", .enumeration(OrderState.self)), Field("to", .enumeration(OrderEvent.self)), rolls,
    warning
  ) { .recurring(Recurrence(every: $0, state: $1, to: $2, rolls: $3, warning: $4 ?? .standard)) }

  private static let cover: Shape<Standard> = .object(
    Field("hours", .enumeration(ServiceHours.self)), Field("of", .array(of: .enumeration(OrderEvent.self), min: 1, max: 20))
  ) { .cover($0, of: $1) }

  private static let check: Shape<Standard> = .object(
    Field("at", .enumeration(OrderEvent.self)), Field("items", .array(of: Text.shape, min: 1, max: 20))
  ) { .check(at: $0, items: $1) }

  static let shape: Shape<ServiceLevel> = .object(
    "serviceLevel", about: Text(zh: "工单的服务标准：时限、定期、值守或查验。", en: "A standard for work orders: a clock, a recurrence, a cover or a check."),
    Field("id", .code), Citation.field, Field("owner", .enumeration(Owner.self)), Field(optional: "when", path),
    Field(optional: "unless", path),
    Field.oneOf(
      Alternative("clock", clock) { Standard.clock($0) }, Alternative("recurring", recurring) { $0 }, Alternative("cover", cover) { $0 },
      Alternative("check", check) { $0 }),
    Field(optional: "miss", .code)
  ) { ServiceLevel(id: $0, citation: $1, owner: $2, when: $3, unless: $4, standard: $5, miss: $6) }
}

extension Shape where Value == Bool {
  /// A member that is only ever written as `true`.
  static var constantTrue: Shape {
    bool.refine { $0 ? nil : Fault(code: "out-of-range", detail: Text(zh: "只能写 true，否则略去。", en: "Write true, or leave it out.")) }
  }
}
