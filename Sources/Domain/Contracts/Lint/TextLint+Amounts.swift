// SPDX-License-Identifier: Apache-2.0
import Base

/// Amounts in a contract's own words: both spellings of each, and shares beside the sums they come to.
extension TextLint {
  func spellings() -> [Finding] {
    passages.flatMap { passage in
      passage.figures.capitals.enumerated().flatMap { index, capitals in
        PaperLint.spellings(
          capitals.written, Self.figures(beside: capitals, in: passage.figures), in: passage.label, "text.\(passage.label).\(index)")
      }
    }
  }

  /// The same amount in figures: before the capital numerals, as in 100元（大写：…）, or behind them, as in …（¥100.00）.
  private static func figures(beside capitals: PrintedFigures.Capitals, in figures: PrintedFigures) -> Fen? {
    let before = figures.amounts.last { $0.place.upperBound <= capitals.place.lowerBound }
    if let before, isGlue(figures.bare[before.place.upperBound..<capitals.place.lowerBound]) { return before.amount }
    let after = figures.amounts.first { $0.place.lowerBound >= capitals.place.upperBound }
    if let after, isGlue(figures.bare[capitals.place.upperBound..<after.place.lowerBound]) { return after.amount }
    return nil
  }

  private static func isGlue(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool { scalars.count <= 16 && scalars.allSatisfy(glue.contains) }

  private static let glue: Set<Unicode.Scalar> = Set("()[]【】含税不大小写金额:人民币¥元,、即计为".unicodeScalars)

  /// `30%，合计 172683 元`: the share of the total beside what it comes to.
  func partsOfTotal() -> [Finding] {
    var findings: [Finding] = []
    let total = document.terms.total.amount
    for passage in passages {
      let figures = passage.figures
      for (index, part) in figures.shares.enumerated() {
        guard let sum = figures.amounts.first(where: { $0.place.lowerBound >= part.place.upperBound }) else { continue }
        let between = figures.bare[part.place.upperBound..<sum.place.lowerBound]
        guard between.count <= 32, between.contains(where: { "计即".unicodeScalars.contains($0) }),
          !between.contains(where: { "。;".unicodeScalars.contains($0) || PrintedCharacters.digit($0) != nil }),
          let meant = try? total * part.share, let rounded = try? meant.rounded(), rounded != sum.amount
        else { continue }
        findings.append(
          Finding(
            .amountMismatch, passage.label, "text.\(passage.label).\(index)", values: [Words.money(sum.amount), Words.money(meant)],
            zh: "印为总价的 \(part.share)、\(sum.amount.grouped) 元，而总价的 \(part.share) 是 \(Words.figures(meant)) 元。",
            en:
              "It says \(part.share) of the total and \(sum.amount.grouped) yuan; \(part.share) of the total is \(Words.figures(meant)) yuan."
          ))
      }
    }
    return findings
  }
}
