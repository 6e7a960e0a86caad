// SPDX-License-Identifier: Apache-2.0
import Base

/// What can happen in the life of any contract.
package enum KnownEvent: String, Sendable, Hashable, CaseIterable {
  // The contract itself says when.
  case signed, effective, serviceStart, serviceEnd
  // One for every payment.
  case periodEnd, paymentDue, invoice, paid, appraisalConfirmed
  // Recorded as they happen; a duty can also deem them.
  case deliverablesSubmitted, accepted, rejected, cured
  // The service ended early; it went on after its end.
  case terminated, heldOver

  /// Whether a fact of the kind `event` records it; the others follow from the contract or have facts of their own.
  package var isRecorded: Bool {
    switch self {
    case .appraisalConfirmed, .deliverablesSubmitted, .accepted, .rejected, .cured, .terminated, .heldOver: true
    case .signed, .effective, .serviceStart, .serviceEnd, .periodEnd, .paymentDue, .invoice, .paid: false
    }
  }

  /// Whether it happens once for every payment, so that a fact must name the payment.
  package var isPerPayment: Bool {
    switch self {
    case .periodEnd, .paymentDue, .invoice, .paid, .appraisalConfirmed: true
    default: false
    }
  }

  /// Who may record it: what the office decides, or what the price hangs on, the office; a delivery either side.
  package var recordedBy: DeclaredEvent.Recorder {
    switch self {
    case .deliverablesSubmitted, .cured, .invoice: .either
    default: .office
    }
  }

  package var name: Text {
    switch self {
    case .signed: Text(zh: "签订", en: "signing")
    case .effective: Text(zh: "合同生效", en: "the contract's effect")
    case .serviceStart: Text(zh: "服务开始", en: "the start of service")
    case .serviceEnd: Text(zh: "服务到期", en: "the end of service")
    case .periodEnd: Text(zh: "本期届满", en: "the end of the period")
    case .paymentDue: Text(zh: "付款期限", en: "the payment's due date")
    case .invoice: Text(zh: "收到发票", en: "the invoice")
    case .paid: Text(zh: "付款", en: "the payment")
    case .appraisalConfirmed: Text(zh: "考核确认", en: "the confirmed appraisal")
    case .deliverablesSubmitted: Text(zh: "成果提交", en: "the deliverables")
    case .accepted: Text(zh: "验收合格", en: "acceptance")
    case .rejected: Text(zh: "验收不合格", en: "rejection")
    case .cured: Text(zh: "整改交付", en: "the cure")
    case .terminated: Text(zh: "合同终止", en: "termination")
    case .heldOver: Text(zh: "到期后继续服务", en: "service after expiry")
    }
  }
}

/// A known event, or one that the contract declares in its list of events.
package enum ContractEvent: Sendable, Hashable {
  case known(KnownEvent)
  case declared(String)

  package init(_ name: String) { self = KnownEvent(rawValue: name).map { .known($0) } ?? .declared(name) }

  /// As it is written in JSON.
  package var code: String {
    switch self {
    case .known(let event): event.rawValue
    case .declared(let id): id
    }
  }

  static let shape: Shape<ContractEvent> = Shape<String>.string(
    minLength: 1, maxLength: 64,
    pattern: TextPattern("^[a-z][A-Za-z0-9-]*$", meaning: Text(zh: "内置事件名或 events 中的标识", en: "a known event or the id of one in events")) {
      name in
      name.utf8.first.map { $0 &- UInt8(ascii: "a") < 26 } ?? false
        && name.utf8.allSatisfy { byte in
          (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-")
        }
    }
  ).map { ContractEvent($0) }.named(
    "eventName",
    Text(zh: "内置事件：", en: "A known event: ") + knownNames
      + Text(zh: "，或本合同 events 中的标识。", en: ", or the id of one in this contract's events."))

  private static var knownNames: Text {
    let names = KnownEvent.allCases.map(\.rawValue).joined(separator: " ")
    return Text(zh: names, en: names)
  }
}

/// An event that this contract speaks of beside the known ones.
package struct DeclaredEvent: Sendable, Hashable {
  /// Who may record it.
  package enum Recorder: String, Sendable, Hashable, CaseIterable { case office, vendor, either }

  package let id: String
  package let citation: Citation
  package let recordedBy: Recorder

  static let shape: Shape<DeclaredEvent> = .object(
    "declaredEvent", about: Text(zh: "本合同特有的事件。", en: "An event this contract speaks of."),
    Field("id", .code), Citation.field, Field("recordedBy", .enumeration(Recorder.self))
  ) { DeclaredEvent(id: $0, citation: $1, recordedBy: $2) }
}
