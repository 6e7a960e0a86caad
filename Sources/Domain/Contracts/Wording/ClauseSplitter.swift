// SPDX-License-Identifier: Apache-2.0

/// Takes a contract's text apart, line by line.
///
/// Offices number in several ways at once (第三条 with 1、, 一、 with 1.1, 3.2.1, (1)); a start belongs inside the nearest one that is
/// printed in a higher way. A dotted number says its own place and must fit the article it stands in.
struct ClauseSplitter {
  /// Ways to number, from the outermost.
  private enum Rank: Int, Comparable {
    case article, heading, subheading, dotted, item, subitem
    static func < (a: Rank, b: Rank) -> Bool { a.rawValue < b.rawValue }
  }

  private struct Level {
    let rank: Rank
    let steps: [Int]
    let label: String
  }

  private struct Draft {
    let place: ClauseNumber
    let label: String
    let isListed: Bool
    let misprint: String?
    var words = WrappedLines(isForm: false)
  }

  private var part = ClauseNumber.Part.cover
  private var levels: [Level] = []
  private var drafts: [Draft] = []
  private var cover = WrappedLines(isForm: true)
  private var closing = WrappedLines(isForm: true)
  private var isClosed = false
  /// Behind a heading that belongs to no clause.
  private var isLoose = false
  private var sections: [Int] = []
  private var annexes: [Int: String] = [:]
  private var lastArticle = 0

  mutating func take(_ line: Substring) {
    let line = Self.withoutMarks(line)
    guard let (start, length) = ClauseStart.read(line.map(PrintedCharacters.narrow)) else { return add(line) }
    if isClosed, !start.isAnnex { return add(line) }
    switch start {
    case .section(let number):
      sections.append(number)
      (levels, isLoose) = ([], true)
      if part == .cover { part = .body }
      return
    case .annex(let number, let title):
      part = .annex(number)
      annexes[number] = annexes[number] ?? title
      (levels, isClosed, isLoose, lastArticle) = ([], false, false, 0)
      drafts.append(Draft(place: ClauseNumber(part, []), label: "附件\(number)", isListed: false, misprint: nil))
    case .closing:
      if part == .cover { return add(line) }
      isClosed = true
      return add(line)
    case .article(let number, let printed, let isApart):
      let step = number ?? lastArticle + 1
      if !isApart, step != lastArticle + 1 { return add(line) }
      lastArticle = step
      begin(.article, [step], label: number == nil ? "第\(ClauseNumber.spoken(step))条" : printed, misprint: number == nil ? printed : nil)
    case .heading(let number): begin(.heading, number, label: ClauseNumber.spoken(number))
    case .subheading(let number): begin(.subheading, number, label: "(\(ClauseNumber.spoken(number)))")
    case .dotted(let steps):
      guard let (place, label) = place(ofDotted: steps) else { return add(line) }
      begin(.dotted, place, label: label)
    case .item(let number): begin(.item, number, label: "\(number)")
    case .subitem(let number): begin(.subitem, number, label: "(\(number))")
    }
    let rest = Array(line[length...])
    if rest.contains(where: { !$0.properties.isWhitespace }) { add(rest) }
  }

  func finish() -> ContractText {
    ContractText(
      cover: cover.text,
      clauses: drafts.map {
        ContractText.Clause(place: $0.place, label: $0.label, words: $0.words.text, isListed: $0.isListed, misprint: $0.misprint)
      },
      closing: closing.text, sections: sections, annexes: annexes)
  }

  // MARK: starts

  /// Begins a clause inside the nearest one of a higher way.
  private mutating func begin(_ rank: Rank, _ number: Int, label: String) {
    let parent = levels.last { $0.rank < rank }
    begin(rank, (parent?.steps ?? []) + [number], label: Self.joined(parent?.label, label, rank))
  }

  private mutating func begin(_ rank: Rank, _ steps: [Int], label: String, misprint: String? = nil) {
    if part == .cover { part = .body }
    isLoose = false
    levels.removeAll { $0.rank >= rank }
    levels.append(Level(rank: rank, steps: steps, label: label))
    let prefix: String
    if case .annex(let number) = part { prefix = "附件\(number) " } else { prefix = "" }
    drafts.append(
      Draft(
        place: ClauseNumber(part, steps), label: prefix + label, isListed: rank == .item || rank == .subitem, misprint: misprint))
  }

  /// Where a dotted number stands, `nil` where it cannot be the number of a clause.
  private func place(ofDotted steps: [Int]) -> (steps: [Int], label: String)? {
    let label = steps.map(String.init).joined(separator: ".")
    guard let article = levels.first?.steps.first else { return (steps, label) }
    let isHeaded = levels[0].rank < .dotted
    if steps[0] == article || !isHeaded && (article...article + 3).contains(steps[0]) { return (steps, label) }
    // In an annex numbers may begin anew inside each heading.
    if case .annex = part, isHeaded, steps[0] == 1 {
      return (levels[0].steps + steps, "\(levels[0].label).\(label)")
    }
    return nil
  }

  private static func joined(_ parent: String?, _ label: String, _ rank: Rank) -> String {
    guard let parent else { return label }
    return rank != .item || parent.hasSuffix("条") ? parent + label : "\(parent).\(label)"
  }

  // MARK: words

  private mutating func add(_ line: [Unicode.Scalar]) {
    if isClosed {
      closing.add(line)
    } else if part == .cover {
      cover.add(line)
    } else if !isLoose, !drafts.isEmpty {
      drafts[drafts.count - 1].words.add(line)
    }
  }

  /// The line without what Markdown sets before it and around emphasis.
  private static func withoutMarks(_ line: Substring) -> [Unicode.Scalar] {
    var rest = Array(line.unicodeScalars)[...]
    while let first = rest.first, first.properties.isWhitespace || "#>*-+\u{FEFF}".unicodeScalars.contains(first) {
      rest = rest.dropFirst()
    }
    while let last = rest.last, last.properties.isWhitespace || last == "*" { rest = rest.dropLast() }
    // Emphasis stands in pairs; a lone star may be a product, as in 7*24.
    var plain: [Unicode.Scalar] = []
    var place = rest.startIndex
    while place < rest.endIndex {
      if rest[place] == "*", place + 1 < rest.endIndex, rest[place + 1] == "*" {
        place += 2
      } else {
        plain.append(rest[place])
        place += 1
      }
    }
    return plain
  }
}

extension ClauseStart {
  fileprivate var isAnnex: Bool { if case .annex = self { true } else { false } }
}

/// Lines that are put together again where the page's edge broke a sentence.
private struct WrappedLines {
  /// Names and values line by line, as on a cover: nothing is joined.
  let isForm: Bool
  private var scalars: [Unicode.Scalar] = []
  private var isHeaded = false

  init(isForm: Bool) { self.isForm = isForm }

  mutating func add(_ line: [Unicode.Scalar]) {
    let start = line.firstIndex { !$0.properties.isWhitespace } ?? line.endIndex
    guard start < line.endIndex else { return }
    if let last = scalars.last {
      if isForm || isHeaded || Self.ends.contains(PrintedCharacters.narrow(last)) {
        scalars.append("\n")
      } else if last.isASCII && line[start].isASCII {
        scalars.append(" ")
      }
    }
    isHeaded = scalars.isEmpty && Self.isHeading(line[start...])
    scalars += line[start...]
  }

  /// A short line without a point in it, at the beginning of a clause.
  private static func isHeading(_ line: ArraySlice<Unicode.Scalar>) -> Bool {
    line.count <= 20 && !line.contains { points.contains(PrintedCharacters.narrow($0)) }
  }

  private static let points: Set<Unicode.Scalar> = Set("。,;:!?".unicodeScalars)
  private static let ends: Set<Unicode.Scalar> = Set("。;:!?】".unicodeScalars)

  var text: String { PrintedCharacters.string(scalars) }
}
