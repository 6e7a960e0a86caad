// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// What a contract comes to, payment by payment, from its papers and the facts recorded.
enum SettlementRoutes {
  static func all(_ services: Services) -> [Route] { [periods(services), list(services), one(services)] }

  static let asOf = Operation.Parameter(
    "asOf", Text(zh: "按哪一天的已知事实结算，默认今日", en: "As known on which day; today unless told"), schema: ["type": "string", "format": "date"])

  static func day(_ call: Call) throws -> CivilDate {
    guard let text = call.request.target.query["asOf"] else { return call.now.date }
    guard let day = CivilDate(text) else {
      throw Problem.badQuery("asOf", Text(zh: "asOf 须为 YYYY-MM-DD。", en: "asOf must be YYYY-MM-DD."))
    }
    return day
  }

  static func name(_ call: Call) throws -> SettlementStore.Name {
    SettlementStore.Name(tenant: try call.office.tenant, contract: try call.variable(1), payment: try call.variable(2))
  }

  private static func periods(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/periods", .tenant(.contractRead),
      Operation(
        "listPeriods", Text(zh: "付款计划的各期", en: "The periods of the payment plan"), query: [asOf],
        answer: Listing.schematic(Listing.named(["id", "name", "from", "to"])))
    ) { call in
      let settlement = try await services.dossier(of: call.variable(1), for: call).settlement(asOf: day(call))
      return Listing.response(settlement.schedule.payments) { payment, writer in
        writer.beginObject()
        writer.key("id")
        writer.string(payment.id)
        writer.key("name")
        writer.text(payment.name)
        writer.key("from")
        writer.optional(payment.period.map { "\($0.first)" })
        writer.key("to")
        writer.optional(payment.period.map { "\($0.last)" })
        writer.endObject()
      }
    }
  }

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/settlements", .tenant(.settlementRead),
      Operation(
        "listSettlements", Text(zh: "各期结算摘要", en: "The settlements of all payments, in short"), query: [asOf],
        answer: Listing.schematic(Listing.named(["payment", "payable", "due", "paid", "definitive", "state"])))
    ) { call in
      let tenant = try call.office.tenant
      let dossier = try await services.dossier(of: call.variable(1), for: call)
      let settlement = try dossier.settlement(asOf: day(call))
      let lives = try await services.lanes.query(SettlementStore.lives(of: call.variable(1), in: tenant), in: .tenant(tenant.number))
      let states = Dictionary(lives.map { ($0.payment, $0.life.state) }) { first, _ in first }
      return Listing.response(try SettlementSummary.all(dossier, settlement)) { summary, writer in
        summary.write(state: states[summary.payment] ?? .draft, to: &writer)
      }
    }
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/settlements/{payment}", .tenant(.settlementRead),
      Operation(
        "getSettlement",
        Text(zh: "一期的结算单：逐项、条款、算式、到期日，及其流转", en: "The statement of a payment: lines, clauses, formulas, due date, and how far it has come"),
        query: [asOf], answer: Listing.named(["payment", "lines", "payable", "due", "pending", "life"]), failures: [409], entityTag: .sent)
    ) { call in
      let view = try await SettlementView.read(name(call), asOf: day(call), call, services)
      var writer = JSONWriter(capacity: 1 << 14)
      writer.value(try view.json())
      var response = Response.json(writer.bytes)
      // For the next step; it says nothing of what a draft comes to.
      response.headers.append(.entityTag, EntityTag(version: Int64(view.life.version)).headerValue)
      return response
    }
  }
}

extension Problem {
  /// What speaks against a settlement, to whoever asked for it.
  init(_ error: SettlementError) {
    let status =
      switch error {
      case .unknownPayment: 404
      case .confirmed: 409
      case .schedule, .arithmetic: 422
      }
    self.init(
      status: status, code: error.code, title: Text(zh: "无法结算", en: "Cannot be settled"),
      detail: error.text)
  }
}
