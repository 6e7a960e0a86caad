// SPDX-License-Identifier: Apache-2.0
import Base
import Domain

/// What may have happened under a contract: its grades and scores, incidents of every kind, invoices, late payments.
struct InventedLife {
  private(set) var facts: [Fact] = []
  /// The day on which all of it is settled.
  let asOf: CivilDate

  private var random: UInt64

  /// - Parameters:
  ///   - seed: the same number, the same life.
  ///   - incidents: how many there are of each kind, but of breaches.
  init(of contract: Contract, packs: RulePacks, seed: Int, incidents: Int = 4) throws {
    asOf = try contract.term.last.adding(days: 60)
    random = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    let schedule = try Schedule(contract, packs: packs, life: .asAgreed)
    try addAppraisal(contract, schedule)
    try addIncidents(contract, of: incidents)
    for payment in schedule.payments {
      let end = min(payment.period?.last ?? contract.term.last, contract.term.last)
      try record(end, .event(.init(.known(.appraisalConfirmed), payment: payment.id)))
      try record(end, .invoice(payment: payment.id, amount: Fen(100_000_00)))
      try record(end.adding(days: 20 + draw(40)), .payment(payment: payment.id, amount: Fen(100_000_00)))
    }
    try record(contract.term.last, .event(.init(.known(.deliverablesSubmitted))))
    try record(contract.term.last.adding(days: 10), .event(.init(.known(.accepted))))
  }

  private mutating func addAppraisal(_ contract: Contract, _ schedule: Schedule) throws {
    let appraisal = contract.latest.appraisal
    let months = Self.months(of: contract.term)
    let periods = schedule.payments.map(\.id)
    for series in appraisal.grades {
      for occasion in series.pace == .month ? months : periods {
        try record(contract.term.last, .grade(series: series.id, period: occasion, grade: series.scale[draw(series.scale.count)].grade))
      }
    }
    for series in appraisal.scores {
      for occasion in series.pace == .month ? months : periods {
        for subject in series.subject == .staff ? (1...6).map({ "person-\($0)" }) : [nil] {
          try record(
            contract.term.last,
            .score(series: series.id, period: occasion, subject: subject, value: Rational(Int128(60 + draw(41)), over: 1)))
        }
      }
    }
  }

  private mutating func addIncidents(_ contract: Contract, of each: Int) throws {
    for kind in contract.latest.appraisal.incidents {
      for _ in 0..<(kind.subject == .party ? min(each, 4) : each) {
        let day = try contract.term.first.adding(days: draw(max(1, contract.term.days)))
        try record(
          day,
          .incident(.init(kind: kind.id, subject: "person-\(1 + draw(6))", amount: Fen(Int64(100 + draw(400)) * 100), by: .vendor)))
      }
    }
  }

  private mutating func record(_ day: CivilDate, _ body: FactBody) throws {
    let moment = try Instant(day).adding(minutes: Int64(facts.count))
    let id = UUIDv7(at: moment, random: UInt64(facts.count))
    facts.append(Fact(id: id, recordedAt: moment, content: FactContent(on: day, body: body)))
  }

  /// A number below `bound`, by Marsaglia's xorshift.
  private mutating func draw(_ bound: Int) -> Int {
    random ^= random << 13
    random ^= random >> 7
    random ^= random << 17
    return Int(random % UInt64(bound))
  }

  /// `2025-08` and so on, for every month that the term touches.
  private static func months(of term: DateRange) -> [String] {
    var labels: [String] = []
    for day in term.first.day...term.last.day {
      guard let date = CivilDate(day: Int(day)) else { continue }
      let label = String(date.description.prefix(7))
      if labels.last != label { labels.append(label) }
    }
    return labels
  }
}
