// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

/// Bounds and caps where they meet lines of nothing, earlier payments, and bases that nobody knows.
@Suite("Bounds and caps")
struct LimitTests {
  private let hotline: Papers

  init() throws { hotline = try Papers("Tests/Offices/yunling/contracts/hotline-2026/original.json") }

  private func bench(_ papers: Papers) throws -> Bench { try Bench(Contract([papers.original()])) }

  @Test("what a floor over the contract added in one payment is not added again when the next has something of its own")
  func floor() throws {
    var bench = try bench(hotline.with([("/consequences/dropped-calls/pays/bounds", ["contract": ["atLeast": ["fixed": "1000.00"]]])]))
    for day in 10...14 { try bench.incident("dropped-call", "2026-02-\(day)", subject: "call-\(day)") }
    for day in 10...15 { try bench.incident("dropped-call", "2026-03-\(day)", subject: "call-\(day)") }
    let statements = try bench.settlement(asOf: "2026-05-01").statements()
    func sum(_ statement: SettlementStatement) throws -> Fen {
      try Fen.sum(statement.lines.filter { $0.rule == "dropped-calls" }.map(\.amount))
    }
    // Two calls in February, raised from 100.00; three in March make 250.00 in all, still below 1,000.00.
    #expect(try sum(statements[1]) == Fen(-1_000_00))
    #expect(try sum(statements[2]) == .zero)
  }

  @Test("a formula says of each of several cases where a bound kept it, so that it comes to what it says")
  func boundedCases() throws {
    let bounds: (String, JSON) = ("/consequences/dropped-calls/pays/bounds", ["case": ["atMost": ["fixed": "30.00"]]])
    var bench = try bench(hotline.with([bounds]))
    for day in 10...14 { try bench.incident("dropped-call", "2026-02-\(day)", subject: "call-\(day)") }
    for day in 10...12 { try bench.incident("dropped-call", "2026-03-\(day)", subject: "call-\(day)") }
    try bench.record("2026-03-20", .incident(.init(kind: "dropped-call", subject: "a", quantity: 40)))
    let statements = try bench.settlement(asOf: "2026-05-01").statements()
    let each = "50.00 元（超过上限，按 30.00 元 计）"
    let february = try #require(statements[1].line("dropped-calls"))
    #expect(february.amount == Fen(-60_00) && february.formula.zh == "\(each) + \(each) = 60.00 元", "\(february.formula.zh)")
    let march = try #require(statements[2].line("dropped-calls"))
    #expect(march.amount == Fen(-1_200_00) && march.formula.zh.hasPrefix(each + " × 40"), "\(march.formula.zh)")
    #expect(march.formula.zh.hasSuffix(" = 1,200.00 元"), "\(march.formula.zh)")
  }

  @Test("a ceiling that a later paper raises grants nothing of what was cut before, and one that it lowers takes nothing back")
  func movedCeilings() throws {
    func kept(_ later: String) throws -> [Fen] {
      let pointer = "/consequences/dropped-calls/pays/bounds"
      let papers = try hotline.with([(pointer, ["contract": ["atMost": ["fixed": "1000.00"]]])])
      let supplement = try papers.later(.supplement, from: "2026-03-01", [(pointer, ["contract": ["atMost": ["fixed": .string(later)]]])])
      var bench = try Bench(Contract([papers.original(), supplement]))
      for month in ["02", "03"] {
        for day in 10...12 { try bench.incident("dropped-call", "2026-\(month)-\(day)", subject: "call-\(day)") }
        try bench.record(month == "02" ? "2026-02-20" : "2026-03-20", .incident(.init(kind: "dropped-call", subject: "a", quantity: 40)))
      }
      return try bench.settlement(asOf: "2026-05-01").statements()[1...2].map { statement in
        try Fen.sum(statement.lines.filter { $0.rule == "dropped-calls" }.map(\.amount))
      }
    }
    // 2,000.00 in each month.
    #expect(try kept("9000.00") == [Fen(-1_000_00), Fen(-2_000_00)])
    #expect(try kept("1500.00") == [Fen(-1_000_00), Fen(-500_00)])
    #expect(try kept("400.00") == [Fen(-1_000_00), .zero])
  }

  @Test("a line of nothing takes no part of what a bound takes off, so that a cap counts what is left")
  func nothing() throws {
    var bench = try bench(hotline.with([("/consequences/weak-seat/pays/bounds", ["payment": ["atMost": ["fixed": "300.00"]]])]))
    try bench.score("quality", "2026-03", nil, "80", on: "2026-04-01")
    for (seat, value) in [("seat-1", "0"), ("seat-2", "0"), ("seat-3", "100")] {
      try bench.score("seats", "2026-03", seat, value, on: "2026-04-01")
    }
    let march = try bench.statement("month-3", asOf: "2026-05-01")
    #expect(march.lines.filter { $0.rule == "weak-seat" }.map(\.amount) == [Fen(-1_200_00), Fen(-1_200_00), .zero, Fen(2_100_00)])
    // 10,000.00 for the score, 300.00, and 500.00 for a missing report: below the cap of 12,000.00.
    #expect(march.line("month-cap", .cap) == nil)
  }

  @Test("a cap that is a share of what the contract does not say is waited for, not passed over")
  func unknownBasis() throws {
    // The term of 351 days is no whole number of months, so there is no monthly fee.
    let papers = try Papers(tenant: "xisanqi", "platform-2024").with([("/caps/liability/atMost", ["share": "5%", "of": "monthFee"])])
    var bench = try bench(papers)
    try bench.incident("damage", "2024-06-03", "9000.00", by: .vendor)
    let statement = try bench.statement("second", asOf: "2025-04-30")
    #expect(statement.line("damages")?.amount == Fen(-9_000_00))
    #expect(statement.pending.contains { $0.code == "basis-missing" && $0.rule == "liability" })
    #expect(!statement.isDefinitive)
  }
}
