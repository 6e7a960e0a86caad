// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

/// Later papers: each changes what lies after its date, and nothing before.
@Suite("Later papers of a contract")
struct RevisionTests {
  private let hotline = "Tests/Offices/yunling/contracts/hotline-2026/original.json"

  private func bench(_ papers: Papers, _ later: ContractDocument...) throws -> Bench {
    try Bench(Contract([papers.original()] + later))
  }

  // MARK: fees

  @Test("a supplement that leaves the price alone does not split a period's fee")
  func samePrice() throws {
    let papers = try Papers(hotline)
    let later = try papers.later(.supplement, from: "2026-03-16")
    let march = try bench(papers, later).statement("month-3", asOf: "2026-05-01")
    #expect(march.lines.filter { $0.kind == .fee }.map(\.amount) == [Fen(100_000_00)])
    #expect(march.lines.first?.revision == 1)
  }

  @Test("a period that is paid whole when it is cut is divided by days where its price changes within it")
  func wholePeriods() throws {
    let papers = try Papers("Tests/Offices/yunling/contracts/training-2025/original.json")
    let later = try papers.later(.supplement, from: "2025-03-16", [("/payments/cycle/amount", ["share": "12%", "of": "total"])])
    let first = try bench(papers, later).statement("cycle-1", asOf: "2026-05-01")
    // March to … by the cycle's own days: 15 at 30,000.00, the others at 36,000.00.
    let days = Int64(try #require(first.payment.period).days)
    let fees = first.lines.filter { $0.kind == .fee }
    #expect(fees.map(\.revision) == [0, 1])
    #expect(try fees[0].unrounded == ExactAmount(Fen(30_000_00)) * Rational(15, over: Int128(days)))
    #expect(try fees[1].unrounded == ExactAmount(Fen(36_000_00)) * Rational(Int128(days - 15), over: Int128(days)))
  }

  @Test("months after expiry cost what the paper of each day says")
  func holdOver() throws {
    let papers = try Papers(tenant: "fangshan", "service-2022")
    let later = try papers.later(.holdOver, from: "2023-02-15", [("/holdOver/monthly", "280000.00"), ("/holdOver/printed", [])])
    var bench = try bench(papers, later)
    try bench.event("heldOver", "2023-01-01", until: "2023-03-31")
    let months = try bench.settlement(asOf: "2023-04-01").statements().filter { $0.payment.id.hasPrefix("hold-over") }
    #expect(months.map(\.payment.id) == ["hold-over-1", "hold-over-2", "hold-over-3"])
    // February: 14 of 28 days at 349,791.67, 14 at 280,000.00.
    #expect(months.map { $0.lines.map(\.amount) } == [[Fen(349_791_67)], [Fen(174_895_84), Fen(140_000_00)], [Fen(280_000_00)]])
    #expect(months.map { $0.lines.map(\.revision) } == [[0], [0, 1], [1]])
  }

  // MARK: consequences

  @Test("a duty that began under one paper and is missed under the next still has its consequence, by the paper of the day it is late")
  func dutyOverPapers() throws {
    let papers = try Papers(tenant: "fangshan", "service-2022")
    let later = try papers.later(
      .supplement, from: "2022-09-10",
      [("/consequences/late-replacement/pays/map/each", ["fixed": "50000.00"]), ("/duties/replace-staff/due/within", ["days": 20])])
    var bench = try bench(papers, later)
    // Demanded before the supplement: ten days, which end on a holiday and roll to the 13th; late under the supplement.
    try bench.event("staff-demanded", "2022-09-01")
    let line = try #require(try bench.statement("last", asOf: "2023-01-31").line("late-replacement"))
    #expect(line.amount == Fen(-50_000_00))
    #expect(line.revision == 1)
    #expect(line.formula.en.contains("2022-09-13"))
  }

  @Test("a duty of the other side that began under an earlier paper still excuses")
  func excuseOverPapers() throws {
    let papers = try Papers(tenant: "xisanqi", "platform-2024")
    let later = try papers.later(.supplement, from: "2024-10-12")
    var plain = try bench(papers)
    var revised = try bench(papers, later)
    func story(_ bench: inout Bench) throws {
      try bench.invoice("second", "2024-10-18", "866000.00")
      try bench.pay("second", "2024-11-14", "866000.00")
    }
    try story(&plain)
    try story(&revised)
    #expect(try plain.statement("second", asOf: "2025-02-20").line("late-payment")?.amount == Fen(11_691_00))
    #expect(try revised.statement("second", asOf: "2025-02-20").line("late-payment")?.amount == Fen(11_691_00))
  }

  @Test("a duty on a fixed date falls due by the paper that governs that date, and a later paper cannot take it back")
  func fixedDates() throws {
    let papers = try Papers(hotline).with([("/duties/answer/due", ["on": "2026-10-30"])])
    let after = try papers.later(.supplement, from: "2026-12-01", [("/duties/answer/due", ["on": "2026-12-20"])])
    let before = try papers.later(.supplement, from: "2026-10-01", [("/duties/answer/due", ["on": "2026-12-20"])])
    func since(_ later: ContractDocument...) throws -> [String] {
      try Bench(Contract([papers.original()] + later)).settlement(asOf: "2026-12-31").statements().flatMap(\.rights).map { "\($0.since)" }
    }
    #expect(try since() == ["2026-10-31"])
    #expect(try since(after) == ["2026-10-31"])
    #expect(try since(before) == ["2026-12-21"])
  }

  @Test("an incident takes the points that the paper of its own day says")
  func points() throws {
    let papers = try Papers(hotline)
    let later = try papers.later(
      .supplement, from: "2026-03-16", [("/incidents/rudeness/points/take", "30"), ("/incidents/rudeness/points/upTo", nil)])
    var bench = try bench(papers, later)
    try bench.score("seats", "2026-03", "seat-1", "85", on: "2026-04-01")
    try bench.record("2026-03-10", .incident(.init(kind: "rudeness", subject: "seat-1", points: 5)))
    try bench.record("2026-03-20", .incident(.init(kind: "rudeness", subject: "seat-1")))
    // 85 − 5 − 30 = 50: one whole ten below sixty.
    #expect(try bench.statement("month-3", asOf: "2026-05-01").line("weak-seat")?.amount == Fen(-200_00))
  }

  @Test("what a later paper no longer withholds is deducted, and is not paid out with the retention")
  func retention() throws {
    let papers = try Papers(hotline)
    let later = try papers.later(.supplement, from: "2026-03-01", [("/consequences/keep/pays/to", "thisPayment")])
    let statements = try bench(papers, later).settlement(asOf: "2026-05-01").statements()
    #expect(statements.prefix(4).map(\.retained) == [Fen(2_741_94), Fen(7_741_94), Fen(7_741_94), Fen(7_741_94)])
    #expect(statements[2].line("keep")?.amount == Fen(-5_000_00))
  }

  @Test("a ceiling for a payment holds over the papers that meet in it, and a cap counts what each of them leaves")
  func ceilings() throws {
    let papers = try Papers(hotline)
    var bench = try bench(papers, papers.later(.supplement, from: "2026-03-16"))
    for day in ["2026-03-02", "2026-03-03", "2026-03-04"] { try bench.incident("dropped-call", day, subject: "call-\(day)") }
    try bench.record("2026-03-10", .incident(.init(kind: "dropped-call", subject: "call-a", quantity: 400)))
    try bench.record("2026-03-20", .incident(.init(kind: "dropped-call", subject: "call-b", quantity: 100)))
    try bench.score("quality", "2026-03", nil, "88", on: "2026-04-01")
    let march = try bench.statement("month-3", asOf: "2026-05-01")
    // 20,000.00 and 5,000.00; five per cent of the fee are 5,000.00 for both together.
    #expect(march.lines.filter { $0.rule == "dropped-calls" && $0.kind == .charge }.map(\.amount) == [Fen(-20_000_00), Fen(-5_000_00)])
    #expect(march.lines.filter { $0.rule == "dropped-calls" && $0.kind == .bound }.map(\.amount) == [Fen(15_000_00), Fen(5_000_00)])
    // With five per cent for the score and a missing report that is 10,500.00, below the cap of 12,000.00.
    #expect(march.line("quality-bands")?.amount == Fen(-5_000_00))
    #expect(march.line("month-cap", .cap) == nil, "\(march.lines.map { "\($0.rule) \($0.amount)" })")
  }

  @Test("a payment that a later paper adds comes behind what has begun; the order of what was settled stays")
  func order() throws {
    let papers = try Papers("Tests/Offices/yunling/contracts/training-2025/original.json")
    let bonus: JSON = [
      "id": "bonus", "clause": "2", "says": ["zh": "奖金。", "en": "A bonus."], "amount": ["fixed": "100.00"], "due": ["on": "2025-12-01"],
    ]
    let old = try #require(papers.json["payments"]?.array)
    // The paper names the new payment first and no longer has the advance, which fell due.
    let later = try papers.later(.supplement, from: "2025-09-01", [("/payments", .array([bonus] + old.dropFirst()))])
    let ids = try bench(papers, later).settlement(asOf: "2026-05-01").schedule.payments.map(\.id)
    #expect(ids.first == "advance" && ids.firstIndex(of: "bonus").map { $0 > 0 } == true, "\(ids)")
    #expect(ids.firstIndex(of: "bonus").map { ids[$0 - 1].hasPrefix("cycle") } == true, "\(ids)")
  }

  @Test("months for grades are counted as the term's first paper counts them, whatever periods a later one has")
  func months() throws {
    let papers = try Papers(hotline)
    let later = try papers.later(.supplement, from: "2026-03-16", [("/payments/month/every", ["months": 3, "align": "term"])])
    let contract = try bench(papers, later).contract
    let schedule = try Schedule(contract, packs: RepositoryFiles.rulePacks(), life: .asAgreed)
    let labels = schedule.payments.map { $0.occasions(.month, of: contract).map(\.label) }
    #expect(
      labels.prefix(5) == [["2026-01"], ["2026-02"], ["2026-03"], ["2026-04", "2026-05", "2026-06"], ["2026-07", "2026-08", "2026-09"]])
    #expect(Set(labels.joined()).count == labels.joined().count, "no month is counted twice")
  }

  @Test("what happens between a term and its renewal belongs to the term before")
  func betweenTerms() throws {
    let papers = try Papers(hotline)
    let renewal = try papers.later(
      .renewal, from: "2027-02-01", [("/term/from", "2027-02-01"), ("/term/to", "2027-12-31"), ("/revision/clause", "1")])
    let schedule = try Schedule(Contract([papers.original(), renewal]), packs: RepositoryFiles.rulePacks(), life: .asAgreed)
    let december = try #require(schedule.payments.first { $0.id == "month-12" })
    #expect(december.isLast && december.window?.last.description == "2027-01-31")
    #expect(schedule.payments.first { $0.id == "month-13" }?.period?.first.description == "2027-02-01")
  }

  // MARK: renewals

  /// The town's seats for another year, in two halves, from the day after the first term.
  private func renewed() throws -> (papers: Papers, later: ContractDocument) {
    let papers = try Papers(tenant: "sanjianfang", "seats-2019")
    let later = try papers.later(
      .renewal, from: "2020-10-11",
      [
        ("/term/from", "2020-10-11"), ("/term/to", "2021-10-10"),
        (
          "/payments",
          [
            [
              "id": "second-year-first", "clause": "2", "says": ["zh": "首付。", "en": "The first half."], "amount": ["fixed": "287805.00"],
              "due": ["on": "2021-01-20"], "until": "2021-01-20",
            ],
            [
              "id": "second-year-last", "clause": "2", "says": ["zh": "尾款。", "en": "The second half."], "amount": ["fixed": "287805.00"],
              "due": ["after": ["serviceEnd"], "within": ["days": 10]],
            ],
          ]
        ),
      ])
    return (papers, later)
  }

  @Test("a renewal leaves what the first term owes as it was: its deductions, its last payment, its due date")
  func renewal() throws {
    let (papers, later) = try renewed()
    var alone = try bench(papers)
    var both = try bench(papers, later)
    func story(_ bench: inout Bench) throws {
      try bench.incident("late-or-early", "2020-08-11", subject: "seat-1")
      try bench.event("accepted", "2020-10-15")
      try bench.invoice("last", "2020-10-16", "57461.00")
    }
    try story(&alone)
    try story(&both)
    try both.incident("late-or-early", "2021-03-03", subject: "seat-1")
    let before = try alone.settlement(asOf: "2021-11-30").statements()
    let after = try both.settlement(asOf: "2021-11-30").statements()
    #expect(after.map(\.payment.id) == ["first", "second", "third", "last", "second-year-first", "second-year-last"])
    for (one, other) in zip(before, after) {
      #expect(
        one.lines == other.lines && one.payable == other.payable && one.due == other.due && one.claims == other.claims, "\(one.payment.id)")
    }
    #expect(after[3].line("lateness")?.amount == Fen(-100_00))
    #expect(after[5].line("lateness")?.amount == Fen(-100_00))
    #expect(after[5].dueDay == "2021-10-20")
  }

  @Test("service between a term and its renewal costs months after expiry, and the renewal does not swallow them")
  func gap() throws {
    let papers = try Papers(tenant: "fangshan", "service-2022")
    let payment: JSON = [
      "id": "renewed", "clause": "3", "says": ["zh": "全款。", "en": "The whole price."], "amount": ["share": "100%", "of": "total"],
      "due": ["after": ["serviceEnd"], "within": ["workingDays": 10]],
    ]
    let later = try papers.later(
      .renewal, from: "2023-03-01", [("/term/from", "2023-03-01"), ("/term/to", "2023-08-31"), ("/payments", [payment])])
    var bench = try bench(papers, later)
    try bench.event("heldOver", "2023-01-01", until: "2023-02-28")
    try bench.invoice("last", "2022-12-20", "2098750.00")
    let statements = try bench.settlement(asOf: "2023-09-30").statements()
    #expect(statements.map(\.payment.id) == ["first", "last", "hold-over-1", "hold-over-2", "renewed"])
    #expect(statements[1].dueDay == "2023-01-16", "the first term's end starts it, not the renewal's")
    #expect(statements[2...3].map(\.payable) == [Fen(349_791_67), Fen(349_791_67)])
    #expect(statements[4].payable == Fen(4_197_500_00))
    #expect(
      try FactCheck(bench.contract, packs: bench.packs, life: .asAgreed).faults(
        in: FactContent(on: #require(CivilDate("2023-01-01")), body: .event(.init(.known(.heldOver))))
      ).isEmpty)
    #expect(
      try FactCheck(bench.contract, packs: bench.packs, life: .asAgreed).faults(
        in: FactContent(on: #require(CivilDate("2023-03-01")), body: .event(.init(.known(.heldOver))))
      ).map(\.pointer) == ["/on"])
  }

  @Test("what was paid for time not served is what each paper's days did not earn")
  func unserved() throws {
    let papers = try Papers(tenant: "anding", "service-2024")
    // From the middle of the term on twice the price: 183 days at 2,146,320.00 a year, then at 4,292,640.00.
    let later = try papers.later(
      .supplement, from: "2024-06-26",
      [
        ("/total/amount", "4292640.00"), ("/total/printed", []), ("/payments/quarter/amount/fixed", "1073160.00"),
        ("/payments/quarter/printed", []),
      ])
    var bench = try bench(papers, later)
    try bench.pay("quarter-1", "2024-04-10", "2000000.00")
    try bench.incident("not-cured", "2024-07-20")
    try bench.event("terminated", "2024-07-26")
    let statements = try bench.settlement(asOf: "2024-12-31").statements()
    let line = try #require(statements.flatMap(\.claims).first { $0.rule == "refund-unserved" })
    // 1,073,160.00 + 4,292,640.00 × 31 ÷ 366 = 1,436,744.26…
    #expect(line.amount == Fen(-563_255_74))
  }
}
