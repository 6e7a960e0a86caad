// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

@testable import Domain

/// Statements confirmed one after the other while facts go on coming in, as an office would.
private struct ConfirmingOffice {
  let contract: Contract
  let packs: RulePacks
  let years: [StatementSnapshot.Year]
  let papers: [StatementSnapshot.Document]
  var random: SeededGenerator
  /// What is on record now, what will yet be recorded, and what was voided.
  var known: [Fact] = []
  var coming: [Fact]
  var snapshots: [StatementSnapshot] = []
  var confirmed: [ConfirmedStatement] = []

  init(_ contract: Contract, _ years: [CalendarYear], _ packs: RulePacks, facts: [Fact], random: SeededGenerator) {
    (self.contract, self.packs, self.random) = (contract, packs, random)
    let digest = String(repeating: "0", count: 64)
    self.years = years.map { StatementSnapshot.Year(year: $0, sha256: digest) }
    papers = contract.revisions.indices.map { StatementSnapshot.Document(name: contract.id, revision: $0 + 1, sha256: digest) }
    coming = facts
    coming.shuffle(using: &self.random)
  }

  /// Some facts are recorded, few of those on record voided.
  mutating func goOn() {
    let count = Int.random(in: 0...(coming.count + 1) / 2, using: &random)
    known += coming.suffix(count)
    coming.removeLast(count)
    known.removeAll { _ in Int.random(in: 0..<40, using: &random) == 0 }
  }

  /// Confirms the next statement of the plan, if there is one.
  ///
  /// - Returns: whether there was.
  mutating func confirm(asOf day: CivilDate) throws -> Bool {
    let inputs = StatementSnapshot.Inputs(facts: known, papers: papers, calendar: years, packs: [], confirmed: confirmed)
    let schedule = try Schedule(contract, packs: packs, life: ServiceLife(known, asOf: day))
    guard let next = schedule.payments.first(where: { payment in !confirmed.contains { $0.payment == payment.id } }) else { return false }
    let (snapshot, statement) = try StatementSnapshot.make(of: next.id, contract, inputs, packs: packs, asOf: day)
    snapshots.append(snapshot)
    confirmed.append(try ConfirmedStatement(statement))
    return true
  }
}

@Suite("Confirmed statements of random facts")
struct SnapshotReplayTests {
  static let goal = 1000

  private static func contracts() throws -> [Contract] {
    let tenants = try RepositoryFiles.tenants().map { try RepositoryFiles.tenant($0) }
    let sixth = try RepositoryFiles.decodeTenant(RepositoryFiles.directory("Tests/Offices/yunling"))
    return (tenants + [sixth]).flatMap { $0.contracts.map(\.contract) }
  }

  /// The calendar's years around a contract's term: what is not known is waited for.
  private static func years(around term: DateRange) throws -> [CalendarYear] {
    try RepositoryFiles.calendarYears().filter { (term.first.year...term.last.year + 1).contains($0.year) }
  }

  @Test("a thousand of them, settled again from what they keep, give the same bytes; what came later is corrected to the fen")
  func replay() async throws {
    let seed = SeededGenerator.freshSeed
    let contracts = try Self.contracts()
    let packs = try RepositoryFiles.rulePacks()
    // Each contract by itself, as many times as it takes.
    let (count, correcting) = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
      for contract in contracts {
        group.addTask { try Self.live(contract, packs, seed: seed, atLeast: Self.goal / contracts.count + 1) }
      }
      return try await group.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
    }
    #expect(count >= Self.goal && correcting > Self.goal / 20, "\(count) confirmed, \(correcting) of them correct others, seed \(seed)")
  }

  @Test("a payment that comes to stand before a confirmed one does not take in once more what that one took in")
  func insertedPayment() throws {
    // In this life the term is prolonged after the retention was confirmed.
    let contract = try #require(try Self.contracts().first { $0.id == "hotline-2026" })
    _ = try Self.live(contract, try RepositoryFiles.rulePacks(), seed: 5_624_154_403_011_395_652, atLeast: 1)
  }

  /// Lives through one contract as many times as it takes.
  ///
  /// - Returns: how many statements were confirmed and settled again, and how many of them correct others.
  private static func live(_ contract: Contract, _ packs: RulePacks, seed: UInt64, atLeast goal: Int) throws -> (Int, Int) {
    let years = try years(around: contract.term)
    let calendar = try WorkingCalendar(years)
    var (count, correcting) = (0, 0)
    var round: UInt64 = 0
    while count < goal {
      let own = seed &+ round
      round += 1
      let lived = try live(contract, calendar, years, packs, seed: own, "contract \(contract.id), seed \(own)")
      count += lived.confirmed
      correcting += lived.correcting
    }
    return (count, correcting)
  }

  /// Lives through one contract with facts at random.
  ///
  /// - Returns: how many statements were confirmed and settled again, and how many of them correct others.
  private static func live(
    _ contract: Contract, _ calendar: WorkingCalendar, _ years: [CalendarYear], _ packs: RulePacks, seed: UInt64, _ said: Comment
  ) throws -> (confirmed: Int, correcting: Int) {
    var maker = RandomFacts(contract, calendar, packs, seed: seed)
    let facts = try maker.make()
    var office = ConfirmingOffice(contract, years, packs, facts: facts, random: maker.random)
    var day = contract.term.first
    office.goOn()
    // Not always to the end of the plan.
    let last = Int.random(in: 1...20, using: &office.random)
    for _ in 1...last where try office.confirm(asOf: day) {
      office.goOn()
      day = try day.adding(days: Int.random(in: 0...120, using: &office.random))
    }
    for snapshot in office.snapshots {
      let bytes = snapshot.bytes
      let read = try StatementSnapshot.shape.decode(bytes: bytes).get()
      let again = try read.replayed(contract, packs: packs, facts: read.inputs.facts.shuffled(using: &office.random))
      #expect(again.snapshot.bytes == bytes, said)
      // Another fact, or one fewer, is noticed.
      if Int.random(in: 0..<8, using: &office.random) == 0, let one = read.inputs.facts.first {
        #expect(try read.replayed(contract, packs: packs, facts: read.inputs.facts.filter { $0 != one }).snapshot.bytes != bytes, said)
      }
    }
    office.known += office.coming
    try expectWhole(office, calendar, asOf: max(day, contract.term.last.adding(days: 100)), said)
    return (office.snapshots.count, office.confirmed.count { $0.accounts.count > 1 })
  }

  /// Everything that was confirmed, and what is still open with its corrections, comes to what the facts come to in the end.
  private static func expectWhole(_ office: ConfirmingOffice, _ calendar: WorkingCalendar, asOf day: CivilDate, _ said: Comment) throws {
    let fresh = try Settlement(office.contract, facts: office.known, calendar: calendar, packs: office.packs, asOf: day)
    let open = try Settlement(
      office.contract, facts: office.known, calendar: calendar, packs: office.packs, asOf: day, confirmed: office.confirmed
    ).open()
    let whole = try fresh.statements().map { try ConfirmedStatement($0) }
    let taken = office.confirmed.flatMap(\.accounts)
    let opened = try open.statements.map { try ConfirmedStatement($0) }.flatMap(\.accounts)
    if open.corrections.isEmpty {
      #expect(
        try Fen.sum((taken + opened).map(\.lines)) == Fen.sum(whole.flatMap(\.accounts).map(\.lines)), said)
    }
    for statement in open.statements {
      #expect(try Fen.sum(statement.lines.map(\.amount)) == statement.payable && !statement.payable.isNegative, said)
      for line in statement.lines where line.kind == .correction { #expect(line.correction != nil && line.amount != .zero, said) }
    }
    // Only one statement takes corrections in.
    #expect(open.statements.count { $0.lines.contains { $0.kind == .correction } } <= 1, said)
    // What is carried over starts where the confirmed ones end.
    if let first = open.statements.first, let last = office.confirmed.last {
      #expect(try Fen.sum(first.lines.filter { $0.kind == .carryIn }.map(\.amount)).negated() == last.carriedOut, said)
    }
  }

  /// What a payment's statement rests on, and the statement as it is made now.
  private static func snapshot(of payment: String, _ bench: Bench, asOf: String) throws -> StatementSnapshot {
    let digest = String(repeating: "0", count: 64)
    let inputs = StatementSnapshot.Inputs(
      facts: bench.facts, papers: [.init(name: bench.contract.id, revision: 1, sha256: digest)],
      calendar: try years(around: bench.contract.term).map { .init(year: $0, sha256: digest) }, packs: [], confirmed: [])
    return try StatementSnapshot.make(
      of: payment, bench.contract, inputs, packs: bench.packs, asOf: #require(CivilDate(asOf))
    ).snapshot
  }

  /// A snapshot with other words in it, as it was kept then.
  private static func kept(_ snapshot: StatementSnapshot, with words: [(now: String, then: String)]) throws -> StatementSnapshot {
    var text = String(decoding: snapshot.bytes, as: UTF8.self)
    for (now, then) in words {
      #expect(text.contains(now))
      text = text.split(separator: now, omittingEmptySubsequences: false).joined(separator: then)
    }
    return try StatementSnapshot.shape.decode(JSON.parse(Array(text.utf8))).get()
  }

  @Test("one that was confirmed before lines of several bounded cases said their bounds is settled again to its own bytes")
  func unsaidBounds() throws {
    let hotline = try Papers("Tests/Offices/yunling/contracts/hotline-2026/original.json")
    let bounds: (String, JSON) = ("/consequences/dropped-calls/pays/bounds", ["case": ["atMost": ["fixed": "30.00"]]])
    var bench = try Bench(Contract([hotline.with([bounds]).original()]))
    for day in 10...14 { try bench.incident("dropped-call", "2026-02-\(day)", subject: "call-\(day)") }
    try bench.record("2026-02-20", .incident(.init(kind: "dropped-call", subject: "a", quantity: 40)))
    let new = try Self.snapshot(of: "month-2", bench, asOf: "2026-05-01")
    let then = [(now: "（超过上限，按 30.00 元 计）", then: ""), (now: " (above the ceiling, so 30.00 yuan)", then: "")]
    let stored = try Self.kept(new, with: then)
    let again = try stored.replayed(bench.contract, packs: bench.packs)
    #expect(again.snapshot.bytes == stored.bytes)
    #expect(try again.statement.payable == new.replayed(bench.contract, packs: bench.packs).statement.payable)
    // Another amount is another statement, in whatever words.
    let dearer = try Self.kept(new, with: then + [(now: "1,260.00", then: "1,250.00")])
    #expect(try dearer.replayed(bench.contract, packs: bench.packs).snapshot.bytes != dearer.bytes)
  }

  @Test("one that was confirmed while a month after expiry had a Chinese colon in English is settled again to its own bytes")
  func wideColon() throws {
    var bench = try Bench(tenant: "fangshan")
    try bench.event("heldOver", "2023-01-01", until: "2023-03-31")
    let new = try Self.snapshot(of: "hold-over-1", bench, asOf: "2023-04-01")
    let stored = try Self.kept(new, with: [(now: "2023-01-31: 349,791.67", then: "2023-01-31：349,791.67")])
    #expect(try stored.replayed(bench.contract, packs: bench.packs).snapshot.bytes == stored.bytes)
  }
}
