// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Has PostgreSQL decide on orders by the office's tables; the statements run in the office's context, beside what follows from them.
package enum DecisionStore {
  private static let decide: SQL = "SELECT decisions FROM decide($1, $2, $3, $4) ORDER BY place"

  /// What the tables in force on a day decide on orders given by their documents: one row for each, in their order.
  ///
  /// What is decided first is seen by what is decided next: classification, urgency, special cases, exclusion, dispatch.
  package static func decisions(
    _ purposes: [RuleTable.Purpose], on documents: [[UInt8]], day: CivilDate, in tenant: TenantID
  ) -> Query<RuleDecisions> {
    Query(
      decide,
      [.int4(tenant.number), .textArray(purposes.map(\.rawValue)), .jsonbArray(documents), .civilDate(day)],
      decode: { row throws(DecodingFailure) in
        guard let decisions = RuleDecisions(try row.json(0)) else { throw .value(column: 0) }
        return decisions
      })
  }
}
