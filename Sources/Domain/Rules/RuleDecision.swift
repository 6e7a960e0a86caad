// SPDX-License-Identifier: Apache-2.0
import Base

/// What a decision table decided on an order, and by which of its rows: written down beside what it led to.
package struct RuleDecision: Sendable, Hashable {
  package let purpose: RuleTable.Purpose
  /// The revision of the table.
  package let revision: Int32
  /// The row that held; nil where none did and the default decided.
  package let row: String?
  package let outcome: OrderedMap<JSON>

  /// What the purpose takes of the outcome.
  package var value: JSON? { outcome[purpose.column] }
}

/// What an office's tables decided on one order, by purpose; purposes without a table in force are absent.
package struct RuleDecisions: Sendable, Hashable {
  package let all: [RuleDecision]
  /// As it is recorded: `{"urgency": {"revision": 3, "row": "danger", "then": {"grade": "2h"}}}`, the default without `row`.
  package let json: JSON

  package subscript(purpose: RuleTable.Purpose) -> RuleDecision? { all.first { $0.purpose == purpose } }

  /// The words of a decision that is a text, such as a category.
  package func text(_ purpose: RuleTable.Purpose) -> String? { self[purpose]?.value?.string }
  /// A decision that is a truth value, such as whether approval is needed.
  package func truth(_ purpose: RuleTable.Purpose) -> Bool? { self[purpose]?.value?.bool }

  package static let none = RuleDecisions(all: [], json: [:])

  private init(all: [RuleDecision], json: JSON) {
    self.all = all
    self.json = json
  }

  /// Reads the recorded form; nil where it is none.
  package init?(_ json: JSON) {
    guard let object = json.object else { return nil }
    var all: [RuleDecision] = []
    for member in object {
      guard let purpose = RuleTable.Purpose(rawValue: member.name),
        let revision = member.value["revision"]?.integer.flatMap(Int32.init(exactly:)),
        let outcome = member.value["then"]?.object
      else { return nil }
      all.append(
        RuleDecision(
          purpose: purpose, revision: revision, row: member.value["row"]?.string,
          outcome: OrderedMap(outcome.members.map { ($0.name, $0.value) })))
    }
    self.init(all: all, json: json)
  }
}
