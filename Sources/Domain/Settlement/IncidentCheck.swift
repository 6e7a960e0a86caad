// SPDX-License-Identifier: Apache-2.0
import Base

/// Judges whether an incident can be recorded under a contract; the papers alone say it, whatever else is on record.
package struct IncidentCheck: Sendable {
  /// How far an incident has come: what the office decides may still be open in a proposal.
  package enum Stage: String, Sendable, Hashable, CaseIterable { case proposed, confirmed }

  let contract: Contract
  private let fees: FeeBook

  package init(_ contract: Contract) {
    self.contract = contract
    fees = FeeBook(contract)
  }

  /// Everything that speaks against an incident of a day; pointers are into the JSON of its fact.
  package func faults(in incident: FactBody.Incident, on day: CivilDate, _ stage: Stage) -> [Fault] {
    let document = contract.inForce(on: day)
    guard let kind = document.appraisal.incidents.first(where: { $0.id == incident.kind }) else {
      return [.unknown("/incident", incident.kind, document.appraisal.incidents.map(\.id), Text(zh: "情形", en: "incident"))]
    }
    var faults: [Fault] = []
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
    return faults
  }

  /// Whether the papers leave an amount or points of an incident to somebody, so that they cannot be computed.
  package func leavesOpen(_ incident: FactBody.Incident, on day: CivilDate) -> Bool {
    let appraisal = contract.inForce(on: day).appraisal
    if appraisal.incidents.first(where: { $0.id == incident.kind })?.points?.upTo != nil { return true }
    return appraisal.consequences.contains { rule in
      guard rule.measure.incidentKinds.contains(incident.kind) else { return false }
      if case .amounts = rule.measure { return true }
      if case .range? = rule.charge?.tariff { return true }
      return false
    }
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
          en:
            "This must be \(allowed.upTo == nil ? "" : "from ")\(Words.number(allowed.take))\(allowed.upTo == nil ? "" : " to \(Words.number(most))") points."
        ))
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
      let most = to.flatMap { $0.isOfContract ? try? fees.price($0, of: nil, in: context) : nil }.flatMap { $0 }.flatMap {
        try? $0.amount * count
      }
      if least.map({ ExactAmount(amount) < $0 }) ?? false || most.map({ ExactAmount(amount) > $0 }) ?? false {
        // What can be written of it in fen.
        let ends = (least.flatMap { try? (-$0).flooredFen().negated().grouped } ?? "…", most.flatMap { try? $0.flooredFen().grouped })
        faults.append(
          .range(
            "/amount", zh: "按条款 \(rule.citation.clause)，须为 \(ends.0) 元\(ends.1.map { "至 \($0) 元" } ?? "以上")。",
            en:
              "By clause \(rule.citation.clause) this must be \(ends.1.map { "from \(ends.0) to \($0) yuan" } ?? "at least \(ends.0) yuan")."
          ))
      }
    }
    if isUsed, incident.amount == nil, stage == .confirmed {
      faults.append(.missing("/amount", zh: "须载明金额。", en: "This incident needs an amount."))
    }
    if !isUsed, incident.amount != nil {
      faults.append(
        Fault(
          pointer: "/amount", code: "not-applicable", detail: Text(zh: "合同已定该情形的金额。", en: "The contract fixes the amount of this incident.")
        ))
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
