// SPDX-License-Identifier: Apache-2.0
import Base

/// Walks through the term of a contract and lays out its payments.
struct ScheduleBuilder {
  let contract: Contract
  let packs: RulePacks
  let life: ServiceLife
  let serviceEnd: CivilDate
  var payments: [ScheduledPayment] = []
  var missingCycle: CivilDate?

  init(_ contract: Contract, _ packs: RulePacks, _ life: ServiceLife) {
    self.contract = contract
    self.packs = packs
    self.life = life
    serviceEnd = min(life.terminated ?? .last, contract.term.last)
  }

  // MARK: the plan

  mutating func plan() throws(DateError) {
    var ids: [String] = contract.latest.terms.payments.map(\.id)
    // What a later paper dropped comes first, in its own order: it had been planned earlier.
    for revision in contract.revisions.reversed().dropFirst() {
      ids.insert(contentsOf: revision.terms.payments.map(\.id).filter { !ids.contains($0) }, at: 0)
    }
    for id in ids {
      let isPeriodic = contract.revisions.contains { document in
        document.terms.payments.contains { payment in
          if case .every = payment.rhythm, payment.id == id { true } else { false }
        }
      }
      if isPeriodic { try periods(id) } else { instalment(id) }
    }
    if let last = payments.indices.last { payments[last].isLast = true }
  }

  /// The instalment as the paper has it that governs the day it falls due.
  mutating func instalment(_ id: String) {
    var chosen: (Payment, Int)?
    for (index, document) in contract.revisions.enumerated() {
      guard let payment = document.terms.payments.first(where: { $0.id == id }) else {
        // A later paper without it drops it, unless it had fallen due before.
        if let (payment, owner) = chosen, payment.nominalDay(in: contract.revisions[owner]) >= document.revision.effectiveFrom {
          chosen = nil
        }
        continue
      }
      if let (earlier, owner) = chosen, earlier.nominalDay(in: contract.revisions[owner]) < document.revision.effectiveFrom { continue }
      chosen = (payment, index)
    }
    guard let (payment, revision) = chosen else { return }
    let number = payments.count { if case .instalment = $0.source { true } else { false } } + 1
    payments.append(
      ScheduledPayment(id: id, source: .instalment(payment, number), revision: revision, period: nil, fullPeriod: nil))
  }

  mutating func periods(_ id: String) throws(DateError) {
    try periods(id, from: contract.term.first, through: serviceEnd, number: 1)
  }

  /// Walks from period to period; a paper that changes their length cuts the one it falls into and starts anew.
  private mutating func periods(_ id: String, from first: CivilDate, through end: CivilDate, number: Int) throws(DateError) {
    var start = first
    var number = number
    var grid: (anchor: CivilDate, months: Int, periodicity: Periodicity)?
    while start <= end {
      let index = contract.revisionIndex(on: start)
      guard let payment = contract.revisions[index].terms.payments.first(where: { $0.id == id }),
        case .every(let periodicity) = payment.rhythm
      else {
        guard let next = contract.revisions[(index + 1)...].first?.revision.effectiveFrom, next > start else { return }
        start = next
        continue
      }
      if grid?.periodicity != periodicity { grid = (start, 0, periodicity) }
      guard let (anchor, passed, _) = grid, let length = months(periodicity, from: start) else { return }
      let full: DateRange?
      switch periodicity.alignment {
      case .term:
        let next = try anchor.adding(months: passed + length)
        full = DateRange(start, through: try next.adding(days: -1))
        grid?.months = passed + length
      case .calendar:
        let (year, month, _) = start.components
        let block = (month - 1) / length * length + 1
        guard let opening = CivilDate(year: year, month: block, day: 1) else { return }
        // A block never runs into the next year, so that every year has the same ones.
        let next = try opening.adding(months: min(length, 13 - block))
        full = DateRange(opening, through: try next.adding(days: -1))
      }
      guard let full else { return }
      var last = min(full.last, end)
      for revision in contract.revisions where revision.revision.effectiveFrom > start && revision.revision.effectiveFrom <= last {
        let rhythm = revision.terms.payments.first { $0.id == id }?.rhythm
        if rhythm != .every(periodicity) {
          last = try revision.revision.effectiveFrom.adding(days: -1)
          break
        }
      }
      guard let period = DateRange(start, through: last) else { return }
      let governing = contract.revisionIndex(on: period.last)
      let current = contract.revisions[governing].terms.payments.first { $0.id == id } ?? payment
      payments.append(
        ScheduledPayment(
          id: "\(id)-\(number)", source: .period(current, number), revision: governing, period: period, fullPeriod: full))
      number += 1
      start = try last.adding(days: 1)
    }
  }

  private mutating func months(_ periodicity: Periodicity, from start: CivilDate) -> Int? {
    switch periodicity.length {
    case .months(let count): return count
    case .cycles(let count):
      var months = 0
      for _ in 0..<count {
        guard let day = try? start.adding(months: months), let cycle = packs.cycle(on: day) else {
          missingCycle = start
          return nil
        }
        months += cycle.months
      }
      return months
    }
  }

  // MARK: after the end

  mutating func holdOver() throws(DateError) {
    guard let until = life.heldOverUntil, until > contract.term.last, life.terminated == nil else { return }
    let revision = contract.revisions.count - 1
    guard let terms = contract.latest.terms.holdOver else { return }
    let first = try contract.term.last.adding(days: 1)
    switch terms.fee {
    case .monthly:
      var number = 0
      while true {
        let start = try first.adding(months: number)
        if start > until { return }
        let last = try first.adding(months: number + 1).adding(days: -1)
        number += 1
        payments.append(
          ScheduledPayment(
            id: "\(terms.id)-\(number)", source: .holdOver(terms, number), revision: revision,
            period: DateRange(start, through: min(last, until)),
            fullPeriod: DateRange(start, through: last)))
      }
    case .sameTerms:
      for payment in contract.latest.terms.payments {
        guard case .every = payment.rhythm else { continue }
        let count = payments.count { $0.id.hasPrefix(payment.id + "-") }
        try periods(payment.id, from: first, through: until, number: count + 1)
      }
    }
  }

  mutating func release() {
    guard let retention = contract.latest.terms.retention else { return }
    payments.append(
      ScheduledPayment(
        id: retention.id, source: .release(retention), revision: contract.revisions.count - 1, period: nil, fullPeriod: nil))
  }

  // MARK: days

  /// Gives every day to one payment: periods take their own, instalments what lies before their `until`, the last one what is left.
  mutating func divideDays() {
    var open = CivilDate.first
    let takers = payments.indices.filter { index in
      switch payments[index].source {
      case .release: false
      case .period, .holdOver: true
      case .instalment(let payment, _):
        if case .once(until: nil) = payment.rhythm { payments[index].isLast } else { true }
      }
    }
    for index in takers {
      let closing: CivilDate
      if index == takers.last {
        closing = .last
      } else if case .instalment(let payment, _) = payments[index].source {
        if case .once(until: let day?) = payment.rhythm { closing = day } else { closing = contract.term.last }
      } else {
        closing = payments[index].period?.last ?? .last
      }
      guard let window = DateRange(open, through: closing) else { continue }
      payments[index].window = window
      guard let next = CivilDate(day: Int(closing.day) + 1) else { return }
      open = next
    }
  }
}

extension Payment {
  /// The day it falls due as far as the paper alone can tell: what depends on events counts from the end of the term.
  func nominalDay(in document: ContractDocument) -> CivilDate {
    if case .once(until: let day?) = rhythm { return day }
    return due?.nominalDay(in: document) ?? document.terms.term.range.last
  }
}

extension DeadlineRule {
  fileprivate func nominalDay(in document: ContractDocument) -> CivilDate {
    let end = document.terms.term.range.last
    switch self {
    case .on(let day, _): return day
    case .before, .agreed: return end
    case .earliest(let parts): return parts.map { $0.nominalDay(in: document) }.min() ?? end
    case .latest(let parts): return parts.map { $0.nominalDay(in: document) }.max() ?? end
    case .after(let events, _):
      return events.compactMap { event in
        switch event {
        case .known(.signed), .known(.effective): document.terms.signing.effective
        case .known(.serviceStart): document.terms.term.range.first
        case .known(.serviceEnd): end
        default: nil
        }
      }.max() ?? end
    }
  }
}
