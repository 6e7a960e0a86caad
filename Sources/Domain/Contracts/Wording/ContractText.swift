// SPDX-License-Identifier: Apache-2.0
import Base

/// A contract's own words, as its office attached them, taken apart at the numbers that the paper prints before its clauses.
package struct ContractText: Sendable, Hashable {
  package struct Clause: Sendable, Hashable {
    package let place: ClauseNumber
    /// The number as people write it: `3.2.1`, `第三条8`, `附件1 二.2(1)`.
    package let label: String
    /// Its own words, those of the clauses inside it left out; wrapped lines are joined.
    package let words: String
    /// An item of a list, 1、 or (1): such numbers may begin anew.
    package let isListed: Bool
    /// Where the printed number is none, such as 第十一一条, as it is printed; the place is then the one its neighbours leave.
    package let misprint: String?
  }

  /// What stands before the first clause: title, dates, parties.
  package let cover: String
  /// In the order of the paper; a number that is printed twice stands here twice.
  package let clauses: [Clause]
  /// The seals' page.
  package let closing: String
  /// Numbers of 第…部分, in the order of the paper.
  package let sections: [Int]
  /// The title behind each annex's number.
  package let annexes: [Int: String]

  /// The most octets a text may have; the longest of known contracts have thirty thousand.
  package static let greatestSize = 512 * 1024
  /// The most clauses a text may have; the longest of known contracts have a hundred.
  package static let greatestCount = 2_000

  package init(_ text: String) {
    var splitter = ClauseSplitter()
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) { splitter.take(line) }
    self = splitter.finish()
  }

  init(cover: String, clauses: [Clause], closing: String, sections: [Int], annexes: [Int: String]) {
    self.cover = cover
    self.clauses = clauses
    self.closing = closing
    self.sections = sections
    self.annexes = annexes
  }

  /// Whether anything stands at a place.
  package func has(_ place: ClauseNumber) -> Bool {
    if place.part == .cover { return !cover.isEmpty }
    if case .annex(let number) = place.part, place.steps.isEmpty { return annexes[number] != nil }
    return clauses.contains { place.contains($0.place) }
  }

  /// The words of a clause and of all that stands inside it; `nil` where the paper has no such clause.
  package func words(at place: ClauseNumber) -> String? {
    if place.part == .cover { return cover.isEmpty ? nil : cover }
    let found = clauses.filter { place.contains($0.place) }
    guard !found.isEmpty else { return nil }
    return found.map { $0.place == place ? $0.words : "\($0.label) \($0.words)" }.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// The words of every place that an item's `clause` names; `nil` where the paper has none of them.
  package func words(citing clause: String) -> String? {
    let words = ClauseNumber.citations(in: clause).flatMap(\.places).compactMap(words(at:))
    return words.isEmpty ? nil : words.joined(separator: "\n")
  }
}
