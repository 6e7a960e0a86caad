// SPDX-License-Identifier: Apache-2.0
import Base

extension FactCheck {
  /// What speaks against the day of an incident of the service itself: one that takes points, or is about one of the staff or an order.
  ///
  /// Such a day is one on which the service was due, and points count in a period that has it. A breach of the contract, a damage or a breach of
  /// confidence may come to light after the end.
  func beyondService(_ incident: FactBody.Incident, on day: CivilDate) -> [Fault] {
    let appraisal = contract.inForce(on: day).appraisal
    guard let kind = appraisal.incidents.first(where: { $0.id == incident.kind }),
      kind.points != nil || kind.subject == .staff || kind.subject == .order
    else { return [] }
    guard life.isDue(on: day, under: contract) else {
      return [.outsideService(life.dueDays(of: contract), day, mayBeHeldOver: life.terminated == nil)]
    }
    guard let series = kind.points?.series, let pace = appraisal.scores.first(where: { $0.id == series })?.pace else { return [] }
    let counts = schedule.payments.contains { $0.occasions(pace, of: contract).contains { $0.range.contains(day) } }
    return counts ? [] : [.outsidePeriods(of: series)]
  }
}

extension Fault {
  /// - Parameters:
  ///   - days: on which the service was due.
  ///   - mayBeHeldOver: whether a day behind all of them may be one of a hold-over that nobody recorded.
  fileprivate static func outsideService(_ days: [DateRange], _ day: CivilDate, mayBeHeldOver: Bool) -> Fault {
    let spans = (
      zh: days.map { "\($0.first) 至 \($0.last)" }.joined(separator: "、"),
      en: days.map { "\($0.first) to \($0.last)" }.joined(separator: ", ")
    )
    let isBehind = mayBeHeldOver && days.allSatisfy { $0.last < day }
    return Fault(
      pointer: "/on", code: "outside-service",
      detail: Text(
        zh: "该情形只能发生在服务期内：\(spans.zh)。\(isBehind ? "到期后仍在服务的，先记录 heldOver。" : "")",
        en:
          "An incident of this kind lies within the service: \(spans.en).\(isBehind ? " If the service went on after that, record heldOver first." : "")"
      ))
  }

  fileprivate static func outsidePeriods(of series: String) -> Fault {
    Fault(
      pointer: "/on", code: "outside-service",
      detail: Text(
        zh: "评分“\(series)”没有包含该日的一期，扣分无处可计。", en: "No period of the score “\(series)” has this day, so its points would count nowhere."))
  }
}
