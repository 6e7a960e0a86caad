// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Store

/// What a contract comes to, payment by payment, from its papers and the facts recorded.
enum SettlementRoutes {
  static func all(_ services: Services) -> [Route] { [periods(services), list(services), one(services)] }

  private static let asOf = Operation.Parameter(
    "asOf", Text(zh: "按哪一天的已知事实结算，默认今日", en: "As known on which day; today unless told"), schema: ["type": "string", "format": "date"])

  private static func day(_ call: Call) throws -> CivilDate {
    guard let text = call.request.target.query["asOf"] else { return call.now.date }
    guard let day = CivilDate(text) else {
      throw Problem.badQuery("asOf", Text(zh: "asOf 须为 YYYY-MM-DD。", en: "asOf must be YYYY-MM-DD."))
    }
    return day
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
        answer: Listing.schematic(Listing.named(["payment", "payable", "due", "paid", "definitive"])))
    ) { call in
      let settlement = try await services.dossier(of: call.variable(1), for: call).settlement(asOf: day(call))
      return Listing.response(try settlement.statements()) { statement, writer in
        writer.beginObject()
        writer.key("payment")
        writer.string(statement.payment.id)
        writer.key("name")
        writer.text(statement.payment.name)
        writer.key("payable")
        writer.fen(statement.payable)
        writer.key("due")
        statement.due.write(to: &writer)
        writer.key("paid")
        writer.fen(statement.paid)
        writer.key("definitive")
        writer.bool(statement.isDefinitive)
        writer.endObject()
      }
    }
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/settlements/{payment}", .tenant(.settlementRead),
      Operation(
        "getSettlement", Text(zh: "一期的结算单：逐项、条款、算式、到期日", en: "The statement of a payment: lines, clauses, formulas, due date"),
        query: [asOf], answer: Listing.named(["payment", "lines", "payable", "due", "pending"]))
    ) { call in
      let dossier = try await services.dossier(of: call.variable(1), for: call)
      let statement = try dossier.settlement(asOf: day(call)).statement(of: call.variable(2))
      var writer = JSONWriter(capacity: 8192)
      statement.write(to: &writer)
      return Response.json(writer.bytes)
    }
  }
}

extension Problem {
  /// What speaks against a settlement, to whoever asked for it.
  init(_ error: SettlementError) {
    self.init(
      status: error.code == "unknown-payment" ? 404 : 422, code: error.code, title: Text(zh: "无法结算", en: "Cannot be settled"),
      detail: error.text)
  }
}
