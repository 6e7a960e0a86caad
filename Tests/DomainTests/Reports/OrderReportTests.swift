// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

@testable import Domain

@Suite("Reports on orders")
struct OrderReportTests {
  @Test(
    "a report covers the day, the week from Monday, the calendar month, and is compared with those before",
    arguments: [
      (ReportKind.daily, "2024-03-01", "2024-03-01 … 2024-03-01", "2024-02-29 … 2024-02-29"),
      (.weekly, "2024-03-03", "2024-02-26 … 2024-03-03", "2024-02-19 … 2024-02-25"),
      (.weekly, "2024-03-04", "2024-03-04 … 2024-03-10", "2024-02-26 … 2024-03-03"),
      (.monthly, "2024-03-31", "2024-03-01 … 2024-03-31", "2024-02-01 … 2024-02-29"),
      (.monthly, "2024-01-15", "2024-01-01 … 2024-01-31", "2023-12-01 … 2023-12-31"),
    ])
  func periods(_ kind: ReportKind, _ day: String, _ days: String, _ before: String) throws {
    let period = try ReportPeriod(kind, containing: try #require(CivilDate(day)))
    #expect("\(period.days)" == days)
    #expect(try "\(period.previous().days)" == before)
  }

  @Test("a special report is compared with as many days before it")
  func special() throws {
    let first = try #require(CivilDate("2024-03-10"))
    let last = try #require(CivilDate("2024-03-14"))
    let days = DateRange(first, orThrough: last)
    #expect(try "\(ReportPeriod(special: days).previous().days)" == "2024-03-05 … 2024-03-09")
  }

  @Test(
    "a change is in percent with its sign, half away from zero, and none where there was nothing before",
    arguments: [(3, 2, "+50.0%"), (2, 3, "-33.3%"), (4, 4, "0.0%"), (5, 0, nil), (0, 7, "-100.0%"), (2001, 2000, "+0.1%")]
      as [(Int64, Int64, String?)])
  func change(_ count: Int64, _ previous: Int64, _ change: String?) {
    #expect(Trend(count: count, previous: previous).change == change)
  }

  @Test("a surge is so many times the mean of the periods before, and so many orders at least; nothing before counts as none")
  func surges() {
    let rule = SurgeRule(least: 5, factor: .percent(200), periods: 4)
    #expect(rule.isSurge(5, earlier: 10) && !rule.isSurge(5, earlier: 11))
    #expect(rule.isSurge(5, earlier: 0) && !rule.isSurge(4, earlier: 0))
    // A factor of one: as many as usual is no surge.
    #expect(!SurgeRule(least: 1, factor: .percent(100), periods: 2).isSurge(3, earlier: 6))
  }

  @Test("numbers are sorted by the most, topics have two orders and up, and a surge says what was usual")
  func report() {
    func cell(_ back: Int, _ key: OrderReport.Key, _ orders: Int64, repeats: Int64 = 0, closed: Int64 = 0) -> OrderReport.Cell {
      OrderReport.Cell(back: back, key: key, orders: orders, repeats: repeats, closed: closed)
    }
    let pair: OrderReport.Key = [.category: "环境", .community: "东里"]
    let report = OrderReport(
      [
        cell(0, [:], 9, repeats: 2, closed: 4), cell(1, [:], 6, repeats: 1, closed: 6), cell(0, [.category: "环境"], 7),
        cell(1, [.category: "环境"], 2),
        cell(2, [.category: "环境"], 3), cell(0, [.category: "噪声"], 2), cell(1, [.category: "噪声"], 4), cell(1, [.category: "停车"], 1),
        cell(0, pair, 6),
        cell(1, pair, 1), cell(0, [.category: "噪声", .community: "西里"], 1),
      ], under: SurgeRule(least: 5, factor: .percent(200), periods: 2), top: 10)
    #expect(report.orders == Trend(count: 9, previous: 6) && report.repeats == Trend(count: 2, previous: 1))
    #expect(report.closed == Trend(count: 4, previous: 6))
    #expect(report.lines[.category]?.map { $0.key[.category] } == ["环境", "噪声", "停车"])
    #expect(report.topics.map(\.key) == [pair])
    #expect(report.surges.map(\.key) == [[.category: "环境"], pair])
    #expect(report.surges.map(\.usual) == ["2.5", "0.5"])
  }
}
