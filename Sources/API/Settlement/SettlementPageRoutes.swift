// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Store

/// The statement as a page to print, and as a spreadsheet.
enum SettlementPageRoutes {
  static func all(_ services: Services) -> [Route] { [page(services), sheet(services)] }

  private static func page(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/settlements/{payment}/page", .tenant(.settlementRead),
      Operation(
        "getSettlementPage", Text(zh: "可打印签字的结算单（A4，text/html）", en: "The statement as a page to print and sign (A4, text/html)"),
        query: [SettlementRoutes.asOf, PageAnswer.language], answer: { _ in ["type": "string"] }, answerType: "text/html", failures: [409])
    ) { call in
      let language = try PageAnswer.language(of: call)
      let view = try await SettlementView.read(SettlementRoutes.name(call), asOf: SettlementRoutes.day(call), call, services)
      let page = try view.page(in: language, at: call.now)
      return try PageAnswer.response(.octets(Array(page.html.utf8)), policy: StatementPage.policy, in: language)
    }
  }

  private static func sheet(_ services: Services) -> Route {
    TableRoutes.sheet(
      "/v1/tenants/{tenant}/contracts/{contract}/settlements/{payment}", .tenant(.settlementRead), "Settlement",
      Text(zh: "结算单", en: "the statement"), query: [SettlementRoutes.asOf], failures: [409]
    ) { call, language in
      let view = try await SettlementView.read(SettlementRoutes.name(call), asOf: SettlementRoutes.day(call), call, services)
      return StatementSheet(page: try view.page(in: language, at: call.now)).table(
        named: "settlement-\(view.name.contract)-\(view.name.payment)")
    }
  }
}

extension SettlementView {
  /// The page of what is shown.
  func page(in language: Language, at now: Instant) throws -> StatementPage {
    let open = frozen == nil ? nil : try settlement.open()
    return StatementPage(
      statement: try statement(), life: frozen == nil && life.isConfirmed ? .draft : life,
      steps: steps.map { ($0.step, $0.name, $0.at) }, digest: frozen.map { Hex.encode($0.checksum) },
      now: open?.standing.first { $0.payment.id == name.payment }?.json, corrections: open?.corrections(of: name.payment) ?? [],
      printed: now, language: language)
  }
}
