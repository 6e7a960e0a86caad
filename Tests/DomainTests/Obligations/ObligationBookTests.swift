// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("The book of obligations")
struct ObligationBookTests {
  /// A book that a test looks into at one instant after another.
  private struct Watch {
    var bench: Bench
    var entries: [String: ObligationBook.Entry] = [:]
    var isNew = true
    var limit = 1000
    var next: Instant?

    init(_ tenant: String) throws { bench = try Bench(tenant: tenant) }

    /// What is told at a look.
    mutating func look(_ at: String) throws -> [String] {
      let now = try #require(Instant(at))
      let review = ObligationBook(Array(entries.values), isNew: isNew).review(try bench.obligations(at: at), at: now, limit: limit)
      for entry in review.entries { entries[entry.id] = entry }
      isNew = false
      next = review.next
      return review.tellings.map { "\($0.kind.rawValue) \($0.obligation.split(separator: "@")[0])" }
    }
  }

  @Test("what had passed before anybody looked is noticed and not told; what passes later is told once")
  func first() throws {
    var watch = try Watch("fangshan")
    #expect(try watch.look("2022-08-05T10:00:00+08:00") == [])
    #expect(watch.entries["report-daily@2022-07-27"]?.state == .open(.missed))
    #expect(watch.entries["report-daily@2022-07-27"]?.told == nil)
    #expect(watch.next == Instant("2022-08-06T00:00:00+08:00"))
    #expect(try watch.look("2022-08-05T23:59:59+08:00") == [])
    #expect(try watch.look("2022-08-06T00:00:00+08:00") == ["obligation.missed report-daily"])
    #expect(try watch.look("2022-08-06T00:00:00+08:00") == [])
    #expect(watch.entries["report-daily@2022-08-05"]?.told == Instant("2022-08-06T00:00:00+08:00"))
  }

  @Test("a record that comes late but is dated in time takes back what was told, and voiding it tells again")
  func corrected() throws {
    var watch = try Watch("fangshan")
    _ = try watch.look("2022-12-30T10:00:00+08:00")
    try watch.bench.event("deliverablesSubmitted", "2022-12-30")
    #expect(try watch.look("2022-12-30T11:00:00+08:00") == [])
    #expect(try watch.look("2023-01-14T00:00:00+08:00").contains("obligation.deemed accept"))
    let accepted = try watch.bench.event("accepted", "2023-01-12")
    #expect(try watch.look("2023-01-14T09:00:00+08:00") == ["obligation.corrected accept"])
    #expect(watch.entries.values.first { $0.id.hasPrefix("accept@") }?.told == nil)
    watch.bench.void(accepted)
    #expect(try watch.look("2023-01-14T09:30:00+08:00") == ["obligation.deemed accept"])
  }

  @Test("an obligation whose start was voided is withdrawn, and told where its miss had been told")
  func withdrawn() throws {
    var watch = try Watch("fangshan")
    _ = try watch.look("2022-09-19T10:00:00+08:00")
    let first = try watch.bench.event("staff-demanded", "2022-09-19")
    let second = try watch.bench.event("staff-demanded", "2022-09-20")
    _ = try watch.look("2022-09-20T10:00:00+08:00")
    watch.bench.void(second)
    #expect(try watch.look("2022-09-20T11:00:00+08:00") == [])
    #expect(watch.entries["replace-staff@\(second)"]?.state == .withdrawn)
    #expect(try watch.look("2022-09-30T00:00:00+08:00").contains("obligation.missed replace-staff"))
    watch.bench.void(first)
    #expect(try watch.look("2022-09-30T01:00:00+08:00") == ["obligation.corrected replace-staff"])
  }

  @Test("a waiver is told")
  func waived() throws {
    var watch = try Watch("fangshan")
    _ = try watch.look("2022-09-19T10:00:00+08:00")
    let demanded = try watch.bench.event("staff-demanded", "2022-09-19")
    _ = try watch.look("2022-09-19T11:00:00+08:00")
    try watch.bench.record("2022-09-19", .waiver(obligation: "replace-staff@\(demanded)"))
    #expect(try watch.look("2022-09-19T12:00:00+08:00") == ["obligation.waived replace-staff"])
    #expect(try watch.look("2022-10-01T00:00:00+08:00").allSatisfy { !$0.hasSuffix("replace-staff") })
  }

  @Test("what is too much for one look is left for the next, nothing told twice and nothing left out")
  func batches() throws {
    var watch = try Watch("fangshan")
    _ = try watch.look("2022-07-27T10:00:00+08:00")
    watch.limit = 7
    var told: [String] = []
    while true {
      let more = try watch.look("2022-10-01T00:00:00+08:00")
      #expect(more.count <= 7)
      told += more
      guard watch.next == Instant("2022-10-01T00:00:00+08:00") else { break }
    }
    // 66 days, 9 weeks, 2 months of reports, and 2 months of meetings and of hung orders.
    #expect(told.count == 66 + 9 + 2 + 2 + 2)
    #expect(told.count { $0 == "obligation.missed report-daily" } == 66)
  }

  @Test("a calendar's new year gives what had no date one, which was not there to be told of before")
  func newYear() throws {
    var watch = try Watch("huoying")
    try watch.bench.forgetYears(from: 2026)
    _ = try watch.look("2025-12-15T10:00:00+08:00")
    try watch.bench.invoice("period-1", "2025-12-15", "388800.00")
    _ = try watch.look("2025-12-15T11:00:00+08:00")
    #expect(watch.entries["payment:period-1"] == nil)
    watch.bench = try watch.bench.withWholeCalendar()
    _ = try watch.look("2025-12-15T12:00:00+08:00")
    // Twenty working days after 15 December: New Year's holiday and the Sunday worked for it among them.
    #expect(watch.entries["payment:period-1"]?.due == Instant("2026-01-14T00:00:00+08:00"))
  }
}
