// SPDX-License-Identifier: Apache-2.0
import Base

/// Looks a contract over: its papers by themselves, against each other's dates and sums, and against its own words where they are attached.
package struct Lint: Sendable {
  let contract: Contract
  let packs: RulePacks
  let assignments: [StaffList.Assignment]
  let text: ContractText?

  /// - Parameters:
  ///   - packs: for plans that are paid by evaluation cycles.
  ///   - assignments: who holds which post, those of other contracts too.
  ///   - text: the contract's own words; they are the original's.
  package init(_ contract: Contract, packs: RulePacks, assignments: [StaffList.Assignment], text: ContractText?) {
    self.contract = contract
    self.packs = packs
    self.assignments = assignments.filter { $0.contract == contract.id }
    self.text = text
  }

  /// Everything that was found, paper by paper, each thing once.
  package func findings() -> [Finding] {
    var findings: [Finding] = []
    for (index, document) in contract.revisions.enumerated() {
      let paper = PaperLint(document: document, revision: index, lint: self)
      var found = paper.findings()
      if index == 0, let text { found += TextLint(text: text, paper: paper, known: found).findings() }
      for var finding in found where !findings.contains(where: { index > 0 && $0.isSame(finding) }) {
        finding.effectiveFrom = document.revision.effectiveFrom
        findings.append(finding)
      }
    }
    return Self.named(findings)
  }

  /// Gives every finding its name: the code, and a digest of where it was found.
  private static func named(_ findings: [Finding]) -> [Finding] {
    var seen: [String: Int] = [:]
    return findings.map { finding in
      var named = finding
      let place = "\(finding.effectiveFrom.map { "\($0)" } ?? "")|\(finding.subject)"
      let id = "\(finding.code.rawValue)-\(digest(place))"
      let count = seen[id, default: 0] + 1
      seen[id] = count
      named.id = count == 1 ? id : "\(id)-\(count)"
      return named
    }
  }

  /// FNV-1a, in hexadecimal: it names, it protects nothing.
  private static func digest(_ text: String) -> String {
    let hash = text.utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

extension Finding {
  /// Whether a later paper repeats what an earlier one has: the same thing at the same place.
  fileprivate func isSame(_ other: Finding) -> Bool {
    code == other.code && subject == other.subject && values == other.values && clause == other.clause
  }
}

/// One paper being looked over.
struct PaperLint {
  let document: ContractDocument
  /// The paper's place in the chain.
  let revision: Int
  let lint: Lint

  var terms: ContractDocument.Terms { document.terms }
  var appraisal: ContractDocument.Appraisal { document.appraisal }
  var service: ContractDocument.Service { document.service }

  func findings() -> [Finding] {
    printedAmounts() + missedShares() + monthlyFigures() + plan() + dueDates() + dates() + parties() + numbering() + references()
      + annexes()
      + forms() + scales() + doublePricing() + bounds() + caps() + rewards() + duties() + levels() + posts() + readings()
  }

  /// What an amount of the document comes to; `nil` where its basis is not known before something happens.
  func money(_ amount: Amount) -> ExactAmount? {
    switch amount {
    case .fixed(let fen): return ExactAmount(fen)
    case .share(let share, .total): return try? terms.total.amount * share
    case .share(let share, .monthFee): return FeeBook(lint.contract).month(revision).flatMap { try? $0 * share.value }
    case .share(let share, .annualFee): return FeeBook(lint.contract).year(revision).flatMap { try? $0 * share.value }
    case .share: return nil
    }
  }
}

extension Words {
  /// A date as a value that is shown.
  static func day(_ date: CivilDate) -> Text { both("\(date)") }

  static func days(_ dates: some Sequence<CivilDate>) -> Text { list(dates.map(day)) }
}
