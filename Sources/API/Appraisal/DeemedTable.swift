// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// What counts as having happened because its time passed in silence, an acceptance 视同验收 above all, as a form to print and as a spreadsheet.
enum DeemedTableRoutes {
  static func all(_ services: Services) -> [Route] {
    TableRoutes.pair(
      "/v1/tenants/{tenant}/contracts/{contract}/obligations/{obligation}", .tenant(.acceptanceRead), "Deemed",
      Text(zh: "视同验收等视同事项的单据", en: "the form of what an obligation's silence is deemed to be, such as an acceptance")
    ) { call, language in
      let (contract, name) = (try call.variable(1), try call.variable(2))
      let settlement = try await services.dossier(of: contract, for: call).settlement(asOf: call.now.date)
      guard let deemed = try settlement.obligations(at: call.now).first(where: { $0.id == name }).flatMap({ Deemed($0, in: settlement) })
      else {
        throw Problem.notFound
      }
      return DeemedTable(deemed: deemed, contract: contract, settlement: settlement, language: language).table
    }
  }
}

/// An event that counts as having happened at the end of an obligation's time.
struct Deemed {
  let obligation: Obligation
  let duty: Duty
  let event: ContractEvent
  let name: Text
  /// When its time was over.
  let date: DueDate
  /// The paper that says so.
  let paper: ContractDocument

  /// Nil for an obligation whose time is not over, that was met, or that deems nothing.
  init?(_ obligation: Obligation, in settlement: Settlement) {
    let paper = settlement.contract.revisions[obligation.revision]
    guard obligation.state == .deemed, let date = obligation.date, let name = obligation.deems,
      let duty = paper.service.duties.first(where: { $0.id == obligation.item }), let event = duty.deems
    else { return nil }
    (self.obligation, self.duty, self.event, self.name, self.date, self.paper) = (obligation, duty, event, name, date, paper)
  }

  /// The end of its time, as a law counts it: 24:00 of the last day, or the moment where hours count.
  var moment: String {
    date.end == Instant(date.lastDay) || date.end.date > date.lastDay ? "\(date.lastDay) 24:00" : StatementPage.clock(date.end)
  }
}

/// What was handed in when, until when a decision was to be made, that there was none, what that counts as and by which clause.
struct DeemedTable {
  let deemed: Deemed
  let contract: String
  let settlement: Settlement
  let language: Language

  private func pick(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

  private var isAcceptance: Bool { deemed.event == .known(.accepted) }

  var table: Table {
    let document = settlement.contract.inForce(on: deemed.date.lastDay)
    return Table(
      name: "deemed-\(contract)-\(deemed.date.lastDay)",
      title: isAcceptance ? pick("验收单（视同验收）", "Acceptance form (deemed acceptance)") : pick("视同事项单", "What is deemed to have happened"),
      facts: [
        (pick("甲方", "Office"), .text(document.terms.office.name)), (pick("乙方", "Vendor"), .text(document.terms.vendor.name)),
        (pick("合同名称", "Contract"), .text(document.title[language])), (pick("合同编号", "Contract no."), .text(contract)),
        (pick("视同时间", "Deemed at"), .text(deemed.moment)),
        (pick("状态", "State"), .text(pick("期限届满，依合同视同", "its time passed; deemed so by the contract"))),
      ], columns: [.init(pick("事项", "Matter"), 22), .init(pick("内容", "What"), 58), .init(pick("条款", "Clause"), 20)], isLandscape: false,
      language: language, rows: rows + signatures)
  }

  private var rows: [[SheetCell]] {
    var rows: [[SheetCell]] = []
    let clause = deemed.obligation.citation.clause
    func add(_ name: String, _ value: String, _ clause: String = "") { rows.append([.text(name), .text(value), .text(clause)]) }
    if let subject = deemed.obligation.subject { add(pick("验收对象", "About"), subject) }
    for (name, day) in beginnings { add(name, "\(day)") }
    add(pick("期限", "Its time"), deemed.date.explanation[language], clause)
    rows.append([
      SheetCell(.text(pick("结论", "Result")), .total),
      SheetCell(
        .text(pick("视同\(deemed.name.zh)：期限内无意见", "deemed to have happened, as nothing was said in time: \(deemed.name.en)")), .total,
        span: 2),
    ])
    add(pick("合同约定", "By the contract"), deemed.obligation.citation.says[language], clause)
    if let reading = deemed.obligation.citation.reading { add(pick("理解", "As it is read"), reading[language], clause) }
    if let late = deemed.obligation.done {
      add(pick("逾期意见", "Too late"), pick("\(late.day) 另有意见，逾期，不改变上述结论", "what was said on \(late.day) came too late and changes nothing"))
    }
    return rows
  }

  /// What its time ran from, as it is on record.
  private var beginnings: [(name: String, day: CivilDate)] {
    guard case .due(let rule) = deemed.duty.timing else { return [] }
    return rule.events.flatMap { event in
      settlement.occurrences(of: event).filter { $0.facts.contains(where: deemed.date.facts.contains) }.map {
        (event.title(in: deemed.paper)[language], $0.day)
      }
    }
  }

  private var signatures: [[SheetCell]] {
    [
      (pick("作出人", "Decided by"), pick("无：由期限届满而成，不由任何人作出", "nobody: it came about by the passing of time")),
      (pick("甲方（盖章）", "For the office (seal)"), ""), (pick("乙方（盖章）", "For the vendor (seal)"), ""),
    ].map { [SheetCell(.text($0.0), .signature), SheetCell(.text($0.1), .signature, span: 2)] }
  }
}

extension ContractEvent {
  /// What people call it.
  fileprivate func title(in paper: ContractDocument) -> Text {
    switch self {
    case .known(let event): event.name
    case .declared(let id): paper.appraisal.events.first { $0.id == id }?.citation.says ?? Text(zh: id, en: id)
    }
  }
}
