// SPDX-License-Identifier: Apache-2.0
import Base

/// Why no roster whatever fills some slots of a post: they want more places than everybody together can take under the rules.
package struct RosterProof: Sendable, Hashable {
  /// How it was found.
  package enum Method: String, Sendable, Hashable, CaseIterable {
    /// By adding up how many of the slots each person can take at most.
    case counted
    /// By trying every way of filling them.
    case tried
  }

  /// How many of the slots a person can take at most, alone.
  package struct Most: Sendable, Hashable {
    package let person: String
    package let places: Int
  }

  package let contract: String
  package let post: String
  /// From the beginning of the first slot to the end of the last.
  package let time: Range<Instant>
  /// How many slots there are, and how many places in them.
  package let slots: Int
  package let needed: Int
  package let method: Method
  package let people: [Most]
  /// The rules any one of which, left out, would let the slots be filled; where no single one does, all that keep somebody from a slot;
  /// `notQualified` alone where there are too few people whatever the rules.
  package let rules: [Hindrance]

  /// How many places everybody together can take at most, each seen alone.
  package var available: Int { people.reduce(0) { $0 + $1.places } }

  /// The proof as a sentence.
  package var text: Text {
    let list = { (language: Language) in
      self.rules.map { "“\($0.text[language])”" }.joined(separator: language == .zh ? "、" : ", ")
    }
    let (from, to) = ("\(time.lowerBound.date) \(time.lowerBound.time)", "\(time.upperBound.date) \(time.upperBound.time)")
    let (counted, tried) = (
      Text(
        zh: "\(people.count)名可任该岗的人员各计所能，合计至多\(available)人次",
        en: "the \(people.count) people of the post can take at most \(available), each counted by what they can"),
      Text(
        zh: "\(people.count)名可任该岗的人员，一切安排均已试过，无一可行",
        en: "every way of putting the \(people.count) people of the post on them was tried and none fills them")
    )
    let how = method == .counted ? counted : tried
    return Text(
      zh: "\(from) 至 \(to)，岗位“\(post)”的\(slots)个班次需\(needed)人次；\(how.zh)。所限：\(list(.zh))。",
      en: "From \(from) to \(to) the \(slots) slots of the post “\(post)” want \(needed) places; \(how.en). What binds: \(list(.en)).")
  }
}

/// Which of the rules are held to; leaving one out shows whether it is what binds.
struct RulesHeld: Sendable {
  var rest: RosterRules.Rest
  var leave = true

  func without(_ hindrance: Hindrance) -> RulesHeld? {
    var other = self
    switch hindrance {
    case .onLeave: other.leave = false
    case .notRested: other.rest = RosterRules.Rest(minutesBetween: nil, daysInARow: rest.daysInARow, minutesPerMonth: rest.minutesPerMonth)
    case .tooManyDays:
      other.rest = RosterRules.Rest(minutesBetween: rest.minutesBetween, daysInARow: nil, minutesPerMonth: rest.minutesPerMonth)
    case .tooManyHours:
      other.rest = RosterRules.Rest(minutesBetween: rest.minutesBetween, daysInARow: rest.daysInARow, minutesPerMonth: nil)
    case .notQualified, .onDuty: return nil
    }
    return other
  }

  static let droppable: [Hindrance] = [.onLeave, .notRested, .tooManyDays, .tooManyHours]
}
