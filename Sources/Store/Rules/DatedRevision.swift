// SPDX-License-Identifier: Apache-2.0
import Base

/// A revision of rules that an office goes by from a day on; written once.
package protocol DatedRevision: Sendable {
  var number: Int32 { get }
  var effectiveFrom: CivilDate { get }
  var document: JSON { get }
  /// SHA-256 of the document's canonical form.
  var checksum: [UInt8] { get }
  var applied: Instant { get }
}

extension Sequence where Element: DatedRevision {
  /// Of the revisions of the same rules the one in force on a day; nil where none has taken effect.
  package func inForce(on day: CivilDate) -> Element? {
    filter { $0.effectiveFrom <= day }.max { ($0.effectiveFrom, $0.number) < ($1.effectiveFrom, $1.number) }
  }
}
