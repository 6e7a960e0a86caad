// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Postgres
import Store

/// Further papers of a contract: adding one, and what one changes.
enum RevisionRoutes {
  static func all(_ services: Services) -> [Route] { [add(services), difference(services)] }

  private static func difference(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/revisions/{a}/diff/{b}", .tenant(.contractRead),
      Operation(
        "diffRevisions", Text(zh: "两个版本之间逐项的差别，用文字说明", en: "What differs between two papers, item by item, in words"),
        answer: Listing.named(["from", "to", "changes"]))
    ) { call in
      let tenant = try call.office.tenant
      let contract = try call.variable(1)
      func revision(_ position: Int) async throws -> RevisionStore.Revision {
        guard let number = Int32(try call.variable(position)),
          let revision = try await services.lanes.first(RevisionStore.one(number, of: contract, in: tenant), in: .tenant(tenant.number))
        else { throw Problem.notFound }
        return revision
      }
      let (from, to) = (try await revision(2), try await revision(3))
      var writer = JSONWriter(capacity: 1 << 14)
      writer.beginObject()
      writer.key("from")
      ContractRoutes.write(from, to: &writer)
      writer.key("to")
      ContractRoutes.write(to, to: &writer)
      writer.key("changes")
      RevisionDiff(from: from.document, to: to.document).writeChanges(to: &writer)
      writer.endObject()
      return Response.json(writer.bytes)
    }
  }

  private static func add(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/revisions", .tenant(.contractRevise), body: ContractDocument.shape,
      Operation(
        "addRevision", Text(zh: "增加一份文本：补充协议、续签或到期延续（全文）", en: "Add a paper, whole: a supplement, a renewal, a hold-over"),
        answer: Listing.named(["revision", "kind", "effectiveFrom"]), status: 201, failures: [409], entityTag: .required)
    ) { call, document in
      do {
        return try await add(document, call, services)
      } catch {
        // A repeated request gets its answer also when things have moved on since.
        if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
        throw error
      }
    }
  }

  private static func add(_ document: ContractDocument, _ call: Call, _ services: Services) async throws -> Response {
    let office = try call.office
    let contract = try call.variable(1)
    let tag = try EntityTag.required(by: call.request)
    let dossier = try await services.dossier(of: contract, for: call)
    guard tag.version == Int64(dossier.contract.revisions.count) else { throw Problem.changedSince }
    let addition = try RevisionAddition(document, to: dossier.contract)
    var faults = try await parties(document, services)
    faults += try addition.rewritings(
      of: dossier.contract, facts: dossier.facts, confirmed: Set(dossier.confirmed.map(\.payment)), calendar: dossier.calendar,
      packs: dossier.packs, asOf: call.now.date)
    faults += try await predicates(document, office.tenant, services)
    guard faults.isEmpty else { throw Problem(Faults(faults)) }
    guard let stored = try await services.lanes.first(TenantStore.one(office.code), in: .platform),
      let agreement = Office.windDown(in: stored.settings).flatMap({ OfficeState.Agreement(addition.contract, windDown: $0) })
    else { throw Problem.unexpected }
    let json = try JSON.parse(call.request.body)
    let day = document.revision.effectiveFrom
    let paper = OfficeState.Paper(
      contract: contract, kind: document.revision.kind, effectiveFrom: day,
      document: OfficeState.Filed(
        path: "contracts/\(contract)/\(day)-\(document.revision.kind.rawValue).json", json: json,
        digest: try SHA256.digest(of: json.canonical)))
    let number = Int32(clamping: tag.version)
    let user = try call.principal.user
    var statements = [
      RevisionStore.add(paper, behind: number, by: user, at: call.now, in: office.tenant),
      ContractStore.put(agreement, at: call.now, in: office.tenant),
      TenantFileStore.put(paper.document.path, json, checksum: paper.document.digest, by: user, at: call.now, in: office.tenant),
    ]
    statements += OfficeState.Post.all(of: addition.contract).map { post in
      StaffStore.put(
        StaffStore.Post(contract: post.contract, code: post.code, title: post.title, places: Int32(clamping: post.places)),
        in: office.tenant)
    }
    statements.append(
      try call.note(
        "contract.revise", "contract", contract,
        [
          "revision": .integer(number + 1), "kind": .string(document.revision.kind.rawValue), "effectiveFrom": .string("\(day)"),
          "sha256": .string(Hex.encode(paper.document.digest)),
        ], id: services.identities.next(at: call.now)))
    let answer = answer(number + 1, document, "/v1/tenants/\(office.code)/contracts/\(contract)/revisions/\(number + 1)")
    do {
      let response = try await Deed(statements: statements, answer: answer).perform(for: call, on: services.lanes)
      services.access.forget(office: office.code)
      return response
    } catch let error as PostgresError where error.state == .changed || error.violatesUnique(RevisionStore.numberConstraint) {
      throw Problem.changedSince
    }
  }

  private static func answer(_ number: Int32, _ document: ContractDocument, _ path: String) -> Response {
    var writer = JSONWriter(capacity: 128)
    writer.beginObject()
    writer.key("revision")
    writer.integer(number)
    writer.key("kind")
    writer.string(document.revision.kind.rawValue)
    writer.key("effectiveFrom")
    writer.date(document.revision.effectiveFrom)
    writer.endObject()
    var answer = Response.json(writer.bytes, status: .created)
    if let location = HeaderValue(path) { answer.headers.append(.location, location) }
    answer.headers.append(.entityTag, EntityTag(version: Int64(number)).headerValue)
    return answer
  }

  /// The two sides must be known as what they sign as.
  private static func parties(_ document: ContractDocument, _ services: Services) async throws -> [Fault] {
    let terms = document.terms
    let known = try await services.lanes.query(
      OrganisationStore.list([terms.office.organisation, terms.vendor.organisation]), in: .platform)
    var faults: [Fault] = []
    for (party, member, side, kind) in [
      (terms.office, "office", Side.office, Text(zh: "甲方单位", en: "office")),
      (terms.vendor, "vendor", .vendor, Text(zh: "供应商", en: "vendor")),
    ] where !known.contains(where: { $0.code == party.organisation && $0.kind == side }) {
      faults.append(
        Fault(
          pointer: "/parties/\(member)/organisation", code: "unknown-reference",
          detail: Text(zh: "没有\(kind.zh)“\(party.organisation)”。", en: "There is no \(kind.en) called “\(party.organisation)”.")))
    }
    return faults
  }

  /// Has PostgreSQL read every predicate of the paper's service levels: it is the one that will evaluate them.
  private static func predicates(_ document: ContractDocument, _ tenant: TenantID, _ services: Services) async throws -> [Fault] {
    var predicates: [(pointer: String, text: String)] = []
    for (index, level) in document.service.levels.enumerated() {
      for (member, text) in [("when", level.when), ("unless", level.unless)] {
        if let text { predicates.append(("/levels/\(index)/\(member)", text)) }
      }
    }
    guard !predicates.isEmpty else { return [] }
    let faults = try await services.lanes.query(RuleTableStore.faults(in: predicates.map(\.text)), in: .tenant(tenant.number))
    return faults.map { Fault($0, at: predicates[$0.index].pointer) }
  }
}
