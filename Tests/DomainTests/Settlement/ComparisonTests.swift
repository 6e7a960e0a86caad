// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

/// Scenarios beside statements that were confirmed.
@Suite("Scenarios behind confirmed statements")
struct ComparisonTests {
  @Test("what is assumed of a confirmed period is a correction in the next one, or a claim where there is none")
  func corrections() throws {
    var bench = try Bench(tenant: "anding")
    try bench.score("staff", "quarter-1", "seat-1", "90", on: "2024-03-25")
    let day = try #require(CivilDate("2024-12-31"))
    let incident = FactContent(on: try #require(CivilDate("2024-02-01")), body: .incident(.init(kind: "damage", amount: Fen(1_000_00))))
    func compare(confirming count: Int) throws -> Comparison {
      let statements = try bench.settlement(asOf: "2024-12-31").statements()
      return try Comparison(
        Scenario(asOf: day, facts: [incident]), under: bench.contract, recorded: bench.facts, calendar: bench.calendar, packs: bench.packs,
        confirmed: statements.prefix(count).map { try ConfirmedStatement($0) }, at: Instant(day))
    }
    let open = try compare(confirming: 0)
    #expect(open.payments.filter { !$0.isSame }.map(\.payment.id) == ["quarter-1"])
    let confirmed = try compare(confirming: 1)
    let change = try #require(confirmed.payments.first { !$0.isSame })
    #expect(confirmed.payments.map(\.payment.id) == ["quarter-2", "quarter-3", "quarter-4"])
    #expect(change.payment.id == "quarter-2" && change.payable == Fen(-1_000_00), "\(change.lines)")
    let all = try compare(confirming: 4)
    #expect(all.payments.isEmpty)
    #expect(try all.claimed().with == Fen(-1_000_00) && all.claimed().without == .zero)
    #expect(all.corrections.map(\.difference) == [Fen(-1_000_00)])
    for language in Language.allCases { #expect(try all.rendered(in: language).contains("-1,000.00")) }
  }
}
