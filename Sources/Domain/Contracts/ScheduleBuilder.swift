// SPDX-License-Identifier: Apache-2.0
import Base

/// Walks through the term of a contract and lays out its payments.
struct ScheduleBuilder {
  let contract: Contract
  let packs: RulePacks
  let life: ServiceLife
  let serviceEnd: CivilDate
  var payments: [ScheduledPayment] = []
  /// The last day of service of each stretch that began.
  var ends: [CivilDate] = []
  var missingCycle: CivilDate?

  init(_ contract: Contract, _ packs: RulePacks, _ life: ServiceLife) {
    self.contract = contract
    self.packs = packs
    self.life = life
    serviceEnd = min(life.terminated ?? .last, contract.term.last)
  }

  // MARK: the plan

  /// Stretch by stretch: its plan, then the months between its end and the next.
  mutating func plan() throws(DateError) {
    let stretches = contract.stretches
    for (place, stretch) in stretches.enumerated() where place == 0 || stretch.term.first <= serviceEnd {
      let before = payments.count
      try plan(stretch)
      if payments.count > before { payments[payments.count - 1].isLast = true }
      ends.append(min(stretch.term.last, serviceEnd))
      let next = place + 1 < stretches.count ? stretches[place + 1].term.first.dayBefore : nil
      try holdOver(behind: stretch.term.last, before: next ?? .last)
    }
  }

  private mutating func plan(_ stretch: Contract.Stretch) throws(DateError) {
    for id in order(of: stretch) {
      let isPeriodic = contract.revisions[stretch.papers].contains { document in
        document.terms.payments.contains { payment in
          if case .every = payment.rhythm, payment.id == id { true } else { false }
        }
      }
      if isPeriodic {
        try periods(id, from: stretch.term.first, through: min(stretch.term.last, serviceEnd), number: periodsSoFar(id) + 1)
      } else if !payments.contains(where: { $0.id == id }) {
        instalment(id, stretch.papers)
      }
    }
  }

  /// The names of a stretch's payments in the order of its first paper; what a later one adds comes behind what has begun or fallen due by
  /// then, so that the order of what was settled never changes.
  private func order(of stretch: Contract.Stretch) -> [String] {
    var ids: [String] = []
    for index in stretch.papers {
      let document = contract.revisions[index]
      let day = document.revision.effectiveFrom
      let earlier = zip(stretch.papers, contract.revisions[stretch.papers]).prefix { $0.0 < index }.map(\.1)
      var place = (ids.lastIndex { id in earlier.contains { $0.hasBegun(id, before: day) } } ?? -1) + 1
      for id in document.terms.payments.map(\.id) {
        if let known = ids.firstIndex(of: id) {
          place = max(place, known + 1)
        } else {
          ids.insert(id, at: place)
          place += 1
        }
      }
    }
    return ids
  }

  private func periodsSoFar(_ id: String) -> Int {
    payments.count { if case .period(let payment, _) = $0.source, payment.id == id { true } else { false } }
  }

  /// The instalment as the paper has it that governs the day it falls due.
  private mutating func instalment(_ id: String, _ papers: Range<Int>) {
    var chosen: (Payment, Int)?
    for (index, document) in zip(papers, contract.revisions[papers]) {
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

  /// The service after the end of a term, each month as the paper has it that governs its last day.
  ///
  /// - Parameters:
  ///   - end: the last day of the term.
  ///   - limit: the last day before the next term.
  private mutating func holdOver(behind end: CivilDate, before limit: CivilDate) throws(DateError) {
    guard life.terminated == nil, let first = end.dayAfter, let held = life.heldOver(from: first, through: limit) else { return }
    let until = min(held, limit)
    guard case .sameTerms? = contract.inForce(on: first).terms.holdOver?.fee else { return try months(from: first, through: until) }
    for payment in contract.inForce(on: first).terms.payments {
      guard case .every = payment.rhythm else { continue }
      try periods(payment.id, from: first, through: until, number: periodsSoFar(payment.id) + 1)
    }
  }

  private mutating func months(from first: CivilDate, through until: CivilDate) throws(DateError) {
    var number = 0
    var start = first
    while start <= until {
      let last = try first.adding(months: number + 1).adding(days: -1)
      number += 1
      let period = DateRange(start, through: min(last, until))
      let revision = contract.revisionIndex(on: min(last, until))
      if let governing = contract.monthlyHoldOver(revision) ?? contract.monthlyHoldOver(contract.revisionIndex(on: start)) {
        let count = payments.count { if case .holdOver = $0.source { true } else { false } }
        payments.append(
          ScheduledPayment(
            id: "\(governing.id)-\(count + 1)", source: .holdOver(governing, count + 1), revision: revision, period: period,
            fullPeriod: DateRange(start, through: last)))
      }
      start = try last.adding(days: 1)
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
        if case .once(until: let day?) = payment.rhythm { closing = day } else { closing = end(behind: index) }
      } else {
        let last = payments[index].period?.last ?? .last
        closing = payments[index].isLast ? max(last, end(behind: index)) : last
      }
      guard let window = DateRange(open, through: closing) else { continue }
      payments[index].window = window
      guard let next = CivilDate(day: Int(closing.day) + 1) else { return }
      open = next
    }
  }
}

extension ScheduleBuilder {
  /// The last day that the last payment of a stretch takes up: of its term where service after expiry follows, otherwise the day before the
  /// next stretch.
  private func end(behind index: Int) -> CivilDate {
    let stretches = contract.stretches
    let place = contract.stretchIndex(of: payments[index].revision)
    let next = payments[(index + 1)...].first.map { contract.stretchIndex(of: $0.revision) }
    if next == place { return stretches[place].term.last }
    return place + 1 < stretches.count
      ? stretches[place + 1].term.first.dayBefore ?? stretches[place].term.last : stretches[place].term.last
  }
}

extension ContractDocument {
  /// Whether a payment of the paper fell due, or its periods began, before a day.
  fileprivate func hasBegun(_ id: String, before day: CivilDate) -> Bool {
    terms.payments.contains { payment in
      guard payment.id == id else { return false }
      if case .every = payment.rhythm { return terms.term.range.first < day }
      return payment.nominalDay(in: self) < day
    }
  }
}

extension Contract {
  /// What a paper says of months after expiry, where it prices them.
  func monthlyHoldOver(_ revision: Int) -> HoldOver? {
    guard let terms = revisions[revision].terms.holdOver, case .monthly = terms.fee else { return nil }
    return terms
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
