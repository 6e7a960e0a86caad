// SPDX-License-Identifier: Apache-2.0
import Base
import Domain

/// The bodies of requests about decision tables.
enum RuleBody {
  struct Revision: Sendable {
    /// Nil: today.
    let effectiveFrom: CivilDate?
    let table: Written
  }

  /// A table, and the JSON it was read from.
  struct Written: Sendable {
    let table: RuleTable
    let json: JSON
  }

  /// The table both as what it means and as it is written: the latter is stored.
  static let written: Shape<Written> = RuleTable.fileShape.map(withJSON: { Written(table: $0, json: $1) })

  static let revision: Shape<Revision> = .object(
    "ruleRevision", about: Text(zh: "整张决策表，自某日起生效。", en: "A whole decision table, in force from a day on."),
    Field(optional: "effectiveFrom", .date), Field("table", written)
  ) { Revision(effectiveFrom: $0, table: $1) }

  /// A table that is only looked at.
  static let proposal: Shape<Written> = .object(
    "ruleProposal", about: Text(zh: "拟用的决策表。", en: "A decision table as it might be."), Field("table", written)
  ) { $0 }
}
