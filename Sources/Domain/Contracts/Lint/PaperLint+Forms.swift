// SPDX-License-Identifier: Apache-2.0
import Base

/// Forms and scales: whether their points add up, and whether their words can be measured.
extension PaperLint {
  func forms() -> [Finding] {
    var findings: [Finding] = []
    for (index, sheet) in appraisal.sheets.enumerated() {
      let (pointer, clause) = ("/sheets/\(index)", sheet.citation.clause)
      findings += Self.compare(sheet.sections.map(\.weight), sheet.full, sheet.title, in: clause, sheet.id, at: pointer)
      for (place, section) in sheet.sections.enumerated() {
        let (pointer, subject) = ("\(pointer)/sections/\(place)", "\(sheet.id).\(section.id)")
        findings += Self.compare(section.items.map(\.full), section.weight, section.title, in: clause, subject, at: pointer)
        for (number, item) in section.items.enumerated() {
          let best = item.options.map(\.points).max().map { [$0] } ?? []
          findings += Self.compare(best, item.full, item.title, in: clause, "\(subject).\(item.id)", at: "\(pointer)/items/\(number)")
        }
      }
    }
    return findings
  }

  private static func compare(
    _ parts: [Rational], _ whole: Rational, _ title: Text, in clause: String, _ subject: String, at pointer: String
  ) -> [Finding] {
    guard let sum = try? parts.reduce(Rational.zero, { try $0 + $1 }), sum != whole else { return [] }
    return [
      Finding(
        .pointsMismatch, clause, subject, at: pointer, values: [Words.both(Words.number(sum)), Words.both(Words.number(whole))],
        zh: "“\(title.zh)”各部分合计 \(Words.number(sum)) 分，满分为 \(Words.number(whole)) 分。",
        en: "The parts of “\(title.en)” come to \(Words.number(sum)) points, the whole is \(Words.number(whole)).")
    ]
  }

  /// Words that decide about points or money and that nothing measures.
  func scales() -> [Finding] {
    var findings: [Finding] = []
    for (index, sheet) in appraisal.sheets.enumerated() {
      var seen: Set<String> = []
      let vague = sheet.sections.flatMap(\.items).flatMap(\.options).filter { $0.criterion == nil && seen.insert($0.label.zh).inserted }
      findings += Self.unmeasured(vague.map(\.label), sheet.title, in: sheet.citation.clause, sheet.id, at: "/sheets/\(index)")
    }
    for (index, series) in appraisal.grades.enumerated() {
      let vague = series.scale.filter { $0.criterion == nil }.map { Text(zh: $0.grade, en: $0.en) }
      findings += Self.unmeasured(vague, series.citation.says, in: series.citation.clause, series.id, at: "/grades/\(index)")
    }
    return findings
  }

  private static func unmeasured(_ words: [Text], _ title: Text, in clause: String, _ subject: String, at pointer: String) -> [Finding] {
    guard words.count > 1 else { return [] }
    let list = Words.list(words)
    return [
      Finding(
        .noThreshold, clause, subject, at: pointer, values: [list], zh: "“\(list.zh)”之间没有可衡量的界限（\(title.zh)）。",
        en: "Nothing measures where “\(list.en)” begin and end (\(title.en))")
    ]
  }
}
