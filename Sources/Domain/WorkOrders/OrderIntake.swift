// SPDX-License-Identifier: Apache-2.0
import Base

/// A work order as a source hands it in.
package struct OrderIntake: Sendable, Hashable {
  package let facts: OrderFacts
  /// What the citizen says, in the source's words.
  package let content: String
  package let citizen: Citizen

  package init(facts: OrderFacts, content: String, citizen: Citizen) {
    self.facts = facts
    self.content = content
    self.citizen = citizen
  }

  package static let shape: Shape<OrderIntake> = .object(
    "workOrderIntake",
    about: Text(
      zh: "来源系统交来的工单。时间按来源所报保存，接收时间以服务器为准。",
      en: "A work order as a source hands it in. Times are kept as reported; the server's clock says when it was received."),
    OrderMove.factMembers, Field("content", .string(maxLength: 20_000), default: ""), Field(optional: "citizen", Citizen.shape)
  ) { OrderIntake(facts: $0, content: $1, citizen: $2 ?? Citizen()) }

  /// The whole as JSON, by which the same is known again.
  package var json: JSON {
    var json = facts.data
    json["content"] = .string(content)
    json["citizen"] = citizen.json
    return .object(json)
  }
}

extension OrderFacts {
  /// The order as decision tables see it (`OrderMember`), before it was taken in.
  package func document(content: String) -> JSON {
    var document = attributes
    document["source"] = .string(source.rawValue)
    document["stage"] = .string(OrderStage.received.rawValue)
    document["grade"] = .string(grade)
    document["category"] = category.map { .string($0) }
    document["area"] = area.map { .string($0) }
    document["community"] = community.map { .string($0) }
    document["title"] = .string(title)
    document["content"] = .string(content)
    document["tags"] = .array(tags.map { .string($0) })
    document["special"] = .bool(isSpecial)
    return .object(document)
  }
}

extension OrderFacts {
  /// How far ahead of ours a source's clock may be.
  static let clockTolerance = 10 * Instant.minute
  /// How long ago an order may have been reported, and how far ahead it may be due: twenty years.
  static let timeReach = 20 * 366 * Instant.day

  /// What is wrong with the times that a source reports.
  ///
  /// - Parameter now: when the order comes in.
  package func timeFaults(at now: Instant) -> [Fault] {
    var faults: [Fault] = []
    if let reportedAt {
      let age = now.microseconds(since: reportedAt)
      if age < -Self.clockTolerance {
        faults.append(.outOfRange("reportedAt", Text(zh: "不得晚于现在。", en: "This must not be in the future.")))
      } else if age > Self.timeReach {
        faults.append(.outOfRange("reportedAt", Text(zh: "不得早于二十年前。", en: "This must not be more than twenty years ago.")))
      }
    }
    if let reportedDue {
      if let reportedAt, reportedDue < reportedAt {
        faults.append(.outOfRange("reportedDue", Text(zh: "不得早于 reportedAt。", en: "This must not be before `reportedAt`.")))
      } else if abs(reportedDue.microseconds(since: now)) > Self.timeReach {
        faults.append(
          .outOfRange("reportedDue", Text(zh: "与现在相差不得超过二十年。", en: "This must be within twenty years of now.")))
      }
    }
    return faults
  }
}

extension Fault {
  fileprivate static func outOfRange(_ member: String, _ detail: Text) -> Fault {
    Fault(pointer: "/\(member)", code: "out-of-range", detail: detail)
  }
}

extension WorkOrder {
  /// The order as decision tables see it.
  package func document(content: String, repeatCount: Int64) -> JSON {
    var document = attributes.object ?? JSONObject()
    document["source"] = .string(source.rawValue)
    document["stage"] = .string(stage.rawValue)
    document["grade"] = .string(grade)
    document["category"] = category.map { .string($0) }
    document["area"] = area.map { .string($0) }
    document["community"] = community.map { .string($0) }
    document["title"] = .string(title)
    document["content"] = .string(content)
    document["tags"] = .array(tags.map { .string($0) })
    document["special"] = .bool(isSpecial)
    document["department"] = department.map { .string($0) }
    document["repeatCount"] = .integer(repeatCount)
    return .object(document)
  }
}
