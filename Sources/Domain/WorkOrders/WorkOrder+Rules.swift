// SPDX-License-Identifier: Apache-2.0
import Base

/// Who takes a step.
package struct OrderActor: Sendable, Hashable {
  /// Nil for the system.
  package let user: UUIDv7?
  package let side: OrderSide

  package init(user: UUIDv7?, side: OrderSide) {
    self.user = user
    self.side = side
  }
}

/// What an office asks for beyond the order of the steps.
package struct OrderRules: Sendable, Hashable {
  /// Something that must have been checked when a step is taken, by the key that the step names it with.
  package struct Check: Sendable, Hashable {
    package let key: String
    package let says: Text
    package let citation: String

    package init(key: String, says: Text, citation: String) {
      self.key = key
      self.says = says
      self.citation = citation
    }
  }

  /// After so many callbacks that reached nobody an order may be closed without.
  package var callbackAttempts: Int32 = 3
  package var checks: [OrderStep: [Check]] = [:]

  package init() {}

  /// The rules of a contract: its levels of the kind `check`, whose items are keyed `<level>.<place>`.
  package init(_ levels: [ServiceLevel]) {
    for level in levels {
      guard case .check(let event, let items) = level.standard, let step = OrderStep(rawValue: event.rawValue) else { continue }
      for (place, item) in items.enumerated() {
        checks[step, default: []].append(Check(key: "\(level.id).\(place + 1)", says: item, citation: level.citation.clause))
      }
    }
  }
}

/// Why a step cannot be taken.
package enum OrderRefusal: Error, Sendable, Hashable {
  /// Not from where the order stands.
  case stage
  /// It waits for a leader's approval, or a leader refused it.
  case approval(OrderDecision)
  /// The department has not found it outside the remit.
  case inRemit
  /// It is outside the remit and has to be returned.
  case outsideRemit
  /// It is so already.
  case already
  /// Nothing of the kind was asked for.
  case notAsked
  /// So many callbacks are to be tried before it can be closed without one.
  case callbacks(Int32)
  /// These items are not checked off.
  case unchecked([OrderRules.Check])
  /// No item has these keys.
  case unknownChecks([String])
  /// Nobody decides on what they did or asked for themselves.
  case ownDeed
  /// The other side decides it.
  case side
}

extension WorkOrder {
  /// Why a move may not be made by somebody; nil when it may.
  ///
  /// Whether the caller holds the permission for the step was asked before; this judges the order as it is stored.
  package func refusal(of move: OrderMove, by actor: OrderActor, under rules: OrderRules) -> OrderRefusal? {
    if let refusal = refusal(of: move.step, under: rules) { return refusal }
    switch move {
    case .approved, .approvalRefused: return deciding(actor, on: approvalAskedBy)
    case .exclusionDecided: return deciding(actor, on: exclusionAskedBy)
    case .audited, .replyRejected: return actor.user != nil && actor.user == repliedBy ? .ownDeed : nil
    case .closed(let list), .archived(let list):
      let checks = rules.checks[move.step] ?? []
      let unknown = list.checked.filter { key in !checks.contains { $0.key == key } }
      if !unknown.isEmpty { return .unknownChecks(unknown) }
      let unchecked = checks.filter { !list.checked.contains($0.key) }
      return unchecked.isEmpty ? nil : .unchecked(unchecked)
    default: return nil
    }
  }

  private func deciding(_ actor: OrderActor, on proposer: UUIDv7?) -> OrderRefusal? {
    if actor.side == .vendor { return .side }
    return actor.user != nil && actor.user == proposer ? .ownDeed : nil
  }

  /// Why a step may not be taken by anybody as the order stands.
  package func refusal(of step: OrderStep, under rules: OrderRules) -> OrderRefusal? {
    switch step {
    case .received: .already
    case .signed: stage == .received ? nil : .stage
    case .verified: stage == .signed ? nil : .stage
    case .classified: isIn(.received, .signed, .verified) ? nil : .stage
    case .edited: stage == .archived ? .stage : nil
    case .linked, .contactCorrected: nil
    case .outsideRemit: !isIn(.verified, .dispatched, .handling) ? .stage : isOutsideRemit ? .already : nil
    case .returned: isIn(.received, .signed, .verified) ? nil : !isIn(.dispatched, .handling) ? .stage : isOutsideRemit ? nil : .inRemit
    case .approvalAsked: !isIn(.signed, .verified) ? .stage : approval == .asked || approval == .granted ? .already : nil
    case .approved, .approvalRefused: approval == .asked ? nil : .notAsked
    case .dispatched: refusalOfDispatch
    case .handlingBegun: stage == .dispatched ? nil : .stage
    case .urged, .progressReported, .replied: isIn(.dispatched, .handling) ? nil : .stage
    case .hung: !isIn(.dispatched, .handling) ? .stage : isHung ? .already : nil
    case .resumed: isHung ? nil : .notAsked
    case .citizenAwaited: !isIn(.signed, .verified, .dispatched, .handling) ? .stage : isAwaitingCitizen ? .already : nil
    case .citizenAnswered: isAwaitingCitizen ? nil : .notAsked
    case .audited, .replyRejected: stage == .replied ? nil : .stage
    case .callbackFailed: stage == .audited ? nil : .stage
    case .calledBack: isIn(.audited, .calledBack) ? nil : .stage
    case .closed: refusalOfClosing(rules)
    case .archived: stage == .closed ? nil : .stage
    case .exclusionAsked: stage == .archived ? .stage : exclusion == .asked || exclusion == .granted ? .already : nil
    case .exclusionDecided: exclusion == .asked ? nil : .notAsked
    case .appealed: !isIn(.calledBack, .closed, .archived, .returned) ? .stage : appeal == .asked || appeal == .granted ? .already : nil
    case .appealDecided: appeal == .asked ? nil : .notAsked
    case .reopened: isIn(.calledBack, .closed, .archived, .returned) ? nil : .stage
    }
  }

  private var refusalOfDispatch: OrderRefusal? {
    guard isIn(.verified, .dispatched, .handling) else { return .stage }
    if isOutsideRemit { return .outsideRemit }
    switch approval {
    case .asked, .refused: return .approval(approval)
    case .none: return isSpecial ? .approval(.none) : nil
    case .granted: return nil
    }
  }

  private func refusalOfClosing(_ rules: OrderRules) -> OrderRefusal? {
    switch stage {
    case .calledBack: nil
    case .audited: !source.hasCitizen || callbackAttempts >= rules.callbackAttempts ? nil : .callbacks(rules.callbackAttempts)
    default: .stage
    }
  }

  private func isIn(_ stages: OrderStage...) -> Bool { stages.contains(stage) }

  /// The steps that somebody could take now.
  package func possible(under rules: OrderRules) -> [OrderStep] { OrderStep.allCases.filter { refusal(of: $0, under: rules) == nil } }
}
