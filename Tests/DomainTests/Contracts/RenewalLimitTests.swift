// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

/// Renewals up to the limits of the paper, and one step beyond.
@Suite("Limits on renewals")
struct RenewalLimitTests {
  /// The papers of a contract that may be renewed twice, for three years in all, at ten per cent more at most.
  private let papers: Papers

  init() throws { papers = try Papers(tenant: "xisanqi", "platform-2024") }

  private func renewal(_ from: String, through to: String, price: String, kind: ContractDocument.Revision.Kind = .renewal) throws
    -> ContractDocument
  {
    try papers.later(
      kind, from: from,
      [
        ("/term/from", .string(from)), ("/term/to", .string(to)), ("/term/stated", []), ("/total/amount", .string(price)),
        ("/total/printed", []),
        (
          "/payments",
          [
            [
              "id": .string("whole-\(from)"), "clause": "2", "says": ["zh": "一次付清。", "en": "Paid at once."],
              "amount": ["share": "100%", "of": "total"], "due": ["after": ["invoice"], "within": ["workingDays": 10]],
            ]
          ]
        ),
      ])
  }

  private func faults(_ later: ContractDocument...) throws -> [String] {
    try Contract([papers.original()] + later).paperFaults().map { "\($0.revision) \($0.fault.pointer) \($0.fault.code)" }
  }

  @Test("ten per cent of the original price are allowed to the fen, one fen more is not, and the fault names clause and both values")
  func increase() throws {
    // 2,228,000.00 and 222,800.00.
    #expect(try faults(renewal("2025-03-01", through: "2026-02-28", price: "2450800.00")).isEmpty)
    let beyond = try Contract([papers.original(), renewal("2025-03-01", through: "2026-02-28", price: "2450800.01")]).paperFaults()
    #expect(beyond.map(\.fault.code) == ["renewal-increase"] && beyond.map(\.fault.pointer) == ["/total/amount"])
    let detail = try #require(beyond.first?.fault.detail)
    for text in [detail.zh, detail.en] {
      for word in ["11.1", "222,800.00", "222,800.01", "10%"] { #expect(text.contains(word), "\(text)") }
    }
    // Both renewals are measured by the original, and a supplement to a renewal is too.
    let first = try renewal("2025-03-01", through: "2026-02-28", price: "2450800.00")
    #expect(try faults(first, renewal("2026-03-01", through: "2027-02-28", price: "2450800.00")).isEmpty)
    #expect(
      try faults(first, renewal("2026-03-01", through: "2027-02-28", price: "2500000.00")) == ["2 /total/amount renewal-increase"])
    #expect(
      try faults(first, renewal("2025-09-01", through: "2026-02-28", price: "2450800.01", kind: .supplement))
        == ["2 /total/amount renewal-increase"])
    // A supplement to the original term is no renewal.
    #expect(try faults(renewal("2024-09-01", through: "2025-02-28", price: "9000000.00", kind: .supplement)).isEmpty)
  }

  @Test("a third renewal is one too many")
  func times() throws {
    let days = ["2025-03-01", "2025-09-01", "2026-03-01"]
    let ends = ["2025-08-31", "2026-02-28", "2026-08-31"]
    let renewals = try zip(days, ends).map { try renewal($0, through: $1, price: "2228000.00") }
    #expect(try faults(renewals[0], renewals[1]).isEmpty)
    #expect(try faults(renewals[0], renewals[1], renewals[2]) == ["3 /revision/kind renewal-times"])
  }

  @Test("three years from the first day end on the day before; one day more is refused")
  func years() throws {
    #expect(try faults(renewal("2025-03-01", through: "2027-03-14", price: "2228000.00")).isEmpty)
    let beyond = try Contract([papers.original(), renewal("2025-03-01", through: "2027-03-15", price: "2228000.00")]).paperFaults()
    #expect(beyond.map(\.fault.code) == ["renewal-span"])
    #expect(beyond.first?.fault.detail.en.contains("until 2027-03-14; this goes to 2027-03-15") == true, "\(beyond)")
  }

  @Test("a renewal is held by the paper before it, not by what it says itself")
  func ownLimits() throws {
    let generous = try papers.later(
      .renewal, from: "2025-03-01",
      [
        ("/term/from", "2025-03-01"), ("/term/to", "2026-02-28"), ("/total/amount", "3000000.00"), ("/total/printed", []),
        ("/renewal/increaseAtMost", "50%"),
      ])
    #expect(try faults(generous) == ["1 /total/amount renewal-increase"])
  }

  @Test("an instalment that fell due, or belongs to the term before, keeps what it says under its name")
  func instalments() throws {
    func supplement(_ from: String, _ pointer: String, _ value: JSON) throws -> [String] {
      try faults(papers.later(.supplement, from: from, [(pointer, value)]))
    }
    #expect(try supplement("2024-09-01", "/payments/first/amount/share", "40%") == ["1 /payments/0 already-due"])
    #expect(try supplement("2024-09-01", "/payments/second/amount/fixed", "800000.00").isEmpty)
    #expect(try supplement("2024-10-15", "/payments/second/amount/fixed", "800000.00").isEmpty, "it falls due that day")
    #expect(try supplement("2024-10-16", "/payments/second/amount/fixed", "800000.00") == ["1 /payments/1 already-due"])
    // The third is due on 31 March 2025, a month after the term: a renewal from 1 March cannot touch it.
    #expect(
      try faults(papers.later(.renewal, from: "2025-03-01", [("/term/to", "2026-02-28"), ("/payments/third/amount/fixed", "1.00")])) == [
        "1 /payments/2 already-due"
      ])
    #expect(try faults(papers.later(.renewal, from: "2025-03-01", [("/term/to", "2026-02-28")])).isEmpty)
  }

  @Test("a paper may end the term on the day before it takes effect, and no earlier")
  func term() throws {
    func supplement(_ to: String) throws -> [String] {
      try faults(papers.later(.supplement, from: "2024-09-01", [("/term/to", .string(to))]))
    }
    #expect(try supplement("2024-08-31").isEmpty)
    #expect(try supplement("2024-08-30") == ["1 /term/to term-rewritten"])
  }

  @Test("an office's files with a renewal beyond the limits are refused with file and pointer")
  func files() throws {
    var contents = try RepositoryFiles.directory("deploy/tenants/xisanqi")
    let renewal = try papers.laterJSON(
      .renewal, from: "2025-03-01", [("/term/to", "2026-02-28"), ("/total/amount", "2450800.01"), ("/total/printed", [])])
    contents["contracts/platform-2024/001-renewal.json"] = renewal.bytes
    switch TenantFiles.decode(contents) {
    case .success: Issue.record("it was taken")
    case .failure(let faults):
      #expect(
        faults.list.map { "\($0.file) \($0.fault.pointer) \($0.fault.code)" } == [
          "contracts/platform-2024/001-renewal.json /total/amount renewal-increase"
        ])
    }
  }
}
