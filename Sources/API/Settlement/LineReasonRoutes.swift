// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Store

/// Why a line of a statement says what it says, and what it would say otherwise.
enum LineReasonRoutes {
  static func all(_ services: Services) -> [Route] { [why(services), whatIf(services)] }

  private static func why(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/settlements/{payment}/why", .tenant(.settlementRead),
      Operation(
        "explainSettlementLine",
        Text(
          zh: "结算单一项的由来：条款、文本、事实、违约事项、工单与时限，附一段说明",
          en: "Why a line says what it says: clause, paper, facts, incidents, orders and clocks, and a paragraph"),
        query: [
          .init("line", Text(zh: "第几项，自 1 起", en: "Which line, from one"), schema: ["type": "integer", "minimum": 1]),
          .init(
            "section", Text(zh: "应付部分或另行主张部分，默认 lines", en: "What is paid, or the claims; `lines` unless told"),
            schema: ["type": "string", "enum": ["lines", "claims"]]), SettlementRoutes.asOf,
        ], answer: Listing.named(["payment", "line", "paper", "lines", "causes", "text", "paragraph"]), failures: [409])
    ) { call in
      let query = call.request.target.query
      guard let place = query["line"].flatMap({ Int($0) }), place > 0 else {
        throw Problem.badQuery("line", Text(zh: "line 须为正整数。", en: "line must be a whole number from 1 on."))
      }
      let section = query["section"] ?? "lines"
      guard section == "lines" || section == "claims" else {
        throw Problem.badQuery("section", Text(zh: "section 须为 lines 或 claims。", en: "section is lines or claims."))
      }
      let view = try await SettlementView.read(SettlementRoutes.name(call), asOf: SettlementRoutes.day(call), call, services)
      let reason = try await LineReason.read(place, inClaims: section == "claims", of: view, call, services)
      var writer = JSONWriter(capacity: 1 << 13)
      writer.value(reason.json(in: call.language))
      return Response.json(writer.bytes)
    }
  }

  private struct Question: Sendable {
    let asOf: CivilDate?
    let without: [UUIDv7]
    let facts: [FactContent]
  }

  private static let question: Shape<Question> = Shape<Question>.object(
    "whatIf", about: Text(zh: "假定没有某些事实，另有某些事实；什么都不记录。", en: "Without some facts and with others; nothing is recorded."),
    Field(optional: "asOf", .date), Field("without", .array(of: .uuid, max: Scenario.most), default: []),
    Field("facts", .array(of: FactContent.shape, max: Scenario.most), default: [])
  ) { Question(asOf: $0, without: $1, facts: $2) }.refine { question in
    question.without.isEmpty && question.facts.isEmpty
      ? Fault(code: "missing-alternative", detail: Text(zh: "须写明 without 或 facts。", en: "Say what is left out or assumed.")) : nil
  }

  private static func whatIf(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/settlements/what-if", .tenant(.settlementSimulate), body: question,
      Operation(
        "askWhatIf",
        Text(zh: "若无某项事实、若为另一等次，各期结算会怎样；不记录", en: "What the settlements would be without some facts, or with others; records nothing"),
        answer: Listing.named(["asOf", "assumed", "payable", "claimed", "payments", "claims", "rights", "pending", "statements"]))
    ) { call, question in
      let dossier = try await services.dossier(of: call.variable(1), for: call)
      let known = Set(dossier.facts.map(\.id))
      var faults: [Fault] = question.without.enumerated().filter { !known.contains($0.element) }.map { index, id in
        Fault(
          pointer: "/without/\(index)", code: "unknown-reference",
          detail: Text(zh: "合同没有现行的事实 \(id)。", en: "No fact \(id) stands under the contract."))
      }
      let left = Set(question.without)
      let scenario = Scenario(asOf: question.asOf ?? call.now.date, facts: question.facts)
      faults += try scenario.faults(
        under: dossier.contract, packs: dossier.packs, recorded: dossier.facts.filter { !left.contains($0.id) }, at: call.now)
      guard faults.isEmpty else { throw Problem(Faults(faults)) }
      let comparison = try dossier.comparison(of: scenario, without: left, at: call.now)
      var writer = JSONWriter(capacity: 1 << 15)
      try comparison.write(to: &writer)
      return Response.json(writer.bytes)
    }
  }
}
