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
