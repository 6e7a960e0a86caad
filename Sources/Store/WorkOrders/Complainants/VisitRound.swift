// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Looks at the plans of visits of an office whose time has come, and tells both sides what is due and what was missed.
///
/// It happens in the transaction that marks the plans, which are locked meanwhile: so each is told once.
package struct VisitRound: Sendable {
  /// How many plans are looked at in one transaction.
  private static let batch: Int32 = 200

  private let tenant: TenantID
  private let now: Instant
  private let keeper: ClockKeeper
  private let identity: @Sendable (Instant) -> UUIDv7

  /// - Parameter identity: makes identifiers.
  package init(in tenant: TenantID, at now: Instant, _ keeper: ClockKeeper, identity: @escaping @Sendable (Instant) -> UUIDv7) {
    self.tenant = tenant
    self.now = now
    self.keeper = keeper
    self.identity = identity
  }

  /// - Returns: how many plans were looked at.
  package func perform(by transaction: Transaction) async throws -> Int {
    let office = try await keeper.clocks(of: tenant, by: transaction)
    let due = try await transaction.query(ComplainantStore.due(at: now, limit: Self.batch, in: tenant))
    guard !due.isEmpty else { return 0 }
    var plans: [(id: UUIDv7, plan: VisitPlan)] = []
    var notices: [NoticeStore.New] = []
    for one in due {
      let (plan, notice) = try one.plan.tick(at: now, under: office.complainants, office.reckoner.calendar)
      plans.append((one.id, plan))
      guard let notice else { continue }
      var data: JSONObject = ["every": plan.every.json]
      data["due"] = plan.due.map { .string("\($0)") }
      notices.append(NoticeStore.New(id: identity(now), kind: notice.rawValue, subject: "\(one.id)", data: .object(data)))
    }
    var statements = [ComplainantStore.put(plans, in: tenant)]
    if !notices.isEmpty {
      statements.append(
        NoticeStore.add(notices, about: "key-complainant", of: nil, to: .both, needing: .complainantRead, at: now, in: tenant))
    }
    _ = try await transaction.rows(statements)
    return due.count
  }
}
