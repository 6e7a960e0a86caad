// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// A clock as its row keeps it.
package struct ClockRow: Sendable {
  package let order: UUIDv7
  package let clock: OrderClock
  package let warned: Instant?
  package let missed: Instant?

  /// The rows' columns, in the order in which they are read.
  static let columns: SQL = """
    c.order_id, c.document, c.revision, c.rule, c.started_at, c.number::int, c.span_count, c.span_unit, c.opens_at, c.outside_at, c.warn_at, c.state, \
    c.pauses, c.ended_at, c.warned_at, c.missed_at
    """
  /// How many there are.
  static let width = 16

  /// Reads a row.
  ///
  /// - Parameter rules: finds the rule that the clock goes by.
  static func read(_ row: Row, _ rules: OfficeClocks) throws(DecodingFailure) -> ClockRow {
    let revision = try row.int32(2)
    guard let unit = Span.Unit(rawValue: try row.text(7)), let count = UInt32(exactly: try row.int32(6)) else { throw .value(column: 7) }
    let span = Span(count, unit)
    let (document, name) = (try row.text(1), try row.text(3))
    guard let rule = rules.rule(name, of: document, revision: revision, span: span) else { throw .value(column: 3) }
    let outside = try row.optional(9, row.instant)
    let warning = try row.optional(10, row.instant)
    return ClockRow(
      order: try row.identifier(0),
      clock: OrderClock(
        rule: rule, number: Int16(clamping: try row.int32(5)), limit: rule.limit(over: span), started: try row.instant(4),
        opens: try row.instant(8),
        deadline: outside.map { ClockDeadline(outside: $0, warning: warning ?? $0, isOfMoments: span.isOfMoments) },
        pauses: try row.isNull(12) ? [] : pauses(row, 12), state: try row.word(11),
        ended: try row.optional(13, row.instant)),
      warned: try row.optional(14, row.instant), missed: try row.optional(15, row.instant))
  }

  private static func pauses(_ row: Row, _ column: Int) throws(DecodingFailure) -> [ClockPause] {
    var pauses: [ClockPause] = []
    for one in try row.json(column).array ?? [] {
      guard let state = one["state"]?.string.flatMap(OrderState.init(rawValue:)), let from = one["from"]?.string.flatMap({ Instant($0) })
      else {
        throw .value(column: column)
      }
      pauses.append(ClockPause(state, from: from, to: one["to"]?.string.flatMap { Instant($0) }))
    }
    return pauses
  }
}

extension OrderClock {
  /// The pauses as the row keeps them; nil where there are none.
  var pausesDocument: [UInt8]? {
    guard !pauses.isEmpty else { return nil }
    var writer = JSONWriter(capacity: 128)
    writer.beginArray()
    for pause in pauses {
      writer.beginObject()
      writer.key("state")
      writer.string(pause.state.rawValue)
      writer.key("from")
      writer.instant(pause.from)
      if let to = pause.to {
        writer.key("to")
        writer.instant(to)
      }
      writer.endObject()
    }
    writer.endArray()
    return writer.bytes
  }
}
