// SPDX-License-Identifier: Apache-2.0
import Base

/// Something that happened under a contract and that one of its money rules speaks of; it costs nothing before the office confirms it.
package enum Incident {
  /// Where an incident stands on its way to money.
  package enum State: String, Sendable, CaseIterable {
    case proposed
    case confirmed
    case rejected
  }

  /// Who may have proposed one.
  package enum Proposer: String, Sendable, CaseIterable {
    case office
    case vendor
    /// A missed clock, found by the platform.
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
    package let source: String
    package let externalNumber: String?

    package init(
      contract: String, occurredAt: Instant, incident: FactBody.Incident, description: String, evidence: [JSON], source: String,
      externalNumber: String?
    ) {
      self.contract = contract
      self.occurredAt = occurredAt
      self.incident = incident
      self.description = description
      self.evidence = evidence
      self.source = source
      self.externalNumber = externalNumber
    }
  }

  /// Why somebody may not decide an incident; nil when they may.
  ///
  /// The office decides, never the vendor; and never the person who proposed it (`docs/architecture.md`, "Access").
  package static func refusal(toDecideBy user: UUIDv7, side: Side, proposedBy proposer: UUIDv7?) -> Text? {
    if side != .office {
      return Text(zh: "违约事项由甲方确认，乙方不得自行决定。", en: "The office decides incidents; the vendor does not.")
    }
    if user == proposer {
      return Text(zh: "提出人不得确认或驳回自己提出的事项。", en: "Whoever proposed an incident does not decide it.")
    }
    return nil
  }
}
