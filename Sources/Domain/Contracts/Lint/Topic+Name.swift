// SPDX-License-Identifier: Apache-2.0
import Base

extension Topic {
  package var name: Text {
    switch self {
    case .definitions: Text(zh: "定义", en: "definitions")
    case .scope: Text(zh: "服务内容", en: "the scope of service")
    case .place: Text(zh: "地点", en: "the place")
    case .term: Text(zh: "期限", en: "the term")
    case .fee: Text(zh: "费用", en: "the fee")
    case .payment: Text(zh: "付款", en: "payment")
    case .officeDuties: Text(zh: "甲方权利义务", en: "the office's rights and duties")
    case .vendorDuties: Text(zh: "乙方权利义务", en: "the vendor's rights and duties")
    case .appraisal: Text(zh: "考核", en: "appraisal")
    case .acceptance: Text(zh: "验收", en: "acceptance")
    case .delivery: Text(zh: "交付", en: "delivery")
    case .intellectualProperty: Text(zh: "知识产权", en: "intellectual property")
    case .confidentiality: Text(zh: "保密", en: "confidentiality")
    case .breach: Text(zh: "违约责任", en: "breach")
    case .liability: Text(zh: "责任限制", en: "limits of liability")
    case .forceMajeure: Text(zh: "不可抗力", en: "force majeure")
    case .disputes: Text(zh: "争议解决", en: "disputes")
    case .renewal: Text(zh: "续签", en: "renewal")
    case .change: Text(zh: "变更", en: "changes")
    case .assignment: Text(zh: "转让", en: "assignment")
    case .termination: Text(zh: "解除", en: "termination")
    case .nonSolicitation: Text(zh: "互不聘用", en: "non-solicitation")
    case .notices: Text(zh: "通知与地址", en: "notices and addresses")
    case .precedence: Text(zh: "效力顺序", en: "precedence")
    case .general: Text(zh: "其他", en: "general matters")
    }
  }
}
