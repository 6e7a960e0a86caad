// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Postgres
import Store

/// The contract's own words: the text an office attaches, and a clause of it beside what we say of it.
enum ContractTextRoutes {
  static func all(_ services: Services) -> [Route] { [attach(services), read(services), clause(services)] }

  private static let receipt = Listing.named(["contract", "version", "mediaType", "sha256", "clauses", "attachedAt"])

  private static func attach(_ services: Services) -> Route {
    var operation = Operation(
      "putContractText", Text(zh: "附上合同原文（纯文本或 Markdown）", en: "Attach the contract's own text, plain or Markdown"), answer: receipt,
      failures: [412, 428], entityTag: .required)
    operation.bodyTypes = ContractTextStore.MediaType.allCases.map(\.rawValue)
    operation.body = { _ in ["type": "string", "minLength": 1, "maxLength": .integer(ContractText.greatestSize)] }
    return Route(.put, "/v1/tenants/{tenant}/contracts/{contract}/text", .tenant(.contractTextWrite), operation) { call in
      let office = try call.office
      guard office.membership.side == .office else { throw Problem.forbidden(Permission.contractTextWrite.rawValue) }
      let id = try call.variable(1)
      let context = Context.tenant(office.tenant.number)
      guard let type = call.request.headers.octets(.contentType).flatMap(MediaType.inUTF8).flatMap(ContractTextStore.MediaType.init)
      else { throw Problem.notText }
      let body = Array(call.request.body)
      if body.count > ContractText.greatestSize { throw Problem.textTooLarge }
      let words = try ContractText.read(body)
      let text = ContractTextStore.Attachment(mediaType: type, words: words, checksum: try SHA256.digest(of: Array(words.utf8)))
      guard !(try await services.lanes.rows(ContractStore.exists(id, in: office.tenant), in: context).isEmpty) else {
        throw Problem.notFound
      }
      let before = try await services.lanes.first(ContractTextStore.latest(of: id, in: office.tenant), in: context, .write)
      try judge(call.request, before: before)
      if let before, before.checksum == text.checksum, before.mediaType == type { return answer(before, of: id, status: .ok) }
      let version = before?.version ?? 0
      let after = ContractTextStore.Attached(
        version: version + 1, mediaType: type, words: words, checksum: text.checksum, attached: call.now,
        attachedBy: try call.principal.user)
      let note = try call.note(
        "contract-text.attach", "contract", id,
        ["version": .integer(version + 1), "sha256": .string(Hex.encode(text.checksum)), "octets": .integer(words.utf8.count)],
        id: services.identities.next(at: call.now))
      do throws(PostgresError) {
        _ = try await services.lanes.rows(
          [ContractTextStore.add(text, to: id, behind: version, by: after.attachedBy, at: call.now, in: office.tenant), note],
          in: context, .write)
      } catch {
        // Somebody else's came first, seen by the statement or by the key.
        if error.state == .changed || error.state == .uniqueViolation { throw Problem.changedSince }
        throw error
      }
      return answer(after, of: id, status: before == nil ? .created : .ok)
    }
  }

  /// The first text needs no version; a later one says which it follows.
  private static func judge(_ request: Request, before: ContractTextStore.Attached?) throws {
    guard let before else {
      if request.headers[.ifMatch] != nil { throw Problem.changedSince }
      return
    }
    guard try EntityTag.required(by: request).version == Int64(before.version) else { throw Problem.changedSince }
  }

  private static func answer(_ text: ContractTextStore.Attached, of contract: String, status: Status) -> Response {
    var writer = JSONWriter(capacity: 256)
    writer.beginObject()
    writer.key("contract")
    writer.string(contract)
    write(text, clauses: ContractText(text.words).clauses.count, to: &writer)
    writer.endObject()
    return .json(writer.bytes, version: Int64(text.version), status: status)
  }

  /// The members that say which text is attached.
  static func write(_ text: ContractTextStore.Attached, clauses: Int, to writer: inout JSONWriter) {
    writer.key("version")
    writer.integer(text.version)
    writer.key("mediaType")
    writer.string(text.mediaType.rawValue)
    writer.key("sha256")
    writer.string(Hex.encode(text.checksum))
    writer.key("octets")
    writer.integer(text.words.utf8.count)
    writer.key("clauses")
    writer.integer(clauses)
    writer.key("attachedAt")
    writer.instant(text.attached)
  }

  private static func read(_ services: Services) -> Route {
    var operation = Operation(
      "getContractText", Text(zh: "所附的合同原文", en: "The text that is attached"), answer: { _ in ["type": "string"] }, entityTag: .sent)
    operation.answerType = "text/*"
    return Route(.get, "/v1/tenants/{tenant}/contracts/{contract}/text", .tenant(.contractRead), operation) { call in
      let tenant = try call.office.tenant
      guard
        let text = try await services.lanes.first(
          ContractTextStore.latest(of: call.variable(1), in: tenant), in: .tenant(tenant.number))
      else { throw Problem.notFound }
      let tag = EntityTag(version: Int64(text.version))
      if tag.isKnown(to: call.request) { return Response(.notModified, headers: [.entityTag: tag.headerValue]) }
      var response = Response(.ok, body: .octets(Array(text.words.utf8)))
      if let type = HeaderValue("\(text.mediaType.rawValue); charset=utf-8") { response.headers.append(.contentType, type) }
      response.headers.append(.entityTag, tag.headerValue)
      // RFC 9530 §3.
      if let digest = HeaderValue("sha-256=:\(Base64.standard.encode(text.checksum)):") { response.headers.append("Repr-Digest", digest) }
      return response
    }
  }

  private static func clause(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/clauses/{clause}", .tenant(.contractRead),
      Operation(
        "getClause", Text(zh: "一条条款：原文与我们的释义并列", en: "A clause: its own words beside what we say of it"),
        answer: Listing.named(["clause", "words", "items"]), failures: [404])
    ) { call in
      let tenant = try call.office.tenant
      let id = try call.variable(1)
      let asked = try call.variable(2)
      let text = ContractTextStore.latest(of: id, in: tenant)
      guard
        let (contract, answers) = try await services.dossiers.contract(of: id, in: tenant, on: services.lanes, asking: [text.statement])
      else { throw Problem.notFound }
      let words = try answers[0].decoded(by: text).first.flatMap { ContractText($0.words).words(citing: asked) }
      let document = contract.inForce(on: call.now.date)
      let places = ClauseNumber.citations(in: asked).flatMap(\.places)
      let items = document.sections.flatMap { section in section.items.map { (section, $0) } }.filter { _, item in
        item.citation.clause == asked
          || ClauseNumber.citations(in: item.citation.clause).flatMap(\.places).contains { cited in
            places.contains { $0.contains(cited) || cited.contains($0) }
          }
      }
      guard words != nil || !items.isEmpty else { throw Problem.notFound }
      var writer = JSONWriter(capacity: 2048)
      writer.beginObject()
      writer.key("clause")
      writer.string(asked)
      writer.key("words")
      writer.optional(words)
      writer.key("items")
      writer.beginArray()
      for (section, item) in items {
        writer.beginObject()
        writer.key("section")
        writer.string(section.name)
        writer.key("id")
        writer.string(item.id)
        writer.key("clause")
        writer.string(item.citation.clause)
        writer.key("says")
        writer.text(item.citation.says)
        writer.key("reading")
        if let reading = item.citation.reading { writer.text(reading) } else { writer.null() }
        writer.endObject()
      }
      writer.endArray()
      writer.endObject()
      return Response.json(writer.bytes)
    }
  }
}

extension Problem {
  /// 415: a body that is no text.
  fileprivate static let notText = Problem(
    status: 415, code: "not-text", title: Text(zh: "媒体类型不支持", en: "Unsupported media type"),
    detail: Text(
      zh: "合同原文须为 text/plain 或 text/markdown，UTF-8 编码。", en: "A contract's text is text/plain or text/markdown, in UTF-8."))

  /// 413: a text beyond what is kept.
  fileprivate static let textTooLarge = Problem(
    status: 413, code: "body-too-large", title: Text(zh: "内容过大", en: "Content too large"),
    detail: Text(
      zh: "合同原文不得超过 \(ContractText.greatestSize / 1024) KiB。",
      en: "A contract's text is at most \(ContractText.greatestSize / 1024) KiB."))
}
