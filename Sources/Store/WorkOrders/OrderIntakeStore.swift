// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Takes work orders in: the row, its first entry, its text and its citizen, in one statement.
package enum OrderIntakeStore {
  /// The constraint that an order violates whose number is known already.
  package static let constraint = "work_order_of_source"

  /// What is kept of an order beside what it says of itself.
  package struct Content: Sendable {
    package let content: String
    package let sealed: [UInt8]?
    /// The number of the key it is sealed with.
    package let key: Int32
    package let masked: MaskedCitizen
    package let phoneCode: [UInt8]?
    package let intakeCode: [UInt8]

    package init(content: String, sealed: [UInt8]?, key: Int32, masked: MaskedCitizen, phoneCode: [UInt8]?, intakeCode: [UInt8]) {
      self.content = content
      self.sealed = sealed
      self.key = key
      self.masked = masked
      self.phoneCode = phoneCode
      self.intakeCode = intakeCode
    }
  }

  private static let add: SQL = """
    WITH taken AS (
      INSERT INTO work_order (tenant_id, id, version, stage, is_open, source, external_number, contract_id, grade, category, area, community,
        title, tags, attributes, is_special, repeats, received_at, changed_at, reported_at, reported_due)
      VALUES ($1, $2, 1, 'received', true, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $16, $17)),
    noted AS (
      INSERT INTO work_order_event (tenant_id, order_id, seq, id, at, actor, side, kind, data)
      VALUES ($1, $2, 1, $18, $15, $19, $20, 'received', $21))
    INSERT INTO work_order_content (tenant_id, order_id, content, sealed, data_key, name_masked, phone_masked, address_masked, phone_code,
      intake_code)
    VALUES ($1, $2, $22, $23, $24, $25, $26, $27, $28, $29)
    """

  /// Takes an order in; fails on ``constraint`` when its source's number is known.
  ///
  /// - Parameter event: the id of its first entry.
  package static func add(_ order: WorkOrder, _ entry: OrderEntry, _ content: Content, event: UUIDv7, in tenant: TenantID) -> Statement {
    func word(_ word: String?) -> Bind { .optional(word, .text) { .text($0) } }
    return Statement(
      add,
      [
        .int4(tenant.number), .uuid(order.id), .text(order.source.rawValue), .text(order.externalNumber), word(order.contract),
        .text(order.grade), word(order.category), word(order.area), word(order.community), .text(order.title), .textArray(order.tags),
        .json(order.attributes), .bool(order.isSpecial), .optional(order.repeats, .uuid) { .uuid($0) }, .instant(entry.at),
        .optional(order.reportedAt, .timestamptz) { .instant($0) }, .optional(order.reportedDue, .timestamptz) { .instant($0) },
        .uuid(event), .optional(entry.actor, .uuid) { .uuid($0) }, .text(entry.side.rawValue), .json(.object(entry.move.data)),
        .text(content.content), .optional(content.sealed, .bytea) { .bytea($0) },
        .optional(content.sealed, .int4) { _ in .int4(content.key) },
        word(content.masked.name), word(content.masked.phone), word(content.masked.address),
        .optional(content.phoneCode, .bytea) { .bytea($0) }, .bytea(content.intakeCode),
      ])
  }

  // MARK: What is known before

  /// What the office knows of an order that is about to be taken in.
  package struct Prospect: Sendable {
    /// The order that has the number already, and the code of the intake it came from.
    package let known: (id: UUIDv7, intakeCode: [UInt8])?
    /// The contract named, or else the one in force; nil where there is none.
    package let contract: String?
    /// Whether the rule pack in force has such a grade.
    package let isGradeKnown: Bool
    /// The last order of the same caller on the same matter.
    package let repeats: UUIDv7?
    /// What the tables decide on it.
    package let decisions: RuleDecisions

    package init(
      known: (id: UUIDv7, intakeCode: [UInt8])?, contract: String?, isGradeKnown: Bool, repeats: UUIDv7?, decisions: RuleDecisions
    ) {
      self.known = known
      self.contract = contract
      self.isGradeKnown = isGradeKnown
      self.repeats = repeats
      self.decisions = decisions
    }
  }

  private static let prospect: SQL = """
    WITH known AS (
      SELECT o.id, c.intake_code FROM work_order o JOIN work_order_content c ON c.tenant_id = o.tenant_id AND c.order_id = o.id
      WHERE o.tenant_id = $1 AND o.source = $2 AND o.external_number = $3),
    earlier AS (
      SELECT o.id FROM work_order_content c JOIN work_order o ON o.tenant_id = c.tenant_id AND o.id = c.order_id
      WHERE c.tenant_id = $1 AND c.phone_code = $4 AND ($5::text IS NULL OR o.category IS NULL OR o.category = $5)
        AND NOT EXISTS (SELECT FROM known)),
    chosen AS (
      SELECT contract_id FROM contract
      WHERE tenant_id = $1 AND state = 'active' AND ($6::text IS NULL OR contract_id = $6) AND ($6 IS NOT NULL OR vendor_from <= $7)
        AND (vendor_until IS NULL OR vendor_until >= $7) ORDER BY vendor_from DESC LIMIT 1),
    pack AS (
      SELECT DISTINCT ON (code) effective_from, document FROM rule_pack WHERE effective_from <= $7 ORDER BY code, revision DESC)
    SELECT (SELECT id FROM known), (SELECT intake_code FROM known), (SELECT contract_id FROM chosen),
      coalesce((
        SELECT EXISTS (SELECT FROM jsonb_array_elements(document -> 'gradeLimits') g WHERE g ->> 'grade' = $8) FROM pack
        WHERE jsonb_array_length(document -> 'gradeLimits') > 0 ORDER BY effective_from DESC LIMIT 1), false),
      (SELECT id FROM earlier ORDER BY id DESC LIMIT 1),
      (SELECT decisions FROM decide($1, $9, ARRAY[$10 || jsonb_build_object('repeatCount', (SELECT count(*) FROM earlier))], $7))
    """

  /// What is known before an order is taken in.
  ///
  /// - Parameters:
  ///   - document: the order as predicates see it, without its repeats.
  ///   - purposes: the tables that are asked.
  package static func prospect(
    _ facts: OrderFacts, phoneCode: [UInt8]?, document: JSON, purposes: [RuleTable.Purpose], day: CivilDate, in tenant: TenantID
  ) -> Query<Prospect> {
    Query(
      prospect,
      [
        .int4(tenant.number), .text(facts.source.rawValue), .text(facts.externalNumber), .optional(phoneCode, .bytea) { .bytea($0) },
        .optional(facts.category, .text) { .text($0) }, .optional(facts.contract, .text) { .text($0) }, .civilDate(day), .text(facts.grade),
        .textArray(purposes.map(\.rawValue)), .json(document),
      ]
    ) { row throws(DecodingFailure) in
      guard let decisions = RuleDecisions(try row.json(5)) else { throw .value(column: 5) }
      return Prospect(
        known: row.isNull(0) ? nil : (try row.identifier(0), try row.bytea(1)), contract: try row.optional(2, row.text),
        isGradeKnown: try row.bool(3), repeats: try row.optional(4, row.identifier), decisions: decisions)
    }
  }
}
