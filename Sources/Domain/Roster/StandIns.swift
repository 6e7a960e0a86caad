// SPDX-License-Identifier: Apache-2.0
import Base

/// Who may take duty beside what everybody does already, and what stands against the others.
package struct StandIns: Sendable {
  private let rosters: [PersonalRoster]
  /// Those who are ever assigned to a post, by their places.
  private let assigned: [String: [Int]]

  /// - Parameters:
  ///   - people: whoever may be asked.
  ///   - rest: what nobody's shifts may break.
  ///   - shifts: what they do already; days before and after the time in question too, as far as rest looks.
  package init(_ people: [RosterPerson], _ rest: RosterRules.Rest, shifts: [DutyShift]) {
    let places = Dictionary(people.enumerated().map { ($0.element.code, $0.offset) }) { first, _ in first }
    var rosters = people.map { PersonalRoster($0, rest) }
    for shift in shifts {
      if let place = places[shift.person] { rosters[place].add(shift.interval) }
    }
    var assigned: [String: [Int]] = [:]
    for (place, person) in people.enumerated() {
      for post in Set(person.qualifications.map { Self.name($0.contract, $0.post) }) { assigned[post, default: []].append(place) }
    }
    (self.rosters, self.assigned) = (rosters, assigned)
  }

  private static func name(_ contract: String, _ post: String) -> String { "\(contract)/\(post)" }

  /// Those who may take a slot, who has worked least in its month first, and the others of its post, each with what stands against them.
  package func judge(_ slot: Slot) -> (able: [String], hindered: [RosterProposal.Hindered]) {
    var able: [(minutes: Int, code: String)] = []
    var hindered: [RosterProposal.Hindered] = []
    for place in assigned[Self.name(slot.contract, slot.post)] ?? [] {
      let code = rosters[place].person.code
      if let hindrance = rosters[place].hindrance(slot) {
        hindered.append(RosterProposal.Hindered(person: code, by: hindrance))
      } else {
        able.append((rosters[place].minutes(in: slot.day), code))
      }
    }
    return (able.sorted { ($0.minutes, $0.code) < ($1.minutes, $1.code) }.map(\.code), hindered)
  }
}

extension Coverage {
  /// The slots that a gap leaves open, each for the stretch in which people are missing.
  ///
  /// - Parameter slots: of the gap's post among others, in the order of time.
  package static func openings(of gap: Gap, in slots: [Slot]) -> [Slot] {
    slots.lazy.filter { $0.contract == gap.contract && $0.post == gap.post && $0.interval.overlaps(gap.interval) }.map { slot in
      slot.within(slot.interval.clamped(to: gap.interval), missing: min(slot.people, gap.missing))
    }
  }
}
