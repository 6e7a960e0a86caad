// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// A step on an incident as it is judged by what stands on record, and what it writes.
struct IncidentStep: Sendable {
  /// What a step comes to.
  struct Judged: Sendable {
    let statements: [Statement]
    let state: Incident.State
    /// In the audit log.
    let action: String
    var data: JSON = [:]
    var period: String?
  }

  private let head: IncidentStore.Head
  private let life: IncidentLife
  private let tag: EntityTag
  private let call: Call
  private let services: Services
  private let user: UUIDv7
  private let side: Side
  private let tenant: TenantID

  /// Reads the incident.
  ///
  /// - Throws: 404 where the office has none of that name.
  init(_ tag: EntityTag, _ call: Call, _ services: Services) async throws {
    (self.tag, self.call, self.services) = (tag, call, services)
    let office = try call.office
    (tenant, side, user) = (office.tenant, office.membership.side, try call.principal.user)
    let rows = try await services.lanes.rows(IncidentStore.one(call.identifier(1), in: tenant), in: .tenant(tenant.number))
    guard let row = rows.first else { throw Problem.notFound }
    head = try IncidentStore.head(row)
    guard office.membership.sees(contract: head.contract) else { throw Problem.notFound }
    guard let settings = try await services.lanes.first(TenantStore.one(office.code), in: .platform)?.settings else {
      throw Problem.notFound
    }
    life = try head.life(by: AppraisalRule(settings: settings), await services.dossiers.calendar(on: services.lanes))
  }

  /// Whether the incident is of the version that the request speaks of.
  var isCurrent: Bool { tag.version == Int64(head.version) }

  private func step(_ note: String?, _ evidence: [JSON] = []) -> IncidentStore.Step {
    IncidentStore.Step(on: head.id, version: Int32(clamping: tag.version), by: user, note: note, evidence: evidence, at: call.now)
  }

  private func judged(_ refuse: () throws(IncidentLife.Refusal) -> Void) throws {
    do throws(IncidentLife.Refusal) {
      try refuse()
    } catch {
      throw Problem(error)
    }
  }

  // MARK: either side

  func addEvidence(_ evidence: [JSON]) throws -> Judged {
    guard head.state == .proposed || head.state == .disputed else { throw Problem(.decided(head.state)) }
    return Judged(
      statements: IncidentStore.addEvidence(step(nil, evidence), of: side, in: tenant), state: head.state, action: "evidence")
  }

  // MARK: the vendor

  func answer(_ answer: IncidentBody.Answer) throws -> Judged {
    try judged { () throws(IncidentLife.Refusal) in try life.checkAnswer(of: side, at: call.now) }
    return Judged(
      statements: IncidentStore.answer(step(answer.text, answer.evidence), admits: answer.admits, in: tenant), state: .proposed,
      action: "answered", data: ["admits": .bool(answer.admits)])
  }

  func dispute(_ saying: IncidentBody.Saying) throws -> Judged {
    try judged { () throws(IncidentLife.Refusal) in try life.checkDispute(of: side, at: call.now) }
    return Judged(statements: IncidentStore.dispute(step(saying.text, saying.evidence), in: tenant), state: .disputed, action: "disputed")
  }

  // MARK: the office

  func reject(_ note: String) throws -> Judged {
    try judged { () throws(IncidentLife.Refusal) in try life.checkRejection(by: user, of: side) }
    return Judged(statements: IncidentStore.reject(step(note), in: tenant), state: .rejected, action: "rejected")
  }

  func uphold(_ reason: String) throws -> Judged {
    try judged { () throws(IncidentLife.Refusal) in try life.checkUpholding(by: user, of: side) }
    return Judged(statements: IncidentStore.uphold(step(reason), in: tenant), state: .confirmed, action: "upheld")
  }

  func reverse(_ reason: String) throws -> Judged {
    try judged { () throws(IncidentLife.Refusal) in try life.checkReversal(of: side) }
    let voiding = services.identities.next(at: call.now)
    return Judged(
      statements: IncidentStore.reverse(step(reason), of: head.contract, voiding: voiding, in: tenant), state: .reversed,
      action: "reversed", data: ["voidedBy": .string("\(voiding)")])
  }

  func confirm(_ body: IncidentBody.Confirmation) async throws -> Judged {
    let own = head.incident
    let decided = FactBody.Incident(
      kind: own.kind, subject: own.subject, quantity: own.quantity, amount: body.amount ?? own.amount, points: body.points ?? own.points,
      by: own.by)
    let isAgreed = decided.amount == own.amount && decided.points == own.points
    // Who asks and when comes before what they ask for.
    try judged { () throws(IncidentLife.Refusal) in
      _ = try life.confirmation(by: user, of: side, isOpen: false, isAgreed: isAgreed, at: call.now)
    }
    let isOpen = try await IncidentJudgement.judge(decided, at: head.occurredAt, of: head.contract, .confirmed, call, services)
    let period = try await self.period(decided, body)
    var confirmation = IncidentLife.Confirmation.set
    try judged { () throws(IncidentLife.Refusal) in
      confirmation = try life.confirmation(by: user, of: side, isOpen: isOpen, isAgreed: isAgreed, at: call.now)
    }
    switch confirmation {
    case .set:
      guard let reason = body.note else {
        throw Problem(
          Faults([
            Fault(
              pointer: "/note", code: "missing-member",
              detail: Text(zh: "金额、分数由甲方裁量的，须写明理由。", en: "What the contract leaves open needs a written reason."))
          ]))
      }
      return Judged(
        statements: IncidentStore.set(step(reason), amount: decided.amount, points: decided.points, in: tenant), state: .proposed,
        action: "set", data: data(decided, period))
    case .confirmed:
      let confirmed = IncidentStore.Confirmed(
        contract: head.contract, occurredAt: head.occurredAt, incident: decided, period: period, correctsConfirmed: body.correctsConfirmed)
      return Judged(
        statements: IncidentStore.confirm(step(body.note), confirmed, in: tenant), state: .confirmed, action: "confirmed",
        data: data(decided, period), period: period)
    }
  }

  private func data(_ decided: FactBody.Incident, _ period: String) -> JSON {
    var data: JSONObject = ["period": .string(period)]
    if let amount = decided.amount { data["amount"] = .string(amount.yuan) }
    if let points = decided.points { data["points"] = .string(points.decimal()) }
    return .object(data)
  }

  /// The payment whose statement takes the incident in.
  ///
  /// - Throws: 422 where its points would count nowhere; 409 where that is another than the caller means, where the plan has none for the day, and where the statement is confirmed and
  ///   nobody said that it is to be corrected.
  private func period(_ decided: FactBody.Incident, _ body: IncidentBody.Confirmation) async throws -> String {
    let dossier = try await services.dossier(of: head.contract, for: call)
    if let fault = try dossier.check(on: call.now.date).beyondPeriods(decided, on: head.occurredAt.date) {
      throw Problem(Faults([IncidentJudgement.placed(fault)]))
    }
    let schedule = try dossier.schedule(on: call.now.date)
    guard let payment = schedule.payment(taking: decided, on: head.occurredAt.date, under: dossier.contract) else {
      throw Problem.conflict(
        "no-period", Text(zh: "付款计划中没有 \(head.occurredAt.date) 所属的一期。", en: "The plan has no payment for \(head.occurredAt.date)."))
    }
    if let meant = body.period, meant != payment.id {
      throw Problem.conflict(
        "other-period",
        Text(
          zh: "该事项发生于 \(head.occurredAt.date)，计入 \(payment.id)，不计入 \(meant)。",
          en: "It happened on \(head.occurredAt.date) and counts in \(payment.id), not in \(meant)."))
    }
    if !body.correctsConfirmed, dossier.confirmed.contains(where: { $0.payment == payment.id }) {
      throw Problem.periodConfirmed(payment.id)
    }
    return payment.id
  }
}

extension Problem {
  /// What speaks against a step on an incident, to whoever wants to take it.
  init(_ refusal: IncidentLife.Refusal) {
    switch refusal {
    case .ownProposal: self = .ownProposal(refusal.text)
    default:
      self =
        refusal.isPersonal
        ? Problem(status: 403, code: refusal.code, title: Text(zh: "不得自行决定", en: "Not yours to decide"), detail: refusal.text)
        : .conflict(refusal.code, refusal.text)
    }
  }
}
