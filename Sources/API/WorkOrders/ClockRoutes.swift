// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// The clocks of a work order, each with why it runs out when it does.
enum ClockRoutes {
  static func all(_ services: Services) -> [Route] { [ofOrder(services)] }

  private static func ofOrder(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/work-orders/{order}/clocks", .tenant(.orderRead),
      Operation(
        "listOrderClocks", Text(zh: "工单的各项时限及其由来", en: "An order's clocks, and how each came about"),
        answer: { _ in schema })
    ) { call in
      let tenant = try call.office.tenant
      let order = try await services.order(of: call).order
      let office = try await services.clocks.clocks(of: tenant, on: services.lanes)
      let book = office.book(of: order.contract, on: call.now.date)
      let held = ClockStore.holds(book.standards.map { ($0.when, $0.unless) }, for: order.predicateDocument)
      let results = try await services.lanes.rows(
        [ClockStore.list(of: order.id, in: tenant), held.statement], in: .tenant(tenant.number), .read)
      let clocks = try ClockStore.clocks(results[0], office)
      let holding = try results[1].decoded(by: held)
      var writer = JSONWriter(capacity: 8192)
      writer.beginObject()
      writer.key("order")
      writer.uuid(order.id)
      writer.key("at")
      writer.instant(call.now)
      writer.key("clocks")
      writer.beginArray()
      for row in clocks {
        var clock = row.clock
        clock.settle(at: call.now)
        ClockExplanation(of: clock, office.reckoner, at: call.now).write(to: &writer, in: call.language)
      }
      writer.endArray()
      writer.key("standards")
      writer.beginArray()
      for (level, holds) in zip(book.standards, holding) where holds {
        write(level, office.reckoner, at: call.now, to: &writer, in: call.language)
      }
      writer.endArray()
      writer.endObject()
      return Response.json(writer.bytes)
    }
  }

  /// Writes a standard that is no clock: the hours in which steps are served, or what is checked at one.
  private static func write(
    _ level: ServiceLevel, _ reckoner: ClockReckoner, at now: Instant, to writer: inout JSONWriter, in language: Language
  ) {
    writer.beginObject()
    writer.key("rule")
    writer.string(level.id)
    writer.key("clause")
    writer.string(level.citation.clause)
    writer.key("says")
    writer.string(level.citation.says[language])
    writer.key("owner")
    writer.string(level.owner.rawValue)
    switch level.standard {
    case .cover(let hours, let steps):
      writer.key("hours")
      writer.string(hours.rawValue)
      writer.key("of")
      writer.value(.array(steps.map { .string($0.rawValue) }))
      writer.key("servedNow")
      if hours == .allDay {
        writer.bool(true)
      } else if let isOn = try? reckoner.duty.isOnDuty(at: now) {
        writer.bool(isOn)
      } else {
        writer.null()
      }
    case .check(let step, let items):
      writer.key("at")
      writer.string(step.rawValue)
      writer.key("items")
      writer.value(.array(items.map { .string($0[language]) }))
    case .clock, .recurring: break
    }
    writer.endObject()
  }

  private static let schema: JSON = [
    "type": "object", "required": ["order", "at", "clocks", "standards"],
    "properties": [
      "order": ["type": "string", "format": "uuid"], "at": ["type": "string", "format": "date-time"],
      "clocks": [
        "type": "array",
        "items": [
          "type": "object",
          "required": ["rule", "number", "source", "document", "clause", "says", "owner", "to", "state", "start", "explanation"],
          "properties": [
            "rule": ["type": "string"], "number": ["type": "integer"], "source": ["type": "string", "enum": ["contract", "rulePack"]],
            "document": ["type": "string"], "revision": ["type": ["integer", "null"]], "clause": ["type": "string"],
            "says": ["type": "string"], "reading": ["type": ["string", "null"]], "owner": ["type": "string"], "to": ["type": "string"],
            "state": ["type": "string", "enum": .array(OrderClock.State.allCases.map { .string($0.rawValue) })],
            "start": ["type": "string", "format": "date-time"], "due": ["type": ["string", "null"]],
            "outside": ["type": ["string", "null"]],
            "warnAt": ["type": ["string", "null"]], "endedAt": ["type": ["string", "null"]], "lateSeconds": ["type": ["integer", "null"]],
            "explanation": ["type": "object"],
          ],
        ],
      ],
      "standards": ["type": "array", "items": ["type": "object"]],
    ],
  ]
}
