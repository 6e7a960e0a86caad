// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Takes orders in with all that has happened to them already, many at a time; the statements run in the office's context.
///
/// It is for what happened before this deployment knew of it. The caller has walked each order through its history: what is written is
/// what the steps would have left, one by one.
package enum OrderPastStore {
  /// An order as its history left it.
  package struct Past: Sendable {
    package let order: WorkOrder
    package let entries: [OrderEntry]
    package let content: OrderIntakeStore.Content

    package init(order: WorkOrder, entries: [OrderEntry], content: OrderIntakeStore.Content) {
      self.order = order
      self.entries = entries
      self.content = content
    }
  }

  /// The orders that have one of some numbers, whatever their source: the number's place among those asked for, from 0, and the order.
  package static func known(_ numbers: [String], in tenant: TenantID) -> Query<(place: Int, order: UUIDv7)> {
    Query(
      """
      SELECT n.place, o.id FROM unnest($2::text[]) WITH ORDINALITY AS n (number, place) CROSS JOIN unnest($3::text[]) AS s (source)
      JOIN work_order o ON o.tenant_id = $1 AND o.source = s.source AND o.external_number = n.number ORDER BY n.place
      """, [.int4(tenant.number), .textArray(numbers), .textArray(OrderSource.allCases.map(\.rawValue))]
    ) { row throws(DecodingFailure) in (Int(try row.int64(0)) - 1, try row.identifier(1)) }
  }

  private static let orders: SQL = """
    INSERT INTO work_order (tenant_id, id, source, external_number, contract_id, received_at, reported_at, reported_due, version, stage, is_open,
      grade, category, area, community, title, tags, attributes, department, seat, replied_by, approval_asked_by, exclusion_asked_by, is_special,
      approval, is_outside_remit, is_hung, is_awaiting_citizen, exclusion, appeal, appeal_due, is_contacted, resolution, satisfaction,
      callback_attempts, urges, reopenings, repeats, signed_at, verified_at, dispatched_at, handling_at, replied_at, audited_at, called_back_at,
      closed_at, archived_at, returned_at, hung_at, progress_at, changed_at, is_zero_score)
    SELECT $1, id, source, external_number, contract_id, received_at, reported_at, reported_due, version, stage, is_open,
      grade, category, area, community, title, ARRAY(SELECT jsonb_array_elements_text(tags)), attributes, department, seat, replied_by,
      approval_asked_by, exclusion_asked_by, is_special, approval, is_outside_remit, is_hung, is_awaiting_citizen, exclusion, appeal, appeal_due,
      is_contacted, resolution, satisfaction, callback_attempts, urges, reopenings, repeats, signed_at, verified_at, dispatched_at, handling_at,
      replied_at, audited_at, called_back_at, closed_at, archived_at, returned_at, hung_at, progress_at, changed_at,
      coalesce(NOT is_contacted AND resolution = 'unsolved' AND satisfaction = 'dissatisfied', false)
    FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[], $9::int[], $10::text[],
      $11::boolean[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::jsonb[], $18::jsonb[], $19::text[], $20::uuid[],
      $21::uuid[], $22::uuid[], $23::uuid[], $24::boolean[], $25::text[], $26::boolean[], $27::boolean[], $28::boolean[], $29::text[], $30::text[],
      $31::date[], $32::boolean[], $33::text[], $34::text[], $35::int[], $36::int[], $37::int[], $38::uuid[], $39::timestamptz[],
      $40::timestamptz[], $41::timestamptz[], $42::timestamptz[], $43::timestamptz[], $44::timestamptz[], $45::timestamptz[], $46::timestamptz[],
      $47::timestamptz[], $48::timestamptz[], $49::timestamptz[], $50::timestamptz[], $51::timestamptz[])
      AS t (id, source, external_number, contract_id, received_at, reported_at, reported_due, version, stage, is_open, grade, category, area,
        community, title, tags, attributes, department, seat, replied_by, approval_asked_by, exclusion_asked_by, is_special, approval,
        is_outside_remit, is_hung, is_awaiting_citizen, exclusion, appeal, appeal_due, is_contacted, resolution, satisfaction, callback_attempts,
        urges, reopenings, repeats, signed_at, verified_at, dispatched_at, handling_at, replied_at, audited_at, called_back_at, closed_at,
        archived_at, returned_at, hung_at, progress_at, changed_at)
    """
  private static let entries: SQL = """
    INSERT INTO work_order_event (tenant_id, order_id, seq, id, at, actor, side, kind, data)
    SELECT $1, * FROM unnest($2::uuid[], $3::int[], $4::uuid[], $5::timestamptz[], $6::uuid[], $7::text[], $8::text[], $9::jsonb[])
    """
  private static let contents: SQL = """
    INSERT INTO work_order_content (tenant_id, order_id, content, sealed, data_key, name_masked, phone_masked, address_masked, phone_code,
      intake_code)
    SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::bytea[], $5::int[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::bytea[])
    """

  /// Takes orders in; fails on ``OrderIntakeStore/constraint``, all of them, when the number of one is known.
  ///
  /// - Parameter identity: makes the identifier of an entry from its time.
  package static func add(_ orders: [Past], in tenant: TenantID, identity: (Instant) -> UUIDv7) -> [Statement] {
    [
      Statement(Self.orders, [.int4(tenant.number)] + binds(orders.map(\.order))),
      Statement(entries, [.int4(tenant.number)] + history(orders, identity)),
      Statement(contents, [.int4(tenant.number)] + content(orders)),
    ]
  }

  private static func binds(_ orders: [WorkOrder]) -> [Bind] {
    func words(_ word: (WorkOrder) -> String?) -> Bind { .textArray(orders.map(word)) }
    func ids(_ id: (WorkOrder) -> UUIDv7?) -> Bind { .uuidArray(orders.map { id($0).map { ($0.high, $0.low) } }) }
    func times(_ time: (WorkOrder) -> Instant?) -> Bind { .timestamptzArray(orders.map { time($0)?.microseconds }) }
    func truths(_ truth: (WorkOrder) -> Bool?) -> Bind { .boolArray(orders.map(truth)) }
    func counts(_ count: (WorkOrder) -> Int32) -> Bind { .int4Array(orders.map(count)) }
    let first: [Bind] = [
      ids(\.id), words(\.source.rawValue), words(\.externalNumber), words(\.contract), times(\.times.received), times(\.reportedAt),
      times(\.reportedDue), counts(\.version), words(\.stage.rawValue), truths(\.stage.isOpen), words(\.grade), words(\.category),
      words(\.area), words(\.community), words(\.title), .jsonbArray(orders.map { octets(.array($0.tags.map { .string($0) })) }),
      .jsonbArray(orders.map { octets($0.attributes) }), words(\.department), ids(\.seat), ids(\.repliedBy), ids(\.approvalAskedBy),
      ids(\.exclusionAskedBy), truths(\.isSpecial), words(\.approval.rawValue), truths(\.isOutsideRemit), truths(\.isHung),
      truths(\.isAwaitingCitizen), words(\.exclusion.rawValue), words(\.appeal.rawValue), .dateArray(orders.map { $0.appealDue?.day }),
    ]
    return first + [
      truths(\.isContacted), words(\.resolution?.rawValue), words(\.satisfaction?.rawValue), counts(\.callbackAttempts), counts(\.urges),
      counts(\.reopenings), ids(\.repeats), times(\.times.signed), times(\.times.verified), times(\.times.dispatched),
      times(\.times.handling), times(\.times.replied), times(\.times.audited), times(\.times.calledBack), times(\.times.closed),
      times(\.times.archived), times(\.times.returned), times(\.times.hung), times(\.times.progress), times(\.times.changed),
    ]
  }

  private static func history(_ orders: [Past], _ identity: (Instant) -> UUIDv7) -> [Bind] {
    let all = orders.flatMap { past in past.entries.map { (order: past.order.id, entry: $0) } }
    return [
      .uuidArray(all.map { ($0.order.high, $0.order.low) }), .int4Array(all.map(\.entry.seq)),
      .uuidArray(
        all.map {
          let id = identity($0.entry.at)
          return (id.high, id.low)
        }),
      .timestamptzArray(all.map(\.entry.at.microseconds)), .uuidArray(all.map { $0.entry.actor.map { ($0.high, $0.low) } }),
      .textArray(all.map(\.entry.side.rawValue)), .textArray(all.map(\.entry.move.step.rawValue)),
      .jsonbArray(all.map { octets(.object($0.entry.move.data)) }),
    ]
  }

  private static func content(_ orders: [Past]) -> [Bind] {
    func words(_ word: (OrderIntakeStore.Content) -> String?) -> Bind { .textArray(orders.map { word($0.content) }) }
    return [
      .uuidArray(orders.map { ($0.order.id.high, $0.order.id.low) }), words(\.content), .byteaArray(orders.map(\.content.sealed)),
      .int4Array(orders.map { $0.content.sealed == nil ? nil : $0.content.key }), words(\.masked.name), words(\.masked.phone),
      words(\.masked.address), .byteaArray(orders.map(\.content.phoneCode)), .byteaArray(orders.map(\.content.intakeCode)),
    ]
  }

  static func octets(_ json: JSON) -> [UInt8] {
    var writer = JSONWriter()
    writer.value(json)
    return writer.bytes
  }
}
