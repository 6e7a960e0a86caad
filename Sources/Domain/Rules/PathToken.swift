// SPDX-License-Identifier: Apache-2.0

/// A word of the SQL/JSON path language (ISO/IEC 9075-2, as PostgreSQL writes it).
enum PathToken: Hashable {
  /// `$`, the document.
  case root
  /// `@`, what a filter looks at.
  case current
  /// `$name`: a value from outside the path; there is none here.
  case variable(String)
  /// A key or a keyword: `category`, `like_regex`.
  case name(String)
  case string(String)
  case number(String)
  /// An operator or a bracket: `==`, `&&`, `(`, `.`.
  case mark(String)
}

extension PathToken {
  private static let pairs = ["==", "!=", "<>", "<=", ">=", "&&", "||", "**"]

  /// The words of a path, nil where it cannot be cut into words.
  ///
  /// PostgreSQL judges the grammar; this reads only as much of it as the checks of decision tables ask.
  static func words(of path: String) -> [PathToken]? {
    var words: [PathToken] = []
    let scalars = Array(path.unicodeScalars)
    var place = 0
    while place < scalars.count {
      let scalar = scalars[place]
      switch scalar {
      case " ", "\t", "\n", "\r", "\u{0C}": place += 1
      case "/" where place + 1 < scalars.count && scalars[place + 1] == "*":
        guard let end = (place + 2..<scalars.count).first(where: { scalars[$0] == "/" && scalars[$0 - 1] == "*" && $0 > place + 2 }) else {
          return nil
        }
        place = end + 1
      case "\"":
        guard let string = string(in: scalars, from: &place) else { return nil }
        words.append(.string(string))
      case "$":
        place += 1
        if place < scalars.count, scalars[place] == "\"" {
          guard let name = string(in: scalars, from: &place) else { return nil }
          words.append(.variable(name))
        } else {
          let name = name(in: scalars, from: &place)
          words.append(name.isEmpty ? .root : .variable(name))
        }
      case "@":
        place += 1
        words.append(.current)
      case "0"..."9": words.append(.number(number(in: scalars, from: &place)))
      default:
        let name = name(in: scalars, from: &place)
        if !name.isEmpty {
          words.append(.name(name))
        } else if place + 1 < scalars.count, let pair = pairs.first(where: { $0 == "\(scalar)\(scalars[place + 1])" }) {
          words.append(.mark(pair == "<>" ? "!=" : pair))
          place += 2
        } else {
          words.append(.mark(String(scalar)))
          place += 1
        }
      }
    }
    return words
  }

  private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
    !scalar.isASCII || scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
  }

  private static func name(in scalars: [Unicode.Scalar], from place: inout Int) -> String {
    let start = place
    while place < scalars.count, isOfName(scalars[place]) { place += 1 }
    return String(String.UnicodeScalarView(scalars[start..<place]))
  }

  private static func number(in scalars: [Unicode.Scalar], from place: inout Int) -> String {
    let start = place
    while place < scalars.count {
      let scalar = scalars[place]
      let isFraction = scalar == "." && place + 1 < scalars.count && ("0"..."9").contains(scalars[place + 1])
      guard ("0"..."9").contains(scalar) || isFraction || scalar == "e" || scalar == "E" else { break }
      place += 1
    }
    return String(String.UnicodeScalarView(scalars[start..<place]))
  }

  /// The text between quotes; escapes other than those of JSON make it unreadable.
  private static func string(in scalars: [Unicode.Scalar], from place: inout Int) -> String? {
    place += 1
    var text = String.UnicodeScalarView()
    while place < scalars.count {
      let scalar = scalars[place]
      place += 1
      if scalar == "\"" { return String(text) }
      guard scalar == "\\" else {
        text.append(scalar)
        continue
      }
      guard place < scalars.count else { return nil }
      let escaped = scalars[place]
      place += 1
      switch escaped {
      case "\"", "\\", "/", "'": text.append(escaped)
      case "n": text.append("\n")
      case "t": text.append("\t")
      case "r": text.append("\r")
      case "b": text.append("\u{08}")
      case "f": text.append("\u{0C}")
      case "u":
        guard place + 4 <= scalars.count,
          let code = UInt32(String(String.UnicodeScalarView(scalars[place..<place + 4])), radix: 16), let named = Unicode.Scalar(code)
        else { return nil }
        text.append(named)
        place += 4
      default: return nil
      }
    }
    return nil
  }
}
