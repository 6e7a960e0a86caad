// SPDX-License-Identifier: Apache-2.0
import Base

/// How far a grade 等次 has come: one of the office proposes it with reasons, another decides, and only what is decided counts.
package struct GradeLife: Sendable, Hashable {
  package enum State: String, Sendable, Hashable, CaseIterable {
    case proposed
    /// It counts: a fact of its name is on record.
    case decided
    case voided
  }

  package let state: State
  package let proposedBy: UUIDv7
  /// As it was proposed.
  package let grade: String

  package init(state: State, proposedBy: UUIDv7, grade: String) { (self.state, self.proposedBy, self.grade) = (state, proposedBy, grade) }

  /// - Parameters:
  ///   - grade: what is decided.
  ///   - reason: why, which is wanted where another grade was proposed.
  /// - Returns: whether a reason is missing.
  /// - Throws: why somebody may not decide it now.
  package func checkDecision(
    _ grade: String, by user: UUIDv7, of side: Side, reason: String?
  ) throws(AppraisalRefusal) -> Bool {
    guard side == .office else { throw .officeOnly }
    if user == proposedBy { throw .ownProposal }
    switch state {
    case .proposed: return grade != self.grade && reason == nil
    case .decided: throw .decided(state.name)
    case .voided: throw .notNow(step: Text(zh: "决定", en: "decided"), state: state.name)
    }
  }

  /// Whoever proposed a grade may take the proposal back; what is decided is taken back by somebody else.
  ///
  /// - Throws: why somebody may not void it now.
  package func checkVoiding(by user: UUIDv7, of side: Side) throws(AppraisalRefusal) {
    guard side == .office else { throw .officeOnly }
    if state == .decided, user == proposedBy { throw .ownProposal }
    if state == .voided { throw .notNow(step: SheetLife.Step.void.name, state: state.name) }
  }
}

extension Contract {
  /// What the paper in force on a day has happen when a grade is proposed or, `isDecided`, decided: nil where it declares no event of it.
  ///
  /// The event's subject names the grade, `monthly@2025-08`, so that a duty which begins with a proposal is done by the decision on the same.
  package func event(ofGrade series: String, _ period: String, isDecided: Bool, on day: CivilDate) -> FactContent? {
    let rule = inForce(on: day).appraisal.grades.first { $0.id == series }
    guard let name = isDecided ? rule?.decided : rule?.proposed else { return nil }
    return FactContent(on: day, body: .event(FactBody.Event(name, subject: "\(series)@\(period)")))
  }
}

extension GradeLife.State {
  package var name: Text {
    switch self {
    case .proposed: Text(zh: "待决定", en: "proposed")
    case .decided: Text(zh: "已决定", en: "decided")
    case .voided: Text(zh: "已作废", en: "voided")
    }
  }
}
