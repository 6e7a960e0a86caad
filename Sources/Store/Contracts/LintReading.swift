// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// What lint looks at beside a contract's papers, read in one transaction: the text, the posts' holders, the city's rules, the office's word.
package struct LintReading: Sendable {
  /// Asked for in this order.
  private let text: Query<ContractTextStore.Attached>
  private let acknowledgements: Query<Finding.Acknowledgement>
  private let packs = RulePackStore.latest()
  private let assignments: Query<StaffStore.Assignment>
  private let contract: String

  package init(of contract: String, in tenant: TenantID) {
    self.contract = contract
    text = ContractTextStore.latest(of: contract, in: tenant)
    acknowledgements = AcknowledgementStore.list(of: contract, in: tenant)
    assignments = StaffStore.assignments(in: tenant)
  }

  package var statements: [Statement] { [text.statement, acknowledgements.statement, packs.statement, assignments.statement] }

  /// Looks the contract over.
  ///
  /// - Parameters:
  ///   - results: the answers to `statements`.
  ///   - staff: who holds which post, where that is not what is stored.
  /// - Throws: `DecodingFailure`, and `StoredDocumentError` for a rule pack that this version cannot read.
  package func report(on contract: Contract, _ results: some Collection<Rows>, staff: [StaffList.Assignment]? = nil) throws -> LintReport {
    let results = Array(results)
    let attached = try results[0].decoded(by: text).first
    let packs = try RulePackStore.packs(results[2].decoded(by: packs))
    let stored = try results[3].decoded(by: assignments).map {
      StaffList.Assignment(person: $0.person, contract: $0.contract, post: $0.post, from: $0.from, to: $0.to)
    }
    let lint = Lint(contract, packs: packs, assignments: staff ?? stored, text: attached.map { ContractText($0.words) })
    return LintReport(
      contract: contract.id, textVersion: attached?.version,
      findings: Finding.review(lint.findings(), try results[1].decoded(by: acknowledgements)))
  }
}
