// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("The clocks of a work order")
struct OrderClocksTests {
  /// An order under a contract of the repository, with what happens to it.
  private struct Story {
    let book: ClockBook
    let reckoner: ClockReckoner
    var clocks = OrderClocks()
    var waits: Set<OrderState> = []
    var grade = "7d"

    init(_ tenant: String) throws {
      let files = try RepositoryFiles.tenant(tenant)
      let document = try #require(files.contracts.first).contract.original
      book = ClockBook(document, revision: 1, packs: try RepositoryFiles.rulePacks())
      reckoner = ClockReckoner(calendar: try RepositoryFiles.calendar(), hours: files.office.dutyHours)
    }

    mutating func take(
      _ event: OrderEvent?, _ time: String, reported: String? = nil, waits after: Set<OrderState>? = nil, isOpen: Bool = true,
      holds: (ClockRule) -> Bool = { $0.when == nil }
    ) throws {
      let step = ClockStep(
        event, at: try instant(time), reported: try reported.map(instant), grade: grade, before: waits, after: after ?? waits,
        isOpen: isOpen)
      try clocks.take(step, book, reckoner, holds: holds)
      waits = step.after
    }

    func clock(_ rule: String, _ number: Int16 = 1) throws -> OrderClock {
      try #require(clocks.clocks.last { $0.rule.id == rule && $0.number == number }, "there is no clock \(rule) \(number)")
    }

    func due(_ rule: String, _ number: Int16 = 1) throws -> Instant? { try clock(rule, number).deadline?.due }

    func text(_ rule: String, _ number: Int16 = 1, at now: String) throws -> Text {
      try ClockExplanation(of: clock(rule, number), reckoner, at: instant(now)).text
    }
  }

  @Test("a step starts one clock and ends another, and later a stage is missed while the next still runs")
  func stages() throws {
    var story = try Story("anding")
    try story.take(.received, "2024-03-05T09:00:00")
    #expect(try story.due("sign") == instant("2024-03-05T09:30:00"))
    try story.take(.signed, "2024-03-05T09:30:00")
    #expect(try story.clock("sign").state == .met)
    try story.take(.dispatched, "2024-03-05T10:30:00.000001")
    #expect(try story.clock("hand-over").state == .missed)
    try story.take(.replied, "2024-03-05T15:00:00")
    #expect(try (1...3).map { try story.clock("supervise", $0).state } == [.missed, .met, .met])
    try story.take(.closed, "2024-03-13T00:00:00", isOpen: false)
    #expect(try story.clock("close").state == .missed)
    #expect(try story.text("close", at: "2024-03-20T00:00:00").en.contains("Civil Code art. 203") == false)
    #expect(try story.text("close", at: "2024-03-20T00:00:00").zh.hasSuffix("截止 2024-03-12 24:00。2024-03-13 00:00 结束，超时 不到 1 分。"))
  }

  @Test("an approval stops the hand-over, and what is left of it goes on afterwards")
  func approval() throws {
    var story = try Story("anding")
    try story.take(.received, "2024-03-05T16:30:00")
    try story.take(.signed, "2024-03-05T16:40:00")
    try story.take(.approvalAsked, "2024-03-05T17:00:00", waits: [.awaitingApproval])
    #expect(try story.clock("hand-over").state == .paused)
    #expect(try story.due("hand-over") == nil)
    #expect(try story.text("hand-over", at: "2024-03-05T18:00:00").en.contains("40 minutes are left"))
    try story.take(.approved, "2024-03-06T09:00:00", waits: [])
    #expect(try story.due("hand-over") == instant("2024-03-06T09:40:00"))
    let text = try story.text("hand-over", at: "2024-03-06T09:10:00")
    #expect(text.zh.contains("因等待领导审批，2024-03-05 17:00 至 2024-03-06 09:00 暂停。"), "\(text.zh)")
    try story.take(.dispatched, "2024-03-06T09:40:00")
    #expect(try story.clock("hand-over").state == .met)
  }

  @Test("a mass incident has no clock for the hand-over; one outside the remit needs none any more and is to be returned in two hours")
  func exceptions() throws {
    var story = try Story("anding")
    try story.take(.received, "2024-03-05T09:00:00")
    try story.take(.signed, "2024-03-05T09:10:00") { $0.unless == nil }
    #expect(!story.clocks.clocks.contains { $0.rule.id == "hand-over" })
    story = try Story("anding")
    try story.take(.received, "2024-03-05T09:00:00")
    try story.take(.signed, "2024-03-05T09:10:00")
    try story.take(.outsideRemit, "2024-03-05T09:30:00")
    #expect(try story.clock("hand-over").state == .lapsed)
    #expect(try story.due("return") == instant("2024-03-05T11:30:00"))
    try story.take(.returned, "2024-03-05T11:30:00", isOpen: false)
    #expect(try story.clock("return").state == .met)
  }

  @Test("a hung order reports each month by its day, one report for each; its closing clock stands still")
  func hung() throws {
    var story = try Story("anding")
    try story.take(.received, "2024-01-08T09:00:00")
    try story.take(.signed, "2024-01-08T09:10:00")
    try story.take(.dispatched, "2024-01-08T09:20:00")
    try story.take(.hung, "2024-01-10T10:00:00", waits: [.hung])
    #expect(try story.clock("close").state == .paused)
    // The 10th of February is a holiday of the Spring Festival.
    #expect(try story.due("hung") == instant("2024-02-19T00:00:00"))
    try story.take(.progressReported, "2024-01-20T09:00:00")
    try story.take(.progressReported, "2024-01-21T09:00:00")
    #expect(try story.clock("hung").state == .met)
    #expect(try story.clock("hung", 2).state == .running)
    #expect(try story.due("hung", 2) == instant("2024-03-12T00:00:00"))
    try story.take(.progressReported, "2024-04-01T09:00:00")
    #expect(try story.clock("hung", 2).state == .missed)
    #expect(try story.clock("hung", 2).ended == instant("2024-04-01T09:00:00"))
    #expect(try story.clock("hung", 3).state == .met)
    try story.take(nil, "2024-04-02T09:00:00", waits: [])
    #expect(try story.clock("hung", 4).state == .lapsed)
    // The days from 10 January to 2 April do not count: five of seven are left.
    #expect(try story.due("close") == instant("2024-04-09T00:00:00"))
  }

  @Test("the city's reported time starts a clock where the contract says so, and never lies ahead")
  func reported() throws {
    var story = try Story("sanjianfang")
    story.grade = "24h"
    try story.take(.received, "2020-03-05T09:10:00", reported: "2020-03-05T09:00:00")
    #expect(try story.due("sign") == instant("2020-03-05T09:20:00"))
    #expect(try story.due("reply") == instant("2020-03-06T09:10:00"))
    story = try Story("sanjianfang")
    try story.take(.received, "2020-03-05T09:10:00", reported: "2020-03-05T09:30:00")
    #expect(try story.due("sign") == instant("2020-03-05T09:30:00"))
  }

  @Test("the grade's own limit runs without a word of the contract, and not a second time beside the contract's own")
  func grades() throws {
    var story = try Story("fangshan")
    story.grade = "2h"
    try story.take(.received, "2022-08-01T09:00:00")
    #expect(try story.clock("grade").rule.source.kind == .rulePack)
    #expect(try story.due("grade") == instant("2022-08-01T11:00:00"))
    story = try Story("sanjianfang")
    try story.take(.received, "2020-03-05T09:10:00")
    #expect(!story.clocks.clocks.contains { $0.rule.id == "grade" })
  }

  @Test("a second dispatch does not set a running clock back; after a reopening it starts anew")
  func again() throws {
    var story = try Story("fangshan")
    try story.take(.received, "2022-08-01T09:00:00")
    try story.take(.dispatched, "2022-08-01T10:00:00")
    let due = try story.due("close")
    try story.take(.dispatched, "2022-08-03T10:00:00")
    #expect(try story.due("close") == due)
    try story.take(.closed, "2022-08-04T10:00:00", isOpen: false)
    try story.take(.reopened, "2022-08-10T10:00:00")
    try story.take(.dispatched, "2022-08-10T11:00:00")
    #expect(story.clocks.clocks.filter { $0.rule.id == "close" }.map(\.state) == [.met, .running])
  }

  @Test("where the next year's calendar is not known a clock runs without an end, and says what it waits for")
  func unknownYear() throws {
    var story = try Story("fangshan")
    let year = try #require(story.reckoner.calendar.years?.upperBound)
    try story.take(.received, "\(year)-12-30T09:00:00")
    try story.take(.dispatched, "\(year)-12-30T10:00:00")
    #expect(try story.clock("close").state == .running)
    #expect(try story.due("close") == nil)
    #expect(try story.text("close", at: "\(year)-12-30T11:00:00").en.contains("waits for the calendar of \(year + 1)"))
    try story.take(.closed, "\(year)-12-31T09:00:00", isOpen: false)
    #expect(try story.clock("close").state == .met)
  }
}

private func instant(_ text: String) throws -> Instant { try #require(Instant(text + "+08:00"), "\(text)") }
