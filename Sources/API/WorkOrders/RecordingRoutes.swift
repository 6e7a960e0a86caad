// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// The recording ledger 录音台账: the recordings of a time, as a list and as a table for spreadsheets.
enum RecordingRoutes {
  static func all(_ services: Services) -> [Route] { [list(services), table(services)] }

  private static let period = [
    Operation.Parameter(
      "from", Text(zh: "自某日起，默认本月首日", en: "From a day on, the month's first unless told"), schema: ["type": "string", "format": "date"]),
    Operation.Parameter("to", Text(zh: "至某日止，默认今日", en: "Up to a day, today unless told"), schema: ["type": "string", "format": "date"]),
    Operation.Parameter("step", Text(zh: "只列此环节所用的（replied、calledBack 等）", en: "Used at this step only (replied, calledBack, …)")),
  ]

  private static func filter(_ call: Call) throws -> RecordingStore.Filter {
    let query = call.request.target.query
    let (begin, end) = try query.period(today: call.now.date).instants
    var filter = RecordingStore.Filter(from: begin, until: end)
    filter.step = try query.word("step")
    if let text = query["order"] {
      guard let order = UUIDv7(text) else { throw Problem.badQuery("order", Text(zh: "order 须为工单标识。", en: "order is an order's id.")) }
      filter.order = order
    }
    return filter
  }

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/recordings", .tenant(.recordingRead),
      Operation(
        "listRecordings", Text(zh: "录音台账：某段时间的录音，按时间先后", en: "The recording ledger: the recordings of a time, in its order"),
        query: period + [
          .init("order", Text(zh: "只列此工单的", en: "Of this order only"), schema: ["type": "string", "format": "uuid"])
        ] + Keyset.parameters,
        answer: Listing.schematic(
          Listing.named([
            "id", "order", "source", "externalNumber", "title", "reference", "attachment", "name", "seconds", "seq", "step", "recordedBy",
            "recordedByName", "side", "recordedAt",
          ])))
    ) { call in
      let tenant = try call.office.tenant
      let page = try Keyset(call.request.target.query)
      let lines = try await services.lanes.query(
        RecordingStore.page(try filter(call), after: page.afterIdentifier(), limit: page.limit, in: tenant), in: .tenant(tenant.number))
      let names = try await names(of: lines, services)
      return Listing.response(lines, limit: page.limit, next: { "\($0.id)" }) { line, writer in
        writer.beginObject()
        writer.key("id")
        writer.uuid(line.id)
        writer.key("order")
        writer.uuid(line.order)
        writer.key("source")
        writer.string(line.source.rawValue)
        writer.key("externalNumber")
        writer.string(line.number)
        writer.key("title")
        writer.string(line.title)
        writer.key("reference")
        writer.string(line.reference)
        writer.key("attachment")
        writer.optional(line.attachment.map { "\($0.id)" })
        writer.key("name")
        writer.optional(line.attachment?.name)
        writer.key("seconds")
        if let seconds = line.seconds { writer.integer(seconds) } else { writer.null() }
        writer.key("seq")
        if let entry = line.entry { writer.integer(entry.seq) } else { writer.null() }
        writer.key("step")
        writer.optional(line.entry?.step.rawValue)
        writer.key("recordedBy")
        writer.uuid(line.by)
        writer.key("recordedByName")
        writer.optional(names["\(line.by)"])
        writer.key("side")
        writer.string(line.side.rawValue)
        writer.key("recordedAt")
        writer.instant(line.at)
        writer.endObject()
      }
    }
  }

  /// What the people of some lines are called.
  private static func names(of lines: [RecordingStore.Line], _ services: Services) async throws -> [String: String] {
    let users = Array(Set(lines.map(\.by)))
    guard !users.isEmpty else { return [:] }
    return Dictionary(try await services.lanes.query(RateStore.seats(users), in: .platform).map { ($0.key, $0.name) }) { first, _ in first }
  }

  // MARK: As a table

  private static let page: Int32 = 500

  private static func table(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/recordings.csv", .tenant(.recordingRead),
      Operation(
        "exportRecordings", Text(zh: "录音台账导出为 CSV（UTF-8，含 BOM）", en: "The recording ledger as CSV (UTF-8 with a byte order mark)"),
        query: period, answer: { _ in ["type": "string"] }, answerType: "text/csv; charset=utf-8")
    ) { call in
      let tenant = try call.office.tenant
      let filter = try filter(call)
      let language = call.language
      var response = Response(.ok, headers: [.contentType: "text/csv; charset=utf-8", .cacheControl: "no-store"])
      response.headers.append("Content-Disposition", "attachment; filename=\"recordings.csv\"")
      guard call.request.method == .get else { return response }
      let note = try call.note(
        "recording.export", "recording", "\(filter.from.date)", ["until": .string("\(filter.until)")],
        id: services.identities.next(at: call.now))
      _ = try await services.lanes.rows(note, in: .tenant(tenant.number), .write)
      response.body = .stream(
        ResponseStream { writer in
          var table = CSVWriter()
          let headings = [
            Text(zh: "时间", en: "time"), Text(zh: "工单编号", en: "order"), Text(zh: "来源", en: "source"), Text(zh: "标题", en: "title"),
            Text(zh: "环节", en: "step"), Text(zh: "录音", en: "recording"), Text(zh: "文件名", en: "file"), Text(zh: "时长（秒）", en: "seconds"),
            Text(zh: "录入人", en: "by"), Text(zh: "一方", en: "side"),
          ]
          for heading in headings { table.field(heading[language]) }
          table.endLine()
          var after: UUIDv7?
          repeat {
            let lines = try await services.lanes.query(
              RecordingStore.page(filter, after: after, limit: page, in: tenant), in: .tenant(tenant.number))
            let names = try await names(of: lines, services)
            for line in lines {
              table.line(
                "\(line.at)", line.number, line.source.rawValue, line.title, line.entry?.step.title[language] ?? "", line.reference,
                line.attachment?.name ?? "", line.seconds.map { "\($0)" } ?? "", names["\(line.by)"] ?? "", line.side.rawValue)
            }
            try await writer.write(table.bytes)
            table = CSVWriter(isContinued: true)
            after = lines.count == Int(page) ? lines.last?.id : nil
          } while after != nil
        })
      return response
    }
  }
}
