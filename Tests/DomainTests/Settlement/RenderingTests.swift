// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import FoundationEssentials
import Testing

@Suite("A statement for people and for machines")
struct RenderingTests {
  private func statement() throws -> SettlementStatement {
    var bench = try Bench(tenant: "xisanqi")
    try bench.invoice("second", "2024-10-08", "866000.00")
    try bench.pay("second", "2025-02-12", "800000.00")
    try bench.event("delivery-scheduled", "2024-06-03", agreed: "2024-07-01")
    try bench.event("deliverablesSubmitted", "2024-10-29")
    return try bench.statement("second", asOf: "2025-02-12")
  }

  @Test("as text it is what Tests/Golden holds; JIESU_WRITE_GOLDEN=1 writes it anew", arguments: Language.allCases)
  func golden(language: Language) throws {
    let path = "Tests/Golden/statement.\(language.rawValue).txt"
    let text = try statement().rendered(in: language, width: 80)
    if ProcessInfo.processInfo.environment["JIESU_WRITE_GOLDEN"] == "1" {
      try Data(text.utf8).write(to: URL(filePath: RepositoryFiles.path(path)))
    }
    #expect(try RepositoryFiles.text(path) == text)
  }

  @Test("in English the same amounts stand in the same order")
  func english() throws {
    let statement = try statement()
    // Amounts have two places behind the point; clauses and sentences have not.
    let figures = { (text: String) in
      Set(
        text.split(whereSeparator: { " ，。；（）;()\n".contains($0) }).filter {
          $0.dropLast(2).last == "." && $0.suffix(2).allSatisfy(\.isNumber)
        })
    }
    let (zh, en) = (figures(statement.rendered(in: .zh)), figures(statement.rendered(in: .en)))
    #expect(zh.count > 10)
    #expect(zh == en)
    #expect(statement.rendered(in: .en).contains("Since 2024-08-01 the office may end the contract"))
    #expect(!statement.rendered(in: .en).contains("条款"))
  }

  @Test("as JSON the sentences stand in both languages, amounts in fen and yuan, and what was not rounded exactly")
  func json() throws {
    var bench = try Bench(tenant: "anding")
    for (index, value) in ["100", "100", "50", "50", "60", "70"].enumerated() {
      try bench.score("staff", "quarter-2", "person-\(index)", value, on: "2024-06-26")
    }
    var writer = JSONWriter()
    try bench.statement("quarter-2", asOf: "2024-07-01").write(to: &writer)
    let json = try JSON.parse(writer.bytes)
    #expect(json["payable"] == ["fen": 53_578_000, "yuan": "535780.00"])
    #expect(json["payableCapitals"] == "伍拾叁万伍仟柒佰捌拾元整")
    #expect(json["payment"]?["from"] == "2024-03-26")
    let line = try #require(json["lines"]?[1])
    #expect(line["clause"] == "2.2")
    #expect(line["quantity"]?["exact"] == "215/3")
    #expect(line["unrounded"] == ["yuan": "-800.00", "exact": "-800"])
    #expect(line["rate"] == "100.00")
    #expect(line["owedBy"] == "vendor")
    #expect(line["facts"]?.array?.count == 6)
    #expect(line["says"]?["zh"]?.string?.isEmpty == false && line["says"]?["en"]?.string?.isEmpty == false)
    #expect(json["pending"]?.array?.compactMap { $0["code"]?.string } == ["event-missing", "event-missing"])
    #expect(json["definitive"] == false)
  }
}
