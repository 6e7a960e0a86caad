// SPDX-License-Identifier: Apache-2.0
import Base

extension Finding {
  /// An office's word that it has seen a finding and lives with it.
  package struct Acknowledgement: Sendable, Hashable {
    package let finding: String
    /// The values that were seen.
    package let seen: String
    package let reason: String
    package let by: UUIDv7
    package let at: Instant

    package init(finding: String, seen: String, reason: String, by: UUIDv7, at: Instant) {
      self.finding = finding
      self.seen = seen
      self.reason = reason
      self.by = by
      self.at = at
    }
  }

  /// A finding and what the office has said of it.
  package struct Reviewed: Sendable, Hashable {
    package let finding: Finding
    package let acknowledgement: Acknowledgement?

    /// Whether the acknowledgement was given for the values that the finding has now.
    package var isAcknowledged: Bool { acknowledgement?.seen == finding.standing }
  }

  /// Puts findings and acknowledgements together; an acknowledgement of what is not found any more is left out.
  package static func review(_ findings: [Finding], _ acknowledgements: [Acknowledgement]) -> [Reviewed] {
    let known = Dictionary(acknowledgements.map { ($0.finding, $0) }) { first, _ in first }
    return findings.map { Reviewed(finding: $0, acknowledgement: known[$0.id]) }
  }
}

extension Finding.Reviewed {
  /// The finding with the office's word on it.
  package var json: JSON {
    [
      "id": .string(finding.id), "code": .string(finding.code.rawValue), "severity": .string(finding.severity.rawValue),
      "clause": .string(finding.clause), "pointer": .string(finding.pointer),
      "effectiveFrom": finding.effectiveFrom.map { .string("\($0)") } ?? .null, "values": .array(finding.values.map(\.json)),
      "sentence": finding.sentence.json, "acknowledged": .bool(isAcknowledged),
      "acknowledgement": acknowledgement.map {
        ["reason": .string($0.reason), "by": .string("\($0.by)"), "at": .string("\($0.at)")]
      } ?? .null,
    ]
  }
}
