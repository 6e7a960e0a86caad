// SPDX-License-Identifier: Apache-2.0
import Base

/// Duty that is planned already, with the slot it stands for where it was planned for one.
package struct PlannedDuty: Sendable, Hashable {
  package let shift: DutyShift
  package let pattern: String?
  /// Which of the pattern's shifts.
  package let turn: String?

  package init(_ shift: DutyShift, pattern: String?, turn: String?) { (self.shift, self.pattern, self.turn) = (shift, pattern, turn) }

  /// The same duty in somebody else's hands.
  package func taken(by person: String) -> PlannedDuty {
    PlannedDuty(
      DutyShift(person: person, contract: shift.contract, post: shift.post, interval: shift.interval), pattern: pattern, turn: turn)
  }

  /// The place that it takes.
  package var slot: Slot { Slot(shift, pattern: pattern ?? "", turn: turn ?? "") }
}

extension Slot {
  /// What is left of slots to be filled when some duty is planned already.
  ///
  /// Duty that was planned for a slot counts for that; other duty on the post counts for each slot that it covers whole.
  ///
  /// - Parameter slots: in the order of time.
  package static func unfilled(_ slots: [Slot], by planned: [PlannedDuty]) -> [Slot] {
    struct Name: Hashable {
      let contract: String
      let post: String
      let pattern: String
      let turn: String
      let start: Instant
    }
    struct Post: Hashable {
      let contract: String
      let post: String
    }
    var counts: [Name: Int] = [:]
    var loose: [Post: [Range<Instant>]] = [:]
    for duty in planned {
      let shift = duty.shift
      if let pattern = duty.pattern, let turn = duty.turn {
        counts[
          Name(contract: shift.contract, post: shift.post, pattern: pattern, turn: turn, start: shift.interval.lowerBound), default: 0] += 1
      } else {
        loose[Post(contract: shift.contract, post: shift.post), default: []].append(shift.interval)
      }
    }
    var left: [Int] = slots.map { slot in
      let name = Name(
        contract: slot.contract, post: slot.post, pattern: slot.pattern, turn: slot.shift, start: slot.interval.lowerBound)
      // With crews several slots have one name.
      let there = min(counts[name] ?? 0, slot.people)
      if there > 0 { counts[name] = (counts[name] ?? 0) - there }
      return slot.people - there
    }
    for (post, intervals) in loose {
      for interval in intervals {
        var until: Instant?
        for (index, slot) in slots.enumerated() where left[index] > 0 && slot.contract == post.contract && slot.post == post.post {
          guard interval.lowerBound <= slot.interval.lowerBound, slot.interval.upperBound <= interval.upperBound else { continue }
          // Nobody counts for two slots at once.
          if let until, slot.interval.lowerBound < until { continue }
          left[index] -= 1
          until = slot.interval.upperBound
        }
      }
    }
    return zip(slots, left).compactMap { slot, people in people > 0 ? slot.within(slot.interval, missing: people) : nil }
  }
}
