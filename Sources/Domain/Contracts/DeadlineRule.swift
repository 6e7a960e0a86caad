// SPDX-License-Identifier: Apache-2.0
import Base

/// When something is due: an event and a span, a fixed date, or the earlier or later of several such.
package indirect enum DeadlineRule: Sendable, Hashable {
  /// On a fixed date; moved to the next working day only where the contract says so.
  case on(CivilDate, rolls: Bool)
  /// A span from the latest of some events; without a span it is due from then on, with no limit.
  case after([ContractEvent], within: Span?)
  /// So long before an event.
  case before(ContractEvent, by: Span)
  /// On the date that the event's record carries, because the paper leaves it to an agreement.
  case agreed(ContractEvent)
  case earliest([DeadlineRule])
  case latest([DeadlineRule])
}

extension DeadlineRule {
  static let shape: Shape<DeadlineRule> = .oneOf(
    "deadline",
    about: Text(zh: "期限：事件加期间、固定日期，或其中最早、最晚者。", en: "A deadline: an event and a span, a fixed date, or the earliest or latest of such."),
    Alternative("on", Field("on", .date), Field("rolls", .bool, default: false)) { .on($0, rolls: $1) },
    Alternative("after", Field("after", .array(of: ContractEvent.shape, min: 1, max: 8)), Field(optional: "within", Span.shape)) {
      .after($0, within: $1)
    },
    Alternative("before", Field("before", ContractEvent.shape), Field("by", Span.shape)) { .before($0, by: $1) },
    Alternative("agreed", ContractEvent.shape) { .agreed($0) },
    Alternative("earliest", .array(of: .reference(shape), min: 2, max: 8)) { .earliest($0) },
    Alternative("latest", .array(of: .reference(shape), min: 2, max: 8)) { .latest($0) })

  /// Every event it speaks of.
  package var events: [ContractEvent] {
    switch self {
    case .on: []
    case .after(let events, _): events
    case .before(let event, _), .agreed(let event): [event]
    case .earliest(let parts), .latest(let parts): parts.flatMap(\.events)
    }
  }

  /// Whether it ever sets a day: an `after` without a span does not.
  package var hasLimit: Bool {
    switch self {
    case .on, .before, .agreed: true
    case .after(_, let span): span != nil
    case .earliest(let parts): parts.contains(where: \.hasLimit)
    case .latest(let parts): parts.allSatisfy(\.hasLimit)
    }
  }
}
