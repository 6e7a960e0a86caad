// SPDX-License-Identifier: Apache-2.0
import Base

/// What a consequence counts; it yields cases, each with a date, a quantity and the facts behind it.
package enum Measure: Sendable, Hashable {
  /// How the scores of a period's subjects become one case or several.
  package enum Fold: String, Sendable, Hashable, CaseIterable { case mean, least, sum, each }

  /// How often something that needs no cause comes back.
  package enum Recurrence: String, Sendable, Hashable, CaseIterable { case payment, contract }

  /// What can be late.
  package enum Late: Sendable, Hashable {
    /// The payment that the statement is about.
    case payment
    case duty(String)
  }

  case score(series: String, over: Fold)
  case grade(series: String)
  /// Each incident of these kinds.
  case incidents([String])
  /// The amounts that incidents of these kinds carry.
  case amounts([String])
  case daysLate(Late)
  case missed(duty: String)
  case always(Recurrence)
}

extension Measure {
  private static let kinds = Shape<[String]>.array(of: .code, min: 1, max: 64, uniqueBy: nil, key: { $0 })

  private static let score: Shape<Measure> = .object(
    Field("series", .code), Field("over", .enumeration(Fold.self), default: "mean")
  ) { .score(series: $0, over: $1) }

  static let shape: Shape<Measure> = .oneOf(
    "measure", about: Text(zh: "计量对象。", en: "What is counted."),
    Alternative("score", score) { $0 },
    Alternative("grade", .code) { .grade(series: $0) },
    Alternative("incidents", kinds) { .incidents($0) },
    Alternative("amounts", kinds) { .amounts($0) },
    Alternative("daysLate", .code) { .daysLate($0 == "payment" ? .payment : .duty($0)) },
    Alternative("missed", .code) { .missed(duty: $0) },
    Alternative("always", .enumeration(Recurrence.self)) { .always($0) })
}

/// Which cases count.
package enum CaseTest: Sendable, Hashable {
  case below(Rational)
  case above(Rational)
  case grades([String])

  static let shape: Shape<CaseTest> = .oneOf(
    "caseTest", about: Text(zh: "哪些情形计入。", en: "Which cases count."),
    Alternative("below", .decimal()) { .below($0) },
    Alternative("above", .decimal()) { .above($0) },
    Alternative("grades", .array(of: .string(minLength: 1, maxLength: 40), min: 1, max: 20)) { .grades($0) })
}

/// Which of the cases that count have the consequence.
package enum Firing: Sendable, Hashable {
  /// Over what occurrences are counted.
  package enum Scope: String, Sendable, Hashable, CaseIterable { case payment, contract }

  case each
  /// Only the first.
  case once(Scope)
  /// That one and every later one.
  case from(Int, per: Scope)
  /// Each time so many have come one behind the other.
  case inARow(Int)

  static let shape: Shape<Firing> = .oneOf(
    "firing", about: Text(zh: "何时触发：仅首次、自第几次起、连续几次。", en: "When it fires: the first only, from the nth on, after some in a row."),
    Alternative("once", .enumeration(Scope.self)) { .once($0) },
    Alternative("from", Field("from", .integer(2...1000)), Field("per", .enumeration(Scope.self))) { .from($0, per: $1) },
    Alternative("inARow", .integer(2...100)) { .inARow($0) })
}

extension Measure {
  /// Whether its cases are single incidents, which can name a side.
  var isOfIncidents: Bool {
    switch self {
    case .incidents, .amounts: true
    default: false
    }
  }

  var isOfLateness: Bool { if case .daysLate = self { true } else { false } }

  /// Whether a case's quantity is a number to be compared with a bar.
  var isOfNumbers: Bool {
    switch self {
    case .score, .daysLate: true
    default: false
    }
  }

  /// What a share can be taken of in its cases.
  var bases: Set<Basis> {
    var bases: Set<Basis> = [.total, .annualFee, .periodFee, .monthFee, .paid, .unserved]
    switch self {
    case .daysLate(.payment): bases.insert(.overdue)
    case .incidents, .amounts: bases.insert(.stake)
    default: break
    }
    return bases
  }
}
