// SPDX-License-Identifier: Apache-2.0
import Base

extension Contract {
  /// Something a later paper may not say after those before it.
  package struct PaperFault: Sendable, Hashable {
    /// The paper, as its place in the chain.
    package let revision: Int
    /// Its pointer is into that paper.
    package let fault: Fault
  }

  /// What the papers of the chain forbid each other: renewals beyond what the paper before allows, instalments changed after they fell due.
  package func paperFaults() -> [PaperFault] {
    revisions.indices.dropFirst().flatMap { index in
      (renewalFaults(index) + termFaults(index) + instalmentFaults(index)).map { PaperFault(revision: index, fault: $0) }
    }
  }

  // MARK: renewal

  /// The limits are those of the paper before: a renewal does not lift what it is held to.
  private func renewalFaults(_ index: Int) -> [Fault] {
    guard let limits = revisions[index - 1].terms.renewal else { return [] }
    let document = revisions[index]
    let clause = limits.citation.clause
    var faults: [Fault] = []
    let count = revisions[...index].count { $0.revision.kind == .renewal }
    if document.revision.kind == .renewal, let times = limits.times, count > times {
      faults.append(
        Fault(
          pointer: "/revision/kind", code: "renewal-times",
          detail: Text(
            zh: "条款 \(clause)：至多续签 \(times) 次，这是第 \(count) 次。",
            en: "Clause \(clause): at most \(times) renewal\(times == 1 ? "" : "s"); this is number \(count).")))
    }
    if let span = limits.totalAtMost, let last = term.first.lastDay(of: span), document.terms.term.range.last > last {
      faults.append(
        Fault(
          pointer: "/term/to", code: "renewal-span",
          detail: Text(
            zh: "条款 \(clause)：自 \(term.first) 起总期限至多 \(span.text.zh)，即至 \(last)；此处至 \(document.terms.term.range.last)。",
            en:
              "Clause \(clause): at most \(span.text.en) in all from \(term.first), which is until \(last); this goes to \(document.terms.term.range.last)."
          )))
    }
    let isRenewed = document.revision.kind == .renewal || stretchIndex(of: index) > 0
    if isRenewed, let share = limits.increaseAtMost, let fault = increase(of: document, beyond: share, clause) { faults.append(fault) }
    return faults
  }

  private func increase(of document: ContractDocument, beyond share: Share, _ clause: String) -> Fault? {
    let price = original.terms.total.amount
    guard let most = try? price * share.value, let increase = try? document.terms.total.amount - price, ExactAmount(increase) > most else {
      return nil
    }
    return Fault(
      pointer: "/total/amount", code: "renewal-increase",
      detail: Text(
        zh: "条款 \(clause)：加价至多为原价 \(price.grouped) 元的 \(share)，即 \(Words.figures(most)) 元；此处加价 \(increase.grouped) 元。",
        en:
          "Clause \(clause): the increase is at most \(share) of the original \(price.grouped) yuan, which is \(Words.figures(most)); this is \(increase.grouped) more."
      ))
  }

  // MARK: term

  /// A paper ends the term no earlier than the day before it takes effect: what was served by then was served.
  private func termFaults(_ index: Int) -> [Fault] {
    let (document, earlier) = (revisions[index], revisions[index - 1])
    let (last, day) = (document.terms.term.range.last, document.revision.effectiveFrom)
    guard last < earlier.terms.term.range.last, day.dayBefore.map({ last < $0 }) ?? false else { return [] }
    return [
      Fault(
        pointer: "/term/to", code: "term-rewritten",
        detail: Text(
          zh: "条款 \(document.terms.term.citation.clause)：把服务期提前到 \(last) 结束，早于本文本生效日 \(day)；此前的服务已经完成。",
          en:
            "Clause \(document.terms.term.citation.clause): this ends the term on \(last), before the paper takes effect on \(day); what was served by then was served."
        ))
    ]
  }

  // MARK: instalments

  /// An instalment that fell due, or belongs to the term before, is what it was; what is new gets a name of its own.
  private func instalmentFaults(_ index: Int) -> [Fault] {
    let document = revisions[index]
    return document.terms.payments.enumerated().compactMap { place, payment in
      guard case .once = payment.rhythm, let (earlier, owner) = standing(payment.id, before: index), !payment.isSame(as: earlier) else {
        return nil
      }
      let clause = earlier.citation.clause
      let day = earlier.nominalDay(in: revisions[owner])
      let why =
        day < document.revision.effectiveFrom
        ? Text(
          zh: "已于 \(day) 到期，早于本文本生效日 \(document.revision.effectiveFrom)",
          en: "fell due on \(day), before this paper takes effect on \(document.revision.effectiveFrom)")
        : Text(zh: "属于前一服务期", en: "belongs to the term before")
      return Fault(
        pointer: "/payments/\(place)", code: "already-due",
        detail: Text(
          zh: "付款“\(payment.id)”（条款 \(clause)）\(why.zh)：请保持原样，新的付款另起标识。",
          en: "The payment “\(payment.id)” (clause \(clause)) \(why.en): leave it as it is, and give a new payment another name."))
    }
  }

  /// The instalment of a name that a paper cannot change any more, and the paper it is of.
  private func standing(_ id: String, before index: Int) -> (Payment, Int)? {
    for owner in revisions[..<index].indices.reversed() {
      guard let payment = revisions[owner].terms.payments.first(where: { $0.id == id }), case .once = payment.rhythm else { continue }
      let isOfTermBefore = stretchIndex(of: owner) != stretchIndex(of: index)
      return isOfTermBefore || payment.nominalDay(in: revisions[owner]) < revisions[index].revision.effectiveFrom ? (payment, owner) : nil
    }
    return nil
  }
}

extension Payment {
  /// Whether it says the same of money and days.
  fileprivate func isSame(as other: Payment) -> Bool {
    amount == other.amount && due == other.due && needs == other.needs && rhythm == other.rhythm
  }
}

extension CivilDate {
  /// The last day of a span that begins on this day; `nil` for spans that are not of days, months or years.
  fileprivate func lastDay(of span: Span) -> CivilDate? {
    switch span.unit {
    case .days: try? adding(days: Int(span.count) - 1)
    case .months: try? adding(months: Int(span.count)).adding(days: -1)
    case .years: try? adding(months: Int(span.count) * 12).adding(days: -1)
    case .minutes, .hours, .workingDays: nil
    }
  }
}
