// SPDX-License-Identifier: Apache-2.0
import Base

/// The work of filling slots: everybody's roster, and who stands where.
struct RosterFilling {
  private let slots: [Slot]
  private var rosters: [PersonalRoster]
  /// Those who are ever assigned to a slot's post, by their places; the same list for slots of one post.
  private let assigned: [[Int]]
  /// Whose crew's turn a slot is, by people's places; nil where it is everybody's.
  private let turns: [Set<Int>?]
  /// Who stands in each slot.
  private var holders: [[Int]]
  /// The slots that each person stands in.
  private var held: [[Int]]
  /// Breaks ties between people who have worked the same.
  private let ranks: [Int]
  /// How often it may still be asked whether somebody may take a slot, for the one at hand and in all.
  private var effort = 0
  private var leftEffort = 600_000
  private let isReversed: Bool

  /// How many people may have to make room for one another.
  private static let depth = 4
  /// How much is asked in search of exchanges for one slot.
  private static let mostEffort = 60_000

  /// - Parameters:
  ///   - slots: in the order of time.
  ///   - order: which of several ways to go about it: in which direction, and how ties are broken.
  init(_ slots: [Slot], _ people: [RosterPerson], _ rest: RosterRules.Rest, _ known: [DutyShift], order: Int = 0) {
    struct Post: Hashable {
      let contract: String
      let post: String
    }
    self.slots = slots
    isReversed = order % 2 == 1
    rosters = people.map { PersonalRoster($0, rest) }
    let places = Dictionary(people.enumerated().map { ($0.element.code, $0.offset) }) { first, _ in first }
    for shift in known {
      if let place = places[shift.person] { rosters[place].add(shift.interval) }
    }
    var byPost: [Post: [Int]] = [:]
    for (place, person) in people.enumerated() {
      for post in Set(person.qualifications.map { Post(contract: $0.contract, post: $0.post) }) { byPost[post, default: []].append(place) }
    }
    let assigned = slots.map { byPost[Post(contract: $0.contract, post: $0.post)] ?? [] }
    self.assigned = assigned
    turns = zip(slots, assigned).map { slot, able in
      slot.crew.map { crew in Set(able.filter { people[$0].crews[slot.pattern] == crew }) }
    }
    holders = slots.map { _ in [] }
    held = people.map { _ in [] }
    ranks = people.indices.map { place in
      // A fixed shuffle: the same order gives the same roster.
      order == 0 ? place : Int(truncatingIfNeeded: UInt64(place + 1) &* 0x9E37_79B9_7F4A_7C15 &* UInt64(2 * order + 1) >> 20)
    }
  }

  // MARK: What came of it

  func missing(at slot: Int) -> Int { slots[slot].people - holders[slot].count }

  var open: [Int] { slots.indices.filter { missing(at: $0) > 0 } }
  var missing: Int { slots.indices.reduce(0) { $0 + missing(at: $1) } }

  var placements: [RosterProposal.Placement] {
    slots.indices.flatMap { index in
      holders[index].map { RosterProposal.Placement(slot: slots[index], person: rosters[$0].person.code) }
    }
  }

  /// What stands against each of those who are assigned to the post; who stands in the slot is hindered by being on duty.
  func hindrances(_ slot: Int) -> [RosterProposal.Hindered] {
    assigned[slot].compactMap { place in
      rosters[place].hindrance(slots[slot]).map { RosterProposal.Hindered(person: rosters[place].person.code, by: $0) }
    }
  }

  // MARK: Filling

  mutating func fill() {
    for index in slots.indices {
      let slot = isReversed ? slots.count - 1 - index : index
      for place in free(for: slot).prefix(slots[slot].people) { put(place, slot) }
      effort = min(leftEffort, Self.mostEffort)
      let before = effort
      while missing(at: slot) > 0, cover(slot, Self.depth) {}
      leftEffort -= before - effort
    }
  }

  /// Those who may take a slot, the best first.
  private func free(for index: Int) -> [Int] {
    let slot = slots[index]
    return assigned[index].lazy.filter { rosters[$0].hindrance(slot) == nil }.map { place in
      (
        turn: turns[index].map { $0.contains(place) ? 0 : 1 } ?? 0, minutes: rosters[place].minutes(in: slot.day),
        total: rosters[place].total, rank: ranks[place], place: place
      )
    }.sorted { a, b in
      (a.turn, a.minutes, a.total, a.rank, a.place) < (b.turn, b.minutes, b.total, b.rank, b.place)
    }.map(\.place)
  }

  private mutating func put(_ place: Int, _ slot: Int) {
    rosters[place].add(slots[slot])
    holders[slot].append(place)
    held[place].append(slot)
  }

  private mutating func take(_ place: Int, _ slot: Int) {
    rosters[place].remove(slots[slot])
    holders[slot].removeAll { $0 == place }
    held[place].removeAll { $0 == slot }
  }

  /// Puts one more person on a slot: somebody free, or somebody whom other slots keep from it and whose places there others can take.
  private mutating func cover(_ slot: Int, _ depth: Int) -> Bool {
    if let place = free(for: slot).first {
      put(place, slot)
      return true
    }
    effort -= assigned[slot].count
    guard depth > 0 else { return false }
    for place in assigned[slot] where !holders[slot].contains(place) {
      guard let hindrance = rosters[place].hindrance(slots[slot]), hindrance != .notQualified, hindrance != .onLeave else { continue }
      for given in inTheWay(of: slot, hindrance, place) {
        guard effort > 0 else { return false }
        for one in given { take(place, one) }
        if rosters[place].hindrance(slots[slot]) == nil {
          put(place, slot)
          if covers(given, depth - 1) { return true }
          take(place, slot)
        }
        for one in given { put(place, one) }
      }
    }
    return false
  }

  /// Covers every one of some slots that were given up, or none.
  private mutating func covers(_ slots: [Int], _ depth: Int) -> Bool {
    if slots.count == 1 { return cover(slots[0], depth) }
    let memory = (rosters, holders, held)
    for slot in slots where !cover(slot, depth) {
      (rosters, holders, held) = memory
      return false
    }
    return true
  }

  /// The slots of a person that may be in the way of another one: one of them, or the two around it.
  private func inTheWay(of slot: Int, _ hindrance: Hindrance, _ place: Int) -> [[Int]] {
    let wanted = slots[slot]
    switch hindrance {
    case .notQualified, .onLeave: return []
    case .onDuty, .notRested:
      let near = held[place].filter { isNear(slots[$0].interval, wanted.interval) }.sorted()
      let pairs = near.count == 2 ? [near] : []
      return near.map { [$0] } + pairs
    case .tooManyDays:
      return held[place].filter { abs(slots[$0].day.days(since: wanted.day)) < 32 }.sorted {
        abs(slots[$0].day.days(since: wanted.day)) < abs(slots[$1].day.days(since: wanted.day))
      }.prefix(8).map { [$0] }
    case .tooManyHours:
      let month = (wanted.day.components.year, wanted.day.components.month)
      return held[place].filter { (slots[$0].day.components.year, slots[$0].day.components.month) == month }.map { [$0] }
    }
  }

  /// Whether two times overlap or lie closer than a day.
  private func isNear(_ a: Range<Instant>, _ b: Range<Instant>) -> Bool {
    a.lowerBound.microseconds < b.upperBound.microseconds + Instant.day
      && b.lowerBound.microseconds < a.upperBound.microseconds + Instant.day
  }
}
