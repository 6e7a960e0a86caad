// SPDX-License-Identifier: Apache-2.0
import Base

/// Judges whether a fact can be recorded under a contract, before it is.
package struct FactCheck: Sendable {
  /// How far an incident has come: what the office decides may still be open in a proposal.
  package enum Stage: String, Sendable, Hashable, CaseIterable { case proposed, confirmed }

  private let contract: Contract
  private let schedule: Schedule
  private let fees: FeeBook

  /// - Parameters:
  ///   - life: what is on record about an early end or service after expiry; it decides which payments there are.
  package init(_ contract: Contract, packs: RulePacks, life: ServiceLife) throws(ScheduleError) {
    self.contract = contract
    schedule = try Schedule(contract, packs: packs, life: life)
    fees = FeeBook(contract)
  }

  /// Everything that speaks against a fact; pointers are into its JSON.
  package func faults(in content: FactContent, stage: Stage = .confirmed) -> [Fault] {
    var faults: [Fault] = []
    let document = contract.inForce(on: content.on)
    switch content.body {
    case .incident(let incident): check(incident, document, stage, &faults)
    case .grade(let id, let period, let grade):
      guard let series = document.appraisal.grades.first(where: { $0.id == id }) else {
        faults.append(.unknown("/series", id, document.appraisal.grades.map(\.id), Text(zh: "等次", en: "grade series")))
        break
      }
      check(period, of: series.pace, &faults)
      if !series.scale.contains(where: { $0.grade == grade }) {
        faults.append(.unknown("/grade", grade, series.scale.map(\.grade), Text(zh: "等次", en: "grade")))
      }
    case .score(let id, let period, let subject, let value):
      guard let series = document.appraisal.scores.first(where: { $0.id == id }) else {
        faults.append(.unknown("/series", id, document.appraisal.scores.map(\.id), Text(zh: "评分", en: "score series")))
        break
      }
      check(period, of: series.pace, &faults)
      check(subject, of: series, &faults)
      let full = series.sheet.flatMap { sheet in document.appraisal.sheets.first { $0.id == sheet } }?.full
      if value < .zero || full.map({ value > $0 }) ?? false {
        let most = full.map { Words.number($0) }
        faults.append(
          .range("/value", zh: "须为 0\(most.map { " 至 \($0)" } ?? " 以上")。", en: "This must be \(most.map { "from 0 to \($0)" } ?? "0 or more")."))
      }
    case .event(let event): check(event, on: content.on, &faults)
    case .invoice(let payment, _), .payment(let payment, _): check(payment: payment, &faults)
    case .audited:
      if contract.revisions.allSatisfy({ $0.terms.audit == nil }) {
        faults.append(
          Fault(pointer: "/kind", code: "not-applicable", detail: Text(zh: "合同没有审计定价条款。", en: "No clause lets an audit decide the price.")))
      }
    }
    return faults
  }

  // MARK: incidents

  private func check(_ incident: FactBody.Incident, _ document: ContractDocument, _ stage: Stage, _ faults: inout [Fault]) {
    guard let kind = document.appraisal.incidents.first(where: { $0.id == incident.kind }) else {
      faults.append(.unknown("/incident", incident.kind, document.appraisal.incidents.map(\.id), Text(zh: "情形", en: "incident")))
      return
    }
    if kind.subject == .staff, incident.subject == nil, kind.points != nil {
      faults.append(.missing("/subject", zh: "须载明人员。", en: "This incident is about a person; say whom."))
    }
    let rules = document.appraisal.consequences.filter { $0.measure.incidentKinds.contains(kind.id) }
    let needsParty = rules.contains { rule in
      switch rule.effect {
      case .pays(let charge): charge.owedBy == .breaching
      case .gives(let right): right.holder == .counterparty
      }
    }
    if needsParty, incident.by == nil { faults.append(.missing("/by", zh: "须载明违约方。", en: "Say which side is in breach.")) }
    checkPoints(incident, kind, stage, &faults)
    checkAmount(incident, rules, document, stage, &faults)
  }

  private func checkPoints(_ incident: FactBody.Incident, _ kind: IncidentKind, _ stage: Stage, _ faults: inout [Fault]) {
    guard let points = incident.points else {
      if kind.points?.upTo != nil, stage == .confirmed {
        faults.append(.missing("/points", zh: "须由甲方确定扣分。", en: "The points are for the office to set."))
      }
      return
    }
    guard let allowed = kind.points else {
      faults.append(Fault(pointer: "/points", code: "not-applicable", detail: Text(zh: "该情形不扣分。", en: "This incident takes no points.")))
      return
    }
    let most = allowed.upTo ?? allowed.take
    if points < allowed.take || points > most {
      faults.append(
        .range(
          "/points", zh: "须为 \(Words.number(allowed.take))\(allowed.upTo == nil ? "" : " 至 \(Words.number(most))") 分。",
          en: "This must be \(allowed.upTo == nil ? "" : "from ")\(Words.number(allowed.take))\(allowed.upTo == nil ? "" : " to \(Words.number(most))") points."))
    }
  }

  /// An amount is asked for where a rule leaves it to somebody or takes it as what is at stake, and stays within the rule's range.
  private func checkAmount(
    _ incident: FactBody.Incident, _ rules: [Consequence], _ document: ContractDocument, _ stage: Stage, _ faults: inout [Fault]
  ) {
    var isUsed = false
    for rule in rules {
      if case .amounts = rule.measure { isUsed = true }
      guard let charge = rule.charge, case .range(let from, let to, _) = charge.tariff else { continue }
      isUsed = true
      guard let amount = incident.amount else { continue }
      let revision = contract.revisions.firstIndex { $0.revision == document.revision } ?? 0
      let context = PriceContext(revision: revision, periodFee: .zero, paid: .zero, unserved: nil)
      let count = Rational(incident.quantity)
      // Bounds that depend on what is not known when an incident is recorded are kept by the settlement.
      let least = from.isOfContract ? (try? fees.price(from, of: nil, in: context)).flatMap { $0 }.flatMap { try? $0.amount * count } : nil
      let most = to.flatMap { $0.isOfContract ? try? fees.price($0, of: nil, in: context) : nil }.flatMap { $0 }.flatMap { try? $0.amount * count }
      if least.map({ ExactAmount(amount) < $0 }) ?? false || most.map({ ExactAmount(amount) > $0 }) ?? false {
        let ends = (least.map(Words.figures) ?? "…", most.map(Words.figures))
        faults.append(
          .range(
            "/amount", zh: "按条款 \(rule.citation.clause)，须为 \(ends.0) 元\(ends.1.map { "至 \($0) 元" } ?? "以上")。",
            en: "By clause \(rule.citation.clause) this must be \(ends.1.map { "from \(ends.0) to \($0) yuan" } ?? "at least \(ends.0) yuan")."))
      }
    }
    if isUsed, incident.amount == nil, stage == .confirmed { faults.append(.missing("/amount", zh: "须载明金额。", en: "This incident needs an amount.")) }
    if !isUsed, incident.amount != nil {
      faults.append(Fault(pointer: "/amount", code: "not-applicable", detail: Text(zh: "合同已定该情形的金额。", en: "The contract fixes the amount of this incident.")))
    }
  }

  // MARK: periods, payments, events

  private func check(_ period: String, of pace: SeriesPace, _ faults: inout [Fault]) {
    let known: [String]
    switch pace {
    case .period: known = schedule.payments.filter { if case .release = $0.source { false } else { true } }.map(\.id)
    case .month:
      // The months of each payment's period; a contract that is paid by instalments has those of its term.
      let periods = schedule.payments.compactMap(\.period)
      known = (periods.isEmpty ? [contract.term] : periods).flatMap {
        TermMonth.months(in: $0, anchor: contract.term.first, alignment: contract.monthAlignment)
      }.map(\.label)
    }
    if !known.contains(period) { faults.append(.unknown("/period", period, known, Text(zh: "期间", en: "period"))) }
  }

  private func check(_ subject: String?, of series: ScoreSeries, _ faults: inout [Fault]) {
    switch (series.subject, subject) {
    case (.staff, nil): faults.append(.missing("/subject", zh: "须载明被评分的人员。", en: "Say who is scored."))
    case (.team, _?):
      faults.append(Fault(pointer: "/subject", code: "not-applicable", detail: Text(zh: "该评分针对整个团队。", en: "This score is the whole team's.")))
    default: break
    }
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
      if known.isPerPayment, event.payment == nil { faults.append(.missing("/payment", zh: "须载明属于哪一笔付款。", en: "Say which payment it belongs to.")) }
      if known == .heldOver, day <= contract.term.last {
        faults.append(.range("/on", zh: "须在服务期之后。", en: "This must be after the term."))
      }
    case .declared(let id):
      let declared = contract.revisions.flatMap { $0.appraisal.events.map(\.id) }
      if !declared.contains(id) { faults.append(.unknown("/event", id, declared, Text(zh: "事件", en: "event"))) }
    }
    if let payment = event.payment { check(payment: payment, &faults) }
    if let until = event.until, until < day { faults.append(.range("/until", zh: "早于 on。", en: "This is before on.")) }
    if event.agreed == nil, contract.revisions.contains(where: { $0.leavesAgreement(to: event.name) }) {
      faults.append(.missing("/agreed", zh: "须载明约定的日期。", en: "Say which day was agreed on."))
    }
  }

  /// Who may record an event: the sides that the contract names, both for a known one.
  package func recorders(of event: ContractEvent) -> [Party] {
    guard case .declared(let id) = event else { return Party.allCases }
    switch contract.revisions.lazy.compactMap({ $0.appraisal.events.first { $0.id == id } }).last?.recordedBy {
    case .office: return [.office]
    case .vendor: return [.vendor]
    case .either, nil: return Party.allCases
    }
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

extension Amount {
  /// Whether the papers alone say how much it is.
  fileprivate var isOfContract: Bool {
    switch self {
    case .fixed, .share(_, of: .total), .share(_, of: .annualFee), .share(_, of: .monthFee): true
    case .share: false
    }
  }
}

extension Fault {
  fileprivate static func missing(_ pointer: String, zh: String, en: String) -> Fault {
    Fault(pointer: pointer, code: "missing-member", detail: Text(zh: zh, en: en))
  }

  fileprivate static func range(_ pointer: String, zh: String, en: String) -> Fault {
    Fault(pointer: pointer, code: "out-of-range", detail: Text(zh: zh, en: en))
  }

  fileprivate static func unknown(_ pointer: String, _ name: String, _ known: [String], _ kind: Text) -> Fault {
    let list = known.prefix(40).joined(separator: ", ")
    return Fault(
      pointer: pointer, code: "unknown-reference",
      detail: Text(zh: "合同没有\(kind.zh)“\(name)”；可用：\(list)。", en: "The contract has no \(kind.en) “\(name)”; known: \(list)."))
  }
}
