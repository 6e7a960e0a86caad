// SPDX-License-Identifier: Apache-2.0
import Base

/// How far a payment's statement has come between the two sides: proposed, confirmed by two people of the office, acknowledged by the vendor.
///
/// Nobody decides on their own proposal, and nobody twice: whoever proposed does not confirm, and the two who confirm are different people.
package struct SettlementLife: Sendable, Hashable {
  package enum State: String, Sendable, Hashable, CaseIterable {
    case draft, proposed, confirmed, disputed, acknowledged, closed
  }

  package enum Step: String, Sendable, Hashable, CaseIterable {
    case propose, withdraw, confirm, acknowledge, dispute, answer, close

    /// The side that takes it.
    package var side: Side {
      switch self {
      case .acknowledge, .dispute: .vendor
      case .propose, .withdraw, .confirm, .answer, .close: .office
      }
    }
  }

  /// What was proposed, by whom, and who has confirmed it so far.
  package struct Proposal: Sendable, Hashable {
    package let by: UUIDv7
    package let asOf: CivilDate
    /// SHA-256 of the statement as it was proposed.
    package let digest: [UInt8]
    package let firstConfirmation: UUIDv7?

    package init(by: UUIDv7, asOf: CivilDate, digest: [UInt8], firstConfirmation: UUIDv7?) {
      (self.by, self.asOf, self.digest, self.firstConfirmation) = (by, asOf, digest, firstConfirmation)
    }
  }

  package let state: State
  /// Nil for a draft.
  package let proposal: Proposal?
  /// Grows by one with every step; a draft that was never proposed has the first.
  package let version: Int32

  package static let draft = SettlementLife(state: .draft, proposal: nil, version: 1)

  package init(state: State, proposal: Proposal?, version: Int32) {
    (self.state, self.proposal, self.version) = (state, proposal, version)
  }

  /// Why a step cannot be taken.
  package enum Refusal: Error, Sendable, Hashable {
    /// It is the other side's.
    case notYourSide(Step)
    /// It does not follow from this state.
    case notNow(Step, State)
    case ownProposal
    case confirmedByYou

    /// Stable, in kebab-case.
    package var code: String {
      switch self {
      case .notYourSide: "not-your-side"
      case .notNow: "not-in-this-state"
      case .ownProposal: "own-proposal"
      case .confirmedByYou: "second-person-required"
      }
    }

    package var text: Text {
      switch self {
      case .notYourSide(let step):
        step.side == .vendor
          ? Text(zh: "此步由乙方作出，甲方不能代为。", en: "This step is the vendor's; the office does not take it for them.")
          : Text(zh: "此步由甲方作出，乙方不能代为。", en: "This step is the office's; the vendor does not take it.")
      case .notNow(let step, let state):
        Text(zh: "结算单现为“\(state.name.zh)”，不能\(step.name.zh)。", en: "The statement is \(state.name.en); it cannot be \(step.name.en) now.")
      case .ownProposal: Text(zh: "提出人不得确认自己提出的结算单。", en: "Whoever proposed a statement does not confirm it.")
      case .confirmedByYou: Text(zh: "须由两名不同的人确认，您已确认过。", en: "Two different people confirm; you have confirmed already.")
      }
    }
  }

  /// The state that a step leads to.
  ///
  /// - Throws: why somebody may not take it now.
  package func state(after step: Step, by user: UUIDv7, of side: Side) throws(Refusal) -> State {
    guard side == step.side else { throw .notYourSide(step) }
    switch (step, state) {
    case (.propose, .draft): return .proposed
    case (.withdraw, .proposed): return .draft
    case (.confirm, .proposed):
      if user == proposal?.by { throw .ownProposal }
      guard let first = proposal?.firstConfirmation else { return .proposed }
      if user == first { throw .confirmedByYou }
      return .confirmed
    case (.acknowledge, .confirmed): return .acknowledged
    case (.dispute, .confirmed): return .disputed
    case (.answer, .disputed): return .confirmed
    case (.close, .acknowledged): return .closed
    default: throw .notNow(step, state)
    }
  }

  /// Whether the statement stands for good.
  package var isConfirmed: Bool { state != .draft && state != .proposed }
}

extension SettlementLife.State {
  package var name: Text {
    switch self {
    case .draft: Text(zh: "草稿", en: "a draft")
    case .proposed: Text(zh: "已提出", en: "proposed")
    case .confirmed: Text(zh: "已确认", en: "confirmed")
    case .disputed: Text(zh: "有异议", en: "disputed")
    case .acknowledged: Text(zh: "乙方已认可", en: "acknowledged")
    case .closed: Text(zh: "已办结", en: "closed")
    }
  }
}

extension SettlementLife.Step {
  /// What is done to a statement.
  package var name: Text {
    switch self {
    case .propose: Text(zh: "提出", en: "proposed")
    case .withdraw: Text(zh: "撤回", en: "withdrawn")
    case .confirm: Text(zh: "确认", en: "confirmed")
    case .acknowledge: Text(zh: "认可", en: "acknowledged")
    case .dispute: Text(zh: "提出异议", en: "disputed")
    case .answer: Text(zh: "答复异议", en: "answered")
    case .close: Text(zh: "办结", en: "closed")
    }
  }
}

/// How far the money of a confirmed statement has come: invoiced, paid in part, paid.
package enum PaymentProgress: String, Sendable, Hashable, CaseIterable {
  case open, invoiced, partlyPaid, paid

  /// - Parameters:
  ///   - payable: what the statement says.
  ///   - facts: the facts on record.
  package init(payable: Fen, of payment: String, _ facts: [Fact]) {
    var paid = Fen.zero
    var isInvoiced = false
    for fact in facts {
      switch fact.body {
      case .payment(payment, let amount): paid = (try? paid + amount) ?? paid
      case .invoice(payment, _): isInvoiced = true
      default: break
      }
    }
    self = paid >= payable ? .paid : paid > .zero ? .partlyPaid : isInvoiced ? .invoiced : .open
  }
}
