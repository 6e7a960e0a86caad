// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Postgres
import Store

/// How a vendor does under one contract: payment by payment what was found and what it costs, what is late, what is to come in.
struct VendorRecord: Sendable {
  /// A payment's period, by the facts as they are known now, whether or not its statement is confirmed.
  struct Period: Sendable {
    let payment: String
    let name: Text
    let days: DateRange?
    /// The price, what rules take off it, and what they add.
    let fees: Fen
    let deductions: Fen
    let rewards: Fen
    /// Confirmed incidents of its days.
    let incidents: Int
    /// The vendor's obligations that were missed, by their last day.
    let missed: Int
    /// What scores came to on the average, and what grades were given.
    let scores: [SeriesPoints]
    let grades: [SeriesGrade]
  }

  /// What comes in: in all, so far, and still.
  struct Income: Sendable {
    var expected = Fen.zero
    var paid = Fen.zero
    var open = Fen.zero

    mutating func add(_ other: Income) throws(ArithmeticError) {
      expected = try expected + other.expected
      paid = try paid + other.paid
      open = try open + other.open
    }
  }

  let contract: ContractStore.Row
  let term: DateRange
  let periods: [Period]
  let summaries: [SettlementSummary]
  let states: [String: SettlementLife.State]
  /// What the vendor has missed and still not done.
  let late: Int
  let income: Income
  /// How many incidents are proposed, confirmed, rejected.
  let incidents: [String: Int]

  /// Reads a contract's record.
  ///
  /// - Returns: nil where it has no papers.
  /// - Throws: `SettlementError` where it cannot be worked out, and what the database throws.
  static func read(
    _ contract: ContractStore.Row, in tenant: TenantID, at now: Instant, _ services: Services
  ) async throws -> VendorRecord? {
    guard let dossier = try await services.dossiers.dossier(of: contract.id, in: tenant, on: services.lanes) else { return nil }
    let (lives, counts) = (SettlementStore.lives(of: contract.id, in: tenant), IncidentStore.counts(of: contract.id, in: tenant))
    let answers = try await services.lanes.rows([lives.statement, counts.statement], in: .tenant(tenant.number), .read)
    let settlement = try dossier.settlement(asOf: now.date)
    let obligations = try settlement.obligations(at: now).filter { $0.bearer.includes(.vendor) }
    let asKnown = try Settlement(
      dossier.contract, facts: dossier.facts, calendar: dossier.calendar, packs: dossier.packs, asOf: now.date)
    let periods = try asKnown.statements().map { try Period($0, dossier.facts, obligations, asKnown) }
    let summaries = try SettlementSummary.all(dossier, settlement)
    var income = Income()
    for summary in summaries {
      // What was paid too much comes in all the same.
      let open = max(try summary.payable - summary.paid, .zero)
      try income.add(Income(expected: try summary.paid + open, paid: summary.paid, open: open))
    }
    return VendorRecord(
      contract: contract, term: dossier.contract.term, periods: periods, summaries: summaries,
      states: Dictionary(try answers[0].decoded(by: lives).map { ($0.payment, $0.life.state) }) { first, _ in first },
      late: obligations.count(where: \.isLate), income: income,
      incidents: Dictionary(try answers[1].decoded(by: counts).map { ($0.state.rawValue, $0.count) }) { first, _ in first })
  }

  // MARK: Writing

  /// Writes the periods that have begun, with what the reader may know of them.
  func writePeriods(on today: CivilDate, _ sight: Sight, to writer: inout JSONWriter) throws {
    writer.beginArray()
    for period in periods where period.days.map({ $0.first <= today }) ?? true {
      writer.beginObject()
      writer.key("payment")
      writer.string(period.payment)
      writer.key("name")
      writer.text(period.name)
      writer.key("from")
      writer.optional(period.days.map { "\($0.first)" })
      writer.key("to")
      writer.optional(period.days.map { "\($0.last)" })
      writer.key("missedObligations")
      writer.integer(period.missed)
      writer.key("confirmedIncidents")
      if sight.incidents { writer.integer(period.incidents) } else { writer.null() }
      for (name, amount) in [("fees", period.fees), ("deductions", period.deductions), ("rewards", period.rewards)] {
        writer.key(escaping: name)
        if sight.money { writer.fen(amount) } else { writer.null() }
      }
      writer.key("scores")
      writer.value(sight.scores ? .array(try period.scores.compactMap { try $0.mean }) : .null)
      writer.key("grades")
      writer.value(
        sight.grades
          ? .array(
            period.grades.map { ["series": .string($0.series.id), "period": .string($0.occasion), "grade": .string($0.grade)] }) : .null)
      writer.endObject()
    }
    writer.endArray()
  }

  func writeSummaries(to writer: inout JSONWriter) {
    writer.beginArray()
    for summary in summaries { summary.write(state: states[summary.payment] ?? .draft, to: &writer) }
    writer.endArray()
  }

  func writeIncidents(to writer: inout JSONWriter) {
    writer.beginObject()
    for state in Incident.State.allCases {
      writer.key(escaping: state.rawValue)
      writer.integer(incidents[state.rawValue] ?? 0)
    }
    writer.endObject()
  }

  /// What a reader may know beside the contract itself.
  struct Sight: Sendable {
    let incidents: Bool
    let money: Bool
    let people: Bool
    let shifts: Bool
    let scores: Bool
    let grades: Bool

    init(_ membership: Membership, _ scopes: PermissionSet?, at now: Instant) {
      incidents = membership.may(.incidentRead, scopes: scopes, at: now)
      money = membership.may(.settlementRead, scopes: scopes, at: now)
      people = membership.may(.staffRead, scopes: scopes, at: now)
      shifts = membership.may(.shiftRead, scopes: scopes, at: now)
      scores = membership.may(.scoreRead, scopes: scopes, at: now)
      grades = membership.may(.gradeRead, scopes: scopes, at: now)
    }
  }
}

extension VendorRecord.Income {
  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("expected")
    writer.fen(expected)
    writer.key("paid")
    writer.fen(paid)
    writer.key("open")
    writer.fen(open)
    writer.endObject()
  }
}

extension VendorRecord.Period {
  fileprivate init(
    _ statement: SettlementStatement, _ facts: [Fact], _ obligations: [Obligation], _ settlement: Settlement
  ) throws {
    let days = statement.payment.period
    let fees = statement.lines.filter { $0.kind == .fee }.map(\.amount)
    // What is withheld, carried over or corrected is no judgement on the period.
    let judged = statement.lines.filter { [.charge, .bound, .cap].contains($0.kind) }.map(\.amount)
    self.init(
      payment: statement.payment.id, name: statement.payment.name, days: days, fees: try Fen.sum(fees),
      deductions: try Fen.sum(judged.filter(\.isNegative)), rewards: try Fen.sum(judged.filter { !$0.isNegative }),
      incidents: facts.count { fact in
        if case .incident = fact.body { days?.contains(fact.on) ?? false } else { false }
      },
      missed: obligations.count { obligation in
        obligation.state == .missed && obligation.date.flatMap { date in days?.contains(date.lastDay) } ?? false
      }, scores: try settlement.points(in: statement.payment.id), grades: settlement.grades(in: statement.payment.id))
  }
}

extension SeriesPoints {
  /// What it comes to on the average; nil where nobody has points.
  fileprivate var mean: JSON? {
    get throws {
      try meanWords().map { mean in
        [
          "series": .string(series.id), "period": .string(occasion), "mean": .string(mean), "subjects": .integer(Int64(subjects.count)),
        ]
      }
    }
  }
}
