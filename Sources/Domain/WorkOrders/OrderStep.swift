// SPDX-License-Identifier: Apache-2.0
import Base

/// A step in the life of a work order 工单, by the word that its history has for it.
///
/// Those that a contract's clocks may run from or to are also an ``OrderEvent`` of the same word.
package enum OrderStep: String, Sendable, Hashable, CaseIterable {
  case received, classified, edited, signed, verified, outsideRemit, returned
  case approvalAsked, approved, approvalRefused, dispatched, handlingBegun, urged, progressReported, citizenAwaited, citizenAnswered
  case replied, audited, replyRejected, callbackFailed, calledBack, closed, archived, hung, resumed
  case exclusionAsked, exclusionDecided, appealed, appealDecided, reopened, linked, contactCorrected

  /// What a contract calls it, where a clock may run from or to it.
  package var event: OrderEvent? { OrderEvent(rawValue: rawValue) }

  /// What people call it.
  package var title: Text {
    switch self {
    case .received: Text(zh: "接收", en: "receive")
    case .classified: Text(zh: "分类", en: "classify")
    case .edited: Text(zh: "修改", en: "edit")
    case .signed: Text(zh: "签收", en: "sign")
    case .verified: Text(zh: "核实", en: "verify")
    case .outsideRemit: Text(zh: "认定非本单位职责", en: "find outside the remit")
    case .returned: Text(zh: "退回", en: "return")
    case .approvalAsked: Text(zh: "报请审批", en: "ask for approval")
    case .approved: Text(zh: "批准派单", en: "approve")
    case .approvalRefused: Text(zh: "不批准派单", en: "refuse approval")
    case .dispatched: Text(zh: "派单", en: "dispatch")
    case .handlingBegun: Text(zh: "开始办理", en: "begin handling")
    case .urged: Text(zh: "督办", en: "urge")
    case .progressReported: Text(zh: "报告进展", en: "report progress")
    case .citizenAwaited: Text(zh: "等待诉求人", en: "wait for the citizen")
    case .citizenAnswered: Text(zh: "诉求人已答复", en: "go on after the citizen's answer")
    case .replied: Text(zh: "回复", en: "reply")
    case .audited: Text(zh: "审核通过", en: "pass the reply")
    case .replyRejected: Text(zh: "驳回回复", en: "reject the reply")
    case .callbackFailed: Text(zh: "回访未通", en: "note a callback that reached nobody")
    case .calledBack: Text(zh: "回访", en: "call back")
    case .closed: Text(zh: "办结", en: "close")
    case .archived: Text(zh: "归档", en: "archive")
    case .hung: Text(zh: "挂账", en: "hang")
    case .resumed: Text(zh: "销账续办", en: "resume")
    case .exclusionAsked: Text(zh: "申请剔除", en: "ask for exclusion")
    case .exclusionDecided: Text(zh: "剔除决定", en: "decide on exclusion")
    case .appealed: Text(zh: "申诉", en: "appeal")
    case .appealDecided: Text(zh: "申诉结果", en: "record the appeal's outcome")
    case .reopened: Text(zh: "重新办理", en: "reopen")
    case .linked: Text(zh: "关联重复诉求", en: "link to the order it repeats")
    case .contactCorrected: Text(zh: "更正联系方式", en: "correct the contact")
    }
  }
}

/// How far an order has come.
package enum OrderStage: String, Sendable, Hashable, CaseIterable {
  case received, signed, verified, dispatched, handling, replied, audited, calledBack, closed, archived, returned

  /// Whether somebody still has something to do.
  package var isOpen: Bool {
    switch self {
    case .closed, .archived, .returned: false
    default: true
    }
  }

  package var title: Text {
    switch self {
    case .received: Text(zh: "待签收", en: "received")
    case .signed: Text(zh: "已签收", en: "signed")
    case .verified: Text(zh: "已核实", en: "verified")
    case .dispatched: Text(zh: "已派单", en: "dispatched")
    case .handling: Text(zh: "办理中", en: "in handling")
    case .replied: Text(zh: "已回复", en: "replied")
    case .audited: Text(zh: "已审核", en: "audited")
    case .calledBack: Text(zh: "已回访", en: "called back")
    case .closed: Text(zh: "已办结", en: "closed")
    case .archived: Text(zh: "已归档", en: "archived")
    case .returned: Text(zh: "已退回", en: "returned")
    }
  }
}

/// Where an order comes from.
package enum OrderSource: String, Sendable, Hashable, CaseIterable {
  /// The city's 12345 system, the district's, grid inspection 网格巡查, appraisal of city management 城管考评, and what the office found 未诉先办.
  case city, district, grid, cityManagement, selfFound

  /// Whether a citizen waits for an answer: the others are closed without a callback.
  package var hasCitizen: Bool { self == .city || self == .district }

  package var title: Text {
    switch self {
    case .city: Text(zh: "市级", en: "city")
    case .district: Text(zh: "区级", en: "district")
    case .grid: Text(zh: "网格", en: "grid")
    case .cityManagement: Text(zh: "城管考评", en: "city management")
    case .selfFound: Text(zh: "自行发现", en: "self-found")
    }
  }
}

/// On whose behalf a step is taken.
package enum OrderSide: String, Sendable, Hashable, CaseIterable { case office, vendor, system }

/// Something that is asked for and decided by somebody else.
package enum OrderDecision: String, Sendable, Hashable, CaseIterable { case none, asked, granted, refused }

/// Whether what the citizen asked for was solved 解决率.
package enum OrderResolution: String, Sendable, Hashable, CaseIterable {
  case solved, partly, unsolved

  package var title: Text {
    switch self {
    case .solved: Text(zh: "解决", en: "solved")
    case .partly: Text(zh: "部分解决", en: "partly")
    case .unsolved: Text(zh: "未解决", en: "unsolved")
    }
  }
}

/// Whether the citizen is satisfied 满意率.
package enum OrderSatisfaction: String, Sendable, Hashable, CaseIterable {
  case satisfied, basically, dissatisfied

  package var title: Text {
    switch self {
    case .satisfied: Text(zh: "满意", en: "satisfied")
    case .basically: Text(zh: "基本满意", en: "basically")
    case .dissatisfied: Text(zh: "不满意", en: "dissatisfied")
    }
  }
}

extension OrderStep {
  /// What whoever takes the step must be allowed to; the intake of an order has its own.
  package var permission: Permission {
    switch self {
    case .received: .orderReceive
    case .classified, .edited, .linked: .orderEdit
    case .signed, .verified: .orderSign
    case .returned, .approvalAsked, .dispatched: .orderDispatch
    case .approved, .approvalRefused: .orderApprove
    case .handlingBegun, .progressReported, .outsideRemit, .citizenAwaited, .citizenAnswered, .replied: .orderHandle
    case .urged: .orderUrge
    case .hung, .resumed: .orderHang
    case .audited, .replyRejected: .orderAudit
    case .callbackFailed, .calledBack: .orderCallBack
    case .closed, .archived, .reopened: .orderClose
    case .exclusionAsked, .appealed: .orderAppeal
    case .exclusionDecided, .appealDecided: .orderDecide
    case .contactCorrected: .contactWrite
    }
  }
}

extension OrderStep {
  /// The last segment of the path at which the step is taken; nil for those that are taken by the system alone.
  package var verb: String? {
    switch self {
    case .received, .classified: nil
    case .signed: "sign"
    case .verified: "verify"
    case .edited: "edit"
    case .outsideRemit: "outside-remit"
    case .returned: "return"
    case .approvalAsked: "ask-approval"
    case .approved: "approve"
    case .approvalRefused: "refuse-approval"
    case .dispatched: "dispatch"
    case .handlingBegun: "begin"
    case .urged: "urge"
    case .progressReported: "progress"
    case .citizenAwaited: "await-citizen"
    case .citizenAnswered: "citizen-answered"
    case .replied: "reply"
    case .audited: "audit"
    case .replyRejected: "reject-reply"
    case .callbackFailed: "missed-callbacks"
    case .calledBack: "callbacks"
    case .closed: "close"
    case .archived: "archive"
    case .hung: "hang"
    case .resumed: "resume"
    case .exclusionAsked: "ask-exclusion"
    case .exclusionDecided: "decide-exclusion"
    case .appealed: "appeal"
    case .appealDecided: "decide-appeal"
    case .reopened: "reopen"
    case .linked: "link"
    case .contactCorrected: "correct-contact"
    }
  }
}
