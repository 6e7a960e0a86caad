// SPDX-License-Identifier: Apache-2.0
import Base
import HTTP

/// A table as a page to print, A4, made while it is sent.
struct TablePage: Sendable {
  let table: Table
  let now: Instant

  private static let policies = (
    portrait: PageAnswer.policy(styles: portrait, style, dense), landscape: PageAnswer.policy(styles: landscape, style, dense)
  )

  /// The answer; what cannot be read from the start fails before it begins.
  func response() async throws -> Response {
    let first = try await table.batch(nil)
    return try PageAnswer.response(
      .stream(ResponseStream { try await write(from: first, to: $0) }),
      policy: table.isLandscape ? Self.policies.landscape : Self.policies.portrait, in: table.language)
  }

  private func write(from first: Table.Batch, to content: ContentWriter) async throws {
    try await content.write(Array(head.utf8))
    var batch = first
    while true {
      if !batch.rows.isEmpty { try await content.write(Array(Self.html(batch.rows).utf8)) }
      guard let next = batch.next else { break }
      batch = try await table.batch(next)
    }
    try await content.write(Array(foot.utf8))
  }

  // MARK: Parts

  /// All up to the first row.
  private var head: String {
    var page = HTMLWriter()
    page.markup("<!DOCTYPE html>\n")
    page.markup(table.language == .zh ? "<html lang=\"zh-CN\">" : "<html lang=\"en\">")
    page.element("head") { head in
      head.markup("<meta charset=\"utf-8\" /><meta name=\"viewport\" content=\"width=device-width\" />")
      head.element("title", nil, table.title)
      head.markup("<style>")
      head.markup(table.isLandscape ? Self.landscape : Self.portrait)
      head.markup("</style><style>")
      head.markup(Self.style)
      if table.isDense {
        head.markup("</style><style>")
        head.markup(Self.dense)
      }
      head.markup("</style>")
    }
    page.markup("<body>")
    page.element("h1", nil, table.title)
    if !table.facts.isEmpty {
      page.element("dl") { list in
        for fact in table.facts {
          list.element("div") { row in
            row.element("dt", nil, fact.name)
            row.element("dd", nil, Self.text(fact.value))
          }
        }
      }
    }
    page.markup("<table>")
    columns(&page)
    page.element("thead") { head in
      head.element("tr") { row in
        for column in table.columns { row.element("th", nil, column.title) }
      }
    }
    page.markup("<tbody>")
    return page.html
  }

  /// The columns' widths, in the steps that the style knows: the page's policy lets no element have a style of its own.
  private func columns(_ page: inout HTMLWriter) {
    let whole = table.columns.reduce(0) { $0 + $1.width }
    page.element("colgroup") { group in
      for column in table.columns {
        let steps: [StaticString] = [
          "<col class=\"w1\" />", "<col class=\"w2\" />", "<col class=\"w3\" />", "<col class=\"w4\" />",
          "<col class=\"w5\" />", "<col class=\"w6\" />", "<col class=\"w7\" />", "<col class=\"w8\" />",
          "<col class=\"w9\" />", "<col class=\"w10\" />", "<col class=\"w11\" />", "<col class=\"w12\" />",
          "<col class=\"w13\" />", "<col class=\"w14\" />", "<col class=\"w15\" />", "<col class=\"w16\" />",
          "<col class=\"w17\" />", "<col class=\"w18\" />", "<col class=\"w19\" />", "<col class=\"w20\" />",
          "<col class=\"w21\" />", "<col class=\"w22\" />", "<col class=\"w23\" />", "<col class=\"w24\" />",
        ]
        // A step is a forty-eighth of the width.
        group.markup(steps[min(max((column.width * 48 + whole / 2) / max(whole, 1), 1), steps.count) - 1])
      }
    }
  }

  private static func html(_ rows: [[SheetCell]]) -> String {
    var page = HTMLWriter()
    for row in rows {
      page.element("tr", row.first.flatMap { kind($0.weight) }) { line in
        for cell in row { write(cell, to: &line) }
      }
    }
    return page.html
  }

  private static func kind(_ weight: SheetCell.Weight) -> StaticString? {
    switch weight {
    case .plain, .header: nil
    case .total: "total"
    case .title, .label: "label"
    case .signature: "signature"
    case .note: "note"
    }
  }

  private static func write(_ cell: SheetCell, to row: inout HTMLWriter) {
    let kind: StaticString? =
      switch cell.value {
      case .empty, .text: nil
      case .integer, .money, .decimal: "number"
      case .date, .instant: "time"
      }
    row.element("td", kind, span: cell.span, text(cell.value))
  }

  /// A value as people read it.
  private static func text(_ value: SheetCell.Value) -> String {
    switch value {
    case .empty: ""
    case .text(let text), .decimal(let text): text
    case .integer(let number): "\(number)"
    case .money(let fen): fen.grouped
    case .date(let date): "\(date)"
    case .instant(let instant): "\(instant)".prefix(16).split(separator: "T").joined(separator: " ")
    }
  }

  private var foot: String {
    var page = HTMLWriter()
    page.markup("</tbody></table>")
    let printed = Self.text(.instant(now))
    page.element("footer", nil, table.language == .zh ? "打印于 \(printed)" : "Printed \(printed)")
    page.markup("</body></html>\n")
    return page.html
  }
}
