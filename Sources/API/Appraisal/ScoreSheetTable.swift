// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// A score sheet as a spreadsheet and as a page to print and sign: the contract's form with what was ticked.
enum ScoreSheetTableRoutes {
  static func all(_ services: Services) -> [Route] {
    TableRoutes.pair(
      "/v1/tenants/{tenant}/contracts/{contract}/score-sheets/{sheet}", .tenant(.scoreRead), "ScoreSheet",
      Text(zh: "评价表", en: "a score sheet")
    ) { call, language in
      let row = try await ScoreSheetDesk(call, services).row
      guard let settings = try await services.lanes.first(TenantStore.one(call.office.code), in: .platform)?.settings else {
        throw Problem.notFound
      }
      let dossier = try await services.dossier(of: row.contract, for: call)
      let settlement = try dossier.settlement(asOf: call.now.date)
      let titles = AppraisalRule(settings: settings).signatures
      return try ScoreSheetTable(row: row, settlement: settlement, titles: titles, language: language).table
    }
  }
}

/// The contract's form with what was ticked, the points that incidents took, and the places to sign.
struct ScoreSheetTable {
  let row: ScoreSheetStore.Row
  let settlement: Settlement
  let titles: SheetSignatures
  let language: Language

  private func pick(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

  private var document: ContractDocument { settlement.contract.inForce(on: row.filled.on) }

  private var form: ScoreSheet? { settlement.contract.form(of: row.filled.series, on: row.filled.on) }

  var table: Table {
    get throws {
      Table(
        name: "score-sheet-\(row.contract)-\(row.filled.period)-\(row.filled.subject ?? "team")",
        title: form?.title[language] ?? pick("评分", "Score"), facts: facts,
        columns: [
          .init(pick("评估内容（权重）", "Part (weight)"), 15), .init(pick("评估项目", "Item"), 25), .init(pick("评估标准", "Options"), 52),
          .init(pick("得分", "Points"), 8),
        ], isLandscape: false, language: language, rows: try marks + deductions + foot)
    }
  }

  private var facts: [(name: String, value: SheetCell.Value)] {
    let filled = row.filled
    let days = settlement.schedule.occasion(filled.period, of: settlement.contract)?.days.range
    var facts: [(name: String, value: SheetCell.Value)] = [
      (pick("验收部门", "Office"), .text(document.terms.office.name)), (pick("服务商名称", "Vendor"), .text(document.terms.vendor.name)),
      (pick("合同名称", "Contract"), .text(document.title[language])), (pick("合同编号", "Contract no."), .text(row.contract)),
      (
        pick("周期", "Period"),
        .text(
          days.map { pick("\(filled.period)（\($0.first) 至 \($0.last)）", "\(filled.period) (\($0.first) to \($0.last))") } ?? filled.period)
      ),
      (pick("评估日期", "Assessed on"), .date(filled.on)),
    ]
    if let subject = filled.subject {
      facts.append((pick("评估对象", "About"), .text(row.subjectName.map { pick("\($0)（\(subject)）", "\($0) (\(subject))") } ?? subject)))
    } else {
      facts.append((pick("评估对象", "About"), .text(pick("服务团队", "the team"))))
    }
    facts.append((pick("状态", "State"), .text(state)))
    return facts
  }

  private var state: String {
    let name = row.life.state.name[language]
    return row.life.state == .countersigned ? name : pick("\(name) · 不计入结算", "\(name) · does not count")
  }

  // MARK: Rows

  private var marks: [[SheetCell]] {
    var rows: [[SheetCell]] = []
    if let form, case .marks(let marks) = row.filled.score {
      for section in form.sections {
        for (place, item) in section.items.enumerated() {
          let options = item.options.map { option in
            let label = "\(option.label[language])\(pick("\(option.points.decimal())分", ": \(option.points.decimal())"))"
            return "\(option.points == marks[item.id] ? "☑" : "☐") \(label)"
          }
          rows.append([
            .text(
              place == 0
                ? pick("\(section.title.zh)（\(section.weight.decimal())%）", "\(section.title.en) (\(section.weight.decimal())%)") : ""),
            .text(pick("\(item.title.zh)（\(item.full.decimal())分）", "\(item.title.en) (\(item.full.decimal()))")),
            .text(options.joined(separator: "　")), SheetCell(marks[item.id].map { .decimal($0.decimal()) } ?? .empty),
          ])
        }
      }
    }
    rows.append([SheetCell(.text(pick("得分合计", "Score")), .total, span: 3), SheetCell(.decimal(row.value), .total)])
    return rows
  }

  /// The form's part of plain breaches: what confirmed incidents took in the period, and what is left.
  private var deductions: [[SheetCell]] {
    get throws {
      let payment = settlement.schedule.occasion(row.filled.period, of: settlement.contract)?.payment
      let all = try payment.map { try settlement.points(in: $0.id) } ?? []
      let subject = all.first { $0.series.id == row.filled.series && $0.occasion == row.filled.period }?.subjects
        .first { $0.subject == row.filled.subject ?? "" }
      let title = form?.deductions?.title[language] ?? pick("扣分", "Deductions")
      var rows = [[SheetCell(.text(title + pick("（截至打印时已确认的）", " (confirmed by the day of printing)")), .label, span: 4)]]
      for taken in subject?.taken ?? [] {
        rows.append([
          .text(taken.citation.clause), .date(taken.on), .text(taken.citation.says[language]),
          SheetCell(.decimal((-taken.points).decimal())),
        ])
      }
      if subject?.taken.isEmpty ?? true { rows.append([SheetCell(.text(pick("无", "none")), .plain, span: 3), SheetCell(.decimal("0"))]) }
      // The points as they count, once the sheet does.
      if let subject, subject.score == row.id, let value = subject.value {
        rows.append([SheetCell(.text(pick("扣分后", "After deductions")), .total, span: 3), SheetCell(.decimal(value.decimal()), .total)])
      }
      return rows
    }
  }

  private var foot: [[SheetCell]] {
    func line(_ name: String, _ value: String, _ weight: SheetCell.Weight = .signature) -> [SheetCell] {
      [SheetCell(.text(name), weight), SheetCell(.text(value), weight, span: 3)]
    }
    func signature(_ name: String?, _ at: Instant?) -> String {
      guard let at else { return pick("（待签字）", "(not signed yet)") }
      return pick("\(name ?? "")　系统内签字 \(StatementPage.clock(at))", "\(name ?? "")　signed in the system \(StatementPage.clock(at))")
    }
    return [
      line(titles.opinion[language], row.filled.opinion ?? "", .plain),
      line(titles.countersigned[language], signature(row.countersigner, row.countersignedAt)),
      line(titles.signed[language], signature(row.filler, row.signedAt)),
    ] + titles.onPaper.map { line($0[language], "") }
  }
}
