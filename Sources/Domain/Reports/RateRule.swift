// SPDX-License-Identifier: Apache-2.0
import Base

/// Whether an order counts in the appraisal, and if not, why.
package enum RateClass: String, Sendable, Hashable, CaseIterable {
  case counted
  /// Left out 不纳入考核 by the office's decision, or on appeal 申诉.
  case excluded, appealed
  /// Outside the remit.
  case returned
  /// Found by inspection or by ourselves: nobody is called back.
  case withoutCitizen
}

/// An office's own rule of the three rates: what leaves the denominators, which answers count, the weights of the composite.
package struct RateRule: Sendable, Hashable {
  package let leaves: Set<RateClass>
  package let resolved: Set<Resolution>
  package let satisfied: Set<Satisfaction>
  /// Nil: there is no composite.
  package let weights: RulePack.Weights?

  /// The answers of a callback, by the words orders have for them.
  package enum Resolution: String, Sendable, Hashable, CaseIterable { case solved, partly, unsolved }
  package enum Satisfaction: String, Sendable, Hashable, CaseIterable { case satisfied, basically, dissatisfied }

  package init(leaves: Set<RateClass>, resolved: Set<Resolution>, satisfied: Set<Satisfaction>, weights: RulePack.Weights?) {
    self.leaves = leaves
    self.resolved = resolved
    self.satisfied = satisfied
    self.weights = weights
  }

  /// Where an office says nothing: everything that is not counted leaves, only what is solved is resolved, the basically satisfied are satisfied.
  package static let usual = RateRule(
    leaves: Set(RateClass.allCases).subtracting([.counted]), resolved: [.solved], satisfied: [.satisfied, .basically], weights: nil)

  /// The classes of orders that the denominators have.
  package var counted: [RateClass] { RateClass.allCases.filter { !leaves.contains($0) } }
}

extension RateRule {
  private static func words<Word: RawRepresentable & CaseIterable & Hashable & Sendable>(_ all: [Word]) -> Shape<Set<Word>>
  where Word.RawValue == String {
    Shape<[Word]>.array(of: .enumeration(all.map { ($0.rawValue, $0) }), max: all.count).map { Set($0) }
  }

  private static let share: Shape<Share> = .share.refine { share in
    share.value.isNegative ? Fault(code: "out-of-range", detail: Text(zh: "不得为负。", en: "This must not be negative.")) : nil
  }

  private static let weights: Shape<RulePack.Weights> = .object(
    Field("response", share), Field("resolution", share), Field("satisfaction", share)
  ) { RulePack.Weights(response: $0, resolution: $1, satisfaction: $2) }.refine { weights in
    let sum = try? weights.response.value + weights.resolution.value + weights.satisfaction.value
    return sum == .one
      ? nil : Fault(code: "out-of-range", detail: Text(zh: "三项权重之和须为 100%。", en: "The three weights must add up to 100%."))
  }

  /// `settings.rates` of `office.json`.
  package static let shape: Shape<RateRule> = .object(
    "rateRule",
    about: Text(
      zh: "三率口径：哪些工单不计入分母、何为解决与满意、综合成绩的权重。",
      en: "How the three rates are counted: what leaves the denominators, what is resolved and satisfied, the weights."),
    Field(
      "leaves", words(RateClass.allCases.filter { $0 != .counted }), default: ["excluded", "appealed", "returned", "withoutCitizen"]),
    Field("resolved", words(Resolution.allCases), default: ["solved"]),
    Field("satisfied", words(Satisfaction.allCases), default: ["satisfied", "basically"]), Field(optional: "weights", weights)
  ) { RateRule(leaves: $0, resolved: $1, satisfied: $2, weights: $3) }

  /// The rule in an office's stored settings.
  package init(settings: JSON) {
    self = settings["settings"]?["rates"].flatMap { try? Self.shape.decode($0).get() } ?? .usual
  }
}
