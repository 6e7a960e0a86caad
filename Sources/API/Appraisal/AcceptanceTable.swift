// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// An acceptance or a rejection of deliverables as a form to print and sign, and as a spreadsheet.
enum AcceptanceTableRoutes {
  static func all(_ services: Services) -> [Route] {
    TableRoutes.pair(
      "/v1/tenants/{tenant}/contracts/{contract}/acceptances/{acceptance}", .tenant(.acceptanceRead), "Acceptance",
      Text(zh: "验收单", en: "the acceptance form")
    ) { call, language in
      let tenant = try call.office.tenant
      let contract = try call.variable(1)
      let id = try call.identifier(2)
      guard let fact = try await services.lanes.first(FactStore.signed(id, in: tenant), in: .tenant(tenant.number)),
        fact.contract == contract, fact.kind == "acceptance", case .event(let event)? = fact.content?.body
      else { throw Problem.notFound }
      let dossier = try await services.dossier(of: contract, for: call)
      let settlement = try dossier.settlement(asOf: call.now.date)
      let overtaken = try settlement.obligations(at: call.now).first { $0.done?.facts.contains(id) ?? false }
        .flatMap { Deemed($0, in: settlement) }
      return AcceptanceTable(fact: fact, event: event, overtaken: overtaken, settlement: settlement, language: language).table
    }
  }
}

/// What was delivered when, what the office found, by which clauses, and the places to sign.
struct AcceptanceTable {
  let fact: FactStore.Signed
  let event: FactBody.Event
  /// What counts instead, where it came too late.
  let overtaken: Deemed?
  let settlement: Settlement
  let language: Language

  private func pick(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

  private var document: ContractDocument { settlement.contract.inForce(on: fact.on) }
  private var isAccepted: Bool { event.name == .known(.accepted) }

  var table: Table {
    Table(
      name: "acceptance-\(fact.contract)-\(fact.on)", title: pick("验收单", "Acceptance form"),
      facts: [
        (pick("甲方", "Office"), .text(document.terms.office.name)), (pick("乙方", "Vendor"), .text(document.terms.vendor.name)),
        (pick("合同名称", "Contract"), .text(document.title[language])), (pick("合同编号", "Contract no."), .text(fact.contract)),
        (pick("验收日期", "Decided on"), .date(fact.on)),
        (
          pick("状态", "State"),
          .text(
            fact.voided.map { pick("已作废：\($0)", "voided: \($0)") }
              ?? (overtaken == nil ? pick("有效", "stands") : pick("逾期，不计", "too late; it does not count")))
        ),
      ], columns: [.init(pick("事项", "Matter"), 22), .init(pick("内容", "What"), 58), .init(pick("条款", "Clause"), 20)], isLandscape: false,
      language: language, rows: rows + signatures)
  }

  private var rows: [[SheetCell]] {
    var rows: [[SheetCell]] = []
    func add(_ name: String, _ value: String, _ clause: String = "") { rows.append([.text(name), .text(value), .text(clause)]) }
    if let subject = event.subject { add(pick("验收对象", "About"), subject) }
    for delivered in settlement.occurrences(of: .known(.deliverablesSubmitted)) where delivered.day <= fact.on {
      add(pick("交付日期", "Delivered on"), "\(delivered.day)")
    }
    rows.append([
      SheetCell(.text(pick("验收结论", "Result")), .total),
      SheetCell(.text(isAccepted ? pick("验收合格", "accepted") : pick("验收不合格", "rejected")), .total, span: 2),
    ])
    if let overtaken {
      add(
        pick("此前已视同", "Deemed before"), pick("\(overtaken.name.zh)：\(overtaken.moment)", "\(overtaken.name.en), at \(overtaken.moment)"),
        overtaken.obligation.citation.clause)
    }
    if let agreed = event.agreed { add(pick("整改期限", "To be cured by"), "\(agreed)") }
    for duty in document.service.duties where duty.doneBy.contains(event.name) || duty.deems == event.name {
      add(pick("合同约定", "By the contract"), duty.citation.says[language], duty.citation.clause)
    }
    add(pick("验收意见", "Opinion"), fact.note ?? "")
    return rows
  }

  private var signatures: [[SheetCell]] {
    let recorded = pick(
      "\(fact.name ?? "")　系统内记录 \(StatementPage.clock(fact.at))", "\(fact.name ?? "")　recorded \(StatementPage.clock(fact.at))")
    return [
      (pick("验收人", "Decided by"), recorded), (pick("甲方（盖章）", "For the office (seal)"), ""), (pick("乙方（盖章）", "For the vendor (seal)"), ""),
    ].map { [SheetCell(.text($0.0), .signature), SheetCell(.text($0.1), .signature, span: 2)] }
  }
}
