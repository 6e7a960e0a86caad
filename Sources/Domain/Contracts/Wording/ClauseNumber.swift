// SPDX-License-Identifier: Apache-2.0
import Base

/// Where a clause stands, whichever way the paper prints it: `第三条8` and `三.8` are one place, `附件1 二.2(1)` is in an annex.
package struct ClauseNumber: Sendable, Hashable {
  package enum Part: Sendable, Hashable {
    case cover, body
    case annex(Int)
  }

  package let part: Part
  /// From the article inwards; none for a whole annex or the cover.
  package let steps: [Int]

  package init(_ part: Part, _ steps: [Int]) {
    self.part = part
    self.steps = steps
  }

  /// Whether a clause is this one or stands inside it.
  package func contains(_ other: ClauseNumber) -> Bool { part == other.part && other.steps.starts(with: steps) }

  /// The article that it belongs to.
  var article: ClauseNumber { ClauseNumber(part, Array(steps.prefix(1))) }
}

extension ClauseNumber {
  /// Reads one citation, `3.2.1`, `第三条8`, `三.2`, `附件1 二.2(1)`, `第四款第5条`, `封面`; `nil` for what names no place.
  package init?(citing text: some StringProtocol) {
    // A blank sets the annex's number apart from the clause's: 附件1 2.1.
    var rest = text.unicodeScalars.map(PrintedCharacters.narrow).drop { $0.properties.isWhitespace }
    var part = Part.body
    if rest.starts(with: "附件".unicodeScalars) {
      rest = rest.dropFirst(2).drop { $0.properties.isWhitespace }
      guard let number = Self.number(at: &rest) else { return nil }
      part = .annex(number)
    }
    rest = rest.filter { !$0.properties.isWhitespace }[...]
    if part == .body, PrintedCharacters.string(rest) == "封面" {
      self.init(.cover, [])
      return
    }
    var steps: [Int] = []
    while let next = rest.first {
      if Self.separators.contains(next) {
        rest = rest.dropFirst()
      } else if let number = Self.number(at: &rest), steps.count < 12 {
        steps.append(number)
      } else {
        return nil
      }
    }
    guard part != .body || !steps.isEmpty else { return nil }
    self.init(part, steps)
  }

  private static let separators: Set<Unicode.Scalar> = Set("第条款项.、()".unicodeScalars)

  /// Takes a number off the front, in Arabic digits or as it is spoken.
  static func number(at rest: inout ArraySlice<Unicode.Scalar>) -> Int? {
    let isDigit = rest.first.flatMap(PrintedCharacters.digit) != nil
    let run = rest.prefix { isDigit ? PrintedCharacters.digit($0) != nil : PrintedCharacters.isSpoken($0) }
    guard run.count <= 6, let value = SpokenNumber.value(of: PrintedCharacters.string(run)), value < 1000 else { return nil }
    rest = rest.dropFirst(run.count)
    return value
  }

  /// Every place that an item's `clause` names: several are set apart by commas, `1.1-1.7` is seven.
  ///
  /// - Returns: each citation as it is written, with its places; none for one that names no place.
  package static func citations(in clause: String) -> [(written: String, places: [ClauseNumber])] {
    clause.split { ",，；;".contains($0) }.map { piece in
      let written = piece.drop { $0 == " " }
      if let place = ClauseNumber(citing: written) { return (String(written), [place]) }
      let ends = written.split { "-–—~至".contains($0) }.compactMap { ClauseNumber(citing: $0) }
      guard ends.count == 2, ends[0].part == ends[1].part, ends[0].steps.count == ends[1].steps.count,
        ends[0].steps.dropLast() == ends[1].steps.dropLast(), let first = ends[0].steps.last, let last = ends[1].steps.last, first <= last
      else { return (String(written), []) }
      return (String(written), (first...last).map { ClauseNumber(ends[0].part, ends[0].steps.dropLast() + [$0]) })
    }
  }
}
