// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// The work orders that a caller may see as a spreadsheet and as a page to print; citizens appear masked, as in lists.
enum OrderTableRoutes {
  /// How many rows are read at once.
  private static let batch: Int32 = 500

  static func all(_ services: Services) -> [Route] {
    TableRoutes.pair(
      "/v1/tenants/{tenant}/work-orders", .tenant(.orderRead), "WorkOrders",
      Text(zh: "工单清单（诉求人信息已脱敏），新的在前", en: "work orders, citizens masked, newest first"), query: OrderRoutes.filters
    ) { call, language in
      try await table(call, services, language)
    }
  }

  private static func table(_ call: Call, _ services: Services, _ language: Language) async throws -> Table {
    let tenant = try call.office.tenant
    let (filter, scope) = (try OrderRoutes.filter(call.request.target.query), try call.orderScope)
    // Whoever takes a list of citizens' requests away, masked as they are, is in the office's log.
    let asked = String(decoding: call.request.target.octets, as: UTF8.self)
    let note = try call.note(
      "order.export", "work-order", "list", ["asked": .string(asked)], id: services.identities.next(at: call.now))
    _ = try await services.lanes.rows(note, in: .tenant(tenant.number), .write)
    let units = try await services.lanes.query(DepartmentStore.list(in: tenant), in: .tenant(tenant.number))
    let names = Dictionary(units.map { ($0.code, $0.name[language]) }, uniquingKeysWith: { first, _ in first })
    func pick(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
    return Table(
      name: "work-orders-\(try call.office.code)", title: pick("工单清单", "Work orders"),
      facts: [(pick("导出时间", "Exported"), .instant(call.now))],
      columns: [
        .init(pick("工单编号", "Number"), 20), .init(pick("来源", "Source"), 10), .init(pick("接收时间", "Received"), 20),
        .init(pick("阶段", "Stage"), 10), .init(pick("时限等级", "Grade"), 9), .init(pick("类别", "Category"), 12),
        .init(pick("社区（村）", "Community"), 14), .init(pick("承办单位", "Department"), 18), .init(pick("标题", "Title"), 40),
        .init(pick("诉求人", "Citizen"), 10), .init(pick("电话", "Telephone"), 14), .init(pick("签收", "Signed"), 20),
        .init(pick("派单", "Dispatched"), 20), .init(pick("回复", "Replied"), 20), .init(pick("办结", "Closed"), 20),
        .init(pick("解决", "Resolution"), 10), .init(pick("满意", "Satisfaction"), 10), .init(pick("督办（次）", "Urged"), 8),
      ], language: language
    ) { place in
      let after = try place.map { place in
        guard let after = UUIDv7(place) else { throw Problem.unexpected }
        return after
      }
      let rows = try await services.lanes.rows(
        OrderListStore.page(filter, scope, after: after, limit: batch, in: tenant), in: .tenant(tenant.number), .search)
      var cells: [[SheetCell]] = []
      var last: UUIDv7?
      for row in rows {
        let (order, citizen) = (try OrderStore.order(row), try OrderListStore.citizen(row))
        last = order.id
        cells.append([
          .text(order.externalNumber), .text(order.source.title[language]), .instant(order.times.received),
          .text(order.stage.title[language]), .text(order.grade), .text(order.category), .text(order.community),
          .text(order.department.map { names[$0] ?? $0 }), .text(order.title), .text(citizen.name), .text(citizen.phone),
          .instant(order.times.signed), .instant(order.times.dispatched), .instant(order.times.replied), .instant(order.times.closed),
          .text(order.resolution?.title[language]), .text(order.satisfaction?.title[language]), .integer(order.urges),
        ])
      }
      return Table.Batch(cells, next: rows.count == Int(batch) ? last.map { "\($0)" } : nil)
    }
  }
}
