// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// The three rates 三率 of an evaluation cycle, and the orders behind each of their figures.
enum RateRoutes {
  static func all(_ services: Services) -> [Route] { [rates(services), orders(services)] }

  private static let span = [
    Operation.Parameter(
      "cycle", Text(zh: "所在的评价周期：其中任一日（2026-03-05）或月（2026-03），默认为今日所在", en: "The cycle that a day or month lies in; today's unless told")),
    Operation.Parameter("from", Text(zh: "自某日起，与 to 同用而代替 cycle", en: "From a day on, with `to` and in place of `cycle`")),
    Operation.Parameter("to", Text(zh: "至某日止", en: "Up to a day")),
    Operation.Parameter(
      "by", Text(zh: "分组，默认 office", en: "The breakdown, `office` unless told"),
      schema: ["type": "string", "enum": .array(RateDimension.allCases.map { .string($0.rawValue) })]),
  ]

  // MARK: The rates

  private static func rates(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/reports/rates", .tenant(.reportRead),
      Operation(
        "getRates",
        Text(zh: "三率：按周期，按单位、部门、社区、类别或坐席", en: "The three rates of a cycle, by office, department, community, category or seat"),
        query: span, answer: Listing.named(["by", "from", "to", "cycle", "weights", "items"]))
    ) { call in
      let question = try await question(call, services)
      let tenant = try call.office.tenant
      let rates = RateStore.rates(by: question.dimension, on: question.days, in: tenant)
      let departments = DepartmentStore.list(in: tenant)
      let answers = try await services.lanes.rows([rates.statement, departments.statement], in: .tenant(tenant.number), .read)
      let lines = try answers[0].decoded(by: rates)
      var names = Dictionary(try answers[1].decoded(by: departments).map { ($0.code, $0.name) }) { first, _ in first }
      if question.dimension == .seat {
        let users = lines.compactMap { UUIDv7($0.key) }
        for seat in try await services.lanes.query(RateStore.seats(users), in: .platform) {
          names[seat.key] = Text(zh: seat.name, en: seat.name)
        }
      }
      return answer(question, lines, names: question.dimension == .category ? [:] : names)
    }
  }

  private static func answer(_ question: RateQuestion, _ lines: [RateStore.Line], names: [String: Text]) -> Response {
    var keys: [String] = []
    var counts: [String: [RateClass: RateCounts]] = [:]
    for line in lines {
      if counts[line.key] == nil { keys.append(line.key) }
      counts[line.key, default: [:]][line.kind, default: RateCounts()] += line.counts
    }
    if question.dimension == .office, keys.isEmpty { keys = [""] }
    var writer = JSONWriter(capacity: 512 + keys.count * 512)
    writer.beginObject()
    question.write(to: &writer)
    writer.key("items")
    writer.beginArray()
    for key in keys {
      writer.beginObject()
      if question.dimension != .office {
        writer.key("key")
        writer.string(key)
        writer.key("name")
        if let name = names[key] { writer.text(name) } else { writer.null() }
      }
      ThreeRates(counts[key] ?? [:], by: question.rule).write(to: &writer)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
    return .json(writer.bytes)
  }

  // MARK: The orders behind

  private static func orders(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/reports/rates/orders", .tenant(.reportRead),
      Operation(
        "listRateOrders", Text(zh: "三率某一数字所含的工单，新的在前", en: "The orders behind a figure of the three rates, newest first"),
        query: span + [
          .init("key", Text(zh: "哪个部门、社区、类别或坐席；无者为空", en: "Which department, community, category or seat; empty for none")),
          .init(
            "figure", Text(zh: "哪个数字，默认 assessable", en: "Which figure, `assessable` unless told"),
            schema: ["type": "string", "enum": .array(RateFigure.allCases.map { .string($0.rawValue) })]),
        ] + Keyset.parameters,
        answer: Page.schematic(of: "rateOrder") { _ in RateStore.schema })
    ) { call in
      let question = try await question(call, services)
      let tenant = try call.office.tenant
      let page = try Keyset(call.request.target.query)
      let behind = RateStore.Behind(
        figure: try call.request.target.query.word("figure") ?? .assessable, dimension: question.dimension,
        key: question.dimension == .office ? nil : call.request.target.query["key"], days: question.days, rule: question.rule)
      let rows = try await services.lanes.rows(
        RateStore.orders(behind, after: page.afterIdentifier(), limit: page.limit, in: tenant), in: .tenant(tenant.number))
      return try Page.response(rows, limit: page.limit, identifier: 0, RateStore.write)
    }
  }

  /// What is asked for, under the office's rule and the city's cycles.
  private static func question(_ call: Call, _ services: Services) async throws -> RateQuestion {
    guard let office = try await services.lanes.first(TenantStore.one(call.office.code), in: .platform) else { throw Problem.notFound }
    let packs = try await services.dossiers.packs(on: services.lanes)
    return try RateQuestion(call.request.target.query, rule: RateRule(settings: office.settings), packs: packs, today: call.now.date)
  }
}
