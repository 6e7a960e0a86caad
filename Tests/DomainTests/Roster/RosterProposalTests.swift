// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("Proposed rosters")
struct RosterProposalTests {
  private let calendar: WorkingCalendar

  init() throws { calendar = try RepositoryFiles.calendar() }

  /// Four crews round the clock: a day, a night, two days' rest.
  private func fourCrews(_ people: Int) throws -> RosterRules.Pattern {
    let rules: JSON = [
      "patterns": [
        [
          "id": "watch", "says": ["zh": "四班轮值。", "en": "Four crews in turn."], "contract": "c", "post": "seat", "people": .integer(people),
          "shifts": [
            ["id": "day", "from": "08:00", "lasts": ["hours": 12]], ["id": "night", "from": "20:00", "lasts": ["hours": 12]],
          ],
          "cycle": ["from": "2026-01-01", "days": [["day"], ["night"], [], []]],
        ]
      ]
    ]
    return try #require(RosterRules.fileShape.decode(rules).get().patterns.first)
  }

  private func people(_ count: Int, crews: Int?, leave: [Int: Range<Instant>] = [:]) throws -> [RosterPerson] {
    let days = try #require(CivilDate("2025-01-01").flatMap { first in CivilDate("2027-12-31").flatMap { DateRange(first, through: $0) } })
    return (0..<count).map { number in
      RosterPerson(
        code: "p-\(number)", qualifications: [.init(contract: "c", post: "seat", days: days)], leave: leave[number].map { [$0] } ?? [],
        crews: crews.map { ["watch": number % $0] } ?? [:])
    }
  }

  private func month(_ first: String, _ last: String) throws -> DateRange {
    try #require(CivilDate(first).flatMap { first in CivilDate(last).flatMap { DateRange(first, through: $0) } })
  }

  @Test("a hundred people in four crews fill a month round the clock, each in their crew's turn")
  func fourCrews() throws {
    let days = try month("2026-02-01", "2026-02-28")
    let slots = try fourCrews(25).slots(in: days, of: 100, calendar)
    #expect(slots.count == 56)
    let rest = RosterRules.Rest(minutesBetween: 11 * 60, daysInARow: 2, minutesPerMonth: 180 * 60)
    let proposal = RosterProposal(filling: slots, with: try people(100, crews: 4), rest)
    #expect(proposal.isComplete && proposal.placements.count == 56 * 25)
    for placement in proposal.placements {
      let number = try #require(Int(placement.person.dropFirst(2)))
      #expect(number % 4 == placement.slot.crew)
    }
    let shifts = proposal.placements.map { DutyShift(person: $0.person, $0.slot) }
    let time = Instant(days.first)..<Instant(days.last)
    // The night before the first day belongs to the month before.
    let gaps = Coverage.gaps(between: slots, and: shifts, in: time)
    #expect(gaps.isEmpty)
  }

  @Test("somebody on leave is stood in for by another crew's rested people, and never by anybody who is not")
  func leave() throws {
    let days = try month("2026-03-01", "2026-03-31")
    let slots = try fourCrews(2).slots(in: days, of: 8, calendar)
    let leave = Instant(days.first)..<Instant(try #require(CivilDate("2026-03-20")))
    let rest = RosterRules.Rest(minutesBetween: 11 * 60, daysInARow: nil, minutesPerMonth: nil)
    let proposal = RosterProposal(filling: slots, with: try people(8, crews: 4, leave: [0: leave]), rest)
    #expect(proposal.isComplete, "\(proposal.open.map { ($0.slot.day, $0.slot.shift, $0.missing) })")
    #expect(!proposal.placements.contains { $0.person == "p-0" && $0.slot.interval.overlaps(leave) })
  }

  @Test("too few people, or too few hours in the month: it says so, and that it is certain")
  func shortage() throws {
    let days = try month("2026-04-01", "2026-04-30")
    let slots = try fourCrews(3).slots(in: days, of: 12, calendar)
    let few = RosterProposal(
      filling: slots, with: try people(2, crews: 4), .init(minutesBetween: nil, daysInARow: nil, minutesPerMonth: nil))
    #expect(few.open.count == slots.count && few.open.allSatisfy { $0.isCertain && $0.missing >= 1 })
    let tired = RosterProposal(
      filling: slots, with: try people(12, crews: 4), .init(minutesBetween: nil, daysInARow: nil, minutesPerMonth: 100 * 60))
    // 60 slots of 12 hours for three people against twelve people with a hundred hours each.
    let shortage = try #require(tired.shortages.first)
    #expect(shortage.needed == 60 * 12 * 60 * 3 && shortage.available == 12 * 100 * 60 && !tired.isComplete)
    #expect(tired.open.first?.hindrances.contains { $0.by == .tooManyHours } == true)
  }

  @Test("random rosters break no rule, fill what they can, and say of the rest who is kept from it by what", arguments: 0..<20)
  func random(round: Int) throws {
    let seed = SeededGenerator.freshSeed
    var random = SeededGenerator(seed: seed)
    let days = try month("2025-09-25", "2025-10-12")  // a month's end, a make-up day, the National Day holidays
    let shifts: [JSON] = [
      ["id": "day", "from": "08:30", "lasts": ["minutes": 480]], ["id": "late", "from": "16:00", "lasts": ["minutes": 540]],
      ["id": "night", "from": "22:30", "lasts": ["hours": 10]],
    ]
    let kind = ["all", "working", "rest"].randomElement(using: &random) ?? "all"
    let rules: JSON = [
      "patterns": [
        [
          "id": "p", "says": ["zh": "班", "en": "s"], "contract": "c", "post": "seat", "days": .string(kind),
          "people": .integer(Int.random(in: 1...3, using: &random)),
          "shifts": .array(Array(shifts.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))),
        ]
      ]
    ]
    let pattern = try #require(RosterRules.fileShape.decode(rules).get().patterns.first)
    let slots = try pattern.slots(in: days, of: nil, calendar)
    for day in 0..<days.days {
      let date = try #require(CivilDate(day: Int(days.first.day) + day))
      let isWanted = try kind == "all" || calendar.isWorking(date) == (kind == "working")
      #expect(slots.contains { $0.day == date } == isWanted, "seed \(seed), \(date)")
    }
    let rest = RosterRules.Rest(
      minutesBetween: Bool.random(using: &random) ? Int.random(in: 0...16, using: &random) * 60 : nil,
      daysInARow: Bool.random(using: &random) ? Int.random(in: 1...6, using: &random) : nil,
      minutesPerMonth: Bool.random(using: &random) ? Int.random(in: 40...180, using: &random) * 60 : nil)
    let leave = try (0..<3).reduce(into: [Int: Range<Instant>]()) { leave, number in
      let from = try Instant(days.first).adding(minutes: Int64.random(in: 0..<20000, using: &random))
      leave[number] = try from..<from.adding(minutes: Int64.random(in: 60...10000, using: &random))
    }
    let people = try people(Int.random(in: 1...9, using: &random), crews: nil, leave: leave)
    let proposal = RosterProposal(filling: slots, with: people, rest)
    for person in people {
      let mine = proposal.placements.filter { $0.person == person.code }.map(\.slot).sorted {
        $0.interval.lowerBound < $1.interval.lowerBound
      }
      for (slot, next) in zip(mine, mine.dropFirst()) {
        let between = next.interval.lowerBound.microseconds(since: slot.interval.upperBound)
        #expect(between >= Int64(rest.minutesBetween ?? 0) * Instant.minute, "seed \(seed)")
      }
      for slot in mine { #expect(!person.leave.contains { $0.overlaps(slot.interval) }, "seed \(seed)") }
      if let most = rest.minutesPerMonth {
        for (month, slots) in Dictionary(grouping: mine, by: { $0.day.components.month }) {
          #expect(slots.reduce(0) { $0 + $1.minutes } <= most, "seed \(seed), month \(month)")
        }
      }
      if let most = rest.daysInARow {
        let worked = Set(mine.map { Int($0.day.day) })
        for day in worked { #expect(!(0...most).allSatisfy { worked.contains(day + $0) }, "seed \(seed)") }
      }
    }
    for slot in slots {
      let placed = proposal.placements.filter { $0.slot == slot }
      let missing = proposal.open.first { $0.slot == slot }?.missing ?? 0
      #expect(placed.count + missing == slot.people && Set(placed.map(\.person)).count == placed.count, "seed \(seed)")
      let able = people.count { person in !person.leave.contains { $0.overlaps(slot.interval) } }
      if let open = proposal.open.first(where: { $0.slot == slot }) {
        #expect(open.isCertain == (able < slot.people), "seed \(seed)")
        // Everybody is in the slot, or kept from it by something that is said.
        #expect(Set(open.hindrances.map(\.person)) == Set(people.map(\.code)), "seed \(seed)")
      }
    }
  }
}
