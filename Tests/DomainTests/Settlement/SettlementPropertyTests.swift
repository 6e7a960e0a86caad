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
        let said: Comment = "contract \(contract.id), JIESU_PROPERTY_SEED=\(own)"
        // Years the calendar does not know are waited for, not guessed.
        let settlement = try Settlement(contract, facts: facts, calendar: calendar, packs: packs, asOf: asOf)
        let statements = try settlement.statements()
        let properties = StatementProperties(contract: contract, statements: statements, said: said)
        try properties.check()
        properties.checkWords()
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
}
