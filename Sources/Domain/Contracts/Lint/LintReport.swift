// SPDX-License-Identifier: Apache-2.0
import Base

/// All that was found in a contract, with the office's word on it.
package struct LintReport: Sendable, Hashable {
  package let contract: String
  /// Which text was looked over too; nil where none is attached.
  package let textVersion: Int32?
  package let findings: [Finding.Reviewed]

  package init(contract: String, textVersion: Int32?, findings: [Finding.Reviewed]) {
    self.contract = contract
    self.textVersion = textVersion
    self.findings = findings
  }

  package var errors: [Finding] { findings.map(\.finding).filter { $0.severity == .error } }
  /// What nobody has acknowledged, errors first.
  package var open: [Finding] {
    let open = findings.filter { !$0.isAcknowledged }.map(\.finding)
    return open.filter { $0.severity == .error } + open.filter { $0.severity == .warning }
  }

  package var json: JSON {
    [
      "contract": .string(contract), "textVersion": textVersion.map { .integer($0) } ?? .null, "errors": .integer(errors.count),
      "open": .integer(open.count), "acknowledged": .integer(findings.count - open.count), "items": .array(findings.map(\.json)),
    ]
  }
}
