// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Writes the clocks of orders whose past is taken in whole, and what was told of them; the statements run in the office's context.
package enum ClockPastStore {
  /// The clocks of one order as they stand now, and what is to be known of the order where something was told.
  package struct Past: Sendable {
    package let order: WorkOrder
    package let clocks: [ToldClock]

    package init(order: WorkOrder, clocks: [ToldClock]) {
      self.order = order
      self.clocks = clocks
    }
  }

  // MARK: Predicates

  private static let held: SQL = """
    SELECT (n.held IS NULL OR holds(n.facts, n.held::jsonpath)) AND (n.spared IS NULL OR NOT holds(n.facts, n.spared::jsonpath))
    FROM unnest($1::jsonb[], $2::text[], $3::text[]) WITH ORDINALITY AS n (facts, held, spared, place) ORDER BY n.place
    """

  /// Whether the predicates of rules hold for orders, each given by its document; in their order.
  package static func holds(_ questions: [(facts: [UInt8], rule: ClockRule)]) -> Query<Bool> {
    Query(
      held, [.jsonbArray(questions.map(\.facts)), .textArray(questions.map(\.rule.when)), .textArray(questions.map(\.rule.unless))]
    ) { row throws(DecodingFailure) in try row.bool(0) }
  }

  // MARK: Writing

  private static let clocks: SQL = """
    INSERT INTO work_order_clock (tenant_id, order_id, document, revision, rule, started_at, number, span_count, span_unit, recurs, owner, \
    done_by, moot_by, paused_while, opens_at, outside_at, warn_at, next_at, state, pauses, ended_at, warned_at, missed_at)
    SELECT $1, order_id, document, revision, rule, started_at, number, span_count, span_unit, recurs, owner, done_by, \
    string_to_array(moot_by, ','), string_to_array(paused_while, ','), opens_at, outside_at, warn_at, next_at, state, pauses, ended_at, \
    warned_at, missed_at
    FROM unnest($2::uuid[], $3::text[], $4::int[], $5::text[], $6::timestamptz[], $7::int[], $8::int[], $9::text[], $10::bool[], $11::text[], \
    $12::text[], $13::text[], $14::text[], $15::timestamptz[], $16::timestamptz[], $17::timestamptz[], $18::timestamptz[], $19::text[], \
    $20::jsonb[], $21::timestamptz[], $22::timestamptz[], $23::timestamptz[]) AS n (order_id, document, revision, rule, started_at, number, \
    span_count, span_unit, recurs, owner, done_by, moot_by, paused_while, opens_at, outside_at, warn_at, next_at, state, pauses, ended_at, \
    warned_at, missed_at)
    """
  private static let told: SQL = """
    INSERT INTO audit_event (tenant_id, side, subject_kind, id, at, action, subject, data)
    SELECT $1, 'system', 'work-order', n.id, n.at, n.action, n.order_id::text, n.data
    FROM unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::uuid[], $6::jsonb[]) AS n (id, at, action, order_id, data)
    """

  /// Writes clocks, and into the office's log the warnings and misses that were told of them.
  ///
  /// - Parameter identity: makes the identifier of an entry from its time.
  package static func add(_ orders: [Past], in tenant: TenantID, identity: (Instant) -> UUIDv7) -> [Statement] {
    let all = orders.flatMap { past in past.clocks.map { (order: past.order, told: $0) } }
    guard !all.isEmpty else { return [] }
    let news = all.flatMap { order, told in
      [(told.warned, ClockStore.Told.warned), (told.missed, ClockStore.Told.missed)].compactMap { at, what in
        at.map { (at: $0, what: what, order: order.id, data: told.clock.notice(of: order.externalNumber, at: order.department)) }
      }
    }
    var statements = [Statement(clocks, [.int4(tenant.number)] + binds(all.map { ($0.order.id, $0.told) }))]
    guard !news.isEmpty else { return statements }
    statements.append(
      Statement(
        told,
        [
          .int4(tenant.number),
          .uuidArray(
            news.map {
              let id = identity($0.at)
              return (id.high, id.low)
            }), .timestamptzArray(news.map(\.at.microseconds)), .textArray(news.map(\.what)),
          .uuidArray(news.map { ($0.order.high, $0.order.low) }), .jsonbArray(news.map { OrderPastStore.octets($0.data) }),
        ]))
    return statements
  }

  private static func binds(_ clocks: [(order: UUIDv7, told: ToldClock)]) -> [Bind] {
    func words(_ word: (OrderClock) -> String?) -> Bind { .textArray(clocks.map { word($0.told.clock) }) }
    func times(_ time: (ToldClock) -> Instant?) -> Bind { .timestamptzArray(clocks.map { time($0.told)?.microseconds }) }
    func list(_ words: [String]) -> String? { words.isEmpty ? nil : words.joined(separator: ",") }
    return [
      .uuidArray(clocks.map { ($0.order.high, $0.order.low) }), words(\.rule.source.code),
      .int4Array(clocks.map(\.told.clock.rule.source.revision)), words(\.rule.id), times(\.clock.started),
      .int4Array(clocks.map { Int32($0.told.clock.number) }), .int4Array(clocks.map { Int32(clamping: $0.told.clock.limit.span.count) }),
      words(\.limit.span.unit.rawValue), .boolArray(clocks.map(\.told.clock.rule.recurs)), words(\.rule.owner.rawValue),
      words(\.rule.to.rawValue), words { list($0.rule.mootBy.map(\.rawValue)) }, words { list($0.rule.pausedWhile.map(\.rawValue)) },
      times(\.clock.opens), times(\.clock.deadline?.outside), times(\.clock.deadline?.warning), times(\.next), words(\.state.rawValue),
      .jsonbArray(clocks.map(\.told.clock.pausesDocument)), times(\.clock.ended), times(\.warned), times(\.missed),
    ]
  }
}
