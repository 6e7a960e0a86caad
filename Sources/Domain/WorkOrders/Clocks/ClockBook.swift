// SPDX-License-Identifier: Apache-2.0
import Base

/// The rules by which clocks of orders start: the levels of one paper, and the city's limits of the grades.
///
/// A clock goes by the paper in force when it starts, to its end: a later paper moves neither a finished clock nor one that runs or stands still.
package struct ClockBook: Sendable {
  package let rules: [ClockRule]
  /// The covers and checks that stand beside the clocks.
  package let standards: [ServiceLevel]
  package let packs: RulePacks
  private let byEvent: [OrderEvent: [ClockRule]]
  private let byState: [OrderState: [ClockRule]]
  /// Whether the paper leaves the grade's own limit to the city.
  private let leavesGrades: Bool

  /// - Parameters:
  ///   - document: the contract's paper in force; nil where an order is worked on under none.
  ///   - revision: its number.
  package init(_ document: ContractDocument?, revision: Int32, packs: RulePacks) {
    let levels = document?.service.levels ?? []
    rules = levels.compactMap { ClockRule($0, of: ClockRule.Source(.contract, document?.id ?? "", revision: revision)) }
    standards = levels.filter { level in
      switch level.standard {
      case .cover, .check: true
      case .clock, .recurring: false
      }
    }
    self.packs = packs
    var byEvent: [OrderEvent: [ClockRule]] = [:]
    var byState: [OrderState: [ClockRule]] = [:]
    for rule in rules {
      switch rule.start {
      case .event(let event, _): byEvent[event, default: []].append(rule)
      case .state(let state): byState[state, default: []].append(rule)
      }
    }
    (self.byEvent, self.byState) = (byEvent, byState)
    leavesGrades = !rules.contains { rule in
      if case .own = rule.course { rule.when == nil && rule.unless == nil } else { false }
    }
  }

  /// The rules whose clocks start with a step.
  ///
  /// - Parameters:
  ///   - grade: the order's.
  ///   - day: of the start; which of the city's limits is in force is a matter of it.
  package func starting(with event: OrderEvent, grade: String, on day: CivilDate) -> [ClockRule] {
    let rules = byEvent[event] ?? []
    guard event == .received, leavesGrades, let (limit, pack) = packs.gradeLimit(grade, on: day) else { return rules }
    return rules + [ClockRule(limit, of: pack)]
  }

  /// The rules whose clocks start where an order comes into a state.
  package func starting(in state: OrderState) -> [ClockRule] { byState[state] ?? [] }

  /// The limits of a rule's clock that starts on a day; none where the order's grade sets none.
  package func limits(of rule: ClockRule, grade: String, on day: CivilDate) -> [ClockLimit] {
    switch rule.course {
    case .limits(let limits): limits
    case .every(let limit): [limit]
    case .own(let limit): packs.gradeLimit(grade, on: day).map { [limit.of($0.limit.within)] } ?? []
    }
  }

  /// A rule of the paper by its name.
  package func rule(_ id: String) -> ClockRule? { rules.first { $0.id == id } }
}

extension ClockLimit {
  /// The same limit over another span.
  package func of(_ span: Span) -> ClockLimit { ClockLimit(span, time: time, rolls: rolls, warning: warning) }
}
