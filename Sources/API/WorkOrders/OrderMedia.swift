// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

/// The media that a step refers to: each must be an attachment of the order, or a name in a system where the office says that it keeps some.
struct OrderMedia: Sendable {
  let mentions: [MediaMention]
  let rule: MediaRule

  /// The attachments among them.
  var attachments: [UUIDv7] { mentions.filter { !rule.isElsewhere($0.reference) }.compactMap { UUIDv7($0.reference) } }

  /// What is wrong with them.
  ///
  /// - Parameter known: those of the attachments that the order has.
  func faults(_ known: [UUIDv7: OrderMove.Media.Kind]) -> [Fault] {
    mentions.compactMap { mention in
      if rule.isElsewhere(mention.reference) {
        // Masked it would find nothing there.
        return MaskedCitizen.hasMobileNumber(mention.reference)
          ? Fault(
            pointer: mention.pointer, code: "names-telephone",
            detail: Text(
              zh: "录音等的名称中不得有手机号码；请改用不含号码的名称，或作为附件上传。",
              en: "No mobile number may stand in the name of a recording or the like; give it another name, or attach it."))
          : nil
      }
      guard let kind = UUIDv7(mention.reference).flatMap({ known[$0] }) else {
        let elsewhere = rule.elsewhere.joined(separator: " ")
        return Fault(
          pointer: mention.pointer, code: "unknown-reference",
          detail: rule.elsewhere.isEmpty
            ? Text(zh: "该工单没有此附件；请先上传。", en: "The order has no such attachment; attach it first.")
            : Text(
              zh: "该工单没有此附件，也不是以 \(elsewhere) 开头的名称；请先上传。",
              en: "The order has no such attachment, and it is no name that begins with \(elsewhere); attach it first."))
      }
      if kind == mention.kind { return nil }
      return Fault(
        pointer: mention.pointer, code: "bad-combination",
        detail: Text(
          zh: "此附件是\(kind.name)，不是\(mention.kind.name)。",
          en: "This attachment is a \(kind.rawValue), not a \(mention.kind.rawValue)."))
    }
  }

  /// What the step adds to the recording ledger, for its transaction.
  func ledger(_ order: WorkOrder, _ step: OrderStep, _ call: Call, _ services: Services) throws -> [Statement] {
    let recordings = mentions.filter { $0.kind == .recording }
    guard !recordings.isEmpty else { return [] }
    let actor = try call.orderActor
    var known: Set<String> = []
    let new = recordings.filter { known.insert($0.reference).inserted }.map { mention in
      RecordingStore.New(
        id: services.identities.next(at: call.now), order: order.id, reference: mention.reference,
        attachment: rule.isElsewhere(mention.reference) ? nil : UUIDv7(mention.reference), seconds: mention.seconds,
        entry: (order.version + 1, step))
    }
    return [RecordingStore.put(new, by: try call.principal.user, side: actor.side, at: call.now, in: try call.office.tenant)]
  }
}

extension OrderMove.Media.Kind {
  fileprivate var name: String {
    switch self {
    case .recording: "录音"
    case .photo: "照片"
    case .video: "视频"
    case .document: "文件"
    }
  }
}
