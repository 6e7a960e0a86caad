// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Swaps 换班: a shift goes to somebody else, for one of theirs or for nothing; asked for by the vendor's people, agreed to by who else is in it,
/// decided by whom the rules name.
enum SwapRoutes {
  static func all(_ services: Services) -> [Route] {
    [
      list(services), ask(services), one(services), agree(services), refuse(services), approve(services), reject(services),
      withdraw(services),
    ]
  }

  // MARK: Reading

  private static let members =
    ["shift", "contract", "post", "startsAt", "endsAt", "person", "toPerson", "inReturn", "awaits"] + RosterRequest.members

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/swaps", .tenant(.shiftRead),
      Operation(
        "listSwaps", Text(zh: "换班，新提出的在前", en: "Swaps, what was asked for last first"),
        query: Keyset.parameters + [
          .init("person", Text(zh: "只列此人让出或接下的", en: "What this person gives or takes only")),
          .init("shift", Text(zh: "只列涉及此班次的", en: "What this shift is in only"), schema: ["type": "string", "format": "uuid"]),
          RosterRequest.stateParameter,
        ], answer: Listing.schematic(Listing.named(members)))
    ) { call in
      let tenant = try call.office.tenant
      let query = call.request.target.query
      let page = try Keyset(query)
      let shift = try query["shift"].map { text in
        guard let shift = UUIDv7(text) else {
          throw Problem.badQuery("shift", Text(zh: "shift 须为班次的 id。", en: "shift must be a shift's id."))
        }
        return shift
      }
      let filter = SwapStore.Filter(
        contracts: try await services.contracts(seenBy: call), person: query["person"], shift: shift,
        state: try ObligationFilter.word("state", query))
      let rows = try await services.lanes.query(
        SwapStore.page(filter, after: page.afterIdentifier(), limit: page.limit, in: tenant), in: .tenant(tenant.number))
      return Listing.response(rows, limit: page.limit, next: { "\($0.request.id)" }, write)
    }
  }

  private static func write(_ row: SwapStore.Row, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("shift")
    writer.uuid(row.shift)
    writer.key("contract")
    writer.string(row.duty.contract)
    writer.key("post")
    writer.string(row.duty.post)
    writer.key("startsAt")
    writer.instant(row.duty.interval.lowerBound)
    writer.key("endsAt")
    writer.instant(row.duty.interval.upperBound)
    writer.key("person")
    writer.string(row.duty.person)
    writer.key("toPerson")
    writer.string(row.taker)
    writer.key("inReturn")
    if let inReturn = row.inReturn { writer.uuid(inReturn) } else { writer.null() }
    writer.key("awaits")
    writer.strings(row.awaited.map(\.person))
    row.request.writeMembers(to: &writer)
    writer.endObject()
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/swaps/{swap}", .tenant(.shiftRead),
      Operation("getSwap", Text(zh: "一次换班", en: "One swap"), answer: Listing.named(members), entityTag: .sent)
    ) { call in
      let row = try await row(call, services)
      var writer = JSONWriter(capacity: 1024)
      write(row, to: &writer)
      return .json(writer.bytes, version: Int64(row.request.version))
    }
  }

  static func row(_ call: Call, _ services: Services) async throws -> SwapStore.Row {
    let tenant = try call.office.tenant
    let query = SwapStore.one(try call.identifier(1), under: try await services.contracts(seenBy: call), in: tenant)
    guard let row = try await services.lanes.first(query, in: .tenant(tenant.number)) else { throw Problem.notFound }
    return row
  }

  // MARK: Asking

  private struct Asking: Sendable {
    let shift: UUIDv7
    let taker: String
    let inReturn: UUIDv7?
    let reason: String
  }

  private static let asking: Shape<Asking> = Shape<Asking>.object(
    "swapAsking", about: Text(zh: "哪个班次、由谁接、以哪个班次相换、何故。", en: "Which shift, who takes it, for which of theirs, and why."),
    Field("shift", .uuid), Field("toPerson", .code), Field(optional: "inReturn", .uuid), Field("reason", ShiftBody.reason)
  ) { Asking(shift: $0, taker: $1, inReturn: $2, reason: $3) }.refine { asking in
    asking.inReturn == asking.shift
      ? Fault(pointer: "/inReturn", code: "bad-combination", detail: Text(zh: "与 shift 是同一班次。", en: "This is `shift` itself.")) : nil
  }

  private static func ask(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/swaps", .tenant(.rosterPropose), body: asking,
      Operation(
        "askSwap", Text(zh: "申请换班：本人让出或接下的，排班者也可为他人", en: "Ask for a swap: of what one gives or takes, or as who plans for others"),
        answer: Listing.named(["id", "state", "version"]), status: 201, failures: [409])
    ) { call, body in
      if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
      let office = try call.office
      let user = try call.principal.user
      let desk = try await RosterDesk(call, services)
      let (given, returned) = try await shifts(body, desk, call, services)
      let person = try await services.staff(body.taker, at: "/toPerson", for: call)
      let giver = try await services.staff(given.duty.shift.person, for: call)
      if !(try call.plansRosters), person.user != user, giver?.user != user {
        throw Problem.forbidden(Permission.shiftWrite.rawValue)
      }
      let swap = ShiftSwap(given: given, taker: body.taker, returned: returned)
      if let (place, hindrance) = swap.hindrance(try await desk.staff(for: swap.days)) {
        throw Problem(
          Faults([Fault(pointer: place == .taker ? "/toPerson" : "/inReturn", code: hindrance.code, detail: hindrance.text)]))
      }
      let id = services.identities.next(at: call.now)
      let notice = notice(id, given.duty.shift)
      let awaited = Set([giver?.user, person.user].compactMap { $0 }).subtracting([user])
      let told =
        try awaited.isEmpty
        ? [notice.waits(for: desk.side(deciding: \.swap, on: given.duty.shift.interval.lowerBound.date), call, services)]
        : awaited.map { try notice.asks($0, of: office.membership.side, call, services) }
      return try await Deed(
        statements: told + [
          SwapStore.add(
            SwapStore.New(id: id, shift: body.shift, taker: body.taker, inReturn: body.inReturn, reason: body.reason), by: user,
            side: office.membership.side, at: call.now, in: office.tenant),
          try call.note(
            "swap.ask", "swap", "\(id)", ["shift": .string("\(body.shift)"), "toPerson": .string(body.taker)],
            id: services.identities.next(at: call.now)),
        ],
        answer: call.receipt(asking: id, in: "swaps")
      ).perform(for: call, on: services.lanes)
    }
  }

  /// The shifts that a request names.
  ///
  /// - Throws: 422 for what is not there for the caller, is cancelled or has begun, and for what is not the other's to give.
  private static func shifts(
    _ body: Asking, _ desk: RosterDesk, _ call: Call, _ services: Services
  ) async throws -> (given: ShiftStore.Stored, returned: ShiftStore.Stored?) {
    let tenant = try call.office.tenant
    let stored = try await services.lanes.query(
      ShiftStore.several([body.shift] + (body.inReturn.map { [$0] } ?? []), in: tenant), in: .tenant(tenant.number))
    func shift(_ id: UUIDv7, at pointer: String) throws -> ShiftStore.Stored {
      guard let shift = stored.first(where: { $0.id == id }), desk.contracts.contains(shift.duty.shift.contract) else {
        throw Problem(
          Faults([Fault(pointer: pointer, code: "unknown-reference", detail: Text(zh: "没有此班次。", en: "There is no such shift."))]))
      }
      if let problem = ShiftRoutes.refusal(of: shift, call) {
        throw Problem(Faults([Fault(pointer: pointer, code: problem.code, detail: problem.detail)]))
      }
      return shift
    }
    let given = try shift(body.shift, at: "/shift")
    guard given.duty.shift.person != body.taker else {
      throw Problem(
        Faults([
          Fault(pointer: "/toPerson", code: "bad-combination", detail: Text(zh: "该班次本就是此人的。", en: "The shift is this person's already."))
        ]))
    }
    let returned = try body.inReturn.map { try shift($0, at: "/inReturn") }
    if let returned, returned.duty.shift.person != body.taker {
      throw Problem(
        Faults([
          Fault(
            pointer: "/inReturn", code: "bad-combination", detail: Text(zh: "该班次不是接班者的。", en: "This shift is not of who takes the other."))
        ]))
    }
    return (given, returned)
  }

  static func notice(_ id: UUIDv7, _ shift: DutyShift) -> RequestNotice {
    RequestNotice(
      kind: .swap, id: id, contract: shift.contract,
      data: [
        "post": .string(shift.post), "startsAt": .string("\(shift.interval.lowerBound)"),
        "endsAt": .string("\(shift.interval.upperBound)"),
      ])
  }

  // MARK: Deciding

  static let decided = Listing.named(["id", "state", "version"])

  private static func approve(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/swaps/{swap}/approve", .tenant(.rosterDecide), body: ShiftBody.note,
      Operation(
        "approveSwap", Text(zh: "同意换班：原班次取消，同时为对方新排", en: "Approve a swap: its shifts are cancelled and planned for the other in one step"),
        answer: Listing.named(["id", "state", "version", "planned"]), failures: [409], entityTag: .required)
    ) { call, note in
      let tag = try EntityTag.required(by: call.request)
      return try await ShiftPlanning(call: call, services: services).once {
        let row = try await row(call, services)
        try row.request.demand([.requested], tag)
        let desk = try await RosterDesk(call, services)
        try await demandDecider(row, desk, call, services)
        if !row.awaited.isEmpty { throw Problem.notAgreed(row.awaited.map(\.person)) }
        let (user, tenant) = (try call.principal.user, try call.office.tenant)
        let stored = try await services.lanes.query(
          ShiftStore.several([row.shift] + (row.inReturn.map { [$0] } ?? []), in: tenant), in: .tenant(tenant.number))
        for shift in stored { if let problem = ShiftRoutes.refusal(of: shift, call) { throw problem } }
        guard let given = stored.first(where: { $0.id == row.shift }) else { throw Problem.notFound }
        let swap = ShiftSwap(given: given, taker: row.taker, returned: stored.first { $0.id == row.inReturn })
        let staff = try await desk.staff(for: swap.days)
        if let (place, hindrance) = swap.hindrance(staff) {
          let person = place == .taker ? swap.taker : swap.giver
          throw Problem.conflict(
            hindrance.code, Text(zh: "\(person)：\(hindrance.text.zh)。", en: "\(person): \(hindrance.text.en)."))
        }
        let shifts = swap.swapped.map { ShiftStore.New(id: services.identities.next(at: call.now), $0) }
        let cancelled = stored.map {
          ShiftStore.cancel($0.id, version: $0.version, because: row.request.reason, by: user, at: call.now, in: tenant)
        }
        return try deed(
          .approved, row, note,
          desk.hold([swap.giver, swap.taker], as: staff) + cancelled + [
            ShiftStore.add(shifts, from: ShiftStore.Source(.swap, of: row.request.id), by: user, at: call.now, in: tenant)
          ], planned: shifts.map(\.id), call, services)
      }
    }
  }

  private static func demandDecider(_ row: SwapStore.Row, _ desk: RosterDesk, _ call: Call, _ services: Services) async throws {
    try await row.request.demandDecider(
      desk.side(deciding: \.swap, on: row.duty.interval.lowerBound.date), about: [row.duty.person, row.taker], call, services)
  }

  private static func reject(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/swaps/{swap}/reject", .tenant(.rosterDecide), body: ShiftBody.reasoned,
      Operation("rejectSwap", Text(zh: "不同意换班", en: "Refuse a swap"), answer: decided, failures: [409], entityTag: .required)
    ) { call, note in
      let tag = try EntityTag.required(by: call.request)
      return try await ShiftPlanning(call: call, services: services).once {
        let row = try await row(call, services)
        try row.request.demand([.requested], tag)
        try await demandDecider(row, RosterDesk(call, services), call, services)
        return try deed(.rejected, row, note, [], planned: nil, call, services)
      }
    }
  }

  private static func withdraw(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/swaps/{swap}/withdraw", .tenant(.rosterPropose), body: ShiftBody.note,
      Operation(
        "withdrawSwap", Text(zh: "撤回换班申请", en: "Take back what was asked for"), answer: decided, failures: [409], entityTag: .required)
    ) { call, note in
      let tag = try EntityTag.required(by: call.request)
      return try await ShiftPlanning(call: call, services: services).once {
        let row = try await row(call, services)
        try row.request.demand([.requested], tag)
        try row.request.demandAsker(call)
        return try deed(.withdrawn, row, note, [], planned: nil, call, services)
      }
    }
  }

  static func deed(
    _ state: RosterRequest.State, _ row: SwapStore.Row, _ note: String?, _ more: [Statement], planned: [UUIDv7]?, _ call: Call,
    _ services: Services
  ) throws -> Deed {
    let version = Int64(row.request.version) + 1
    var writer = JSONWriter(capacity: 192)
    writer.beginObject()
    writer.key("id")
    writer.uuid(row.request.id)
    writer.key("state")
    writer.string(state.rawValue)
    writer.key("version")
    writer.integer(version)
    if let planned {
      writer.key("planned")
      writer.beginArray()
      for id in planned { writer.uuid(id) }
      writer.endArray()
    }
    writer.endObject()
    return try Deed(
      statements: more + [
        SwapStore.decide(
          RosterRequest.Decision(state, of: row.request, note: note), by: call.principal.user, at: call.now, in: call.office.tenant),
        call.note("swap.\(state.rawValue)", "swap", "\(row.request.id)", id: services.identities.next(at: call.now)),
      ] + notice(row.request.id, row.duty).became(state, of: row.request, call, services), answer: .json(writer.bytes, version: version))
  }
}

/// A swap of stored shifts, judged as planning judges what it plans.
private struct ShiftSwap {
  enum Place { case giver, taker }

  let given: ShiftStore.Stored
  let taker: String
  let returned: ShiftStore.Stored?

  var giver: String { given.duty.shift.person }

  /// The days that it touches.
  var days: DateRange {
    let days = [given.duty.slot.day] + (returned.map { [$0.duty.slot.day] } ?? [])
    return DateRange(days.min() ?? days[0], orThrough: days.max() ?? days[0])
  }

  /// The duty that is to be planned in the place of what is cancelled.
  var swapped: [PlannedDuty] {
    [given.duty.taken(by: taker)] + (returned.map { [$0.duty.taken(by: giver)] } ?? [])
  }

  /// What stands against it, and against whom, when both are off their own shifts; nil when nothing does.
  func hindrance(_ staff: RosterDesk.Staff) -> (Place, Hindrance)? {
    var rosters = PersonalRoster.all(staff.people, staff.rest, doing: staff.planned.map(\.shift))
    rosters[giver]?.remove(given.duty.slot)
    if let returned { rosters[taker]?.remove(returned.duty.slot) }
    func hindrance(_ person: String, _ slot: Slot) -> Hindrance? { rosters[person].map { $0.hindrance(slot) } ?? .notQualified }
    if let hindrance = hindrance(taker, given.duty.slot) { return (.taker, hindrance) }
    if let returned, let hindrance = hindrance(giver, returned.duty.slot) { return (.giver, hindrance) }
    return nil
  }
}
