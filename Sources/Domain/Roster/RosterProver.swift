// SPDX-License-Identifier: Apache-2.0
import Base

/// Looks for proofs that slots cannot be filled: in windows of neighbouring slots of one post, the narrowest first.
struct RosterProver {
  private let slots: [Slot]
  private let people: [RosterPerson]
  private let rules: RulesHeld
  private let known: [String: [Range<Instant>]]

  /// How many slots on either side of an open one are looked at together, before whole months are.
  private static let widest = 12
  /// For how many open slots more than the slot itself is looked at.
  private static let most = 40

  init(_ slots: [Slot], _ people: [RosterPerson], _ rest: RosterRules.Rest, _ known: [DutyShift]) {
    (self.slots, self.people, rules) = (slots, people, RulesHeld(rest: rest))
    self.known = Dictionary(grouping: known, by: \.person).mapValues { $0.map(\.interval) }
  }

  /// The proofs for open slots, and which of them is whose.
  func proofs(for open: [Int]) -> (proofs: [RosterProof], places: [Int: Int]) {
    var proofs: [RosterProof] = []
    var places: [Int: Int] = [:]
    var left = Self.most
    for index in open where places[index] == nil {
      left -= 1
      guard let (proof, window) = proof(around: index, isWide: left >= 0) else { continue }
      for other in open where window.contains(other) && places[other] == nil { places[other] = proofs.count }
      proofs.append(proof)
    }
    return (proofs, places)
  }

  private func proof(around index: Int, isWide: Bool) -> (RosterProof, Set<Int>)? {
    let slot = slots[index]
    let same = slots.indices.filter { slots[$0].contract == slot.contract && slots[$0].post == slot.post }
    guard let place = same.firstIndex(of: index) else { return nil }
    let able = people.filter { person in
      person.qualifications.contains { $0.contract == slot.contract && $0.post == slot.post }
    }
    var windows: [[Int]] = (0...(isWide ? Self.widest : 0)).map { width in
      Array(same[max(0, place - width)...min(same.count - 1, place + width)])
    }
    let month = (slot.day.components.year, slot.day.components.month)
    if isWide { windows.append(same.filter { (slots[$0].day.components.year, slots[$0].day.components.month) == month }) }
    for window in windows {
      let wanted = window.map { slots[$0] }
      let most = places(able, wanted, rules)
      guard most.reduce(0, +) < needed(wanted) else { continue }
      let binding = binding { places(able, wanted, $0).reduce(0, +) >= needed(wanted) }
      return (proof(wanted, able, most, .counted, binding), Set(window))
    }
    for window in windows.prefix(7) {
      let wanted = window.map { slots[$0] }
      guard isFillable(wanted, able, rules) == false else { continue }
      let binding = binding { isFillable(wanted, able, $0) == true }
      return (proof(wanted, able, places(able, wanted, rules), .tried, binding), Set(window))
    }
    return nil
  }

  /// Whether slots can be filled, by trying; nil where that takes too long.
  private func isFillable(_ slots: [Slot], _ people: [RosterPerson], _ rules: RulesHeld) -> Bool? {
    var search = RosterSearch(slots, people, known, rules)
    return search.isFillable()
  }

  /// A way of filling every slot, by trying; nil where none was found.
  func filled() -> [RosterProposal.Placement]? {
    var search = RosterSearch(slots, people, known, rules)
    return search.isFillable() == true ? search.placements : nil
  }

  private func needed(_ slots: [Slot]) -> Int { slots.reduce(0) { $0 + $1.people } }

  /// The rules each of which alone makes the difference; where none does, those that keep somebody from something.
  private func binding(_ isEnough: (RulesHeld) -> Bool) -> [Hindrance] {
    let single = RulesHeld.droppable.filter { rules.without($0).map(isEnough) ?? false }
    if !single.isEmpty { return single }
    var free = rules
    var all: [Hindrance] = []
    for hindrance in RulesHeld.droppable {
      guard isSet(hindrance), let other = free.without(hindrance) else { continue }
      free = other
      all.append(hindrance)
    }
    return isEnough(free) ? all : [.notQualified]
  }

  /// Whether there is such a rule at all.
  private func isSet(_ hindrance: Hindrance) -> Bool {
    switch hindrance {
    case .onLeave: people.contains { !$0.leave.isEmpty }
    case .notRested: rules.rest.minutesBetween != nil
    case .tooManyDays: rules.rest.daysInARow != nil
    case .tooManyHours: rules.rest.minutesPerMonth != nil
    case .notQualified, .onDuty: false
    }
  }

  private func proof(_ slots: [Slot], _ people: [RosterPerson], _ most: [Int], _ method: RosterProof.Method, _ rules: [Hindrance])
    -> RosterProof
  {
    let start = slots.map(\.interval.lowerBound).min() ?? Instant(.first)
    let end = slots.map(\.interval.upperBound).max() ?? start
    return RosterProof(
      contract: slots[0].contract, post: slots[0].post, time: start..<end, slots: slots.count, needed: needed(slots), method: method,
      people: zip(people, most).map { RosterProof.Most(person: $0.code, places: $1) }, rules: rules)
  }

  // MARK: Counting

  /// Which slots somebody may take at all, and how long they may still work in each month.
  private struct Alone: Hashable {
    let able: [Int]
    let left: [Int: Int]
  }

  /// How many of the slots each person can take at most, each seen alone; never fewer than can be done.
  private func places(_ people: [RosterPerson], _ slots: [Slot], _ rules: RulesHeld) -> [Int] {
    var found: [Alone: Int] = [:]
    return people.map { person in
      var roster = PersonalRoster(rules.leave ? person : person.withoutLeave, rules.rest)
      for interval in known[person.code] ?? [] { roster.add(interval) }
      let able = slots.indices.filter { roster.hindrance(slots[$0]) == nil }
      var left: [Int: Int] = [:]
      if let most = rules.rest.minutesPerMonth {
        for index in able { left[Self.month(slots[index].day)] = max(0, most - roster.minutes(in: slots[index].day)) }
      }
      let alone = Alone(able: able, left: left)
      if let known = found[alone] { return known }
      let most = min(longest(able.map { slots[$0] }, rules.rest), within(able.map { slots[$0] }, left))
      found[alone] = most
      return most
    }
  }

  private static func month(_ day: CivilDate) -> Int { day.components.year * 12 + day.components.month }

  /// The most slots, one after the other, with the rest between them and no more days in a row than may be.
  private func longest(_ slots: [Slot], _ rest: RosterRules.Rest) -> Int {
    let between = Int64(rest.minutesBetween ?? 0) * Instant.minute
    let most = rest.daysInARow ?? .max
    // Of each slot, by how many days in a row end with it: the most slots up to it.
    var best: [[Int: Int]] = []
    var answer = 0
    for (index, slot) in slots.enumerated() {
      var mine = [1: 1]
      for before in 0..<index where slot.interval.lowerBound.microseconds(since: slots[before].interval.upperBound) >= between {
        let step = slot.day.days(since: slots[before].day)
        for (run, count) in best[before] {
          let run = step == 0 ? run : step == 1 ? run + 1 : 1
          if run <= most { mine[run] = max(mine[run] ?? 0, count + 1) }
        }
      }
      answer = max(answer, mine.values.max() ?? 0)
      best.append(mine)
    }
    return answer
  }

  /// The most slots within the minutes that are left in each month: the shortest first.
  private func within(_ slots: [Slot], _ left: [Int: Int]) -> Int {
    guard !left.isEmpty else { return slots.count }
    return Dictionary(grouping: slots) { Self.month($0.day) }.reduce(0) { sum, month in
      var minutes = left[month.key] ?? 0
      var count = 0
      for length in month.value.map(\.minutes).sorted() where length <= minutes {
        minutes -= length
        count += 1
      }
      return sum + count
    }
  }
}

/// Tries every way of filling a few slots.
struct RosterSearch {
  private let slots: [Slot]
  private var rosters: [PersonalRoster]
  /// How many steps may still be taken.
  private var effort = 40_000

  init(_ slots: [Slot], _ people: [RosterPerson], _ known: [String: [Range<Instant>]], _ rules: RulesHeld) {
    // The slots with the fewest who may take them come first: what cannot be is seen early.
    rosters = people.map { person in
      var roster = PersonalRoster(rules.leave ? person : person.withoutLeave, rules.rest)
      for interval in known[person.code] ?? [] { roster.add(interval) }
      return roster
    }
    let rosters = rosters
    self.slots = slots.map { slot in (slot, rosters.count { $0.hindrance(slot) == nil }) }.sorted { $0.1 < $1.1 }.map(\.0)
  }

  /// Whether they can all be filled; nil where that was not found out.
  mutating func isFillable() -> Bool? {
    let found = slots.isEmpty || fill(0, from: 0, missing: slots[0].people)
    return effort > 0 || found ? found : nil
  }

  /// Who stands where once they were all filled.
  private(set) var placements: [RosterProposal.Placement] = []

  private mutating func fill(_ slot: Int, from place: Int, missing: Int) -> Bool {
    if missing == 0 { return slot + 1 == slots.count ? true : fill(slot + 1, from: 0, missing: slots[slot + 1].people) }
    guard rosters.count - place >= missing else { return false }
    for candidate in place..<rosters.count {
      effort -= 1
      guard effort > 0 else { return false }
      guard rosters[candidate].hindrance(slots[slot]) == nil else { continue }
      rosters[candidate].add(slots[slot])
      placements.append(RosterProposal.Placement(slot: slots[slot], person: rosters[candidate].person.code))
      if fill(slot, from: candidate + 1, missing: missing - 1) { return true }
      rosters[candidate].remove(slots[slot])
      placements.removeLast()
    }
    return false
  }
}

extension RosterPerson {
  var withoutLeave: RosterPerson { RosterPerson(code: code, qualifications: qualifications, leave: [], crews: crews) }
}
