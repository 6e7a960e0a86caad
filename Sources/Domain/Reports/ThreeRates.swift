// SPDX-License-Identifier: Apache-2.0
import Base

/// By what the three rates are broken down.
package enum RateDimension: String, Sendable, Hashable, CaseIterable { case office, department, community, category, seat }

/// How many orders, and what became of them.
package struct RateCounts: Sendable, Hashable {
  package var orders: Int64 = 0
  package var responded: Int64 = 0
  package var calledBack: Int64 = 0
  package var solved: Int64 = 0
  package var partly: Int64 = 0
  package var satisfied: Int64 = 0
  package var basically: Int64 = 0

  package init() {}

  package static func += (a: inout RateCounts, b: RateCounts) {
    a.orders += b.orders
    a.responded += b.responded
    a.calledBack += b.calledBack
    a.solved += b.solved
    a.partly += b.partly
    a.satisfied += b.satisfied
    a.basically += b.basically
  }

  fileprivate func resolved(_ rule: RateRule) -> Int64 {
    (rule.resolved.contains(.solved) ? solved : 0) + (rule.resolved.contains(.partly) ? partly : 0)
      + (rule.resolved.contains(.unsolved) ? calledBack - solved - partly : 0)
  }

  fileprivate func satisfied(_ rule: RateRule) -> Int64 {
    (rule.satisfied.contains(.satisfied) ? satisfied : 0) + (rule.satisfied.contains(.basically) ? basically : 0)
      + (rule.satisfied.contains(.dissatisfied) ? calledBack - satisfied - basically : 0)
  }
}

/// A part of a whole; no rate where there is nothing to take it of.
package struct Ratio: Sendable, Hashable {
  package let part: Int64
  package let whole: Int64

  package init(part: Int64, whole: Int64) {
    self.part = part
    self.whole = whole
  }

  package var value: Rational? { whole == 0 ? nil : try? Rational(Int128(part), over: Int128(whole)) }

  /// Hundredths with two decimals, half up: `95.24`.
  package var percent: String? { value.flatMap(Self.percent) }

  package static func percent(_ value: Rational) -> String? {
    guard let scaled = try? (value * 10_000).rounded(), let hundredths = try? Rational(Int128(scaled), over: 100) else { return nil }
    return hundredths.decimal(places: 2)
  }
}

/// The three rates 三率 of one department, community, category or seat, or of the whole office.
package struct ThreeRates: Sendable, Hashable {
  /// Response 响应率: responded of those assessable.
  package let response: Ratio
  /// Resolution 解决率: resolved of those called back.
  package let resolution: Ratio
  /// Satisfaction 满意率: satisfied of those called back.
  package let satisfaction: Ratio
  /// The orders that left the denominators, by why.
  package let left: [RateClass: Int64]
  /// The weighted sum; nil without weights, or where one of the rates is none.
  package let composite: Rational?

  package init(_ counts: [RateClass: RateCounts], by rule: RateRule) {
    var sum = RateCounts()
    var left: [RateClass: Int64] = [:]
    for (kind, count) in counts {
      if rule.leaves.contains(kind) { left[kind] = count.orders } else { sum += count }
    }
    self.left = left
    response = Ratio(part: sum.responded, whole: sum.orders)
    resolution = Ratio(part: sum.resolved(rule), whole: sum.calledBack)
    satisfaction = Ratio(part: sum.satisfied(rule), whole: sum.calledBack)
    composite = Self.composite(response, resolution, satisfaction, rule.weights)
  }

  private static func composite(_ response: Ratio, _ resolution: Ratio, _ satisfaction: Ratio, _ weights: RulePack.Weights?) -> Rational? {
    guard let weights, let response = response.value, let resolution = resolution.value, let satisfaction = satisfaction.value else {
      return nil
    }
    return try? weights.response.value * response + weights.resolution.value * resolution + weights.satisfaction.value * satisfaction
  }
}

/// The orders that stand behind one of the figures.
package enum RateFigure: String, Sendable, Hashable, CaseIterable {
  case assessable, responded, unresponded, calledBack, notCalledBack, resolved, unresolved, satisfied, dissatisfied
  /// What left the denominators.
  case left
}
