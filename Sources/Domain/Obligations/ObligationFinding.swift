// SPDX-License-Identifier: Apache-2.0
import Base

/// An incident that a duty gives cause to propose: it was not done in time, or what was handed in was sent back as wrong.
package struct ObligationFinding: Sendable, Hashable {
  package enum Cause: Sendable, Hashable {
    case missed
    /// The record that sends it back.
    case returned(by: UUIDv7)
  }

  package let cause: Cause
  /// The name of the obligation.
  package let obligation: String
  package let kind: IncidentKind
  package let occurred: Instant
  /// What the duty is about, where several run side by side; of a duty about somebody of the staff the person's code.
  package let subject: String?
  package let clause: String
  package let text: Text
}

extension Settlement {
  /// The incident that a missed obligation proposes.
  ///
  /// - Returns: nil where its duty names none, and where the contract knows no such incident on its last day.
  package func finding(ofMissed obligation: Obligation) -> ObligationFinding? {
    guard obligation.state == .missed, obligation.kind == .duty, contract.revisions.indices.contains(obligation.revision),
      let duty = contract.revisions[obligation.revision].service.duties.first(where: { $0.id == obligation.item }),
      let miss = duty.miss, let date = obligation.date, let kind = incidentKind(miss, on: date.lastDay)
    else { return nil }
    return ObligationFinding(
      cause: .missed, obligation: obligation.id, kind: kind,
      // The last instant at which it could have been done.
      occurred: Instant(microseconds: date.outside.microseconds - 1) ?? date.outside, subject: obligation.subject,
      clause: duty.citation.clause, text: obligation.sentence(.missed))
  }

  /// The incidents that records propose by which something handed in was sent back as wrong.
  package var findingsOfReturned: [ObligationFinding] {
    let events = Set(contract.revisions.flatMap { $0.service.duties.compactMap(\.returned?.by.code) })
    return events.sorted().flatMap { name in
      (timeline.ledger.events[name] ?? []).compactMap { record -> ObligationFinding? in
        let day = record.fact.on
        guard let subject = record.body.subject,
          let duty = contract.inForce(on: day).service.duties.first(where: { $0.isReturned(by: record.body.name, naming: subject) }),
          let returned = duty.returned, let kind = incidentKind(returned.proposes, on: day)
        else { return nil }
        return ObligationFinding(
          cause: .returned(by: record.fact.id), obligation: subject, kind: kind, occurred: record.fact.content.at ?? Instant(day),
          subject: nil, clause: duty.citation.clause,
          text: Text(zh: "有误退回（\(subject)）：", en: "Sent back as wrong (\(subject)): ") + duty.citation.says)
      }
    }
  }

  /// The kind of incident as the paper of a day has it, where a payment can take it in.
  private func incidentKind(_ id: String, on day: CivilDate) -> IncidentKind? {
    guard schedule.payments.contains(where: { $0.window?.contains(day) ?? false }) else { return nil }
    return contract.inForce(on: day).appraisal.incidents.first { $0.id == id }
  }
}

extension Duty {
  /// Whether a record of this event sends back what an obligation of the duty handed in.
  func isReturned(by event: ContractEvent, naming obligation: String) -> Bool {
    returned?.by == event && Obligation.duty(named: obligation) == id
  }
}

extension Obligation {
  /// The duty that a name means; a payment's is none.
  static func duty(named name: String) -> String? {
    payment(named: name) == nil ? name.split(separator: "@", maxSplits: 1).first.map(String.init) : nil
  }
}

extension Contract {
  /// Whether something is proposed when what was handed in is sent back.
  package var sendsBack: Bool { revisions.contains { $0.service.duties.contains { $0.returned != nil } } }
}
