// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import EventLoop
import HTTP
import Postgres
import Store

/// A file on its way from a request to an order: written while it comes, checked, then attached in one transaction.
struct AttachmentUpload {
  /// The largest file that any office may take; the office's own bound is mostly lower.
  static let greatest = 4 << 30

  let call: Call
  let services: Services
  let order: UUIDv7
  let department: String?

  func perform() async throws -> Response {
    let tenant = try call.office.tenant
    let format = try format()
    var name = try name()
    let seconds = try seconds()
    guard
      let room = try await services.lanes.first(
        AttachmentStore.room(for: order, department: department, in: tenant), in: .tenant(tenant.number))
    else { throw Problem.notFound }
    // Whom a recording is of is often its name.
    let citizen = try await services.citizen(of: order, call)
    name = AttachmentName(MaskedCitizen.text(name.text, of: citizen)) ?? name
    let stored = try await receive(format, room, in: tenant)
    do {
      let answer = try await attach(stored, format, name, seconds, in: tenant)
      try await removeDouble(stored.name, in: tenant)
      return answer
    } catch {
      // Whatever was decided, the database knows; a file that it does not know of is nobody's.
      try? await removeDouble(stored.name, in: tenant)
      if case PostgresError.server(let server) = error, server.constraint == AttachmentStore.quota { throw Problem.quotaExceeded }
      throw error
    }
  }

  private func format() throws -> AttachmentFormat {
    guard let type = call.request.headers[.contentType], let format = AttachmentFormat(contentType: type) else {
      throw Problem.formatNotTaken
    }
    return format
  }

  private func name() throws -> AttachmentName {
    guard let name = call.request.target.query["name"].flatMap({ AttachmentName($0) }) else {
      throw Problem.badQuery(
        "name",
        Text(zh: "name 须为 1 到 200 个字符的文件名，不含路径。", en: "name must be a file's name of 1 to 200 characters, without a path."))
    }
    return name
  }

  private func seconds() throws -> Int32? {
    guard let text = call.request.target.query["seconds"] else { return nil }
    guard let seconds = Int32(text), 0...360_000 ~= seconds else {
      throw Problem.badQuery("seconds", Text(zh: "seconds 须为 0 到 360000 的整数。", en: "seconds is a whole number from 0 to 360000."))
    }
    return seconds
  }

  /// Writes the content to the disk as it comes.
  private func receive(
    _ format: AttachmentFormat, _ room: AttachmentStore.Room, in tenant: TenantID
  ) async throws -> (name: FileVault.Name, octets: Int64) {
    if let length = call.request.headers[.contentLength].flatMap({ Int64($0) }) { try check(length, room) }
    let draft = try await services.files.draft(in: tenant, as: services.identities.next(at: call.now))
    var head: [UInt8] = []
    var isRecognised = false
    var octets: Int64 = 0
    let content = call.request.content
    while let piece = try await content.next() {
      octets += Int64(piece.count)
      try check(octets, room)
      if !isRecognised {
        head += piece.prefix(AttachmentFormat.headLength - head.count)
        if head.count == AttachmentFormat.headLength {
          guard format.begins(head) else { throw Problem.formatDiffers }
          isRecognised = true
        }
      }
      try await services.files.run { try draft.append(piece) }
    }
    guard isRecognised || format.begins(head) else { throw Problem.formatDiffers }
    return (try await services.files.store(draft, in: tenant), octets)
  }

  private func check(_ octets: Int64, _ room: AttachmentStore.Room) throws(Problem) {
    guard octets <= room.greatestFile else { throw Problem.fileTooLarge(room.greatestFile) }
    guard octets <= room.left else { throw Problem.quotaExceeded }
  }

  private func attach(
    _ stored: (name: FileVault.Name, octets: Int64), _ format: AttachmentFormat, _ name: AttachmentName, _ seconds: Int32?,
    in tenant: TenantID
  ) async throws -> Response {
    let office = try call.office
    let user = try call.principal.user
    let id = services.identities.next(at: call.now)
    let addition = AttachmentStore.Addition(
      id: id, order: order, format: format, name: name, octets: stored.octets, sha256: stored.name.sha256, seconds: seconds,
      file: stored.name.file)
    let attachment = AttachmentStore.Attachment(addition, by: user, side: office.membership.side.rawValue, at: call.now)
    let add = AttachmentStore.add(addition, by: user, side: attachment.side, at: call.now, in: tenant)
    let note = try call.note(
      "attachment.add", "work-order", "\(order)",
      ["attachment": .string("\(id)"), "mediaType": .string(format.rawValue), "octets": .integer(stored.octets)],
      id: services.identities.next(at: call.now))
    var writer = JSONWriter(capacity: 512)
    attachment.write(to: &writer)
    var answer = Response.json(writer.bytes, status: .created)
    if let location = HeaderValue("/v1/tenants/\(office.code)/work-orders/\(order)/attachments/\(id)") {
      answer.headers.append(.location, location)
    }
    var statements = [add, note]
    if format.kind == .recording {
      let recording = RecordingStore.New(
        id: services.identities.next(at: call.now), order: order, reference: "\(id)", attachment: id, seconds: seconds, entry: nil)
      statements.append(RecordingStore.put([recording], by: user, side: try call.orderActor.side, at: call.now, in: tenant))
    }
    return try await Deed(statements: statements, answer: answer, contentHash: stored.name.sha256).perform(for: call, on: services.lanes)
  }

  /// Removes the file that was written unless it is the one that holds its content.
  private func removeDouble(_ name: FileVault.Name, in tenant: TenantID) async throws {
    let holder = try await services.lanes.first(
      AttachmentStore.file(holding: name.sha256, in: tenant), in: .tenant(tenant.number), .write)
    if holder != name.file { try await services.files.remove([name], of: tenant) }
  }
}

extension AttachmentStore.Attachment {
  static let members = ["id", "kind", "mediaType", "name", "octets", "sha256", "seconds", "attachedBy", "side", "attachedAt"]

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("id")
    writer.string("\(id)")
    writer.key("kind")
    writer.string(kind.rawValue)
    writer.key("mediaType")
    writer.string(format.rawValue)
    writer.key("name")
    writer.string(name.text)
    writer.key("octets")
    writer.integer(octets)
    writer.key("sha256")
    writer.string(Hex.encode(sha256))
    writer.key("seconds")
    if let seconds { writer.integer(seconds) } else { writer.null() }
    writer.key("attachedBy")
    writer.string("\(attachedBy)")
    writer.key("side")
    writer.string(side)
    writer.key("attachedAt")
    writer.instant(attachedAt)
    writer.endObject()
  }
}

extension Problem {
  /// 415: a media type that is not on the list.
  static let formatNotTaken = Problem(
    status: 415, code: "format-not-taken", title: Text(zh: "不接受此文件类型", en: "Format not taken"),
    detail: Text(
      zh: "Content-Type 须为：\(AttachmentFormat.allCases.map(\.rawValue).joined(separator: "、"))",
      en: "The Content-Type is one of: \(AttachmentFormat.allCases.map(\.rawValue).joined(separator: ", "))"))

  /// 422: a content that is not what it is said to be.
  static let formatDiffers = Problem(
    status: 422, code: "format-differs", title: Text(zh: "文件内容与类型不符", en: "Content is of another format"),
    detail: Text(zh: "文件内容不是 Content-Type 所称的类型。", en: "The content is not of the format that Content-Type names."))

  /// 413: a file larger than the office takes.
  static func fileTooLarge(_ greatest: Int64) -> Problem {
    Problem(
      status: 413, code: "file-too-large", title: Text(zh: "文件过大", en: "File too large"),
      detail: Text(zh: "本单位单个文件上限为 \(greatest) 字节。", en: "This office takes files of at most \(greatest) octets."))
  }

  /// 409: the office keeps as much as it may.
  static let quotaExceeded = conflict(
    "storage-quota-exceeded",
    Text(zh: "本单位存储配额已用完。", en: "The office's storage quota is used up."))
}
