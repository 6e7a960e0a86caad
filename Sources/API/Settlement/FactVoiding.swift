// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

/// Who may void a fact: whoever may record one of its kind, on a side that its kind lets record it.
enum FactVoiding {
  /// Refuses whom a fact of this kind is not for, and the vendor where the office recorded it.
  static func judge(_ fact: FactStore.Head, named id: UUIDv7, _ call: Call, _ services: Services) async throws {
    let office = try call.office
    let side = office.membership.side
    if fact.kind == "waiver" { return try judgeWaiver(fact, call) }
    if fact.kind == "incident" { throw Problem.reversedOnly }
    if fact.kind == "score" || fact.kind == "grade" { return try await judgeAppraisal(fact, id, call, services) }
    if fact.kind == "event" { try await judgeEvent(id, office.tenant, services) }
    guard let resource = FactResource.all.first(where: { $0.kind == fact.kind }) else {
      throw Problem.forbidden(Permission.factVoid.rawValue)
    }
    guard office.membership.may(resource.write, scopes: try call.principal.scopes, at: call.now) else {
      throw Problem.forbidden(resource.write.rawValue)
    }
    if let only = resource.side, only != side { throw Problem.forbidden(resource.write.rawValue) }
    // What the price hangs on rests on the office's records: the vendor takes back its own only.
    if side != .office, fact.side != side.rawValue { throw Problem.otherSideRecorded }
    if resource.kind == "event", fact.side != side.rawValue, case .event(let event)? = fact.content?.body {
      let check = try await services.dossier(of: fact.contract, for: call).check(on: call.now.date)
      guard check.recorders(of: event.name).contains(where: { $0.rawValue == side.rawValue }) else { throw Problem.otherSide(event.name) }
    }
  }

  /// A score or a grade goes with its sheet or its decision; one that was recorded before there were any is the office's to void.
  private static func judgeAppraisal(_ fact: FactStore.Head, _ id: UUIDv7, _ call: Call, _ services: Services) async throws {
    let office = try call.office
    let (sheets, grades) = (ScoreSheetStore.named([id], in: office.tenant), GradeStore.named([id], in: office.tenant))
    let answers = try await services.lanes.rows([sheets.statement, grades.statement], in: .tenant(office.tenant.number), .read)
    guard answers.allSatisfy(\.isEmpty) else { throw Problem.voidedWhereAgreed }
    let permission: Permission = fact.kind == "score" ? .scoreCountersign : .gradeDecide
    guard office.membership.side == .office,
      office.membership.may(permission, scopes: try call.principal.scopes, at: call.now)
    else { throw Problem.forbidden(permission.rawValue) }
  }

  /// An event that was recorded with a grade goes with the grade.
  private static func judgeEvent(_ id: UUIDv7, _ tenant: TenantID, _ services: Services) async throws {
    guard try await services.lanes.first(GradeStore.named([id], in: tenant), in: .tenant(tenant.number)) == nil else {
      throw Problem.voidedWhereAgreed
    }
  }

  /// A waiver is taken back by the side that gave it.
  private static func judgeWaiver(_ fact: FactStore.Head, _ call: Call) throws {
    let membership = try call.office.membership
    guard membership.may(.obligationWaive, scopes: try call.principal.scopes, at: call.now) else {
      throw Problem.forbidden(Permission.obligationWaive.rawValue)
    }
    guard fact.side == membership.side.rawValue else { throw Problem.otherSideRecorded }
  }
}

extension Problem {
  /// 409: the fact of an incident goes with the incident.
  fileprivate static let reversedOnly = conflict(
    "reverse-incident", Text(zh: "这是已确认的违约事项，请在该事项上撤销。", en: "This is a confirmed incident; reverse the incident."))

  /// 409: a score or a grade goes with what two people agreed to.
  fileprivate static let voidedWhereAgreed = conflict(
    "void-where-agreed", Text(zh: "该分数或等次由两人作出，请在评价表或评定上作废。", en: "Two people agreed to this; void the score sheet or the grade."))

  /// 403: a fact that the other side recorded.
  fileprivate static let otherSideRecorded = Problem(
    status: 403, code: "not-your-side", title: Text(zh: "不由本方作废", en: "Not for your side to void"),
    detail: Text(zh: "该事实由对方记录，须由对方作废。", en: "The other side recorded this fact; it is theirs to void."))
}
