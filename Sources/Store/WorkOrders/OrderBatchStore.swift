// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Takes many work orders in at once, and keeps account of the files that they came in; the statements run in the office's context.
package enum OrderBatchStore {
  // MARK: What is known before

  /// An order that has the number of a line already.
  package struct Known: Sendable {
    /// The line's place among those asked for, from 0.
    package let place: Int
    package let order: UUIDv7
    package let intakeCode: [UInt8]
  }

  /// Those of some lines whose numbers are known.
  package static func known(_ facts: [OrderFacts], in tenant: TenantID) -> Query<Known> {
    Query(
      """
      SELECT l.place, o.id, c.intake_code
      FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS l (source, number, place)
      JOIN work_order o ON o.tenant_id = $1 AND o.source = l.source AND o.external_number = l.number
      JOIN work_order_content c ON c.tenant_id = $1 AND c.order_id = o.id
      """, [.int4(tenant.number), .textArray(facts.map(\.source.rawValue)), .textArray(facts.map(\.externalNumber))]
    ) { row throws(DecodingFailure) in
      Known(place: Int(try row.int64(0)) - 1, order: try row.identifier(1), intakeCode: try row.bytea(2))
    }
  }

  // The same as for one order, line by line.
  private static let prospects: SQL = """
    WITH line AS (
      SELECT * FROM unnest($2::bytea[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
        WITH ORDINALITY AS l (phone_code, category, contract, grade, document, place)),
    pack AS (
      SELECT document FROM (
        SELECT DISTINCT ON (code) effective_from, document FROM rule_pack WHERE effective_from <= $7 ORDER BY code, revision DESC) p
      WHERE jsonb_array_length(document -> 'gradeLimits') > 0 ORDER BY effective_from DESC LIMIT 1),
    grade AS (SELECT g ->> 'grade' AS grade FROM pack CROSS JOIN jsonb_array_elements(document -> 'gradeLimits') g),
    named AS (SELECT DISTINCT contract FROM line),
    chosen AS (
      SELECT n.contract, (
        SELECT contract_id FROM contract WHERE tenant_id = $1 AND state = 'active' AND (n.contract IS NULL OR contract_id = n.contract)
          AND (n.contract IS NOT NULL OR vendor_from <= $7) AND (vendor_until IS NULL OR vendor_until >= $7)
        ORDER BY vendor_from DESC LIMIT 1) AS contract_id
      FROM named n),
    earlier AS (
      SELECT l.place, e.times, e.last FROM line l CROSS JOIN LATERAL (
        SELECT count(*) AS times, (array_agg(o.id ORDER BY o.id DESC))[1] AS last FROM work_order_content c
        JOIN work_order o ON o.tenant_id = c.tenant_id AND o.id = c.order_id
        WHERE c.tenant_id = $1 AND c.phone_code = l.phone_code AND (l.category IS NULL OR o.category IS NULL OR o.category = l.category)) e
      WHERE e.times > 0),
    decided AS (
      SELECT * FROM decide($1, $8, (
        SELECT array_agg(l.document || jsonb_build_object('repeatCount', coalesce(e.times, 0)) ORDER BY l.place)
        FROM line l LEFT JOIN earlier e USING (place)), $7))
    SELECT (SELECT contract_id FROM chosen WHERE chosen.contract IS NOT DISTINCT FROM l.contract), l.grade IN (SELECT grade FROM grade),
      e.last, coalesce(d.decisions, '{}')
    FROM line l LEFT JOIN earlier e USING (place) LEFT JOIN decided d ON d.place = l.place ORDER BY l.place
    """

  /// What the office knows of orders that are about to be taken in, and whose numbers it does not know; in their order.
  package static func prospects(
    _ lines: [(facts: OrderFacts, phoneCode: [UInt8]?, document: JSON)], purposes: [RuleTable.Purpose], day: CivilDate, in tenant: TenantID
  ) -> Query<OrderIntakeStore.Prospect> {
    Query(
      prospects,
      [
        .int4(tenant.number), .byteaArray(lines.map { $0.phoneCode }), .textArray(lines.map { $0.facts.category }),
        .textArray(lines.map { $0.facts.contract }), .textArray(lines.map { $0.facts.grade }),
        .jsonbArray(lines.map { Self.bytes($0.document) }), .civilDate(day), .textArray(purposes.map(\.rawValue)),
      ]
    ) { row throws(DecodingFailure) in
      guard let decisions = RuleDecisions(try row.json(3)) else { throw .value(column: 3) }
      return OrderIntakeStore.Prospect(
        known: nil, contract: try row.optional(0, row.text), isGradeKnown: try row.optional(1, row.bool) ?? false,
        repeats: try row.optional(2, row.identifier), decisions: decisions)
    }
  }

  private static func bytes(_ json: JSON) -> [UInt8] {
    var writer = JSONWriter()
    writer.value(json)
    return writer.bytes
  }

  // MARK: Taking in

  /// An order with its first entry and its content, and the entry's own id.
  package struct New: Sendable {
    package let order: WorkOrder
    package let entry: OrderEntry
    package let content: OrderIntakeStore.Content
    package let event: UUIDv7

    package init(order: WorkOrder, entry: OrderEntry, content: OrderIntakeStore.Content, event: UUIDv7) {
      self.order = order
      self.entry = entry
      self.content = content
      self.event = event
    }
  }

  private static let add: SQL = """
    WITH taken AS (
      INSERT INTO work_order (tenant_id, id, version, stage, is_open, source, external_number, contract_id, grade, category, area, community,
        title, tags, attributes, is_special, repeats, received_at, changed_at, reported_at, reported_due)
      SELECT $1, t.id, 1, 'received', true, source, external_number, contract, grade, category, area, community, title,
        ARRAY(SELECT jsonb_array_elements_text(tags)), attributes, is_special, repeats, $2, $2, reported_at, reported_due
      FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
        $12::jsonb[], $13::jsonb[], $14::boolean[], $15::uuid[], $16::timestamptz[], $17::timestamptz[])
        AS t (id, source, external_number, contract, grade, category, area, community, title, tags, attributes, is_special, repeats,
          reported_at, reported_due)),
    noted AS (
      INSERT INTO work_order_event (tenant_id, order_id, seq, id, at, actor, side, kind, data)
      SELECT $1, order_id, 1, id, $2, $18, $19, 'received', data FROM unnest($3::uuid[], $20::uuid[], $21::jsonb[]) AS t (order_id, id, data))
    INSERT INTO work_order_content (tenant_id, order_id, content, sealed, data_key, name_masked, phone_masked, address_masked, phone_code,
      intake_code)
    SELECT $1, t.* FROM unnest($3::uuid[], $22::text[], $23::bytea[], $24::int[], $25::text[], $26::text[], $27::text[], $28::bytea[],
      $29::bytea[]) AS t
    """

  /// Takes orders in; fails on ``OrderIntakeStore/constraint``, all of them, when the number of one is known.
  ///
  /// - Parameter orders: taken in at one time, by one person.
  package static func add(_ orders: [New], at now: Instant, by actor: UUIDv7, side: OrderSide, in tenant: TenantID) -> Statement {
    func times(_ time: (WorkOrder) -> Instant?) -> Bind { .timestamptzArray(orders.map { time($0.order)?.microseconds }) }
    func words(_ word: (New) -> String?) -> Bind { .textArray(orders.map(word)) }
    return Statement(
      add,
      [
        .int4(tenant.number), .instant(now), uuids(orders) { $0.order.id }, words { $0.order.source.rawValue },
        words { $0.order.externalNumber }, words { $0.order.contract }, words { $0.order.grade }, words { $0.order.category },
        words { $0.order.area }, words { $0.order.community }, words { $0.order.title },
        .jsonbArray(orders.map { bytes(.array($0.order.tags.map { .string($0) })) }),
        .jsonbArray(orders.map { bytes($0.order.attributes) }), .boolArray(orders.map(\.order.isSpecial)),
        uuids(orders) { $0.order.repeats }, times(\.reportedAt), times(\.reportedDue), .uuid(actor), .text(side.rawValue),
        uuids(orders) { $0.event }, .jsonbArray(orders.map { bytes(.object($0.entry.move.data)) }), words { $0.content.content },
        .byteaArray(orders.map(\.content.sealed)), .int4Array(orders.map { $0.content.sealed == nil ? nil : $0.content.key }),
        words { $0.content.masked.name }, words { $0.content.masked.phone }, words { $0.content.masked.address },
        .byteaArray(orders.map(\.content.phoneCode)), .byteaArray(orders.map(\.content.intakeCode)),
      ])
  }

  private static func uuids(_ orders: [New], _ id: (New) -> UUIDv7?) -> Bind {
    .uuidArray(orders.map { order in id(order).map { (high: $0.high, low: $0.low) } })
  }

  // MARK: The account of a file

  package enum State: String, Sendable, CaseIterable {
    case running, finished
    /// It ended before its end; what came before is taken in.
    case cut
  }

  /// What a file has lines of.
  package enum Content: String, Sendable { case orders, marks }

  package struct Counts: Sendable, Equatable {
    package var taken: Int32 = 0
    package var known: Int32 = 0
    package var refused: Int32 = 0

    package init() {}

    package var read: Int32 { taken + known + refused }
  }

  package struct Batch: Sendable {
    package let id: UUIDv7
    package let format: OrderFile.Format
    package let isDry: Bool
    package let state: State
    package let startedBy: UUIDv7
    package let startedAt: Instant
    package let updatedAt: Instant
    package let counts: Counts
    package let ignored: [String]
    /// The stored map that it was read by.
    package let map: Map?
  }

  /// A version of a stored map of headings.
  package struct Map: Sendable, Equatable {
    package let name: String
    package let version: Int32

    package init(name: String, version: Int32) { (self.name, self.version) = (name, version) }
  }

  /// Why a line was refused.
  package struct LineFault: Sendable {
    package let line: Int32
    package let place: Int32
    package let fault: Fault
    /// The heading of the column that it is about.
    package let heading: String?

    package init(line: Int32, place: Int32, fault: Fault, heading: String?) {
      (self.line, self.place, self.fault, self.heading) = (line, place, fault, heading)
    }
  }

  package static func begin(
    _ id: UUIDv7, _ format: OrderFile.Format, of content: Content, map: Map?, isDry: Bool, by user: UUIDv7, at now: Instant,
    in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      INSERT INTO order_batch (tenant_id, id, format, is_dry, state, started_by, started_at, updated_at, map, map_version, content)
      VALUES ($1, $2, $3, $4, 'running', $5, $6, $6, $7, $8, $9)
      """,
      [
        .int4(tenant.number), .uuid(id), .text(format.rawValue), .bool(isDry), .uuid(user), .instant(now),
        .optional(map?.name, .text) { .text($0) }, .optional(map?.version, .int4) { .int4($0) },
        .text(content.rawValue),
      ])
  }

  /// Adds what became of some lines.
  package static func progress(
    _ id: UUIDv7, _ counts: Counts, state: State, ignored: [String], at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      UPDATE order_batch SET read = read + $3, taken = taken + $4, known = known + $5, refused = refused + $6, state = $7, ignored = $8,
        updated_at = $9 WHERE tenant_id = $1 AND id = $2
      """,
      [
        .int4(tenant.number), .uuid(id), .int4(counts.read), .int4(counts.taken), .int4(counts.known), .int4(counts.refused),
        .text(state.rawValue), .textArray(ignored), .instant(now),
      ])
  }

  // MARK: Files of killed servers

  /// How long a file may rest without a word before it counts as cut, in microseconds; whoever takes it in says so more often.
  package static let silence: Int64 = 3 * Instant.minute

  /// Which open offices have a file of which nothing was heard for too long.
  package static func silentTenants(at now: Instant) -> Query<DueTenant> {
    let moment = Instant(microseconds: now.microseconds - silence) ?? now
    return Query("SELECT tenant, since FROM order_batch_silent_tenants($1)", [.instant(moment)]) { row throws(DecodingFailure) in
      let due = try DueTenant.decode(row)
      return DueTenant(id: due.id, since: Instant(microseconds: due.since.microseconds + silence) ?? due.since)
    }
  }

  private static let cut: SQL = """
    WITH silent AS (
      SELECT id FROM order_batch WHERE tenant_id = $1 AND state = 'running' AND updated_at < $2 ORDER BY updated_at LIMIT 100
      FOR UPDATE SKIP LOCKED)
    UPDATE order_batch b SET state = 'cut', updated_at = $3 FROM silent WHERE b.tenant_id = $1 AND b.id = silent.id RETURNING b.id
    """

  /// Says of files that rest for too long that they are cut; one whose server lives after all goes on as before.
  package static func cutSilent(at now: Instant, in tenant: TenantID) -> Query<UUIDv7> {
    let moment = Instant(microseconds: now.microseconds - silence) ?? now
    return Query(cut, [.int4(tenant.number), .instant(moment), .instant(now)]) { row throws(DecodingFailure) in try row.identifier(0) }
  }

  package static func note(_ faults: [LineFault], of id: UUIDv7, in tenant: TenantID) -> Statement {
    Statement(
      """
      INSERT INTO order_batch_fault (tenant_id, batch_id, line, place, pointer, code, detail_zh, detail_en, heading)
      SELECT $1, $2, t.* FROM unnest($3::int[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[]) AS t
      """,
      [
        .int4(tenant.number), .uuid(id), .int4Array(faults.map(\.line)), .int4Array(faults.map(\.place)),
        .textArray(faults.map(\.fault.pointer)), .textArray(faults.map(\.fault.code)), .textArray(faults.map(\.fault.detail.zh)),
        .textArray(faults.map(\.fault.detail.en)), .textArray(faults.map(\.heading)),
      ])
  }

  private static let columns: SQL =
    "id, format, is_dry, state, started_by, started_at, updated_at, taken, known, refused, ignored, map, map_version"
  private static let one: SQL = "SELECT \(columns) FROM order_batch WHERE tenant_id = $1 AND id = $2 AND content = $3"
  private static let page: SQL = """
    SELECT \(columns) FROM order_batch WHERE tenant_id = $1 AND id < $2 AND content = $4 ORDER BY id DESC LIMIT $3
    """

  package static func one(_ id: UUIDv7, of content: Content, in tenant: TenantID) -> Query<Batch> {
    Query(one, [.int4(tenant.number), .uuid(id), .text(content.rawValue)], decode: batch)
  }

  /// The newest files, those behind `after` only.
  package static func page(of content: Content, after: UUIDv7?, limit: Int32, in tenant: TenantID) -> Query<Batch> {
    Query(page, [.int4(tenant.number), .descending(after), .int4(limit), .text(content.rawValue)], decode: batch)
  }

  @Sendable private static func batch(_ row: Row) throws(DecodingFailure) -> Batch {
    var counts = Counts()
    counts.taken = try row.int32(7)
    counts.known = try row.int32(8)
    counts.refused = try row.int32(9)
    let map = try row.optional(11, row.text)
    let version = try row.optional(12, row.int32)
    return Batch(
      id: try row.identifier(0), format: try row.word(1), isDry: try row.bool(2), state: try row.word(3), startedBy: try row.identifier(4),
      startedAt: try row.instant(5), updatedAt: try row.instant(6), counts: counts, ignored: try row.texts(10),
      map: map.flatMap { map in version.map { Map(name: map, version: $0) } })
  }

  /// Why lines of a file were refused, by their numbers and the places of what is wrong in them, those behind `after` only.
  package static func faults(
    of id: UUIDv7, after: (line: Int32, place: Int32), limit: Int32, in tenant: TenantID
  ) -> Query<LineFault> {
    Query(
      """
      SELECT line, place, pointer, code, detail_zh, detail_en, heading FROM order_batch_fault
      WHERE tenant_id = $1 AND batch_id = $2 AND (line, place) > ($3, $4) ORDER BY line, place LIMIT $5
      """, [.int4(tenant.number), .uuid(id), .int4(after.line), .int4(after.place), .int4(limit)]
    ) { row throws(DecodingFailure) in
      LineFault(
        line: try row.int32(0), place: try row.int32(1),
        fault: Fault(pointer: try row.text(2), code: try row.text(3), detail: Text(zh: try row.text(4), en: try row.text(5))),
        heading: try row.optional(6, row.text))
    }
  }
}
