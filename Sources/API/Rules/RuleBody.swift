// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Store

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

  /// A table to be tried on past orders.
  struct Trial: Sendable {
    let table: RuleTable
    /// The days on which the orders came in; nil: the year up to now.
    let from: CivilDate?
    let to: CivilDate?
    let limit: Int32
    let after: UUIDv7?

    /// - Parameter needed: what the predicates ask of an order.
    func scope(needed: [String], at now: Instant) throws -> SimulationStore.Scope {
      let last = to ?? now.date
      guard let first = try? from ?? last.adding(days: -365), let end = try? last.adding(days: 1), first <= last else {
        throw Problem(
          Faults([Fault(pointer: "/to", code: "out-of-range", detail: Text(zh: "不得早于 from。", en: "This must not be before from."))]))
      }
      return SimulationStore.Scope(from: Instant(first), to: Instant(end), needed: needed)
    }
  }

  static let trial: Shape<Trial> = .object(
    "ruleTrial", about: Text(zh: "拟用的决策表，及用以试行的既往工单。", en: "A decision table as it might be, and the past orders to try it on."),
    Field("table", RuleTable.fileShape), Field(optional: "from", .date), Field(optional: "to", .date),
    Field("limit", .integer(1...500), default: 20), Field(optional: "after", .uuid)
  ) { Trial(table: $0, from: $1, to: $2, limit: $3, after: $4) }
}
