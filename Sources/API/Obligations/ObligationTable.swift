// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP

/// The obligations under an office's contracts as a spreadsheet and as a page to print.
enum ObligationTableRoutes {
  static func all(_ services: Services) -> [Route] {
    TableRoutes.pair(
      "/v1/tenants/{tenant}/obligations", .tenant(.contractRead), "Obligations",
      Text(zh: "义务清单（各合同合在一起，按日；没有日期的在后）", en: "obligations under all contracts, by day; what has no date comes last"),
      query: ObligationFilter.parameters
    ) { call, language in
      try await table(call, services, language)
    }
  }

  private static func table(_ call: Call, _ services: Services, _ language: Language) async throws -> Table {
    let filter = try ObligationFilter(call.request.target.query)
    let calendar = try await ObligationCalendar(of: call.office.membership, at: call.now, services, where: filter.admits)
    func pick(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
    var facts: [(name: String, value: SheetCell.Value)] = [(pick("截至", "As of"), .instant(call.now))]
    if let side = filter.side { facts.append((pick("履行方", "Of"), .text(side.name[language]))) }
    if let state = filter.state { facts.append((pick("状态", "State"), .text(state.name[language]))) }
    for (contract, problem) in calendar.unknown { facts.append((contract, .text(problem.text[language]))) }
    let rows = calendar.items.map { line($0, on: call.now.date, language) }
    return Table(
      name: "obligations-\(try call.office.code)", title: pick("义务清单", "Obligations"), facts: facts,
      columns: [
        .init(pick("最后一日", "Last day"), 12), .init(pick("状态", "State"), 12), .init(pick("履行方", "Of"), 10),
        .init(pick("合同", "Contract"), 18), .init(pick("条款", "Clause"), 14), .init(pick("义务", "Obligation"), 36),
        .init(pick("期限如何算出", "How the day was found"), 40), .init(pick("应付（元）", "Payable (yuan)"), 16),
        .init(pick("履行于", "Done on"), 12), .init(pick("逾期（日）", "Days late"), 8), .init(pick("逾期后果", "What follows"), 40),
      ], language: language, rows: rows)
  }

  private static func line(_ item: ObligationCalendar.Item, on today: CivilDate, _ language: Language) -> [SheetCell] {
    let obligation = item.obligation
    var follows = obligation.consequences.map { consequence in
      let citation = consequence.citation
      return Text(zh: "\(citation.says.zh)（\(citation.clause)）", en: "\(citation.says.en) (\(citation.clause))")[language]
    }
    if let deems = obligation.deems { follows.append((language == .zh ? "视同：" : "counts as: ") + deems[language]) }
    return [
      .date(obligation.date?.lastDay), .text(obligation.state.name[language]), .text(obligation.bearer.name[language]),
      .text(item.contract), .text(obligation.citation.clause), .text(obligation.citation.says[language]),
      .text(obligation.due?.words[language]), .money(obligation.money?.payable), .date(obligation.done?.day),
      obligation.state == .missed ? .integer(obligation.daysLate(on: today)) : SheetCell(.empty), .text(follows.joined(separator: "\n")),
    ]
  }
}

extension SettlementStatement.Due {
  /// How it was found, or what it waits for.
  fileprivate var words: Text {
    switch self {
    case .by(let date): date.explanation
    case .from(_, let explanation), .unknown(let explanation): explanation
    case .waiting(let events):
      Text(
        zh: "须待：" + events.map(\.zh).joined(separator: "、"), en: "it waits for: " + events.map(\.en).joined(separator: ", "))
    }
  }
}
