// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import Testing

@testable import API

/// What is printed of a statement, whatever stands in it.
@Suite("The statement's page")
struct StatementPageTests {
  /// Texts that would be markup, were they let.
  static let hostile = [
    "</td></tr></table><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt; & &#x3c;", "\" onmouseover=\"alert(1)",
    "' style='display:none", "<!-- ]]> <![CDATA[", "</style><style>*{display:none}", "\u{202E}reversed\u{0}\u{1B}[31m", "{{7*7}}${7*7}",
  ]

  private func text(_ number: Int) -> JSON {
    let text = Self.hostile[number % Self.hostile.count]
    return ["zh": .string("甲" + text), "en": .string("en " + text)]
  }

  private func money(_ fen: Int64) -> JSON { ["fen": .integer(fen), "yuan": .string(Fen(fen).yuan)] }

  private func statement() -> JSONObject {
    let line: JSON = [
      "kind": "charge", "rule": "x", "clause": .string(Self.hostile[0]), "says": text(1), "reading": text(2), "formula": text(3),
      "amount": money(-80_000), "facts": ["0192f0c1-2345-7abc-8def-0123456789ab"],
    ]
    return [
      "title": text(0), "office": .string(Self.hostile[1]), "vendor": .string(Self.hostile[3]),
      "payment": ["id": .string(Self.hostile[4]), "name": text(5), "from": "2024-03-26", "to": "2024-06-25"], "asOf": "2024-07-01",
      "lines": [line, line], "payable": money(53_578_000), "payableCapitals": "伍拾叁万伍仟柒佰捌拾元整",
      "due": ["kind": "by", "date": "2024-07-19", "explanation": text(6)], "carriedOut": money(1), "retained": money(2),
      "paid": money(3), "unpaid": money(4), "claims": [line], "claimed": money(-80_000),
      "rights": [["holders": ["office"], "since": "2024-07-01", "says": text(7), "clause": .string(Self.hostile[5])]],
      "pending": [["code": "x", "text": text(8)]],
    ]
  }

  private func page(_ state: SettlementLife.State, digest: String?, _ language: Language) throws -> String {
    let at = try #require(Instant("2026-11-29T10:00:00+08:00"))
    let life = SettlementLife(state: state, proposal: nil, version: 4)
    return StatementPage(
      statement: statement(), life: life, steps: [(.propose, Self.hostile[0], at), (.confirm, Self.hostile[1], at)], digest: digest,
      now: ["due": ["kind": "waiting", "for": [text(1)]], "paid": money(1), "unpaid": money(2)],
      corrections: [["takenInBy": .string(Self.hostile[2]), "line": ["amount": money(-1), "formula": text(3)]]], printed: at,
      language: language
    ).html
  }

  @Test("hostile texts stay texts, in both languages, of drafts and of what is confirmed", arguments: Language.allCases)
  func escaping(language: Language) throws {
    for (state, digest) in [(SettlementLife.State.draft, nil), (.proposed, nil), (.closed, String(repeating: "ab", count: 32))] {
      let html = try page(state, digest: digest, language)
      let elements = try Markup(html).elements
      let known: Set = [
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "dl", "div", "dt", "dd", "table", "thead", "tbody", "tr", "th",
        "td",
        "span", "ul", "li", "footer",
      ]
      #expect(Set(elements).subtracting(known).isEmpty)
      #expect(elements.count { $0 == "style" } == 1 && elements.count { $0 == "table" } == 2)
      #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !html.contains("\u{1B}"))
      #expect(html.contains("伍拾叁万伍仟柒佰捌拾元整") && html.contains("535,780.00") && html.contains("-800.00"))
      let isDraft = digest == nil
      #expect(html.contains("class=\"banner\"") == isDraft && html.contains(String(repeating: "ab", count: 32)) != isDraft)
    }
  }

  @Test("the page may show its own style and nothing else")
  func policy() throws {
    let html = try page(.draft, digest: nil, .zh)
    let start = try #require(html.firstRange(of: "<style>")).upperBound
    let end = try #require(html.firstRange(of: "</style>")).lowerBound
    let digest = Base64.standard.encode(try SHA256.digest(of: Array(html[start..<end].utf8)))
    let policy = try #require(StatementPage.policy)
    #expect(policy.contains("default-src 'none'") && policy.contains("style-src 'sha256-\(digest)='"))
    #expect(!policy.contains("unsafe") && !html.contains("<script") && !html.contains("http"))
  }
}

/// The elements of a page that is well-formed.
private struct Markup {
  struct Malformed: Error, CustomStringConvertible { let description: String }

  private(set) var elements: [String] = []

  init(_ html: String) throws {
    var open: [String] = []
    var rest = html[...]
    guard rest.hasPrefix("<!DOCTYPE html>\n") else { throw Malformed(description: "no doctype") }
    rest = rest.dropFirst("<!DOCTYPE html>\n".count)
    while let next = rest.first {
      switch next {
      case "<":
        guard let end = rest.firstIndex(of: ">") else { throw Malformed(description: "unended tag") }
        let tag = rest[rest.index(after: rest.startIndex)..<end]
        rest = rest[rest.index(after: end)...]
        if tag.hasPrefix("/") {
          guard open.popLast() == String(tag.dropFirst()) else { throw Malformed(description: "\(tag) in \(open)") }
          continue
        }
        let name = String(tag.prefix { $0.isLetter || $0.isNumber })
        let attributes = tag.dropFirst(name.count).split(separator: " ")
        for attribute in attributes where attribute != "/" {
          let parts = attribute.split(separator: "=", maxSplits: 1)
          let names = ["class", "lang", "charset", "name", "content"]
          guard parts.count == 2, names.contains(String(parts[0])), parts[1].hasPrefix("\""), parts[1].hasSuffix("\"") else {
            throw Malformed(description: "\(tag)")
          }
        }
        elements.append(name)
        if attributes.last != "/" { open.append(name) }
      case "&":
        guard ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"].contains(where: { rest.hasPrefix($0) }) else {
          throw Malformed(description: "\(rest.prefix(10))")
        }
        rest = rest.dropFirst()
      case ">": throw Malformed(description: "stray >")
      default: rest = rest.dropFirst()
      }
    }
    guard open.isEmpty else { throw Malformed(description: "left open: \(open)") }
  }
}
