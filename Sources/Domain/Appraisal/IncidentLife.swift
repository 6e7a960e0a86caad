// SPDX-License-Identifier: Apache-2.0
import Base

/// How far an incident has come on its way to money, and who may take it further.
///
/// Nobody decides on their own proposal or on their own side's. Where the rule leaves an amount or points open, one person sets them with the
/// reason and another agrees: two names stand under what nobody could have computed.
package struct IncidentLife: Sendable, Hashable {
  package enum Step: String, Sendable, Hashable, CaseIterable {
    case answer, confirm, reject, dispute, uphold, reverse

    /// The side that takes it.
    package var side: Side {
      switch self {
      case .answer, .dispute: .vendor
      case .confirm, .reject, .uphold, .reverse: .office
      }
    }
  }

  package let state: Incident.State
  package let proposedSide: Incident.Proposer
  /// Nil for the platform.
  package let proposedBy: UUIDv7?
  /// Who of the office set what the rule leaves open, so far.
  package let setBy: UUIDv7?
  package let decidedBy: UUIDv7?
  package let isAnswered: Bool
  /// Whether a dispute was decided for it.
  package let isUpheld: Bool
  /// The first instant at which the vendor's time to answer is over; nil where nothing is waited for.
  package let silentFrom: Instant?
  /// The first instant at which the vendor's time to dispute is over; nil where there is no limit.
  package let settledFrom: Instant?

  package init(
    state: Incident.State, proposedSide: Incident.Proposer, proposedBy: UUIDv7?, setBy: UUIDv7? = nil, decidedBy: UUIDv7? = nil,
    isAnswered: Bool = false, isUpheld: Bool = false, silentFrom: Instant? = nil, settledFrom: Instant? = nil
  ) {
    (self.state, self.proposedSide, self.proposedBy, self.setBy, self.decidedBy) = (state, proposedSide, proposedBy, setBy, decidedBy)
    (self.isAnswered, self.isUpheld, self.silentFrom, self.settledFrom) = (isAnswered, isUpheld, silentFrom, settledFrom)
  }

  /// Why a step cannot be taken.
  package enum Refusal: Error, Sendable, Hashable {
    /// It is the other side's.
    case notYourSide(Step)
    /// Whoever proposed it wants to decide it.
    case ownProposal
    /// Whoever confirmed it wants to decide the dispute for themselves.
    case ownDecision
    case secondPerson
    case decided(Incident.State)
    /// It does not follow from this state.
    case notNow(Step, Incident.State)
    /// The vendor's time to answer has not run out.
    case awaitingAnswer(until: Instant)
    case tooLate(Step, since: Instant)
    case answered
    /// A dispute of it was decided before.
    case upheld

    /// Whether it says something about the person or the side rather than about the incident.
    package var isPersonal: Bool {
      switch self {
      case .notYourSide, .ownProposal, .ownDecision, .secondPerson: true
      case .decided, .notNow, .awaitingAnswer, .tooLate, .answered, .upheld: false
      }
    }

    /// Stable, in kebab-case.
    package var code: String {
      switch self {
      case .notYourSide: "not-your-side"
      case .ownProposal: "own-proposal"
      case .ownDecision: "own-decision"
      case .secondPerson: "second-person-required"
      case .decided: "already-decided"
      case .notNow: "not-in-this-state"
      case .awaitingAnswer: "awaiting-answer"
      case .tooLate: "too-late"
      case .answered: "already-answered"
      case .upheld: "already-upheld"
      }
    }

    package var text: Text {
      switch self {
      case .notYourSide(let step):
        step.side == .vendor
          ? Text(zh: "此步由乙方作出，甲方不能代为。", en: "This step is the vendor's; the office does not take it for them.")
          : Text(zh: "违约事项由甲方决定，乙方不得自行决定。", en: "The office decides incidents; the vendor does not.")
      case .ownProposal: Text(zh: "提出人不得决定自己提出的事项。", en: "Whoever proposed an incident does not decide it.")
      case .ownDecision: Text(zh: "确认人不得就自己的决定驳回异议。", en: "Whoever confirmed an incident does not uphold their own decision.")
      case .secondPerson:
        Text(zh: "金额或分数由您确定，须由另一人同意。", en: "You set the amount or the points; somebody else agrees to them.")
      case .decided(let state): Text(zh: "该事项已有决定（\(state.name.zh)）。", en: "This incident is decided already (\(state.rawValue)).")
      case .notNow(let step, let state):
        Text(zh: "该事项现为“\(state.name.zh)”，不能\(step.name.zh)。", en: "The incident is \(state.name.en); it cannot be \(step.name.en) now.")
      case .awaitingAnswer(let until):
        Text(zh: "乙方可在 \(until) 之前答复，此前不能确认。", en: "The vendor may answer before \(until); until then it is not confirmed.")
      case .tooLate(let step, let since):
        Text(zh: "\(step.name.zh)的期限已于 \(since) 届满。", en: "The time in which it could be \(step.name.en) was over at \(since).")
      case .answered: Text(zh: "乙方已答复。", en: "The vendor has answered already.")
      case .upheld: Text(zh: "异议已有决定，不再重复提出。", en: "A dispute of it was decided; it is not disputed again.")
      }
    }
  }

  // MARK: the vendor's steps

  /// - Throws: why the vendor may not answer now.
  package func checkAnswer(of side: Side, at now: Instant) throws(Refusal) {
    guard side == .vendor else { throw .notYourSide(.answer) }
    guard proposedSide != .vendor else { throw .ownProposal }
    guard state == .proposed else { throw .decided(state) }
    if isAnswered { throw .answered }
    if let silentFrom, now >= silentFrom { throw .tooLate(.answer, since: silentFrom) }
  }

  /// - Throws: why the vendor may not dispute it now.
  package func checkDispute(of side: Side, at now: Instant) throws(Refusal) {
    guard side == .vendor else { throw .notYourSide(.dispute) }
    guard state == .confirmed else { throw .notNow(.dispute, state) }
    if isUpheld { throw .upheld }
    if let settledFrom, now >= settledFrom { throw .tooLate(.dispute, since: settledFrom) }
  }

  // MARK: the office's steps

  /// What somebody's word for an incident comes to.
  package enum Confirmation: Sendable, Hashable {
    /// An amount or points are set, and wait for somebody else to agree.
    case set
    case confirmed
  }

  /// What it comes to that somebody confirms.
  ///
  /// - Parameters:
  ///   - isOpen: whether the rule leaves an amount or points to the office.
  ///   - isAgreed: whether they are those that were set before.
  /// - Throws: why they may not confirm now.
  package func confirmation(
    by user: UUIDv7, of side: Side, isOpen: Bool, isAgreed: Bool, at now: Instant
  ) throws(Refusal) -> Confirmation {
    try checkDecision(.confirm, by: user, of: side)
    if let silentFrom, proposedSide != .vendor, !isAnswered, now < silentFrom { throw .awaitingAnswer(until: silentFrom) }
    guard isOpen else { return .confirmed }
    guard let setBy, isAgreed else { return .set }
    if setBy == user { throw .secondPerson }
    return .confirmed
  }

  /// - Throws: why somebody may not reject a proposal now.
  package func checkRejection(by user: UUIDv7, of side: Side) throws(Refusal) { try checkDecision(.reject, by: user, of: side) }

  private func checkDecision(_ step: Step, by user: UUIDv7, of side: Side) throws(Refusal) {
    guard side == .office else { throw .notYourSide(step) }
    if user == proposedBy { throw .ownProposal }
    guard state == .proposed else { throw .decided(state) }
  }

  /// - Throws: why somebody may not decide a dispute for the incident.
  package func checkUpholding(by user: UUIDv7, of side: Side) throws(Refusal) {
    guard side == .office else { throw .notYourSide(.uphold) }
    guard state == .disputed else { throw .notNow(.uphold, state) }
    if user == proposedBy { throw .ownProposal }
    if user == decidedBy { throw .ownDecision }
  }

  /// What was confirmed may be taken back by anybody who decides, because that favours the other side.
  ///
  /// - Throws: why it cannot be taken back now.
  package func checkReversal(of side: Side) throws(Refusal) {
    guard side == .office else { throw .notYourSide(.reverse) }
    guard state == .confirmed || state == .disputed else { throw .notNow(.reverse, state) }
  }
}

extension Incident.State {
  package var name: Text {
    switch self {
    case .proposed: Text(zh: "待定", en: "proposed")
    case .confirmed: Text(zh: "已确认", en: "confirmed")
    case .rejected: Text(zh: "已驳回", en: "rejected")
    case .disputed: Text(zh: "有异议", en: "disputed")
    case .reversed: Text(zh: "已撤销", en: "reversed")
    }
  }

  /// Whether it counts in settlements, or did.
  package var wasConfirmed: Bool {
    switch self {
    case .proposed, .rejected: false
    case .confirmed, .disputed, .reversed: true
    }
  }
}

extension IncidentLife.Step {
  /// What is done to an incident.
  package var name: Text {
    switch self {
    case .answer: Text(zh: "答复", en: "answered")
    case .confirm: Text(zh: "确认", en: "confirmed")
    case .reject: Text(zh: "驳回", en: "rejected")
    case .dispute: Text(zh: "提出异议", en: "disputed")
    case .uphold: Text(zh: "维持", en: "upheld")
    case .reverse: Text(zh: "撤销", en: "reversed")
    }
  }
}
