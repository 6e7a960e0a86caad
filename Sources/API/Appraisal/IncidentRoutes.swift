// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Incidents: listed, read, and proposed by either side; what becomes of them is in `IncidentStepRoutes`.
enum IncidentRoutes {
  static func all(_ services: Services) -> [Route] {
    [list(services), propose(services), one(services)] + IncidentStepRoutes.all(services)
  }

  /// What a list of them is narrowed by.
  static let filters: [Operation.Parameter] = [
    .init("contract", Text(zh: "只列此合同的", en: "Of this contract only")),
    .init(
      "state", Text(zh: "只列此状态的", en: "In this state only"),
      schema: ["type": "string", "enum": .array(Incident.State.allCases.map { .string($0.rawValue) })]),
    .init("subject", Text(zh: "只列关于此人、此工单的", en: "About this person or order only")),
    .init("period", Text(zh: "只列计入此期的", en: "Taken in by this period's statement only")),
  ]

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/incidents", .tenant(.incidentRead),
      Operation(
        "listIncidents", Text(zh: "违约事项列表，新的在前", en: "Incidents, newest first"),
        query: Keyset.parameters + filters,
        answer: Page.schematic(of: "incident", incident))
    ) { call in
      let tenant = try call.office.tenant
      let query = call.request.target.query
      let page = try Keyset(query)
      let after = try page.afterIdentifier()
      let choice = IncidentStore.Choice(
        contract: query["contract"], state: try state(query), subject: query["subject"], period: query["period"],
        among: try call.office.membership.contracts)
      let statement =
        choice.isAll
        ? IncidentStore.page(after: after, limit: page.limit, in: tenant)
        : IncidentStore.page(of: choice, after: after, limit: page.limit, in: tenant)
      let rows = try await services.lanes.rows(statement, in: .tenant(tenant.number))
      var asked = false
      for row in rows where !asked { asked = try IncidentStore.awaitsAnswer(row) }
      let calendar = asked ? try await services.dossiers.calendar(on: services.lanes) : nil
      return try Page.response(rows, limit: page.limit, identifier: 0) { row, writer throws(DecodingFailure) in
        try IncidentStore.write(row, by: calendar, to: &writer)
      }
    }
  }

  static func state(_ query: HTTP.Query) throws -> Incident.State? {
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
      Operation(
        "getIncident", Text(zh: "一条违约事项，及其各步、所涉班次与打卡", en: "One incident, its steps, the shifts and marks that it rests on"),
        answer: whole, entityTag: .sent)
    ) { call in
      let tenant = try call.office.tenant
      let id = try call.identifier(1)
      let steps = IncidentStore.steps(of: id, in: tenant)
      let answers = try await services.lanes.rows([IncidentStore.one(id, in: tenant), steps.statement], in: .tenant(tenant.number), .read)
      guard let row = answers[0].first, try call.office.membership.sees(contract: IncidentStore.head(row).contract) else {
        throw Problem.notFound
      }
      let tag = EntityTag(version: Int64(try IncidentStore.version(row)))
      if tag.isKnown(to: call.request) { return Response(.notModified, headers: [.entityTag: tag.headerValue]) }
      let calendar = try IncidentStore.awaitsAnswer(row) ? try await services.dossiers.calendar(on: services.lanes) : nil
      var writer = JSONWriter(capacity: 2048)
      writer.beginObject()
      try IncidentStore.writeMembers(row, by: calendar, to: &writer)
      writer.key("steps")
      writer.beginArray()
      for step in try answers[1].decoded(by: steps) { writer.value(step.json) }
      writer.endArray()
      let attendance = try await AttendanceReading(
        evidence: IncidentStore.evidence(row), of: IncidentStore.head(row).contract, in: tenant, services)
      writer.key("shifts")
      writer.beginArray()
      for shift in attendance.shifts { attendance.write(shift, at: call.now, to: &writer) }
      writer.endArray()
      writer.endObject()
      return .json(writer.bytes, version: tag.version)
    }
  }

  private static func propose(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/incidents", .tenant(.incidentPropose), body: IncidentBody.proposal,
      Operation(
        "proposeIncident", Text(zh: "提出一条违约事项", en: "Propose an incident"), answer: receipt, status: 201, failures: [409, 422])
    ) { call, proposal in
      let office = try call.office
      guard let side = Incident.Proposer(rawValue: office.membership.side.rawValue) else { throw Problem.forbidden("incident.propose") }
      let isOpen = try await IncidentJudgement.judge(
        proposal.incident, at: proposal.occurredAt, of: proposal.contract, .proposed, call, services)
      // Whoever may decide and gives a reason has set what the rule leaves open; another agrees by confirming.
      let isSet =
        try isOpen && side == .office && proposal.reason != nil
        && (proposal.incident.amount != nil || proposal.incident.points != nil)
        && office.membership.may(.incidentDecide, scopes: call.principal.scopes, at: call.now)
      let id = services.identities.next(at: call.now)
      let deed = Deed(
        statements: [
          IncidentStore.add(
            proposal, id: id, by: try call.principal.user, side: side, isSet: isSet, at: call.now, in: office.tenant),
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

  // MARK: Answers

  static func receipt(_ id: UUIDv7, _ state: Incident.State, version: Int64, at location: String?, status: Status) -> Response {
    var writer = JSONWriter(capacity: 128)
    writer.beginObject()
    writer.key("id")
    writer.uuid(id)
    writer.key("state")
    writer.string(state.rawValue)
    writer.key("version")
    writer.integer(version)
    writer.endObject()
    return .json(writer.bytes, version: version, at: location, status: status)
  }

  static let receipt: Operation.Schematic = { _ in
    [
      "type": "object", "required": ["id", "state", "version"],
      "properties": ["id": ["type": "string", "format": "uuid"], "state": ["type": "string"], "version": ["type": "integer"]],
    ]
  }

  private static let incident: Operation.Schematic = { _ in IncidentStore.schema }

  private static let whole: Operation.Schematic = { _ in
    [
      "allOf": [
        IncidentStore.schema,
        ["type": "object", "required": ["steps", "shifts"], "properties": ["steps": ["type": "array"], "shifts": ["type": "array"]]],
      ]
    ]
  }
}

extension IncidentStore.Taken {
  var json: JSON {
    [
      "step": .string(step), "version": .integer(version), "at": .string("\(at)"), "by": actor.map { .string("\($0)") } ?? .null,
      "name": name.map { .string($0) } ?? .null, "side": .string(side), "amount": amount.map { .string($0.yuan) } ?? .null,
      "points": points.map { .string($0) } ?? .null, "note": note.map { .string($0) } ?? .null, "evidence": evidence,
    ]
  }
}
