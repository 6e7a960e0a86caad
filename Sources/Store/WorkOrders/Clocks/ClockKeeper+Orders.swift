// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres

extension ClockKeeper {
  /// What an entry of an order's history changes beside the order itself: its clocks, and what the platform proposes because of it.
  ///
  /// - Parameters:
  ///   - before: the order before the entry; nil for its intake.
  ///   - after: the order after it.
  ///   - identity: makes identifiers.
  /// - Returns: statements for the entry's transaction.
  /// - Throws: as ``clocks(of:on:)``.
  package func statements(
    for entry: OrderEntry, from before: WorkOrder?, to after: WorkOrder, in tenant: TenantID, on lanes: Lanes,
    identity: (Instant) -> UUIDv7
  ) async throws -> [Statement] {
    let step = Step(entry, from: before, to: after)
    var statements =
      before == nil
      ? try await self.statements(forIntake: [step], in: tenant, on: lanes) : try await self.statements(for: step, in: tenant, on: lanes)
    if let before {
      statements += try await findings(entry, before, after, in: tenant, on: lanes, identity)
    }
    return statements
  }

  /// A zero-score order 零分工单 proposes an incident where the contract speaks of one; it is withdrawn where a later callback knows better,
  /// and where the order is excluded from the appraisal nothing of it is left proposed.
  private func findings(
    _ entry: OrderEntry, _ before: WorkOrder, _ after: WorkOrder, in tenant: TenantID, on lanes: Lanes, _ identity: (Instant) -> UUIDv7
  ) async throws -> [Statement] {
    if before.exclusion != .granted, after.exclusion == .granted {
      return [
        IncidentStore.withdraw(
          [.clock, .zeroScore], of: [after.id], because: "不纳入考核。 Excluded from the appraisal.", at: entry.at, in: tenant)
      ]
    }
    switch (before.isZeroScore, after.isZeroScore) {
    case (true, false):
      return [
        IncidentStore.withdraw([.zeroScore], of: [after.id], because: "不再是零分工单。 No zero-score order any more.", at: entry.at, in: tenant)
      ]
    case (false, true) where after.exclusion != .granted:
      guard let contract = after.contract else { return [] }
      let office = try await clocks(of: tenant, on: lanes)
      let proposals = office.proposals(ofZeroScore: after, by: entry, under: contract, identity: identity)
      return proposals.isEmpty ? [] : [IncidentStore.propose(proposals, at: entry.at, in: tenant)]
    default: return []
    }
  }
}

extension ClockKeeper.Step {
  package init(_ entry: OrderEntry, from before: WorkOrder?, to after: WorkOrder) {
    let reported: Instant? = if case .received = entry.move { after.reportedAt } else { nil }
    let step = ClockStep(
      entry.move.step.event, at: entry.at, reported: reported, grade: after.grade, before: before?.waits ?? [], after: after.waits,
      isOpen: after.stage.isOpen)
    self.init(order: after.id, contract: after.contract, step: step) { after.predicateDocument }
  }
}

extension WorkOrder {
  /// The order as the predicates of levels see it, without its text and its repeats.
  package var predicateDocument: [UInt8] {
    var writer = JSONWriter(capacity: 512)
    writer.value(document(content: "", repeatCount: 0))
    return writer.bytes
  }
}
