// SPDX-License-Identifier: Apache-2.0
import Base
import Domain

/// A statement as a spreadsheet: the same as its page, amounts as numbers that add up.
struct StatementSheet {
  let page: StatementPage

  private var statement: JSONObject { page.statement }

  private func pick(_ zh: String, _ en: String) -> String { page.pick(zh, en) }

  private static func fen(_ json: JSON?) -> Fen? { json?["fen"]?.integer.map { Fen($0) } }

  /// The whole, with a line for each line of the statement, and below them what else it says.
  func table(named name: String) -> Table {
    var rows = lines(statement["lines"]?.array ?? [])
    rows.append(sum(pick("应付合计", "Payable"), statement["payable"]))
    rows.append(said(pick("人民币（大写）", "In capital numerals"), .text(statement["payableCapitals"]?.string ?? "")))
    rows += terms
    let claims = statement["claims"]?.array ?? []
    if !claims.isEmpty {
      rows.append(heading(pick("另行主张（正数由甲方付，负数由乙方付）", "Claims apart (positive owed by the office, negative by the vendor)")))
      rows += lines(claims)
      rows.append(sum(pick("合计", "Sum"), statement["claimed"]))
    }
    rows += pending + since
    return Table(
      name: name, title: pick("结算单", "Statement of settlement"), facts: facts,
      columns: [
        Table.Column(pick("序", "No."), 5), Table.Column(pick("项目", "Item"), 34), Table.Column(pick("算式", "Formula"), 44),
        Table.Column(pick("条款", "Clause"), 16), Table.Column(pick("规则", "Rule"), 18),
        Table.Column(pick("舍入前（元）", "Before rounding (yuan)"), 16),
        Table.Column(pick("金额（元）", "Amount (yuan)"), 17), Table.Column(pick("依据（项）", "Facts"), 8),
      ], language: page.language, rows: rows)
  }

  private var facts: [(name: String, value: SheetCell.Value)] {
    var facts: [(name: String, value: SheetCell.Value)] = [
      (pick("合同", "Contract"), .text(page.text(statement["title"]))), (pick("甲方", "Office"), .text(statement["office"]?.string ?? "")),
      (pick("乙方", "Vendor"), .text(statement["vendor"]?.string ?? "")), (pick("结算期", "Statement of"), .text(page.paymentName)),
    ]
    if let from = statement["payment"]?["from"]?.string, let to = statement["payment"]?["to"]?.string {
      facts.append((pick("起止", "Period"), .text(pick("\(from) 至 \(to)", "\(from) to \(to)"))))
    }
    facts.append((pick("按何日已知的事实", "Facts known on"), .text(statement["asOf"]?.string ?? "")))
    facts.append((pick("状态", "State"), .text(page.isConfirmed ? pick("已确认", "confirmed") : page.banner)))
    if let digest = page.digest { facts.append((pick("快照 SHA-256", "Snapshot SHA-256"), .text(digest))) }
    return facts
  }

  // MARK: Rows

  private func lines(_ lines: [JSON]) -> [[SheetCell]] {
    lines.enumerated().map { index, line in
      var says = page.text(line["says"])
      if let reading = line["reading"] { says += "\n" + pick("读法：", "Reading: ") + page.text(reading) }
      // Only where it differs is there something to see.
      let unrounded = line["unrounded"]?["yuan"]?.string
      let differs = unrounded.map { Fen(yuan: $0) != Self.fen(line["amount"]) } ?? false
      return [
        .integer(index + 1), .text(says), .text(page.text(line["formula"])), .text(line["clause"]?.string), .text(line["rule"]?.string),
        .text(differs ? unrounded : nil), .money(Self.fen(line["amount"])), .integer(line["facts"]?.array?.count ?? 0),
      ]
    }
  }

  private func sum(_ name: String, _ amount: JSON?) -> [SheetCell] {
    [
      SheetCell(.text(name), .total, span: 6), SheetCell(Self.fen(amount).map { .money($0) } ?? .empty, .total),
      SheetCell(.empty, .total),
    ]
  }

  private func heading(_ text: String) -> [SheetCell] { [SheetCell(.text(text), .label, span: 8)] }

  /// A value beside its name.
  private func said(_ name: String, _ value: SheetCell.Value) -> [SheetCell] {
    [SheetCell(.text(name), .label, span: 2), SheetCell(value, .note, span: 6)]
  }

  /// An amount below the others, in their column.
  private func amount(_ name: String, _ amount: JSON?) -> [SheetCell] {
    [
      SheetCell(.text(name), .label, span: 6), SheetCell(Self.fen(amount).map { .money($0) } ?? .empty, .note), SheetCell(.empty, .note),
    ]
  }

  private var terms: [[SheetCell]] {
    let due = page.dueWords(statement["due"])
    var rows = [said(due.name, .text(due.value))]
    for (member, name) in [
      ("carriedOut", pick("乙方尚欠，结转下期", "Carried over, owed by the vendor")), ("retained", pick("累计暂扣", "Withheld in all")),
    ] where (Self.fen(statement[member]) ?? .zero) != .zero {
      rows.append(amount(name, statement[member]))
    }
    if !page.isConfirmed, (Self.fen(statement["paid"]) ?? .zero) != .zero {
      rows.append(amount(pick("已付", "Paid"), statement["paid"]))
      rows.append(amount(pick("未付", "Unpaid"), statement["unpaid"]))
    }
    return rows
  }

  private var pending: [[SheetCell]] {
    let pending = statement["pending"]?.array ?? []
    guard !pending.isEmpty else { return [] }
    return [heading(page.isConfirmed ? pick("确认时尚缺", "Missing when it was confirmed") : pick("尚缺", "Still missing"))]
      + pending.map { [SheetCell(.text(page.text($0["text"])), .note, span: 8)] }
  }

  /// What has become of a confirmed statement.
  private var since: [[SheetCell]] {
    guard page.isConfirmed else { return [] }
    var rows: [[SheetCell]] = []
    if let now = page.now {
      let due = page.dueWords(now["due"])
      rows += [
        heading(pick("付款情况（截至导出时）", "Payment (when exported)")), said(due.name, .text(due.value)), amount(pick("已付", "Paid"), now["paid"]),
        amount(pick("未付", "Unpaid"), now["unpaid"]),
      ]
    }
    if !page.corrections.isEmpty {
      rows.append(heading(pick("确认后的更正（本单不变）", "Corrections since (this statement stays as it is)")))
      for correction in page.corrections {
        rows.append([
          SheetCell(.text("\(page.text(correction["line"]?["formula"]))　\(page.place(of: correction))"), .note, span: 6),
          SheetCell(Self.fen(correction["line"]?["amount"]).map { .money($0) } ?? .empty, .note), SheetCell(.empty, .note),
        ])
      }
    }
    return rows + page.shownSteps.map { said($0.label, .text("\($0.name)　\($0.at)")) }
  }
}
