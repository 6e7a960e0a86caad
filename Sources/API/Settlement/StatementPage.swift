// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain

/// A statement as a page to be printed and signed: A4, in one language, made of the statement's JSON, so that what was frozen prints as it was.
struct StatementPage {
  let statement: JSONObject
  let life: SettlementLife
  let steps: [(step: SettlementLife.Step, name: String, at: Instant)]
  /// SHA-256 of what was confirmed, in hexadecimal digits; nil for what is not confirmed.
  let digest: String?
  /// What has become of a confirmed statement: `due`, `paid`, `unpaid`.
  let now: JSON?
  /// Corrections of it that are not confirmed.
  let corrections: [JSON]
  let printed: Instant
  let language: Language

  func pick(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

  /// A text of the statement in the page's language.
  func text(_ json: JSON?) -> String { json?[language == .zh ? "zh" : "en"]?.string ?? "" }

  private func money(_ json: JSON?) -> String { json?["fen"]?.integer.map { Fen($0).grouped } ?? "" }

  func signed(_ json: JSON?) -> String {
    guard let fen = json?["fen"]?.integer else { return "" }
    return (fen > 0 ? "+" : "") + Fen(fen).grouped
  }

  var isConfirmed: Bool { digest != nil }

  /// The page.
  var html: String {
    var page = HTMLWriter()
    page.markup("<!DOCTYPE html>\n")
    page.markup(language == .zh ? "<html lang=\"zh-CN\">" : "<html lang=\"en\">")
    page.element("head") { head in
      head.markup("<meta charset=\"utf-8\" /><meta name=\"viewport\" content=\"width=device-width\" />")
      head.element("title", nil, "\(text(statement["title"])) · \(paymentName)")
      head.markup("<style>")
      head.markup(Self.style)
      head.markup("</style>")
    }
    page.element("body", isConfirmed ? "confirmed" : "draft") { body in
      if !isConfirmed { body.element("p", "banner", banner) }
      heading(&body)
      table(&body, statement["lines"]?.array ?? [], total: (pick("应付合计", "Payable"), money(statement["payable"])))
      body.element("p", "capitals") { line in
        line.element("span", "label", pick("人民币（大写）", "In capital numerals"))
        line.text(statement["payableCapitals"]?.string ?? "")
      }
      terms(&body)
      claims(&body)
      rights(&body)
      pending(&body)
      since(&body)
      signatures(&body)
      footer(&body)
    }
    page.markup("</html>\n")
    return page.html
  }

  var banner: String {
    life.state == .proposed
      ? pick("已提出，尚未确认 · 不作为付款依据", "PROPOSED, NOT CONFIRMED · no ground for payment")
      : pick("草稿，尚未确认 · 不作为付款依据", "DRAFT, NOT CONFIRMED · no ground for payment")
  }

  var paymentName: String {
    let payment = statement["payment"]
    let (name, id) = (text(payment?["name"]), payment?["id"]?.string ?? "")
    return pick("\(name)（\(id)）", "\(name) (\(id))")
  }

  // MARK: Head

  private func heading(_ body: inout HTMLWriter) {
    body.element("h1", nil, pick("结 算 单", "Statement of settlement"))
    body.element("p", "contract", text(statement["title"]))
    body.element("dl") { list in
      row(&list, pick("甲方", "Office"), statement["office"]?.string ?? "")
      row(&list, pick("乙方", "Vendor"), statement["vendor"]?.string ?? "")
      row(&list, pick("结算期", "Statement of"), paymentName)
      if let from = statement["payment"]?["from"]?.string, let to = statement["payment"]?["to"]?.string {
        row(&list, pick("起止", "Period"), pick("\(from) 至 \(to)", "\(from) to \(to)"))
      }
      row(&list, pick("按何日已知的事实", "Facts known on"), statement["asOf"]?.string ?? "")
    }
  }

  private func row(_ list: inout HTMLWriter, _ name: String, _ value: String) {
    list.element("div") { row in
      row.element("dt", nil, name)
      row.element("dd", nil, value)
    }
  }

  // MARK: Lines

  private func table(_ body: inout HTMLWriter, _ lines: [JSON], total: (String, String)) {
    body.element("table") { table in
      table.element("thead") { head in
        head.element("tr") { row in
          row.element("th", "number", pick("序", "No."))
          row.element("th", nil, pick("项目与算式", "Item and formula"))
          row.element("th", "clause", pick("条款", "Clause"))
          row.element("th", "amount", pick("金额（元）", "Amount (yuan)"))
        }
      }
      table.element("tbody") { rows in
        for (index, line) in lines.enumerated() { write(line, index + 1, to: &rows) }
        rows.element("tr", "total") { row in
          row.element("td", "number", "")
          row.element("td", nil, total.0)
          row.element("td", nil, "")
          row.element("td", "amount", total.1)
        }
      }
    }
  }

  private func write(_ line: JSON, _ number: Int, to rows: inout HTMLWriter) {
    rows.element("tr") { row in
      row.element("td", "number", String(number))
      row.element("td") { cell in
        cell.element("div", "says", text(line["says"]))
        cell.element("div", "formula", text(line["formula"]))
        if let reading = line["reading"] { cell.element("div", "formula", pick("读法：", "Reading: ") + text(reading)) }
        let facts = line["facts"]?.array?.count ?? 0
        if facts > 0 { cell.element("div", "facts", pick("依据 \(facts) 项事实", "rests on \(facts) fact\(facts == 1 ? "" : "s")")) }
      }
      row.element("td", "clause", line["clause"]?.string ?? "")
      row.element("td", "amount", signed(line["amount"]))
    }
  }

  // MARK: Below the lines

  private func terms(_ body: inout HTMLWriter) {
    body.element("dl") { list in
      due(statement["due"], &list)
      if money(statement["carriedOut"]) != Fen.zero.grouped {
        row(&list, pick("乙方尚欠，结转下期", "Carried over, owed by the vendor"), money(statement["carriedOut"]))
      }
      if money(statement["retained"]) != Fen.zero.grouped {
        row(&list, pick("累计暂扣", "Withheld in all"), money(statement["retained"]))
      }
      if !isConfirmed, money(statement["paid"]) != Fen.zero.grouped {
        row(&list, pick("已付", "Paid"), money(statement["paid"]))
        row(&list, pick("未付", "Unpaid"), money(statement["unpaid"]))
      }
    }
  }

  private func due(_ due: JSON?, _ list: inout HTMLWriter) {
    let words = dueWords(due)
    row(&list, words.name, words.value)
  }

  /// When it is due, and how that is called.
  func dueWords(_ due: JSON?) -> (name: String, value: String) {
    let explanation = text(due?["explanation"])
    switch due?["kind"]?.string {
    case "by": return (pick("付款期限", "Due"), "\(due?["date"]?.string ?? "")　\(explanation)")
    case "from": return (pick("自何日起应付", "Payable from"), "\(due?["date"]?.string ?? "")　\(explanation)")
    case "waiting":
      let events = (due?["for"]?.array ?? []).map { text($0) }.joined(separator: pick("、", ", "))
      return (pick("付款期限", "Due"), pick("待定，须待：", "not known yet; it waits for: ") + events)
    default: return (pick("付款期限", "Due"), explanation)
    }
  }

  private func claims(_ body: inout HTMLWriter) {
    let claims = statement["claims"]?.array ?? []
    guard !claims.isEmpty else { return }
    body.element("h2", nil, pick("另行主张（正数由甲方付，负数由乙方付）", "Claims apart (positive owed by the office, negative by the vendor)"))
    table(&body, claims, total: (pick("合计", "Sum"), signed(statement["claimed"])))
  }

  private func rights(_ body: inout HTMLWriter) {
    let rights = statement["rights"]?.array ?? []
    guard !rights.isEmpty else { return }
    body.element("h2", nil, pick("由此产生的权利", "Rights that arose"))
    body.element("ul") { list in
      for right in rights {
        let holders = (right["holders"]?.array ?? []).compactMap { $0.string.flatMap(Party.init)?.name[language] }
        list.element(
          "li", nil,
          pick(
            "\(holders.joined(separator: "、"))，自 \(right["since"]?.string ?? "")：\(text(right["says"]))（\(right["clause"]?.string ?? "")）",
            "\(holders.joined(separator: " or ")), since \(right["since"]?.string ?? ""): \(text(right["says"])) (\(right["clause"]?.string ?? ""))"
          ))
      }
    }
  }

  private func pending(_ body: inout HTMLWriter) {
    let pending = statement["pending"]?.array ?? []
    guard !pending.isEmpty else { return }
    body.element("h2", nil, isConfirmed ? pick("确认时尚缺", "Missing when it was confirmed") : pick("尚缺", "Still missing"))
    body.element("ul") { list in
      for item in pending { list.element("li", nil, text(item["text"])) }
    }
  }

  /// What has become of a confirmed statement by the day of printing.
  private func since(_ body: inout HTMLWriter) {
    guard isConfirmed else { return }
    if let now {
      body.element("h2", nil, pick("付款情况（截至打印时）", "Payment (when printed)"))
      body.element("dl") { list in
        due(now["due"], &list)
        row(&list, pick("已付", "Paid"), money(now["paid"]))
        row(&list, pick("未付", "Unpaid"), money(now["unpaid"]))
      }
    }
    guard !corrections.isEmpty else { return }
    body.element("h2", nil, pick("确认后的更正（本单不变）", "Corrections since (this statement stays as it is)"))
    body.element("ul") { list in
      for correction in corrections {
        list.element(
          "li", nil, "\(signed(correction["line"]?["amount"]))　\(text(correction["line"]?["formula"]))　\(place(of: correction))")
      }
    }
  }

  /// Where a correction is counted.
  func place(of correction: JSON) -> String {
    correction["takenInBy"]?.string.map { pick("列入 \($0)", "taken into \($0)") } ?? pick("另行主张", "claimed apart")
  }

  // MARK: Foot

  private func signatures(_ body: inout HTMLWriter) {
    body.element("div", "signatures") { places in
      for (side, kind) in [(pick("甲方", "For the office"), true), (pick("乙方", "For the vendor"), false)] {
        places.element("div", "side") { place in
          place.element("p", "party", "\(side)\(pick("（盖章）", " (seal)"))")
          for name in kind
            ? [pick("经办人", "Prepared by"), pick("审核人", "Checked by"), pick("负责人", "Approved by")]
            : [pick("经办人", "Prepared by"), pick("负责人", "Approved by")]
          {
            place.element("p", "sign") { line in
              line.element("span", nil, name)
              line.element("span", "line", "")
            }
          }
          place.element("p", "sign") { line in
            line.element("span", nil, pick("日期", "Date"))
            line.element("span", "line", "")
          }
        }
      }
    }
  }

  private func footer(_ body: inout HTMLWriter) {
    body.element("footer") { foot in
      for taken in shownSteps {
        foot.element("p", nil, "\(taken.label)　\(taken.name)　\(taken.at)")
      }
      if let digest {
        foot.element("p") { line in
          line.text(pick("快照 SHA-256　", "Snapshot SHA-256　"))
          line.element("span", "digest", digest)
        }
      }
      foot.element("p", nil, pick("打印于 ", "Printed ") + Self.clock(printed))
    }
  }

  /// A moment to the second, in Shanghai: `2026-11-29 10:57:47`.
  static func clock(_ instant: Instant) -> String {
    "\(instant)".prefix(19).split(separator: "T").joined(separator: " ")
  }

  /// The steps that the paper bears, with who took them in the system.
  var shownSteps: [(label: String, name: String, at: String)] {
    // Only those since the last proposal count.
    let first = steps.lastIndex { $0.step == .propose } ?? steps.startIndex
    return steps[first...].compactMap { taken in
      let label: String
      switch taken.step {
      case .propose where life.state != .draft: label = pick("系统内提出", "Proposed in the system")
      case .confirm where life.state != .draft: label = pick("系统内确认", "Confirmed in the system")
      case .acknowledge: label = pick("乙方系统内认可", "Acknowledged by the vendor in the system")
      case .dispute: label = pick("乙方系统内提出异议", "Disputed by the vendor in the system")
      case .answer: label = pick("甲方系统内答复异议", "Dispute answered by the office in the system")
      case .close: label = pick("办结", "Closed")
      case .propose, .confirm, .withdraw: return nil
      }
      return (label, taken.name, Self.clock(taken.at))
    }
  }
}
