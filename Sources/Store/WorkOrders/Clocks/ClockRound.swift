// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

/// Looks at the clocks of an office whose time has come: tells warnings and misses, begins what recurs anew, proposes incidents.
///
/// All of it happens in the transaction that marks the clocks, which are locked meanwhile: so each is told once.
package struct ClockRound: Sendable {
  /// How many clocks are looked at in one transaction.
  private static let batch: Int32 = 500

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

  /// - Returns: how many clocks were looked at.
  package func perform(by transaction: Transaction) async throws -> Int {
    let office = try await keeper.clocks(of: tenant, by: transaction)
    let due = try ClockStore.due(await transaction.rows(ClockStore.due(at: now, limit: Self.batch, in: tenant)), office)
    guard !due.isEmpty else { return 0 }
    var ticks: [(order: UUIDv7, tick: ClockTick)] = []
    var told: [ClockStore.Told] = []
    var renewed: [ClockStore.New] = []
    var proposals: [IncidentStore.SystemProposal] = []
    for one in due {
      let row = one.row
      let tick = try ClockTick(row.clock, warned: row.warned != nil, missed: row.missed != nil, at: now, office.reckoner)
      ticks.append((row.order, tick))
      if tick.warns { told.append(notice(ClockStore.Told.warned, tick.clock, one)) }
      if tick.misses {
        told.append(notice(ClockStore.Told.missed, tick.clock, one))
        if let proposal = proposal(tick.clock, one, office) { proposals.append(proposal) }
      }
      if let next = tick.renewed { renewed.append(ClockStore.New(order: row.order, clock: next, facts: nil, now: now)) }
    }
    var statements = [ClockStore.put(ticks, at: now, in: tenant)]
    if !renewed.isEmpty { statements.append(ClockStore.renew(renewed, in: tenant)) }
    if !told.isEmpty { statements += ClockStore.tell(told, at: now, in: tenant) }
    if !proposals.isEmpty { statements.append(IncidentStore.propose(proposals, at: now, in: tenant)) }
    _ = try await transaction.rows(statements)
    return due.count
  }

  private func notice(_ what: String, _ clock: OrderClock, _ due: ClockStore.Due) -> ClockStore.Told {
    ClockStore.Told(
      id: identity(now), what: what, order: due.row.order, owner: clock.rule.owner, contract: due.contract, department: due.department,
      data: clock.notice(of: due.number, at: due.department))
  }

  private func proposal(_ clock: OrderClock, _ due: ClockStore.Due, _ office: OfficeClocks) -> IncidentStore.SystemProposal? {
    due.isExcluded ? nil : office.proposal(ofMissed: clock, of: due.row.order, seat: due.seat, id: identity(now), at: now)
  }
}

extension OrderClock {
  /// The last day on which it is in time.
  var lastDay: CivilDate? { deadline.flatMap { Instant(microseconds: $0.outside.microseconds - 1)?.date } }
}
