// SPDX-License-Identifier: Apache-2.0
import Base

/// Something that happened under a contract and that one of its money rules speaks of; it costs nothing before the office confirms it.
package enum Incident {
  /// Where an incident stands on its way to money.
  package enum State: String, Sendable, CaseIterable {
    case proposed
    /// It counts: a fact of its name is on record.
    case confirmed
    case rejected
    /// Confirmed, and the vendor says that it was not so; it counts until that is decided.
    case disputed
    /// Confirmed once, and taken back: its fact is voided.
    case reversed
  }

  /// Who may have proposed one.
  package enum Proposer: String, Sendable, CaseIterable {
    case office
    case vendor
    /// Found by the platform: a missed clock, a zero-score order.
    case system
  }

  /// What somebody says has happened.
  package struct Proposal: Sendable, Equatable {
    package let contract: String
    package let occurredAt: Instant
    /// What it is in the contract's terms; what the office decides (an amount, points) may still be open.
    package let incident: FactBody.Incident
    package let description: String
    package let evidence: [JSON]
    /// Why this amount or these points, where the rule leaves them open.
    package let reason: String?
    package let source: String
    package let externalNumber: String?

    package init(
      contract: String, occurredAt: Instant, incident: FactBody.Incident, description: String, evidence: [JSON], reason: String? = nil,
      source: String, externalNumber: String?
    ) {
      self.contract = contract
      self.occurredAt = occurredAt
      self.incident = incident
      self.description = description
      self.evidence = evidence
      self.reason = reason
      self.source = source
      self.externalNumber = externalNumber
    }
  }
}

extension Schedule {
  /// The payment whose statement takes an incident in.
  ///
  /// That is the payment that its day belongs to; where all that the incident costs is kept to the end of the term, the last one.
  ///
  /// - Returns: nil where the plan has no payment for that day.
  package func payment(taking incident: FactBody.Incident, on day: CivilDate, under contract: Contract) -> ScheduledPayment? {
    guard let own = payments.first(where: { $0.window?.contains(day) ?? false }) else { return nil }
    let appraisal = contract.inForce(on: day).appraisal
    let series = appraisal.incidents.first { $0.id == incident.kind }?.points?.series
    return payment(
      for: appraisal.consequences.filter {
        $0.measure.incidentKinds.contains(incident.kind) || (series != nil && $0.measure.scoreSeries == series)
      }, of: own, under: contract)
  }

  /// The payment whose statement takes in a score or a grade of a period.
  ///
  /// - Returns: nil where the plan has no such period.
  package func payment(taking fact: FactBody, under contract: Contract) -> ScheduledPayment? {
    let (series, period): (String, String)
    switch fact {
    case .score(let name, let label, _, _), .grade(let name, let label, _): (series, period) = (name, label)
    default: return nil
    }
    guard let (own, days) = occasion(period, of: contract) else { return nil }
    return payment(
      for: contract.inForce(on: days.range.last).appraisal.consequences.filter {
        $0.measure.scoreSeries == series || $0.measure.gradeSeries == series
      }, of: own, under: contract)
  }

  /// The payment that takes in what belongs to one: the last of its stretch where all that rules charge for it is kept until then.
  private func payment(for rules: [Consequence], of own: ScheduledPayment, under contract: Contract) -> ScheduledPayment {
    let charges = rules.compactMap(\.charge)
    guard !charges.isEmpty, charges.allSatisfy({ $0.destination == .lastPayment }) else { return own }
    return payments(besides: own, of: contract).last { $0.isLast } ?? own
  }
}

extension Measure {
  fileprivate var gradeSeries: String? { if case .grade(let series) = self { series } else { nil } }
}

extension Incident.Proposer {
  package var name: Text {
    switch self {
    case .office: Party.office.name
    case .vendor: Party.vendor.name
    case .system: Text(zh: "系统", en: "the system")
    }
  }
}
