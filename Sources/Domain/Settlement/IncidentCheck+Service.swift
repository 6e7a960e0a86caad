// SPDX-License-Identifier: Apache-2.0
import Base

extension IncidentCheck {
  /// Everything that speaks against an incident, its day among it; pointers are into the JSON of its fact.
  ///
  /// An incident of the service itself takes points, or is about one of the staff or an order: it lies on a day on which the service was due. A
  /// breach of the contract, a damage or a breach of confidence may come to light after the end.
  package func faults(in incident: FactBody.Incident, on day: CivilDate, _ stage: Stage, _ life: ServiceLife) -> [Fault] {
    let faults = faults(in: incident, on: day, stage)
    if let early = contract.early(day) { return [early] + faults }
    guard let kind = contract.inForce(on: day).appraisal.incidents.first(where: { $0.id == incident.kind }),
      kind.points != nil || kind.subject == .staff || kind.subject == .order, !life.isDue(on: day, under: contract)
    else { return faults }
    return [.outsideService(life.dueDays(of: contract), day, mayBeHeldOver: life.terminated == nil)] + faults
  }
}

extension FactCheck {
  /// That an incident takes points on a day that no period of their score has, as in a service held over that nothing is paid for.
  package func beyondPeriods(_ incident: FactBody.Incident, on day: CivilDate) -> Fault? {
    let appraisal = contract.inForce(on: day).appraisal
    guard let series = appraisal.incidents.first(where: { $0.id == incident.kind })?.points?.series,
      let pace = appraisal.scores.first(where: { $0.id == series })?.pace
    else { return nil }
    let counts = schedule.payments.contains { $0.occasions(pace, of: contract).contains { $0.range.contains(day) } }
    return counts ? nil : .outsidePeriods(of: series)
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
