// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Statements on the clocks of work orders; the caller runs them in the office's context.
package enum ClockStore {
  // MARK: Starting

  /// A clock that starts with an order's step, where the predicates of its rule hold.
  package struct New: Sendable {
    let order: UUIDv7
    let clock: OrderClock
    /// The order as predicates see it; nil where the rule has none.
    let facts: [UInt8]?
    let now: Instant

    package init(order: UUIDv7, clock: OrderClock, facts: [UInt8]?, now: Instant) {
      self.order = order
      self.clock = clock
      self.facts = facts
      self.now = now
    }
  }

  // The limit is the number of clocks and takes none away. PostgreSQL counts the elements of arrays it is given and goes by ten of those it is
  // not: without the limit it would take a plan for all values for dearer than one for these, and plan each time, for longer than it runs.
  private static let insertion: SQL = """
    INSERT INTO work_order_clock (tenant_id, order_id, document, revision, rule, started_at, number, span_count, span_unit, recurs, owner, done_by, \
    moot_by, paused_while, opens_at, outside_at, warn_at, next_at, state)
    SELECT $1, n.order_id, n.document, n.revision, n.rule, n.started_at, n.number, n.span_count, n.span_unit, n.recurs, n.owner, n.done_by, \
    string_to_array(n.moot_by, ','), string_to_array(n.paused_while, ','), n.opens_at, n.outside_at, n.warn_at, n.next_at, 'running'
    FROM (SELECT * FROM unnest($2::uuid[], $3::text[], $4::int[], $5::text[], $6::timestamptz[], $7::int[], $8::int[], $9::text[], $10::bool[], \
    $11::text[], $12::text[], $13::text[], $14::text[], $15::timestamptz[], $16::timestamptz[], $17::timestamptz[], $18::timestamptz[], $19::jsonb[], \
    $20::text[], $21::text[]) LIMIT $22) AS n (order_id, document, revision, rule, started_at, number, span_count, span_unit, recurs, owner, \
    done_by, moot_by, paused_while, opens_at, outside_at, warn_at, next_at, facts, held, spared)
    WHERE (n.held IS NULL OR holds(n.facts, n.held::jsonpath)) AND (n.spared IS NULL OR NOT holds(n.facts, n.spared::jsonpath))
    """
  // OFFSET 0 has it looked up for each clock by itself: taken for a join, all clocks of the office may be read for it.
  private static let start: SQL = """
    \(insertion)
      AND NOT EXISTS (SELECT FROM work_order_clock c WHERE c.tenant_id = $1 AND c.order_id = n.order_id AND c.document = n.document \
    AND c.rule = n.rule AND c.ended_at IS NULL OFFSET 0)
    """

  private static let renewal: SQL = "\(insertion) ON CONFLICT DO NOTHING"

  /// Begins further turns of what recurs, where a step has not begun them already; whether the rule holds was judged at the first turn.
  static func renew(_ clocks: [New], in tenant: TenantID) -> Statement {
    let unjudged = Bind.textArray(clocks.map { _ in String?.none })
    return Statement(renewal, binds(clocks, in: tenant).dropLast(3) + [unjudged, unjudged, .int8(Int64(clocks.count))])
  }

  /// Starts clocks.
  ///
  /// - Parameter isFresh: whether the orders have just been taken in, so that none of the clocks can be under way.
  package static func start(_ clocks: [New], isFresh: Bool, in tenant: TenantID) -> Statement {
    Statement(isFresh ? insertion : start, binds(clocks, in: tenant))
  }

  private static func binds(_ clocks: [New], in tenant: TenantID) -> [Bind] {
    func texts(_ value: (New) -> String?) -> Bind { .textArray(clocks.map(value)) }
    func times(_ value: (New) -> Instant?) -> Bind { .timestamptzArray(clocks.map { value($0)?.microseconds }) }
    return [
      .int4(tenant.number), .uuidArray(clocks.map { ($0.order.high, $0.order.low) }), texts { $0.clock.rule.source.code },
      .int4Array(clocks.map { $0.clock.rule.source.revision }), texts { $0.clock.rule.id }, times { $0.clock.started },
      .int4Array(clocks.map { Int32($0.clock.number) }), .int4Array(clocks.map { Int32(clamping: $0.clock.limit.span.count) }),
      texts { $0.clock.limit.span.unit.rawValue }, .boolArray(clocks.map { $0.clock.rule.recurs }), texts { $0.clock.rule.owner.rawValue },
      texts { $0.clock.rule.to.rawValue }, texts { Self.list($0.clock.rule.mootBy.map(\.rawValue)) },
      texts { Self.list($0.clock.rule.pausedWhile.map(\.rawValue)) }, times { $0.clock.opens }, times { $0.clock.deadline?.outside },
      times { $0.clock.deadline?.warning }, times { $0.clock.attention(warned: false, at: $0.now) }, .jsonbArray(clocks.map(\.facts)),
      texts { $0.clock.rule.when }, texts { $0.clock.rule.unless }, .int8(Int64(clocks.count)),
    ]
  }

  private static func list(_ words: [String]) -> String? { words.isEmpty ? nil : words.joined(separator: ",") }

  // MARK: Ending

  private static let end: SQL = """
    WITH ended AS (
      UPDATE work_order_clock SET
        state = CASE WHEN state = 'missed' OR outside_at <= $4 THEN 'missed' WHEN done_by = $3 THEN 'met' ELSE 'lapsed' END,
        next_at = CASE WHEN missed_at IS NULL AND outside_at <= $4 THEN outside_at END,
        ended_at = $4
      WHERE tenant_id = $1 AND order_id = $2 AND ended_at IS NULL
        AND (done_by = $3 OR $3 = ANY (moot_by) OR ($5 AND done_by <> ALL ($6)))
      RETURNING state, outside_at)
    SELECT demand(false, 'JS004') FROM ended WHERE state = 'missed' AND outside_at > $4
    """
  private static let afterClosing: [String?] = OrderEvent.allCases.filter(\.followsClosing).map(\.rawValue)

  /// Ends what a step ends: met or missed where the clock waits for it, otherwise lapsed.
  ///
  /// It is for steps between which the order waits for nobody, and that renew nothing that recurs (``ClockKeeper``). It fails with
  /// `SQLState.clockTold` where a clock that `now` is in time for was told as missed already.
  ///
  /// - Parameter isOpen: whether somebody still has something to do after it; otherwise everything ends that cannot come any more.
  static func end(_ event: OrderEvent, of order: UUIDv7, at now: Instant, isOpen: Bool, in tenant: TenantID) -> Statement {
    Statement(
      end,
      [.int4(tenant.number), .uuid(order), .text(event.rawValue), .instant(now), .bool(!isOpen), .textArray(afterClosing)])
  }

  // MARK: Reading

  private static let underWay: SQL = """
    SELECT \(ClockRow.columns) FROM work_order_clock c WHERE c.tenant_id = $1 AND c.order_id = $2 AND c.ended_at IS NULL
    ORDER BY c.started_at, c.rule, c.number
    """
  private static let ofOrder: SQL = """
    SELECT \(ClockRow.columns) FROM work_order_clock c WHERE c.tenant_id = $1 AND c.order_id = $2
    ORDER BY c.started_at, c.document, c.rule, c.number
    """

  /// An order's clocks that have not ended.
  static func underWay(of order: UUIDv7, in tenant: TenantID) -> Statement { Statement(underWay, [.int4(tenant.number), .uuid(order)]) }

  /// All clocks that an order has had.
  package static func list(of order: UUIDv7, in tenant: TenantID) -> Statement { Statement(ofOrder, [.int4(tenant.number), .uuid(order)]) }

  /// Reads clocks by the rules they go by.
  package static func clocks(_ rows: Rows, _ rules: OfficeClocks) throws(DecodingFailure) -> [ClockRow] {
    var clocks: [ClockRow] = []
    for row in rows { clocks.append(try ClockRow.read(row, rules)) }
    return clocks
  }

  private static let held: SQL = """
    SELECT (n.held IS NULL OR holds($1, n.held::jsonpath)) AND (n.spared IS NULL OR NOT holds($1, n.spared::jsonpath))
    FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS n (held, spared, place) ORDER BY n.place
    """

  /// Whether predicates hold for an order: each that it holds for and that it does not hold for, none where they are nil; in their order.
  package static func holds(_ predicates: [(when: String?, unless: String?)], for facts: [UInt8]) -> Query<Bool> {
    Query(held, [.jsonb(facts), .textArray(predicates.map(\.when)), .textArray(predicates.map(\.unless))]) { row throws(DecodingFailure) in
      try row.bool(0)
    }
  }

  // MARK: Changing

  private static let put: SQL = """
    WITH put AS (
      INSERT INTO work_order_clock AS old (tenant_id, order_id, document, revision, rule, started_at, number, span_count, span_unit, recurs, owner, \
      done_by, moot_by, paused_while, opens_at, outside_at, warn_at, next_at, state, pauses, ended_at)
      SELECT $1, n.order_id, n.document, n.revision, n.rule, n.started_at, n.number, n.span_count, n.span_unit, n.recurs, n.owner, n.done_by, \
      string_to_array(n.moot_by, ','), string_to_array(n.paused_while, ','), n.opens_at, n.outside_at, n.warn_at, n.next_at, n.state, n.pauses, n.ended_at
      FROM unnest($2::uuid[], $3::text[], $4::int[], $5::text[], $6::timestamptz[], $7::int[], $8::int[], $9::text[], $10::bool[], $11::text[], \
      $12::text[], $13::text[], $14::text[], $15::timestamptz[], $16::timestamptz[], $17::timestamptz[], $18::timestamptz[], $19::text[], \
      $20::jsonb[], $21::timestamptz[]) AS n (order_id, document, revision, rule, started_at, number, span_count, span_unit, recurs, owner, done_by, \
      moot_by, paused_while, opens_at, outside_at, warn_at, next_at, state, pauses, ended_at)
      ORDER BY n.started_at, n.document, n.rule, n.number
      ON CONFLICT (tenant_id, order_id, document, rule, started_at, number) DO UPDATE SET
        outside_at = excluded.outside_at, warn_at = excluded.warn_at, pauses = excluded.pauses, ended_at = excluded.ended_at,
        state = CASE WHEN old.missed_at IS NULL THEN excluded.state ELSE 'missed' END,
        next_at = CASE
          WHEN old.missed_at IS NOT NULL THEN NULL
          WHEN old.warned_at IS NOT NULL AND excluded.state = 'running' THEN excluded.outside_at
          ELSE excluded.next_at END
      RETURNING state, outside_at)
    SELECT demand(false, 'JS004') FROM put WHERE state = 'missed' AND coalesce(outside_at > $22, true)
    """

  /// Writes clocks as they are after a step: new ones, and what has changed of others.
  ///
  /// What was told of a clock meanwhile stays told; it fails with `SQLState.clockTold` where that was a miss that `now` lies before.
  static func put(_ clocks: [OrderClock], of order: UUIDv7, at now: Instant, in tenant: TenantID) -> Statement {
    let rows = clocks.map { New(order: order, clock: $0, facts: nil, now: now) }
    return Statement(
      put,
      binds(rows, in: tenant).prefix(18) + [
        .textArray(clocks.map(\.state.rawValue)), .jsonbArray(clocks.map(\.pausesDocument)),
        .timestamptzArray(clocks.map { $0.ended?.microseconds }), .instant(now),
      ])
  }
}

extension ClockStore {
  // MARK: The timer's

  /// A clock whose time has come, and what is to be known of its order.
  struct Due: Sendable {
    let row: ClockRow
    let contract: String?
    let department: String?
    let seat: UUIDv7?
    let number: String
    let isExcluded: Bool
  }

  private static let due: SQL = """
    SELECT \(ClockRow.columns), o.contract_id, o.department, o.seat, o.external_number, o.exclusion = 'granted'
    FROM work_order_clock c JOIN work_order o ON o.tenant_id = c.tenant_id AND o.id = c.order_id
    WHERE c.tenant_id = $1 AND c.next_at <= $2 ORDER BY c.next_at LIMIT $3 FOR UPDATE OF c SKIP LOCKED FOR SHARE OF o SKIP LOCKED
    """

  /// Takes up clocks whose time has come, those that nobody else has taken up and on whose orders no step is being written.
  ///
  /// Until the end of the transaction the orders stay as they are read: one that is excluded meanwhile finds what was proposed of it.
  static func due(at now: Instant, limit: Int32, in tenant: TenantID) -> Statement {
    Statement(due, [.int4(tenant.number), .instant(now), .int4(limit)])
  }

  static func due(_ rows: Rows, _ rules: OfficeClocks) throws(DecodingFailure) -> [Due] {
    var due: [Due] = []
    let width = ClockRow.width
    for row in rows {
      due.append(
        Due(
          row: try ClockRow.read(row, rules), contract: try row.optional(width, row.text),
          department: try row.optional(width + 1, row.text), seat: try row.optional(width + 2, row.identifier),
          number: try row.text(width + 3), isExcluded: try row.bool(width + 4)))
    }
    return due
  }

  private static let tick: SQL = """
    UPDATE work_order_clock c SET state = n.state, outside_at = n.outside_at, warn_at = n.warn_at, next_at = n.next_at,
      warned_at = CASE WHEN n.warns THEN $2 ELSE c.warned_at END, missed_at = CASE WHEN n.misses THEN $2 ELSE c.missed_at END
    FROM unnest($3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::int[], $8::text[], $9::timestamptz[], $10::timestamptz[], \
    $11::timestamptz[], $12::bool[], $13::bool[]) \
      AS n (order_id, document, rule, started_at, number, state, outside_at, warn_at, next_at, warns, misses)
    WHERE c.tenant_id = $1 AND c.order_id = n.order_id AND c.document = n.document AND c.rule = n.rule AND c.started_at = n.started_at
      AND c.number = n.number
    """

  /// Writes what the passing of time has made of clocks.
  static func put(_ ticks: [(order: UUIDv7, tick: ClockTick)], at now: Instant, in tenant: TenantID) -> Statement {
    let clocks = ticks.map(\.tick.clock)
    return Statement(
      tick,
      [
        .int4(tenant.number), .instant(now), .uuidArray(ticks.map { ($0.order.high, $0.order.low) }),
        .textArray(clocks.map(\.rule.source.code)), .textArray(clocks.map(\.rule.id)),
        .timestamptzArray(clocks.map(\.started.microseconds)), .int4Array(clocks.map { Int32($0.number) }),
        .textArray(clocks.map(\.state.rawValue)), .timestamptzArray(clocks.map { $0.deadline?.outside.microseconds }),
        .timestamptzArray(clocks.map { $0.deadline?.warning.microseconds }), .timestamptzArray(ticks.map { $0.tick.next?.microseconds }),
        .boolArray(ticks.map(\.tick.warns)), .boolArray(ticks.map(\.tick.misses)),
      ])
  }

  /// Which open offices have a clock whose time has come.
  package static func dueTenants(at now: Instant) -> Query<DueTenant> {
    Query("SELECT tenant, since FROM work_order_clock_due_tenants($1)", [.instant(now)], decode: DueTenant.decode)
  }

  /// A warning or a miss.
  struct Told: Sendable {
    let id: UUIDv7
    /// ``warned`` or ``missed``.
    let what: String
    let order: UUIDv7
    /// Whose time it is, or was.
    let owner: ServiceLevel.Owner
    let contract: String?
    let department: String?
    let data: JSON

    static let warned = "clock.warned"
    static let missed = "clock.missed"

    /// Whom it concerns: the one whose time it is; a miss of the vendor's the office too, and what a department owes both, since the vendor
    /// urges it.
    var audience: NoticeStore.Audience {
      switch owner {
      case .vendor: what == Self.missed ? .both : .vendor
      case .department: .both
      case .office: .office
      }
    }
  }

  private static let tell: SQL = """
    INSERT INTO audit_event (tenant_id, at, side, subject_kind, id, action, subject, data)
    SELECT $1, $2, 'system', 'work-order', n.id, n.action, n.order_id::text, n.data
    FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::jsonb[]) AS n (id, action, order_id, data)
    """

  /// Writes warnings and misses into the office's log, and tells them to those whom they concern, which is what the live board goes by.
  static func tell(_ told: [Told], at now: Instant, in tenant: TenantID) -> [Statement] {
    let data = told.map { one in
      var writer = JSONWriter()
      writer.value(one.data)
      return writer.bytes
    }
    let notices = zip(told, data).map { one, data in
      NoticeStore.OfOrder(
        id: one.id, kind: one.what, order: one.order, audience: one.audience, contract: one.contract, department: one.department,
        data: data)
    }
    return [
      Statement(
        tell,
        [
          .int4(tenant.number), .instant(now), .uuidArray(told.map { ($0.id.high, $0.id.low) }), .textArray(told.map(\.what)),
          .uuidArray(told.map { ($0.order.high, $0.order.low) }), .jsonbArray(data),
        ]),
      NoticeStore.add(notices, at: now, in: tenant),
    ]
  }
}
