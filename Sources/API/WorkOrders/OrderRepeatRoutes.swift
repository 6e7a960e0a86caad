// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// The other orders that an order repeats or seems to repeat 重复诉求: by telephone, by what they say, by the links that were made.
enum OrderRepeatRoutes {
  static func all(_ services: Services) -> [Route] { [repeats(services)] }

  private enum Ground: String, CaseIterable { case phone, content, linked }

  private static func repeats(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/work-orders/{order}/repeats", .tenant(.orderRead),
      Operation(
        "listWorkOrderRepeats",
        Text(
          zh: "重复诉求：同一来电人的其他工单（新的在前）、内容相近的（近的在前）、已关联的",
          en: "Other orders of the same caller, newest first; or with a like text, the likest first; or those that it was linked to"),
        query: [
          .init(
            "by", Text(zh: "按 phone 电话、content 内容或 linked 关联，默认 phone", en: "By `phone`, `content` or `linked`; `phone` unless told"),
            schema: ["type": "string", "enum": .array(Ground.allCases.map { .string($0.rawValue) })])
        ] + Keyset.parameters, answer: Page.schematic(of: "workOrder") { _ in OrderStore.schema })
    ) { call in
      let tenant = try call.office.tenant
      let id = try call.identifier(1)
      let scope = try call.orderScope
      let page = try Keyset(call.request.target.query)
      switch try call.request.target.query.word("by") ?? Ground.phone {
      case .phone:
        let read = OrderListStore.sameCaller(as: id, scope, after: try page.afterIdentifier(), limit: page.limit, in: tenant)
        let rows = try await services.order(of: call, asking: [read]).answers[0]
        return try Page.response(rows, limit: page.limit, identifier: 0, OrderListStore.write)
      case .linked:
        let chain = OrderListStore.chain(of: id, in: tenant)
        let earlier = try await services.order(of: call, asking: [chain.statement]).answers[0].decoded(by: chain)
        let rows = try await services.lanes.rows(OrderListStore.these(earlier, scope, in: tenant), in: .tenant(tenant.number))
        return try Page.response(rows, limit: .max, identifier: 0, OrderListStore.write)
      case .content:
        let read = OrderContentStore.one(id, in: tenant)
        let (order, answers) = try await services.order(of: call, asking: [read.statement])
        let content = try answers[0].decoded(by: read).first?.content ?? ""
        let kindred = try await OrderKindred.find(order, content, in: tenant, on: services.lanes)
        let rows = try await services.lanes.rows(
          OrderListStore.these(kindred.map(\.order), scope, in: tenant), in: .tenant(tenant.number))
        return try answer(rows, kindred, limit: Int(page.limit))
      }
    }
  }

  private static func answer(_ rows: Rows, _ kindred: [OrderKindred.Kin], limit: Int) throws -> Response {
    let likeness = Dictionary(kindred.map { ($0.order, $0.likeness) }) { first, _ in first }
    var found: [(likeness: Int, order: UUIDv7, row: Row)] = []
    for row in rows {
      let order = try row.identifier(0)
      found.append((likeness[order] ?? 0, order, row))
    }
    found.sort { ($0.likeness, $0.order) > ($1.likeness, $1.order) }
    var writer = JSONWriter(capacity: 256 + found.count * 1024)
    writer.beginObject()
    writer.key("items")
    writer.beginArray()
    for one in found.prefix(limit) {
      writer.beginObject()
      try OrderListStore.writeMembers(one.row, to: &writer)
      writer.key("likeness")
      writer.integer(one.likeness)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
    return .json(writer.bytes)
  }
}

/// Finds the orders whose texts are like that of one, by the pairs of characters that few orders have.
enum OrderKindred {
  struct Kin: Sendable {
    let order: UUIDv7
    /// In percent (`OrderText.likeness`).
    let likeness: Int
  }

  /// From which likeness on two texts speak of the same.
  static let least = 50
  /// How many of the rarest pairs are looked up, and how many orders may have one.
  private static let pairs = 24
  private static let bound: Int64 = 4000
  /// How many orders are compared.
  private static let compared = 200

  /// The likest first.
  static func find(_ order: WorkOrder, _ content: String, in tenant: TenantID, on lanes: Lanes) async throws -> [Kin] {
    let context = Context.tenant(tenant.number)
    let grams = OrderText.grams(order.title).union(OrderText.grams(content))
    let sizes = try await lanes.query(OrderSearchStore.sizes(of: Array(grams), in: tenant), in: context, .search)
      .sorted { ($0.size, $0.gram) < ($1.size, $1.gram) }.prefix(pairs)
    // Where many orders have each pair, the two that the fewest have.
    let rare = max(sizes.prefix { $0.size <= bound }.count, min(2, sizes.count))
    var counts: [Int32: Int] = [:]
    if rare > 0 {
      for entry in try await lanes.query(OrderSearchStore.places(of: sizes.prefix(rare).map(\.gram), in: tenant), in: context, .search) {
        for place in entry.places { counts[place, default: 0] += 1 }
      }
    }
    // Those that share the most of the rare pairs.
    let places = counts.sorted { ($0.value, $0.key) > ($1.value, $1.key) }.prefix(compared).map(\.key)
    var kin: [Kin] = []
    for other in try await lanes.query(OrderSearchStore.texts(at: places, in: tenant), in: context, .search) where other.order != order.id {
      let likeness = OrderText.likeness(grams, OrderText.grams(other.title).union(OrderText.grams(other.content)))
      if likeness >= least { kin.append(Kin(order: other.order, likeness: likeness)) }
    }
    return Array(kin.sorted { ($0.likeness, $0.order) > ($1.likeness, $1.order) }.prefix(500))
  }
}
