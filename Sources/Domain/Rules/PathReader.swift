// SPDX-License-Identifier: Apache-2.0

/// Reads what a predicate says from its words; what it does not know it leaves opaque.
struct PathReader {
  private let words: [PathToken]
  private var place = 0
  /// Whether the words are a path to some value, which is no condition.
  private(set) var isPlainPath = false

  init(_ words: [PathToken]) { self.words = words }

  /// The condition, nil where the words are none that it knows.
  mutating func predicate() -> PathCondition? {
    if case .name("strict")? = peek { place += 1 } else if case .name("lax")? = peek { place += 1 }
    let start = place
    if let condition = either(), place == words.count { return condition }
    place = start
    isPlainPath = skipPath() && place == words.count
    return nil
  }

  private var peek: PathToken? { place < words.count ? words[place] : nil }

  private mutating func take(_ word: PathToken) -> Bool {
    guard peek == word else { return false }
    place += 1
    return true
  }

  // MARK: connectives

  private mutating func either() -> PathCondition? {
    guard let first = both() else { return nil }
    var parts = [first]
    while take(.mark("||")) {
      guard let next = both() else { return nil }
      parts.append(next)
    }
    return parts.count == 1 ? first : .any(parts)
  }

  private mutating func both() -> PathCondition? {
    guard let first = single() else { return nil }
    var parts = [first]
    while take(.mark("&&")) {
      guard let next = single() else { return nil }
      parts.append(next)
    }
    return parts.count == 1 ? first : .all(parts)
  }

  private mutating func single() -> PathCondition? {
    let start = place
    switch peek {
    case .mark("!"):
      place += 1
      guard peek == .mark("("), skipBrackets() else { return nil }
      return afterCondition(.opaque)
    case .mark("("):
      place += 1
      if let inner = either(), take(.mark(")")), !isOperand { return afterCondition(inner) }
      place = start
      return comparison()
    case .name("exists"):
      place += 1
      guard peek == .mark("("), place + 2 < words.count else { return nil }
      // The document itself is always there.
      if words[place + 1] == .root, words[place + 2] == .mark(")") {
        place += 3
        return .constant(true)
      }
      return skipBrackets() ? .opaque : nil
    case .name("true") where !isOperand(at: place + 1):
      place += 1
      return .constant(true)
    case .name("false") where !isOperand(at: place + 1):
      place += 1
      return .constant(false)
    default: return comparison()
    }
  }

  /// A condition in brackets may be asked whether it is unknown.
  private mutating func afterCondition(_ condition: PathCondition) -> PathCondition {
    guard peek == .name("is"), place + 1 < words.count, words[place + 1] == .name("unknown") else { return condition }
    place += 2
    return .opaque
  }

  private var isOperand: Bool { isOperand(at: place) }

  /// Whether a value that ends before here goes on, or is compared.
  private func isOperand(at place: Int) -> Bool {
    guard place < words.count else { return false }
    switch words[place] {
    case .mark("&&"), .mark("||"), .mark(")"), .name("is"): return false
    default: return true
    }
  }

  // MARK: comparisons

  private enum Side {
    case member(String, elements: Bool)
    case literal(PathTest.Literal)
    case other
  }

  private mutating func comparison() -> PathCondition? {
    guard let left = side() else { return nil }
    let comparison: PathTest.Comparison
    switch peek {
    case .mark(let mark):
      guard let known = PathTest.Comparison(rawValue: mark) else { return nil }
      comparison = known
      place += 1
    case .name("like_regex"):
      comparison = .like
      place += 1
    case .name("starts"):
      place += 1
      guard take(.name("with")) else { return nil }
      comparison = .startsWith
    default: return nil
    }
    guard let right = side() else { return nil }
    if comparison == .like, take(.name("flag")) {
      place += 1
      return .opaque
    }
    switch (left, right) {
    case (.member(let name, let elements), .literal(let literal)):
      return .test(Self.test(name, elements, comparison, literal))
    case (.literal(let literal), .member(let name, let elements)):
      return comparison.mirrored.map { .test(Self.test(name, elements, $0, literal)) } ?? .opaque
    case (.literal(let a), .literal(let b)) where comparison == .equal: return .constant(a == b)
    default: return .opaque
    }
  }

  private static func test(
    _ name: String, _ elements: Bool, _ comparison: PathTest.Comparison, _ literal: PathTest.Literal
  ) -> PathTest {
    // A list is compared element by element, whether or not the path says so.
    let isList = OrderMember(rawValue: name)?.form == .texts
    return PathTest(member: name, isOfElements: elements || isList, comparison: comparison, literal: literal)
  }

  /// One side of a comparison: `$.name`, `$.name[*]`, a literal, or something else.
  private mutating func side() -> Side? {
    let start = place
    var side = Side.other
    switch peek {
    case .root:
      if place + 2 < words.count, words[place + 1] == .mark("."), let name = Self.key(words[place + 2]) {
        place += 3
        var elements = false
        if peek == .mark("["), place + 2 < words.count, words[place + 1] == .mark("*"), words[place + 2] == .mark("]") {
          elements = true
          place += 3
        }
        side = .member(name, elements: elements)
      }
    case .string(let text):
      place += 1
      side = .literal(.text(text))
    case .number(let digits):
      place += 1
      side = Double(digits).map { .literal(.number($0)) } ?? .other
    case .mark("-"):
      if place + 1 < words.count, case .number(let digits) = words[place + 1], let number = Double(digits) {
        place += 2
        side = .literal(.number(-number))
      }
    case .name("true"):
      place += 1
      side = .literal(.truth(true))
    case .name("false"):
      place += 1
      side = .literal(.truth(false))
    case .name("null"):
      place += 1
      side = .literal(.null)
    default: break
    }
    if place > start, endsSide { return side }
    place = start
    return skipPath() ? .other : nil
  }

  private static func key(_ word: PathToken) -> String? {
    switch word {
    case .name(let name), .string(let name): name
    default: nil
    }
  }

  /// Whether a side of a comparison ends here.
  private var endsSide: Bool {
    switch peek {
    case nil, .mark("&&")?, .mark("||")?, .mark(")")?, .mark("==")?, .mark("!=")?, .mark("<")?, .mark("<=")?, .mark(">")?, .mark(">=")?,
      .name("like_regex")?, .name("starts")?, .name("flag")?, .name("is")?:
      true
    default: false
    }
  }

  // MARK: what is not looked into

  /// Steps over a path or an arithmetic expression, up to what ends it.
  private mutating func skipPath() -> Bool {
    let start = place
    while !endsSide {
      if peek == .mark("(") || peek == .mark("[") {
        guard skipBrackets() else { return false }
      } else {
        place += 1
      }
    }
    return place > start
  }

  /// Steps over a bracket and all in it.
  private mutating func skipBrackets() -> Bool {
    var depth = 0
    while let word = peek {
      place += 1
      if word == .mark("(") || word == .mark("[") { depth += 1 }
      if word == .mark(")") || word == .mark("]") {
        depth -= 1
        if depth == 0 { return true }
      }
    }
    return false
  }
}
