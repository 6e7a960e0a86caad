// SPDX-License-Identifier: Apache-2.0
import Base

/// A contract's own words being looked over, by themselves and against the document that stands for them.
struct TextLint {
  let text: ContractText
  let paper: PaperLint
  /// What the document shows already: it is not said again of the text.
  let known: [Finding]
  /// The most findings that are told of one text: beyond them it is no text of this contract.
  static let greatestCount = 300
  /// The most references that are followed.
  static let greatestReferences = 500

  /// Every passage with its name and what it names in figures.
  let passages: [Passage]

  struct Passage {
    let label: String
    /// Nil for what stands outside the clauses.
    let place: ClauseNumber?
    let words: String
    let figures: PrintedFigures
  }

  init(text: ContractText, paper: PaperLint, known: [Finding]) {
    self.text = text
    self.paper = paper
    self.known = known
    passages =
      [Passage(label: "封面", place: nil, words: text.cover, figures: PrintedFigures(text.cover))]
      + text.clauses.map { Passage(label: $0.label, place: $0.place, words: $0.words, figures: PrintedFigures($0.words)) }
      + [Passage(label: "签章页", place: nil, words: text.closing, figures: PrintedFigures(text.closing))]
  }

  var document: ContractDocument { paper.document }

  func findings() -> [Finding] {
    let found =
      spellings() + partsOfTotal() + numbering() + references() + termDates() + impossibleDates() + addresses() + strangers()
      + selfPayments()
      + cappedPenalties()
      + claims() + unclaimed() + exchanged()
    return Array(found.lazy.filter { finding in !known.contains { $0.repeats(finding) } }.prefix(Self.greatestCount))
  }

  /// The passages of whatever an item cites; nil where the text has none of it.
  func figures(citing clause: String) -> [PrintedFigures]? {
    let places = ClauseNumber.citations(in: clause).flatMap(\.places)
    let cited = passages.filter { passage in
      places.contains { place in
        place.part == .cover ? passage.label == "封面" : passage.place.map(place.contains) ?? false
      }
    }
    return cited.isEmpty ? nil : cited.map(\.figures)
  }
}
