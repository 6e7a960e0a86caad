// SPDX-License-Identifier: Apache-2.0
import Base

extension Words {
  /// `，迟延 30 天`
  static func quantityNote(_ days: Int) -> Text { Text(zh: "，迟延 \(days) 天", en: ", \(days) day\(days == 1 ? "" : "s") late") }
}

extension CaseFinder {
  /// The days after a limit that count as late.
  ///
  /// - Parameter payment: whose excuses count beside those that name none.
  /// - Returns: the days, how many were excused, and the facts that excuse them.
  func lateDays(
    after due: CivilDate, through end: CivilDate, _ rule: Consequence, _ revision: Int, payment: ScheduledPayment?
  ) -> (days: [CivilDate], excused: Int, facts: [UUIDv7]) {
    guard end > due else { return ([], 0, []) }
    let (excuses, facts) = excuses(rule, revision, payment, after: due, through: end)
    var days: [CivilDate] = []
    var excused = 0
    for number in (Int(due.day) + 1)...Int(end.day) {
      guard let day = CivilDate(day: number) else { break }
      if excuses.contains(where: { $0.contains(day) }) { excused += 1 } else { days.append(day) }
    }
    return (days, excused, facts)
  }

  func excuse(_ days: Int) -> Text {
    days == 0 ? Words.none : Text(zh: "，其中 \(days) 天免责", en: ", of these \(days) day\(days == 1 ? "" : "s") excused")
  }

  /// The days that the rule's excuses cover: what lasted, by its record; a duty of the other side, until it was done.
  private func excuses(
    _ rule: Consequence, _ revision: Int, _ payment: ScheduledPayment?, after due: CivilDate, through end: CivilDate
  ) -> ([DateRange], [UUIDv7]) {
    var ranges: [DateRange] = []
    var facts: [UUIDv7] = []
    func add(_ first: CivilDate, _ last: CivilDate, _ because: [UUIDv7]) {
      guard let range = DateRange(first, through: last), last > due, first <= end else { return }
      ranges.append(range)
      facts += because
    }
    for excuse in rule.excusedBy {
      for recorded in timeline.ledger.events[excuse.code] ?? [] where recorded.body.payment == nil || recorded.body.payment == payment?.id {
        add(recorded.fact.on, recorded.body.until ?? end, [recorded.fact.id])
      }
      for run in timeline.runs(ofDuty: excuse.code).found where run.payment == nil || run.payment == payment?.id {
        guard let done = run.done, done.day > run.due.lastDay, let first = run.firstLateDay else { continue }
        add(first, done.day, run.facts)
      }
    }
    return (ranges, facts)
  }

  /// Each part of a payment that came late, or has not come.
  ///
  /// - Parameters:
  ///   - payable: what was owed.
  ///   - due: its last day.
  ///   - isDemandable: whether what the payment needs is there; without it what was not paid is not late.
  mutating func latePayments(
    of payment: ScheduledPayment, payable: Fen, due: DueDate, isDemandable: Bool, _ rule: Consequence, revision: Int
  ) throws(ArithmeticError) -> [Case] {
    guard payable > .zero, timeline.ledger.waivers[Obligation.name(ofPayment: payment.id)] == nil,
      let first = CivilDate(day: Int(due.lastDay.day) + 1), timeline.contract.revisionIndex(on: first) == revision
    else { return [] }
    var rest = payable
    var parts: [(amount: Fen, day: CivilDate?, facts: [UUIDv7])] = []
    for paid in timeline.ledger.payments[payment.id] ?? [] where rest > .zero {
      let part = min(paid.body, rest)
      rest = try rest - part
      parts.append((part, paid.fact.on, [paid.fact.id]))
    }
    if rest > .zero, isDemandable { parts.append((rest, nil, [])) }
    return parts.compactMap { part in
      let end = part.day ?? timeline.asOf
      let (days, excused, facts) = lateDays(after: due.lastDay, through: end, rule, revision, payment: payment)
      guard !days.isEmpty else { return nil }
      if part.day == nil { stillLate(rule) }
      let note = Text(
        zh: "应于 \(due.lastDay) 前付，\(part.day.map { "付于 \($0)" } ?? "至 \(end) 未付")",
        en: "due \(due.lastDay), \(part.day.map { "paid \($0)" } ?? "not paid by \(end)")")
      return Case(
        day: first, quantity: Rational(days.count), count: Rational(days.count), unit: Words.days, overdue: part.amount,
        facts: due.facts + part.facts + facts, note: note + excuse(excused) + Words.quantityNote(days.count), lateDays: days)
    }
  }
}
