// SPDX-License-Identifier: Apache-2.0
import Base

/// One thing that a measure found: with its day, its number and the facts behind it.
struct Case: Sendable {
  /// The day that decides which payment and which revision it belongs to.
  let day: CivilDate
  /// What is compared with bars and bands: a score, days, a number of incidents.
  var quantity: Rational
  /// What an amount for each is multiplied with.
  var count: Rational
  var unit: Text
  var grade: String?
  /// The amount an incident carries.
  var amount: Fen?
  /// The part of the payment that is late.
  var overdue: Fen?
  var by: Party?
  var facts: [UUIDv7]
  /// How the quantity was found, to stand before the formula.
  var note: Text?
  /// For lateness: the day it would pass so many days, for rights that open then.
  var lateDays: [CivilDate] = []
}

/// How far a rule has fired, over the payments of a contract.
struct FiringState: Sendable {
  var passed = 0
  private var run: [Case] = []
  private var passedInPayment = 0

  mutating func beginPayment() { passedInPayment = 0 }

  /// The cases for which a rule fires, in order.
  mutating func fire(_ cases: [Case], where test: CaseTest?, _ firing: Firing) -> [Case] {
    var fired: [Case] = []
    for event in cases {
      guard event.passes(test) else {
        run.removeAll()
        continue
      }
      passed += 1
      passedInPayment += 1
      switch firing {
      case .each: fired.append(event)
      case .once(let scope): if (scope == .contract ? passed : passedInPayment) == 1 { fired.append(event) }
      case .from(let number, let scope): if (scope == .contract ? passed : passedInPayment) >= number { fired.append(event) }
      case .inARow(let length):
        run.append(event)
        guard run.count == length else { continue }
        fired.append(Case.run(run))
        run.removeAll()
      }
    }
    return fired
  }
}

extension Case {
  func passes(_ test: CaseTest?) -> Bool {
    switch test {
    case nil: true
    case .below(let bar): quantity < bar
    case .above(let bar): quantity > bar
    case .grades(let grades): grade.map(grades.contains) ?? false
    }
  }

  /// Several in a row as one, dated by the last.
  fileprivate static func run(_ cases: [Case]) -> Case {
    var whole = cases[cases.count - 1]
    whole.count = 1
    whole.unit = Words.times
    whole.facts = cases.flatMap(\.facts)
    whole.note =
      Text(zh: "连续 \(cases.count) 次：", en: "\(cases.count) in a row: ")
      + Words.list(cases.map { $0.note ?? $0.grade.map(Words.both) ?? Words.quantity($0.quantity, $0.unit) })
    return whole
  }
}
