// SPDX-License-Identifier: Apache-2.0

/// Writes HTML whose elements are ours and whose texts are anybody's: a text can never become an element.
///
/// Every element is closed, so that the page is well-formed as XML too.
struct HTMLWriter: Sendable {
  private(set) var html = ""

  /// An element with what `content` writes inside.
  mutating func element(_ name: StaticString, _ kind: StaticString? = nil, _ content: (inout HTMLWriter) -> Void) {
    open(name, kind)
    content(&self)
    html += "</\(name)>"
  }

  /// An element with a text inside.
  mutating func element(_ name: StaticString, _ kind: StaticString? = nil, _ text: String) {
    element(name, kind) { $0.text(text) }
  }

  /// An element that covers so many columns of a table.
  mutating func element(_ name: StaticString, _ kind: StaticString? = nil, span: Int, _ text: String) {
    guard span > 1 else { return element(name, kind, text) }
    html += "<\(name)"
    if let kind { html += " class=\"\(kind)\"" }
    html += " colspan=\"\(span)\">"
    self.text(text)
    html += "</\(name)>"
  }

  /// Text, escaped.
  mutating func text(_ text: String) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": html += "&amp;"
      case "<": html += "&lt;"
      case ">": html += "&gt;"
      case "\"": html += "&quot;"
      case "'": html += "&#39;"
      // Neither HTML nor XML has a place for control characters.
      case "\u{0}"..."\u{8}", "\u{B}", "\u{C}", "\u{E}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": html += "\u{FFFD}"
      default: html.unicodeScalars.append(scalar)
      }
    }
  }

  /// Markup of the program itself.
  mutating func markup(_ markup: StaticString) { html += "\(markup)" }

  private mutating func open(_ name: StaticString, _ kind: StaticString?) {
    html += "<\(name)"
    if let kind { html += " class=\"\(kind)\"" }
    html += ">"
  }
}
