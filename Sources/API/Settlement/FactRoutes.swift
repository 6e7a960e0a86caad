// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// The facts that settlements rest on: each kind a resource with its own permission, all kept and judged alike.
enum FactRoutes {
  /// A kind of fact as a resource.
  private struct Resource: Sendable {
    let path: PathTemplate
    /// In operation ids: `listInvoices`, `recordInvoice`.
    let noun: String
    let plural: String
    let title: Text
    /// As it stands in the database.
    let kind: String
    let read: Permission
    let write: Permission
    let body: Field<FactBody>
    /// The side that records it; nil where the contract says which.
    let side: Side?
  }

  private static let resources = [
    Resource(
      path: "/v1/tenants/{tenant}/contracts/{contract}/invoices", noun: "Invoice", plural: "Invoices",
      title: Text(zh: "发票（甲方收到之日）", en: "invoice, on the day the office received it"), kind: "invoice", read: .invoiceRead,
      write: .invoiceWrite, body: FactBody.invoice, side: nil),
    Resource(
      path: "/v1/tenants/{tenant}/contracts/{contract}/payments", noun: "Payment", plural: "Payments",
      title: Text(zh: "付款", en: "payment"), kind: "payment", read: .paymentRead, write: .paymentWrite, body: FactBody.payment,
      side: .office),
    Resource(
      path: "/v1/tenants/{tenant}/contracts/{contract}/audited-amounts", noun: "AuditedAmount", plural: "AuditedAmounts",
      title: Text(zh: "审定金额", en: "audited final amount"), kind: "audited", read: .auditedAmountRead, write: .auditedAmountWrite,
      body: FactBody.audited, side: .office),
    Resource(
      path: "/v1/tenants/{tenant}/contracts/{contract}/grades", noun: "Grade", plural: "Grades",
      title: Text(zh: "评定等次", en: "grade"), kind: "grade", read: .gradeRead, write: .gradeDecide, body: FactBody.grade, side: .office),
    Resource(
      path: "/v1/tenants/{tenant}/contracts/{contract}/scores", noun: "Score", plural: "Scores", title: Text(zh: "评分", en: "score"),
      kind: "score", read: .scoreRead, write: .scoreWrite, body: FactBody.score, side: .office),
    Resource(
      path: "/v1/tenants/{tenant}/contracts/{contract}/acceptances", noun: "Acceptance", plural: "Acceptances",
      title: Text(zh: "验收意见", en: "acceptance or rejection of deliverables"), kind: "acceptance", read: .acceptanceRead,
      write: .acceptanceWrite, body: acceptance, side: .office),
    Resource(
      path: "/v1/tenants/{tenant}/contracts/{contract}/events", noun: "Event", plural: "Events",
      title: Text(zh: "合同事件（通知、交付、终止等）", en: "event of the contract: a notice, a delivery, an end"), kind: "event", read: .eventRead,
      write: .eventWrite, body: FactBody.event, side: nil),
  ]

  /// What the office found: accepted, or rejected with the day by which it is to be cured.
  private static let acceptance = Field<FactBody>.group(
    Field("result", .enumeration([("accepted", KnownEvent.accepted), ("rejected", .rejected)])), Field(optional: "cureBy", .date),
    Field(optional: "subject", .string(minLength: 1, maxLength: 64))
  ) { .event(FactBody.Event(.known($0), agreed: $1, subject: $2)) }

  static func all(_ services: Services) -> [Route] {
    resources.flatMap { [list($0, services), record($0, services)] } + [void(services)]
  }

  private static func list(_ resource: Resource, _ services: Services) -> Route {
    Route(
      .get, resource.path, .tenant(resource.read),
      Operation(
        "list\(resource.plural)", Text(zh: "已记录的\(resource.title.zh)，新的在前", en: "Recorded, newest first: \(resource.title.en)"),
        query: Keyset.parameters, answer: Listing.schematic(recorded))
    ) { call in
      let tenant = try call.office.tenant
      let page = try Keyset(call.request.target.query)
      let rows = try await services.lanes.rows(
        FactStore.page(of: resource.kind, contract: call.variable(1), after: page.afterIdentifier(), limit: page.limit, in: tenant),
        in: .tenant(tenant.number))
      return try Page.response(rows, limit: page.limit, identifier: 0, FactStore.write)
    }
  }

  private static func record(_ resource: Resource, _ services: Services) -> Route {
    let shape = Shape<Recording>.object(
      "\(resource.noun.prefix(1).lowercased())\(resource.noun.dropFirst())Recording", about: resource.title,
      Field("on", .date), Field(optional: "at", .instant), resource.body, Field(optional: "note", .string(minLength: 1, maxLength: 2000))
    ) { Recording(content: FactContent(on: $0, at: $1, body: $2), note: $3) }
    return Route(
      .post, resource.path, .tenant(resource.write), body: shape,
      Operation(
        "record\(resource.noun)", Text(zh: "记录\(resource.title.zh)", en: "Record: \(resource.title.en)"), answer: Listing.named(["id"]),
        status: 201, failures: [409])
    ) { call, recording in
      try await record(recording, resource, call, services)
    }
  }

  struct Recording: Sendable {
    let content: FactContent
    let note: String?
  }

  private static func record(
    _ recording: Recording, _ resource: Resource, _ call: Call, _ services: Services
  ) async throws -> Response {
    let office = try call.office
    let contract = try call.variable(1)
    let dossier = try await services.dossier(of: contract, for: call)
    try await judge(recording.content, dossier, resource, call, services)
    let id = services.identities.next(at: call.now)
    var writer = JSONWriter(capacity: 64)
    writer.beginObject()
    writer.key("id")
    writer.uuid(id)
    writer.endObject()
    let deed = Deed(
      statements: [
        FactStore.add(
          recording.content, kind: resource.kind, id: id, contract: contract, note: recording.note, by: try call.principal.user,
          side: office.membership.side.rawValue, at: call.now, in: office.tenant),
        try call.note(
          "fact.record", "fact", "\(id)", ["contract": .string(contract), "kind": .string(resource.kind)],
          id: services.identities.next(at: call.now)),
      ], answer: Response.json(writer.bytes, status: .created))
    return try await deed.perform(for: call, on: services.lanes)
  }

  /// Refuses what the contract does not know, what the caller's side may not record, and what names nobody.
  private static func judge(
    _ content: FactContent, _ dossier: Dossier, _ resource: Resource, _ call: Call, _ services: Services
  ) async throws {
    let check = try dossier.check(on: call.now.date)
    var faults = check.faults(in: content)
    if resource.kind == "event", case .event(let event) = content.body, event.name == .known(.accepted) || event.name == .known(.rejected) {
      faults.append(
        Fault(
          pointer: "/event", code: "not-applicable",
          detail: Text(zh: "验收意见请记录在 acceptances。", en: "Acceptance is recorded under acceptances.")))
    }
    if content.on > call.now.date {
      faults.append(Fault(pointer: "/on", code: "out-of-range", detail: Text(zh: "不得晚于今日。", en: "This must not be after today.")))
    }
    if case .score(let series, _, let subject?, _) = content.body, dossier.contract.scoresStaff(series) {
      faults += try await services.faults(inStaff: subject, at: "/subject", for: call)
    }
    guard faults.isEmpty else { throw Problem(Faults(faults)) }
    let side = try call.office.membership.side
    if let only = resource.side, only != side { throw Problem.forbidden(resource.write.rawValue) }
    if case .event(let event) = content.body, !check.recorders(of: event.name).contains(where: { $0.rawValue == side.rawValue }) {
      throw Problem(
        status: 403, code: "not-your-side", title: Text(zh: "不由本方记录", en: "Not for your side to record"),
        detail: Text(zh: "合同约定“\(event.name.code)”由对方记录。", en: "By the contract the other side records “\(event.name.code)”."))
    }
  }

  private static let voiding: Shape<String> = .object(
    "factVoiding", about: Text(zh: "作废的理由。", en: "Why it is voided."), Field("reason", .string(minLength: 1, maxLength: 2000))
  ) { $0 }

  private static func void(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/facts/{fact}/void", .tenant(.factVoid), body: voiding,
      Operation(
        "voidFact", Text(zh: "作废一项有误的事实；原记录保留", en: "Void a fact that was wrong; the record stays"), answer: Listing.named(["id"]),
        failures: [409])
    ) { call, reason in
      let office = try call.office
      let fact = try call.identifier(1)
      let rows = try await services.lanes.rows(FactStore.one(fact, in: office.tenant), in: .tenant(office.tenant.number))
      guard let head = try rows.first.map(FactStore.head) else { throw Problem.notFound }
      let id = services.identities.next(at: call.now)
      var writer = JSONWriter(capacity: 64)
      writer.beginObject()
      writer.key("id")
      writer.uuid(id)
      writer.endObject()
      let deed = Deed(
        statements: [
          FactStore.void(
            fact, of: head.contract, id: id, reason: reason, by: try call.principal.user, side: office.membership.side.rawValue,
            at: call.now, in: office.tenant),
          try call.note("fact.void", "fact", "\(fact)", ["by": .string("\(id)")], id: services.identities.next(at: call.now)),
        ], answer: Response.json(writer.bytes))
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError where error.violatesUnique(FactStore.voidedConstraint) {
        throw Problem.conflict("already-voided", Text(zh: "该事实已作废。", en: "This fact is voided already."))
      }
    }
  }

  private static let recorded: Operation.Schematic = { definitions in
    [
      "type": "object", "required": ["id", "contract", "fact", "recordedSide", "recordedAt", "voided"],
      "properties": [
        "id": ["type": "string", "format": "uuid"], "contract": ["type": "string"],
        "fact": FactContent.shape.schema(collecting: &definitions), "note": ["type": ["string", "null"]],
        "recordedBy": ["type": ["string", "null"]], "recordedSide": ["type": "string"],
        "recordedAt": ["type": "string", "format": "date-time"], "voided": ["type": ["object", "null"]],
      ],
    ]
  }
}

extension Contract {
  /// Whether a series of scores is given to people rather than to the team.
  fileprivate func scoresStaff(_ series: String) -> Bool {
    revisions.contains { $0.appraisal.scores.contains { $0.id == series && $0.subject == .staff } }
  }
}
