// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// A score sheet as it is read and judged for a request.
struct ScoreSheetDesk: Sendable {
  let row: ScoreSheetStore.Row
  private let call: Call
  private let services: Services
  private let user: UUIDv7
  private let side: Side
  private let tenant: TenantID

  /// Reads the sheet; a vendor's people see those that counted, and no draft of the office.
  ///
  /// - Throws: 404 where there is none for the caller.
  init(_ call: Call, _ services: Services) async throws {
    let office = try call.office
    (self.call, self.services, tenant, side, user) = (call, services, office.tenant, office.membership.side, try call.principal.user)
    let query = ScoreSheetStore.one(try call.identifier(2), of: try call.variable(1), in: tenant)
    guard let row = try await services.lanes.first(query, in: .tenant(tenant.number)), side == .office || row.counted else {
      throw Problem.notFound
    }
    self.row = row
  }

  private func allow(_ refuse: () throws(AppraisalRefusal) -> Void) throws {
    do throws(AppraisalRefusal) {
      try refuse()
    } catch {
      throw Problem(error)
    }
  }

  private func step(_ tag: EntityTag, _ note: String? = nil) -> ScoreSheetStore.Step {
    ScoreSheetStore.Step(on: row.id, version: Int32(clamping: tag.version), by: user, note: note, at: call.now)
  }

  // MARK: Steps

  func fill(_ anew: FilledSheet.Refilling, _ tag: EntityTag) async throws -> AppraisalStep {
    try allow { () throws(AppraisalRefusal) in try row.life.checkFilling(of: side) }
    let filled = row.filled.filled(anew)
    let dossier = try await services.dossier(of: row.contract, for: call)
    let scored = try await Self.scored(filled, by: dossier, call, services)
    return AppraisalStep(
      statements: ScoreSheetStore.fill(filled, form: scored.form?.id, value: scored.value, step(tag), in: tenant),
      state: SheetLife.State.draft.rawValue, action: "score-sheet.fill", data: ["value": .string(scored.value.decimal())])
  }

  func sign(_ note: String?, _ tag: EntityTag) throws -> AppraisalStep {
    try allow { () throws(AppraisalRefusal) in try row.life.checkSigning(by: user, of: side) }
    return AppraisalStep(
      statements: ScoreSheetStore.sign(step(tag, note), in: tenant), state: SheetLife.State.signed.rawValue, action: "score-sheet.sign")
  }

  func giveBack(_ reason: String, _ tag: EntityTag) throws -> AppraisalStep {
    try allow { () throws(AppraisalRefusal) in try row.life.checkReturn(by: user, of: side) }
    return AppraisalStep(
      statements: ScoreSheetStore.giveBack(step(tag, reason), in: tenant), state: SheetLife.State.returned.rawValue,
      action: "score-sheet.return")
  }

  func countersign(_ body: Countersigning, _ tag: EntityTag) async throws -> AppraisalStep {
    try allow { () throws(AppraisalRefusal) in try row.life.checkCountersigning(by: user, of: side) }
    let dossier = try await services.dossier(of: row.contract, for: call)
    let scored = try await Self.scored(row.filled, by: dossier, call, services)
    let content = row.filled.content(scored.value)
    let payment = try AppraisalStep.payment(
      taking: content.body, correctsConfirmed: body.correctsConfirmed, by: dossier, on: call.now.date)
    var sheet: JSON?
    if case .marks(let marks) = row.filled.score, let form = scored.form { sheet = ["sheet": .string(form.id), "marks": marks.json] }
    let fact = FactStore.New(
      id: row.id, content: content, kind: "score", contract: row.contract, note: row.filled.opinion, sheet: sheet, user: user,
      side: Side.office.rawValue, at: call.now)
    return AppraisalStep(
      statements: ScoreSheetStore.countersign(
        step(tag, body.note), fact, taking: payment, correctsConfirmed: body.correctsConfirmed, in: tenant),
      state: SheetLife.State.countersigned.rawValue, action: "score-sheet.countersign",
      data: ["payment": .string(payment), "value": .string(scored.value.decimal())], payment: payment)
  }

  func void(_ reason: String, _ tag: EntityTag) throws -> AppraisalStep {
    let permission: Permission = row.life.state == .countersigned ? .scoreCountersign : .scoreWrite
    let membership = try call.office.membership
    let scopes = try call.principal.scopes
    guard
      membership.may(permission, scopes: scopes, at: call.now) || membership.may(.scoreCountersign, scopes: scopes, at: call.now)
    else { throw Problem.forbidden(permission.rawValue) }
    try allow { () throws(AppraisalRefusal) in try row.life.checkVoiding(by: user, of: side) }
    return AppraisalStep(
      statements: ScoreSheetStore.void(
        step(tag, reason), row, reason: reason, voiding: services.identities.next(at: call.now), in: tenant),
      state: SheetLife.State.voided.rawValue, action: "score-sheet.void")
  }

  /// The second signature.
  struct Countersigning: Sendable {
    let note: String?
    /// Whether it may count although the statement of its period is confirmed.
    let correctsConfirmed: Bool

    static let shape: Shape<Countersigning> = .object(
      "scoreSheetCountersigning", about: Text(zh: "会签；可附意见。", en: "The second signature, with a remark if there is one."),
      Field(optional: "note", .string(minLength: 1, maxLength: 2000)), Field("correctsConfirmed", .bool, default: false)
    ) { Countersigning(note: $0, correctsConfirmed: $1) }
  }

  // MARK: Judging what is filled in

  /// What a filled sheet comes to, and the form that it was found with.
  struct Scored: Sendable {
    let value: Rational
    let form: ScoreSheet?
  }

  /// Judges a filled sheet by the contract and the list of staff.
  ///
  /// - Throws: 422 for what the contract does not know, for marks that are no options of its form, and for somebody who is none of the vendor's.
  static func scored(_ filled: FilledSheet, by dossier: Dossier, _ call: Call, _ services: Services) async throws -> Scored {
    let check = try dossier.check(on: call.now.date)
    var faults = check.faults(in: filled.content(.zero))
    // Without the series nothing can be said of its form.
    if faults.contains(where: { $0.pointer == "/series" }) { throw Problem(Faults(faults)) }
    if filled.on > call.now.date { faults.append(.afterToday("/on")) }
    if let subject = filled.subject, dossier.contract.scoresStaff(filled.series) {
      faults += try await services.faults(inStaff: subject, under: call.variable(1), at: "/subject", for: call)
    }
    var scored: Scored?
    do throws(Faults) {
      let (value, form) = try filled.value(under: dossier.contract)
      faults += check.faults(in: filled.content(value)).filter { $0.pointer == "/value" }
      scored = Scored(value: value, form: form)
    } catch {
      faults += error.list
    }
    guard let scored, faults.isEmpty else { throw Problem(Faults(faults)) }
    return scored
  }
}

extension Fault {
  static func afterToday(_ pointer: String) -> Fault {
    Fault(pointer: pointer, code: "out-of-range", detail: Text(zh: "不得晚于今日。", en: "This must not be after today."))
  }
}
