// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// The facts that settlements rest on: each kind a resource with its own permission, all kept and judged alike.
enum FactRoutes {
  static func all(_ services: Services) -> [Route] {
    FactResource.all.flatMap { [list($0, services), record($0, services)] } + [one(services), void(services)]
  }

  private static func list(_ resource: FactResource, _ services: Services) -> Route {
    Route(
      .get, resource.path, .tenant(resource.read),
      Operation(
        "list\(resource.plural)", Text(zh: "已记录的\(resource.title.zh)，新的在前", en: "Recorded, newest first: \(resource.title.en)"),
        query: Keyset.parameters, answer: Listing.schematic(recorded))
    ) { call in
      let tenant = try call.office.tenant
      let contract = try call.variable(1)
      let page = try Keyset(call.request.target.query)
      let answers = try await services.lanes.rows(
        [
          ContractStore.exists(contract, in: tenant),
          FactStore.page(of: resource.kind, contract: contract, after: page.afterIdentifier(), limit: page.limit, in: tenant),
        ], in: .tenant(tenant.number), .read)
      guard !answers[0].isEmpty else { throw Problem.notFound }
      return try Page.response(answers[1], limit: page.limit, identifier: 0, FactStore.write)
    }
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/facts/{fact}", .tenant(.settlementRead),
      Operation("getFact", Text(zh: "结算单所引的一项事实", en: "A fact that a statement's line names"), answer: recorded)
    ) { call in
      var writer = JSONWriter(capacity: 1024)
      try FactStore.write(await row(call, services), to: &writer)
      return Response.json(writer.bytes)
    }
  }

  private static func row(_ call: Call, _ services: Services) async throws -> Row {
    let tenant = try call.office.tenant
    let rows = try await services.lanes.rows(FactStore.one(call.identifier(1), in: tenant), in: .tenant(tenant.number))
    guard let row = rows.first, try call.office.membership.sees(contract: FactStore.head(row).contract) else { throw Problem.notFound }
    return row
  }

  private static func record(_ resource: FactResource, _ services: Services) -> Route {
    Route(
      .post, resource.path, .tenant(resource.write), body: FactRecording.shape(of: resource),
      Operation(
        "record\(resource.noun)", Text(zh: "记录\(resource.title.zh)", en: "Record: \(resource.title.en)"), answer: Listing.named(["id"]),
        status: 201, failures: [409])
    ) { call, recording in
      try await record(recording, resource, call, services)
    }
  }

  private static func record(
    _ recording: FactRecording, _ resource: FactResource, _ call: Call, _ services: Services
  ) async throws -> Response {
    let office = try call.office
    let contract = try call.variable(1)
    let dossier = try await services.dossier(of: contract, for: call)
    let keeping: [Statement]
    do {
      try resource.judge(recording.content, by: dossier, call)
      keeping = try PaymentLimit.judge(recording, of: contract, by: dossier, call)
    } catch {
      // A repeated request gets its answer also when things have moved on since.
      if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
      throw error
    }
    let id = services.identities.next(at: call.now)
    var answer = Response.json(identified(id), status: .created)
    if let location = HeaderValue("/v1/tenants/\(office.code)/facts/\(id)") { answer.headers.append(.location, location) }
    let deed = Deed(
      statements: keeping
        + FactStore.add(
          FactStore.New(
            id: id, content: recording.content, kind: resource.kind, contract: contract, note: recording.note,
            user: try call.principal.user,
            side: office.membership.side.rawValue, at: call.now), in: office.tenant)
        + [
          try call.note("fact.record", "fact", "\(id)", audited(recording, resource, contract), id: services.identities.next(at: call.now))
        ],
      answer: answer)
    do {
      return try await deed.perform(for: call, on: services.lanes)
    } catch let error as PostgresError {
      switch error.state {
      case .alreadyRecorded?: throw Problem.alreadyRecorded
      case .changed?: throw Problem.paidMeanwhile
      default: throw error
      }
    }
  }

  private static func audited(_ recording: FactRecording, _ resource: FactResource, _ contract: String) -> JSON {
    var data: JSONObject = ["contract": .string(contract), "kind": .string(resource.kind)]
    if recording.exceedsPayable { data["exceedsPayable"] = true }
    return .object(data)
  }

  private static func identified(_ id: UUIDv7) -> [UInt8] {
    var writer = JSONWriter(capacity: 64)
    writer.beginObject()
    writer.key("id")
    writer.uuid(id)
    writer.endObject()
    return writer.bytes
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
      let head = try FactStore.head(await row(call, services))
      try await FactVoiding.judge(head, named: fact, call, services)
      let id = services.identities.next(at: call.now)
      let deed = Deed(
        statements: [
          FactStore.void(
            fact, of: head.contract, id: id, reason: reason, by: try call.principal.user, side: office.membership.side.rawValue,
            at: call.now, in: office.tenant),
          try call.note("fact.void", "fact", "\(fact)", ["by": .string("\(id)")], id: services.identities.next(at: call.now)),
        ], answer: Response.json(identified(id)))
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
        "fact": FactContent.shape.schema(collecting: &definitions), "sheet": ["type": ["object", "null"]],
        "incident": ["type": ["string", "null"]], "note": ["type": ["string", "null"]], "recordedBy": ["type": ["string", "null"]],
        "recordedSide": ["type": "string"],
        "recordedAt": ["type": "string", "format": "date-time"], "voided": ["type": ["object", "null"]],
      ],
    ]
  }
}
