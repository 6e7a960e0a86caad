// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("The clocks of any history")
struct ClockHistoryTests {
  @Test(
    "are what each rule comes to by itself, walked through minute by minute", arguments: ["anding", "fangshan", "sanjianfang", "xisanqi"])
  func naive(tenant: String) throws {
    let seed = SeededGenerator.freshSeed
    var random = SeededGenerator(seed: seed)
    let files = try RepositoryFiles.tenant(tenant)
    let book = ClockBook(try #require(files.contracts.first).contract.original, revision: 1, packs: try RepositoryFiles.rulePacks())
    let calendar = try RepositoryFiles.calendar()
    let reckoner = ClockReckoner(calendar: calendar, hours: files.office.dutyHours)
    let walk = ClockWalk(calendar: calendar, hours: files.office.dutyHours)
    for number in 0..<60 {
      let steps = try Self.history(&random)
      let now = try (steps.last?.at ?? Instant(.first)).adding(minutes: Int64.random(in: 0...60_000, using: &random))
      // Some rules hold for some orders only.
      let spared = Int.random(in: 0...2, using: &random)
      let holds = { (rule: ClockRule) in spared == 0 || (rule.when == nil && rule.unless == nil) }
      var clocks = OrderClocks()
      for step in steps { try clocks.take(step, book, reckoner, holds: holds) }
      try clocks.settle(at: now, reckoner)
      var rules = book.rules.filter(holds)
      if let first = steps.first {
        rules += book.starting(with: .received, grade: first.grade, on: first.at.date).filter { $0.source.kind == .rulePack }
      }
      let naive = NaiveClocks(book: book, walk: walk, steps: steps, now: now)
      let expected = try rules.flatMap { try naive.clocks(of: $0) }.sorted()
      let found = clocks.clocks.map {
        NaiveClocks.Clock(rule: $0.rule.id, started: $0.started, number: Int($0.number), state: $0.state, ended: $0.ended)
      }.sorted()
      #expect(found == expected, "\(tenant), seed \(seed), history \(number): \(steps)")
    }
  }

  /// Steps in an order that an order might really see, and in one that it would not: clocks go by the steps alone.
  private static func history(_ random: inout SeededGenerator) throws -> [ClockStep] {
    let day = try CivilDate(year: 2019, month: 2, day: 1)?.adding(days: Int.random(in: 0..<2300, using: &random)) ?? .first
    var at = try Instant(day).adding(minutes: Int64.random(in: 0..<1440, using: &random))
    let grade = ["2h", "24h", "7d", "15d"].randomElement(using: &random) ?? "7d"
    let reported = Bool.random(using: &random) ? try at.adding(minutes: Int64.random(in: -30...30, using: &random)) : nil
    var steps = [ClockStep(.received, at: at, reported: reported, grade: grade)]
    var waits: Set<OrderState> = []
    var isOpen = true
    let plain: [OrderEvent] = [
      .signed, .verified, .dispatched, .replied, .audited, .calledBack, .closed, .urged, .progressReported, .outsideRemit, .returned,
      .appealed,
      .dispatched, .progressReported, .reopened,
    ]
    for place in 0..<Int.random(in: 3...14, using: &random) {
      at = try at.adding(minutes: Int64.random(in: 0...[10, 90, 2000, 30_000][Int.random(in: 0..<4, using: &random)], using: &random))
      let before = waits
      var event: OrderEvent? = place < plain.count && Bool.random(using: &random) ? plain[place] : plain.randomElement(using: &random)
      if isOpen, Int.random(in: 0..<3, using: &random) == 0, let state = OrderState.allCases.randomElement(using: &random) {
        // It begins or ceases to wait.
        event = nil
        waits.formSymmetricDifference([state])
      }
      if event == .closed || event == .returned {
        isOpen = false
        waits = []
      }
      if event == .reopened || event == .dispatched { isOpen = true }
      steps.append(ClockStep(event, at: at, grade: grade, before: before, after: waits, isOpen: isOpen))
    }
    return steps
  }
}
