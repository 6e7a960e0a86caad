// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("What the passing of time makes of a clock")
struct ClockTickTests {
  private func instant(_ text: String) throws -> Instant { try #require(Instant(text + "+08:00"), "\(text)") }

  /// The clocks that an order of Anding has once it is dispatched or hung.
  private func clocks(hung: Bool = false) throws -> (clocks: [OrderClock], reckoner: ClockReckoner) {
    let files = try RepositoryFiles.tenant("anding")
    let book = ClockBook(try #require(files.contracts.first).contract.original, revision: 1, packs: try RepositoryFiles.rulePacks())
    let reckoner = ClockReckoner(calendar: try RepositoryFiles.calendar(), hours: files.office.dutyHours)
    var clocks = OrderClocks()
    let at = try instant("2024-03-05T09:00:00")
    try clocks.take(ClockStep(.dispatched, at: at, grade: "7d"), book, reckoner) { _ in true }
    if hung { try clocks.take(ClockStep(.hung, at: at, grade: "7d", after: [.hung]), book, reckoner) { _ in true } }
    return (clocks.clocks, reckoner)
  }

  private func clock(_ rule: String, hung: Bool = false) throws -> (clock: OrderClock, reckoner: ClockReckoner) {
    let (clocks, reckoner) = try clocks(hung: hung)
    return (try #require(clocks.first { $0.rule.id == rule }), reckoner)
  }

  @Test("is a warning first, then a miss, and then nothing any more")
  func course() throws {
    let (clock, reckoner) = try clock("supervise")
    let warned = try ClockTick(clock, warned: false, missed: false, at: instant("2024-03-05T10:30:00"), reckoner)
    #expect(warned.warns && !warned.misses)
    #expect(warned.next == clock.deadline?.outside)
    let missed = try ClockTick(warned.clock, warned: true, missed: false, at: instant("2024-03-05T11:00:01"), reckoner)
    #expect(!missed.warns && missed.misses)
    #expect(missed.clock.state == .missed)
    #expect(missed.next == nil)
    let again = try ClockTick(missed.clock, warned: true, missed: true, at: instant("2024-03-06T11:00:01"), reckoner)
    #expect(!again.warns && !again.misses && again.next == nil)
  }

  @Test("is both at once where nobody looked before, and a miss alone where it was done too late")
  func late() throws {
    var (clock, reckoner) = try clock("supervise")
    let both = try ClockTick(clock, warned: false, missed: false, at: instant("2024-03-05T12:00:00"), reckoner)
    #expect(both.warns && both.misses)
    clock.end(at: try instant("2024-03-05T11:30:00"))
    let miss = try ClockTick(clock, warned: false, missed: false, at: instant("2024-03-05T12:00:00"), reckoner)
    #expect(!miss.warns && miss.misses && miss.next == nil)
  }

  @Test("exactly at the limit is nothing yet")
  func exact() throws {
    let (clock, reckoner) = try clock("supervise")
    let tick = try ClockTick(clock, warned: true, missed: false, at: instant("2024-03-05T11:00:00"), reckoner)
    #expect(!tick.misses)
    #expect(tick.next == clock.deadline?.outside)
  }

  @Test("is the next turn of what recurs, warned of within that turn")
  func turns() throws {
    let (clock, reckoner) = try clock("hung", hung: true)
    let tick = try ClockTick(clock, warned: true, missed: false, at: instant("2024-04-08T00:00:00"), reckoner)
    let next = try #require(tick.renewed)
    #expect(tick.misses && next.number == 2)
    #expect(next.opens == clock.deadline?.outside)
    #expect(try next.deadline?.due == instant("2024-05-07T00:00:00"))
    #expect(try next.deadline?.warning == instant("2024-05-04T00:00:00"))
  }
}
