// SPDX-License-Identifier: Apache-2.0
import Base

/// How far a filled score sheet 验收评价表 has come: one of the office fills and signs it, another countersigns it, and only then it counts.
package struct SheetLife: Sendable, Hashable {
  package enum State: String, Sendable, Hashable, CaseIterable {
    case draft
    /// Signed by whoever filled it.
    case signed
    /// Given back to be filled anew.
    case returned
    /// It counts: a fact of its name is on record, and nothing of it changes any more.
    case countersigned
    case voided
  }

  package enum Step: String, Sendable, Hashable, CaseIterable {
    case fill, sign, `return`, countersign, void
  }

  package let state: State
  /// Who filled it last.
  package let filledBy: UUIDv7

  package init(state: State, filledBy: UUIDv7) { (self.state, self.filledBy) = (state, filledBy) }

  private func office(_ side: Side) throws(AppraisalRefusal) {
    guard side == .office else { throw .officeOnly }
  }

  private func from(_ states: Set<State>, _ step: Step) throws(AppraisalRefusal) {
    if states.contains(state) { return }
    if state == .countersigned { throw .decided(state.name) }
    throw .notNow(step: step.name, state: state.name)
  }

  /// - Throws: why somebody may not fill it anew now; whoever does is its filler from then on.
  package func checkFilling(of side: Side) throws(AppraisalRefusal) {
    try office(side)
    try from([.draft, .returned], .fill)
  }

  /// - Throws: why somebody may not sign it as its filler now.
  package func checkSigning(by user: UUIDv7, of side: Side) throws(AppraisalRefusal) {
    try office(side)
    guard user == filledBy else { throw .notTheFiller }
    try from([.draft, .returned], .sign)
  }

  /// - Throws: why somebody may not give it back now.
  package func checkReturn(by user: UUIDv7, of side: Side) throws(AppraisalRefusal) {
    try office(side)
    if user == filledBy { throw .ownProposal }
    try from([.signed], .return)
  }

  /// - Throws: why somebody may not countersign it now.
  package func checkCountersigning(by user: UUIDv7, of side: Side) throws(AppraisalRefusal) {
    try office(side)
    if user == filledBy { throw .ownProposal }
    try from([.signed], .countersign)
  }

  /// What counts is taken back by somebody else than its filler, as it came to count.
  ///
  /// - Throws: why somebody may not void it now.
  package func checkVoiding(by user: UUIDv7, of side: Side) throws(AppraisalRefusal) {
    try office(side)
    if state == .countersigned, user == filledBy { throw .ownProposal }
    try from([.draft, .signed, .returned, .countersigned], .void)
  }
}

extension SheetLife.State {
  package var name: Text {
    switch self {
    case .draft: Text(zh: "草稿", en: "a draft")
    case .signed: Text(zh: "待会签", en: "signed")
    case .returned: Text(zh: "已退回", en: "returned")
    case .countersigned: Text(zh: "已会签", en: "countersigned")
    case .voided: Text(zh: "已作废", en: "voided")
    }
  }
}

extension SheetLife.Step {
  /// What is done to a sheet.
  package var name: Text {
    switch self {
    case .fill: Text(zh: "填写", en: "filled")
    case .sign: Text(zh: "签字", en: "signed")
    case .return: Text(zh: "退回", en: "returned")
    case .countersign: Text(zh: "会签", en: "countersigned")
    case .void: Text(zh: "作废", en: "voided")
    }
  }
}
