// SPDX-License-Identifier: Apache-2.0
import Base

/// What confirmed statements would come to by the facts as they are now, against what they and later ones have taken in.
struct Corrections: Sendable {
  private let confirmed: [ConfirmedStatement]
  /// The facts that stand on record; what was cited and is not among them was voided.
  private let known: Set<UUIDv7>
  /// What confirmed payments come to now.
  private var now: [String: ConfirmedStatement.Account] = [:]

  init(_ confirmed: [ConfirmedStatement], known: Set<UUIDv7>) {
    self.confirmed = confirmed
    self.known = known
  }

  /// Notes what a confirmed payment comes to now; one that the contract foresees no more comes to nothing.
  mutating func note(_ payment: ScheduledPayment, _ lines: [Line], _ claims: [Line]) throws(ArithmeticError) {
    now[payment.id] = ConfirmedStatement.Account(
      payment: payment.id, name: payment.name, lines: try Fen.sum(lines.map(\.amount)), claims: try Fen.sum(claims.map(\.amount)),
      facts: (lines + claims).flatMap(\.facts).sortedOnce)
  }

  /// One difference in money.
  private struct Difference {
    let now: Fen
    let before: Fen
    var amount: Fen { get throws(ArithmeticError) { try now - before } }
  }

  /// The lines that a statement takes in: what is paid with it, and what is claimed beside it.
  func lines(revision: Int, day: CivilDate) throws(ArithmeticError) -> (lines: [Line], claims: [Line]) {
    var lines: [Line] = []
    var claims: [Line] = []
    for statement in confirmed {
      let (account, paid, claimed) = try differences(statement)
      if let line = try line(account, paid, revision, day) { lines.append(line) }
      if let line = try line(account, claimed, revision, day) { claims.append(line) }
    }
    return (lines, claims)
  }

  /// The same where no statement follows any more: all of it is claimed.
  func remaining(revision: Int, day: CivilDate) throws(ArithmeticError) -> [Line] {
    var claims: [Line] = []
    for statement in confirmed {
      let (account, paid, claimed) = try differences(statement)
      let whole = Difference(now: try paid.now + claimed.now, before: try paid.before + claimed.before)
      if let line = try line(account, whole, revision, day) { claims.append(line) }
    }
    return claims
  }

  private func differences(_ statement: ConfirmedStatement) throws(ArithmeticError) -> (
    account: ConfirmedStatement.Account, paid: Difference, claimed: Difference
  ) {
    let own = statement.accounts[0]
    let taken = confirmed.flatMap { $0.accounts.filter { $0.payment == own.payment } }
    let current =
      now[own.payment] ?? ConfirmedStatement.Account(payment: own.payment, name: own.name, lines: .zero, claims: .zero, facts: [])
    var cited: [UUIDv7: Int] = [:]
    for fact in taken.flatMap(\.facts) { cited[fact, default: 0] += 1 }
    let fresh = current.facts.filter { cited[$0] == nil }
    // A fact is cited once when it counts, and once more when that was corrected.
    let voided = cited.filter { $0.value == 1 && !known.contains($0.key) }.keys
    return (
      ConfirmedStatement.Account(
        payment: own.payment, name: own.name, lines: current.lines, claims: current.claims, facts: (fresh + voided).sortedOnce),
      Difference(now: current.lines, before: try Fen.sum(taken.map(\.lines))),
      Difference(now: current.claims, before: try Fen.sum(taken.map(\.claims)))
    )
  }

  private func line(
    _ account: ConfirmedStatement.Account, _ difference: Difference, _ revision: Int, _ day: CivilDate
  ) throws(ArithmeticError) -> Line? {
    let amount = try difference.amount
    guard amount != .zero else { return nil }
    var formula =
      Text(zh: "按现有记录为 ", en: "by what is on record now ") + Words.money(difference.now) + Words.both(" − ")
      + Text(zh: "已确认 ", en: "confirmed ") + Words.money(difference.before) + Words.both(" = ") + Words.money(amount)
    let voided = account.facts.count { !known.contains($0) }
    let fresh = account.facts.count - voided
    if fresh > 0 { formula = formula + Text(zh: "；确认后新增 \(fresh) 项事实", en: "; \(fresh) recorded since") }
    if voided > 0 { formula = formula + Text(zh: "；作废 \(voided) 项事实", en: "; \(voided) voided since") }
    return try Line(
      .correction, rule: "correction",
      Citation(
        clause: "—",
        says: Text(zh: "更正\(account.name.zh)（\(account.payment)）", en: "Correction of \(account.name.en) (\(account.payment))"),
        reading: nil),
      formula: formula, amount: ExactAmount(amount), facts: account.facts, revision: revision, day: day,
      correction: Line.Correction(payment: account.payment, name: account.name))
  }
}
