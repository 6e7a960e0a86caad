// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Reports 日报、周报、月报、专报 on the orders that came in: what, where, how many more or fewer than before, and what surges.
enum ReportRoutes {
  static func all(_ services: Services) -> [Route] {
    ReportKind.allCases.flatMap { [report($0, services), orders($0, services)] + tables($0, services) }
  }

  private static func path(_ kind: ReportKind, _ rest: String = "") -> PathTemplate {
    PathTemplate(stringLiteral: "/v1/tenants/{tenant}/reports/\(kind.rawValue)\(rest)")
  }

  private static func parameters(_ kind: ReportKind) -> [Operation.Parameter] {
    let day: JSON = ["type": "string", "format": "date"]
    let span =
      kind == .special
      ? [
        Operation.Parameter("from", Text(zh: "自某日起，默认本月首日", en: "From a day on, the month's first unless told"), schema: day),
        .init("to", Text(zh: "至某日止，默认今日", en: "Up to a day, today unless told"), schema: day),
      ] : [Operation.Parameter("date", Text(zh: "期内任一日，默认今日", en: "A day of the period, today unless told"), schema: day)]
    return span
      + OrderReport.Dimension.allCases.map {
        .init($0.rawValue, Text(zh: "只计此 \($0.rawValue) 的；为空则只计未注明的", en: "Of this \($0.rawValue) only; empty: of those that have none"))
      }
  }

  /// What is asked for.
  private struct Question {
    let period: ReportPeriod
    let filter: OrderReport.Key

    init(_ kind: ReportKind, _ query: HTTP.Query, today: CivilDate) throws {
      if kind == .special {
        period = ReportPeriod(special: try query.period(today: today))
      } else {
        let day = try query.day("date") ?? today
        do throws(DateError) {
          period = try ReportPeriod(kind, containing: day)
        } catch {
          throw Problem.badQuery("date", Text(zh: "超出可表示的日期。", en: "It leads beyond the calendar."))
        }
      }
      guard period.days.days <= 3660 else {
        throw Problem.badQuery("to", Text(zh: "至多十年。", en: "Ten years at most."))
      }
      var filter: OrderReport.Key = [:]
      for dimension in OrderReport.Dimension.allCases { filter[dimension] = query[dimension.rawValue] }
      self.filter = filter
    }
  }

  private static let members = [
    "kind", "from", "to", "previous", "orders", "repeats", "closed", "bySource", "byCategory", "byDepartment", "byCommunity", "byGrade",
    "topics", "callers", "surges", "rates", "rankings",
  ]

  private static func report(_ kind: ReportKind, _ services: Services) -> Route {
    Route(
      .get, path(kind), .tenant(.reportRead),
      Operation(
        "get\(kind.rawValue.prefix(1).uppercased())\(kind.rawValue.dropFirst())Report",
        Text(
          zh: "\(kind.title.zh)：按来源、类别、部门、社区、紧急程度的数量与环比，热点，重复来电，排名，激增预警；每个数字附其工单",
          en:
            "The \(kind.rawValue) report: numbers by source, category, department, community and grade beside those of the period before, topics, repeated callers, rankings, surges; each with its orders"
        ),
        query: parameters(kind) + [top], answer: Listing.named(members))
    ) { call in
      .json(try await read(kind, call, services).octets)
    }
  }

  private static let top = Operation.Parameter(
    "top", Text(zh: "各榜单长度，默认 20", en: "How long each list may be, 20 unless told"),
    schema: ["type": "integer", "minimum": 1, "maximum": 200, "default": 20])

  /// The report as a spreadsheet and as a page to print.
  private static func tables(_ kind: ReportKind, _ services: Services) -> [Route] {
    TableRoutes.pair(
      "/v1/tenants/{tenant}/reports/\(kind.rawValue)", .tenant(.reportRead),
      "\(kind.rawValue.prefix(1).uppercased())\(kind.rawValue.dropFirst())Report", Text(zh: kind.title.zh, en: "the \(kind.title.en)"),
      query: parameters(kind) + [top]
    ) { call, language in
      ReportTable(report: try await read(kind, call, services), language: language).table(of: try call.office.code)
    }
  }

  /// What a report is made of.
  private static func read(_ kind: ReportKind, _ call: Call, _ services: Services) async throws -> ReportWriting {
    let tenant = try call.office.tenant
    let question = try Question(kind, call.request.target.query, today: call.now.date)
    let code = try call.office.code
    let top = call.request.target.query["top"].map { Int32($0) ?? 0 } ?? 20
    guard 1...200 ~= top else { throw Problem.badQuery("top", Text(zh: "top 须为 1 到 200。", en: "top is from 1 to 200.")) }
    guard let office = try await services.lanes.first(TenantStore.one(code), in: .platform) else { throw Problem.notFound }
    let surges = SurgeRule(settings: office.settings)
    var periods = [question.period]
    do throws(DateError) {
      while periods.count <= surges.periods { periods.append(try periods[periods.count - 1].previous()) }
    } catch {
      throw Problem.badQuery("date", Text(zh: "超出可表示的日期。", en: "It leads beyond the calendar."))
    }
    let packs = try await services.dossiers.packs(on: services.lanes)
    let rates = RateQuestion(
      by: .department, on: question.period.days, rule: RateRule(settings: office.settings),
      packs: packs)
    let cells = OrderReportStore.cells(periods.map(\.days), question.filter, in: tenant)
    let callers = OrderReportStore.callers(on: question.period.days, question.filter, limit: top, in: tenant)
    let departments = DepartmentStore.list(in: tenant)
    let counts = [RateDimension.office, .department, .community].map { RateStore.rates(by: $0, on: question.period.days, in: tenant) }
    // It goes through all orders of several periods: not beside what is short.
    let answers = try await services.lanes.transaction(in: .tenant(tenant.number), .snapshot) { transaction in
      try await transaction.rows([cells.statement, callers.statement, departments.statement] + counts.map(\.statement))
    }
    return ReportWriting(
      path: "/v1/tenants/\(code)", office: office.name, period: question.period, previous: periods[1], filter: question.filter,
      report: OrderReport(try answers[0].decoded(by: cells), under: surges, top: Int(top)),
      callers: try answers[1].decoded(by: callers),
      names: Dictionary(try answers[2].decoded(by: departments).map { ($0.code, $0.name) }) { first, _ in first },
      rates: rates, counts: try zip(counts, answers.dropFirst(3)).map { try $1.decoded(by: $0) }, top: Int(top))
  }

  private static func orders(_ kind: ReportKind, _ services: Services) -> Route {
    Route(
      .get, path(kind, "/orders"), .tenant(.reportRead),
      Operation(
        "list\(kind.rawValue.prefix(1).uppercased())\(kind.rawValue.dropFirst())ReportOrders",
        Text(zh: "\(kind.title.zh)某一数字所含的工单，新的在前", en: "The orders behind a number of the \(kind.rawValue) report, newest first"),
        query: parameters(kind) + [
          .init("repeats", Text(zh: "只列重复的或非重复的", en: "Only those that repeat another, or that do not"), schema: ["type": "boolean"]),
          .init("closed", Text(zh: "只列已办结或未办结的", en: "Only those that are closed, or that are not"), schema: ["type": "boolean"]),
        ] + Keyset.parameters, answer: Page.schematic(of: "rateOrder") { _ in RateStore.schema })
    ) { call in
      let tenant = try call.office.tenant
      let query = call.request.target.query
      let question = try Question(kind, query, today: call.now.date)
      let page = try Keyset(query)
      let rows = try await services.lanes.rows(
        OrderReportStore.orders(
          on: question.period.days, question.filter, repeats: try query.truth("repeats"), closed: try query.truth("closed"),
          after: page.afterIdentifier(), limit: page.limit, in: tenant),
        in: .tenant(tenant.number))
      return try Page.response(rows, limit: page.limit, identifier: 0, RateStore.write)
    }
  }
}

extension ReportKind {
  /// What people call it.
  var title: Text {
    switch self {
    case .daily: Text(zh: "日报", en: "daily report")
    case .weekly: Text(zh: "周报", en: "weekly report")
    case .monthly: Text(zh: "月报", en: "monthly report")
    case .special: Text(zh: "专报", en: "special report")
    }
  }
}
