// SPDX-License-Identifier: Apache-2.0
import Base

/// Finds the cases of a measure in the days that some payments take up.
struct CaseFinder: Sendable {
  let timeline: Timeline
  private(set) var pending: [Pending] = []

  init(_ timeline: Timeline) { self.timeline = timeline }

  private var ledger: Ledger { timeline.ledger }
  private var contract: Contract { timeline.contract }
  private var asOf: CivilDate { timeline.asOf }

  mutating func stillLate(_ rule: Consequence) {
    pending.append(Pending("still-late", rule: rule.id, zh: "迟延仍在继续，按 \(asOf) 计算。", en: "It is still late; counted to \(asOf)."))
  }

  mutating func takePending() -> [Pending] {
    defer { pending.removeAll() }
    return pending
  }

  /// The cases of a rule that its own paper governs, in order of their days.
  ///
  /// - Parameters:
  ///   - revision: the paper that the rule stands on.
  ///   - payments: whose days are meant.
  mutating func cases(
    of rule: Consequence, revision: Int, in payments: [ScheduledPayment]
  ) throws(ArithmeticError) -> [Case] {
    let document = contract.revisions[revision]
    switch rule.measure {
    case .score(let id, let fold):
      guard let series = document.appraisal.scores.first(where: { $0.id == id }) else { return [] }
      return try scores(series, fold, revision, payments)
    case .grade(let id):
      guard let series = document.appraisal.grades.first(where: { $0.id == id }) else { return [] }
      return grades(series, revision, payments)
    case .incidents(let kinds): return incidents(kinds, rule, revision, payments)
    case .amounts(let kinds):
      return incidents(kinds, rule, revision, payments).filter { event in
        if event.amount != nil { return true }
        pending.append(Pending("amount-missing", rule: rule.id, zh: "情形尚未载明金额。", en: "An incident carries no amount yet."))
        return false
      }
    case .daysLate(.payment): return []
    case .daysLate(.duty(let id)), .missed(let id):
      return runs(id, rule, revision, payments)
    case .always(let recurrence): return always(recurrence, revision, payments)
    }
  }

  private func contains(_ day: CivilDate, _ revision: Int, _ payments: [ScheduledPayment]) -> Bool {
    contract.revisionIndex(on: day) == revision && payments.contains { $0.window?.contains(day) ?? false }
  }

  // MARK: incidents

  private mutating func incidents(_ kinds: [String], _ rule: Consequence, _ revision: Int, _ payments: [ScheduledPayment]) -> [Case] {
    let document = contract.revisions[revision]
    let taken = rule.yieldsTo.flatMap { id in document.appraisal.consequences.first { $0.id == id }?.measure.incidentKinds ?? [] }
    return ledger.incidents.compactMap { recorded in
      let incident = recorded.body
      guard kinds.contains(incident.kind), !taken.contains(incident.kind), contains(recorded.fact.on, revision, payments) else {
        return nil
      }
      let quantity = Rational(incident.quantity)
      return Case(
        day: recorded.fact.on, quantity: quantity, count: quantity, unit: Words.times, amount: incident.amount, by: incident.by,
        facts: [recorded.fact.id])
    }
  }

  // MARK: series

  /// What a series is given for within some payments, as far as its paper governs it.
  private func occasions(_ pace: SeriesPace, _ revision: Int, _ payments: [ScheduledPayment]) -> [TermMonth] {
    payments.flatMap { $0.occasions(pace, of: contract) }.filter { contract.revisionIndex(on: $0.range.last) == revision }
  }

  private mutating func grades(_ series: GradeSeries, _ revision: Int, _ payments: [ScheduledPayment]) -> [Case] {
    occasions(series.pace, revision, payments).compactMap { occasion in
      guard let recorded = ledger.grades[Ledger.SeriesKey(series: series.id, period: occasion.label)] else {
        pending.append(
          Pending(
            "grade-missing", rule: series.id, zh: "\(occasion.label) 的等次（\(series.id)）尚未记录。",
            en: "The grade of \(occasion.label) (\(series.id)) is not recorded."))
        return nil
      }
      let english = series.scale.first { $0.grade == recorded.body }?.en ?? recorded.body
      return Case(
        day: occasion.range.last, quantity: 1, count: 1, unit: Words.times, grade: recorded.body, facts: [recorded.fact.id],
        note: Text(zh: "\(occasion.label) \(recorded.body)", en: "\(occasion.label) \(english)"))
    }
  }

  private mutating func scores(
    _ series: ScoreSeries, _ fold: Measure.Fold, _ revision: Int, _ payments: [ScheduledPayment]
  ) throws(ArithmeticError) -> [Case] {
    var cases: [Case] = []
    for occasion in occasions(series.pace, revision, payments) {
      let subjects = try subjects(series, occasion)
      guard !subjects.isEmpty, subjects.contains(where: \.isRecorded) || (fold == .each) else {
        pending.append(
          Pending(
            "score-missing", rule: series.id, zh: "\(occasion.label) 的评分（\(series.id)）尚未记录。",
            en: "The score of \(occasion.label) (\(series.id)) is not recorded."))
        continue
      }
      cases += try folded(subjects, fold, occasion)
    }
    return cases
  }

  private struct SubjectScore {
    let subject: String
    let value: Rational
    let isRecorded: Bool
    let facts: [UUIDv7]
  }

  /// Everybody's points in an occasion, as far as they have any.
  private mutating func subjects(_ series: ScoreSeries, _ occasion: TermMonth) throws(ArithmeticError) -> [SubjectScore] {
    var scores: [SubjectScore] = []
    for points in try timeline.points(of: series, in: occasion) {
      guard let value = points.value else {
        pending.append(
          Pending(
            "score-missing", rule: series.id, zh: "\(points.subject) 在 \(occasion.label) 没有评分。",
            en: "\(points.subject) has no score in \(occasion.label)."))
        continue
      }
      scores.append(
        SubjectScore(subject: points.subject, value: value, isRecorded: points.score != nil, facts: points.facts))
    }
    return scores
  }

  private func folded(_ subjects: [SubjectScore], _ fold: Measure.Fold, _ occasion: TermMonth) throws(ArithmeticError) -> [Case] {
    let facts = subjects.flatMap(\.facts)
    let values = subjects.map { Words.both(Words.number($0.value)) }
    func whole(_ quantity: Rational, _ note: Text?) -> Case {
      Case(day: occasion.range.last, quantity: quantity, count: 1, unit: Words.points, facts: facts, note: note)
    }
    var sum = Rational.zero
    for subject in subjects { sum = try sum + subject.value }
    switch fold {
    case .each:
      return subjects.map { subject in
        Case(
          day: occasion.range.last, quantity: subject.value, count: 1, unit: Words.points, facts: subject.facts,
          note: Words.both("\(occasion.label) \(subject.subject) \(Words.number(subject.value))"))
      }
    case .sum: return [whole(sum, subjects.count == 1 ? nil : Words.shortSum(values) + Words.both(" = \(Words.number(sum))"))]
    case .least:
      guard let least = subjects.map(\.value).min() else { return [] }
      return [whole(least, Words.both("\(occasion.label) ") + Text(zh: "最低分 ", en: "lowest ") + Words.both(Words.number(least)))]
    case .mean:
      let mean = try sum / Rational(subjects.count)
      if subjects.count == 1 { return [whole(mean, Words.both("\(occasion.label) \(Words.number(mean))"))] }
      return [
        whole(
          mean,
          Text(zh: "（", en: "(") + Words.shortSum(values) + Text(zh: "）", en: ")")
            + Words.both(" ÷ \(subjects.count) = \(Words.number(mean))"))
      ]
    }
  }

  // MARK: duties

  private mutating func runs(_ duty: String, _ rule: Consequence, _ revision: Int, _ payments: [ScheduledPayment]) -> [Case] {
    let (found, unknown) = timeline.runs(ofDuty: duty)
    if let unknown { pending.append(Pending(unknown.code, rule: rule.id, zh: unknown.text.zh, en: unknown.text.en)) }
    return found.compactMap { run in
      guard ledger.waivers[run.id] == nil, let first = run.firstLateDay, run.isMissed(asOf: asOf),
        contains(first, revision, payments)
      else { return nil }
      let end = run.done?.day ?? asOf
      let note = Text(
        zh: "应于 \(run.due.lastDay) 前，\(run.done.map { "完成于 \($0.day)" } ?? "至 \(asOf) 未完成")",
        en: "due \(run.due.lastDay), \(run.done.map { "done \($0.day)" } ?? "not done by \(asOf)")")
      guard case .daysLate = rule.measure else {
        return Case(day: first, quantity: 1, count: 1, unit: Words.times, facts: run.facts, note: note)
      }
      if run.done == nil { stillLate(rule) }
      let (days, excused, facts) = lateDays(after: run.due.lastDay, through: end, rule, revision, payment: nil)
      guard !days.isEmpty else { return nil }
      return Case(
        day: first, quantity: Rational(days.count), count: Rational(days.count), unit: Words.days, facts: run.facts + facts,
        note: note + excuse(excused) + Words.quantityNote(days.count), lateDays: days)
    }
  }

  // MARK: always

  private func always(_ recurrence: Measure.Recurrence, _ revision: Int, _ payments: [ScheduledPayment]) -> [Case] {
    payments.compactMap { payment in
      if case .release = payment.source { return nil }
      if recurrence == .contract, !payment.isLast { return nil }
      let end = contract.stretches[contract.stretchIndex(of: payment.revision)].term.last
      let day = payment.period?.last ?? min(payment.window?.last ?? end, end)
      guard contract.revisionIndex(on: day) == revision else { return nil }
      return Case(day: day, quantity: 1, count: 1, unit: Words.times, facts: [])
    }
  }
}

extension Measure {
  var incidentKinds: [String] {
    switch self {
    case .incidents(let kinds), .amounts(let kinds): kinds
    default: []
    }
  }
}
