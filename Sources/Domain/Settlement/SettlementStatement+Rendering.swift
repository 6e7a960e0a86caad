// SPDX-License-Identifier: Apache-2.0
import Base

extension SettlementStatement {
  /// The statement as plain text for a terminal: the same data as its JSON.
  ///
  /// - Parameter width: columns; a Chinese character takes two.
  package func rendered(in language: Language, width: Int = 100) -> String {
    var page = Page(language: language, width: max(width, 40))
    page.line(title[language])
    page.line(page.pick("甲方 \(office)　乙方 \(vendor)", "Office \(office); vendor \(vendor)"))
    var head = page.pick("结算：", "Statement of ") + payment.name[language] + page.pick("（\(payment.id)）", " (\(payment.id))")
    if let period = payment.period { head += page.pick("，\(period.first) 至 \(period.last)", ", \(period.first) to \(period.last)") }
    page.line(head)
    page.line(page.pick("截至 \(asOf) 的事实", "facts known on \(asOf)") + (isDefinitive ? "" : page.pick("，尚未确定", ", not definitive yet")))
    page.rule()
    page.table(lines)
    page.rule()
    page.row(page.pick("应付合计", "Payable"), payable.grouped)
    page.line(page.pick("大写：", "In capital numerals: ") + CapitalNumerals.text(payable))
    page.due(due)
    if paid != .zero {
      page.row(page.pick("已付", "Paid"), paid.grouped)
      page.row(page.pick("未付", "Unpaid"), unpaid.grouped)
    }
    if carriedOut != .zero { page.row(page.pick("乙方尚欠，结转", "Carried over, owed by the vendor"), carriedOut.grouped) }
    if retained != .zero { page.row(page.pick("累计暂扣", "Withheld in all"), retained.grouped) }
    if !claims.isEmpty {
      page.section(page.pick("另行主张（正数由甲方付，负数由乙方付）", "Claims apart (positive owed by the office, negative by the vendor)"))
      page.table(claims)
      page.row(page.pick("合计", "Sum"), claimed.grouped)
    }
    if !rights.isEmpty {
      page.section(page.pick("由此产生的权利", "Rights that arose"))
      for right in rights {
        let holders = right.holders.map { $0.name[language] }.joined(separator: page.pick("、", " or "))
        let notice = right.notice.map { page.pick("，提前 \($0.text.zh) 通知", ", on \($0.text.en)' notice") } ?? ""
        page.item(
          page.pick(
            "\(holders)自 \(right.since) 起可\(right.act.name.zh)\(notice)",
            "Since \(right.since) \(holders) may \(right.act.name.en)\(notice)"))
        page.detail(right.citation, right.explanation, right.facts.count)
      }
    }
    if !pending.isEmpty {
      page.section(page.pick("尚缺", "Still missing"))
      for item in pending { page.item(item.text[language]) }
    }
    if revisions.count > 1 {
      page.section(page.pick("合同文本", "Papers of the contract"))
      for (index, revision) in revisions.enumerated() {
        page.item("[\(index)] \(revision.effectiveFrom) \(revision.citation.says[language])")
      }
    }
    return page.text
  }
}

/// Text being laid out in columns.
private struct Page {
  let language: Language
  let width: Int
  private(set) var text = ""

  init(language: Language, width: Int) {
    self.language = language
    self.width = width
  }

  func pick(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

  mutating func line(_ line: String) { text += line + "\n" }
  mutating func rule() { line(String(repeating: "-", count: width)) }

  mutating func section(_ title: String) {
    line("")
    line(title)
  }

  mutating func item(_ item: String) { wrapped(item, first: "- ", rest: "  ") }

  /// A label, and a number at the right edge.
  mutating func row(_ label: String, _ number: String) {
    let space = width - TextWidth.of(label) - TextWidth.of(number)
    line(label + String(repeating: " ", count: max(1, space)) + number)
  }

  mutating func table(_ lines: [Line]) {
    for (index, line) in lines.enumerated() {
      let number = "\(index + 1)".count < 2 ? " \(index + 1) " : "\(index + 1) "
      let amount = (line.amount > .zero ? "+" : "") + line.amount.grouped
      let room = width - TextWidth.of(number) - TextWidth.of(amount) - 2
      let parts = TextWidth.wrap(line.citation.says[language], room)
      row(number + (parts.first ?? ""), amount)
      for part in parts.dropFirst() { self.line("   " + part) }
      detail(line.citation, line.formula, line.facts.count, revision: line.revision)
    }
  }

  mutating func detail(_ citation: Citation, _ formula: Text, _ facts: Int, revision: Int = 0) {
    var detail = pick("条款 \(citation.clause)", "clause \(citation.clause)") + " · " + formula[language]
    if facts > 0 { detail += pick("（\(facts) 项事实）", " (\(facts) fact\(facts == 1 ? "" : "s"))") }
    if revision > 0 { detail += " [\(revision)]" }
    wrapped(detail, first: "   ", rest: "   ")
    if let reading = citation.reading { wrapped(pick("读法：", "reading: ") + reading[language], first: "   ", rest: "   ") }
  }

  mutating func due(_ due: SettlementStatement.Due) {
    switch due {
    case .by(let date):
      row(pick("付款期限", "Due"), date.lastDay.description)
      wrapped(date.explanation[language], first: "   ", rest: "   ")
    case .from(let day, let explanation):
      row(pick("自何日起应付", "Payable from"), day.description)
      wrapped(explanation[language], first: "   ", rest: "   ")
    case .waiting(let events):
      let list = events.map { $0[language] }.joined(separator: pick("、", ", "))
      row(pick("付款期限", "Due"), pick("待定", "not known yet"))
      wrapped(pick("须待：", "It waits for: ") + list, first: "   ", rest: "   ")
    case .unknown(let explanation):
      row(pick("付款期限", "Due"), pick("无法推算", "cannot be computed"))
      wrapped(explanation[language], first: "   ", rest: "   ")
    }
  }

  private mutating func wrapped(_ words: String, first: String, rest: String) {
    for (index, part) in TextWidth.wrap(words, width - TextWidth.of(first)).enumerated() { line((index == 0 ? first : rest) + part) }
  }
}

/// How many columns of a terminal characters take.
enum TextWidth {
  static func of(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + of($1) } }

  /// Two for the wide blocks (CJK, full-width forms), as Unicode's East Asian Width says of nearly all their characters.
  private static func of(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
      0x20000...0x3FFFD:
      2
    default: 1
    }
  }

  /// Breaks a text where its columns are used up: at a space, or between two characters of which one is wide.
  static func wrap(_ text: String, _ width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    var word = ""
    var wordWidth = 0
    func flush() {
      line += word
      used += wordWidth
      word = ""
      wordWidth = 0
    }
    func newLine() {
      while line.last == " " { line.removeLast() }
      lines.append(line)
      line = ""
      used = 0
    }
    for character in text {
      let columns = of(String(character))
      if used + wordWidth + columns > width, character != " " {
        if line.isEmpty { flush() }
        newLine()
      }
      if columns == 2 || character == " " {
        flush()
        if line.isEmpty, character == " " { continue }
        line.append(character)
        used += columns
      } else {
        word.append(character)
        wordWidth += columns
      }
    }
    flush()
    if !line.isEmpty { newLine() }
    return lines
  }
}
