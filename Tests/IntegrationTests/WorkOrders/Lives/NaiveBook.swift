// SPDX-License-Identifier: Apache-2.0
import Base

/// Which steps may be taken, by whom and from where: the domain's table of steps, written down once more by hand.
enum NaiveBook {
  /// What a step that is sent comes to.
  enum Outcome: Equatable {
    case taken
    case refused(Int, String)
  }

  /// The words of the history for those of the path.
  static let kinds = [
    "sign": "signed", "verify": "verified", "edit": "edited", "outside-remit": "outsideRemit", "return": "returned",
    "ask-approval": "approvalAsked", "approve": "approved", "refuse-approval": "approvalRefused", "dispatch": "dispatched",
    "begin": "handlingBegun", "urge": "urged", "progress": "progressReported", "await-citizen": "citizenAwaited",
    "citizen-answered": "citizenAnswered", "reply": "replied", "audit": "audited", "reject-reply": "replyRejected",
    "missed-callbacks": "callbackFailed", "callbacks": "calledBack", "close": "closed", "archive": "archived", "hang": "hung",
    "resume": "resumed", "ask-exclusion": "exclusionAsked", "decide-exclusion": "exclusionDecided", "appeal": "appealed",
    "decide-appeal": "appealDecided", "reopen": "reopened", "link": "linked",
  ]
  static let verbs = kinds.keys.sorted()

  private static let seats: Set = [
    "sign", "verify", "edit", "link", "return", "ask-approval", "dispatch", "begin", "progress", "outside-remit", "await-citizen",
    "citizen-answered", "reply", "urge", "missed-callbacks", "callbacks", "close", "archive", "reopen", "ask-exclusion", "appeal",
  ]
  private static let supervisors: Set = [
    "edit", "link", "urge", "hang", "resume", "audit", "reject-reply", "close", "archive", "reopen", "ask-exclusion", "appeal",
    "decide-exclusion", "decide-appeal",
  ]
  private static let leaders: Set = ["approve", "refuse-approval", "hang", "resume", "decide-exclusion", "decide-appeal"]
  private static let handlers: Set = ["begin", "progress", "outside-remit", "await-citizen", "citizen-answered", "reply"]

  static func may(_ role: String, _ verb: String) -> Bool {
    switch role {
    case "supervisor": supervisors.contains(verb)
    case "leader": leaders.contains(verb)
    case "handler": handlers.contains(verb)
    default: seats.contains(verb)
    }
  }

  /// After so many callbacks that reached nobody an order may be closed without.
  static let attempts = 3

  private static let handled: Set = ["dispatched", "handling"]
  private static let from: [String: Set<String>] = [
    "sign": ["received"], "verify": ["signed"], "begin": ["dispatched"], "urge": handled, "progress": handled, "reply": handled,
    "hang": handled, "audit": ["replied"], "reject-reply": ["replied"], "missed-callbacks": ["audited"],
    "callbacks": ["audited", "calledBack"],
    "archive": ["closed"], "close": ["audited", "calledBack"], "await-citizen": ["signed", "verified", "dispatched", "handling"],
    "reopen": ["calledBack", "closed", "archived", "returned"], "appeal": ["calledBack", "closed", "archived", "returned"],
    "outside-remit": ["verified", "dispatched", "handling"], "ask-approval": ["signed", "verified"],
    "dispatch": ["verified", "dispatched", "handling"], "return": ["received", "signed", "verified", "dispatched", "handling"],
  ]

  /// What a step that its taker may take comes to as the order stands, its body not looked at.
  static func outcome(_ verb: String, _ order: NaiveOrder) -> Outcome {
    if let stages = from[verb], !stages.contains(order.stage) { return .refused(409, "illegal-step") }
    if ["edit", "ask-exclusion"].contains(verb), order.stage == "archived" { return .refused(409, "illegal-step") }
    func once(_ isSo: Bool) -> Outcome { isSo ? .refused(409, "already-done") : .taken }
    func waiting(_ isSo: Bool) -> Outcome { isSo ? .taken : .refused(409, "not-asked") }
    switch verb {
    case "outside-remit": return once(order.isOutsideRemit)
    case "return" where handled.contains(order.stage): return order.isOutsideRemit ? .taken : .refused(409, "not-outside-remit")
    case "ask-approval": return once(["asked", "granted"].contains(order.approval))
    case "approve", "refuse-approval": return waiting(order.approval == "asked")
    case "dispatch":
      if order.isOutsideRemit { return .refused(409, "outside-remit") }
      if order.approval == "asked" { return .refused(409, "awaiting-approval") }
      if order.approval == "refused" { return .refused(409, "approval-refused") }
      return order.approval == "none" && order.isSpecial ? .refused(409, "approval-needed") : .taken
    case "hang": return once(order.isHung)
    case "resume": return waiting(order.isHung)
    case "await-citizen": return once(order.isAwaitingCitizen)
    case "citizen-answered": return waiting(order.isAwaitingCitizen)
    case "ask-exclusion": return once(["asked", "granted"].contains(order.exclusion))
    case "decide-exclusion": return waiting(order.exclusion == "asked")
    case "appeal": return once(["asked", "granted"].contains(order.appeal))
    case "decide-appeal": return waiting(order.appeal == "asked")
    case "close" where order.stage == "audited":
      return !order.hasCitizen || order.attempts >= attempts ? .taken : .refused(409, "callback-missing")
    default: return .taken
    }
  }
}
