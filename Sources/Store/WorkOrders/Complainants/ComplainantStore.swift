// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// An office's key complainants 重点诉求人; the statements run in its context.
package enum ComplainantStore {
  /// The constraint that a telephone violates whose caller is marked already.
  package static let constraint = "key_complainant_of_phone"

  /// A key complainant, as far as may be shown without asking.
  package struct Complainant: Sendable {
    package let id: UUIDv7
    package let order: UUIDv7
    package let ground: ComplainantGround
    package let orders: Int32
    package let reason: String
    package let masked: MaskedCitizen
    package let hasPhone: Bool
    package let plan: VisitPlan
    package let markedBy: UUIDv7
    package let side: OrderSide
    package let markedAt: Instant
    package let closed: (by: UUIDv7, at: Instant, reason: String)?
    package let version: Int32
    /// How many lines the ledger has of each kind.
    package let records: [ComplainantRecord.Kind: Int64]
  }

  /// Somebody who is to be marked.
  package struct New: Sendable {
    let id: UUIDv7
    let order: UUIDv7
    let ground: ComplainantGround
    let orders: Int32
    let reason: String
    let citizen: Citizen
    let ring: KeyRing
    let plan: VisitPlan
    let by: UUIDv7
    let side: OrderSide

    package init(
      id: UUIDv7, order: UUIDv7, ground: ComplainantGround, orders: Int32, reason: String, citizen: Citizen, ring: KeyRing, plan: VisitPlan,
      by: UUIDv7, side: OrderSide
    ) {
      self.id = id
      self.order = order
      self.ground = ground
      self.orders = orders
      self.reason = reason
      self.citizen = citizen
      self.ring = ring
      self.plan = plan
      self.by = by
      self.side = side
    }
  }

  // MARK: Marking

  private static let add: SQL = """
    INSERT INTO key_complainant (tenant_id, id, order_id, ground, orders, reason, sealed, data_key, name_masked, phone_masked,
      address_masked, phone_code, visit_count, visit_unit, visit_from, visit_due, visit_told, visit_next, marked_by, side, marked_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
    """

  /// Marks somebody; fails on ``constraint`` when their telephone's caller is marked already.
  package static func add(_ new: New, at now: Instant, in tenant: TenantID) throws -> Statement {
    func word(_ word: String?) -> Bind { .optional(word, .text) { .text($0) } }
    let masked = MaskedCitizen(new.citizen)
    return Statement(
      add,
      [
        .int4(tenant.number), .uuid(new.id), .uuid(new.order), .text(new.ground.rawValue), .int4(new.orders), .text(new.reason),
        .bytea(try new.ring.seal(new.citizen.json, in: .complainant, of: new.id)), .int4(new.ring.current), word(masked.name),
        word(masked.phone), word(masked.address), .optional(try new.ring.phoneCode(of: new.citizen), .bytea) { .bytea($0) },
      ] + binds(new.plan) + [.uuid(new.by), .text(new.side.rawValue), .instant(now)])
  }

  /// The six columns of a plan.
  private static func binds(_ plan: VisitPlan) -> [Bind] {
    [
      .int4(Int32(clamping: plan.every.count)), .text(plan.every.unit.rawValue), .civilDate(plan.from),
      .optional(plan.due, .date) { .civilDate($0) }, .text(plan.told.rawValue), .optional(plan.next, .timestamptz) { .instant($0) },
    ]
  }

  /// How many orders came from a telephone.
  package static func count(ofPhone code: [UInt8], in tenant: TenantID) -> Query<Int64> {
    Query("SELECT count(*) FROM work_order_content WHERE tenant_id = $1 AND phone_code = $2", [.int4(tenant.number), .bytea(code)]) {
      row throws(DecodingFailure) in try row.int64(0)
    }
  }

  /// Those of some orders that the office has.
  package static func known(_ orders: [UUIDv7], in tenant: TenantID) -> Query<UUIDv7> {
    Query(
      "SELECT id FROM work_order WHERE tenant_id = $1 AND id = ANY ($2)",
      [.int4(tenant.number), .uuidArray(orders.map { ($0.high, $0.low) })]
    ) { row throws(DecodingFailure) in try row.identifier(0) }
  }

  private static let link: SQL = """
    INSERT INTO key_complainant_order (tenant_id, complainant_id, order_id, ground, linked_by, linked_at)
    SELECT $1, $2, n.id, $4, $5, $6 FROM unnest($3::uuid[]) AS n (id) ON CONFLICT DO NOTHING
    """

  /// Notes orders of theirs that no telephone shows; those that are noted already stay as they are.
  package static func link(
    _ orders: [UUIDv7], to complainant: UUIDv7, _ ground: ComplainantGround, by user: UUIDv7, at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      link,
      [
        .int4(tenant.number), .uuid(complainant), .uuidArray(orders.map { ($0.high, $0.low) }), .text(ground.rawValue), .uuid(user),
        .instant(now),
      ])
  }

  // MARK: Reading

  private static let columns: SQL = """
    k.id, k.order_id, k.ground, k.orders, k.reason, k.name_masked, k.phone_masked, k.address_masked, k.phone_code IS NOT NULL, k.visit_count,
      k.visit_unit, k.visit_from, k.visit_due, k.visit_told, k.visit_next, k.marked_by, k.side, k.marked_at, k.closed_by, k.closed_at,
      k.close_reason, k.version, r.meetings, r.visits, r.counselling
    """
  private static let counted: SQL = """
    key_complainant k CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE kind = 'meeting') AS meetings, count(*) FILTER (WHERE kind = 'visit') AS visits,
        count(*) FILTER (WHERE kind = 'counselling') AS counselling
      FROM complainant_record c WHERE c.tenant_id = $1 AND c.complainant_id = k.id) r
    """
  private static let page: SQL = """
    SELECT \(columns) FROM \(counted)
    WHERE k.tenant_id = $1 AND k.id < $2 AND ($4::boolean IS NULL OR (k.closed_at IS NULL) = $4) AND ($5::date IS NULL OR k.visit_due <= $5)
    ORDER BY k.id DESC LIMIT $3
    """
  private static let one: SQL = "SELECT \(columns) FROM \(counted) WHERE k.tenant_id = $1 AND k.id = $2"

  /// The newest, those behind `after` only.
  ///
  /// - Parameter dueBy: only those whose next visit is due by that day.
  package static func page(
    isOpen: Bool?, dueBy: CivilDate?, after: UUIDv7?, limit: Int32, in tenant: TenantID
  ) -> Query<Complainant> {
    Query(
      page,
      [
        .int4(tenant.number), .descending(after), .int4(limit), .optional(isOpen, .bool) { .bool($0) },
        .optional(dueBy, .date) { .civilDate($0) },
      ], decode: complainant)
  }

  package static func one(_ id: UUIDv7, in tenant: TenantID) -> Query<Complainant> {
    Query(one, [.int4(tenant.number), .uuid(id)], decode: complainant)
  }

  private static let complainant: @Sendable (Row) throws(DecodingFailure) -> Complainant = { row throws(DecodingFailure) in
    Complainant(
      id: try row.identifier(0), order: try row.identifier(1), ground: try row.word(2), orders: try row.int32(3), reason: try row.text(4),
      masked: MaskedCitizen(
        name: try row.optional(5, row.text), phone: try row.optional(6, row.text), address: try row.optional(7, row.text)),
      hasPhone: try row.bool(8), plan: try plan(row, from: 9), markedBy: try row.identifier(15), side: try row.word(16),
      markedAt: try row.instant(17),
      closed: row.isNull(18) ? nil : (try row.identifier(18), try row.instant(19), try row.text(20)), version: try row.int32(21),
      records: [.meeting: try row.int64(22), .visit: try row.int64(23), .counselling: try row.int64(24)])
  }

  private static func plan(_ row: Row, from column: Int) throws(DecodingFailure) -> VisitPlan {
    guard let count = UInt32(exactly: try row.int32(column)) else { throw .value(column: column) }
    return VisitPlan(
      every: Span(count, try row.word(column + 1)), from: try row.civilDate(column + 2), due: try row.optional(column + 3, row.civilDate),
      told: try row.word(column + 4), next: try row.optional(column + 5, row.instant))
  }

  /// The key complainant whose order one is, by its telephone or by a link.
  package static func complainant(of order: UUIDv7, in tenant: TenantID) -> Query<UUIDv7> {
    Query(
      """
      SELECT k.id FROM work_order_content c JOIN key_complainant k ON k.tenant_id = c.tenant_id AND k.phone_code = c.phone_code \
      WHERE c.tenant_id = $1 AND c.order_id = $2 AND k.closed_at IS NULL \
      UNION ALL SELECT k.id FROM key_complainant_order l JOIN key_complainant k ON k.tenant_id = l.tenant_id AND k.id = l.complainant_id \
      WHERE l.tenant_id = $1 AND l.order_id = $2 AND k.closed_at IS NULL LIMIT 1
      """, [.int4(tenant.number), .uuid(order)]
    ) { row throws(DecodingFailure) in try row.identifier(0) }
  }

  /// Who somebody is, sealed, and with which key.
  package static func sealed(_ id: UUIDv7, in tenant: TenantID) -> Query<(bytes: [UInt8], key: Int32)> {
    Query("SELECT sealed, data_key FROM key_complainant WHERE tenant_id = $1 AND id = $2", [.int4(tenant.number), .uuid(id)]) {
      row throws(DecodingFailure) in (try row.bytea(0), try row.int32(1))
    }
  }

  // MARK: Candidates

  /// Somebody who is not marked, with so many orders that they might be.
  package struct Candidate: Sendable {
    package let orders: Int64
    /// The latest of their orders, and what may be shown of them by it.
    package let order: UUIDv7
    package let title: String
    package let masked: MaskedCitizen
    package let firstAt: Instant
    package let lastAt: Instant
  }

  // No identifier is older than its order: those from an instant on are a range of the primary key, and have all that came in since.
  private static let candidates: SQL = """
    SELECT g.orders, o.id, o.title, c.name_masked, c.phone_masked, c.address_masked, g.first_at, o.received_at
    FROM (
      SELECT phone_code, count(*) AS orders, max(w.id::text)::uuid AS last, min(w.received_at) AS first_at FROM work_order_content t
      JOIN work_order w ON w.tenant_id = t.tenant_id AND w.id = t.order_id
      WHERE t.tenant_id = $1 AND t.order_id >= $2 AND w.received_at >= $5 AND phone_code IS NOT NULL
      GROUP BY phone_code HAVING count(*) >= $3) g
    JOIN work_order o ON o.tenant_id = $1 AND o.id = g.last JOIN work_order_content c ON c.tenant_id = $1 AND c.order_id = g.last
    WHERE NOT EXISTS (SELECT FROM key_complainant k WHERE k.tenant_id = $1 AND k.phone_code = g.phone_code AND k.closed_at IS NULL)
    ORDER BY g.orders DESC, o.id DESC LIMIT $4
    """

  /// Who has had so many orders or more since an instant, and is not marked; those with the most first.
  package static func candidates(orders: Int32, since: Instant, limit: Int32, in tenant: TenantID) -> Query<Candidate> {
    Query(
      candidates, [.int4(tenant.number), .identifiers(from: since), .int4(orders), .int4(limit), .instant(since)]
    ) { row throws(DecodingFailure) in
      Candidate(
        orders: try row.int64(0), order: try row.identifier(1), title: try row.text(2),
        masked: MaskedCitizen(
          name: try row.optional(3, row.text), phone: try row.optional(4, row.text), address: try row.optional(5, row.text)),
        firstAt: try row.instant(6), lastAt: try row.instant(7))
    }
  }

  // MARK: Changing

  private static let plan: SQL = """
    WITH changed AS (
      UPDATE key_complainant SET visit_count = $4, visit_unit = $5, visit_from = $6, visit_due = $7, visit_told = $8, visit_next = $9,
        version = version + 1
      WHERE tenant_id = $1 AND id = $2 AND version = $3 AND closed_at IS NULL RETURNING 1)
    SELECT demand(EXISTS (SELECT FROM changed), 'JS001')
    """

  /// Puts a plan in the place of that of a known version; fails with `SQLState.changed` when it is not that any more.
  package static func put(_ plan: VisitPlan, of id: UUIDv7, version: Int32, in tenant: TenantID) -> Statement {
    Statement(self.plan, [.int4(tenant.number), .uuid(id), .int4(version)] + binds(plan))
  }

  private static let close: SQL = """
    WITH changed AS (
      UPDATE key_complainant SET closed_by = $4, closed_at = $5, close_reason = $6, visit_next = NULL, version = version + 1
      WHERE tenant_id = $1 AND id = $2 AND version = $3 AND closed_at IS NULL RETURNING 1)
    SELECT demand(EXISTS (SELECT FROM changed), 'JS001')
    """

  /// Ends that somebody is a key complainant; fails with `SQLState.changed` when they are not of that version any more.
  package static func close(
    _ id: UUIDv7, version: Int32, because reason: String, by user: UUIDv7, at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      close, [.int4(tenant.number), .uuid(id), .int4(version), .uuid(user), .instant(now), .text(reason)])
  }
}

extension ComplainantStore {
  // MARK: The timer's

  /// The offices in which a visit is to be looked at.
  package static func dueTenants(at now: Instant) -> Query<DueTenant> {
    Query("SELECT tenant, since FROM visit_due_tenants($1)", [.instant(now)], decode: DueTenant.decode)
  }

  private static let due: SQL = """
    SELECT k.id, k.visit_count, k.visit_unit, k.visit_from, k.visit_due, k.visit_told, k.visit_next
    FROM key_complainant k WHERE k.tenant_id = $1 AND k.visit_next <= $2 ORDER BY k.visit_next LIMIT $3 FOR UPDATE SKIP LOCKED
    """

  /// Takes up plans whose time has come, those that nobody else has taken up.
  static func due(at now: Instant, limit: Int32, in tenant: TenantID) -> Query<(id: UUIDv7, plan: VisitPlan)> {
    Query(due, [.int4(tenant.number), .instant(now), .int4(limit)]) { row throws(DecodingFailure) in
      (try row.identifier(0), try plan(row, from: 1))
    }
  }

  private static let tick: SQL = """
    UPDATE key_complainant k SET visit_due = n.due, visit_told = n.told, visit_next = n.next
    FROM unnest($2::uuid[], $3::date[], $4::text[], $5::timestamptz[]) AS n (id, due, told, next)
    WHERE k.tenant_id = $1 AND k.id = n.id
    """

  /// Writes what the passing of time has made of plans.
  static func put(_ plans: [(id: UUIDv7, plan: VisitPlan)], in tenant: TenantID) -> Statement {
    Statement(
      tick,
      [
        .int4(tenant.number), .uuidArray(plans.map { ($0.id.high, $0.id.low) }), .dateArray(plans.map { $0.plan.due?.day }),
        .textArray(plans.map(\.plan.told.rawValue)), .timestamptzArray(plans.map { $0.plan.next?.microseconds }),
      ])
  }
}
