// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Incidents: proposed by either side, confirmed or rejected by the office, and only then counted.
enum IncidentRoutes {
  static func all(_ services: Services) -> [Route] {
    [list(services), propose(services), one(services), confirm(services), reject(services)]
  }

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/incidents", .tenant(.incidentRead),
      Operation(
        "listIncidents", Text(zh: "违约事项列表，新的在前", en: "Incidents, newest first"),
        query: Keyset.parameters + [
          .init("contract", Text(zh: "只列此合同的", en: "Of this contract only")),
          .init(
            "state", Text(zh: "只列此状态的", en: "In this state only"),
            schema: ["type": "string", "enum": .array(Incident.State.allCases.map { .string($0.rawValue) })]),
        ],
        answer: Page.schematic(of: "incident", incident))
    ) { call in
      let tenant = try call.office.tenant
      let query = call.request.target.query
      let page = try Keyset(query)
      let after = try page.afterIdentifier()
      let statement: Statement
      let contracts = try call.office.membership.contracts
      if query["contract"] != nil || query["state"] != nil || contracts != nil {
        statement = IncidentStore.page(
          of: query["contract"], state: try state(query), among: contracts, after: after, limit: page.limit, in: tenant)
      } else {
        statement = IncidentStore.page(after: after, limit: page.limit, in: tenant)
      }
      let rows = try await services.lanes.rows(statement, in: .tenant(tenant.number))
      return try Page.response(rows, limit: page.limit, identifier: 0, IncidentStore.write)
    }
  }

  private static func state(_ query: HTTP.Query) throws -> Incident.State? {
    guard let text = query["state"] else { return nil }
    guard let state = Incident.State(rawValue: text) else {
      let known = Incident.State.allCases.map(\.rawValue).joined(separator: ", ")
      throw Problem.badQuery("state", Text(zh: "state 须为：\(known)", en: "state is one of: \(known)"))
    }
    return state
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/incidents/{incident}", .tenant(.incidentRead),
      Operation("getIncident", Text(zh: "一条违约事项", en: "One incident"), answer: incident, entityTag: .sent)
    ) { call in
      let row = try await row(call, services)
      let tag = EntityTag(version: Int64(try IncidentStore.version(row)))
      if tag.isKnown(to: call.request) { return Response(.notModified, headers: [.entityTag: tag.headerValue]) }
      var writer = JSONWriter(capacity: 2048)
      try IncidentStore.write(row, to: &writer)
      var response = Response.json(writer.bytes)
      response.headers.append(.entityTag, tag.headerValue)
      return response
    }
  }

  private static func row(_ call: Call, _ services: Services) async throws -> Row {
    let tenant = try call.office.tenant
    let rows = try await services.lanes.rows(IncidentStore.one(call.identifier(1), in: tenant), in: .tenant(tenant.number))
    guard let row = rows.first, try call.office.membership.sees(contract: IncidentStore.head(row).contract) else { throw Problem.notFound }
    return row
  }

  private static func propose(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/incidents", .tenant(.incidentPropose), body: IncidentBody.proposal,
      Operation(
        "proposeIncident", Text(zh: "提出一条违约事项", en: "Propose an incident"), answer: receipt, status: 201, failures: [409, 422])
    ) { call, proposal in
      let office = try call.office
      guard let side = Incident.Proposer(rawValue: office.membership.side.rawValue) else { throw Problem.forbidden("incident.propose") }
      try await judge(proposal.incident, at: proposal.occurredAt, of: proposal.contract, .proposed, call, services)
      let id = services.identities.next(at: call.now)
      let deed = Deed(
        statements: [
          IncidentStore.add(proposal, id: id, by: try call.principal.user, side: side, at: call.now, in: office.tenant),
          try call.note("incident.propose", "incident", "\(id)", id: services.identities.next(at: call.now)),
        ],
        answer: receipt(id, .proposed, version: 1, at: "/v1/tenants/\(office.code)/incidents/\(id)", status: .created))
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError {
        throw IncidentBody.explain(error, proposal) ?? error
      }
    }
  }

  private static func confirm(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/incidents/{incident}/confirm", .tenant(.incidentDecide), body: IncidentBody.confirmation,
      Operation(
        "confirmIncident", Text(zh: "确认一条违约事项，使其计入结算", en: "Confirm an incident, so that it counts"), answer: receipt,
        failures: [409], entityTag: .required)
    ) { call, body in
      try await decide(call, services, .confirmed, amount: body.amount, points: body.points, note: body.note)
    }
  }

  private static func reject(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/incidents/{incident}/reject", .tenant(.incidentDecide), body: IncidentBody.rejection,
      Operation(
        "rejectIncident", Text(zh: "驳回一条违约事项", en: "Reject an incident"), answer: receipt, failures: [409], entityTag: .required)
    ) { call, note in
      try await decide(call, services, .rejected, amount: nil, points: nil, note: note)
    }
  }

  private static func decide(
    _ call: Call, _ services: Services, _ state: Incident.State, amount: Fen?, points: Rational?, note: String?
  ) async throws -> Response {
    let office = try call.office
    let user = try call.principal.user
    let tag = try EntityTag.required(by: call.request)
    let head = try IncidentStore.head(await row(call, services))
    if let refusal = Incident.refusal(toDecideBy: user, side: office.membership.side, proposedBy: head.proposedBy) {
      throw Problem.ownProposal(refusal)
    }
    if state == .confirmed, head.state == .proposed {
      let decided = FactBody.Incident(
        kind: head.incident.kind, subject: head.incident.subject, quantity: head.incident.quantity, amount: amount ?? head.incident.amount,
        points: points ?? head.incident.points, by: head.incident.by)
      try await judge(decided, at: head.occurredAt, of: head.contract, .confirmed, call, services)
    }
    let id = try call.identifier(1)
    // A repeated request finds its stored answer even though the row has moved on; only a new one is judged by the row.
    let deed = Deed(
      statements: [
        IncidentStore.decide(
          id, version: Int32(clamping: tag.version), state: state, amount: amount, points: points, note: note, by: user, at: call.now,
          in: office.tenant),
        try call.note("incident.\(state.rawValue)", "incident", "\(id)", id: services.identities.next(at: call.now)),
      ],
      answer: receipt(id, state, version: tag.version + 1, at: nil, status: .ok))
    do {
      return try await deed.perform(for: call, on: services.lanes)
    } catch let error as PostgresError where error.state == .changed {
      if head.state != .proposed {
        throw Problem.conflict(
          "already-decided", Text(zh: "该事项已有决定（\(head.state.rawValue)）。", en: "This incident is decided already (\(head.state.rawValue))."))
      }
      throw Problem.changedSince
    }
  }

  /// Refuses what the contract in force that day does not know or leaves no room for, and what names nobody.
  private static func judge(
    _ incident: FactBody.Incident, at moment: Instant, of name: String, _ stage: IncidentCheck.Stage, _ call: Call, _ services: Services
  ) async throws {
    let tenant = try call.office.tenant
    let staff = incident.subject.map { [StaffStore.exists($0, in: tenant)] } ?? []
    guard try call.office.membership.sees(contract: name),
      let (contract, answers) = try await services.dossiers.contract(of: name, in: tenant, on: services.lanes, asking: staff)
    else {
      throw Problem(
        Faults([
          Fault(
            pointer: "/contract", code: "unknown-reference",
            detail: Text(zh: "本单位没有合同“\(name)”。", en: "The office has no contract “\(name)”."))
        ]))
    }
    var faults = IncidentCheck(contract).faults(in: incident, on: moment.date, stage)
    if moment.date > call.now.date {
      faults.append(Fault(pointer: "/occurredAt", code: "out-of-range", detail: Text(zh: "不得晚于今日。", en: "This must not be after today.")))
    }
    if let subject = incident.subject, answers[0].isEmpty,
      contract.inForce(on: moment.date).appraisal.incidents.contains(where: { $0.id == incident.kind && $0.subject == .staff })
    {
      faults.append(.unknownStaff(subject, at: "/subject"))
    }
    guard faults.isEmpty else { throw Problem(Faults(faults)) }
  }

  // MARK: Answers

  private static func receipt(_ id: UUIDv7, _ state: Incident.State, version: Int64, at location: String?, status: Status) -> Response {
    var writer = JSONWriter(capacity: 128)
    writer.beginObject()
    writer.key("id")
    writer.uuid(id)
    writer.key("state")
    writer.string(state.rawValue)
    writer.key("version")
    writer.integer(version)
    writer.endObject()
    var response = Response.json(writer.bytes, status: status)
    if let location = location.flatMap({ HeaderValue($0) }) { response.headers.append(.location, location) }
    response.headers.append(.entityTag, EntityTag(version: version).headerValue)
    return response
  }

  private static let receipt: Operation.Schematic = { _ in
    [
      "type": "object", "required": ["id", "state", "version"],
      "properties": ["id": ["type": "string", "format": "uuid"], "state": ["type": "string"], "version": ["type": "integer"]],
    ]
  }

  private static let incident: Operation.Schematic = { _ in IncidentStore.schema }
}
