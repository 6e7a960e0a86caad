// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Store

/// A report as it is printed and as a spreadsheet: section by section, the numbers beside those of the period before, the three rates where there are some.
struct ReportTable {
  let report: ReportWriting
  let language: Language

  private func pick(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

  private static let width = 9

  func table(of office: String) -> Table {
    let (days, before) = (report.period.days, report.previous.days)
    var facts: [(name: String, value: SheetCell.Value)] = [
      (pick("单位", "Office"), .text(report.office[language])), (pick("报告期", "Period"), .text(words(days))),
      (pick("对比期", "Compared with"), .text(words(before))),
    ]
    for dimension in OrderReport.Dimension.allCases {
      guard let value = report.filter[dimension] else { continue }
      facts.append((pick("仅计", "Only"), .text(dimension.title[language] + pick("：", ": ") + name(value, by: dimension))))
    }
    return Table(
      name: "\(report.period.kind.rawValue)-report-\(office)-\(days.first)",
      title: pick("工单\(report.period.kind.title.zh)", "Work orders: \(report.period.kind.title.en)"), facts: facts,
      columns: [
        .init(pick("序", "No."), 6), .init(pick("项目", "Item"), 40), .init(pick("本期（件）", "Orders"), 11),
        .init(pick("上期（件）", "Before"), 11), .init(pick("增减（%）", "Change (%)"), 11), .init(pick("响应率（%）", "Response (%)"), 12),
        .init(pick("解决率（%）", "Resolution (%)"), 12), .init(pick("满意率（%）", "Satisfaction (%)"), 13),
        .init(pick("综合（%）", "Composite (%)"), 13),
      ], isLandscape: false, language: language, rows: whole + surges + counts + topics + callers + rankings)
  }

  // MARK: Sections

  private var whole: [[SheetCell]] {
    [
      heading(pick("总体", "In all")),
      [SheetCell(.empty), .text(pick("接收", "Received"))] + trend(report.report.orders) + rates(report.officeRates),
      line(nil, pick("其中重复诉求", "of these repeated"), report.report.repeats),
      line(nil, pick("其中已办结", "of these closed by now"), report.report.closed),
    ]
  }

  private var surges: [[SheetCell]] {
    section(pick("激增预警", "Surges"), report.report.surges) { place, surge in
      let usual = pick(
        "（此前 \(surge.periods) 期平均 \(surge.usual) 件）", " (on average \(surge.usual) in the \(surge.periods) periods before)")
      return pad([.integer(place), .text(words(surge.key) + usual), .integer(surge.count)])
    }
  }

  private var counts: [[SheetCell]] {
    OrderReport.Dimension.allCases.flatMap { dimension in
      section(pick("按\(dimension.title.zh)", "By \(dimension.title.en)"), report.report.lines[dimension] ?? []) { place, one in
        line(place, name(one.key[dimension] ?? "", by: dimension), one.trend)
      }
    }
  }

  private var topics: [[SheetCell]] {
    section(pick("热点问题", "Topics"), report.report.topics) { place, one in line(place, words(one.key), one.trend) }
  }

  private var callers: [[SheetCell]] {
    section(pick("重复来电", "Repeated callers"), report.callers) { place, caller in
      let who = [caller.masked.name, caller.masked.phone].compactMap { $0 }.joined(separator: " ")
      return pad([.integer(place), .text("\(who)　\(caller.title)"), .integer(caller.orders)])
    }
  }

  private var rankings: [[SheetCell]] {
    [
      (pick("部门排名", "Departments ranked"), OrderReport.Dimension.department, report.departments),
      (pick("社区（村）排名", "Communities ranked"), .community, report.communities),
    ].flatMap { title, dimension, list in
      section(title, list) { _, one in
        [.integer(one.rank), .text(name(one.key, by: dimension)), SheetCell(.empty), SheetCell(.empty), SheetCell(.empty)]
          + rates(one.rates)
      }
    }
  }

  // MARK: Rows

  private func heading(_ title: String) -> [SheetCell] { [SheetCell(.text(title), .label, span: Self.width)] }

  private func section<Item>(_ title: String, _ items: [Item], _ row: (_ place: Int, Item) -> [SheetCell]) -> [[SheetCell]] {
    guard !items.isEmpty else { return [heading(title), [SheetCell(.text(pick("无", "None")), .note, span: Self.width)]] }
    return [heading(title)] + items.enumerated().map { row($0 + 1, $1) }
  }

  private func pad(_ cells: [SheetCell]) -> [SheetCell] { cells + Array(repeating: SheetCell(.empty), count: Self.width - cells.count) }

  private func line(_ place: Int?, _ name: String, _ numbers: Trend) -> [SheetCell] {
    pad([place.map { .integer($0) } ?? SheetCell(.empty), .text(name)] + trend(numbers))
  }

  private func trend(_ trend: Trend) -> [SheetCell] {
    // A number, without its percent sign, and without a plus that no spreadsheet's number has.
    let change = trend.change.map { $0.filter { $0 != "+" && $0 != "%" } }
    return [.integer(trend.count), .integer(trend.previous), Self.decimal(change)]
  }

  private func rates(_ rates: ThreeRates) -> [SheetCell] {
    [rates.response.percent, rates.resolution.percent, rates.satisfaction.percent, rates.composite.flatMap(Ratio.percent)].map(Self.decimal)
  }

  private static func decimal(_ digits: String?) -> SheetCell { SheetCell(digits.map { .decimal($0) } ?? .empty) }

  // MARK: Words

  private func words(_ days: DateRange) -> String {
    days.first == days.last ? "\(days.first)" : pick("\(days.first) 至 \(days.last)", "\(days.first) to \(days.last)")
  }

  private func words(_ key: OrderReport.Key) -> String {
    OrderReport.Dimension.allCases.compactMap { dimension in key[dimension].map { name($0, by: dimension) } }.joined(separator: " · ")
  }

  private func name(_ value: String, by dimension: OrderReport.Dimension) -> String {
    switch dimension {
    case _ where value.isEmpty: pick("（未注明）", "(not stated)")
    case .source: OrderSource(rawValue: value)?.title[language] ?? value
    case .department, .community: report.names[value]?[language] ?? value
    case .category, .grade: value
    }
  }
}

extension OrderReport.Dimension {
  fileprivate var title: Text {
    switch self {
    case .source: Text(zh: "来源", en: "source")
    case .category: Text(zh: "诉求类别", en: "category")
    case .department: Text(zh: "承办单位", en: "department")
    case .community: Text(zh: "社区（村）", en: "community")
    case .grade: Text(zh: "时限等级", en: "grade")
    }
  }
}
