// SPDX-License-Identifier: Apache-2.0
import Base

/// A score sheet as it was filled for one person or the team and one period.
package struct FilledSheet: Sendable, Hashable {
  /// How the score is found: by the items of the contract's form, or as a number where the contract has no form for it.
  package enum Score: Sendable, Hashable {
    case marks(OrderedMap<Rational>)
    case value(Rational)
  }

  package let series: String
  /// The label of the occasion: a payment's name, or a month.
  package let period: String
  /// The person's code; nil for the team.
  package let subject: String?
  /// The day of the assessment.
  package let on: CivilDate
  package let score: Score
  /// What the office says beside the marks 评估意见.
  package let opinion: String?

  package init(series: String, period: String, subject: String?, on: CivilDate, score: Score, opinion: String?) {
    (self.series, self.period, self.subject, self.on, self.score, self.opinion) = (series, period, subject, on, score, opinion)
  }

  /// The fact that it becomes with a score.
  package func content(_ value: Rational) -> FactContent {
    FactContent(on: on, body: .score(series: series, period: period, subject: subject, value: value))
  }

  /// What it comes to, and the contract's form that this was found with; nil where the contract has none for the series.
  ///
  /// - Throws: every item that is missing, unknown, or marked with points that are none of its options; a plain number where there is a form,
  ///   marks where there is none. Pointers are into the sheet's JSON.
  package func value(under contract: Contract) throws(Faults) -> (value: Rational, form: ScoreSheet?) {
    let form = contract.form(of: series, on: on)
    switch (score, form) {
    case (.value(let plain), nil): return (plain, nil)
    case (.marks(let marks), let form?): return (try form.score(of: marks), form)
    case (.value, let form?):
      throw Faults([
        Fault(
          pointer: "/value", code: "not-applicable",
          detail: Text(
            zh: "该评分按“\(form.title.zh)”逐项选定，不直接给分。", en: "This score is found by the items of “\(form.title.en)”, not given plain."))
      ])
    case (.marks, nil):
      throw Faults([
        Fault(
          pointer: "/marks", code: "not-applicable",
          detail: Text(zh: "合同没有评分“\(series)”的评分表。", en: "The contract has no form for the score “\(series)”."))
      ])
    }
  }
}

extension FilledSheet {
  /// The points ticked for each item.
  package static let marks: Shape<OrderedMap<Rational>> = .map(keys: .code, of: .decimal(), min: 1, max: 200)

  private static let score = Field<Score>.oneOf(
    Alternative("marks", marks) { .marks($0) }, Alternative("value", .decimal()) { .value($0) })
  private static let opinion = Field<String?>(optional: "opinion", .string(minLength: 1, maxLength: 2000))

  /// `{"series": "staff", "period": "quarter-2", "subject": "seat-1", "on": "2024-06-26", "marks": {"attendance": "10", …}}`
  package static let shape: Shape<FilledSheet> = .object(
    "scoreSheetFilling",
    about: Text(
      zh: "填写的评价表：合同有评分表的逐项选定（marks），没有的直接给分（value）。",
      en: "A filled score sheet: the items of the contract's form ticked (`marks`), or a number (`value`) where it has no form."),
    Field("series", .code), Field("period", .string(minLength: 1, maxLength: 64)),
    Field(optional: "subject", .string(minLength: 1, maxLength: 64)), Field("on", .date), score, opinion
  ) { FilledSheet(series: $0, period: $1, subject: $2, on: $3, score: $4, opinion: $5) }

  /// What is filled in when a sheet is filled anew; what it is about stays.
  package struct Refilling: Sendable {
    let on: CivilDate
    let score: Score
    let opinion: String?

    package static let shape: Shape<Refilling> = .object(
      "scoreSheetRefilling", about: Text(zh: "重新填写的内容。", en: "What is filled in anew."), Field("on", .date), FilledSheet.score,
      FilledSheet.opinion
    ) { Refilling(on: $0, score: $1, opinion: $2) }
  }

  /// The sheet filled anew.
  package func filled(_ anew: Refilling) -> FilledSheet {
    FilledSheet(series: series, period: period, subject: subject, on: anew.on, score: anew.score, opinion: anew.opinion)
  }
}

extension OrderedMap<Rational> {
  /// The points by the items' names.
  package var json: JSON { .object(JSONObject(entries.map { JSONObject.Member(name: $0.name, value: .string($0.value.decimal())) })) }
}

extension Contract {
  /// The form of a series as the paper in force on a day has it.
  package func form(of series: String, on day: CivilDate) -> ScoreSheet? {
    let appraisal = inForce(on: day).appraisal
    return appraisal.scores.first { $0.id == series }?.sheet.flatMap { name in appraisal.sheets.first { $0.id == name } }
  }

  /// Whether a series of scores is given to people rather than to the team.
  package func scoresStaff(_ series: String) -> Bool {
    revisions.contains { $0.appraisal.scores.contains { $0.id == series && $0.subject == .staff } }
  }
}
