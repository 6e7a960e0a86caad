// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

/// A contract of the repository with facts being put on record, as a test tells its story.
struct Bench {
  let contract: Contract
  private(set) var calendar: WorkingCalendar
  let packs: RulePacks
  private(set) var facts: [Fact] = []
  /// How many were put on record, those taken off again among them.
  private var count = 0

  init(_ contract: Contract) throws {
    self.contract = contract
    calendar = try RepositoryFiles.calendar()
    packs = try RepositoryFiles.rulePacks()
  }

  init(tenant: String) throws { try self.init(try #require(RepositoryFiles.tenant(tenant).contracts.first).contract) }

  /// Puts a fact on record; each gets an identity and a moment of its own.
  @discardableResult
  mutating func record(_ on: String, _ body: FactBody, at instant: Instant? = nil) throws -> UUIDv7 {
    let day = try #require(CivilDate(on))
    let moment = try Instant(day).adding(minutes: Int64(count))
    let content = FactContent(on: day, at: instant, body: body)
    let fact = Fact(id: UUIDv7(at: moment, random: UInt64(count)), recordedAt: moment, content: content)
    facts.append(fact)
    count += 1
    return fact.id
  }

  mutating func incident(_ kind: String, _ on: String, _ amount: String? = nil, subject: String? = nil, by: Party? = nil) throws {
    try record(on, .incident(.init(kind: kind, subject: subject, amount: amount.map { try #require(Fen(yuan: $0)) }, by: by)))
  }

  /// Takes a fact off the record, as one that voids it does.
  mutating func void(_ fact: UUIDv7) { facts.removeAll { $0.id == fact } }

  @discardableResult
  mutating func event(
    _ name: String, _ on: String, until: String? = nil, agreed: String? = nil, payment: String? = nil, at: String? = nil
  ) throws -> UUIDv7 {
    let days = try (until.map { try #require(CivilDate($0)) }, agreed.map { try #require(CivilDate($0)) })
    return try record(
      on, .event(.init(ContractEvent(name), until: days.0, agreed: days.1, payment: payment)), at: at.map { try #require(Instant($0)) })
  }

  mutating func invoice(_ payment: String, _ on: String, _ amount: String) throws {
    try record(on, .invoice(payment: payment, amount: try #require(Fen(yuan: amount))))
  }

  mutating func pay(_ payment: String, _ on: String, _ amount: String) throws {
    try record(on, .payment(payment: payment, amount: try #require(Fen(yuan: amount))))
  }

  mutating func score(_ series: String, _ period: String, _ subject: String?, _ value: String, on: String) throws {
    try record(on, .score(series: series, period: period, subject: subject, value: try #require(Rational(decimal: value))))
  }

  mutating func grade(_ series: String, _ period: String, _ grade: String, on: String) throws {
    try record(on, .grade(series: series, period: period, grade: grade))
  }

  func settlement(asOf: String) throws -> Settlement {
    try Settlement(contract, facts: facts, calendar: calendar, packs: packs, asOf: try #require(CivilDate(asOf)))
  }

  func obligations(at: String) throws -> [Obligation] {
    let now = try #require(Instant(at))
    return try Settlement(contract, facts: facts, calendar: calendar, packs: packs, asOf: now.date).obligations(at: now)
  }

  /// As if the calendars from a year on had not been published yet.
  mutating func forgetYears(from year: Int) throws {
    calendar = try WorkingCalendar(RepositoryFiles.calendarYears().filter { $0.year < year })
  }

  /// The same with every calendar.
  func withWholeCalendar() throws -> Bench {
    var copy = self
    copy.calendar = try RepositoryFiles.calendar()
    return copy
  }

  func statement(_ payment: String, asOf: String) throws -> SettlementStatement { try settlement(asOf: asOf).statement(of: payment) }
}

extension SettlementStatement {
  var dueDay: String? { if case .by(let due) = due { due.lastDay.description } else { nil } }

  func line(_ rule: String, _ kind: Line.Kind = .charge) -> Line? { (lines + claims).first { $0.rule == rule && $0.kind == kind } }
}
