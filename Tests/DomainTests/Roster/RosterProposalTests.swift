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

  @Test("too few people, too little rest, too few hours in the month: it says so, with the proof, and which rule binds")
  func shortage() throws {
    let days = try month("2026-04-01", "2026-04-30")
    let slots = try fourCrews(3).slots(in: days, of: 12, calendar)
    let few = RosterProposal(
      filling: slots, with: try people(2, crews: 4), .init(minutesBetween: nil, daysInARow: nil, minutesPerMonth: nil))
    #expect(few.open.count == slots.count && few.open.allSatisfy { $0.isCertain && $0.missing == 1 })
    #expect(few.proofs.allSatisfy { $0.rules == [.notQualified] && $0.method == .counted && $0.needed == 3 && $0.available == 2 })
    let tired = RosterProposal(
      filling: slots, with: try people(12, crews: 4), .init(minutesBetween: nil, daysInARow: nil, minutesPerMonth: 100 * 60))
    // 60 slots of 12 hours for three people against twelve people with a hundred hours each, eight slots of twelve.
    #expect(tired.proofs.map(\.needed) == [180] && tired.proofs.map(\.available) == [96] && tired.proofs[0].rules == [.tooManyHours])
    #expect(tired.open.allSatisfy(\.isCertain) && tired.open.reduce(0) { $0 + $1.missing } == 180 - 96)
    #expect(tired.open.first?.hindrances.contains { $0.by == .tooManyHours } == true)
    // Two who may not follow a day with its night: every other slot of theirs is one too many.
    let single = try fourCrews(1).slots(in: month("2026-04-01", "2026-04-03"), of: 4, calendar)
    let sleepless = RosterProposal(
      filling: single, with: try people(1, crews: 4), .init(minutesBetween: 60, daysInARow: nil, minutesPerMonth: nil))
    #expect(sleepless.open.count == 3 && sleepless.proofs.allSatisfy { $0.rules == [.notRested] && $0.needed > $0.available })
    #expect(sleepless.proofs.first?.text.en.contains("too little rest between shifts") == true, "\(sleepless.proofs.map(\.text.en))")
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
        if able < slot.people { #expect(open.isCertain, "seed \(seed)") }
        // Everybody is in the slot, or kept from it by something that is said.
        #expect(Set(open.hindrances.map(\.person)) == Set(people.map(\.code)), "seed \(seed)")
      }
    }
  }

  @Test("small rosters are filled where they can be at all, and where they cannot, a proof says so", arguments: 0..<30)
  func small(round: Int) throws {
    let seed = SeededGenerator.freshSeed
    var random = SeededGenerator(seed: seed)
    let days = try month("2026-02-26", "2026-03-01")
    let start = Instant(days.first)
    let slots = try (0..<Int.random(in: 2...8, using: &random)).map { _ in
      let from = try start.adding(minutes: Int64.random(in: 0..<96, using: &random) * 60)
      let interval = try from..<from.adding(minutes: [480, 720, 1440][Int.random(in: 0..<3, using: &random)])
      return Slot(
        contract: "c", post: "seat", pattern: "p", shift: "s", day: from.date, interval: interval,
        people: Int.random(in: 1...2, using: &random), crew: nil)
    }
    let rest = RosterRules.Rest(
      minutesBetween: Bool.random(using: &random) ? Int.random(in: 1...14, using: &random) * 60 : nil,
      daysInARow: Bool.random(using: &random) ? Int.random(in: 1...3, using: &random) : nil,
      minutesPerMonth: Bool.random(using: &random) ? Int.random(in: 12...40, using: &random) * 60 : nil)
    let leave = try start.adding(minutes: 1200)..<start.adding(minutes: 2400)
    let people = try people(Int.random(in: 1...4, using: &random), crews: nil, leave: Bool.random(using: &random) ? [0: leave] : [:])
    let known =
      try Bool.random(using: &random)
      ? [DutyShift(person: "p-0", contract: "c", post: "seat", interval: start.adding(minutes: 3000)..<start.adding(minutes: 3400))] : []
    let proposal = RosterProposal(filling: slots, with: people, rest, known: known)
    let canBe = Naive(slots: slots, people: people, rest: rest, known: known).canBeFilled([])
    #expect(proposal.isComplete == canBe, "seed \(seed)")
    #expect(proposal.isComplete || proposal.open.allSatisfy(\.isCertain), "seed \(seed)")
    #expect(Naive(slots: slots, people: people, rest: rest, known: known).isAllowed(proposal.placements), "seed \(seed)")
  }

  /// Tries everything, judging whole rosters by the rules as they are written.
  private struct Naive {
    let slots: [Slot]
    let people: [RosterPerson]
    let rest: RosterRules.Rest
    let known: [DutyShift]

    func canBeFilled(_ placed: [RosterProposal.Placement]) -> Bool {
      guard
        let slot = slots.indices.first(where: { index in
          // Slots may be alike; each is counted by how many of its kind there are.
          placed.count { $0.slot == slots[index] } < slots.filter { $0 == slots[index] }.reduce(0) { $0 + $1.people }
        }).map({ slots[$0] })
      else { return true }
      return people.contains { person in
        let next = placed + [RosterProposal.Placement(slot: slot, person: person.code)]
        return isAllowed(next) && canBeFilled(next)
      }
    }

    func isAllowed(_ placed: [RosterProposal.Placement]) -> Bool {
      people.allSatisfy { person in
        let new = placed.filter { $0.person == person.code }.map(\.slot.interval)
        if new.contains(where: { time in person.leave.contains { $0.overlaps(time) } }) { return false }
        let all = (new + known.filter { $0.person == person.code }.map(\.interval)).sorted { $0.lowerBound < $1.lowerBound }
        for (one, next) in zip(all, all.dropFirst()) {
          if next.lowerBound.microseconds - one.upperBound.microseconds < Int64(rest.minutesBetween ?? 0) * Instant.minute { return false }
        }
        let days = Set(all.map { Int($0.lowerBound.date.day) })
        if let most = rest.daysInARow, days.contains(where: { day in (0...most).allSatisfy { days.contains(day + $0) } }) { return false }
        if let most = rest.minutesPerMonth {
          for (_, month) in Dictionary(grouping: all, by: { $0.lowerBound.date.components.month }) {
            let minutes = month.reduce(0) { $0 + Int($1.upperBound.microseconds(since: $1.lowerBound) / Instant.minute) }
            if minutes > most { return false }
          }
        }
        return true
      }
    }
  }
}
