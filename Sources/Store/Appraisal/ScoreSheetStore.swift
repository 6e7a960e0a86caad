// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Filled score sheets; the statements run in the office's context.
package enum ScoreSheetStore {
  package struct Row: Sendable {
    package let id: UUIDv7
    package let contract: String
    package let filled: FilledSheet
    /// The form that the marks are of.
    package let form: String?
    /// What it comes to, as a decimal.
    package let value: String
    package let life: SheetLife
    package let filledAt: Instant
    package let signedAt: Instant?
    package let countersignedBy: UUIDv7?
    package let countersignedAt: Instant?
    package let payment: String?
    package let version: Int32
    package let filler: String?
    package let countersigner: String?
    /// The person whom it is about.
    package let subjectName: String?

    /// Whether it counted once: a fact of its name is on record, which may be voided since.
    package var counted: Bool { countersignedAt != nil }
  }

  private static let columns: SQL = """
    s.id, s.contract_id, s.series, s.period, s.subject, s.assessed_on, s.form, s.marks, s.value, s.opinion, s.state, s.filled_by, s.filled_at, \
    s.signed_at, s.countersigned_by, s.countersigned_at, s.payment, s.version, f.display_name, c.display_name, p.display_name
    """
  private static let named: SQL = """
    score_sheet s LEFT JOIN app_user f ON f.user_id = s.filled_by LEFT JOIN app_user c ON c.user_id = s.countersigned_by \
    LEFT JOIN staff_member p ON p.tenant_id = s.tenant_id AND p.code = s.subject
    """
  private static let one: SQL = "SELECT \(columns) FROM \(named) WHERE s.tenant_id = $1 AND s.contract_id = $2 AND s.id = $3"
  private static let several: SQL = "SELECT \(columns) FROM \(named) WHERE s.tenant_id = $1 AND s.id = ANY ($2)"
  private static let page: SQL = """
    SELECT \(columns) FROM \(named) WHERE s.tenant_id = $1 AND s.contract_id = $2 AND ($3 = '' OR s.state = $3) AND ($4 = '' OR s.period = $4)
      AND ($5 = '' OR s.subject = $5) AND (NOT $6 OR s.countersigned_at IS NOT NULL) AND s.id < $7 ORDER BY s.id DESC LIMIT $8
    """

  /// Which sheets of a contract are listed; nil for any.
  package struct Choice: Sendable {
    let state: SheetLife.State?
    let period: String?
    let subject: String?
    let countedOnly: Bool

    /// - Parameter countedOnly: whether those are left out that never counted.
    package init(state: SheetLife.State?, period: String?, subject: String?, countedOnly: Bool) {
      (self.state, self.period, self.subject, self.countedOnly) = (state, period, subject, countedOnly)
    }
  }

  /// The newest sheets under a contract, those behind `after` only.
  package static func page(
    of contract: String, _ choice: Choice, after: UUIDv7?, limit: Int32, in tenant: TenantID
  ) -> Query<Row> {
    Query(
      page,
      [
        .int4(tenant.number), .text(contract), .text(choice.state?.rawValue ?? ""), .text(choice.period ?? ""), .text(choice.subject ?? ""),
        .bool(choice.countedOnly), .descending(after), .int4(limit),
      ], decode: row)
  }

  package static func one(_ id: UUIDv7, of contract: String, in tenant: TenantID) -> Query<Row> {
    Query(one, [.int4(tenant.number), .text(contract), .uuid(id)], decode: row)
  }

  /// The sheets of some names; what is none is left out.
  package static func named(_ ids: [UUIDv7], in tenant: TenantID) -> Query<Row> {
    Query(several, [.int4(tenant.number), .uuidArray(ids.map { ($0.high, $0.low) })], decode: row)
  }

  private static let row: @Sendable (Postgres.Row) throws(DecodingFailure) -> Row = { row throws(DecodingFailure) in
    let value = try row.text(8)
    var score: FilledSheet.Score
    if row.isNull(7) {
      guard let plain = Rational(decimal: value) else { throw .value(column: 8) }
      score = .value(plain)
    } else {
      guard case .success(let marks) = FilledSheet.marks.decode(try row.json(7)) else { throw .value(column: 7) }
      score = .marks(marks)
    }
    return Row(
      id: try row.identifier(0), contract: try row.text(1),
      filled: FilledSheet(
        series: try row.text(2), period: try row.text(3), subject: try row.optional(4, row.text), on: try row.civilDate(5), score: score,
        opinion: try row.optional(9, row.text)),
      form: try row.optional(6, row.text), value: value, life: SheetLife(state: try row.word(10), filledBy: try row.identifier(11)),
      filledAt: try row.instant(12), signedAt: try row.optional(13, row.instant), countersignedBy: try row.optional(14, row.identifier),
      countersignedAt: try row.optional(15, row.instant), payment: try row.optional(16, row.text), version: try row.int32(17),
      filler: try row.optional(18, row.text), countersigner: try row.optional(19, row.text), subjectName: try row.optional(20, row.text))
  }

  /// Something that was done with a sheet.
  package struct Taken: Sendable {
    package let version: Int32
    package let step: SheetLife.Step
    package let at: Instant
    package let actor: UUIDv7
    package let name: String?
    package let note: String?
    package let filled: JSON?
  }

  /// The steps of a sheet in their order, with the names of those who took them.
  package static func steps(of id: UUIDv7, in tenant: TenantID) -> Query<Taken> {
    Query(
      """
      SELECT s.version, s.step, s.at, s.actor, u.display_name, s.note, s.filled FROM score_sheet_step s \
      LEFT JOIN app_user u ON u.user_id = s.actor WHERE s.tenant_id = $1 AND s.sheet_id = $2 ORDER BY s.version
      """, [.int4(tenant.number), .uuid(id)]
    ) { row throws(DecodingFailure) in
      Taken(
        version: try row.int32(0), step: try row.word(1), at: try row.instant(2), actor: try row.identifier(3),
        name: try row.optional(4, row.text), note: try row.optional(5, row.text), filled: try row.optional(6, row.json))
    }
  }

  // MARK: Steps

  /// The constraint that a second sheet for a person or the team and a period violates.
  package static let onceConstraint = "score_sheet_once"

  /// Somebody's step on a sheet of a version that they have read; the step makes the next one.
  package struct Step: Sendable {
    let id: UUIDv7
    let version: Int32
    let user: UUIDv7
    let note: String?
    let now: Instant

    /// - Parameter version: zero for a new sheet.
    package init(on id: UUIDv7, version: Int32, by user: UUIDv7, note: String? = nil, at now: Instant) {
      (self.id, self.version, self.user, self.note, self.now) = (id, version, user, note, now)
    }

    fileprivate func key(in tenant: TenantID) -> [Bind] { [.int4(tenant.number), .uuid(id), .int4(version)] }

    fileprivate func taken(_ step: SheetLife.Step, filled: JSON? = nil, in tenant: TenantID) -> Statement {
      Statement(
        """
        INSERT INTO score_sheet_step (tenant_id, sheet_id, version, step, at, actor, note, filled) VALUES ($1, $2, $3 + 1, $4, $5, $6, $7, $8)
        """,
        key(in: tenant) + [
          .text(step.rawValue), .instant(now), .uuid(user), .optional(note, .text) { .text($0) }, .optional(filled, .jsonb) { .json($0) },
        ])
    }
  }

  private static func content(_ filled: FilledSheet, _ form: String?, _ value: Rational) -> [Bind] {
    var marks: JSON?
    if case .marks(let own) = filled.score { marks = own.json }
    return [
      .civilDate(filled.on), .optional(form, .text) { .text($0) }, .optional(marks, .jsonb) { .json($0) }, .text(value.decimal()),
      .optional(filled.opinion, .text) { .text($0) },
    ]
  }

  /// What was filled in, as a step keeps it.
  private static func kept(_ filled: FilledSheet, _ value: Rational) -> JSON {
    var object: JSONObject = ["on": .string("\(filled.on)"), "value": .string(value.decimal())]
    if case .marks(let marks) = filled.score { object["marks"] = marks.json }
    if let opinion = filled.opinion { object["opinion"] = .string(opinion) }
    return .object(object)
  }

  /// A new draft; fails with `onceConstraint` where there is a sheet for the same.
  package static func add(
    _ filled: FilledSheet, form: String?, value: Rational, of contract: String, _ step: Step, in tenant: TenantID
  ) -> [Statement] {
    [
      Statement(
        """
        INSERT INTO score_sheet (tenant_id, id, contract_id, series, period, subject, filled_by, filled_at, assessed_on, form, marks, value, \
        opinion) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """,
        [
          .int4(tenant.number), .uuid(step.id), .text(contract), .text(filled.series), .text(filled.period),
          .optional(filled.subject, .text) { .text($0) }, .uuid(step.user), .instant(step.now),
        ] + content(filled, form, value)),
      step.taken(.fill, filled: kept(filled, value), in: tenant),
    ]
  }

  // Each fails with `SQLState.changed` when the sheet is not of the version any more.

  /// Fills a draft or a returned sheet anew.
  package static func fill(
    _ filled: FilledSheet, form: String?, value: Rational, _ step: Step, in tenant: TenantID
  ) -> [Statement] {
    [
      Statement(
        """
        WITH moved AS (
          UPDATE score_sheet SET filled_by = $4, filled_at = $5, assessed_on = $6, form = $7, marks = $8, value = $9, opinion = $10,
            state = 'draft', signed_at = NULL, version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state IN ('draft', 'returned') RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM moved), 'JS001')
        """, step.key(in: tenant) + [.uuid(step.user), .instant(step.now)] + content(filled, form, value)),
      step.taken(.fill, filled: kept(filled, value), in: tenant),
    ]
  }

  /// Signs it as its filler.
  package static func sign(_ step: Step, in tenant: TenantID) -> [Statement] {
    [
      Statement(
        """
        WITH moved AS (
          UPDATE score_sheet SET state = 'signed', signed_at = $4, version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state IN ('draft', 'returned') RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM moved), 'JS001')
        """, step.key(in: tenant) + [.instant(step.now)]),
      step.taken(.sign, in: tenant),
    ]
  }

  /// Gives it back, with the reason.
  package static func giveBack(_ step: Step, in tenant: TenantID) -> [Statement] {
    [
      Statement(
        """
        WITH moved AS (
          UPDATE score_sheet SET state = 'returned', signed_at = NULL, version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'signed' RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM moved), 'JS001')
        """, step.key(in: tenant)),
      step.taken(.return, in: tenant),
    ]
  }

  /// Countersigns it and records its fact, which has its name.
  ///
  /// The statements belong into one transaction. They fail with `SQLState.periodConfirmed` when the payment's statement is confirmed and nobody
  /// said that it is to be corrected, with `SQLState.alreadyRecorded` where a score for the same is on record.
  package static func countersign(
    _ step: Step, _ fact: FactStore.New, taking payment: String, correctsConfirmed: Bool, in tenant: TenantID
  ) -> [Statement] {
    SnapshotStore.demandUnconfirmed(payment, of: fact.contract, unless: correctsConfirmed, in: tenant) + [
      Statement(
        """
        WITH moved AS (
          UPDATE score_sheet SET state = 'countersigned', countersigned_by = $4, countersigned_at = $5, payment = $6, version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state = 'signed' RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM moved), 'JS001')
        """, step.key(in: tenant) + [.uuid(step.user), .instant(step.now), .text(payment)])
    ] + FactStore.add(fact, in: tenant) + [step.taken(.countersign, in: tenant)]
  }

  /// Voids it, with the reason, and its fact where it counts; a confirmed statement that took it in is corrected by the next.
  ///
  /// - Parameter voiding: the identifier of the fact that voids.
  package static func void(_ step: Step, _ row: Row, reason: String, voiding: UUIDv7, in tenant: TenantID) -> [Statement] {
    [
      Statement(
        """
        WITH moved AS (
          UPDATE score_sheet SET state = 'voided', version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND version = $3 AND state <> 'voided' RETURNING 1)
        SELECT demand(EXISTS (SELECT FROM moved), 'JS001')
        """, step.key(in: tenant))
    ]
      + (row.life.state == .countersigned
        ? [
          FactStore.void(
            row.id, of: row.contract, id: voiding, reason: reason, by: step.user, side: Side.office.rawValue, at: step.now, in: tenant)
        ] : []) + [step.taken(.void, in: tenant)]
  }
}
