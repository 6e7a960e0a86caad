// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Files of work orders 批量导入: taken in while they come, and what became of each line.
enum OrderBatchRoutes {
  static func all(_ services: Services) -> [Route] {
    [receive(services)]
      + accounts(
        of: .orders, at: "/v1/tenants/{tenant}/work-orders/batches", .tenant(.orderReceive), "WorkOrderBatch",
        Text(zh: "批量接收的文件", en: "Files of work orders"), services)
  }

  private static let types = ["text/csv", "application/x-ndjson"]
  static let members = [
    "id", "format", "dryRun", "state", "startedBy", "startedAt", "updatedAt", "read", "taken", "known", "refused", "ignoredHeadings",
    "map",
  ]

  /// What may be said of any file.
  static let fileParameters: [Operation.Parameter] = [
    .init("dryRun", Text(zh: "true：只校验不接收", en: "true: judge and take nothing in"), schema: ["type": "boolean", "default": false]),
    .init(
      "encoding", Text(zh: "文字编码，默认自动识别", en: "The text's encoding, found out unless told"),
      schema: ["type": "string", "enum": .array(FileEncoding.allCases.map { .string($0.rawValue) })]),
  ]

  private static func receive(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/work-orders/batches", .tenant(.orderReceive), streaming: FileAccount.greatest, of: types,
      Operation(
        "receiveWorkOrderBatch",
        Text(
          zh: "批量接收工单：CSV（首行为表头）或 NDJSON；坏行逐行报告，好行照收；中断后重发即可",
          en:
            "Take in a file of work orders, CSV with headings or NDJSON; each bad line is told and the others are in; a file that was cut off is sent again"
        ),
        query: fileParameters + [
          .init(
            "map",
            Text(
              zh: "表头含义：表头:成员,…，或已存表头对照的名称", en: "What headings mean: heading:member,…, or the name of a stored map")),
          .init("source", Text(zh: "未注明来源的行的来源", en: "The source of lines that name none")),
          .init("grade", Text(zh: "未注明紧急程度的行的紧急程度", en: "The grade of lines that name none")),
        ],
        answer: Listing.named(members + ["faults"]), failures: [413, 415, 422])
    ) { call in
      let query = call.request.target.query
      var (format, encoding) = try read(call.request)
      if let word = query["encoding"] {
        guard let asked = FileEncoding(rawValue: word) else {
          let known = FileEncoding.allCases.map(\.rawValue).joined(separator: ", ")
          throw Problem.badQuery("encoding", Text(zh: "encoding 须为：\(known)", en: "encoding is one of: \(known)"))
        }
        encoding = asked
      }
      let terms = try await OrderBatchTerms.read(
        format, encoding, map: query["map"], source: query["source"], grade: query["grade"], isDry: try truth(query["dryRun"]),
        in: try call.office.tenant, on: services.lanes)
      let intake = OrderBatchIntake(
        by: try call.batchReceiver,
        with: .init(
          lanes: services.lanes, citizens: services.citizens, clocks: services.clocks, identities: services.identities,
          clock: services.clock), terms, at: call.now)
      try await intake.take(call.request.content)
      return try await answer(intake.id, of: .orders, call, services)
    }
  }

  static func read(_ request: Request) throws -> (OrderFile.Format, FileEncoding?) {
    let type = (request.headers[.contentType] ?? "").lowercased()
    let parts = type.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\"" } }
    let format: OrderFile.Format
    switch parts.first {
    case "text/csv": format = .csv
    case "application/x-ndjson", "application/ndjson", "application/jsonl": format = .ndjson
    default: throw Problem.notTable
    }
    let charset = parts.dropFirst().first { $0.hasPrefix("charset=") }?.dropFirst(8)
    let encoding: FileEncoding? =
      switch charset {
      case nil: nil
      case "utf-8", "utf8": .utf8
      case "gb18030", "gbk", "gb2312": .gb18030
      default: throw Problem.notTable
      }
    return (format, encoding)
  }

  static func truth(_ text: String?) throws -> Bool {
    switch text {
    case nil, "false": false
    case "true": true
    default: throw Problem.badQuery("dryRun", Text(zh: "dryRun 须为 true 或 false。", en: "dryRun is true or false."))
    }
  }

  /// The routes by which the accounts of files are read.
  static func accounts(
    of content: OrderBatchStore.Content, at path: String, _ access: Access, _ noun: String, _ summary: Text, _ services: Services
  ) -> [Route] {
    [
      list(content, path, access, noun, summary, services),
      Route(
        .get, PathTemplate(stringLiteral: "\(path)/{batch}"), access,
        Operation(
          "get\(noun)", Text(zh: "一个文件的进度与结果", en: "How far a file has come, and what became of it"),
          answer: Listing.named(members + ["faults"]))
      ) { call in try await answer(call.identifier(1), of: content, call, services) },
      faults(content, path, access, noun, services),
    ]
  }

  private static func list(
    _ content: OrderBatchStore.Content, _ path: String, _ access: Access, _ noun: String, _ summary: Text, _ services: Services
  ) -> Route {
    Route(
      .get, PathTemplate(stringLiteral: path), access,
      Operation(
        noun.hasSuffix("h") ? "list\(noun)es" : "list\(noun)s", Text(zh: "\(summary.zh)，新的在前", en: "\(summary.en), newest first"),
        query: Keyset.parameters, answer: Listing.schematic(Listing.named(members)))
    ) { call in
      let tenant = try call.office.tenant
      let page = try Keyset(call.request.target.query)
      let batches = try await services.lanes.query(
        OrderBatchStore.page(of: content, after: page.afterIdentifier(), limit: page.limit, in: tenant), in: .tenant(tenant.number))
      return Listing.response(batches, limit: page.limit, next: { "\($0.id)" }) { batch, writer in
        writer.beginObject()
        write(batch, to: &writer)
        writer.endObject()
      }
    }
  }

  /// A file with its first faults.
  static func answer(_ id: UUIDv7, of content: OrderBatchStore.Content, _ call: Call, _ services: Services) async throws -> Response {
    let tenant = try call.office.tenant
    let context = Context.tenant(tenant.number)
    // Read where it was written: the account may be a moment old only.
    guard let batch = try await services.lanes.first(OrderBatchStore.one(id, of: content, in: tenant), in: context, .write) else {
      throw Problem.notFound
    }
    let faults = try await services.lanes.query(
      OrderBatchStore.faults(of: id, after: (0, 0), limit: Keyset.defaultLimit, in: tenant), in: context, .write)
    var writer = JSONWriter(capacity: 1024)
    writer.beginObject()
    write(batch, to: &writer)
    writer.key("faults")
    writer.beginArray()
    for fault in faults { write(fault, to: &writer, in: call.language) }
    writer.endArray()
    writer.endObject()
    return .json(writer.bytes)
  }

  private static func faults(
    _ content: OrderBatchStore.Content, _ path: String, _ access: Access, _ noun: String, _ services: Services
  ) -> Route {
    Route(
      .get, PathTemplate(stringLiteral: "\(path)/{batch}/faults"), access,
      Operation(
        "list\(noun)Faults", Text(zh: "未接收的行及原因，按行号", en: "The lines that were refused, by number, and why"),
        query: Keyset.parameters, answer: Listing.schematic(Listing.named(["line", "heading", "pointer", "code", "detail"])))
    ) { call in
      let tenant = try call.office.tenant
      let page = try Keyset(call.request.target.query)
      let after = try page.after.map { text in
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        // Without a place, behind the whole line.
        guard let line = Int32(parts[0]), let place = parts.count == 2 ? Int32(parts[1]) : .max else {
          throw Problem.badQuery("after", Text(zh: "after 须取自上一页的 next。", en: "after must be the `next` of the page before."))
        }
        return (line: line, place: place)
      }
      let id = try call.identifier(1)
      let context = Context.tenant(tenant.number)
      guard try await services.lanes.first(OrderBatchStore.one(id, of: content, in: tenant), in: context) != nil else {
        throw Problem.notFound
      }
      let faults = try await services.lanes.query(
        OrderBatchStore.faults(of: id, after: after ?? (0, 0), limit: page.limit, in: tenant), in: context)
      return Listing.response(faults, limit: page.limit, next: { "\($0.line).\($0.place)" }) { write($0, to: &$1, in: call.language) }
    }
  }

  private static func write(_ batch: OrderBatchStore.Batch, to writer: inout JSONWriter) {
    writer.key("id")
    writer.uuid(batch.id)
    writer.key("format")
    writer.string(batch.format.rawValue)
    writer.key("dryRun")
    writer.bool(batch.isDry)
    writer.key("state")
    writer.string(batch.state.rawValue)
    writer.key("startedBy")
    writer.uuid(batch.startedBy)
    writer.key("startedAt")
    writer.instant(batch.startedAt)
    writer.key("updatedAt")
    writer.instant(batch.updatedAt)
    writer.key("read")
    writer.integer(batch.counts.read)
    writer.key("taken")
    writer.integer(batch.counts.taken)
    writer.key("known")
    writer.integer(batch.counts.known)
    writer.key("refused")
    writer.integer(batch.counts.refused)
    writer.key("ignoredHeadings")
    writer.strings(batch.ignored)
    writer.key("map")
    if let map = batch.map {
      writer.beginObject()
      writer.key("name")
      writer.string(map.name)
      writer.key("version")
      writer.integer(map.version)
      writer.endObject()
    } else {
      writer.null()
    }
  }

  private static func write(_ fault: OrderBatchStore.LineFault, to writer: inout JSONWriter, in language: Language) {
    writer.beginObject()
    writer.key("line")
    writer.integer(fault.line)
    writer.key("heading")
    writer.optional(fault.heading)
    writer.key("pointer")
    writer.string(fault.fault.pointer)
    writer.key("code")
    writer.string(fault.fault.code)
    writer.key("detail")
    writer.string(language == .zh ? fault.fault.detail.zh : fault.fault.detail.en)
    writer.endObject()
  }
}

extension Call {
  /// The caller as somebody who takes a file in.
  fileprivate var batchReceiver: OrderBatchIntake.Receiver {
    get throws {
      OrderBatchIntake.Receiver(
        user: try principal.user, side: try orderActor.side, request: "\(request.id)", in: try office.tenant)
    }
  }
}

extension OrderIntakeDesk {
  /// What the office knows of several before they are taken in, their numbers being new to it.
  func prospects(_ prepared: [Prepared]) -> Postgres.Query<OrderIntakeStore.Prospect> {
    OrderBatchStore.prospects(
      prepared.map { ($0.facts, $0.phoneCode, $0.facts.document(content: $0.content)) }, purposes: Self.purposes, day: now.date, in: tenant)
  }
}

extension Problem {
  /// 415: a file that is no table of ours.
  static let notTable = Problem(
    status: 415, code: "not-a-table", title: Text(zh: "媒体类型不支持", en: "Unsupported media type"),
    detail: Text(
      zh: "Content-Type 须为 text/csv 或 application/x-ndjson，charset 为 utf-8 或 gb18030。",
      en: "The Content-Type is text/csv or application/x-ndjson, with the charset utf-8 or gb18030."))
}
