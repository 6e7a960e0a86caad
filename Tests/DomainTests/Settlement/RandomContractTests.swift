// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc
import Testing

@testable import Domain

/// What holds for any facts under any contract that the vocabulary can say.
@Suite("Settlements under random contracts")
struct RandomContractTests {
  /// How many contracts; `JIESU_PROPERTY_ROUNDS` sets another number.
  private static let rounds = getenv("JIESU_PROPERTY_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 60

  private let calendar: WorkingCalendar
  private let packs: RulePacks

  init() throws {
    calendar = try RepositoryFiles.calendar()
    // Cycles of a month, then of two.
    packs = try RulePacks(
      [("2019-01-01", 1), ("2024-08-15", 2)].map { day, months in
        let nothing = Text(zh: "", en: "")
        return RulePack(
          id: day, from: try #require(CivilDate(day)), authority: nothing, says: nothing, cycleMonths: months, weights: nil,
          gradeLimits: [],
          provenance: [])
      })
  }

  private func statements(_ contract: Contract, _ facts: [Fact], _ asOf: CivilDate) throws -> [SettlementStatement] {
    try Settlement(contract, facts: facts, calendar: calendar, packs: packs, asOf: asOf).statements()
  }

  /// Goes through contracts with facts; a failure names the seed, and `JIESU_PROPERTY_SEED` brings it back.
  private func each(_ body: (Contract, [Fact], inout RandomFacts, Comment) throws -> Void) throws {
    let seed = SeededGenerator.freshSeed
    for round in 0..<Self.rounds {
      let own = seed &+ UInt64(round)
      var maker = try RandomContract(seed: own)
      let contract = try maker.make()
      var facts = RandomFacts(contract, calendar, packs, seed: own)
      let recorded = try facts.make()
      try body(contract, recorded, &facts, "JIESU_PROPERTY_SEED=\(own) JIESU_PROPERTY_ROUNDS=1")
    }
  }

  @Test("lines sum to the payable amount and round once, no bound or cap is passed, nothing carried is lost, facts come in any order")
  func properties() throws {
    try each { contract, facts, maker, said in
      let asOf = try contract.term.last.adding(days: 200)
      let statements = try statements(contract, facts, asOf)
      try StatementProperties(contract: contract, statements: statements, said: said).check()
      let shuffled = try self.statements(contract, facts.shuffled(using: &maker.random), asOf)
      #expect(shuffled == statements, said)
    }
  }

  @Test("a later paper leaves what was settled before it as it was: lines, claims, what is carried and withheld")
  func boundaries() throws {
    try each { contract, facts, _, said in
      for index in contract.revisions.indices.dropFirst() {
        let paper = contract.revisions[index]
        let day = try paper.revision.effectiveFrom.adding(days: -1)
        let known = facts.filter { $0.on <= day }
        // Nobody extends or renews what has ended; what was not served then is measured by the whole term.
        if known.contains(where: \.endsService) { break }
        let before = try statements(Contract(Array(contract.revisions[..<index])), known, day)
        let after = try statements(Contract(Array(contract.revisions[...index])), known, day)
        for old in before {
          let isRenewal = paper.revision.kind == .renewal
          // A renewal leaves its whole past alone, a supplement what takes up no day behind it.
          // What stands behind a payment that is still to come in the plan may find less left of a cap.
          guard isRenewal ? old.payment.payment != nil : old.payment.window.map({ $0.last <= day }) ?? false else { break }
          // A month that began in it and goes on is judged by the paper of its last day.
          if !isRenewal, old.payment.occasions(.month, of: contract).contains(where: { $0.range.last > day }) { break }
          let new = after.first { $0.payment.id == old.payment.id }
          let place: Comment = "\(said.rawValue): paper \(index), \(old.payment.id)"
          guard !contract.countsBack else { continue }
          #expect(new?.lines.map(\.outline) == old.lines.map(\.outline), place)
          #expect(new?.payable == old.payable && new?.carriedOut == old.carriedOut && new?.retained == old.retained, place)
          #expect(
            new?.claims.filter { $0.kind != .remainder }.map(\.outline) == old.claims.filter { $0.kind != .remainder }.map(\.outline), place
          )
          if isRenewal { #expect(new?.due == old.due, place) }
        }
      }
    }
  }

  @Test("a paper that changes nothing changes no amount but by the rounding of a line that it divides")
  func identity() throws {
    try each { contract, facts, maker, said in
      let last = contract.latest
      let start = max(last.revision.effectiveFrom, last.terms.term.range.first)
      let room = last.terms.term.range.last.days(since: start)
      guard room > 0 else { return }
      let day = try start.adding(days: Int.random(in: 1...room, using: &maker.random))
      let copy = ContractDocument(
        id: last.id, title: last.title, number: last.number,
        revision: ContractDocument.Revision(kind: .supplement, effectiveFrom: day, citation: last.revision.citation), terms: last.terms,
        appraisal: last.appraisal, service: last.service, paper: last.paper)
      let asOf = try contract.term.last.adding(days: 200)
      let before = try statements(contract, facts, asOf)
      let after = try statements(Contract(contract.revisions + [copy]), facts, asOf)
      #expect(before.map(\.payment.id) == after.map(\.payment.id), said)
      for (old, new) in zip(before, after) {
        let place: Comment = "\(said.rawValue): \(old.payment.id) from \(day)"
        for (one, other) in [(old.lines, new.lines), (old.claims, new.claims)] {
          // Before any ceiling, rule by rule, exactly the same.
          let names = Set((one + other).filter { $0.kind == .charge || $0.kind == .fee }.map(\.rule))
          for name in names where !maker.dependsOnRounding(name, in: last) {
            func sum(_ lines: [Line]) throws -> ExactAmount {
              var sum = ExactAmount.zero
              for line in lines where line.rule == name && (line.kind == .charge || line.kind == .fee) { sum = try sum + line.unrounded }
              return sum
            }
            #expect(
              try sum(one) == sum(other),
              "\(place.rawValue), \(name): \(one.filter { $0.rule == name }.map(\.outline)) became \(other.filter { $0.rule == name }.map(\.outline))"
            )
          }
        }
      }
      // A rule that pays both ways within limits comes to less or more when its lines meet the limits in two parts; and of two caps over
      // one rule the second finds what the first has left of each line.
      guard !contract.limitsBothWays, !contract.capsOverlap else { return }
      let difference = try Fen.sum(before.map(\.payable)) - Fen.sum(after.map(\.payable))
      let lines = before.map { $0.lines.count }.reduce(0, +) + after.map { $0.lines.count }.reduce(0, +)
      let changed = zip(before, after).map { "\($0.payment.id): \($0.lines.map(\.outline)) became \($1.lines.map(\.outline))" }
      #expect(try difference.magnitude() <= Fen(Int64(lines)), "\(said.rawValue) from \(day): \(changed.joined(separator: "\n"))")
    }
  }
}

extension Contract {
  /// Whether a rule counts back from the end of the term, which a later paper may move.
  fileprivate var countsBack: Bool {
    revisions.contains { $0.appraisal.consequences.contains { $0.measure == .missed(duty: "announce") } }
  }
}

extension Contract {
  /// Whether limits or caps hold a rule that pays the one side or the other, grade by grade.
  fileprivate var limitsBothWays: Bool {
    revisions.contains { document in
      document.appraisal.consequences.contains { rule in
        guard case .grade = rule.measure, let charge = rule.charge else { return false }
        return charge.bounds != .none || document.appraisal.caps.contains { $0.rules.contains(rule.id) }
      }
    }
  }
}

extension Contract {
  /// Whether two caps hold one rule.
  fileprivate var capsOverlap: Bool {
    revisions.contains { document in
      let rules = document.appraisal.caps.flatMap { Set($0.rules) }
      return Set(rules).count != rules.count
    }
  }
}

extension RandomFacts {
  /// Whether a rule's amount rests on amounts that were rounded or bounded before: interest on what was payable.
  fileprivate func dependsOnRounding(_ rule: String, in document: ContractDocument) -> Bool {
    document.appraisal.consequences.contains { $0.id == rule && $0.measure == .daysLate(.payment) }
  }
}

extension Fact {
  fileprivate var endsService: Bool { if case .event(let event) = body { event.name == .known(.terminated) } else { false } }
}

extension Line {
  /// All but the paper's own words.
  fileprivate var outline: String { "\(kind) \(rule) \(amount) [\(revision)] \(day) \(formula.en) \(facts)" }
}
