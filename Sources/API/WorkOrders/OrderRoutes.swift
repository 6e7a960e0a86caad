// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Work orders as they are read: lists, one, its history, its checklist.
enum OrderRoutes {
  static func all(_ services: Services) -> [Route] {
    [list(services), one(services), events(services), checklist(services)]
  }

  private static let order: Operation.Schematic = { _ in OrderStore.schema }

  private static func words<Word: RawRepresentable>(_ words: [Word]) -> JSON where Word.RawValue == String {
    ["type": "string", "enum": .array(words.map { .string($0.rawValue) })]
  }

  /// What a list of them is narrowed by.
  static let filters: [Operation.Parameter] = [
    .init("stage", Text(zh: "只列此阶段的", en: "At this stage only"), schema: words(OrderStage.allCases)),
    .init("open", Text(zh: "只列未办结或已办结的", en: "Only those not closed, or only those that are"), schema: ["type": "boolean"]),
    .init("waits", Text(zh: "只列处于此等待状态的", en: "Waiting in this state only"), schema: words(OrderState.allCases)),
    .init("source", Text(zh: "只列此来源的", en: "From this source only"), schema: words(OrderSource.allCases)),
    .init("department", Text(zh: "只列此部门及下级的", en: "Of this department and those below only")),
    .init("category", Text(zh: "只列此类别的", en: "Of this category only")),
    .init("grade", Text(zh: "只列此时限等级的", en: "Of this grade only")),
    .init("community", Text(zh: "只列此社区的", en: "Of this community only")),
    .init("seat", Text(zh: "只列此坐席员签收的", en: "Signed by this seat only"), schema: ["type": "string", "format": "uuid"]),
    .init(
      "dueBefore",
      Text(zh: "只列有时限在此刻前到期（含已超时）而未办的", en: "Only those with a clock that runs out by then, or has run out, and has not ended"),
      schema: ["type": "string", "format": "date-time"]),
    .init("zeroScore", Text(zh: "只列零分工单", en: "Zero-score orders only"), schema: ["type": "boolean"]),
  ]

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/work-orders", .tenant(.orderRead),
      Operation(
        "listWorkOrders",
        Text(zh: "工单列表，新的在前；经办人只见本部门及下级的", en: "Work orders, newest first; a handler sees their department's and those below"),
        query: Keyset.parameters + filters + [
          .init(
            "text", Text(zh: "只列标题或内容含此文字的，2 到 100 个字", en: "With this text in title or content only, 2 to 100 characters"),
            schema: ["type": "string", "minLength": 2, "maxLength": 100])
        ],
        answer: Page.schematic(of: "workOrder", order))
    ) { call in
      let tenant = try call.office.tenant
      let page = try Keyset(call.request.target.query)
      let (filter, scope, after) = (try filter(call.request.target.query), try call.orderScope, try page.afterIdentifier())
      let rows: Rows
      if let text = try OrderSearch.text(in: call.request.target.query) {
        rows = try await OrderSearch.page(text, filter, scope, after: after, limit: page.limit, in: tenant, on: services.lanes)
      } else {
        let statement = OrderListStore.page(filter, scope, after: after, limit: page.limit, in: tenant)
        let mayReadOn = OrderListStore.mayReadOn(filter, scope)
        rows = try await services.lanes.rows(statement, in: .tenant(tenant.number), mayReadOn ? .search : .read)
      }
      return try Page.response(rows, limit: page.limit, identifier: 0, OrderListStore.write)
    }
  }

  static func filter(_ query: HTTP.Query) throws -> OrderFilter {
    var filter = OrderFilter()
    filter.stage = try word("stage", in: query)
    filter.isOpen = try truth("open", in: query)
    filter.waits = try word("waits", in: query)
    filter.source = try word("source", in: query)
    filter.department = query["department"]
    filter.category = query["category"]
    filter.grade = query["grade"]
    filter.community = query["community"]
    filter.isZeroScore = try truth("zeroScore", in: query)
    if let text = query["dueBefore"] {
      guard let moment = Instant(text) else {
        throw Problem.badQuery(
          "dueBefore", Text(zh: "dueBefore 须为带时差的时间。", en: "dueBefore is a time with its offset."))
      }
      filter.dueBefore = moment
    }
    if let text = query["seat"] {
      guard let seat = UUIDv7(text) else { throw Problem.badQuery("seat", Text(zh: "seat 须为用户的标识。", en: "seat is a user's id.")) }
      filter.seat = seat
    }
    return filter
  }

  private static func word<Word: RawRepresentable & CaseIterable>(_ name: String, in query: HTTP.Query) throws -> Word?
  where Word.RawValue == String {
    guard let text = query[name] else { return nil }
    guard let word = Word(rawValue: text) else {
      let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw Problem.badQuery(name, Text(zh: "\(name) 须为：\(known)", en: "\(name) is one of: \(known)"))
    }
    return word
  }

  private static func truth(_ name: String, in query: HTTP.Query) throws -> Bool? {
    guard let text = query[name] else { return nil }
    guard let truth = Bool(text) else {
      throw Problem.badQuery(name, Text(zh: "\(name) 须为 true 或 false。", en: "\(name) is true or false."))
    }
    return truth
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/work-orders/{order}", .tenant(.orderRead),
      Operation(
        "getWorkOrder", Text(zh: "一张工单：现状、诉求内容、现在可做的步骤", en: "One work order: where it stands, its text, what can be done now"),
        answer: order,
        entityTag: .sent)
    ) { call in
      let tenant = try call.office.tenant
      let read = OrderContentStore.one(try call.identifier(1), in: tenant)
      let complainant = ComplainantStore.complainant(of: try call.identifier(1), in: tenant)
      let (order, answers) = try await services.order(of: call, asking: [read.statement, complainant.statement])
      let tag = EntityTag(version: Int64(order.version))
      if tag.isKnown(to: call.request) { return Response(.notModified, headers: [.entityTag: tag.headerValue]) }
      let content = try answers[0].decoded(by: read).first
      return respond(
        order, content?.content ?? "", content?.masked, complainant: try answers[1].decoded(by: complainant).first, status: .ok)
    }
  }

  /// An order as it is read alone.
  ///
  /// - Parameter complainant: the key complainant whose order it is.
  static func respond(
    _ order: WorkOrder, _ content: String, _ citizen: MaskedCitizen?, complainant: UUIDv7? = nil, status: Status
  ) -> Response {
    var writer = JSONWriter(capacity: 3072)
    writer.beginObject()
    OrderStore.writeMembers(of: order, to: &writer)
    writer.key("citizen")
    writer.beginObject()
    writer.key("name")
    writer.optional(citizen?.name)
    writer.key("phone")
    writer.optional(citizen?.phone)
    writer.key("address")
    writer.optional(citizen?.address)
    writer.endObject()
    writer.key("content")
    writer.string(content)
    writer.key("keyComplainant")
    writer.optional(complainant.map { "\($0)" })
    writer.key("possible")
    writer.strings(order.possible(under: OrderRules()).compactMap(\.verb))
    writer.endObject()
    return .json(writer.bytes, version: Int64(order.version), status: status)
  }

  private static func events(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/work-orders/{order}/events", .tenant(.orderRead),
      Operation(
        "listWorkOrderEvents", Text(zh: "工单的经过：何人、何时、做了什么", en: "A work order's history: who, when, what"),
        query: [
          Keyset.parameters[0],
          .init("after", Text(zh: "上一页答复中的 next。", en: "The `next` of the page before."), schema: ["type": "integer"]),
        ],
        answer: { _ in
          [
            "type": "object", "required": ["items"],
            "properties": [
              "items": ["type": "array", "items": ["type": "object"]], "next": ["type": "integer"],
              "attachments": ["type": "array", "items": ["type": "object"]],
            ],
          ]
        })
    ) { call in
      let page = try Keyset(call.request.target.query)
      guard let after = page.after.map({ Int32($0) }) ?? 0, after >= 0 else {
        throw Problem.badQuery("after", Text(zh: "after 须取自上一页的 next。", en: "after must be the `next` of the page before."))
      }
      let tenant = try call.office.tenant
      let id = try call.identifier(1)
      // With the entry before, from which on what was attached is shown.
      let read = OrderEventStore.page(of: id, after: max(0, after - 1), limit: page.limit + (after > 0 ? 1 : 0), in: tenant)
      let attached = AttachmentStore.page(of: id, department: nil, after: nil, limit: Keyset.greatestLimit, in: tenant)
      let answers = try await services.order(of: call, asking: [read, attached.statement]).answers
      let rows = Array(answers[0].dropFirst(after > 0 ? 1 : 0))
      var writer = JSONWriter(capacity: 256 + rows.count * 384)
      writer.beginObject()
      writer.key("items")
      writer.beginArray()
      for row in rows { try OrderEventStore.write(row, to: &writer) }
      writer.endArray()
      if rows.count == Int(page.limit), let last = rows.last {
        writer.key("next")
        writer.integer(try OrderEventStore.seq(last))
      }
      // Attaching is no step of the order; what was attached meanwhile stands beside the steps.
      let begin = after == 0 ? nil : try answers[0].first.map { try OrderEventStore.at($0) }
      let end = rows.count == Int(page.limit) ? try rows.last.map { try OrderEventStore.at($0) } : nil
      writer.key("attachments")
      writer.beginArray()
      for one in try answers[1].decoded(by: attached).reversed()
      where begin.map({ $0 <= one.attachedAt }) ?? true && end.map({ one.attachedAt < $0 }) ?? true {
        one.write(to: &writer)
      }
      writer.endArray()
      writer.endObject()
      return .json(writer.bytes)
    }
  }

  private static func checklist(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/work-orders/{order}/checklist", .tenant(.orderRead),
      Operation(
        "getWorkOrderChecklist", Text(zh: "合同要求在各步骤查验的项目", en: "What the contract asks to be checked at which step"),
        answer: Listing.schematic { _ in
          [
            "type": "object", "required": ["step", "key", "says", "clause"],
            "properties": [
              "step": ["type": "string"], "key": ["type": "string"], "says": ["type": "object"], "clause": ["type": "string"],
            ],
          ]
        })
    ) { call in
      let order = try await services.order(of: call).order
      let rules = try await services.rules(for: order, of: call)
      let checks = OrderStep.allCases.flatMap { step in (rules.checks[step] ?? []).map { (step, $0) } }
      return Listing.response(checks) { check, writer in
        writer.beginObject()
        writer.key("step")
        writer.string(check.0.rawValue)
        writer.key("key")
        writer.string(check.1.key)
        writer.key("says")
        writer.text(check.1.says)
        writer.key("clause")
        writer.string(check.1.citation)
        writer.endObject()
      }
    }
  }
}
