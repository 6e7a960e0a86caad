// SPDX-License-Identifier: Apache-2.0
import Base

/// A predicate over an order in SQL/JSON path, read as far as checks of tables ask; PostgreSQL alone judges and evaluates it.
package struct Predicate: Sendable, Hashable {
  package let text: String
  /// The members of the order's document that it names, in their order.
  package let members: [String]
  /// Names of values from outside, `$name`, of which there are none.
  package let variables: [String]
  /// Whether it is a predicate and not a path to some value.
  let isCondition: Bool?
  let condition: PathCondition

  package init(_ text: String) {
    self.text = text
    guard let words = PathToken.words(of: text) else {
      (members, variables, isCondition, condition) = ([], [], nil, .opaque)
      return
    }
    variables = words.compactMap { if case .variable(let name) = $0 { name } else { nil } }
    members = Self.members(words)
    var reader = PathReader(words)
    let read = reader.predicate()
    condition = read ?? .opaque
    isCondition = read != nil ? true : reader.isPlainPath ? false : nil
  }

  /// What follows `$.`, and `@.` in a filter that stands directly behind `$`.
  private static func members(_ words: [PathToken]) -> [String] {
    var members: [String] = []
    var filters: [(depth: Int, isOfRoot: Bool)] = []
    var depth = 0
    for (place, word) in words.enumerated() {
      let next = place + 1 < words.count ? words[place + 1] : nil
      switch word {
      case .mark("("):
        depth += 1
        if place > 0, words[place - 1] == .mark("?") { filters.append((depth, place > 1 && words[place - 2] == .root)) }
      case .mark(")"):
        if filters.last?.depth == depth { filters.removeLast() }
        depth -= 1
      case .root, .current:
        guard word == .root || filters.last?.isOfRoot == true, next == .mark("."), place + 2 < words.count else { continue }
        switch words[place + 2] {
        // A name before a bracket is a method of the document itself.
        case .name(let name) where !(place + 3 < words.count && words[place + 3] == .mark("(")): members.append(name)
        case .string(let name): members.append(name)
        default: break
        }
      default: break
      }
    }
    var seen: Set<String> = []
    return members.filter { seen.insert($0).inserted }
  }
}
