// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Store

/// The statement as a page to print.
enum SettlementPageRoutes {
  static func all(_ services: Services) -> [Route] { [page(services)] }

  private static let language = Operation.Parameter(
    "lang", Text(zh: "页面语言；未指明则按 Accept-Language", en: "The page's language; by Accept-Language unless told"),
    schema: ["type": "string", "enum": ["zh", "en"]])

  private static func page(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/settlements/{payment}/page", .tenant(.settlementRead),
      Operation(
        "getSettlementPage", Text(zh: "可打印签字的结算单（A4，text/html）", en: "The statement as a page to print and sign (A4, text/html)"),
        query: [SettlementRoutes.asOf, language], answer: { _ in ["type": "string"] }, answerType: "text/html", failures: [409])
    ) { call in
      let language = try chosen(call)
      let view = try await SettlementView.read(SettlementRoutes.name(call), asOf: SettlementRoutes.day(call), call, services)
      let page = try view.page(in: language, at: call.now)
      var response = Response(
        .ok, headers: [.contentType: "text/html; charset=utf-8"], body: .octets(Array(page.html.utf8)))
      response.headers.append(.contentLanguage, language == .zh ? "zh-CN" : "en")
      response.headers.append(.vary, "Accept-Language")
      response.headers.append(.cacheControl, "no-store")
      guard let policy = StatementPage.policy.flatMap({ HeaderValue($0) }) else { throw Problem.unexpected }
      response.headers.append(.contentSecurityPolicy, policy)
      response.headers.append("X-Content-Type-Options", "nosniff")
      response.headers.append("Referrer-Policy", "no-referrer")
      return response
    }
  }

  private static func chosen(_ call: Call) throws -> Language {
    guard let text = call.request.target.query["lang"] else { return call.language }
    guard let language = Language(rawValue: text) else {
      throw Problem.badQuery("lang", Text(zh: "lang 须为 zh 或 en。", en: "lang is zh or en."))
    }
    return language
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
