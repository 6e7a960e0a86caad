// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Shifts of an office: planned, cancelled, never changed; the statements run in the office's context.
package enum ShiftStore {
  package enum State: String, Sendable, CaseIterable { case planned, cancelled }

  package enum Origin: String, Sendable, CaseIterable { case generated, planned, proposal, replacement, swap }

  /// A shift to be planned.
  package struct New: Sendable {
    package let id: UUIDv7
    package let duty: PlannedDuty

    package init(id: UUIDv7, _ duty: PlannedDuty) { (self.id, self.duty) = (id, duty) }

    package init(id: UUIDv7, person: String, _ slot: Slot) {
      self.init(id: id, PlannedDuty(DutyShift(person: person, slot), pattern: slot.pattern, turn: slot.shift))
    }
  }

  /// Where new shifts come from.
  package struct Source: Sendable {
    package let origin: Origin
    let id: UUIDv7?
    let reason: String?

    package init(_ origin: Origin, of id: UUIDv7? = nil, reason: String? = nil) {
      (self.origin, self.id, self.reason) = (origin, id, reason)
    }
  }

  /// A stored shift as far as what is done with it depends on it.
  package struct Stored: Sendable {
    package let id: UUIDv7
    package let duty: PlannedDuty
    package let state: State
    package let version: Int32
  }

  // MARK: Reading

  private static let columns: SQL = """
    id, person, contract_id, post, starts_at, ends_at, pattern, turn, state, origin, origin_id, reason, planned_at, \
    cancelled_at, cancelled_because, version
    """
  private static let one: SQL = "SELECT \(columns) FROM shift WHERE tenant_id = $1 AND id = $2"
  private static let page: SQL = """
    SELECT \(columns) FROM shift WHERE tenant_id = $1 AND (starts_at, id) > ($2, $3) AND starts_at >= $4 AND starts_at < $5 \
    AND ends_at > $6 AND contract_id = ANY ($7) AND ($8 = '' OR post = $8) AND ($9 = '' OR state = $9) ORDER BY starts_at, id LIMIT $10
    """
  private static let pageOfPerson: SQL = """
    SELECT \(columns) FROM shift WHERE tenant_id = $1 AND person = $11 AND (starts_at, id) > ($2, $3) AND starts_at >= $4 AND starts_at < $5 \
    AND ends_at > $6 AND contract_id = ANY ($7) AND ($8 = '' OR post = $8) AND ($9 = '' OR state = $9) ORDER BY starts_at, id LIMIT $10
    """

  /// What a list of shifts is limited to.
  package struct Filter: Sendable {
    package let time: Range<Instant>
    package let contracts: [String]
    package let post: String?
    package let state: State?
    package let person: String?

    package init(time: Range<Instant>, contracts: [String], post: String?, state: State?, person: String?) {
      (self.time, self.contracts, self.post, self.state, self.person) = (time, contracts, post, state, person)
    }
  }

  /// How long a shift may be: what overlaps a time began no earlier before it.
  package static let longest: Int64 = Instant.day

  /// Shifts that overlap a time, by their beginning, those behind `after` only.
  package static func page(_ filter: Filter, after: (start: Instant, id: UUIDv7)?, limit: Int32, in tenant: TenantID) -> Statement {
    let earliest = (try? filter.time.lowerBound.adding(microseconds: -longest)) ?? filter.time.lowerBound
    var binds: [Bind] = [
      .int4(tenant.number), .instant(after?.start ?? Instant(.first)), after.map { .uuid($0.id) } ?? .uuid(high: 0, low: 0),
      .instant(earliest), .instant(filter.time.upperBound), .instant(filter.time.lowerBound), .textArray(filter.contracts),
      .text(filter.post ?? ""), .text(filter.state?.rawValue ?? ""), .int4(limit),
    ]
    guard let person = filter.person else { return Statement(page, binds) }
    binds.append(.text(person))
    return Statement(pageOfPerson, binds)
  }

  package static func one(_ id: UUIDv7, in tenant: TenantID) -> Statement { Statement(one, [.int4(tenant.number), .uuid(id)]) }

  package static func several(_ ids: [UUIDv7], in tenant: TenantID) -> Query<Stored> {
    Query(several, [.int4(tenant.number), .uuidArray(ids.map { ($0.high, $0.low) })], decode: stored)
  }

  private static let several: SQL = "SELECT \(columns) FROM shift WHERE tenant_id = $1 AND id = ANY ($2)"

  /// The shifts of somebody that are planned, overlap a time and begin after `moment`, by their beginning.
  package static func planned(
    of person: String, in time: Range<Instant>, after moment: Instant, in tenant: TenantID
  ) -> Query<Stored> {
    let earliest = (try? time.lowerBound.adding(microseconds: -longest)) ?? time.lowerBound
    return Query(
      planned,
      [.int4(tenant.number), .text(person), .instant(max(earliest, moment)), .instant(time.upperBound), .instant(time.lowerBound)],
      decode: stored)
  }

  private static let planned: SQL = """
    SELECT \(columns) FROM shift WHERE tenant_id = $1 AND person = $2 AND starts_at > $3 AND starts_at < $4 AND ends_at > $5 \
    AND state = 'planned' ORDER BY starts_at, id
    """

  /// The shifts under contracts that are planned and begin in a time, by their beginning.
  package static func begun(in time: Range<Instant>, under contracts: [String], in tenant: TenantID) -> Query<Stored> {
    Query(
      begun, [.int4(tenant.number), .instant(time.lowerBound), .instant(time.upperBound), .textArray(contracts)], decode: stored)
  }

  private static let begun: SQL = """
    SELECT \(columns) FROM shift WHERE tenant_id = $1 AND starts_at >= $2 AND starts_at < $3 AND contract_id = ANY ($4) \
    AND state = 'planned' ORDER BY starts_at, id
    """

  package static let stored: @Sendable (Row) throws(DecodingFailure) -> Stored = { row throws(DecodingFailure) in
    let (start, end) = (try row.instant(4), try row.instant(5))
    guard start < end else { throw .value(column: 5) }
    return Stored(
      id: try row.identifier(0),
      duty: PlannedDuty(
        DutyShift(person: try row.text(1), contract: try row.text(2), post: try row.text(3), interval: start..<end),
        pattern: try row.optional(6, row.text), turn: try row.optional(7, row.text)), state: try row.word(8), version: try row.int32(15))
  }

  /// Where a row stands in a list by beginning and id, for the page behind it.
  package static func place(_ row: Row) throws(DecodingFailure) -> (start: Instant, id: UUIDv7) {
    (try row.instant(4), try row.identifier(0))
  }

  package static func write(_ row: Row, to writer: inout JSONWriter) throws(DecodingFailure) {
    writer.beginObject()
    writer.key("id")
    writer.uuid(row, 0)
    writer.key("person")
    try writer.text(row, 1)
    writer.key("contract")
    try writer.text(row, 2)
    writer.key("post")
    try writer.text(row, 3)
    writer.key("startsAt")
    try writer.instant(row, 4)
    writer.key("endsAt")
    try writer.instant(row, 5)
    writer.key("pattern")
    try writer.text(row, 6)
    writer.key("shift")
    try writer.text(row, 7)
    writer.key("state")
    try writer.text(row, 8)
    writer.key("origin")
    try writer.text(row, 9)
    writer.key("originId")
    writer.uuid(row, 10)
    writer.key("reason")
    try writer.text(row, 11)
    writer.key("plannedAt")
    try writer.instant(row, 12)
    writer.key("plannedLate")
    writer.bool(try row.instant(12) > row.instant(4))
    writer.key("cancelledAt")
    try writer.instant(row, 13)
    writer.key("cancelledBecause")
    try writer.text(row, 14)
    writer.key("version")
    writer.integer(try row.int32(15))
    writer.endObject()
  }

  package static let members = [
    "id", "person", "contract", "post", "startsAt", "endsAt", "pattern", "shift", "state", "origin", "originId", "reason", "plannedAt",
    "plannedLate", "cancelledAt", "cancelledBecause", "version",
  ]

  /// The duty that is planned in a time: every shift that overlaps it.
  package static func duty(in time: Range<Instant>, in tenant: TenantID) -> Query<PlannedDuty> {
    let earliest = (try? time.lowerBound.adding(microseconds: -longest)) ?? time.lowerBound
    return Query(
      """
      SELECT person, contract_id, post, starts_at, ends_at, pattern, turn FROM shift \
      WHERE tenant_id = $1 AND starts_at >= $2 AND starts_at < $3 AND ends_at > $4 AND state = 'planned' ORDER BY starts_at, id
      """, [.int4(tenant.number), .instant(earliest), .instant(time.upperBound), .instant(time.lowerBound)]
    ) { row throws(DecodingFailure) in
      let (start, end) = (try row.instant(3), try row.instant(4))
      guard start < end else { throw .value(column: 4) }
      return PlannedDuty(
        DutyShift(person: try row.text(0), contract: try row.text(1), post: try row.text(2), interval: start..<end),
        pattern: try row.optional(5, row.text), turn: try row.optional(6, row.text))
    }
  }

  // MARK: Writing

  package static func add(_ shifts: [New], from source: Source, by user: UUIDv7, at now: Instant, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO shift (tenant_id, origin, origin_id, reason, planned_by, planned_at, id, person, contract_id, post, starts_at, ends_at, \
      pattern, turn) \
      SELECT $1, $2, $3, $4, $5, $6, r.* \
      FROM unnest($7::uuid[], $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::timestamptz[], $13::text[], $14::text[]) r
      """,
      [
        .int4(tenant.number), .text(source.origin.rawValue), .optional(source.id, .uuid) { .uuid($0) },
        .optional(source.reason, .text) { .text($0) }, .uuid(user), .instant(now), .uuidArray(shifts.map { ($0.id.high, $0.id.low) }),
        .textArray(shifts.map(\.duty.shift.person)), .textArray(shifts.map(\.duty.shift.contract)),
        .textArray(shifts.map(\.duty.shift.post)), .timestamptzArray(shifts.map(\.duty.shift.interval.lowerBound.microseconds)),
        .timestamptzArray(shifts.map(\.duty.shift.interval.upperBound.microseconds)), .textArray(shifts.map(\.duty.pattern)),
        .textArray(shifts.map(\.duty.turn)),
      ])
  }

  /// Cancels a planned shift of a known version; fails with `SQLState.changed` where it is not that any more.
  package static func cancel(
    _ id: UUIDv7, version: Int32, because reason: String, by user: UUIDv7, at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      WITH done AS (UPDATE shift SET state = 'cancelled', cancelled_by = $4, cancelled_at = $5, cancelled_because = $6, version = version + 1 \
      WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'planned' RETURNING 1) \
      SELECT demand((SELECT count(*) FROM done) = 1, 'JS001')
      """, [.int4(tenant.number), .uuid(id), .int4(version), .uuid(user), .instant(now), .text(reason)])
  }
}
