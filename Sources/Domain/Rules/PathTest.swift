// SPDX-License-Identifier: Apache-2.0

/// A comparison of one member of the document with a literal: `$.category == "环境"`.
struct PathTest: Hashable {
  enum Literal: Hashable {
    case text(String)
    case number(Double)
    case truth(Bool)
    case null
  }

  enum Comparison: String, Hashable {
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case atMost = "<="
    case greater = ">"
    case atLeast = ">="
    case startsWith = "starts with"
    case like = "like_regex"

    /// The comparison as it reads with its two sides exchanged; nil where they cannot be.
    var mirrored: Comparison? {
      switch self {
      case .equal, .unequal: self
      case .less: .greater
      case .atMost: .atLeast
      case .greater: .less
      case .atLeast: .atMost
      case .startsWith, .like: nil
      }
    }
  }

  let member: String
  /// Whether it is enough that one of several elements compares so; then two such tests can both hold whatever they say.
  let isOfElements: Bool
  let comparison: Comparison
  let literal: Literal

  /// Whether the test holds for a value; nil where only PostgreSQL can say.
  private func holds(for value: Literal) -> Bool? {
    switch comparison {
    case .equal: value == literal
    case .unequal: sameKind(value, literal) || value == .null || literal == .null ? value != literal : false
    case .startsWith:
      if case .text(let text) = value, case .text(let start) = literal { Self.starts(text, with: start) } else { false }
    case .like: nil
    case .less, .atMost, .greater, .atLeast:
      if case .number(let number) = value, case .number(let bound) = literal { compares(number, bound) } else { nil }
    }
  }

  private static func starts(_ text: String, with start: String) -> Bool { text.unicodeScalars.starts(with: start.unicodeScalars) }

  private func compares(_ number: Double, _ bound: Double) -> Bool {
    switch comparison {
    case .less: number < bound
    case .atMost: number <= bound
    case .greater: number > bound
    case .atLeast: number >= bound
    default: false
    }
  }

  private func sameKind(_ a: Literal, _ b: Literal) -> Bool {
    switch (a, b) {
    case (.text, .text), (.number, .number), (.truth, .truth), (.null, .null): true
    default: false
    }
  }

  /// Whether every document for which this holds is one for which the other holds; false also where that is not known.
  func implies(_ other: PathTest) -> Bool {
    if self == other { return true }
    guard member == other.member else { return false }
    // The element that makes this hold makes the other hold.
    if comparison == .equal { return other.holds(for: literal) ?? false }
    guard case .number(let bound) = literal, case .number(let otherBound) = other.literal else {
      if comparison == .startsWith, other.comparison == .startsWith, case .text(let long) = literal, case .text(let short) = other.literal {
        return Self.starts(long, with: short)
      }
      return false
    }
    switch (comparison, other.comparison) {
    case (.greater, .greater), (.greater, .atLeast), (.atLeast, .atLeast): return bound >= otherBound
    case (.atLeast, .greater): return bound > otherBound
    case (.less, .less), (.less, .atMost), (.atMost, .atMost): return bound <= otherBound
    case (.atMost, .less): return bound < otherBound
    case (.greater, .unequal): return bound >= otherBound
    case (.atLeast, .unequal): return bound > otherBound
    case (.less, .unequal): return bound <= otherBound
    case (.atMost, .unequal): return bound < otherBound
    default: return false
    }
  }

  /// Whether no document can make both hold; nil where that is not known.
  func excludes(_ other: PathTest) -> Bool? {
    guard member == other.member, !isOfElements, !other.isOfElements else { return false }
    if comparison == .equal { return other.holds(for: literal).map { !$0 } }
    if other.comparison == .equal { return holds(for: other.literal).map { !$0 } }
    if case .number(let bound) = literal, case .number(let otherBound) = other.literal {
      switch (comparison, other.comparison) {
      case (.greater, .less), (.greater, .atMost), (.atLeast, .less): return bound >= otherBound
      case (.atLeast, .atMost): return bound > otherBound
      case (.less, .greater), (.less, .atLeast), (.atMost, .greater): return bound <= otherBound
      case (.atMost, .atLeast): return bound < otherBound
      default: return false
      }
    }
    if comparison == .unequal || other.comparison == .unequal { return sameKind(literal, other.literal) ? false : nil }
    if comparison == .startsWith, other.comparison == .startsWith, case .text(let a) = literal, case .text(let b) = other.literal {
      return !Self.starts(a, with: b) && !Self.starts(b, with: a)
    }
    return nil
  }
}
