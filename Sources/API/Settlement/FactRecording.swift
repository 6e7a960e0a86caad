// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Store

/// A fact as a request states it, on its way to the record.
struct FactRecording: Sendable {
  /// What is said to have happened.
  enum Stated: Sendable {
    case fact(FactBody)
    /// A filled form; its score is ours to find.
    case marks(OrderedMap<Rational>, series: String, period: String, subject: String?)
  }

  /// What is recorded: the fact, and the form behind it.
  struct Found: Sendable {
    let content: FactContent
    let sheet: JSON?
  }

  let on: CivilDate
  let at: Instant?
  let stated: Stated
  let note: String?

  static func shape(of resource: FactResource) -> Shape<FactRecording> {
    .object(
      "\(resource.noun.prefix(1).lowercased())\(resource.noun.dropFirst())Recording", about: resource.title,
      Field("on", .date), Field(optional: "at", .instant), resource.body, Field(optional: "note", .string(minLength: 1, maxLength: 2000))
    ) { FactRecording(on: $0, at: $1, stated: $2, note: $3) }
  }

  /// The fact under a contract, a form's marks added up.
  ///
  /// - Throws: 422 for a form that the contract does not have, or that is not filled as it asks.
  func found(under contract: Contract) throws -> Found {
    switch stated {
    case .fact(let body): return Found(content: FactContent(on: on, at: at, body: body), sheet: nil)
    case .marks(let marks, let series, let period, let subject):
      let appraisal = contract.inForce(on: on).appraisal
      guard let name = appraisal.scores.first(where: { $0.id == series })?.sheet,
        let sheet = appraisal.sheets.first(where: { $0.id == name })
      else {
        throw Problem(
          Faults([
            Fault(
              pointer: "/marks", code: "not-applicable",
              detail: Text(zh: "合同没有评分“\(series)”的评分表。", en: "The contract has no form for the score “\(series)”."))
          ]))
      }
      let value = try sheet.score(of: marks)
      return Found(
        content: FactContent(on: on, at: at, body: .score(series: series, period: period, subject: subject, value: value)),
        sheet: [
          "sheet": .string(sheet.id),
          "marks": .object(JSONObject(marks.entries.map { .init(name: $0.name, value: .string($0.value.decimal())) })),
        ])
    }
  }
}

extension FactResource {
  /// Refuses what the contract does not know, what the caller's side may not record, and what names nobody.
  func judge(_ content: FactContent, by dossier: Dossier, _ call: Call, _ services: Services) async throws {
    let office = try call.office
    let check = try dossier.check(on: call.now.date)
    var faults = check.faults(in: content)
    if kind == "event", case .event(let event) = content.body, event.name == .known(.accepted) || event.name == .known(.rejected) {
      faults.append(
        Fault(
          pointer: "/event", code: "not-applicable",
          detail: Text(zh: "验收意见请记录在 acceptances。", en: "Acceptance is recorded under acceptances.")))
    }
    if content.on > call.now.date {
      faults.append(Fault(pointer: "/on", code: "out-of-range", detail: Text(zh: "不得晚于今日。", en: "This must not be after today.")))
    }
    if let at = content.at, at.date != content.on || at > call.now {
      faults.append(
        Fault(
          pointer: "/at", code: "out-of-range",
          detail: Text(zh: "时刻须在 on 当日，且不晚于现在。", en: "The moment must lie on that day, and not in the future.")))
    }
    if case .score(let series, _, let subject?, _) = content.body, dossier.contract.scoresStaff(series) {
      faults += try await services.faults(inStaff: subject, at: "/subject", for: call)
    }
    guard faults.isEmpty else { throw Problem(Faults(faults)) }
    let side = office.membership.side
    if let only = self.side, only != side { throw Problem.forbidden(write.rawValue) }
    if case .event(let event) = content.body, !check.recorders(of: event.name).contains(where: { $0.rawValue == side.rawValue }) {
      throw Problem.otherSide(event.name)
    }
  }
}

extension Contract {
  /// Whether a series of scores is given to people rather than to the team.
  func scoresStaff(_ series: String) -> Bool {
    revisions.contains { $0.appraisal.scores.contains { $0.id == series && $0.subject == .staff } }
  }
}

extension Problem {
  /// 403: an event that the other side records.
  static func otherSide(_ event: ContractEvent) -> Problem {
    Problem(
      status: 403, code: "not-your-side", title: Text(zh: "不由本方记录", en: "Not for your side to record"),
      detail: Text(zh: "“\(event.code)”由对方记录。", en: "The other side records “\(event.code)”."))
  }

  /// 409: what stands on record once stands there already.
  static let alreadyRecorded = Problem.conflict(
    "already-recorded",
    Text(zh: "同一事项已有记录；如有误，请先作废原记录。", en: "This is on record already; if that is wrong, void it first."))
}
