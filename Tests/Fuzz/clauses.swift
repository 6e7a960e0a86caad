// SPDX-License-Identifier: Apache-2.0
// Sources: Base Domain/Contracts/Wording

/// Contracts' texts from anywhere: each clause is found again by its own label and by the words it has, and nothing comes out that did not go in.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let words = try? ContractText.read(Array(UnsafeBufferPointer(start: start, count: count))) else { return 0 }
  let text = ContractText(words)
  var octets = text.cover.utf8.count + text.closing.utf8.count
  for clause in text.clauses {
    precondition(ClauseNumber(citing: clause.label) == clause.place, "\(clause.label) is \(clause.place)")
    precondition(text.has(clause.place) && (clause.words.isEmpty || text.words(at: clause.place)?.contains(clause.words) == true))
    octets += clause.words.utf8.count
  }
  // Besides what was read, each line can end in one character of ours.
  precondition(octets <= words.utf8.count + words.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count)
  let figures = PrintedFigures(words)
  for money in figures.amounts {
    precondition(figures.bare.indices.contains(money.place.lowerBound) && money.place.upperBound <= figures.bare.count)
  }
  for day in figures.dates { precondition(day.place.upperBound <= figures.bare.count) }
  for capitals in figures.capitals { _ = try? CapitalNumerals.read(capitals.written) }
  return 0
}
