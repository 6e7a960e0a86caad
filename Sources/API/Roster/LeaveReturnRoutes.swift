// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Early returns from leave 提前销假: asked for and decided as leave is; the shifts that the leave took stay with whoever has them.
enum LeaveReturnRoutes {
  static func all(_ services: Services) -> [Route] {
    [list(services), ask(services), one(services), approve(services), reject(services), withdraw(services)]
  }

  // MARK: Reading

  private static let members = ["leave", "person", "backAt"] + RosterRequest.members

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/leave-returns", .tenant(.shiftRead),
      Operation(
        "listLeaveReturns",
        Text(zh: "提前销假，新提出的在前；坐席只见自己的", en: "Early returns from leave, what was asked for last first; a seat sees its own"),
        query: Keyset.parameters + [
          .init("leave", Text(zh: "只列此次请假的", en: "From this leave only"), schema: ["type": "string", "format": "uuid"]),
          .init("person", Text(zh: "只列此人的", en: "Of this person only")), RosterRequest.stateParameter,
        ], answer: Listing.schematic(Listing.named(members)))
    ) { call in
      let tenant = try call.office.tenant
      let query = call.request.target.query
      let page = try Keyset(query)
      let leave = try query["leave"].map { text in
        guard let leave = UUIDv7(text) else {
          throw Problem.badQuery("leave", Text(zh: "leave 须为请假的 id。", en: "leave must be a leave's id."))
        }
        return leave
      }
      let rows = try await services.lanes.query(
        LeaveReturnStore.page(
          of: leave, person: query["person"], state: ObligationFilter.word("state", query), for: LeaveRoutes.reader(call),
          after: page.afterIdentifier(), limit: page.limit, in: tenant), in: .tenant(tenant.number))
      return Listing.response(rows, limit: page.limit, next: { "\($0.request.id)" }, write)
    }
  }

  private static func write(_ row: LeaveReturnStore.Row, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("leave")
    writer.uuid(row.leave.id)
    writer.key("person")
    writer.string(row.leave.person)
    writer.key("backAt")
    writer.instant(row.back)
    row.request.writeMembers(to: &writer)
    writer.endObject()
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/leave-returns/{return}", .tenant(.shiftRead),
      Operation("getLeaveReturn", Text(zh: "一次提前销假", en: "One early return"), answer: Listing.named(members), entityTag: .sent)
    ) { call in
      let row = try await row(call, services)
      var writer = JSONWriter(capacity: 512)
      write(row, to: &writer)
      return .json(writer.bytes, version: Int64(row.request.version))
    }
  }

  private static func row(_ call: Call, _ services: Services) async throws -> LeaveReturnStore.Row {
    let tenant = try call.office.tenant
    let query = LeaveReturnStore.one(try call.identifier(1), for: try LeaveRoutes.reader(call), in: tenant)
    guard let row = try await services.lanes.first(query, in: .tenant(tenant.number)) else { throw Problem.notFound }
    return row
  }

  // MARK: Asking

  private struct Asking: Sendable {
    let leave: UUIDv7
    let back: Instant
    let reason: String
  }

  private static let asking: Shape<Asking> = .object(
    "leaveReturnAsking", about: Text(zh: "哪次请假、自何时起回来、何故。", en: "Which leave, back from when on, and why."),
    Field("leave", .uuid), Field("backAt", .instant), Field("reason", ShiftBody.reason)
  ) { Asking(leave: $0, back: $1, reason: $2) }

  private static func ask(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/leave-returns", .tenant(.rosterPropose), body: asking,
      Operation(
        "askLeaveReturn",
        Text(
          zh: "申请提前结束已批准的假：为自己，排班者也可为本方他人",
          en: "Ask for approved leave to end early: for oneself, or as who plans for another of one's side"),
        answer: Listing.named(["id", "state", "version"]), status: 201, failures: [409])
    ) { call, body in
      do {
        return try await ShiftPlanning(call: call, services: services).again { try await asked(body, call, services) }
      } catch let error as PostgresError where error.violatesUnique(LeaveReturnStore.openConstraint) {
        throw Problem.conflict("already-asked", Text(zh: "此次请假已有待批的提前销假。", en: "An early return from this leave waits already."))
      }
    }
  }

  private static func asked(_ body: Asking, _ call: Call, _ services: Services) async throws -> Deed {
    let office = try call.office
    let user = try call.principal.user
    let leave = try await leave(body, call, services)
    let person = try await services.staff(leave.person, at: "/leave", for: call)
    if person.user != user, !(try call.plansRosters) { throw Problem.forbidden(Permission.shiftWrite.rawValue) }
    let id = services.identities.next(at: call.now)
    let side = try await RosterDesk(call, services).side(deciding: \.leave, on: leave.time.lowerBound.date)
    return Deed(
      statements: LeaveReturnStore.add(
        id, of: leave, back: body.back, because: body.reason, by: user, side: office.membership.side, at: call.now, in: office.tenant) + [
          try notice(id, body.leave, body.back, of: person.organisation).waits(for: side, call, services),
          try call.note(
            "leave-return.ask", "leave-return", "\(id)", ["person": .string(leave.person), "leave": .string("\(body.leave)")],
            id: services.identities.next(at: call.now)),
        ],
      answer: try call.receipt(asking: id, in: "leave-returns"))
  }

  /// The leave that a request is to shorten.
  ///
  /// - Throws: 422 for what is not there for the caller, is not approved or is over, and for an instant outside of it.
  private static func leave(_ body: Asking, _ call: Call, _ services: Services) async throws -> LeaveStore.Row {
    let tenant = try call.office.tenant
    let leave = try await services.lanes.first(
      LeaveStore.one(body.leave, for: LeaveRoutes.reader(call), in: tenant), in: .tenant(tenant.number))
    func fault(_ pointer: String, _ code: String, _ detail: Text) -> Problem {
      Problem(Faults([Fault(pointer: pointer, code: code, detail: detail)]))
    }
    guard let leave else { throw fault("/leave", "unknown-reference", Text(zh: "没有此次请假。", en: "There is no such leave.")) }
    guard leave.request.state == .approved else {
      throw fault("/leave", "not-approved", Text(zh: "只有已批准的假才能提前结束。", en: "Only approved leave can end early."))
    }
    guard leave.end > call.now else { throw fault("/leave", "already-over", Text(zh: "这次假已结束。", en: "This leave is over.")) }
    if let back = leave.back, back <= body.back, body.back < leave.time.upperBound {
      throw fault(
        "/backAt", "out-of-range",
        Text(zh: "已批准自 \(back) 起销假，只能更早。", en: "The return at \(back) is approved already; another must be earlier."))
    }
    guard leave.time.lowerBound < body.back, body.back < leave.end else {
      throw fault(
        "/backAt", "out-of-range",
        Text(
          zh: "须在假期开始之后、结束之前；尚未开始而不去了的，撤回请假。",
          en: "This must be after the leave's start and before its end; leave that is not taken is withdrawn."))
    }
    return leave
  }

  private static func notice(_ id: UUIDv7, _ leave: UUIDv7, _ back: Instant, of vendor: String? = nil) -> RequestNotice {
    RequestNotice(kind: .leaveReturn, id: id, vendor: vendor, data: ["leave": .string("\(leave)"), "backAt": .string("\(back)")])
  }

  // MARK: Deciding

  private static let decided = Listing.named(["id", "state", "version"])

  private static func approve(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/leave-returns/{return}/approve", .tenant(.rosterDecide), body: ShiftBody.note,
      Operation(
        "approveLeaveReturn",
        Text(
          zh: "同意提前销假：其后的时间可再排班、计考勤；已让出的班次不恢复",
          en: "Approve an early return: the time behind it is for planning and attendance again; shifts given away stay so"),
        answer: decided, failures: [409], entityTag: .required)
    ) { call, note in
      try await settle(.approved, note, call, services) { row in
        try await demandDecider(row, call, services)
        guard row.leave.state == .approved else {
          throw Problem.conflict("leave-not-approved", Text(zh: "这次请假已撤回。", en: "The leave was taken back."))
        }
        guard row.leave.end > call.now else {
          throw Problem.conflict("leave-over", Text(zh: "这次假已结束，不能再提前。", en: "The leave is over; it cannot end early any more."))
        }
        return LeaveReturnStore.shorten(row, in: try call.office.tenant)
      }
    }
  }

  private static func reject(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/leave-returns/{return}/reject", .tenant(.rosterDecide), body: ShiftBody.reasoned,
      Operation(
        "rejectLeaveReturn", Text(zh: "不同意提前销假", en: "Refuse an early return"), answer: decided, failures: [409], entityTag: .required)
    ) { call, note in
      try await settle(.rejected, note, call, services) { row in
        try await demandDecider(row, call, services)
        return []
      }
    }
  }

  private static func withdraw(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/leave-returns/{return}/withdraw", .tenant(.rosterPropose), body: ShiftBody.note,
      Operation(
        "withdrawLeaveReturn", Text(zh: "撤回提前销假申请", en: "Take back what was asked for"), answer: decided, failures: [409],
        entityTag: .required)
    ) { call, note in
      try await settle(.withdrawn, note, call, services) { row in
        try row.request.demandAsker(call)
        return []
      }
    }
  }

  /// Whoever decides on the leave decides on its end.
  private static func demandDecider(_ row: LeaveReturnStore.Row, _ call: Call, _ services: Services) async throws {
    try await row.request.demandDecider(
      RosterDesk(call, services).side(deciding: \.leave, on: row.leave.start.date), about: [row.leave.person], call, services)
  }

  /// - Parameter judge: refuses it, or says what else is written.
  private static func settle(
    _ state: RosterRequest.State, _ note: String?, _ call: Call, _ services: Services,
    _ judge: (LeaveReturnStore.Row) async throws -> [Statement]
  ) async throws -> Response {
    let tag = try EntityTag.required(by: call.request)
    return try await ShiftPlanning(call: call, services: services).once {
      let row = try await row(call, services)
      try row.request.demand([.requested], tag)
      let more = try await judge(row)
      return try Deed(
        statements: more + end(state, row, note, call, services),
        answer: call.receipt(row.request.id, state.rawValue, version: tag.version + 1))
    }
  }

  private static func end(
    _ state: RosterRequest.State, _ row: LeaveReturnStore.Row, _ note: String?, _ call: Call, _ services: Services
  ) throws -> [Statement] {
    try [
      LeaveReturnStore.decide(
        RosterRequest.Decision(state, of: row.request, note: note), by: call.principal.user, at: call.now, in: call.office.tenant),
      call.note(
        "leave-return.\(state.rawValue)", "leave-return", "\(row.request.id)", ["person": .string(row.leave.person)],
        id: services.identities.next(at: call.now)),
    ] + notice(row.request.id, row.leave.id, row.back).became(state, of: row.request, call, services)
  }

  /// Takes back what is open about a leave, for whoever takes back the leave.
  static func close(_ leave: LeaveStore.Row, _ note: String?, _ call: Call, _ services: Services) async throws -> [Statement] {
    let tenant = try call.office.tenant
    let open = try await services.lanes.first(LeaveReturnStore.open(of: leave.request.id, in: tenant), in: .tenant(tenant.number))
    return try LeaveReturnStore.close(leave, open.map { try end(.withdrawn, $0, note, call, services) } ?? [], in: tenant)
  }
}
