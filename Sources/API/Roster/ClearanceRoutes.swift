// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// What people clear on leaving a contract's work: materials given back, data destroyed; declared by the vendor, confirmed by the office.
enum ClearanceRoutes {
  static func all(_ services: Services) -> [Route] {
    [
      list(services), declare(services), decide(.confirmed, services), decide(.rejected, services),
    ]
  }

  private static let members = [
    "id", "contract", "person", "materialsReturned", "dataDestroyed", "document", "state", "declaredSide", "declaredBy", "declaredAt",
    "decidedBy", "decidedAt", "note", "version",
  ]

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/clearances", .tenant(.staffRead),
      Operation(
        "listClearances", Text(zh: "离岗清理记录，新的在前", en: "What was cleared on leaving, newest first"),
        query: Keyset.parameters + [ConditionRoutes.person], answer: Listing.schematic(Listing.named(members)))
    ) { call in
      let tenant = try call.office.tenant
      let query = call.request.target.query
      let page = try Keyset(query)
      let rows = try await services.lanes.query(
        ClearanceStore.page(of: call.variable(1), person: query["person"], after: page.afterIdentifier(), limit: page.limit, in: tenant),
        in: .tenant(tenant.number))
      return Listing.response(rows, limit: page.limit, next: { "\($0.id)" }, write)
    }
  }

  static func write(_ row: ClearanceStore.Row, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("id")
    writer.uuid(row.id)
    writer.key("contract")
    writer.string(row.contract)
    writer.key("person")
    writer.string(row.person)
    writer.key("materialsReturned")
    writer.date(row.materialsReturned)
    writer.key("dataDestroyed")
    writer.date(row.dataDestroyed)
    writer.key("document")
    writer.string(row.document)
    writer.key("state")
    writer.string(row.state.rawValue)
    writer.key("declaredSide")
    writer.string(row.side.rawValue)
    writer.key("declaredBy")
    writer.uuid(row.declaredBy)
    writer.key("declaredAt")
    writer.instant(row.declaredAt)
    writer.key("decidedBy")
    if let user = row.decidedBy { writer.uuid(user) } else { writer.null() }
    writer.key("decidedAt")
    if let at = row.decidedAt { writer.instant(at) } else { writer.null() }
    writer.key("note")
    writer.optional(row.note)
    writer.key("version")
    writer.integer(row.version)
    writer.endObject()
  }

  private struct Declaration: Sendable {
    let person: String
    let materialsReturned: CivilDate
    let dataDestroyed: CivilDate
    let document: String
  }

  private static let declaration: Shape<Declaration> = .object(
    "clearanceDeclaration",
    about: Text(zh: "资料何日归还、数据何日销毁，凭哪份文件。", en: "When materials were given back and data destroyed, and on which paper it stands."),
    Field("person", .code), Field("materialsReturned", .date), Field("dataDestroyed", .date),
    Field("document", .string(minLength: 1, maxLength: 200))
  ) { Declaration(person: $0, materialsReturned: $1, dataDestroyed: $2, document: $3) }

  private static func declare(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/clearances", .tenant(.staffWrite), body: declaration,
      Operation(
        "declareClearance",
        Text(zh: "登记离岗清理；乙方登记的由甲方确认", en: "Put on record what was cleared; the vendor's word is for the office to confirm"),
        answer: Listing.named(["id", "state", "version"]), status: 201)
    ) { call, body in
      let office = try call.office
      let contract = try call.variable(1)
      _ = try await services.staff(body.person, at: "/person", for: call)
      let desk = try await StaffDesk(of: contract, call, services)
      guard desk.postings.contains(where: { $0.person == body.person }) else {
        throw Problem(
          Faults([
            Fault(
              pointer: "/person", code: "not-posted", detail: Text(zh: "此人未在本合同任岗。", en: "The person has no post under the contract."))
          ]))
      }
      let late = [("/materialsReturned", body.materialsReturned), ("/dataDestroyed", body.dataDestroyed)].filter { $0.1 > call.now.date }
      guard late.isEmpty else {
        throw Problem(
          Faults(
            late.map { Fault(pointer: $0.0, code: "out-of-range", detail: Text(zh: "不得晚于今日。", en: "This must not be after today.")) }))
      }
      let id = services.identities.next(at: call.now)
      let new = ClearanceStore.New(
        id: id, contract: contract, person: body.person, materialsReturned: body.materialsReturned, dataDestroyed: body.dataDestroyed,
        document: body.document)
      let state: ClearanceStore.State = office.membership.side == .office ? .confirmed : .declared
      return try await Deed(
        statements: [
          ClearanceStore.add(new, by: try call.principal.user, side: office.membership.side, at: call.now, in: office.tenant),
          try call.note(
            "staff.clear", "staff", body.person, ["contract": .string(contract), "id": .string("\(id)")],
            id: services.identities.next(at: call.now)),
        ], answer: call.receipt(id, state.rawValue, version: 1, status: .created)
      ).perform(for: call, on: services.lanes)
    }
  }

  private static let decision: Shape<String?> = .object(
    "clearanceDecision", about: Text(zh: "可附说明。", en: "A note may go with it."),
    Field(optional: "note", .string(minLength: 1, maxLength: 2000))
  ) { $0 }

  private static func decide(_ state: ClearanceStore.State, _ services: Services) -> Route {
    let isConfirmed = state == .confirmed
    let path: PathTemplate =
      isConfirmed
      ? "/v1/tenants/{tenant}/contracts/{contract}/clearances/{clearance}/confirm"
      : "/v1/tenants/{tenant}/contracts/{contract}/clearances/{clearance}/reject"
    return Route(
      .post, path, .tenant(.staffDecide), body: decision,
      Operation(
        isConfirmed ? "confirmClearance" : "rejectClearance",
        isConfirmed
          ? Text(zh: "甲方确认资料已归还、数据已销毁", en: "Confirm, as the office, that materials are back and data is gone")
          : Text(zh: "甲方否认乙方登记的离岗清理", en: "Reject, as the office, what the vendor says was cleared"),
        answer: Listing.named(["id", "state", "version"]), failures: [409], entityTag: .required)
    ) { call, note in
      let office = try call.office
      if office.membership.side != .office { throw Problem.forbidden(Permission.staffDecide.rawValue) }
      let id = try call.identifier(2)
      guard
        let row = try await services.lanes.first(
          ClearanceStore.one(id, of: call.variable(1), in: office.tenant), in: .tenant(office.tenant.number))
      else { throw Problem.notFound }
      let tag = try EntityTag.required(by: call.request)
      let deed = Deed(
        statements: [
          ClearanceStore.decide(
            id, version: Int32(clamping: tag.version), state: state, note: note, by: try call.principal.user, at: call.now,
            in: office.tenant),
          try call.note(
            "staff.clearance-\(isConfirmed ? "confirm" : "reject")", "staff", row.person, ["id": .string("\(id)")],
            id: services.identities.next(at: call.now)),
        ], answer: call.receipt(id, state.rawValue, version: tag.version + 1))
      do {
        return try await deed.performFromVersion(for: call, on: services.lanes)
      } catch let problem as Problem where problem.status == 412 && row.state != .declared {
        throw Problem.alreadyDecided(row.state.name)
      }
    }
  }
}
