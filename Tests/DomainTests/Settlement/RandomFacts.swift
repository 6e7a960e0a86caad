// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

/// Facts at random that a contract would let be recorded.
struct RandomFacts {
  let contract: Contract
  let calendar: WorkingCalendar
  let packs: RulePacks
  var random: SeededGenerator
  private var facts: [Fact] = []

  init(_ contract: Contract, _ calendar: WorkingCalendar, _ packs: RulePacks, seed: UInt64) {
    (self.contract, self.calendar, self.packs) = (contract, calendar, packs)
    random = SeededGenerator(seed: seed)
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  mutating func day() throws -> CivilDate {
    let term = contract.term
    return try term.first.adding(days: Int.random(in: 0..<term.days, using: &random))
  }

  mutating func add(_ on: CivilDate, _ body: FactBody) throws {
    let moment = try Instant(on).adding(minutes: Int64(facts.count))
    facts.append(Fact(id: UUIDv7(at: moment, random: random.next()), recordedAt: moment, content: FactContent(on: on, body: body)))
  }

  mutating func make() throws -> [Fact] {
    let document = contract.original
    let schedule = try Schedule(contract, packs: packs, life: .asAgreed)
    let check = try FactCheck(contract, packs: packs, life: .asAgreed)
    for kind in document.appraisal.incidents {
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        for _ in 0..<20 {
          let fen = Fen(Int64.random(in: 1...(chance(30) ? 60_000_000 : 100_000), using: &random))
          let incident = FactBody.Incident(
            kind: kind.id, subject: kind.subject == .staff ? "person-\(Int.random(in: 1...3, using: &random))" : nil,
            quantity: chance(80) ? 1 : Int.random(in: 2...5, using: &random), amount: chance(60) ? fen : nil,
            points: kind.points?.upTo, by: chance(50) ? .vendor : .office)
          let content = FactContent(on: try day(), body: .incident(incident))
          guard check.faults(in: content).isEmpty else { continue }
          try add(content.on, content.body)
          break
        }
      }
    }
    for payment in schedule.payments {
      let end = payment.period?.last ?? contract.term.last
      if chance(85) {
        try add(try end.adding(days: Int.random(in: -20...20, using: &random)), .invoice(payment: payment.id, amount: Fen(100)))
      }
      if chance(70) { try add(end, .event(.init(.known(.appraisalConfirmed), payment: payment.id))) }
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        try add(
          try end.adding(days: Int.random(in: -10...200, using: &random)),
          .payment(payment: payment.id, amount: Fen(Int64.random(in: 1...100_000_000, using: &random))))
      }
    }
    for series in document.appraisal.grades {
      for period in periods(series.pace, schedule) where chance(85) {
        let grade = series.scale[Int.random(in: series.scale.indices, using: &random)].grade
        try add(contract.term.last, .grade(series: series.id, period: period, grade: grade))
      }
    }
    for series in document.appraisal.scores {
      for period in periods(series.pace, schedule) where chance(85) {
        for person in 1...(series.subject == .team ? 1 : 3) {
          let value = try Rational(Int128.random(in: 0...1000, using: &random), over: 10)
          try add(
            contract.term.last,
            .score(series: series.id, period: period, subject: series.subject == .team ? nil : "person-\(person)", value: value))
        }
      }
    }
    let events =
      document.appraisal.events.map { ContractEvent.declared($0.id) } + [
        .known(.deliverablesSubmitted), .known(.accepted), .known(.rejected), .known(.cured),
      ]
    // Some happen twice.
    for event in events + events.filter({ _ in chance(30) }) where chance(60) {
      let on = try day()
      try add(
        on,
        .event(
          .init(
            event, until: chance(30) ? try on.adding(days: 20) : nil, agreed: try on.adding(days: Int.random(in: 0...40, using: &random)))))
    }
    if chance(15) { try add(try day(), .event(.init(.known(.terminated)))) }
    if chance(20), document.terms.audit != nil {
      try add(contract.term.last, .audited(Fen(Int64.random(in: 0...400_000_000, using: &random))))
    }
    if chance(15), document.terms.holdOver != nil {
      let first = try contract.term.last.adding(days: 1)
      try add(first, .event(.init(.known(.heldOver), until: try first.adding(days: Int.random(in: 5...100, using: &random)))))
    }
    return facts
  }

  private func periods(_ pace: SeriesPace, _ schedule: Schedule) -> [String] {
    schedule.payments.flatMap { $0.occasions(pace, of: contract).map(\.label) }
  }
}
