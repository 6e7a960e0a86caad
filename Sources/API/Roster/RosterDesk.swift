// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// What a caller works on rosters with: the rules and demands of the contracts that they see, and who works under them.
struct RosterDesk: Sendable {
  let book: RosterBook
  /// The contracts that the caller sees: of a vendor's people those of their own organisation.
  let contracts: [String]
  private let call: Call
  private let services: Services

  /// - Parameter contract: where only one is asked for.
  /// - Throws: 404 for a contract that is not there for the caller; 409 where a calendar's year is missing between others.
  init(_ call: Call, _ services: Services, of contract: String? = nil) async throws {
    (self.call, self.services) = (call, services)
    let tenant = try call.office.tenant
    let context = Context.tenant(tenant.number)
    let seen = try await services.contracts(seenBy: call)
    if let contract, !seen.contains(contract) { throw Problem.notFound }
    self.contracts = contract.map { [$0] } ?? seen
    let rules = try RosterRulesStore.revisions(await services.lanes.query(RosterRulesStore.revisions(in: tenant), in: context))
    var demands: [PostDemand] = []
    for contract in self.contracts {
      let ends = FactStore.ends(of: contract, in: tenant)
      guard
        let (papers, answers) = try await services.dossiers.contract(of: contract, in: tenant, on: services.lanes, asking: [ends.statement])
      else { continue }
      // Whatever is on record, of days to come too: a service that goes on without an end is to be staffed until one is recorded.
      demands += PostDemand.all(of: papers, life: ServiceLife(try answers[0].decoded(by: ends), asOf: .last))
    }
    book = RosterBook(revisions: rules, demands: demands, calendar: try await services.dossiers.calendar(on: services.lanes))
  }

  /// The slots that begin on days.
  func slots(in days: DateRange) throws(CalendarError) -> [Slot] {
    try book.slots(in: days).filter { contracts.contains($0.contract) }
  }

  /// The side that the rules leave a kind of decisions to, as they are in force on a day; the office where none are.
  func side(deciding what: KeyPath<RosterRules.Approvals, Party>, on day: CivilDate) -> Party {
    book.inForce(on: day)?.rules.approvals[keyPath: what] ?? .office
  }

  /// Whether the caller is the vendor, and the rules leave a kind of decisions to the office.
  func needsOffice(_ what: KeyPath<RosterRules.Approvals, Party>, on day: CivilDate) throws -> Bool {
    try call.office.membership.side == .vendor && book.inForce(on: day)?.rules.approvals[keyPath: what] == .office
  }

  /// The slots that reach into days: what began the day before and goes on is wanted too.
  func wanted(in days: DateRange) throws(CalendarError) -> [Slot] {
    try slots(in: DateRange(CivilDate(day: Int(days.first.day) - 1) ?? days.first, orThrough: days.last))
  }

  // MARK: People

  /// Those who may be put on the roster of some days, with what they do around them.
  struct Staff: Sendable {
    let people: [RosterPerson]
    let rest: RosterRules.Rest
    let planned: [PlannedDuty]
    /// How often each person's shifts and leave had changed before they were read.
    fileprivate let ages: [String: Int64]
    fileprivate let window: Range<Instant>

    var standIns: StandIns { StandIns(people, rest, shifts: planned.map(\.shift)) }
  }

  /// - Throws: what the database throws.
  func staff(for days: DateRange) async throws -> Staff {
    let tenant = try call.office.tenant
    let window = Self.window(days)
    let ages = RosterStore.ages(in: window, in: tenant)
    let held = RosterStore.held(of: contracts, in: days, in: tenant)
    let away = RosterStore.away(in: window, in: tenant)
    let duty = ShiftStore.duty(in: window, in: tenant)
    // The ages come first: what changes after they are read is noticed when something is written.
    let results = try await services.lanes.rows(
      [ages.statement, held.statement, away.statement, duty.statement], in: .tenant(tenant.number), .read)
    let known = try results[0].decoded(by: ages)
    let people = try RosterStore.people(results[1].decoded(by: held), results[2].decoded(by: away))
    return Staff(
      people: book.manned(people, in: days), rest: book.rest(in: days), planned: try results[3].decoded(by: duty),
      ages: Dictionary(known.map { ($0.person, $0.age) }) { first, _ in first }, window: window)
  }

  /// As far around days as rest looks: the months that they touch, and as many days as may be worked in a row.
  private static func window(_ days: DateRange) -> Range<Instant> {
    let (year, month, _) = days.first.components
    let (lastYear, lastMonth, _) = days.last.components
    let first = CivilDate(year: year, month: month, day: 1).flatMap { CivilDate(day: Int($0.day) - 33) } ?? .first
    let last =
      CivilDate(year: lastYear, month: lastMonth, day: CivilDate.days(inMonth: lastMonth, of: lastYear))
      .flatMap { CivilDate(day: Int($0.day) + 33) } ?? .last
    return DateRange(first, orThrough: last).time
  }

  /// What has whoever changes these people's rosters take their turn; see `RosterStore.hold`.
  func hold(_ people: some Sequence<String>, as read: Staff) throws -> [Statement] {
    let people = Set(people).sorted()
    return RosterStore.hold(people, age: people.reduce(0) { $0 + (read.ages[$1] ?? 0) }, in: read.window, in: try call.office.tenant)
  }

  // MARK: Questions

  static let dayParameters = [
    Operation.Parameter("from", Text(zh: "首日", en: "The first day"), schema: ["type": "string", "format": "date"]),
    Operation.Parameter("to", Text(zh: "末日（含）", en: "The last day, included"), schema: ["type": "string", "format": "date"]),
  ]

  static func day(_ name: String, _ query: HTTP.Query) throws -> CivilDate? {
    guard let text = query[name] else { return nil }
    guard let day = CivilDate(text) else {
      throw Problem.badQuery(name, Text(zh: "\(name) 须为 YYYY-MM-DD。", en: "\(name) must be YYYY-MM-DD."))
    }
    return day
  }

  /// The days between `from` and `to`, either of which may be missing.
  static func openDays(_ query: HTTP.Query) throws -> DateRange {
    guard let days = DateRange(try day("from", query) ?? .first, through: try day("to", query) ?? .last) else {
      throw Problem.badQuery("to", Text(zh: "须不早于 from。", en: "This must not be before from."))
    }
    return days
  }

  static let monthParameters = [
    Operation.Parameter(
      "month", Text(zh: "月份，如 2026-03，默认本月", en: "The month, such as 2026-03; this one unless told"),
      schema: ["type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"]),
    Operation.Parameter("contract", Text(zh: "只看此合同", en: "Of this contract only")),
  ]

  /// The month that is asked for, this one unless told.
  static func month(_ call: Call) throws -> DateRange {
    guard let month = DateRange(month: call.request.target.query["month"] ?? call.now.date.month) else {
      throw Problem.badQuery("month", Text(zh: "month 须为月份，如 2026-03。", en: "month must be a month, such as 2026-03."))
    }
    return month
  }

  /// How many days a question may be about.
  static let mostDays = 92

  /// The days between `from` and `to`, both of which must be there.
  static func days(_ query: HTTP.Query) throws -> DateRange {
    guard let from = try day("from", query) else { throw Problem.badQuery("from", Text(zh: "须写明 from。", en: "from must be given.")) }
    guard let to = try day("to", query) else { throw Problem.badQuery("to", Text(zh: "须写明 to。", en: "to must be given.")) }
    guard let days = DateRange(from, through: to), days.days <= mostDays else {
      throw Problem.badQuery(
        "to", Text(zh: "须不早于 from，且至多 \(mostDays) 天。", en: "This must not be before from, and at most \(mostDays) days."))
    }
    return days
  }
}

extension Problem {
  /// 409: the other side decides on it.
  static func needsApproval(_ detail: Text) -> Problem { .conflict("needs-approval", detail) }

  /// 409: rosters were changed while this was worked out.
  static let rosterChanged = Problem.conflict(
    "roster-changed", Text(zh: "排班在此期间有变动，请重试。", en: "The roster was changed meanwhile; try again."))
}
