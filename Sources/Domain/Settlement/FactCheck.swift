// SPDX-License-Identifier: Apache-2.0
import Base

/// Judges whether a fact can be recorded under a contract, before it is.
package struct FactCheck: Sendable {
  let contract: Contract
  let schedule: Schedule
  let life: ServiceLife
  private let incidents: IncidentCheck

  /// - Parameters:
  ///   - life: what is on record about an early end or service after expiry; it decides which payments there are.
  package init(_ contract: Contract, packs: RulePacks, life: ServiceLife) throws(ScheduleError) {
    (self.contract, self.life) = (contract, life)
    schedule = try Schedule(contract, packs: packs, life: life)
    incidents = IncidentCheck(contract)
  }

  /// Everything that speaks against a fact; pointers are into its JSON.
  package func faults(in content: FactContent, stage: IncidentCheck.Stage = .confirmed) -> [Fault] {
    var faults = contract.early(content.on).map { [$0] } ?? []
    let document = contract.inForce(on: content.on)
    switch content.body {
    case .incident(let incident):
      faults = incidents.faults(in: incident, on: content.on, stage, life)
      if !faults.contains(where: { $0.pointer == "/on" }), let fault = beyondPeriods(incident, on: content.on) { faults.append(fault) }
    case .grade(let id, let period, let grade):
      guard let series = document.appraisal.grades.first(where: { $0.id == id }) else {
        faults.append(.unknown("/series", id, document.appraisal.grades.map(\.id), Text(zh: "等次", en: "grade series")))
        break
      }
      check(period, of: series.pace, on: content.on, &faults)
      if !series.scale.contains(where: { $0.grade == grade }) {
        faults.append(.unknown("/grade", grade, series.scale.map(\.grade), Text(zh: "等次", en: "grade")))
      }
    case .score(let id, let period, let subject, let value):
      guard let series = document.appraisal.scores.first(where: { $0.id == id }) else {
        faults.append(.unknown("/series", id, document.appraisal.scores.map(\.id), Text(zh: "评分", en: "score series")))
        break
      }
      check(period, of: series.pace, on: content.on, &faults)
      check(subject, of: series, &faults)
      let full = series.sheet.flatMap { sheet in document.appraisal.sheets.first { $0.id == sheet } }?.full
      if value < .zero || full.map({ value > $0 }) ?? false {
        let most = full.map { Words.number($0) }
        faults.append(
          .range(
            "/value", zh: "须为 0\(most.map { " 至 \($0)" } ?? " 以上")。", en: "This must be \(most.map { "from 0 to \($0)" } ?? "0 or more")."))
      }
    case .event(let event): check(event, on: content.on, &faults)
    case .invoice(let payment, _), .payment(let payment, _): check(payment: payment, &faults)
    case .waiver(let obligation):
      if !knows(obligation: obligation) {
        faults.append(
          Fault(
            pointer: "/obligation", code: "unknown-reference",
            detail: Text(zh: "合同没有义务“\(obligation)”。", en: "The contract has no obligation “\(obligation)”.")))
      }
    case .audited:
      if contract.revisions.allSatisfy({ $0.terms.audit == nil }) {
        faults.append(
          Fault(pointer: "/kind", code: "not-applicable", detail: Text(zh: "合同没有审计定价条款。", en: "No clause lets an audit decide the price.")))
      }
    }
    return faults
  }

  // MARK: periods, payments, events

  private func check(_ period: String, of pace: SeriesPace, on day: CivilDate, _ faults: inout [Fault]) {
    let known = schedule.payments.flatMap { $0.occasions(pace, of: contract) }
    guard let occasion = known.first(where: { $0.label == period }) else {
      faults.append(.unknown("/period", period, known.map(\.label), Text(zh: "期间", en: "period")))
      return
    }
    check(day, notBefore: occasion.range.first, of: period, &faults)
  }

  /// Nothing is assessed before it has begun.
  private func check(_ day: CivilDate, notBefore first: CivilDate, of period: String, _ faults: inout [Fault]) {
    guard day < first, !faults.contains(where: { $0.pointer == "/on" }) else { return }
    faults.append(
      .range("/on", zh: "“\(period)”自 \(first) 起，不得早于此日。", en: "“\(period)” begins on \(first); this must not be before."))
  }

  private func check(_ subject: String?, of series: ScoreSeries, _ faults: inout [Fault]) {
    switch (series.subject, subject) {
    case (.staff, nil): faults.append(.missing("/subject", zh: "须载明被评分的人员。", en: "Say who is scored."))
    case (.team, _?):
      faults.append(
        Fault(pointer: "/subject", code: "not-applicable", detail: Text(zh: "该评分针对整个团队。", en: "This score is the whole team's.")))
    default: break
    }
  }

  /// Whether an obligation's name begins with a duty or a payment of the contract.
  private func knows(obligation: String) -> Bool {
    if let payment = Obligation.payment(named: obligation) { return schedule[payment] != nil }
    let duty = Obligation.duty(named: obligation)
    return contract.revisions.contains { $0.service.duties.contains { $0.id == duty } }
  }

  private func check(payment: String, _ faults: inout [Fault]) {
    if schedule[payment] == nil { faults.append(.unknown("/payment", payment, schedule.payments.map(\.id), Text(zh: "付款", en: "payment"))) }
  }

  private func check(_ event: FactBody.Event, on day: CivilDate, _ faults: inout [Fault]) {
    switch event.name {
    case .known(let known):
      if !known.isRecorded {
        faults.append(
          Fault(
            pointer: "/event", code: "not-applicable",
            detail: Text(zh: "“\(known.name.zh)”由合同或其他记录得出。", en: "“\(known.rawValue)” follows from the contract or from other records.")))
      }
      if known.isPerPayment, event.payment == nil {
        faults.append(.missing("/payment", zh: "须载明属于哪一笔付款。", en: "Say which payment it belongs to."))
      }
      if known == .heldOver, contract.stretches.contains(where: { $0.term.contains(day) }) || day < contract.term.first {
        let (first, last) = (contract.term.first, contract.term.last)
        faults.append(.range("/on", zh: "须在服务期（\(first) 至 \(last)）之后。", en: "This must be after the term, \(first) to \(last)."))
      }
    case .declared(let id):
      let declared = contract.revisions.flatMap { $0.appraisal.events.map(\.id) }
      if !declared.contains(id) { faults.append(.unknown("/event", id, declared, Text(zh: "事件", en: "event"))) }
    }
    if let payment = event.payment {
      check(payment: payment, &faults)
      if event.name == .known(.appraisalConfirmed), let first = schedule[payment]?.period?.first {
        check(day, notBefore: first, of: payment, &faults)
      }
    }
    // Nothing of a contract lasts so long; what does would only be counted day by day for nothing.
    for (other, pointer) in [(event.until, "/until"), (event.agreed, "/agreed")]
    where other.map({ abs($0.days(since: day)) > 7305 }) ?? false {
      faults.append(.range(pointer, zh: "与 on 相距超过二十年。", en: "This is more than twenty years from on."))
    }
    check(returned: event, on: day, &faults)
    for (other, pointer) in [(event.until, "/until"), (event.agreed, "/agreed")] where other.map({ $0 < day }) ?? false {
      faults.append(.range(pointer, zh: "早于 on。", en: "This is before on."))
    }
    if event.agreed == nil, contract.revisions.contains(where: { $0.leavesAgreement(to: event.name) }) {
      faults.append(.missing("/agreed", zh: "须载明约定的日期。", en: "Say which day was agreed on."))
    }
  }

  /// What is sent back as wrong is named, by the obligation that it was handed in for.
  private func check(returned event: FactBody.Event, on day: CivilDate, _ faults: inout [Fault]) {
    let duties = contract.inForce(on: day).service.duties.filter { $0.returned?.by == event.name }
    guard !duties.isEmpty, !duties.contains(where: { duty in event.subject.map { duty.isReturned(by: event.name, naming: $0) } ?? false })
    else { return }
    let known = duties.map { "\($0.id)@…" }
    if let subject = event.subject {
      faults.append(.unknown("/subject", subject, known, Text(zh: "义务", en: "obligation")))
    } else {
      faults.append(
        .missing(
          "/subject", zh: "须载明所退回的义务：\(known.joined(separator: "、"))。",
          en: "Say which obligation is sent back: \(known.joined(separator: ", "))."))
    }
  }

  /// Who may record an event: the sides that the contract names for its own, the office for what it decides.
  package func recorders(of event: ContractEvent) -> [Party] {
    let recorder: DeclaredEvent.Recorder? =
      switch event {
      case .known(let known): known.recordedBy
      case .declared(let id): contract.revisions.lazy.compactMap { $0.appraisal.events.first { $0.id == id } }.last?.recordedBy
      }
    return switch recorder {
    case .office: [.office]
    case .vendor: [.vendor]
    case .either, nil: Party.allCases
    }
  }
}

extension Contract {
  /// That a day lies before the earliest that the papers speak of: nothing happens under the contract before it.
  func early(_ day: CivilDate) -> Fault? {
    let first = firstDay
    return day < first
      ? .range("/on", zh: "不得早于合同的首日 \(first)。", en: "This must not be before the contract's first day, \(first).") : nil
  }

  private var firstDay: CivilDate {
    revisions.flatMap { $0.terms.signing.dates.map(\.on) + [$0.terms.signing.effective] }.reduce(term.first) { min($0, $1) }
  }
}

extension ContractDocument {
  /// Whether a date agreed on with an event decides a deadline.
  fileprivate func leavesAgreement(to event: ContractEvent) -> Bool {
    let rules =
      terms.payments.compactMap(\.due) + (terms.retention.map { [$0.release] } ?? [])
      + service.duties.compactMap { if case .due(let rule) = $0.timing { rule } else { nil } }
    return rules.contains { $0.leavesAgreement(to: event) }
  }
}

extension DeadlineRule {
  fileprivate func leavesAgreement(to event: ContractEvent) -> Bool {
    switch self {
    case .agreed(let own): own == event
    case .earliest(let rules), .latest(let rules): rules.contains { $0.leavesAgreement(to: event) }
    case .on, .after, .before: false
    }
  }
}

extension Fault {
  static func missing(_ pointer: String, zh: String, en: String) -> Fault {
    Fault(pointer: pointer, code: "missing-member", detail: Text(zh: zh, en: en))
  }

  static func range(_ pointer: String, zh: String, en: String) -> Fault {
    Fault(pointer: pointer, code: "out-of-range", detail: Text(zh: zh, en: en))
  }

  static func unknown(_ pointer: String, _ name: String, _ known: [String], _ kind: Text) -> Fault {
    let hint = NearestName.hint(for: name, among: known)
    return Fault(
      pointer: pointer, code: "unknown-reference",
      detail: Text(zh: "合同没有\(kind.zh)“\(name)”。\(hint.zh)", en: "The contract has no \(kind.en) “\(name)”. \(hint.en)"))
  }
}
