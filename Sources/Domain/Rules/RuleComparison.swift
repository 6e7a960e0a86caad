// SPDX-License-Identifier: Apache-2.0
import Base

/// Two tables of one purpose side by side: which outcomes there are, and which each row of either has.
package struct RuleComparison: Sendable {
  /// The table in force; nil where there is none, which decides nothing.
  package let old: RuleTable?
  package let new: RuleTable
  /// Every outcome of either table once; nil is no decision at all.
  package private(set) var outcomes: [OrderedMap<JSON>?] = []
  /// The outcome of each row of the tables, and behind them of the default, by its place among ``outcomes``.
  package private(set) var oldOutcomes: [Int] = []
  package private(set) var newOutcomes: [Int] = []

  package init(from old: RuleTable?, to new: RuleTable) {
    self.old = old
    self.new = new
    var places: [[String: JSON]: Int] = [:]
    func place(_ outcome: OrderedMap<JSON>, _ outcomes: inout [OrderedMap<JSON>?]) -> Int {
      let key = Dictionary(outcome.entries.map { ($0.name, $0.value) }) { first, _ in first }
      if let known = places[key] { return known }
      outcomes.append(outcome)
      places[key] = outcomes.count - 1
      return outcomes.count - 1
    }
    if let old {
      oldOutcomes = (old.rows.map(\.then) + [old.fallback]).map { place($0, &outcomes) }
    } else {
      outcomes.append(nil)
      oldOutcomes = [0]
    }
    newOutcomes = (new.rows.map(\.then) + [new.fallback]).map { place($0, &outcomes) }
  }

  /// The members of the order's document that either table asks for.
  package var members: [String] {
    var seen: Set<String> = []
    return ((old?.rows ?? []) + new.rows).flatMap { Predicate($0.when).members }.filter { seen.insert($0).inserted }
  }
}

extension OrderMember {
  /// Whether every order has a place for it; the others are attributes.
  package var isColumn: Bool {
    switch self {
    case .kind, .massIncident: false
    default: true
    }
  }

  /// What must be read of orders so that predicates which ask for these members see them: columns, and `attributes` for all others.
  package static func needed(for members: [String]) -> [String] {
    let columns = members.filter { OrderMember(rawValue: $0)?.isColumn ?? false }
    return columns.count < members.count ? columns + ["attributes"] : columns
  }
}
