// SPDX-License-Identifier: Apache-2.0
import Base

extension OrderEvent {
  /// What happened, as a noun.
  package var noun: Text {
    switch self {
    case .received: Text(zh: "接收", en: "receipt")
    case .signed: Text(zh: "签收", en: "signing")
    case .verified: Text(zh: "核实", en: "verification")
    case .outsideRemit: Text(zh: "认定非本单位职责", en: "being found outside the remit")
    case .returned: Text(zh: "退回", en: "return")
    case .approvalAsked: Text(zh: "报请审批", en: "asking for approval")
    case .approved: Text(zh: "批准", en: "approval")
    case .dispatched: Text(zh: "派单", en: "dispatch")
    case .urged: Text(zh: "督办", en: "urging")
    case .progressReported: Text(zh: "报告进展", en: "a progress report")
    case .replied: Text(zh: "回复", en: "reply")
    case .audited: Text(zh: "审核", en: "audit")
    case .calledBack: Text(zh: "回访", en: "callback")
    case .closed: Text(zh: "办结", en: "closing")
    case .hung: Text(zh: "挂账", en: "hanging")
    case .exclusionAsked: Text(zh: "申请剔除", en: "asking for exclusion")
    case .exclusionDecided: Text(zh: "剔除决定", en: "the decision on exclusion")
    case .appealed: Text(zh: "申诉", en: "appeal")
    case .reopened: Text(zh: "重新办理", en: "reopening")
    case .archived: Text(zh: "归档", en: "archiving")
    }
  }
}

extension OrderState {
  /// What the order waits in, as a noun.
  package var noun: Text {
    switch self {
    case .awaitingApproval: Text(zh: "等待领导审批", en: "waiting for a leader's approval")
    case .hung: Text(zh: "挂账", en: "being hung")
    case .awaitingExclusion: Text(zh: "等待剔除决定", en: "waiting for the decision on exclusion")
    case .awaitingCitizen: Text(zh: "等待诉求人", en: "waiting for the citizen")
    }
  }
}

extension ServiceLevel.Owner {
  package var noun: Text {
    switch self {
    case .vendor: Text(zh: "乙方", en: "the vendor")
    case .office: Text(zh: "甲方", en: "the office")
    case .department: Text(zh: "承办单位", en: "the department")
    }
  }
}
