// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

/// What holds for any facts under any of the contracts.
@Suite("Settlements of random facts")
struct SettlementPropertyTests {
  static let rounds = 12

  private func contracts() throws -> [Contract] {
    let tenants = try RepositoryFiles.tenants().map { try RepositoryFiles.tenant($0) }
    let sixth = try RepositoryFiles.decodeTenant(RepositoryFiles.directory("Tests/Offices/yunling"))
    return (tenants + [sixth]).flatMap { $0.contracts.map(\.contract) }
  }

  @Test("lines sum to what is payable, round once, never pass a cap, and lose nothing that is carried over; the order of facts is nothing")
  func properties() throws {
    let (calendar, packs) = (try RepositoryFiles.calendar(), try RepositoryFiles.rulePacks())
    let seed = SeededGenerator.freshSeed
    for contract in try contracts() {
      for round in 0..<Self.rounds {
        let own = seed &+ UInt64(round)
        var maker = RandomFacts(contract, calendar, packs, seed: own)
        let facts = try maker.make()
        let asOf = try contract.term.last.adding(days: 250)
        let said: Comment = "contract \(contract.id), seed \(own)"
        // Years the calendar does not know are waited for, not guessed.
        let settlement = try Settlement(contract, facts: facts, calendar: calendar, packs: packs, asOf: asOf)
        let statements = try settlement.statements()
        try check(statements, said)
        try checkCaps(statements, contract, said)
        let shuffled = facts.shuffled(using: &maker.random)
        let again = try Settlement(contract, facts: shuffled, calendar: calendar, packs: packs, asOf: asOf).statements()
        #expect(again == statements, said)
        // One statement alone is the same as among the others.
        if let middle = statements.dropFirst(statements.count / 2).first {
          #expect(try settlement.statement(of: middle.payment.id) == middle, said)
        }
      }
    }
  }

  private func check(_ statements: [SettlementStatement], _ said: Comment) throws {
    var carried = Fen.zero
    var withoutCarry = Fen.zero
    for statement in statements {
      #expect(try Fen.sum(statement.lines.map(\.amount)) == statement.payable, said)
      #expect(!statement.payable.isNegative, said)
      for line in statement.lines + statement.claims { #expect(try line.unrounded.rounded() == line.amount, said) }
      let carriedIn = try Fen.sum(statement.lines.filter { $0.kind == .carryIn }.map(\.amount)).negated()
      #expect(carriedIn == carried, said)
      #expect(statement.lines.first?.kind == .carryIn || carried == .zero, said)
      carried = statement.carriedOut
      withoutCarry = try withoutCarry + Fen.sum(statement.lines.filter { $0.kind != .carryIn && $0.kind != .carryOut }.map(\.amount))
      #expect(statement.isDefinitive == statement.pending.isEmpty)
      for language in Language.allCases { #expect(!statement.rendered(in: language).isEmpty, said) }
      var writer = JSONWriter()
      statement.write(to: &writer)
      #expect(throws: Never.self) { try JSON.parse(writer.bytes) }
    }
    let remainder = try Fen.sum(statements.flatMap(\.claims).filter { $0.kind == .remainder }.map(\.amount))
    #expect(try remainder == carried.negated(), said)
    #expect(try Fen.sum(statements.map(\.payable)) == withoutCarry - remainder, said)
    #expect(statements.last.map { $0.retained == .zero || !statements.contains { $0.payment.id == "retention" } } ?? true, said)
  }

  /// What each side owes under a cap's rules, less what this and other caps took off, is within the cap.
  private func checkCaps(_ statements: [SettlementStatement], _ contract: Contract, _ said: Comment) throws {
    for cap in contract.original.appraisal.caps {
      let groups = cap.scope == .contract ? [statements] : statements.map { [$0] }
      let related = contract.original.appraisal.caps.filter { !Set($0.rules).isDisjoint(with: cap.rules) }.map(\.id)
      for group in groups {
        for party in Party.allCases where cap.owedBy == .each || cap.owedBy.rawValue == party.rawValue {
          var owed = Fen.zero
          for line in group.flatMap({ $0.lines + $0.claims }) {
            let amount = party == .vendor ? try line.amount.negated() : line.amount
            let isCharge = line.kind == .charge && line.owedBy == party && cap.rules.contains(line.rule)
            let isBound = line.kind == .bound && cap.rules.contains(line.rule) && contract.debtor(of: line.rule) == party
            let isCut = line.kind == .cap && related.contains(line.rule) && line.owedBy == party.counterparty
            if isCharge || isBound || isCut { owed = try owed + amount }
          }
          let most = try contract.most(of: cap, fee: group.first)
          #expect(ExactAmount(owed) <= most, said)
        }
      }
    }
  }
}

extension Contract {
  fileprivate func debtor(of rule: String) -> Party? {
    switch original.appraisal.consequences.first(where: { $0.id == rule })?.charge?.owedBy {
    case .office: .office
    case .vendor: .vendor
    default: nil
    }
  }

  fileprivate func most(of cap: Cap, fee: SettlementStatement?) throws -> ExactAmount {
    switch cap.atMost {
    case .fixed(let fen): ExactAmount(fen)
    case .share(let share, .periodFee): try Fen.sum((fee?.lines ?? []).filter { $0.kind == .fee }.map(\.amount)) * share
    case .share(let share, _): try original.terms.total.amount * share
    }
  }
}
