// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Synchronization

/// Keeps what the clocks of each office go by, and says which statements a step of an order adds to its transaction.
///
/// What is kept is asked for again once a second: a paper, a calendar or hours that were applied count from then on.
package final class ClockKeeper: Sendable {
  private struct Kept {
    let clocks: OfficeClocks
    let stamp: [UInt8]
    var checked: ContinuousClock.Instant
  }

  /// How many offices are kept before all are dropped.
  private static let bound = 2_000
  private static let freshness = Duration.seconds(1)

  private let kept = Mutex<[TenantID: Kept]>([:])

  package init() {}

  // MARK: What is kept

  /// What the clocks of an office go by.
  ///
  /// - Throws: `PostgresError`, or `StoredDocumentError` and `CalendarError` for documents that this version cannot read.
  package func clocks(of tenant: TenantID, on lanes: Lanes) async throws -> OfficeClocks {
    if let fresh = fresh(tenant) { return fresh }
    if let known = kept.withLock({ $0[tenant] }) {
      let stamp = try await lanes.first(OfficeClocks.stamp(in: tenant), in: .tenant(tenant.number))
      if let clocks = confirm(known, stamp, of: tenant) { return clocks }
    }
    let results = try await lanes.rows(OfficeClocks.statements(in: tenant), in: .tenant(tenant.number), .read)
    return try keep(results, of: tenant)
  }

  /// The same, within a transaction in the office's context.
  package func clocks(of tenant: TenantID, by transaction: Transaction) async throws -> OfficeClocks {
    if let fresh = fresh(tenant) { return fresh }
    if let known = kept.withLock({ $0[tenant] }) {
      let stamp = try await transaction.first(OfficeClocks.stamp(in: tenant))
      if let clocks = confirm(known, stamp, of: tenant) { return clocks }
    }
    return try keep(try await transaction.rows(OfficeClocks.statements(in: tenant)), of: tenant)
  }

  private func fresh(_ tenant: TenantID) -> OfficeClocks? {
    let now = ContinuousClock.now
    return kept.withLock { kept in kept[tenant].flatMap { now - $0.checked < Self.freshness ? $0.clocks : nil } }
  }

  private func confirm(_ known: Kept, _ stamp: [UInt8]?, of tenant: TenantID) -> OfficeClocks? {
    guard known.stamp == stamp else { return nil }
    kept.withLock { $0[tenant]?.checked = ContinuousClock.now }
    return known.clocks
  }

  private func keep(_ results: [Rows], of tenant: TenantID) throws -> OfficeClocks {
    let (clocks, stamp) = try OfficeClocks.assemble(results, in: tenant)
    kept.withLock { kept in
      if kept.count >= Self.bound { kept = [:] }
      kept[tenant] = Kept(clocks: clocks, stamp: stamp, checked: ContinuousClock.now)
    }
    return clocks
  }

  // MARK: Steps

  /// A step of an order, as its clocks see it.
  package struct Step: Sendable {
    package let order: UUIDv7
    /// The contract that the order is worked on under.
    package let contract: String?
    package let step: ClockStep
    /// Writes the order after the step as predicates see it, a JSON document; asked where a rule has a predicate.
    let facts: @Sendable () -> [UInt8]

    package init(order: UUIDv7, contract: String?, step: ClockStep, facts: @escaping @Sendable () -> [UInt8]) {
      self.order = order
      self.contract = contract
      self.step = step
      self.facts = facts
    }
  }

  /// What a step changes of its order's clocks, for the transaction of the step.
  ///
  /// Most steps read nothing: whether a clock is met stands in its row. A step with which the order begins or ends to wait, and one that
  /// renews or ends what recurs, is decided on the clocks as they are; the caller's check of the order's version keeps two of them apart.
  ///
  /// - Throws: as ``clocks(of:on:)``.
  package func statements(for step: Step, in tenant: TenantID, on lanes: Lanes) async throws -> [Statement] {
    let office = try await clocks(of: tenant, on: lanes)
    let book = office.book(of: step.contract, on: step.step.at.date)
    let mayRenew = step.step.event.map { office.mayRenew($0, of: step.contract) } ?? false
    // Turns that ran out before the order closed are counted, also where the timer has not begun them.
    let endsTurns = !step.step.isOpen && office.recursWhileOpen(under: step.contract)
    if step.step.before.isEmpty, step.step.after.isEmpty, !mayRenew, !endsTurns {
      return try quick(step, office, book, in: tenant)
    }
    return try await whole(step, office, book, in: tenant, on: lanes)
  }

  /// The clocks of orders that were just taken in.
  ///
  /// - Throws: as ``clocks(of:on:)``.
  package func statements(forIntake steps: [Step], in tenant: TenantID, on lanes: Lanes) async throws -> [Statement] {
    let office = try await clocks(of: tenant, on: lanes)
    var new: [ClockStore.New] = []
    for step in steps { new += try starting(step, office, office.book(of: step.contract, on: step.step.at.date)) }
    return new.isEmpty ? [] : [ClockStore.start(new, isFresh: true, in: tenant)]
  }

  private func quick(_ step: Step, _ office: OfficeClocks, _ book: ClockBook, in tenant: TenantID) throws(CalendarError) -> [Statement] {
    guard let event = step.step.event else { return [] }
    var statements: [Statement] = []
    if event != .received, !step.step.isOpen || office.mayEnd(event, of: step.contract) {
      statements.append(ClockStore.end(event, of: step.order, at: step.step.at, isOpen: step.step.isOpen, in: tenant))
    }
    let new = try starting(step, office, book)
    if !new.isEmpty { statements.append(ClockStore.start(new, isFresh: event == .received, in: tenant)) }
    return statements
  }

  private func starting(_ step: Step, _ office: OfficeClocks, _ book: ClockBook) throws(CalendarError) -> [ClockStore.New] {
    guard let event = step.step.event else { return [] }
    var new: [ClockStore.New] = []
    for rule in book.starting(with: event, grade: step.step.grade, on: step.step.at.date) {
      for clock in try OrderClock.starting(rule, step.step, book, office.reckoner) {
        new.append(ClockStore.New(order: step.order, clock: clock, facts: rule.isPredicated ? step.facts() : nil, now: step.step.at))
      }
    }
    return new
  }

  private func whole(
    _ step: Step, _ office: OfficeClocks, _ book: ClockBook, in tenant: TenantID, on lanes: Lanes
  ) async throws -> [Statement] {
    var rules = step.step.event.map { book.starting(with: $0, grade: step.step.grade, on: step.step.at.date) } ?? []
    for state in step.step.after.subtracting(step.step.before) { rules += book.starting(in: state) }
    rules = rules.filter(\.isPredicated)
    let held = ClockStore.holds(rules.map { ($0.when, $0.unless) }, for: rules.isEmpty ? [] : step.facts())
    let results = try await lanes.rows(
      [ClockStore.underWay(of: step.order, in: tenant)] + (rules.isEmpty ? [] : [held.statement]), in: .tenant(tenant.number), .read)
    let holding = rules.isEmpty ? [] : try results[1].decoded(by: held)
    let before = try ClockStore.clocks(results[0], office).map(\.clock)
    var clocks = OrderClocks(before)
    try clocks.take(step.step, book, office.reckoner) { rule in
      zip(rules, holding).first { $0.0 == rule }?.1 ?? !rule.isPredicated
    }
    let changed = clocks.clocks.enumerated().filter { $0.offset >= before.count || before[$0.offset] != $0.element }.map(\.element)
    return changed.isEmpty ? [] : [ClockStore.put(changed, of: step.order, at: step.step.at, in: tenant)]
  }
}

extension ClockRule {
  /// Whether it holds for some orders only.
  package var isPredicated: Bool { when != nil || unless != nil }
}
