// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Postgres
import Store

/// Key complainants 重点诉求人: candidates, those who are, and their orders.
enum ComplainantRoutes {
  static func all(_ services: Services) -> [Route] {
    [list(services), candidates(services), one(services), orders(services), link(services)]
  }

  // MARK: Reading

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/key-complainants", .tenant(.complainantRead),
      Operation(
        "listKeyComplainants", Text(zh: "重点诉求人，新的在前；身份以掩码显示", en: "Key complainants, newest first, masked"),
        query: Keyset.parameters + [
          .init("open", Text(zh: "只列在册或已销册的", en: "Only those that are, or only those that were"), schema: ["type": "boolean"]),
          .init(
            "dueBy", Text(zh: "只列下次回访应于此日前（含）的", en: "Only those to be visited by this day"), schema: ["type": "string", "format": "date"]),
        ], answer: Listing.schematic(schema))
    ) { call in
      let tenant = try call.office.tenant
      let query = call.request.target.query
      let page = try Keyset(query)
      let dueBy = try query["dueBy"].map { text in
        guard let day = CivilDate(text) else {
          throw Problem.badQuery("dueBy", Text(zh: "dueBy 须为 YYYY-MM-DD。", en: "dueBy must be YYYY-MM-DD."))
        }
        return day
      }
      let found = try await services.lanes.query(
        ComplainantStore.page(
          isOpen: try query.truth("open"), dueBy: dueBy, after: try page.afterIdentifier(), limit: page.limit, in: tenant),
        in: .tenant(tenant.number))
      return Listing.response(found, limit: page.limit, next: { "\($0.id)" }) { $0.write(to: &$1) }
    }
  }

  private static func candidates(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/key-complainants/candidates", .tenant(.complainantRead),
      Operation(
        "listKeyComplainantCandidates",
        Text(zh: "候选：近期同一电话多次来电而未列入者，多的在前", en: "Callers with many orders of late who are not marked, those with the most first"),
        query: [Keyset.parameters[0]],
        answer: Listing.schematic(Listing.named(["orders", "order", "title", "citizen", "firstAt", "lastAt"])))
    ) { call in
      let tenant = try call.office.tenant
      let limit = try Keyset(call.request.target.query).limit
      let rule = try await services.clocks.clocks(of: tenant, on: services.lanes).complainants
      let since = try call.now.adding(microseconds: -Int64(rule.within.count) * Instant.day)
      // It goes through all orders of the time: not beside what is short.
      let found = try await services.lanes.transaction(in: .tenant(tenant.number), .snapshot) { transaction in
        try await transaction.query(ComplainantStore.candidates(orders: rule.orders, since: since, limit: limit, in: tenant))
      }
      return Listing.response(found) { candidate, writer in
        writer.beginObject()
        writer.key("orders")
        writer.integer(candidate.orders)
        writer.key("order")
        writer.uuid(candidate.order)
        writer.key("title")
        writer.string(candidate.title)
        writer.key("citizen")
        candidate.masked.write(to: &writer)
        writer.key("firstAt")
        writer.instant(candidate.firstAt)
        writer.key("lastAt")
        writer.instant(candidate.lastAt)
        writer.endObject()
      }
    }
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/key-complainants/{complainant}", .tenant(.complainantRead),
      Operation("getKeyComplainant", Text(zh: "一名重点诉求人", en: "One key complainant"), answer: schema, entityTag: .sent)
    ) { call in
      let known = try await complainant(call, services)
      let tag = EntityTag(version: Int64(known.version))
      if tag.isKnown(to: call.request) { return Response(.notModified, headers: [.entityTag: tag.headerValue]) }
      var writer = JSONWriter(capacity: 1024)
      known.write(to: &writer)
      return .json(writer.bytes, version: tag.version)
    }
  }

  /// The one that a call's path names.
  ///
  /// - Throws: 404 where there is none.
  static func complainant(_ call: Call, _ services: Services) async throws -> ComplainantStore.Complainant {
    let tenant = try call.office.tenant
    let known = try await services.lanes.first(ComplainantStore.one(try call.identifier(1), in: tenant), in: .tenant(tenant.number))
    guard let known else { throw Problem.notFound }
    return known
  }

  // MARK: Their orders

  private static func orders(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/key-complainants/{complainant}/orders", .tenant(.complainantRead),
      Operation(
        "listKeyComplainantOrders",
        Text(zh: "其全部工单（同一电话的及另行关联的），新的在前", en: "Their orders, those of their telephone and those that were linked, newest first"),
        query: Keyset.parameters, answer: Page.schematic(of: "workOrder") { _ in OrderStore.schema })
    ) { call in
      let tenant = try call.office.tenant
      let page = try Keyset(call.request.target.query)
      let known = try await complainant(call, services)
      let rows = try await services.lanes.rows(
        OrderListStore.ofComplainant(known.id, try call.orderScope, after: try page.afterIdentifier(), limit: page.limit, in: tenant),
        in: .tenant(tenant.number))
      return try Page.response(rows, limit: page.limit, identifier: 0, OrderListStore.write)
    }
  }

  private static let linking: Shape<(orders: [UUIDv7], ground: ComplainantGround)> = .object(
    "keyComplainantOrders",
    Field("orders", .array(of: .uuid, min: 1, max: 200, uniqueBy: nil) { "\($0)" }),
    Field("ground", .enumeration([("content", ComplainantGround.content), ("judgement", .judgement)]))
  ) { ($0, $1) }

  private static func link(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/key-complainants/{complainant}/orders", .tenant(.complainantWrite), body: linking,
      Operation(
        "linkKeyComplainantOrders", Text(zh: "关联其以他人电话或匿名提出的工单", en: "Link orders of theirs that another telephone or none came with"),
        answer: receipt, failures: [409, 422])
    ) { call, body in
      let tenant = try call.office.tenant
      let known = try await complainant(call, services)
      if known.closed != nil { throw Problem.complainantClosed }
      let there = Set(try await services.lanes.query(ComplainantStore.known(body.orders, in: tenant), in: .tenant(tenant.number)))
      let faults = body.orders.enumerated().filter { !there.contains($0.element) }.map { Fault.unknownOrder("/orders/\($0.offset)") }
      guard faults.isEmpty else { throw Problem(Faults(faults)) }
      let statements = [
        ComplainantStore.link(body.orders, to: known.id, body.ground, by: try call.principal.user, at: call.now, in: tenant),
        try call.note(
          "complainant.link", "key-complainant", "\(known.id)", ["orders": .array(body.orders.map { .string("\($0)") })],
          id: services.identities.next(at: call.now)),
      ]
      return try await ComplainantMarkRoutes.change(statements, known.id, version: Int64(known.version), call, services)
    }
  }

  // MARK: Answers

  static func receipt(_ id: UUIDv7, version: Int64, at location: String?, status: Status) -> Response {
    var writer = JSONWriter(capacity: 128)
    writer.beginObject()
    writer.key("id")
    writer.uuid(id)
    writer.key("version")
    writer.integer(version)
    writer.endObject()
    return .json(writer.bytes, version: version, at: location, status: status)
  }

  static let receipt: Operation.Schematic = { _ in
    [
      "type": "object", "required": ["id", "version"],
      "properties": ["id": ["type": "string", "format": "uuid"], "version": ["type": "integer"]],
    ]
  }

  private static let schema = Listing.named([
    "id", "state", "citizen", "ground", "orders", "reason", "order", "plan", "records", "markedBy", "side", "markedAt", "version",
  ])
}

extension ComplainantStore.Complainant {
  /// Writes what may be shown without asking.
  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("id")
    writer.uuid(id)
    writer.key("state")
    writer.string(closed == nil ? "open" : "closed")
    writer.key("citizen")
    masked.write(to: &writer)
    writer.key("ground")
    writer.string(ground.rawValue)
    writer.key("orders")
    writer.integer(orders)
    writer.key("reason")
    writer.string(reason)
    writer.key("order")
    writer.uuid(order)
    writer.key("plan")
    writer.beginObject()
    writer.key("every")
    writer.value(plan.every.json)
    writer.key("from")
    writer.date(plan.from)
    writer.key("due")
    if let due = plan.due, closed == nil { writer.date(due) } else { writer.null() }
    writer.key("told")
    writer.string(plan.told.rawValue)
    writer.endObject()
    writer.key("records")
    writer.beginObject()
    for kind in ComplainantRecord.Kind.allCases {
      writer.key(escaping: kind.rawValue)
      writer.integer(records[kind] ?? 0)
    }
    writer.endObject()
    writer.key("markedBy")
    writer.uuid(markedBy)
    writer.key("side")
    writer.string(side.rawValue)
    writer.key("markedAt")
    writer.instant(markedAt)
    if let closed {
      writer.key("closedBy")
      writer.uuid(closed.by)
      writer.key("closedAt")
      writer.instant(closed.at)
      writer.key("closeReason")
      writer.string(closed.reason)
    }
    writer.key("version")
    writer.integer(version)
    writer.endObject()
  }
}

extension MaskedCitizen {
  /// Writes the masked form.
  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("name")
    writer.optional(name)
    writer.key("phone")
    writer.optional(phone)
    writer.key("address")
    writer.optional(address)
    writer.endObject()
  }
}

extension Fault {
  /// An order that the office does not have.
  static func unknownOrder(_ pointer: String) -> Fault {
    Fault(pointer: pointer, code: "unknown-reference", detail: Text(zh: "本单位没有这张工单。", en: "The office has no such order."))
  }
}

extension Problem {
  /// 409: somebody is no key complainant any more.
  static let complainantClosed = conflict("closed", Text(zh: "已销册。", en: "They are no key complainant any more."))
}

extension HTTP.Query {
  /// A parameter that is true or false; nil where it is not given.
  ///
  /// - Throws: 422 for another word.
  func truth(_ name: String) throws -> Bool? {
    guard let text = self[name] else { return nil }
    guard let truth = Bool(text) else {
      throw Problem.badQuery(name, Text(zh: "\(name) 须为 true 或 false。", en: "\(name) is true or false."))
    }
    return truth
  }
}
