// SPDX-License-Identifier: Apache-2.0
import Base

extension Settlement {
  /// Everything that either side owes under the contract, by its dates; what has no date comes last.
  ///
  /// - Parameter now: an instant of the day as of which the settlement is.
  package func obligations(at now: Instant) throws(SettlementError) -> [Obligation] {
    var found: [Obligation] = []
    for (index, document) in contract.revisions.enumerated() {
      for duty in document.service.duties {
        for turn in timeline.turns(of: duty, revision: index, through: schedule.serviceEnd) {
          found.append(obligation(duty, turn, document, revision: index, at: now))
        }
      }
    }
    for statement in try statements() { found.append(obligation(statement, at: now)) }
    return found.sorted { a, b in
      let (left, right) = (a.order, b.order)
      return left != right ? left < right : a.id < b.id
    }
  }

  private func obligation(_ duty: Duty, _ turn: DutyTurn, _ document: ContractDocument, revision: Int, at now: Instant) -> Obligation {
    let due = turn.state.map(due)
    let consequences = document.appraisal.consequences.filter {
      $0.measure == .missed(duty: duty.id) || $0.measure == .daysLate(.duty(duty.id))
    }
    let waiver = duty.deems == nil ? timeline.ledger.waivers[turn.id] : nil
    let state: Obligation.State
    if case .by(let date)? = due {
      if turn.done.map({ done in done.at.map { $0 < date.outside } ?? (done.day <= date.lastDay) }) ?? false {
        state = .met
      } else if waiver != nil {
        state = .waived
      } else if now < date.outside {
        state = .pending
      } else {
        state = duty.deems == nil ? .missed : .deemed
      }
    } else {
      state = turn.done != nil ? .met : waiver != nil ? .waived : .pending
    }
    return Obligation(
      id: turn.id, kind: .duty, item: duty.id, citation: duty.citation, bearer: duty.who, revision: revision, payment: turn.payment,
      subject: turn.subject, due: due, doneBy: duty.doneBy.map(timeline.name), deems: duty.deems.map(timeline.name),
      consequences: consequences.map { Obligation.Consequence(rule: $0.id, citation: $0.citation) }, missing: [], money: nil,
      done: turn.done.map { Obligation.Done(day: $0.day, facts: $0.facts) }, waiver: waiver?.id, state: state)
  }

  private func due(_ state: DueState) -> SettlementStatement.Due {
    switch state {
    case .day(let date): .by(date)
    case .open(let day, let opening, _): .from(day, opening + Text(zh: "合同未规定期限。", en: "The contract sets no limit."))
    case .waiting(let events): .waiting(events.map(timeline.name))
    case .unknown(let error): .unknown(error.text)
    }
  }

  private func obligation(_ statement: SettlementStatement, at now: Instant) -> Obligation {
    let payment = statement.payment
    let document = contract.revisions[payment.revision]
    let id = Obligation.name(ofPayment: payment.id)
    let waiver = timeline.ledger.waivers[id]
    let missing = (payment.payment?.needs ?? []).filter { timeline.days(of: $0, for: payment).isEmpty }.map(timeline.name)
    let done = statement.wholePayment(timeline.ledger.payments[payment.id] ?? [])
    let isNothing = statement.payable == .zero && statement.isDefinitive
    let state: Obligation.State
    if case .by(let date) = statement.due {
      if isNothing || done.map({ $0.day <= date.lastDay }) ?? false {
        state = .met
      } else if waiver != nil {
        state = .waived
      } else {
        state = missing.isEmpty && now >= date.outside ? .missed : .pending
      }
    } else {
      state = isNothing || done != nil ? .met : waiver != nil ? .waived : .pending
    }
    return Obligation(
      id: id, kind: .payment, item: payment.item, citation: payment.citation, bearer: .office, revision: payment.revision,
      payment: payment.id, subject: nil, due: statement.due, doneBy: [KnownEvent.paid.name], deems: nil,
      consequences: document.appraisal.consequences.filter { $0.measure == .daysLate(.payment) }
        .map { Obligation.Consequence(rule: $0.id, citation: $0.citation) },
      missing: missing, money: Obligation.Money(payable: statement.payable, paid: statement.paid), done: done, waiver: waiver?.id,
      state: state)
  }
}

extension Obligation {
  /// What it is sorted by: its end, or behind all others.
  fileprivate var order: Int64 { date?.end.microseconds ?? .max }
}

extension SettlementStatement {
  /// When the parts paid came to the whole; nil while they do not, and where nothing is to be paid.
  fileprivate func wholePayment(_ parts: [Ledger.Recorded<Fen>]) -> Obligation.Done? {
    guard payable > .zero else { return nil }
    var sum = Fen.zero
    var facts: [UUIDv7] = []
    for part in parts {
      guard let more = try? sum + part.body else { return nil }
      sum = more
      facts.append(part.fact.id)
      if sum >= payable { return Obligation.Done(day: part.fact.on, facts: facts) }
    }
    return nil
  }
}

extension ScheduledPayment {
  /// The contract's item behind it.
  fileprivate var item: String {
    switch source {
    case .instalment(let payment, _), .period(let payment, _): payment.id
    case .holdOver(let terms, _): terms.id
    case .release(let retention): retention.id
    }
  }

  fileprivate var citation: Citation {
    switch source {
    case .instalment(let payment, _), .period(let payment, _): payment.citation
    case .holdOver(let terms, _): terms.citation
    case .release(let retention): retention.citation
    }
  }
}
