// SPDX-License-Identifier: Apache-2.0
import Base

/// A contract as the chain of its papers; each governs from its date until the next one's.
package struct Contract: Sendable, Hashable {
  /// In order of effect; the first is the original and governs whatever lies before it too.
  package let revisions: [ContractDocument]

  package var id: String { revisions[0].id }
  package var original: ContractDocument { revisions[0] }
  package var latest: ContractDocument { revisions[revisions.count - 1] }

  /// Why documents are no chain.
  package enum ChainError: Error, Sendable, Hashable {
    case empty
    /// The papers bear different names.
    case mixed(String, String)
    /// No original, or more than one, or it is not the earliest.
    case badOriginal
    /// Two take effect on the same day.
    case sameDay(CivilDate)

    package var text: Text {
      switch self {
      case .empty: Text(zh: "没有合同文件。", en: "There is no contract document.")
      case .mixed(let one, let other):
        Text(zh: "文件分属合同“\(one)”与“\(other)”。", en: "The documents belong to two contracts, “\(one)” and “\(other)”.")
      case .badOriginal: Text(zh: "须有且仅有一份原合同，且生效最早。", en: "There must be one original, and it must be the earliest.")
      case .sameDay(let day): Text(zh: "两份文件同于 \(day) 生效。", en: "Two documents take effect on \(day).")
      }
    }

    /// Stable, in kebab-case.
    package var code: String {
      switch self {
      case .empty: "contract-empty"
      case .mixed: "contract-mixed"
      case .badOriginal: "contract-original"
      case .sameDay: "contract-same-day"
      }
    }
  }

  package init(_ documents: some Collection<ContractDocument>) throws(ChainError) {
    let sorted = documents.sorted { $0.revision.effectiveFrom < $1.revision.effectiveFrom }
    guard let first = sorted.first else { throw .empty }
    for (document, next) in zip(sorted, sorted.dropFirst()) {
      if document.id != next.id { throw .mixed(document.id, next.id) }
      if document.revision.effectiveFrom == next.revision.effectiveFrom { throw .sameDay(next.revision.effectiveFrom) }
    }
    guard first.revision.kind == .original, sorted.dropFirst().allSatisfy({ $0.revision.kind != .original }) else { throw .badOriginal }
    revisions = sorted
  }

  /// Which revision governs a day, as its place in `revisions`.
  package func revisionIndex(on day: CivilDate) -> Int { revisions.lastIndex { $0.revision.effectiveFrom <= day } ?? 0 }

  /// The document that governs a day.
  package func inForce(on day: CivilDate) -> ContractDocument { revisions[revisionIndex(on: day)] }

  /// From the first day of service to the last day that any paper grants.
  package var term: DateRange {
    let first = revisions.map(\.terms.term.range.first).min() ?? original.terms.term.range.first
    return DateRange(first, through: latest.terms.term.range.last) ?? original.terms.term.range
  }
}
