// SPDX-License-Identifier: Apache-2.0
import Base

/// Clause numbers in a contract's own words: doubled, left out, misprinted.
extension TextLint {
  func numbering() -> [Finding] {
    let entries = text.clauses.filter { !$0.place.steps.isEmpty }.map {
      ClauseSequence.Entry(place: $0.place, label: $0.label, mayBeginAnew: $0.isListed)
    }
    let misprints = text.clauses.compactMap { clause in
      clause.misprint.map { ClauseSequence.misprint($0, in: clause.label) }
    }
    return misprints + ClauseSequence(entries).findings() + sections()
  }

  /// 第…部分, which number the paper a second time.
  private func sections() -> [Finding] {
    zip([0] + text.sections, text.sections).compactMap { before, after in
      if after == before + 1 { return nil }
      let (label, expected) = ("第\(ClauseNumber.spoken(after))部分", "第\(ClauseNumber.spoken(before + 1))部分")
      return Finding(
        after <= before ? .numberDoubled : .numberSkipped, label, "section.\(after)", values: [Words.both(label), Words.both(expected)],
        zh: "\(label)之处应为\(expected)。", en: "\(label) stands where \(expected) is due.")
    }
  }
}
