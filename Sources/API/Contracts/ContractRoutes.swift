// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Postgres
import Store

/// The contracts of an office: the list, the paper in force, the papers one by one.
enum ContractRoutes {
  static func all(_ services: Services) -> [Route] { [list(services), one(services), revisions(services), revision(services)] }

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts", .tenant(.contractRead),
      Operation(
        "listContracts", Text(zh: "本单位的合同", en: "The office's contracts"), query: Keyset.parameters,
        answer: Listing.schematic(Listing.named(["id", "title", "vendor", "state", "version"])))
    ) { call in
      let tenant = try call.office.tenant
      let page = try Keyset(call.request.target.query)
      let contracts = try await services.lanes.query(
        ContractStore.page(after: page.after, among: call.office.membership.contracts, limit: page.limit, in: tenant),
        in: .tenant(tenant.number))
      return Listing.response(contracts, limit: page.limit, next: \.id, write)
    }
  }

  private static func write(_ contract: ContractStore.Row, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("id")
    writer.string(contract.id)
    writer.key("title")
    writer.text(contract.title)
    writer.key("vendor")
    writer.string(contract.vendor)
    writer.key("state")
    writer.string(contract.state.rawValue)
    writer.key("version")
    writer.integer(contract.version)
    writer.endObject()
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}", .tenant(.contractRead),
      Operation(
        "getContract", Text(zh: "合同：今日有效的文本、期限、各版本", en: "A contract: the paper in force today, its term, its revisions"),
        answer: Listing.named(["id", "term", "revisions", "document", "text", "words"]))
    ) { call in
      let tenant = try call.office.tenant
      let papers = RevisionStore.list(of: try call.variable(1), in: tenant)
      let attached = ContractTextStore.latest(of: try call.variable(1), in: tenant)
      let results = try await services.lanes.rows([papers.statement, attached.statement], in: .tenant(tenant.number), .read)
      let revisions = try results[0].decoded(by: papers)
      let text = try results[1].decoded(by: attached).first
      guard !revisions.isEmpty else { throw Problem.notFound }
      let contract = try RevisionStore.contract(revisions)
      // The papers are in the order of effect, as the chain has them.
      let inForce = contract.revisionIndex(on: call.now.date)
      var writer = JSONWriter(capacity: 1 << 15)
      writer.beginObject()
      writer.key("id")
      writer.string(contract.id)
      writer.key("term")
      writer.beginObject()
      writer.key("from")
      writer.date(contract.term.first)
      writer.key("to")
      writer.date(contract.term.last)
      writer.endObject()
      writer.key("revisions")
      writer.beginArray()
      for revision in revisions { write(revision, to: &writer) }
      writer.endArray()
      writer.key("inForce")
      writer.integer(revisions[inForce].number)
      writer.key("document")
      writer.value(revisions[inForce].document)
      write(text, beside: contract.revisions[inForce], to: &writer)
      writer.endObject()
      return Response.json(writer.bytes)
    }
  }

  /// Which text is attached, and the words of every clause that the paper's items cite.
  private static func write(
    _ text: ContractTextStore.Attached?, beside document: ContractDocument, to writer: inout JSONWriter
  ) {
    writer.key("text")
    guard let text else {
      writer.null()
      writer.key("words")
      writer.beginObject()
      writer.endObject()
      return
    }
    let words = ContractText(text.words)
    writer.beginObject()
    ContractTextRoutes.write(text, clauses: words.clauses.count, to: &writer)
    writer.endObject()
    writer.key("words")
    writer.beginObject()
    for clause in document.citedClauses {
      guard let passage = words.words(citing: clause) else { continue }
      writer.key(escaping: clause)
      writer.string(passage)
    }
    writer.endObject()
  }

  private static func revisions(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/revisions", .tenant(.contractRead),
      Operation(
        "listRevisions", Text(zh: "合同的各版本，按生效日", en: "The contract's papers, in the order of effect"),
        answer: Listing.schematic(Listing.named(["revision", "kind", "effectiveFrom", "sha256", "appliedAt"])), entityTag: .sent)
    ) { call in
      let tenant = try call.office.tenant
      let revisions = try await services.lanes.query(RevisionStore.list(of: call.variable(1), in: tenant), in: .tenant(tenant.number))
      guard !revisions.isEmpty else { throw Problem.notFound }
      var response = Listing.response(revisions, write)
      response.headers.append(.entityTag, EntityTag(version: Int64(revisions.map(\.number).max() ?? 0)).headerValue)
      return response
    }
  }

  private static func revision(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/revisions/{revision}", .tenant(.contractRead),
      Operation("getRevision", Text(zh: "一个版本的全文", en: "One paper, whole"), answer: { ContractDocument.shape.schema(collecting: &$0) })
    ) { call in
      let tenant = try call.office.tenant
      guard let number = Int32(try call.variable(2)),
        let revision = try await services.lanes.first(
          RevisionStore.one(number, of: call.variable(1), in: tenant), in: .tenant(tenant.number))
      else { throw Problem.notFound }
      var writer = JSONWriter(capacity: 1 << 15)
      writer.value(revision.document)
      return Response.json(writer.bytes)
    }
  }

  static func write(_ revision: RevisionStore.Revision, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("revision")
    writer.integer(revision.number)
    writer.key("kind")
    writer.string(revision.kind.rawValue)
    writer.key("effectiveFrom")
    writer.date(revision.effectiveFrom)
    writer.key("sha256")
    writer.string(Hex.encode(revision.checksum))
    writer.key("appliedAt")
    writer.instant(revision.applied)
    writer.endObject()
  }
}
