// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// What a step on a score sheet or a grade comes to.
struct AppraisalStep: Sendable {
  let statements: [Statement]
  /// The state after it.
  let state: String
  /// In the audit log: `score-sheet.sign`.
  let action: String
  var data: JSON = [:]
  /// The payment whose statement takes it in.
  var payment: String?

  /// Judges a step on what was read, and takes it.
  ///
  /// - Parameters:
  ///   - version: the version that was read.
  ///   - judge: what it comes to; throws why it cannot be taken.
  /// - Returns: the receipt, or the stored one where this request was answered before.
  /// - Throws: what speaks against it: 403 for the person, 409 for the state or a confirmed statement, 412 for another version.
  static func take(
    on id: UUIDv7, version: Int32, _ call: Call, _ services: Services, judge: (EntityTag) async throws -> AppraisalStep
  ) async throws -> Response {
    let tag = try EntityTag.required(by: call.request)
    let step: AppraisalStep
    do {
      step = try await judge(tag)
      guard tag.version == Int64(version) else { throw Problem.changedSince }
    } catch {
      // A repeated request gets its answer also when things have moved on since.
      if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
      if let problem = error as? Problem, problem.status == 422, tag.version != Int64(version) { throw Problem.changedSince }
      throw error
    }
    let subject = step.action.split(separator: ".").first.map(String.init) ?? ""
    let note = try call.note(step.action, subject, "\(id)", step.data, id: services.identities.next(at: call.now))
    let deed = Deed(statements: step.statements + [note], answer: call.receipt(id, step.state, version: tag.version + 1))
    do {
      return try await deed.performFromVersion(for: call, on: services.lanes)
    } catch let error as PostgresError {
      if error.state == .periodConfirmed { throw Problem.periodConfirmed(step.payment ?? "") }
      if error.state == .alreadyRecorded { throw Problem.alreadyRecorded }
      if error.violatesUnique(FactStore.voidedConstraint) { throw Problem.changedSince }
      throw error
    }
  }

  /// The payment whose statement takes a score or a grade in.
  ///
  /// - Throws: 409 where the plan has none, and where its statement is confirmed and nobody said that it is to be corrected.
  static func payment(
    taking body: FactBody, correctsConfirmed: Bool, by dossier: Dossier, on day: CivilDate
  ) throws -> String {
    guard let payment = try dossier.schedule(on: day).payment(taking: body, under: dossier.contract) else {
      throw Problem.conflict("no-period", Text(zh: "付款计划中没有该期间。", en: "The plan has no such period."))
    }
    if !correctsConfirmed, dossier.confirmed.contains(where: { $0.payment == payment.id }) { throw Problem.periodConfirmed(payment.id) }
    return payment.id
  }
}

extension Problem {
  /// 409: the statement that would take it in stands.
  static func periodConfirmed(_ period: String) -> Problem {
    .conflict(
      "period-confirmed",
      Text(
        zh: "\(period) 的结算单已确认。若仍要计入，请写明 correctsConfirmed，将列为下期的更正。",
        en: """
          The statement of \(period) is confirmed. To have it count all the same, say correctsConfirmed: it becomes a correction in the next \
          statement.
          """))
  }

  /// What speaks against a step on a score sheet or a grade, to whoever wants to take it.
  init(_ refusal: AppraisalRefusal) {
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
