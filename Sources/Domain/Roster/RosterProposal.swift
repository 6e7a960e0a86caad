// SPDX-License-Identifier: Apache-2.0
import Base

/// A roster that fills the slots of a time without breaking a rule, or says for what it cannot.
///
/// The slots are filled in the order of time, each with whoever may take it, their crew's turn first, then those who have worked least. A slot
/// for which nobody is left takes somebody from another slot whose place a third can take. What is then still open is explained: whether
/// it cannot be filled whatever one does, or was not.
package struct RosterProposal: Sendable {
  /// Somebody on a slot.
  package struct Placement: Sendable, Hashable {
    package let slot: Slot
    package let person: String
  }

  /// A slot for which people are missing, and why each of those who might take it may not.
  package struct Open: Sendable, Hashable {
    package let slot: Slot
    package let missing: Int
    package let hindrances: [Hindered]
    /// Whether no roster at all could fill it: fewer are qualified and not on leave than it needs.
    package let isCertain: Bool
  }

  /// Somebody qualified who may not take a slot.
  package struct Hindered: Sendable, Hashable {
    package let person: String
    package let by: Hindrance
  }

  /// A reason why no roster can fill all the slots, found by counting.
  package struct Shortage: Sendable, Hashable {
    package let contract: String
    package let post: String
    /// The first day of the month that is counted.
    package let month: CivilDate
    /// Minutes that the slots of the month need, and minutes that those qualified may work in it at most.
    package let needed: Int
    package let available: Int
  }

  package private(set) var placements: [Placement] = []
  package private(set) var open: [Open] = []
  package private(set) var shortages: [Shortage] = []

  /// Whether every slot is filled.
  package var isComplete: Bool { open.isEmpty }

  /// - Parameters:
  ///   - slots: what is to be filled.
  ///   - people: who may be put on it.
  ///   - rest: what nobody's shifts may break.
  ///   - known: duty that stands already, before and after the slots' time too, so that rest is kept at the borders.
  package init(filling slots: [Slot], with people: [RosterPerson], _ rest: RosterRules.Rest, known: [DutyShift] = []) {
    var filling = Filling(people, rest)
    for shift in known { filling.add(shift) }
    let ordered = slots.sorted {
      ($0.interval.lowerBound, $0.contract, $0.post, $0.shift, $0.crew ?? 0) < (
        $1.interval.lowerBound, $1.contract, $1.post, $1.shift, $1.crew ?? 0
      )
    }
    var unfilled: [(slot: Slot, missing: Int)] = []
    for slot in ordered {
      let missing = filling.fill(slot)
      if missing > 0 { unfilled.append((slot, missing)) }
    }
    placements = filling.placements
    open = unfilled.map { slot, missing in
      let hindrances = filling.hindrances(slot)
      // Who stands in the slot is hindered by being on duty.
      let able = hindrances.count { $0.by != .notQualified && $0.by != .onLeave }
      return Open(slot: slot, missing: missing, hindrances: hindrances, isCertain: able < slot.people)
    }
    if !open.isEmpty { shortages = Self.shortages(slots, people, rest) }
  }

  /// The months in which those qualified for a post may not work as long as its slots need.
  private static func shortages(_ slots: [Slot], _ people: [RosterPerson], _ rest: RosterRules.Rest) -> [Shortage] {
    guard let most = rest.minutesPerMonth else { return [] }
    struct Key: Hashable {
      let contract: String
      let post: String
      let month: CivilDate
    }
    var needed: [Key: Int] = [:]
    for slot in slots {
      let (year, month, _) = slot.day.components
      guard let first = CivilDate(year: year, month: month, day: 1) else { continue }
      needed[Key(contract: slot.contract, post: slot.post, month: first), default: 0] += slot.minutes * slot.people
    }
    return needed.compactMap { key, needed in
      let (year, month, _) = key.month.components
      let qualified = people.filter { person in
        person.qualifications.contains {
          $0.contract == key.contract && $0.post == key.post
            && $0.days.first.components.year * 12 + $0.days.first.components.month <= year * 12 + month
            && $0.days.last >= key.month
        }
      }.count
      let available = qualified * most
      return needed > available
        ? Shortage(contract: key.contract, post: key.post, month: key.month, needed: needed, available: available) : nil
    }.sorted { ($0.month, $0.contract, $0.post) < ($1.month, $1.contract, $1.post) }
  }
}

/// The work of filling: everybody's roster, and who stands where.
private struct Filling {
  private var rosters: [PersonalRoster]
  private let places: [String: Int]
  /// Those qualified for a post, by their places.
  private var qualified: [String: [Int]] = [:]
  private(set) var placements: [RosterProposal.Placement] = []
  /// The placements of each person, by their places among all.
  private var placed: [[Int]]

  init(_ people: [RosterPerson], _ rest: RosterRules.Rest) {
    rosters = people.map { PersonalRoster($0, rest) }
    places = Dictionary(people.enumerated().map { ($0.element.code, $0.offset) }) { first, _ in first }
    placed = people.map { _ in [] }
    for (place, person) in people.enumerated() {
      for name in Set(person.qualifications.map { Self.name($0.contract, $0.post) }) { qualified[name, default: []].append(place) }
    }
  }

  private static func name(_ contract: String, _ post: String) -> String { "\(contract)/\(post)" }

  mutating func add(_ shift: DutyShift) {
    if let place = places[shift.person] { rosters[place].add(shift.interval) }
  }

  /// What stands against each of those who are assigned to the post.
  func hindrances(_ slot: Slot) -> [RosterProposal.Hindered] {
    (qualified[Self.name(slot.contract, slot.post)] ?? []).compactMap { place in
      rosters[place].hindrance(slot).map { RosterProposal.Hindered(person: rosters[place].person.code, by: $0) }
    }
  }

  /// - Returns: how many are still missing.
  mutating func fill(_ slot: Slot) -> Int {
    let able = qualified[Self.name(slot.contract, slot.post)] ?? []
    var missing = slot.people
    let free = able.filter { rosters[$0].hindrance(slot) == nil }.map { place in
      (isTurn: isTurn(place, slot), minutes: rosters[place].minutes(in: slot.day), total: rosters[place].total, place: place)
    }.sorted { a, b in
      (a.isTurn ? 0 : 1, a.minutes, a.total, a.place) < (b.isTurn ? 0 : 1, b.minutes, b.total, b.place)
    }
    for candidate in free.prefix(missing) { put(candidate.place, slot) }
    missing -= min(missing, free.count)
    while missing > 0, exchange(for: slot, among: able) { missing -= 1 }
    return missing
  }

  private func isTurn(_ place: Int, _ slot: Slot) -> Bool {
    guard let crew = slot.crew else { return true }
    return rosters[place].person.crews[slot.pattern] == crew
  }

  private mutating func put(_ place: Int, _ slot: Slot) {
    rosters[place].add(slot)
    placed[place].append(placements.count)
    placements.append(RosterProposal.Placement(slot: slot, person: rosters[place].person.code))
  }

  /// Gives a slot to somebody whom one of their other slots keeps from it, and that one to a third.
  private mutating func exchange(for slot: Slot, among able: [Int]) -> Bool {
    for place in able {
      guard let hindrance = rosters[place].hindrance(slot), hindrance != .onLeave, hindrance != .notQualified else { continue }
      // Only what lies near can be in the way, but for the hours of the month.
      for index in placed[place].reversed().prefix(hindrance == .tooManyHours ? 62 : 8) {
        let other = placements[index].slot
        guard other != slot else { continue }
        rosters[place].remove(other)
        if rosters[place].hindrance(slot) == nil {
          rosters[place].add(slot)
          let third = (qualified[Self.name(other.contract, other.post)] ?? []).first { candidate in
            candidate != place && rosters[candidate].hindrance(other) == nil
          }
          if let third {
            rosters[third].add(other)
            placements[index] = RosterProposal.Placement(slot: other, person: rosters[third].person.code)
            placed[place].removeAll { $0 == index }
            placed[third].append(index)
            placed[place].append(placements.count)
            placements.append(RosterProposal.Placement(slot: slot, person: rosters[place].person.code))
            return true
          }
          rosters[place].remove(slot)
        }
        rosters[place].add(other)
      }
    }
    return false
  }
}
