// SPDX-License-Identifier: Apache-2.0
import Base

/// The payment plan: what it comes to, and when it falls due.
extension PaperLint {
  /// Whether the payments come to the total.
  func plan() -> [Finding] {
    // A later paper is part of a chain that earlier ones have begun to pay.
    guard document.revision.kind == .original, let alone = try? Contract([document]) else { return [] }
    let schedule: Schedule
    do {
      schedule = try Schedule(alone, packs: lint.packs, life: .asAgreed)
    } catch {
      let isUnknownCycle = if case .missingCycle = error { true } else { false }
      return [
        Finding(
          isUnknownCycle ? .cycleUnknown : .noSchedule, terms.payments[0].citation.clause, "payments", at: "/payments",
          values: [error.text],
          zh: "付款计划无法排定：\(error.text.zh)", en: "The payments cannot be scheduled: \(error.text.en)")
      ]
    }
    var sum = ExactAmount.zero
    for scheduled in schedule.payments {
      guard let payment = scheduled.payment, var price = money(payment.amount) else { continue }
      if case .every(let periodicity) = payment.rhythm, periodicity.cut == .byDays, let period = scheduled.period,
        let full = scheduled.fullPeriod, let part = try? Rational(Int128(period.days), over: Int128(full.days))
      {
        price = (try? price * part) ?? price
      }
      sum = (try? sum + price) ?? sum
    }
    guard let payable = try? sum.rounded(), payable != terms.total.amount else { return [] }
    return [
      Finding(
        .planMismatch, terms.total.citation.clause, "payments", at: "/payments",
        values: [Words.money(payable), Words.money(terms.total.amount)],
        zh: "各笔付款合计 \(payable.grouped) 元，总价为 \(terms.total.amount.grouped) 元。",
        en: "The payments come to \(payable.grouped) yuan, the total is \(terms.total.amount.grouped) yuan.")
    ]
  }

  func dueDates() -> [Finding] {
    var findings: [Finding] = []
    for (index, payment) in terms.payments.enumerated() {
      let (clause, place) = (payment.citation.clause, "/payments/\(index)/due")
      guard let due = payment.due, due.hasLimit else {
        findings.append(
          Finding(
            .noClock, clause, payment.id, at: "/payments/\(index)", values: [payment.citation.says],
            zh: "付款“\(payment.id)”没有期限：条件具备即应付，但没有最后一日。",
            en: "The payment “\(payment.id)” has no time limit: it is owed once its conditions are met, and by no last day."))
        continue
      }
      switch due {
      case .on(let day, _):
        if day <= terms.signing.last {
          findings.append(
            Finding(
              .dueAtSigning, clause, payment.id, at: place, values: [Words.day(day), Words.day(terms.signing.last)],
              zh: "付款“\(payment.id)”于 \(day) 到期，不晚于签订日 \(terms.signing.last)。",
              en: "The payment “\(payment.id)” is due on \(day), no later than the day of signing, \(terms.signing.last)."))
        }
        if day > terms.term.range.last {
          findings.append(
            Finding(
              .dueAfterEnd, clause, payment.id, at: place, values: [Words.day(day), Words.day(terms.term.range.last)],
              zh: "付款“\(payment.id)”的到期日 \(day) 在合同期满日 \(terms.term.range.last) 之后。",
              en: "The payment “\(payment.id)” is due on \(day), after the contract's end on \(terms.term.range.last)."))
        }
      case .earliest(let rules), .latest(let rules):
        let isEarliest = if case .earliest = due { true } else { false }
        findings.append(
          Finding(
            .twoDueRules, clause, payment.id, at: place, values: rules.map(\.text),
            zh: "付款“\(payment.id)”有 \(rules.count) 条到期规则，以\(isEarliest ? "先" : "后")到者为准。",
            en: "The payment “\(payment.id)” has \(rules.count) rules for its due date; the \(isEarliest ? "earlier" : "later") one counts."
          ))
      case .after, .before, .agreed: break
      }
    }
    return findings
  }
}

extension DeadlineRule {
  /// The rule in a few words.
  var text: Text {
    switch self {
    case .on(let day, _): Words.day(day)
    case .after(let events, let span):
      Text(zh: "\(events.map(\.code).joined(separator: "、"))后", en: "after \(events.map(\.code).joined(separator: ", "))")
        + (span.map { Text(zh: " \($0.text.zh)内", en: " within \($0.text.en)") } ?? Words.none)
    case .before(let event, let span): Text(zh: "\(event.code)前 \(span.text.zh)", en: "\(span.text.en) before \(event.code)")
    case .agreed(let event): Text(zh: "\(event.code)所约定之日", en: "the day agreed with \(event.code)")
    case .earliest(let parts): Words.list(parts.map(\.text), zh: "与", en: " and ") + Text(zh: "之先者", en: ", the earliest")
    case .latest(let parts): Words.list(parts.map(\.text), zh: "与", en: " and ") + Text(zh: "之后者", en: ", the latest")
    }
  }
}
