// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("Coverage of posts")
struct CoverageTests {
  @Test("random rosters: the gaps are those of a count minute by minute", arguments: 0..<12)
  func naive(round: Int) throws {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    // Across the end of a month and of a year, shifts past midnight among them.
    let first = try #require(CivilDate(year: 2025, month: 12, day: 30))
    let start = Instant(first)
    func interval() throws -> Range<Instant> {
      let from = try start.adding(minutes: Int64.random(in: -600..<4200, using: &random))
      return try from..<from.adding(minutes: Int64.random(in: 1...900, using: &random))
    }
    let slots = try (0..<Int.random(in: 0...12, using: &random)).map { _ in
      Slot(
        contract: "c", post: Bool.random(using: &random) ? "seat" : "analyst", pattern: "p", shift: "s", day: first,
        interval: try interval(),
        people: Int.random(in: 1...3, using: &random), crew: nil)
    }
    let shifts = try (0..<Int.random(in: 0...25, using: &random)).map { _ in
      DutyShift(
        person: "p-\(Int.random(in: 1...6, using: &random))", contract: "c", post: Bool.random(using: &random) ? "seat" : "analyst",
        interval: try interval())
    }
    let time = try start..<start.adding(minutes: 3 * 1440)
    let gaps = Coverage.gaps(between: slots, and: shifts, in: time)
    for post in ["seat", "analyst"] {
      for minute in 0..<(3 * 1440) {
        let at = try start.adding(minutes: Int64(minute))
        let required = slots.filter { $0.post == post && $0.interval.contains(at) }.reduce(0) { $0 + $1.people }
        let present = Set(shifts.filter { $0.post == post && $0.interval.contains(at) }.map(\.person)).count
        let gap = gaps.filter { $0.post == post && $0.interval.contains(at) }
        if required > present {
          try #require(gap.map { [$0.required, $0.present] } == [[required, present]], "seed \(seed), \(post), \(at)")
        } else {
          try #require(gap.isEmpty, "seed \(seed), \(post), \(at)")
        }
      }
    }
    // Neighbours that say the same are one gap.
    for (gap, next) in zip(gaps, gaps.dropFirst()) where gap.post == next.post && gap.interval.upperBound == next.interval.lowerBound {
      #expect(gap.required != next.required || gap.present != next.present, "seed \(seed)")
    }
  }
}
