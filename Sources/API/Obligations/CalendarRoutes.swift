// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP

/// The calendar of an office: what is late and what falls due in the weeks to come, under all contracts that the caller may see.
enum CalendarRoutes {
  /// How much of what is late one answer lists; `lateCount` counts all of it.
  private static let lateListed = 200

  static func all(_ services: Services) -> [Route] { [calendar(services)] }

  private static let weeks = Operation.Parameter(
    "weeks", Text(zh: "自今日起多少周，默认 4", en: "How many weeks from today, 4 unless told"),
    schema: ["type": "integer", "minimum": 1, "maximum": 53, "default": 4])

  private static func calendar(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/obligations", .tenant(.contractRead),
      Operation(
        "listCalendar",
        Text(
          zh: "今后数周内到期的与已逾期而仍未履行的各项义务及其后果，各合同合在一起，按日",
          en: "What falls due in the next weeks, what is late and not done yet, and what follows, under all contracts, by day"),
        query: [ObligationFilter.side, weeks],
        answer: Listing.named(["from", "to", "items", "late", "lateCount", "unknown"]))
    ) { call in
      let query = call.request.target.query
      let side: Party? = try ObligationFilter.word("side", query)
      guard let count = Int(query["weeks"] ?? "4"), (1...53).contains(count) else {
        throw Problem.badQuery("weeks", Text(zh: "weeks 须为 1 到 53 的整数。", en: "weeks must be a whole number from 1 to 53."))
      }
      let today = call.now.date
      let last = try today.adding(days: count * 7 - 1)
      let calendar = try await ObligationCalendar(of: call.office.membership, at: call.now, services) { obligation in
        guard side.map(obligation.bearer.includes) ?? true, let day = obligation.date?.lastDay else { return false }
        return obligation.isLate || today <= day && day <= last
      }
      // What is late by the hour may have today as its last day: it is listed once, as late.
      let late = calendar.items.filter(\.obligation.isLate)
      var writer = JSONWriter(capacity: 4096)
      writer.beginObject()
      writer.key("from")
      writer.date(today)
      writer.key("to")
      writer.date(last)
      writer.key("items")
      writer.beginArray()
      for item in calendar.items where !item.obligation.isLate { item.write(on: today, to: &writer) }
      writer.endArray()
      writer.key("late")
      writer.beginArray()
      for item in late.suffix(lateListed) { item.write(on: today, to: &writer) }
      writer.endArray()
      writer.key("lateCount")
      writer.integer(late.count)
      writer.key("unknown")
      calendar.writeUnknown(to: &writer)
      writer.endObject()
      return Response.json(writer.bytes)
    }
  }
}
