// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("The three rates")
struct ThreeRatesTests {
  private func counts(
    _ orders: Int64, responded: Int64 = 0, calledBack: Int64 = 0, solved: Int64 = 0, partly: Int64 = 0, satisfied: Int64 = 0,
    basically: Int64 = 0
  ) -> RateCounts {
    var counts = RateCounts()
    (counts.orders, counts.responded, counts.calledBack) = (orders, responded, calledBack)
    (counts.solved, counts.partly, counts.satisfied, counts.basically) = (solved, partly, satisfied, basically)
    return counts
  }

  private func rule(_ json: JSON) throws -> RateRule { try RateRule.shape.decode(json).get() }

  @Test(
    "response is of the assessable, resolution and satisfaction are of those called back, and what left the denominators is told by why")
  func usual() {
    let rates = ThreeRates(
      [
        .counted: counts(20, responded: 19, calledBack: 16, solved: 12, partly: 3, satisfied: 10, basically: 4),
        .excluded: counts(3, responded: 1, calledBack: 2), .returned: counts(2),
      ], by: .usual)
    #expect(rates.response == Ratio(part: 19, whole: 20) && rates.response.percent == "95.00")
    #expect(rates.resolution == Ratio(part: 12, whole: 16) && rates.resolution.percent == "75.00")
    #expect(rates.satisfaction == Ratio(part: 14, whole: 16) && rates.satisfaction.percent == "87.50")
    #expect(rates.left == [.excluded: 3, .returned: 2])
    #expect(rates.composite == nil)
  }

  @Test("the office says what leaves, what counts as resolved and satisfied, and the weights of the composite")
  func ofItsOwn() throws {
    let rule = try rule([
      "leaves": ["excluded"], "resolved": ["solved", "partly"], "satisfied": ["satisfied"],
      "weights": ["response": "20%", "resolution": "40%", "satisfaction": "40%"],
    ])
    let rates = ThreeRates(
      [.counted: counts(8, responded: 8, calledBack: 8, solved: 4, partly: 2, satisfied: 3), .returned: counts(2), .excluded: counts(1)],
      by: rule)
    #expect(rates.response == Ratio(part: 8, whole: 10) && rates.resolution == Ratio(part: 6, whole: 8))
    // 20 % of 80 %, 40 % of 75 %, 40 % of 37.5 %.
    #expect(rates.composite.flatMap(Ratio.percent) == "61.00")
    #expect(ThreeRates([:], by: rule).composite == nil && ThreeRates([:], by: rule).response.percent == nil)
  }

  @Test("weights that do not add up to the whole are refused, and so is a class that cannot leave")
  func refused() {
    #expect(throws: Faults.self) { try rule(["weights": ["response": "20%", "resolution": "40%", "satisfaction": "30%"]]) }
    #expect(throws: Faults.self) { try rule(["weights": ["response": "-20%", "resolution": "60%", "satisfaction": "60%"]]) }
    #expect(throws: Faults.self) { try rule(["leaves": ["counted"]]) }
  }

  @Test("a third is rounded half up to two decimals", arguments: [(1, 3, "33.33"), (2, 3, "66.67"), (1, 16, "6.25"), (1, 800, "0.13")])
  func rounding(part: Int64, whole: Int64, expected: String) { #expect(Ratio(part: part, whole: whole).percent == expected) }
}

@Suite("Evaluation cycles")
struct EvaluationCycleTests {
  @Test(
    "a cycle is of the length that the pack in force says, from its first day; where no pack has one it is a month",
    arguments: [
      ("2025-01-01", "2025-01-01", "2025-02-28", 2), ("2025-02-28", "2025-01-01", "2025-02-28", 2),
      ("2026-03-15", "2026-03-01", "2026-04-30", 2), ("2024-02-10", "2024-02-01", "2024-02-29", 1),
      ("2024-12-31", "2024-12-01", "2024-12-31", 1), ("2018-06-05", "2018-06-01", "2018-06-30", 1),
    ])
  func city(day: String, first: String, last: String, months: Int) throws {
    let cycle = try EvaluationCycle(containing: try #require(CivilDate(day)), packs: try RepositoryFiles.rulePacks())
    #expect("\(cycle.days)" == "\(first) … \(last)" && cycle.months == months)
    #expect((cycle.pack == nil) == (months == 1))
  }

  @Test("a pack that takes effect in the middle cuts the cycle before it, and every day lies in the cycle it is found by")
  func cut() throws {
    let packs = RulePacks(try [("a", "2025-01-01", 3), ("b", "2025-08-16", 2)].map { try pack($0, $1, $2) })
    let cycle = { (day: String) in try EvaluationCycle(containing: try #require(CivilDate(day)), packs: packs).days }
    #expect("\(try cycle("2025-07-31"))" == "2025-07-01 … 2025-08-15")
    #expect("\(try cycle("2025-08-16"))" == "2025-08-16 … 2025-10-15")
    var day = try #require(CivilDate("2024-11-20"))
    while day < CivilDate(year: 2026, month: 3, day: 1) ?? .last {
      let days = try EvaluationCycle(containing: day, packs: packs).days
      #expect(days.contains(day))
      #expect(try EvaluationCycle(containing: days.last, packs: packs).days == days, "\(day)")
      day = try day.adding(days: 1)
    }
  }

  private func pack(_ id: String, _ from: String, _ months: Int) throws -> RulePack {
    let says: JSON = ["zh": "周期", "en": "Cycle"]
    return try RulePack.shape.decode([
      "id": .string(id), "from": .string(from), "authority": says, "says": says, "cycle": ["months": .integer(months)],
      "provenance": [["of": "cycle", "source": "test", "read": "2026-01-01", "says": says]],
    ]).get()
  }
}
