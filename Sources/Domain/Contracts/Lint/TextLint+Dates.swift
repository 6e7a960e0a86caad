// SPDX-License-Identifier: Apache-2.0
import Base

/// Dates in a contract's own words.
extension TextLint {
  /// Every stretch of time that the text prints: it is the term, or another stretch that somebody wrote in its place.
  func termDates() -> [Finding] {
    let term = document.terms.term.range
    return passages.flatMap { passage -> [Finding] in
      let dates = passage.figures.dates
      return zip(dates, dates.dropFirst()).enumerated().compactMap { index, pair -> Finding? in
        let between = passage.figures.string(pair.0.place.upperBound..<pair.1.place.lowerBound)
        guard Self.through.contains(between), !(pair.0.date == term.first && pair.1.date == term.last) else { return nil }
        let printed = "\(pair.0.date) … \(pair.1.date)"
        return Finding(
          .termDatesDiffer, passage.label, "text.\(passage.label).term.\(index)", values: [Words.both(printed), Words.both("\(term)")],
          zh: "原文此处的期间是 \(printed)，合同期限为 \(term)。", en: "The text prints \(printed) here; the term is \(term).")
      }
    }
  }

  /// Dates of days that there are not.
  func impossibleDates() -> [Finding] {
    passages.flatMap { passage in
      passage.figures.impossibleDates.enumerated().map { index, written in
        Finding(
          .dateImpossible, passage.label, "text.\(passage.label).impossible.\(index)", values: [Words.both(written)],
          zh: "没有“\(written)”这一天。", en: "There is no such day as “\(written)”.")
      }
    }
  }

  private static let through: Set<String> = ["起至", "至", "到", "起到", "-", "~", "—", "–", "——", "－", "开始至", "开始到"]
}
