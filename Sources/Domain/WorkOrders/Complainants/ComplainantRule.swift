// SPDX-License-Identifier: Apache-2.0
import Base

/// How an office looks after its key complainants 重点诉求人: who may be one, and how often they are visited 回访.
package struct ComplainantRule: Sendable, Hashable {
  /// So many orders of one caller, or more, make a candidate …
  package let orders: Int32
  /// … where they came in within this time.
  package let within: Span
  /// From a visit to the last day of the next.
  package let visitEvery: Span
  /// How long before that day both sides are reminded.
  package let remindBefore: Span
  /// Whether a last day that is no working day moves to the next one (Civil Code art. 203).
  package let rolls: Bool

  package init(orders: Int32, within: Span, visitEvery: Span, remindBefore: Span, rolls: Bool) {
    self.orders = orders
    self.within = within
    self.visitEvery = visitEvery
    self.remindBefore = remindBefore
    self.rolls = rolls
  }

  /// Where an office says nothing: three orders in ninety days, a visit a month, reminded three days before.
  package static let usual = ComplainantRule(
    orders: 3, within: .days(90), visitEvery: .months(1), remindBefore: .days(3), rolls: true)
}

extension ComplainantRule {
  /// A period from day to day.
  package static let days: Shape<Span> = Span.shape.refine { span in
    span.isOfMoments || span.count > 3660
      ? Fault(
        code: "out-of-range", detail: Text(zh: "须以日、工作日、月或年计，不超过 3660。", en: "It is in days, working days, months or years, at most 3660."))
      : nil
  }

  private static let plainDays: Shape<Span> = days.refine { span in
    span.unit == .days ? nil : Fault(code: "bad-combination", detail: Text(zh: "须以日计。", en: "It is in days."))
  }

  /// `settings.keyComplainants` of `office.json`.
  package static let shape: Shape<ComplainantRule> = .object(
    "complainantRule",
    about: Text(
      zh: "重点诉求人：多少日内多少件工单列为候选，多久回访一次，提前多久提醒。",
      en:
        "Key complainants: how many orders within how many days make a candidate, how often they are visited, how early both are reminded."),
    Field("orders", .integer(2...1000), default: 3), Field("within", plainDays, default: ["days": 90]),
    Field("visitEvery", days, default: ["months": 1]), Field("remindBefore", plainDays, default: ["days": 3]),
    Field("rolls", .bool, default: true)
  ) { ComplainantRule(orders: $0, within: $1, visitEvery: $2, remindBefore: $3, rolls: $4) }
}
