// SPDX-License-Identifier: Apache-2.0
import Base

extension Comparison {
  /// The comparison as plain text for a terminal: what was assumed, what it changes, and by which clause.
  package func rendered(in language: Language) throws(ArithmeticError) -> String {
    var page = ""
    func line(_ zh: String, _ en: String) { page += Text(zh: zh, en: en)[language] + "\n" }
    line("假定（按 \(asOf) 所知；什么都不记录）：", "Assumed (as known on \(asOf); nothing is recorded):")
    for fact in assumed { line("- \(fact.on) \(fact.body.words.zh)", "- \(fact.on) \(fact.body.words.en)") }
    page += "\n"
    let changed = payments.filter { !$0.isSame }
    if changed.isEmpty { line("各期结算不变。", "No payment's settlement changes.") }
    for change in changed {
      let (name, id) = (change.payment.name, change.payment.id)
      line(
        "\(name.zh)（\(id)）：应付 \(Self.sides(change.without?.payable, change.with?.payable, change.payable))，另行主张 \(Self.sides(change.without?.claimed, change.with?.claimed, change.claimed))",
        "\(name.en) (\(id)): payable \(Self.sides(change.without?.payable, change.with?.payable, change.payable)); claims \(Self.sides(change.without?.claimed, change.with?.claimed, change.claimed))"
      )
      if change.without?.due != change.with?.due {
        line("  付款期限：\(change.without.day) → \(change.with.day)", "  due: \(change.without.day) → \(change.with.day)")
      }
      for item in change.lines { page += item.rendered(in: language) }
    }
    if !corrections.isEmpty {
      line("对已确认结算单的更正（已无后续结算单可列入）：", "Corrections of confirmed statements, with no statement left to take them in:")
      for item in corrections { page += item.rendered(in: language) }
    }
    for (rights, title) in [
      (opened, Text(zh: "由此产生的权利", en: "Rights that arise")), (closed, Text(zh: "不再产生的权利", en: "Rights that no longer arise")),
    ] where !rights.isEmpty {
      line("\n\(title.zh)：", "\n\(title.en):")
      for right in rights {
        let holders = right.holders.map { $0.name[language] }.joined(separator: Text(zh: "、", en: " or ")[language])
        let notice = right.notice.map { Text(zh: "，提前 \($0.text.zh) 通知", en: ", on \($0.text.en)' notice") } ?? Words.none
        line(
          "- \(holders)自 \(right.since) 起可\(right.act.name.zh)\(notice.zh)（条款 \(right.citation.clause)：\(right.explanation.zh)）",
          "- Since \(right.since) \(holders) may \(right.act.name.en)\(notice.en) (clause \(right.citation.clause): \(right.explanation.en))"
        )
      }
    }
    if !pending.isEmpty {
      line("\n尚缺：", "\nStill missing:")
      for item in pending { line("- \(item.text.zh)", "- \(item.text.en)") }
    }
    let (payable, claimed) = (try payable(), try claimed())
    page += "\n"
    line(
      "应付合计：\(Self.sides(payable.without, payable.with, try payable.with - payable.without))",
      "Payable in all: \(Self.sides(payable.without, payable.with, try payable.with - payable.without))")
    line(
      "另行主张合计（正数由甲方付，负数由乙方付）：\(Self.sides(claimed.without, claimed.with, try claimed.with - claimed.without))",
      "Claims in all (positive owed by the office, negative by the vendor): \(Self.sides(claimed.without, claimed.with, try claimed.with - claimed.without))"
    )
    return page
  }

  /// `866,000.00 → 855,000.00 (-11,000.00)`
  private static func sides(_ without: Fen?, _ with: Fen?, _ difference: Fen) -> String {
    let (before, after) = (without?.grouped ?? "—", with?.grouped ?? "—")
    return difference == .zero && before == after ? after : "\(before) → \(after) (\(signed(difference)))"
  }

  fileprivate static func signed(_ amount: Fen) -> String { (amount > .zero ? "+" : "") + amount.grouped }
}

extension Comparison.LineChange {
  /// The difference with the clause and the computation behind it, as a line of its own.
  fileprivate func rendered(in language: Language) -> String {
    guard let line else { return "" }
    let text = Text(
      zh: "条款 \(line.citation.clause)：\(line.citation.says.zh) \(line.formula.zh)",
      en: "clause \(line.citation.clause): \(line.citation.says.en) \(line.formula.en)")
    return "  \(Comparison.signed(difference))  \(text[language])\n"
  }
}

extension Optional<SettlementStatement> {
  fileprivate var day: String {
    switch self?.due {
    case .by(let date)?: "\(date.lastDay)"
    case .from(let day, _)?: "\(day) …"
    case .waiting?, .unknown?: "?"
    case nil: "—"
    }
  }
}
