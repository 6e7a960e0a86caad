// SPDX-License-Identifier: Apache-2.0
import Base

/// The points of a person or of the team in one occasion of a series, and how they came to be.
package struct SubjectPoints: Sendable, Hashable {
  /// What an incident took.
  package struct Taken: Sendable, Hashable {
    package let fact: UUIDv7
    package let on: CivilDate
    package let incident: FactBody.Incident
    /// The kind, as the paper in force on its day has it.
    package let citation: Citation
    /// For all of its quantity together.
    package let points: Rational
  }

  /// The person's code; empty for the team.
  package let subject: String
  /// The fact of the score that was recorded; nil where there is none.
  package let score: UUIDv7?
  /// What the points start from: the recorded score, or what the contract gives everybody; nil where it gives nothing.
  package let start: Rational?
  package let taken: [Taken]
  /// What is left, not below the series' floor; nil without a start.
  package let value: Rational?

  /// What it rests on.
  package var facts: [UUIDv7] { (score.map { [$0] } ?? []) + taken.map(\.fact) }
}

extension Timeline {
  /// Everybody's points in an occasion: what was recorded, or the start, less the points that incidents take.
  ///
  /// - Returns: by subject; those only of whom something is on record.
  func points(of series: ScoreSeries, in occasion: TermMonth) throws(ArithmeticError) -> [SubjectPoints] {
    let recorded = ledger.scores[Ledger.SeriesKey(series: series.id, period: occasion.label)] ?? [:]
    var taken: [String: [SubjectPoints.Taken]] = [:]
    for incident in ledger.incidents where occasion.range.contains(incident.fact.on) {
      // An incident takes what the paper in force on its own day says.
      let kinds = contract.inForce(on: incident.fact.on).appraisal.incidents
      guard let kind = kinds.first(where: { $0.id == incident.body.kind }), let rule = kind.points, rule.series == series.id else {
        continue
      }
      let points = try (incident.body.points ?? rule.take) * Rational(incident.body.quantity)
      taken[series.subject == .team ? "" : incident.body.subject ?? "", default: []].append(
        SubjectPoints.Taken(
          fact: incident.fact.id, on: incident.fact.on, incident: incident.body, citation: kind.citation, points: points))
    }
    var all: [SubjectPoints] = []
    for subject in Set(recorded.keys).union(taken.keys).sorted() {
      let (mark, losses) = (recorded[subject], taken[subject] ?? [])
      let start = mark?.body ?? series.start
      var value = start
      for loss in losses { value = try value.map { value throws(ArithmeticError) in try value - loss.points } }
      if let floor = series.floor { value = value.map { max($0, floor) } }
      all.append(SubjectPoints(subject: subject, score: mark?.fact.id, start: start, taken: losses, value: value))
    }
    return all
  }
}

/// The points that a series gives in one occasion, and the rules of the contract that hang on them.
package struct SeriesPoints: Sendable, Hashable {
  package let series: ScoreSeries
  /// What it is given for: a payment's period, or a month.
  package let occasion: String
  package let days: DateRange
  package let subjects: [SubjectPoints]
  /// The rules that measure it, in the paper that governs it.
  package let rules: [Consequence]

  /// The sum and the mean of the points; nil where nobody has any.
  package func totals() throws(ArithmeticError) -> (sum: Rational, mean: Rational)? {
    let values = subjects.compactMap(\.value)
    guard !values.isEmpty else { return nil }
    var sum = Rational.zero
    for value in values { sum = try sum + value }
    return (sum, try sum / Rational(values.count))
  }

  /// The mean as formulas show it, `60.333…`; nil where nobody has any points.
  package func meanWords() throws(ArithmeticError) -> String? {
    guard let mean = try totals()?.mean else { return nil }
    return Words.number(mean)
  }
}

extension Settlement {
  /// The points of every series in the period of a payment, as the statement of the payment counts them.
  ///
  /// - Throws: `unknownPayment`.
  package func points(in payment: String) throws(SettlementError) -> [SeriesPoints] {
    guard let scheduled = schedule[payment] else { throw .unknownPayment(payment, known: schedule.payments.map(\.id)) }
    var all: [SeriesPoints] = []
    do throws(ArithmeticError) {
      for (index, document) in contract.revisions.enumerated() {
        for series in document.appraisal.scores {
          for occasion in scheduled.occasions(series.pace, of: contract) where contract.revisionIndex(on: occasion.range.last) == index {
            all.append(
              SeriesPoints(
                series: series, occasion: occasion.label, days: occasion.range, subjects: try timeline.points(of: series, in: occasion),
                rules: document.appraisal.consequences.filter { $0.measure.scoreSeries == series.id }))
          }
        }
      }
    } catch {
      throw .arithmetic(error)
    }
    return all
  }
}

/// A grade that counts in an occasion of a series.
package struct SeriesGrade: Sendable, Hashable {
  package let series: GradeSeries
  /// What it is given for: a payment's period, or a month.
  package let occasion: String
  package let grade: String
  package let fact: UUIDv7
}

extension Settlement {
  /// The grades on record for the period of a payment, as the statement of the payment counts them.
  ///
  /// - Returns: none where the plan has no such payment.
  package func grades(in payment: String) -> [SeriesGrade] {
    guard let scheduled = schedule[payment] else { return [] }
    return contract.revisions.enumerated().flatMap { index, document in
      document.appraisal.grades.flatMap { series in
        scheduled.occasions(series.pace, of: contract).filter { contract.revisionIndex(on: $0.range.last) == index }.compactMap {
          occasion in
          timeline.ledger.grades[Ledger.SeriesKey(series: series.id, period: occasion.label)].map {
            SeriesGrade(series: series, occasion: occasion.label, grade: $0.body, fact: $0.fact.id)
          }
        }
      }
    }
  }
}

extension Measure {
  /// The series whose scores it counts.
  package var scoreSeries: String? { if case .score(let series, _) = self { series } else { nil } }
}
