// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// The facts of a contract's settlements; written once, and voided by another fact where they were wrong.
package enum FactStore {
  /// The constraint that a second voiding of a fact violates.
  package static let voidedConstraint = "fact_voided"

  private static let columns: SQL = """
    f.id, f.contract_id, f.kind, f.occurred_on, f.data, f.note, f.recorded_by, f.recorded_side, f.recorded_at, v.id, v.note, v.recorded_at,
    f.sheet, f.incident_id
    """
  private static let voided: SQL = "fact f LEFT JOIN fact v ON v.tenant_id = f.tenant_id AND v.voids = f.id"
  private static let one: SQL = "SELECT \(columns) FROM \(voided) WHERE f.tenant_id = $1 AND f.id = $2 AND f.voids IS NULL"
  private static let several: SQL =
    "SELECT \(columns) FROM \(voided) WHERE f.tenant_id = $1 AND f.id = ANY ($2) AND f.voids IS NULL ORDER BY f.occurred_on, f.id"
  private static let page: SQL = """
    SELECT \(columns) FROM \(voided)
    WHERE f.tenant_id = $1 AND f.id < $2 AND f.contract_id = $4 AND f.kind = $5 AND f.voids IS NULL
    ORDER BY f.id DESC LIMIT $3
    """

  /// A fact to be recorded.
  package struct New: Sendable {
    package let id: UUIDv7
    let content: FactContent
    let kind: String
    let contract: String
    let note: String?
    let sheet: JSON?
    let user: UUIDv7?
    let side: String
    let incident: UUIDv7?
    let now: Instant

    /// - Parameters:
    ///   - kind: the resource it is recorded under.
    ///   - sheet: the form that a score was found with.
    ///   - user: nil for the command line.
    ///   - side: `office`, `vendor`, or `system`.
    ///   - incident: the confirmed incident that it is, whose name it has.
    package init(
      id: UUIDv7, content: FactContent, kind: String, contract: String, note: String?, sheet: JSON? = nil, user: UUIDv7?, side: String,
      incident: UUIDv7? = nil, at now: Instant
    ) {
      (self.id, self.content, self.kind, self.contract, self.note) = (id, content, kind, contract, note)
      (self.sheet, self.user, self.side, self.incident, self.now) = (sheet, user, side, incident, now)
    }
  }

  /// Records a fact; fails with `SQLState.alreadyRecorded` when one stands that says the same, where there can be but one.
  ///
  /// The statements belong into one transaction, which holds up others that record under the same contract.
  package static func add(_ fact: New, in tenant: TenantID) -> [Statement] {
    var writer = JSONWriter()
    writer.beginObject()
    fact.content.writeMembers(to: &writer)
    writer.endObject()
    let add = Statement(
      """
      INSERT INTO fact (tenant_id, id, contract_id, kind, occurred_on, data, note, sheet, recorded_by, recorded_side, recorded_at, \
      incident_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
      """,
      [
        .int4(tenant.number), .uuid(fact.id), .text(fact.contract), .text(fact.kind), .civilDate(fact.content.on), .jsonb(writer.bytes),
        .optional(fact.note, .text) { .text($0) }, .optional(fact.sheet, .jsonb) { .json($0) }, .optional(fact.user, .uuid) { .uuid($0) },
        .text(fact.side), .instant(fact.now), .optional(fact.incident, .uuid) { .uuid($0) },
      ])
    guard let members = fact.content.body.uniqueMembers else { return [add] }
    return [
      hold(fact.contract, in: tenant),
      Statement(
        """
        SELECT demand(NOT EXISTS (
          SELECT FROM fact f WHERE tenant_id = $1 AND contract_id = $2 AND kind = $3 AND voids IS NULL AND data @> $4
            AND NOT EXISTS (SELECT FROM fact v WHERE v.tenant_id = $1 AND v.voids = f.id)), 'JS002')
        """, [.int4(tenant.number), .text(fact.contract), .text(fact.kind), .json(.object(members))]),
      add,
    ]
  }

  /// Fails with `SQLState.changed` when more than an amount is paid under a payment's name by then.
  ///
  /// The statements belong before the one that records a payment, into its transaction, which holds up others that record under the contract.
  package static func keep(paidUnder payment: String, of contract: String, within amount: Fen, in tenant: TenantID) -> [Statement] {
    [
      hold(contract, in: tenant),
      Statement(
        """
        SELECT demand((
          SELECT coalesce(sum((data ->> 'amount')::numeric), 0) <= $4::text::numeric FROM fact f
          WHERE tenant_id = $1 AND contract_id = $2 AND kind = 'payment' AND data ->> 'payment' = $3 AND voids IS NULL
            AND NOT EXISTS (SELECT FROM fact v WHERE v.tenant_id = $1 AND v.voids = f.id)), 'JS001')
        """, [.int4(tenant.number), .text(contract), .text(payment), .text(amount.yuan)]),
    ]
  }

  /// Two that are recorded at once would not see each other.
  private static func hold(_ contract: String, in tenant: TenantID) -> Statement {
    Statement(
      "SELECT 1 FROM contract WHERE tenant_id = $1 AND contract_id = $2 FOR NO KEY UPDATE", [.int4(tenant.number), .text(contract)])
  }

  /// Voids a fact, with the reason; fails with the constraint when it is voided already.
  package static func void(
    _ fact: UUIDv7, of contract: String, id: UUIDv7, reason: String, by user: UUIDv7, side: String, at now: Instant, in tenant: TenantID
  ) -> Statement {
    Statement(
      """
      INSERT INTO fact (tenant_id, id, contract_id, kind, occurred_on, data, note, recorded_by, recorded_side, recorded_at, voids) \
      VALUES ($1, $2, $3, 'void', $4, '{}', $5, $6, $7, $8, $9)
      """,
      [
        .int4(tenant.number), .uuid(id), .text(contract), .civilDate(now.date), .text(reason), .uuid(user), .text(side), .instant(now),
        .uuid(fact),
      ])
  }

  package static func one(_ id: UUIDv7, in tenant: TenantID) -> Statement { Statement(one, [.int4(tenant.number), .uuid(id)]) }

  /// Facts by their identifiers, by day; voided ones among them, marked.
  package static func named(_ ids: [UUIDv7], in tenant: TenantID) -> Statement {
    Statement(several, [.int4(tenant.number), .uuidArray(ids.map { ($0.high, $0.low) })])
  }

  /// The newest facts of a kind, those behind `after` only; voided ones among them, marked.
  package static func page(
    of kind: String, contract: String, after: UUIDv7?, limit: Int32, in tenant: TenantID
  ) -> Statement {
    Statement(page, [.int4(tenant.number), .descending(after), .int4(limit), .text(contract), .text(kind)])
  }

  // MARK: Rows

  /// Writes a fact as the API shows it: who recorded it when, the fact's own members under `fact`, and what voided it.
  package static func write(_ row: Row, to writer: inout JSONWriter) throws(DecodingFailure) {
    writer.beginObject()
    writer.key("id")
    writer.uuid(row, 0)
    writer.key("contract")
    try writer.text(row, 1)
    writer.key("fact")
    writer.raw(try row.jsonBytes(4))
    writer.key("sheet")
    if row.isNull(12) { writer.null() } else { writer.raw(try row.jsonBytes(12)) }
    writer.key("incident")
    writer.uuid(row, 13)
    writer.key("note")
    try writer.text(row, 5)
    writer.key("recordedBy")
    writer.uuid(row, 6)
    writer.key("recordedSide")
    try writer.text(row, 7)
    writer.key("recordedAt")
    try writer.instant(row, 8)
    writer.key("voided")
    if row.isNull(9) {
      writer.null()
    } else {
      writer.beginObject()
      writer.key("by")
      writer.uuid(row, 9)
      writer.key("reason")
      try writer.text(row, 10)
      writer.key("at")
      try writer.instant(row, 11)
      writer.endObject()
    }
    writer.endObject()
  }

  /// Whose and what kind a fact is.
  package struct Head: Sendable {
    package let contract: String
    package let kind: String
    package let side: String
    package let data: JSON
    package let isVoided: Bool

    /// What it says; nil for what this version cannot read.
    package var content: FactContent? { try? FactContent.shape.decode(data).get() }
  }

  package static func head(_ row: Row) throws(DecodingFailure) -> Head {
    Head(contract: try row.text(1), kind: try row.text(2), side: try row.text(7), data: try row.json(4), isVoided: !row.isNull(9))
  }

  /// A fact with who recorded it, as a paper shows it.
  package struct Signed: Sendable {
    package let contract: String
    package let kind: String
    package let on: CivilDate
    /// What it says; nil for what this version cannot read.
    package let content: FactContent?
    package let note: String?
    package let name: String?
    package let at: Instant
    /// Why it was voided; nil while it stands.
    package let voided: String?
  }

  /// A fact with the name of who recorded it; no row when the office has none of that id.
  package static func signed(_ id: UUIDv7, in tenant: TenantID) -> Query<Signed> {
    Query(
      """
      SELECT f.contract_id, f.kind, f.occurred_on, f.data, f.note, u.display_name, f.recorded_at, v.note FROM fact f \
      LEFT JOIN fact v ON v.tenant_id = f.tenant_id AND v.voids = f.id LEFT JOIN app_user u ON u.user_id = f.recorded_by \
      WHERE f.tenant_id = $1 AND f.id = $2 AND f.voids IS NULL
      """, [.int4(tenant.number), .uuid(id)]
    ) { row throws(DecodingFailure) in
      Signed(
        contract: try row.text(0), kind: try row.text(1), on: try row.civilDate(2),
        content: try? FactContent.shape.decode(row.json(3)).get(),
        note: try row.optional(4, row.text), name: try row.optional(5, row.text), at: try row.instant(6),
        voided: try row.optional(7, row.text))
    }
  }

  /// Whether anything was ever recorded or proposed under a contract.
  package static func hasAny(of contract: String, in tenant: TenantID) -> Query<Bool> {
    Query(
      """
      SELECT EXISTS (SELECT FROM fact WHERE tenant_id = $1 AND contract_id = $2) \
      OR EXISTS (SELECT FROM incident WHERE tenant_id = $1 AND contract_id = $2)
      """, [.int4(tenant.number), .text(contract)]
    ) { row throws(DecodingFailure) in try row.bool(0) }
  }

  // MARK: For settlements

  private static let fact: @Sendable (Row) throws(DecodingFailure) -> Fact = { row throws(DecodingFailure) in
    guard case .success(let content) = FactContent.shape.decode(try row.json(2)) else { throw .value(column: 2) }
    return Fact(id: try row.identifier(0), recordedAt: try row.instant(1), content: content)
  }

  /// The facts of a contract that were not voided.
  package static func unvoided(of contract: String, in tenant: TenantID) -> Query<Fact> {
    Query(
      """
      SELECT id, recorded_at, data FROM fact f WHERE tenant_id = $1 AND contract_id = $2 AND voids IS NULL \
      AND NOT EXISTS (SELECT FROM fact v WHERE v.tenant_id = $1 AND v.voids = f.id) ORDER BY occurred_on, id
      """, [.int4(tenant.number), .text(contract)], decode: fact)
  }

  /// What is on record of a contract's end: that it ended early, or went on after its term.
  package static func ends(of contract: String, in tenant: TenantID) -> Query<Fact> {
    Query(
      """
      SELECT id, recorded_at, data FROM fact f WHERE tenant_id = $1 AND contract_id = $2 AND voids IS NULL AND kind = 'event' \
      AND data ->> 'event' = ANY ($3) \
      AND NOT EXISTS (SELECT FROM fact v WHERE v.tenant_id = $1 AND v.voids = f.id) ORDER BY occurred_on, id
      """,
      [.int4(tenant.number), .text(contract), .textArray([KnownEvent.terminated, .heldOver].map(\.rawValue))], decode: fact)
  }

  /// Facts by their identifiers, also those that were voided since; what is none of the contract's is left out.
  package static func facts(_ ids: [UUIDv7], of contract: String, in tenant: TenantID) -> Query<Fact> {
    Query(
      "SELECT id, recorded_at, data FROM fact WHERE tenant_id = $1 AND contract_id = $2 AND voids IS NULL AND id = ANY ($3)",
      [.int4(tenant.number), .text(contract), .uuidArray(ids.map { ($0.high, $0.low) })], decode: fact)
  }
}
