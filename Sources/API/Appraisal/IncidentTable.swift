// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// The incidents of an office as a spreadsheet and as a page to print.
enum IncidentTableRoutes {
  /// How many rows are read at once.
  private static let batch: Int32 = 500

  static func all(_ services: Services) -> [Route] {
    TableRoutes.pair(
      "/v1/tenants/{tenant}/incidents", .tenant(.incidentRead), "Incidents", Text(zh: "违约事项表", en: "incidents, newest first"),
      query: IncidentRoutes.filters
    ) { call, language in
      try table(call, services, language)
    }
  }

  private static func table(_ call: Call, _ services: Services, _ language: Language) throws -> Table {
    let tenant = try call.office.tenant
    let query = call.request.target.query
    let (contract, state) = (query["contract"], try IncidentRoutes.state(query))
    let choice = IncidentStore.Choice(
      contract: contract, state: state, subject: query["subject"], period: query["period"],
      among: try call.office.membership.contracts)
    func pick(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
    var facts: [(name: String, value: SheetCell.Value)] = []
    if let contract { facts.append((pick("合同", "Contract"), .text(contract))) }
    if let state { facts.append((pick("状态", "State"), .text(state.name[language]))) }
    return Table(
      name: "incidents-\(try call.office.code)", title: pick("违约事项", "Incidents"), facts: facts,
      columns: [
        .init(pick("发生时间", "Occurred"), 20), .init(pick("合同", "Contract"), 16), .init(pick("事项", "Incident"), 28),
        .init(pick("条款", "Clause"), 14), .init(pick("对象", "Subject"), 14), .init(pick("次数", "Quantity"), 7),
        .init(pick("金额（元）", "Amount (yuan)"), 14), .init(pick("扣分", "Points"), 8), .init(pick("状态", "State"), 9),
        .init(pick("提出方", "Proposed by"), 10), .init(pick("提出时间", "Proposed"), 20), .init(pick("决定时间", "Decided"), 20),
        .init(pick("说明", "Description"), 36), .init(pick("决定意见", "Decision"), 28),
      ], language: language
    ) { place in
      let after = try place.map { place in
        guard let after = UUIDv7(place) else { throw Problem.unexpected }
        return after
      }
      let rows = try await services.lanes.rows(
        IncidentStore.page(of: choice, after: after, limit: batch, in: tenant), in: .tenant(tenant.number))
      var kinds = Kinds(services: services, tenant: tenant)
      var cells: [[SheetCell]] = []
      var last: UUIDv7?
      for row in rows {
        let incident = try IncidentStore.listed(row)
        last = incident.head.id
        cells.append(line(incident, try await kinds.citation(of: incident), language))
      }
      return Table.Batch(cells, next: rows.count == Int(batch) ? last.map { "\($0)" } : nil)
    }
  }

  private static func line(_ incident: IncidentStore.Listed, _ citation: Citation?, _ language: Language) -> [SheetCell] {
    let head = incident.head
    return [
      .instant(head.occurredAt), .text(head.contract), .text(citation?.says[language] ?? head.incident.kind), .text(citation?.clause),
      .text(head.incident.subject), .integer(head.incident.quantity), .money(head.incident.amount),
      SheetCell(head.incident.points.map { .decimal($0.decimal()) } ?? .empty), .text(head.state.name[language]),
      .text(head.proposedSide.name[language]), .instant(incident.proposed), .instant(head.decidedAt), .text(incident.description),
      .text(incident.note),
    ]
  }

  /// What the contracts say of kinds of incidents; each contract is asked for once.
  private struct Kinds {
    let services: Services
    let tenant: TenantID
    var contracts: [String: Contract] = [:]

    mutating func citation(of incident: IncidentStore.Listed) async throws -> Citation? {
      let name = incident.head.contract
      if contracts[name] == nil {
        contracts[name] = try await services.dossiers.contract(of: name, in: tenant, on: services.lanes)?.contract
      }
      let kinds = contracts[name]?.inForce(on: incident.head.occurredAt.date).appraisal.incidents
      return kinds?.first { $0.id == incident.head.incident.kind }?.citation
    }
  }
}
