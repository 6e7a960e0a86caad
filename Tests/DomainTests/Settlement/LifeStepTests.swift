// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

@testable import Domain

@Suite("Steps of a statement's life")
struct LifeStepTests {
  private static func person(_ number: UInt64) -> UUIDv7 { UUIDv7(at: Instant(.first), random: number) }
  private static let (proposer, first, other) = (person(1), person(2), person(3))

  private static func life(_ state: SettlementLife.State, confirmedBy: UUIDv7? = nil) -> SettlementLife {
    let day = CivilDate(year: 2026, month: 1, day: 31) ?? .first
    let proposal = SettlementLife.Proposal(by: proposer, asOf: day, digest: [], firstConfirmation: confirmedBy)
    return SettlementLife(state: state, proposal: state == .draft ? nil : proposal, version: 2)
  }

  private static let follows: [SettlementLife.State: [SettlementLife.Step: SettlementLife.State]] = [
    .draft: [.propose: .proposed], .proposed: [.withdraw: .draft, .confirm: .proposed],
    .confirmed: [.acknowledge: .acknowledged, .dispute: .disputed], .disputed: [.answer: .confirmed], .acknowledged: [.close: .closed],
    .closed: [:],
  ]

  @Test("each follows from some states and from no other, and is one side's to take", arguments: SettlementLife.State.allCases)
  func table(state: SettlementLife.State) throws {
    for step in SettlementLife.Step.allCases {
      let life = Self.life(state)
      for side in [Side.office, .vendor, .platform] where side != step.side {
        #expect(throws: SettlementLife.Refusal.notYourSide(step)) { try life.state(after: step, by: Self.other, of: side) }
      }
      if let next = Self.follows[state]?[step] {
        #expect(try life.state(after: step, by: Self.other, of: step.side) == next)
      } else {
        #expect(throws: SettlementLife.Refusal.notNow(step, state)) { try life.state(after: step, by: Self.other, of: step.side) }
      }
    }
  }

  @Test("two different people confirm, neither of them the proposer, in either order")
  func people() throws {
    let open = Self.life(.proposed)
    #expect(throws: SettlementLife.Refusal.ownProposal) { try open.state(after: .confirm, by: Self.proposer, of: .office) }
    let half = Self.life(.proposed, confirmedBy: Self.first)
    #expect(throws: SettlementLife.Refusal.ownProposal) { try half.state(after: .confirm, by: Self.proposer, of: .office) }
    #expect(throws: SettlementLife.Refusal.confirmedByYou) { try half.state(after: .confirm, by: Self.first, of: .office) }
    #expect(try half.state(after: .confirm, by: Self.other, of: .office) == .confirmed)
    #expect(try half.state(after: .withdraw, by: Self.proposer, of: .office) == .draft)
  }

  @Test("money is open, invoiced, paid in part, paid, whatever order the facts stand in")
  func progress() throws {
    let day = try #require(CivilDate(year: 2026, month: 1, day: 31))
    func fact(_ body: FactBody) -> Fact { Fact(id: Self.person(9), recordedAt: Instant(day), content: FactContent(on: day, body: body)) }
    let invoice = fact(.invoice(payment: "first", amount: Fen(100)))
    let parts = [fact(.payment(payment: "first", amount: Fen(60))), fact(.payment(payment: "first", amount: Fen(40)))]
    func progress(_ facts: [Fact], _ payable: Int64 = 100) -> PaymentProgress { PaymentProgress(payable: Fen(payable), of: "first", facts) }
    #expect(progress([]) == .open && progress([fact(.payment(payment: "second", amount: Fen(100)))]) == .open)
    #expect(progress([invoice]) == .invoiced && progress([parts[0], invoice]) == .partlyPaid && progress(parts) == .paid)
    // Nothing is owed, so nothing is waited for.
    #expect(progress([], 0) == .paid)
  }
}
