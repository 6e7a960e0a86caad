// SPDX-License-Identifier: Apache-2.0
import Base

/// Somebody on duty on a post, for a time.
package struct DutyShift: Sendable, Hashable {
  package let person: String
  package let contract: String
  package let post: String
  package let interval: Range<Instant>

  package init(person: String, contract: String, post: String, interval: Range<Instant>) {
    (self.person, self.contract, self.post, self.interval) = (person, contract, post, interval)
  }

  package init(person: String, _ slot: Slot) {
    self.init(person: person, contract: slot.contract, post: slot.post, interval: slot.interval)
  }

  package var minutes: Int { Int(interval.upperBound.microseconds(since: interval.lowerBound) / Instant.minute) }
}

/// For every instant of a time, the people that a post must have on duty against those it has.
package enum Coverage {
  /// A stretch of time in which too few are on duty; it is as long as the numbers stay the same.
  package struct Gap: Sendable, Hashable {
    package let contract: String
    package let post: String
    package let interval: Range<Instant>
    package let required: Int
    package let present: Int

    package var missing: Int { required - present }
    package var minutes: Int { Int(interval.upperBound.microseconds(since: interval.lowerBound) / Instant.minute) }
  }

  private struct Place: Hashable {
    let contract: String
    let post: String
  }

  /// One change of a count at an instant.
  private struct Change {
    let at: Instant
    let required: Int
    let person: String?
    let step: Int
  }

  /// The gaps in a time, by post and then by time.
  ///
  /// Somebody who stands in two overlapping shifts of a post is one person. Sorting the beginnings and ends takes most of the work, which is
  /// proportional to n log n in the number of slots and shifts.
  package static func gaps(between slots: [Slot], and shifts: [DutyShift], in time: Range<Instant>) -> [Gap] {
    var changes: [Place: [Change]] = [:]
    func note(_ place: Place, _ interval: Range<Instant>, required: Int, person: String?) {
      let interval = interval.clamped(to: time)
      guard !interval.isEmpty else { return }
      changes[place, default: []].append(Change(at: interval.lowerBound, required: required, person: person, step: 1))
      changes[place, default: []].append(Change(at: interval.upperBound, required: -required, person: person, step: -1))
    }
    for slot in slots { note(Place(contract: slot.contract, post: slot.post), slot.interval, required: slot.people, person: nil) }
    for shift in shifts { note(Place(contract: shift.contract, post: shift.post), shift.interval, required: 0, person: shift.person) }
    return changes.sorted { ($0.key.contract, $0.key.post) < ($1.key.contract, $1.key.post) }.flatMap { gaps(at: $0.key, $0.value) }
  }

  private static func gaps(at place: Place, _ changes: [Change]) -> [Gap] {
    var gaps: [Gap] = []
    var required = 0
    var onDuty: [String: Int] = [:]
    let changes = changes.sorted { $0.at < $1.at }
    var index = 0
    while index < changes.count {
      let at = changes[index].at
      while index < changes.count, changes[index].at == at {
        let change = changes[index]
        required += change.required
        if let person = change.person {
          let count = onDuty[person, default: 0] + change.step
          onDuty[person] = count == 0 ? nil : count
        }
        index += 1
      }
      guard index < changes.count, required > onDuty.count else { continue }
      let until = changes[index].at
      if let last = gaps.last, last.interval.upperBound == at, last.required == required, last.present == onDuty.count {
        gaps[gaps.count - 1] = Gap(
          contract: place.contract, post: place.post, interval: last.interval.lowerBound..<until, required: required, present: onDuty.count)
      } else {
        gaps.append(Gap(contract: place.contract, post: place.post, interval: at..<until, required: required, present: onDuty.count))
      }
    }
    return gaps
  }
}
