// SPDX-License-Identifier: Apache-2.0
import Base

/// What a contract comes to with some facts assumed, beside what it comes to without them, as of the same day.
package struct Comparison: Sendable {
  /// Where a line stands in a statement.
  package enum Section: String, Sendable, Hashable, CaseIterable { case payable, claims }

  /// A line that is there on one side only, or not the same on both.
  package struct LineChange: Sendable, Hashable {
    package let section: Section
    package let without: Line?
    package let with: Line?
    /// What the vendor receives more, or less where negative.
    package let difference: Fen
  }

  /// A payment on either side; one that only one side has is `nil` on the other.
  package struct PaymentChange: Sendable, Hashable {
    package let payment: ScheduledPayment
    package let without: SettlementStatement?
    package let with: SettlementStatement?
    package let lines: [LineChange]
    package let payable: Fen
    package let claimed: Fen

    /// Whether nothing of it depends on the assumptions.
    package var isSame: Bool {
      lines.isEmpty && payable == .zero && claimed == .zero && without?.due == with?.due && without != nil && with != nil
    }
  }

  package let asOf: CivilDate
  package let assumed: [Fact]
  package let without: [SettlementStatement]
  package let with: [SettlementStatement]
  /// Every payment of either side, in the order of the plan.
  package let payments: [PaymentChange]
  /// Corrections of confirmed statements that no open one takes in, as far as they are not the same on both sides.
  package let corrections: [LineChange]
  private let remaining: (without: [Line], with: [Line])
  /// Rights that are there with the assumptions only.
  package let opened: [ArisenRight]
  /// Rights that are there without them only.
  package let closed: [ArisenRight]
  /// What is missing for a statement that holds for good with the assumptions only.
  package let pending: [Pending]

  /// Settles twice.
  ///
  /// - Parameters:
  ///   - recorded: what is on record, without what was voided.
  ///   - confirmed: the statements that stand: they are not made again, and what the assumptions change of them is a correction.
  ///   - left: facts on record that are assumed not to be there.
  ///   - now: the moment of the assumptions.
  package init(
    _ scenario: Scenario, under contract: Contract, recorded: [Fact], calendar: WorkingCalendar, packs: RulePacks,
    confirmed: [ConfirmedStatement] = [], without left: Set<UUIDv7> = [], at now: Instant
  ) throws(SettlementError) {
    asOf = scenario.day(today: now.date)
    assumed = scenario.assumed(at: now)
    let before = try Settlement(contract, facts: recorded, calendar: calendar, packs: packs, asOf: asOf, confirmed: confirmed).open()
    let after = try Settlement(
      contract, facts: recorded.filter { !left.contains($0.id) } + assumed, calendar: calendar, packs: packs, asOf: asOf,
      confirmed: confirmed
    ).open()
    (without, with) = (before.statements, after.statements)
    remaining = (before.corrections, after.corrections)
    do throws(ArithmeticError) {
      payments = try Self.payments(without, with)
      corrections = try Self.lines(before.corrections, after.corrections, .claims)
    } catch {
      throw .arithmetic(error)
    }
    let rights = (before: without.flatMap(\.rights), after: with.flatMap(\.rights))
    opened = rights.after.filter { right in !rights.before.contains { $0.isSame(as: right) } }
    closed = rights.before.filter { right in !rights.after.contains { $0.isSame(as: right) } }
    let known = Set(without.flatMap(\.pending))
    var said: Set<Pending> = []
    pending = with.flatMap(\.pending).filter { !known.contains($0) && said.insert($0).inserted }
  }

  private static func payments(
    _ without: [SettlementStatement], _ with: [SettlementStatement]
  ) throws(ArithmeticError) -> [PaymentChange] {
    var changes: [PaymentChange] = []
    for after in with {
      changes.append(try change(without.first { $0.payment.id == after.payment.id }, after, after.payment))
    }
    for before in without where !with.contains(where: { $0.payment.id == before.payment.id }) {
      // Behind the one it follows in its own plan.
      let earlier = without.prefix { $0.payment.id != before.payment.id }.last?.payment.id
      let place = changes.firstIndex { $0.payment.id == earlier }.map { $0 + 1 } ?? 0
      changes.insert(try change(before, nil, before.payment), at: place)
    }
    return changes
  }

  private static func change(
    _ before: SettlementStatement?, _ after: SettlementStatement?, _ payment: ScheduledPayment
  ) throws(ArithmeticError) -> PaymentChange {
    PaymentChange(
      payment: payment, without: before, with: after,
      lines: try lines(before?.lines ?? [], after?.lines ?? [], .payable) + lines(before?.claims ?? [], after?.claims ?? [], .claims),
      payable: try (after?.payable ?? .zero) - (before?.payable ?? .zero),
      claimed: try (after?.claimed ?? .zero) - (before?.claimed ?? .zero))
  }

  /// Lines belong together by kind, rule and their place among those of the same kind and rule.
  private static func lines(_ before: [Line], _ after: [Line], _ section: Section) throws(ArithmeticError) -> [LineChange] {
    struct Key: Hashable {
      let kind: Line.Kind
      let rule: String
      let place: Int
    }
    func keyed(_ lines: [Line]) -> [(key: Key, line: Line)] {
      var counts: [Key: Int] = [:]
      return lines.map { line in
        let place = counts[Key(kind: line.kind, rule: line.rule, place: 0), default: 0]
        counts[Key(kind: line.kind, rule: line.rule, place: 0)] = place + 1
        return (Key(kind: line.kind, rule: line.rule, place: place), line)
      }
    }
    let old = Dictionary(keyed(before).map { ($0.key, $0.line) }) { first, _ in first }
    let new = keyed(after)
    var changes: [LineChange] = []
    for (key, line) in new where old[key] != line {
      changes.append(LineChange(section: section, without: old[key], with: line, difference: try line.amount - (old[key]?.amount ?? .zero)))
    }
    let keys = Set(new.map(\.key))
    for (key, line) in keyed(before) where !keys.contains(key) {
      changes.append(LineChange(section: section, without: line, with: nil, difference: try line.amount.negated()))
    }
    return changes
  }

  /// What all payments come to on both sides.
  package func payable() throws(ArithmeticError) -> (without: Fen, with: Fen) {
    (try Fen.sum(without.map(\.payable)), try Fen.sum(with.map(\.payable)))
  }

  /// What all claims come to on both sides: positive for what the vendor may demand.
  package func claimed() throws(ArithmeticError) -> (without: Fen, with: Fen) {
    (
      try Fen.sum(without.map(\.claimed) + remaining.without.map(\.amount)),
      try Fen.sum(with.map(\.claimed) + remaining.with.map(\.amount))
    )
  }
}

extension ArisenRight {
  /// Whether it is the same right of the same day, whatever the facts are called.
  fileprivate func isSame(as other: ArisenRight) -> Bool {
    rule == other.rule && act == other.act && holders == other.holders && since == other.since
  }
}
