// SPDX-License-Identifier: Apache-2.0
import Base

/// Somebody on a post of a contract for a time.
package struct Posting: Sendable, Hashable {
  /// What tells it from the contract's others.
  package struct Key: Sendable, Hashable {
    package let person: String
    package let post: String
    package let from: CivilDate

    package init(person: String, post: String, from: CivilDate) { (self.person, self.post, self.from) = (person, post, from) }
  }

  package let key: Key
  /// The last day that was planned; nil for no end.
  package let planned: CivilDate?
  /// The last day, where the person left before it.
  package let ended: CivilDate?
  /// Whom the person stands in for.
  package let replaces: Key?

  package init(_ key: Key, planned: CivilDate?, ended: CivilDate?, replaces: Key?) {
    (self.key, self.planned, self.ended, self.replaces) = (key, planned, ended, replaces)
  }

  package var person: String { key.person }
  package var post: String { key.post }
  package var from: CivilDate { key.from }

  /// The last day; nil while no end is set.
  package var last: CivilDate? {
    guard let ended else { return planned }
    return planned.map { min($0, ended) } ?? ended
  }

  /// Whether the person was there at all: who is taken off before the first day never was.
  package var began: Bool { last.map { $0 >= from } ?? true }

  package func holds(on day: CivilDate) -> Bool { from <= day && last.map { day <= $0 } ?? true }

  /// Whether some day of it is one of another's.
  package func overlaps(_ from: CivilDate, _ to: CivilDate?) -> Bool {
    began && to.map { self.from <= $0 } ?? true && last.map { from <= $0 } ?? true
  }
}

/// That somebody meets a condition before posting, as a paper shows.
package struct ConditionRecord: Sendable, Hashable {
  package let person: String
  package let condition: Staffing.Condition
  package let on: CivilDate
  /// The last day on which it holds.
  package let expires: CivilDate?

  package init(person: String, condition: Staffing.Condition, on: CivilDate, expires: CivilDate?) {
    (self.person, self.condition, self.on, self.expires) = (person, condition, on, expires)
  }

  package func holds(on day: CivilDate) -> Bool { on <= day && expires.map { day <= $0 } ?? true }
}

extension Staffing.Post {
  /// The conditions of the post that nothing shows somebody to meet on a day.
  package func unmet(by person: String, on day: CivilDate, _ records: [ConditionRecord]) -> [Staffing.Condition] {
    before.filter { condition in !records.contains { $0.person == person && $0.condition == condition && $0.holds(on: day) } }
  }
}

extension Staffing.Condition {
  package var name: Text {
    switch self {
    case .trained: Text(zh: "岗前培训", en: "training")
    case .pledged: Text(zh: "保密承诺", en: "the confidentiality pledge")
    case .approved: Text(zh: "甲方同意", en: "the office's approval")
    }
  }

  /// What a posting is refused with for want of it.
  var refusal: Fault {
    let code =
      switch self {
      case .trained: "not-trained"
      case .pledged: "not-pledged"
      case .approved: "not-approved"
      }
    return Fault(
      pointer: "/person", code: code,
      detail: Text(zh: "上岗须先有“\(name.zh)”的记录。", en: "Before somebody is posted, \(name.en) must be on record."))
  }
}
