// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Leave 请假: asked for by the vendor's people, decided by whom the office's rules name; what was approved takes its shifts with it.
enum LeaveRoutes {
  static func all(_ services: Services) -> [Route] {
    [list(services), ask(services), one(services), approve(services), reject(services), withdraw(services)]
  }

  /// How long leave may be.
  private static let mostDays: Int64 = 366

  // MARK: Reading

  private static let members = ["person", "startsAt", "endsAt", "backAt"] + RosterRequest.members

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/leaves", .tenant(.shiftRead),
      Operation(
        "listLeaves", Text(zh: "请假，新提出的在前；坐席只见自己的", en: "Leave, what was asked for last first; a seat sees its own"),
        query: Keyset.parameters + [
          .init("from", Text(zh: "不早于此日", en: "Not before this day"), schema: ["type": "string", "format": "date"]),
          .init("to", Text(zh: "不晚于此日", en: "Not after this day"), schema: ["type": "string", "format": "date"]),
          .init("person", Text(zh: "只列此人的", en: "Of this person only")),
          RosterRequest.stateParameter,
        ], answer: Listing.schematic(Listing.named(members)))
    ) { call in
      let tenant = try call.office.tenant
      let query = call.request.target.query
      let page = try Keyset(query)
      let filter = LeaveStore.Filter(
        person: query["person"], state: try ObligationFilter.word("state", query), time: try RosterDesk.openDays(query).time)
      let rows = try await services.lanes.query(
        LeaveStore.page(filter, for: reader(call), after: page.afterIdentifier(), limit: page.limit, in: tenant),
        in: .tenant(tenant.number))
      return Listing.response(rows, limit: page.limit, next: { "\($0.request.id)" }) { row, writer in
        writer.beginObject()
        write(row, to: &writer)
        writer.endObject()
      }
    }
  }

  /// Why somebody is away is for those who plan and decide: of the vendor's people the others see their own leave.
  static func reader(_ call: Call) throws -> LeaveStore.Reader {
    let vendor = try call.vendor
    return LeaveStore.Reader(vendor: vendor, user: try vendor == nil || call.plansRosters ? nil : call.principal.user)
  }

  private static func write(_ row: LeaveStore.Row, to writer: inout JSONWriter) {
    writer.key("person")
    writer.string(row.person)
    writer.key("startsAt")
    writer.instant(row.time.lowerBound)
    writer.key("endsAt")
    writer.instant(row.time.upperBound)
    writer.key("backAt")
    if let back = row.back { writer.instant(back) } else { writer.null() }
    row.request.writeMembers(to: &writer)
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/leaves/{leave}", .tenant(.shiftRead),
      Operation(
        "getLeave",
        Text(zh: "一次请假；待批时附：批准将空出哪些班次、谁可顶替", en: "One leave; undecided, with the shifts that it would leave open and who could take them"),
        answer: Listing.named(members), entityTag: .sent)
    ) { call in
      let row = try await row(call, services)
      let effect = row.request.state == .requested ? try await LeaveEffect(row, RosterDesk(call, services), call, services) : nil
      var writer = JSONWriter(capacity: 1024)
      writer.beginObject()
      write(row, to: &writer)
      if let effect {
        writer.key("open")
        effect.writeOpen(to: &writer, in: call.language)
      }
      writer.endObject()
      return .json(writer.bytes, version: Int64(row.request.version))
    }
  }

  private static func row(_ call: Call, _ services: Services) async throws -> LeaveStore.Row {
    let tenant = try call.office.tenant
    let query = LeaveStore.one(try call.identifier(1), for: try reader(call), in: tenant)
    guard let row = try await services.lanes.first(query, in: .tenant(tenant.number)) else { throw Problem.notFound }
    return row
  }

  // MARK: Asking

  private struct Asking: Sendable {
    let person: String
    let time: Range<Instant>
    let reason: String
  }

  private static let asking: Shape<Asking> = Shape<(String, Instant, Instant, String)>.object(
    "leaveAsking", about: Text(zh: "谁、自何时起至何时止、何故。", en: "Who, from when until when, and why."),
    Field("person", .code), Field("startsAt", .instant), Field("endsAt", .instant), Field("reason", ShiftBody.reason)
  ) { ($0, $1, $2, $3) }.convert { person, start, end, reason in
    guard start < end, end.microseconds(since: start) <= mostDays * Instant.day else {
      return .failure(
        Fault(
          pointer: "/endsAt", code: "out-of-range",
          detail: Text(
            zh: "须晚于 startsAt，且至多 \(mostDays) 天。", en: "This must be after startsAt, by \(mostDays) days at most.")))
    }
    return .success(Asking(person: person, time: start..<end, reason: reason))
  }

  private static func ask(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/leaves", .tenant(.rosterPropose), body: asking,
      Operation(
        "askLeave", Text(zh: "请假：为自己，排班者也可为本方他人", en: "Ask for leave: for oneself, or as who plans for another of one's side"),
        answer: Listing.named(["id", "state", "version"]), status: 201, failures: [409])
    ) { call, body in
      if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
      let office = try call.office
      let user = try call.principal.user
      let person = try await services.staff(body.person, at: "/person", for: call)
      if person.user != user, !(try call.plansRosters) { throw Problem.forbidden(Permission.shiftWrite.rawValue) }
      guard body.time.upperBound > call.now else {
        throw Problem(
          Faults([Fault(pointer: "/endsAt", code: "already-over", detail: Text(zh: "这段时间已过。", en: "This time is over."))]))
      }
      let id = services.identities.next(at: call.now)
      let side = try await RosterDesk(call, services).side(deciding: \.leave, on: body.time.lowerBound.date)
      let deed = Deed(
        statements: LeaveStore.add(
          LeaveStore.New(id: id, person: body.person, time: body.time, reason: body.reason), by: user, side: office.membership.side,
          at: call.now, in: office.tenant) + [
            try notice(id, body.time, of: person.organisation).waits(for: side, call, services),
            try call.note("leave.ask", "leave", "\(id)", ["person": .string(body.person)], id: services.identities.next(at: call.now)),
          ],
        answer: try call.receipt(asking: id, in: "leaves"))
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError where error.state == .alreadyRecorded {
        throw Problem.conflict(
          "leave-overlaps",
          Text(zh: "此人在这段时间内已请假（待批或已批准）。", en: "Leave of this person is asked for or approved in that time already."))
      }
    }
  }

  private static func notice(_ id: UUIDv7, _ time: Range<Instant>, of vendor: String? = nil) -> RequestNotice {
    RequestNotice(
      kind: .leave, id: id, vendor: vendor,
      data: ["startsAt": .string("\(time.lowerBound)"), "endsAt": .string("\(time.upperBound)")])
  }

  // MARK: Deciding

  private static let decided = Listing.named(["id", "state", "version"])

  private static func approve(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/leaves/{leave}/approve", .tenant(.rosterDecide), body: ShiftBody.note,
      Operation(
        "approveLeave",
        Text(
          zh: "准假；其间尚未开始的班次随之取消，答复列明各由谁可顶替",
          en: "Approve leave; its shifts that have not begun are cancelled, told with who could take them"),
        answer: Listing.named(["id", "state", "version", "open"]), failures: [409], entityTag: .required)
    ) { call, note in
      let tag = try EntityTag.required(by: call.request)
      return try await ShiftPlanning(call: call, services: services).once {
        let row = try await row(call, services)
        try row.request.demand([.requested], tag)
        let desk = try await RosterDesk(call, services)
        try await demandDecider(row, desk, call, services)
        guard row.time.upperBound > call.now else {
          throw Problem.conflict("leave-over", Text(zh: "这段时间已过，不能再批准。", en: "Its time is over; it cannot be approved any more."))
        }
        let effect = try await LeaveEffect(row, desk, call, services)
        let (user, tenant) = (try call.principal.user, try call.office.tenant)
        let cancelled = effect.shifts.map {
          ShiftStore.cancel($0.id, version: $0.version, because: row.request.reason, by: user, at: call.now, in: tenant)
        }
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        writer.key("id")
        writer.uuid(row.request.id)
        writer.key("state")
        writer.string(RosterRequest.State.approved.rawValue)
        writer.key("version")
        writer.integer(tag.version + 1)
        writer.key("open")
        effect.writeOpen(to: &writer, in: call.language)
        writer.endObject()
        return try deed(
          .approved, row, note, desk.hold([row.person], as: effect.staff) + cancelled, ["cancelled": .integer(cancelled.count)],
          .json(writer.bytes, version: tag.version + 1), call, services)
      }
    }
  }

  private static func demandDecider(_ row: LeaveStore.Row, _ desk: RosterDesk, _ call: Call, _ services: Services) async throws {
    try await row.request.demandDecider(
      desk.side(deciding: \.leave, on: row.time.lowerBound.date), about: [row.person], call, services)
  }

  private static func reject(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/leaves/{leave}/reject", .tenant(.rosterDecide), body: ShiftBody.reasoned,
      Operation("rejectLeave", Text(zh: "不准假", en: "Refuse leave"), answer: decided, failures: [409], entityTag: .required)
    ) { call, note in
      let tag = try EntityTag.required(by: call.request)
      return try await ShiftPlanning(call: call, services: services).once {
        let row = try await row(call, services)
        try row.request.demand([.requested], tag)
        try await demandDecider(row, RosterDesk(call, services), call, services)
        return try deed(
          .rejected, row, note, [], [:],
          call.receipt(row.request.id, RosterRequest.State.rejected.rawValue, version: tag.version + 1), call, services)
      }
    }
  }

  private static func withdraw(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/leaves/{leave}/withdraw", .tenant(.rosterPropose), body: ShiftBody.note,
      Operation(
        "withdrawLeave",
        Text(
          zh: "撤回请假；已批准的在开始之前可撤（销假），待批的提前销假随之撤回，已取消的班次不恢复",
          en: "Take leave back, approved leave before it begins, with an early return that waits; its shifts stay cancelled"),
        answer: decided, failures: [409], entityTag: .required)
    ) { call, note in
      let tag = try EntityTag.required(by: call.request)
      return try await ShiftPlanning(call: call, services: services).once {
        let row = try await row(call, services)
        try row.request.demand([.requested, .approved], tag)
        try row.request.demandAsker(call)
        if row.request.state == .approved, row.time.lowerBound <= call.now {
          throw Problem.conflict("leave-begun", Text(zh: "假期已开始，不能再撤回。", en: "The leave has begun and cannot be taken back."))
        }
        return try await deed(
          .withdrawn, row, note, LeaveReturnRoutes.close(row, note, call, services), [:],
          call.receipt(row.request.id, RosterRequest.State.withdrawn.rawValue, version: tag.version + 1), call, services)
      }
    }
  }

  private static func deed(
    _ state: RosterRequest.State, _ row: LeaveStore.Row, _ note: String?, _ more: [Statement], _ data: JSON, _ answer: Response,
    _ call: Call,
    _ services: Services
  ) throws -> Deed {
    try Deed(
      statements: more + [
        LeaveStore.decide(
          RosterRequest.Decision(state, of: row.request, note: note), by: call.principal.user, at: call.now, in: call.office.tenant),
        call.note("leave.\(state.rawValue)", "leave", "\(row.request.id)", data, id: services.identities.next(at: call.now)),
      ] + notice(row.request.id, row.time).became(state, of: row.request, call, services), answer: answer)
  }
}

/// What approving leave does to the roster: the shifts in it that have not begun, and who could take them.
private struct LeaveEffect: Sendable {
  let shifts: [ShiftStore.Stored]
  let staff: RosterDesk.Staff
  private let standIns: StandIns

  init(_ row: LeaveStore.Row, _ desk: RosterDesk, _ call: Call, _ services: Services) async throws {
    let tenant = try call.office.tenant
    let last = Instant(microseconds: row.time.upperBound.microseconds - 1) ?? row.time.lowerBound
    staff = try await desk.staff(for: DateRange(row.time.lowerBound.date, orThrough: last.date))
    shifts = try await services.lanes.query(
      ShiftStore.planned(of: row.person, in: row.time, after: call.now, in: tenant), in: .tenant(tenant.number))
    let people = staff.people.map { $0.code == row.person ? $0.away(row.time) : $0 }
    standIns = StandIns(people, staff.rest, shifts: staff.planned.map(\.shift))
  }

  func writeOpen(to writer: inout JSONWriter, in language: Language) {
    writer.beginArray()
    for stored in shifts {
      let slot = stored.duty.slot
      let (able, hindered) = standIns.judge(slot)
      writer.beginObject()
      writer.key("id")
      writer.uuid(stored.id)
      writer.members(of: slot)
      writer.key("able")
      writer.strings(able)
      writer.key("hindered")
      writer.hindered(hindered, in: language)
      writer.endObject()
    }
    writer.endArray()
  }
}
