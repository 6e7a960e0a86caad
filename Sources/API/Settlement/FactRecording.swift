// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Store

/// A fact as a request states it, on its way to the record.
struct FactRecording: Sendable {
  let content: FactContent
  let note: String?
  /// Whether it was said that more is paid than is payable; then `note` says why.
  let exceedsPayable: Bool

  static func shape(of resource: FactResource) -> Shape<FactRecording> {
    let name = "\(resource.noun.prefix(1).lowercased())\(resource.noun.dropFirst())Recording"
    let (on, at) = (Field("on", .date), Field(optional: "at", .instant))
    let note = Field(optional: "note", .string(minLength: 1, maxLength: 2000))
    guard resource.kind == "payment" else {
      return .object(name, about: resource.title, on, at, resource.body, note) {
        FactRecording(content: FactContent(on: $0, at: $1, body: $2), note: $3, exceedsPayable: false)
      }
    }
    return .object(name, about: resource.title, on, at, resource.body, note, Field("exceedsPayable", .bool, default: false)) {
      FactRecording(content: FactContent(on: $0, at: $1, body: $2), note: $3, exceedsPayable: $4)
    }.refine { recording in
      recording.exceedsPayable && recording.note == nil
        ? Fault(
          pointer: "/note", code: "missing-member",
          detail: Text(zh: "付款超出应付的，须说明理由。", en: "Say why more is paid than is payable."))
        : nil
    }
  }
}

extension FactResource {
  /// Where the body has what stands at a pointer into the fact: its resource says the kind, and an acceptance has words of its own.
  private func member(_ pointer: String) -> String {
    switch (kind, pointer) {
    case (_, "/kind"): ""
    case ("acceptance", "/event"): "/result"
    case ("acceptance", "/agreed"): "/cureBy"
    default: pointer
    }
  }

  /// Refuses what the contract does not know, and what the caller's side may not record.
  func judge(_ content: FactContent, by dossier: Dossier, _ call: Call) throws {
    let office = try call.office
    let check = try dossier.check(on: call.now.date)
    var faults = check.faults(in: content).map { Fault(pointer: member($0.pointer), code: $0.code, detail: $0.detail) }
    if kind == "event", case .event(let event) = content.body, event.name == .known(.accepted) || event.name == .known(.rejected) {
      faults.append(
        Fault(
          pointer: "/event", code: "not-applicable",
          detail: Text(zh: "验收意见请记录在 acceptances。", en: "Acceptance is recorded under acceptances.")))
    }
    if content.on > call.now.date { faults.append(.afterToday("/on")) }
    if let at = content.at, at.date != content.on || at > call.now {
      faults.append(
        Fault(
          pointer: "/at", code: "out-of-range",
          detail: Text(zh: "时刻须在 on 当日，且不晚于现在。", en: "The moment must lie on that day, and not in the future.")))
    }
    guard faults.isEmpty else { throw Problem(Faults(faults)) }
    let side = office.membership.side
    if let only = self.side, only != side { throw Problem.forbidden(write.rawValue) }
    if case .event(let event) = content.body, !check.recorders(of: event.name).contains(where: { $0.rawValue == side.rawValue }) {
      throw Problem.otherSide(event.name)
    }
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
