// SPDX-License-Identifier: Apache-2.0
import Base

/// What a line's first characters say it begins.
enum ClauseStart: Equatable {
  /// 第一部分
  case section(Int)
  /// 附件1
  case annex(Int, title: String)
  /// 第三条; without a number where the characters make none. Apart: a gap follows, as before a clause and not inside a sentence.
  case article(Int?, printed: String, isApart: Bool)
  /// 一、
  case heading(Int)
  /// （一）
  case subheading(Int)
  /// 3.2.1
  case dotted([Int])
  /// 3、 or 3.
  case item(Int)
  /// (3) or ③
  case subitem(Int)
  /// 以下无正文, or the seals.
  case closing
}

extension ClauseStart {
  /// - Parameter line: without the marks that Markdown sets before it.
  /// - Returns: what begins, and how many of the line's characters say so; `nil` where nothing begins.
  static func read(_ line: [Unicode.Scalar]) -> (start: ClauseStart, length: Int)? {
    var cursor = Cursor(line)
    guard let first = cursor.peek else { return nil }
    switch first {
    case "第": return article(&cursor)
    case "附": return annex(&cursor)
    case "(": return isClosing(line) ? (.closing, line.count) : parenthesised(&cursor)
    case "甲", "以": return isClosing(line) ? (.closing, line.count) : nil
    case "①"..."⑳": return (.subitem(Int(first.value) - 0x2460 + 1), 1)
    default:
      if PrintedCharacters.digit(first) != nil { return digits(&cursor) }
      return PrintedCharacters.isSpoken(first) ? heading(&cursor) : nil
    }
  }

  private static func isClosing(_ line: [Unicode.Scalar]) -> Bool {
    let head = PrintedCharacters.string(PrintedCharacters.bare(PrintedCharacters.string(line.prefix(40))))
    return ["(以下无正文", "以下无正文", "(本页无正文", "甲方(盖章", "甲方(签章", "甲方(公章", "甲方盖章"].contains { head.hasPrefix($0) }
  }

  private static func article(_ cursor: inout Cursor) -> (start: ClauseStart, length: Int)? {
    cursor.advance()
    cursor.skipBlanks()
    let run = cursor.run { PrintedCharacters.isSpoken($0) || PrintedCharacters.digit($0) != nil || $0 == " " }.filter { $0 != " " }
    guard !run.isEmpty, run.count <= 6 else { return nil }
    let number = SpokenNumber.value(of: PrintedCharacters.string(run)).flatMap { (1..<1000).contains($0) ? $0 : nil }
    if cursor.take("部"), cursor.take("分") { return number.map { (.section($0), cursor.place) } }
    guard cursor.take("条") else { return nil }
    let next = cursor.peek
    // 第三条约定的… is a sentence that goes on.
    if let next, "的款约规所之中第".unicodeScalars.contains(next) { return nil }
    let printed = "第\(PrintedCharacters.string(run))条"
    return (.article(number, printed: printed, isApart: next.map(isGap) ?? true), cursor.place)
  }

  private static func annex(_ cursor: inout Cursor) -> (start: ClauseStart, length: Int)? {
    cursor.advance()
    guard cursor.take("件") else { return nil }
    cursor.skipBlanks()
    guard let number = cursor.number(), (1..<100).contains(number) else { return nil }
    cursor.skipBlanks()
    if let next = cursor.peek, next != ":", !isGap(next) { return nil }
    _ = cursor.take(":")
    cursor.skipBlanks()
    let title = PrintedCharacters.string(cursor.rest)
    return (.annex(number, title: title), cursor.place)
  }

  private static func parenthesised(_ cursor: inout Cursor) -> (start: ClauseStart, length: Int)? {
    cursor.advance()
    cursor.skipBlanks()
    let isSpoken = cursor.peek.map(PrintedCharacters.isSpoken) ?? false
    guard let number = cursor.number(), (1..<200).contains(number) else { return nil }
    cursor.skipBlanks()
    guard cursor.take(")") else { return nil }
    return (isSpoken ? .subheading(number) : .subitem(number), cursor.place)
  }

  private static func heading(_ cursor: inout Cursor) -> (start: ClauseStart, length: Int)? {
    guard let number = cursor.number(), (1..<200).contains(number) else { return nil }
    cursor.skipBlanks()
    guard cursor.take("、") || cursor.take(".") else { return nil }
    return (.heading(number), cursor.place)
  }

  /// `3.2.1`, `1. 2`, `3、` and `3.`, but no amount, no date and no percentage.
  private static func digits(_ cursor: inout Cursor) -> (start: ClauseStart, length: Int)? {
    guard let first = cursor.number(), (1..<200).contains(first) else { return nil }
    var steps = [first]
    var end = cursor
    while steps.count < 6 {
      var next = end
      next.skipBlanks()
      guard next.take(".") else { break }
      next.skipBlanks()
      guard let step = next.number(), (1..<200).contains(step) else { break }
      steps.append(step)
      end = next
    }
    if steps.count > 1 {
      cursor = end
      _ = cursor.take(".") || cursor.take("、")
      if let next = cursor.peek, unitsOfAmounts.contains(next) { return nil }
      return (.dotted(steps), cursor.place)
    }
    cursor.skipBlanks()
    guard cursor.take("、") || cursor.take(".") || cursor.take(")") else { return nil }
    if let next = cursor.peek, PrintedCharacters.digit(next) != nil, cursor.last == "." { return nil }
    return (.item(first), cursor.place)
  }

  private static let unitsOfAmounts: Set<Unicode.Scalar> = Set("%万亿元年月日号".unicodeScalars)

  private static func isGap(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || ":、.,;【".unicodeScalars.contains(scalar)
  }

  /// A place in a line that is read from left to right.
  private struct Cursor {
    private let line: [Unicode.Scalar]
    private(set) var place = 0

    init(_ line: [Unicode.Scalar]) { self.line = line }

    var peek: Unicode.Scalar? { place < line.count ? line[place] : nil }
    var last: Unicode.Scalar? { place > 0 ? line[place - 1] : nil }
    var rest: ArraySlice<Unicode.Scalar> { line[place...] }

    mutating func advance() { place += 1 }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
      guard peek == scalar else { return false }
      place += 1
      return true
    }

    mutating func skipBlanks() {
      while peek == " " || peek == "\t" { place += 1 }
    }

    mutating func run(while isPart: (Unicode.Scalar) -> Bool) -> ArraySlice<Unicode.Scalar> {
      let start = place
      while let next = peek, isPart(next) { place += 1 }
      return line[start..<place]
    }

    mutating func number() -> Int? {
      var rest = rest
      guard let number = ClauseNumber.number(at: &rest) else { return nil }
      place = rest.startIndex
      return number
    }
  }
}
