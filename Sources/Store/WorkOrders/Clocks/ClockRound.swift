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
      if tick.warns { told.append(notice("clock.warned", tick.clock, one)) }
      if tick.misses {
        told.append(notice("clock.missed", tick.clock, one))
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

  private func notice(_ kind: String, _ clock: OrderClock, _ due: ClockStore.Due) -> ClockStore.Told {
    var data: JSONObject = [
      "externalNumber": .string(due.number), "rule": .string(clock.rule.id), "number": .integer(Int64(clock.number)),
      "document": .string(clock.rule.source.code), "owner": .string(clock.rule.owner.rawValue),
    ]
    data["due"] = clock.deadline.map { .string("\($0.due)") }
    data["department"] = due.department.map { .string($0) }
    return ClockStore.Told(
      id: identity(now), what: kind, order: due.row.order, owner: clock.rule.owner, contract: due.contract, department: due.department,
      data: .object(data))
  }

  /// The incident that a miss proposes: where it is the vendor's and lies in the time for which the contract provides.
  private func proposal(_ clock: OrderClock, _ due: ClockStore.Due, _ office: OfficeClocks) -> IncidentStore.SystemProposal? {
    let rule = clock.rule
    guard rule.owner == .vendor, !due.isExcluded, let miss = rule.miss, rule.source.kind == .contract, let moment = clock.deadline?.due,
      let day = clock.lastDay, office.covers(day, rule.source.code),
      let kind = office.paper(of: rule.source.code, on: day)?.document.appraisal.incidents.first(where: { $0.id == miss })
    else { return nil }
    let text = ClockExplanation(of: clock, office.reckoner, at: now).text
    let start = String(clock.started.microseconds, radix: 36)
    return IncidentStore.SystemProposal(
      id: identity(now), contract: rule.source.code, kind: kind,
      occurred: clock.limit.span.isOfMoments ? moment : Instant(microseconds: moment.microseconds - 1) ?? moment,
      order: due.row.order, seat: due.seat, description: text.zh + "\n" + text.en,
      evidence: [
        ["kind": "workOrder", "reference": .string("\(due.row.order)")],
        ["kind": "clock", "reference": .string("\(rule.id)/\(clock.number)"), "note": .string("\(rule.citation.clause)")],
      ], source: .clock, number: "\(due.row.order)/\(rule.id.prefix(40))/\(start)/\(clock.number)")
  }
}

extension OrderClock {
  /// The last day on which it is in time.
  var lastDay: CivilDate? { deadline.flatMap { Instant(microseconds: $0.outside.microseconds - 1)?.date } }
}
