// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Postgres
import Store

/// Recordings, photos, videos and documents of work orders 附件.
enum AttachmentRoutes {
  static func all(_ services: Services) -> [Route] {
    [list(services), add(services), one(services), content(services), remove(services)]
  }

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/work-orders/{order}/attachments", .tenant(.attachmentRead),
      Operation(
        "listAttachments", Text(zh: "工单的附件，新的在前", en: "A work order's attachments, newest first"), query: Keyset.parameters,
        answer: Listing.schematic(Listing.named(AttachmentStore.Attachment.members)))
    ) { call in
      let tenant = try call.office.tenant
      let order = try call.identifier(1)
      let department = try call.departmentOfOrders()
      let page = try Keyset(call.request.target.query)
      let attachments = try await services.lanes.query(
        AttachmentStore.page(of: order, department: department, after: try page.afterIdentifier(), limit: page.limit, in: tenant),
        in: .tenant(tenant.number))
      if attachments.isEmpty {
        // An order without attachments is told from none.
        let room = AttachmentStore.room(for: order, department: department, in: tenant)
        guard try await services.lanes.first(room, in: .tenant(tenant.number)) != nil else { throw Problem.notFound }
      }
      return Listing.response(attachments, limit: page.limit, next: { "\($0.id)" }) { $0.write(to: &$1) }
    }
  }

  private static func add(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/work-orders/{order}/attachments", .tenant(.attachmentWrite), streaming: AttachmentUpload.greatest,
      of: AttachmentFormat.allCases.map(\.rawValue),
      Operation(
        "addAttachment", Text(zh: "上传附件；请求内容即文件", en: "Attach a file, which is the request's content"),
        query: [
          .init("name", Text(zh: "文件名", en: "The file's name")),
          .init(
            "seconds", Text(zh: "录音或视频时长，秒", en: "How long a recording or a video is, in seconds"),
            schema: ["type": "integer", "minimum": 0, "maximum": 360_000]),
        ],
        answer: Listing.named(AttachmentStore.Attachment.members), status: 201, failures: [409, 413, 415, 422])
    ) { call in
      try await AttachmentUpload(
        call: call, services: services, order: try call.identifier(1), department: try call.departmentOfOrders()
      ).perform()
    }
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/work-orders/{order}/attachments/{attachment}", .tenant(.attachmentRead),
      Operation(
        "getAttachment", Text(zh: "一个附件的说明", en: "What an attachment is"), answer: Listing.named(AttachmentStore.Attachment.members))
    ) { call in
      var writer = JSONWriter(capacity: 512)
      try await attachment(call, services).write(to: &writer)
      return .json(writer.bytes)
    }
  }

  private static func content(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/work-orders/{order}/attachments/{attachment}/content", .tenant(.attachmentRead),
      Operation(
        "getAttachmentContent", Text(zh: "附件内容；支持 Range 与 If-Range", en: "An attachment's content; takes Range and If-Range"),
        answer: { _ in ["type": "string", "format": "binary"] }, answerType: "application/octet-stream", failures: [416])
    ) { call in
      let tenant = try call.office.tenant
      let attachment = try await attachment(call, services)
      let answer = FileAnswer(
        mediaType: attachment.format.rawValue, name: attachment.name, sha256: attachment.sha256, octets: Int(attachment.octets))
      let asked = answer.asked(by: call.request)
      var response = answer.head(asked)
      let range: Range<Int>
      switch asked {
      case nil, .unsatisfiable: return response
      case .whole: range = 0..<answer.octets
      case .part(let part): range = part
      }
      let file = try await services.files.open(.init(sha256: attachment.sha256, file: attachment.file), of: tenant)
      if call.request.method == .get, range.lowerBound == 0 {
        // What citizens say may be in it: who has taken it is on record.
        let note = try call.note(
          "attachment.read", "work-order", "\(call.identifier(1))", ["attachment": .string("\(attachment.id)")],
          id: services.identities.next(at: call.now))
        _ = try await services.lanes.rows(note, in: .tenant(tenant.number), .write)
      }
      response.body = .stream(services.files.content(of: file, range))
      return response
    }
  }

  private static func remove(_ services: Services) -> Route {
    Route(
      .delete, "/v1/tenants/{tenant}/work-orders/{order}/attachments/{attachment}", .tenant(.attachmentWrite),
      Operation(
        "removeAttachment",
        Text(zh: "移除附件；已被办理记录引用的不可移除", en: "Remove an attachment that no step of the order refers to"), status: 204, failures: [409])
    ) { call in
      let tenant = try call.office.tenant
      let attachment = try await attachment(call, services)
      let order = try call.identifier(1)
      let note = try call.note(
        "attachment.remove", "work-order", "\(order)", ["attachment": .string("\(attachment.id)")],
        id: services.identities.next(at: call.now))
      do throws(PostgresError) {
        _ = try await services.lanes.rows(
          [AttachmentStore.remove(attachment.id, of: order, in: tenant), note], in: .tenant(tenant.number), .write)
      } catch {
        guard case .server(let server) = error, server.state == .changed else { throw error }
        throw Problem.conflict(
          "referred-to", Text(zh: "办理记录引用了此附件，不可移除。", en: "A step of the order refers to it, so it stays."))
      }
      return Response(.noContent)
    }
  }

  private static func attachment(_ call: Call, _ services: Services) async throws -> AttachmentStore.Attachment {
    let tenant = try call.office.tenant
    let found = try await services.lanes.first(
      AttachmentStore.one(call.identifier(2), of: call.identifier(1), department: call.departmentOfOrders(), in: tenant),
      in: .tenant(tenant.number))
    guard let found else { throw Problem.notFound }
    return found
  }
}

extension Call {
  /// The department to whose orders, and those below it, the caller is held; nil where every department's are seen.
  ///
  /// - Throws: 403 for somebody who may see orders of a department and has none.
  func departmentOfOrders() throws -> String? {
    switch try orderScope {
    case .office: nil
    case .department(let code): code
    }
  }
}
