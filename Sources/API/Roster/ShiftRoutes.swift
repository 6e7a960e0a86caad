// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Shifts: who is to be on duty when; planned by the vendor, cancelled or taken over, never changed.
enum ShiftRoutes {
  static func all(_ services: Services) -> [Route] {
    [list(services), one(services), plan(services), cancel(services), replace(services)]
  }

  // MARK: Reading

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/shifts", .tenant(.shiftRead),
      Operation(
        "listShifts", Text(zh: "班次，按起始时间", en: "Shifts, by their beginning"),
        query: Keyset.parameters + [
          .init(
            "from", Text(zh: "不早于此日（含跨入此日的）", en: "Not before this day, what reaches into it included"),
            schema: ["type": "string", "format": "date"]),
          .init("to", Text(zh: "不晚于此日", en: "Not after this day"), schema: ["type": "string", "format": "date"]),
          .init("person", Text(zh: "只列此人的", en: "Of this person only")),
          .init("contract", Text(zh: "只列此合同的", en: "Of this contract only")),
          .init("post", Text(zh: "只列此岗位的", en: "Of this post only")),
          .init(
            "state", Text(zh: "只列此状态的", en: "In this state only"),
            schema: ["type": "string", "enum": .array(ShiftStore.State.allCases.map { .string($0.rawValue) })]),
        ], answer: Listing.schematic(shift))
    ) { call in
      let query = call.request.target.query
      let page = try Keyset(query)
      let tenant = try call.office.tenant
      let filter = ShiftStore.Filter(
        time: try RosterDesk.openDays(query).time, contracts: try await contracts(call, services), post: query["post"],
        state: try ObligationFilter.word("state", query), person: query["person"])
      let rows = try await services.lanes.rows(
        ShiftStore.page(filter, after: try page.after.map(place), limit: page.limit, in: tenant), in: .tenant(tenant.number))
      var writer = JSONWriter(capacity: 256 + rows.count * 512)
      writer.beginObject()
      writer.key("items")
      writer.beginArray()
      for row in rows { try ShiftStore.write(row, to: &writer) }
      writer.endArray()
      if rows.count == Int(page.limit), let last = rows.last {
        let (start, id) = try ShiftStore.place(last)
        writer.key("next")
        writer.string("\(start.microseconds).\(id)")
      }
      writer.endObject()
      return .json(writer.bytes)
    }
  }

  static func place(_ text: String) throws -> (start: Instant, id: UUIDv7) {
    let parts = text.split(separator: ".", maxSplits: 1)
    guard parts.count == 2, let start = Int64(parts[0]).flatMap({ Instant(microseconds: $0) }), let id = UUIDv7(String(parts[1])) else {
      throw Problem.badQuery("after", Text(zh: "after 须取自上一页的 next。", en: "after must be the `next` of the page before."))
    }
    return (start, id)
  }

  /// The contracts whose shifts the caller sees, the one that is asked for alone where there is one.
  static func contracts(_ call: Call, _ services: Services) async throws -> [String] {
    let asked = call.request.target.query["contract"]
    let seen = try await services.contracts(seenBy: call)
    guard let asked else { return seen }
    guard seen.contains(asked) else { throw Problem.notFound }
    return [asked]
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/shifts/{shift}", .tenant(.shiftRead),
      Operation("getShift", Text(zh: "一个班次", en: "One shift"), answer: shift, entityTag: .sent)
    ) { call in
      let (row, stored) = try await stored(call, services)
      var writer = JSONWriter(capacity: 1024)
      try ShiftStore.write(row, to: &writer)
      return .json(writer.bytes, version: Int64(stored.version))
    }
  }

  private static func stored(_ call: Call, _ services: Services) async throws -> (Row, ShiftStore.Stored) {
    let tenant = try call.office.tenant
    let rows = try await services.lanes.rows(ShiftStore.one(call.identifier(1), in: tenant), in: .tenant(tenant.number))
    guard let row = rows.first else { throw Problem.notFound }
    let stored = try ShiftStore.stored(row)
    guard try await services.contracts(seenBy: call).contains(stored.duty.shift.contract) else { throw Problem.notFound }
    return (row, stored)
  }

  private static let shift: Operation.Schematic = Listing.named(ShiftStore.members)

  // MARK: Writing

  private static func plan(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/shifts", .tenant(.shiftWrite), body: ShiftBody.planning,
      Operation(
        "planShifts",
        Text(
          zh: "按排班规则生成一段日期的班次（已排的不动），或逐条安排",
          en: "Generate the shifts of some days from the rules, leaving what is planned alone, or plan them one by one"),
        answer: ShiftPlanning.receipt, status: 201, failures: [409, 422])
    ) { call, body in
      let planning = ShiftPlanning(call: call, services: services)
      return switch body {
      case .generate(let days): try await planning.generate(days)
      case .list(let shifts): try await planning.plan(shifts)
      }
    }
  }

  private static func cancel(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/shifts/{shift}/cancel", .tenant(.shiftWrite), body: ShiftBody.cancellation,
      Operation(
        "cancelShift", Text(zh: "取消一个尚未开始的班次", en: "Cancel a shift that has not begun"), answer: receipt, failures: [409],
        entityTag: .required)
    ) { call, reason in
      let tag = try EntityTag.required(by: call.request)
      return try await ShiftPlanning(call: call, services: services).once {
        let (_, stored) = try await stored(call, services)
        try refuse(stored, tag, call)
        return Deed(
          statements: [
            ShiftStore.cancel(
              stored.id, version: stored.version, because: reason, by: try call.principal.user, at: call.now, in: try call.office.tenant),
            try call.note("shift.cancel", "shift", "\(stored.id)", id: services.identities.next(at: call.now)),
          ], answer: receipt(stored.id, .cancelled, stored.version + 1, replacement: nil))
      }
    }
  }

  private static func replace(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/shifts/{shift}/replace", .tenant(.shiftWrite), body: ShiftBody.replacement,
      Operation(
        "replaceShift", Text(zh: "由另一人顶替一个尚未开始的班次", en: "Give a shift that has not begun to somebody else"), answer: receipt,
        failures: [409, 422], entityTag: .required)
    ) { call, body in
      let tag = try EntityTag.required(by: call.request)
      return try await ShiftPlanning(call: call, services: services).once {
        let (_, stored) = try await stored(call, services)
        try refuse(stored, tag, call)
        let desk = try await RosterDesk(call, services)
        let shift = stored.duty.shift
        let day = shift.interval.lowerBound.date
        if try desk.needsOffice(\.swap, on: day) {
          throw Problem.needsApproval(Text(zh: "本单位的换班由甲方批准：请申请换班（swaps）。", en: "The office decides on swaps: ask for one (swaps)."))
        }
        let staff = try await desk.staff(for: DateRange(day, orThrough: day))
        let roster = PersonalRoster.all(staff.people, staff.rest, doing: staff.planned.map(\.shift))[body.person]
        let hindrance = roster.map { $0.hindrance(Slot(shift)) } ?? .notQualified
        if let hindrance, !(hindrance.isOfRest && body.breaksRest) {
          throw Problem(Faults([Fault(pointer: "/person", code: hindrance.code, detail: hindrance.text)]))
        }
        let id = services.identities.next(at: call.now)
        let (user, tenant) = (try call.principal.user, try call.office.tenant)
        return Deed(
          statements: try desk.hold([shift.person, body.person], as: staff) + [
            ShiftStore.cancel(stored.id, version: stored.version, because: body.reason, by: user, at: call.now, in: tenant),
            ShiftStore.add(
              [ShiftStore.New(id: id, stored.duty.taken(by: body.person))],
              from: ShiftStore.Source(.replacement, of: stored.id, reason: body.reason), by: user,
              at: call.now, in: tenant),
            call.note(
              "shift.replace", "shift", "\(stored.id)", ["replacement": .string("\(id)")], id: services.identities.next(at: call.now)),
          ], answer: receipt(stored.id, .cancelled, stored.version + 1, replacement: id))
      }
    }
  }

  /// Only a planned shift that has not begun, and is as the caller read it, is taken from somebody.
  private static func refuse(_ stored: ShiftStore.Stored, _ tag: EntityTag, _ call: Call) throws {
    if let refusal = refusal(of: stored, call) { throw refusal }
    guard Int64(stored.version) == tag.version else { throw Problem.changedSince }
  }

  /// Why nobody can be taken off a shift any more; nil where somebody can.
  static func refusal(of stored: ShiftStore.Stored, _ call: Call) -> Problem? {
    guard stored.state == .planned else {
      return .conflict("already-cancelled", Text(zh: "该班次已取消。", en: "This shift is cancelled already."))
    }
    guard stored.duty.shift.interval.lowerBound > call.now else {
      return .conflict(
        "shift-begun",
        Text(zh: "该班次已开始，不能再取消；实际出勤以考勤为准。", en: "This shift has begun and cannot be cancelled; attendance says who was there."))
    }
    return nil
  }

  private static func receipt(_ id: UUIDv7, _ state: ShiftStore.State, _ version: Int32, replacement: UUIDv7?) -> Response {
    var writer = JSONWriter(capacity: 192)
    writer.beginObject()
    writer.key("id")
    writer.uuid(id)
    writer.key("state")
    writer.string(state.rawValue)
    writer.key("version")
    writer.integer(version)
    if let replacement {
      writer.key("replacement")
      writer.uuid(replacement)
    }
    writer.endObject()
    return .json(writer.bytes, version: Int64(version))
  }

  private static let receipt: Operation.Schematic = { _ in
    [
      "type": "object", "required": ["id", "state", "version"],
      "properties": [
        "id": ["type": "string", "format": "uuid"], "state": ["type": "string"], "version": ["type": "integer"],
        "replacement": ["type": "string", "format": "uuid"],
      ],
    ]
  }
}

extension Services {
  /// The contracts that a caller sees, in the order of their names.
  func contracts(seenBy call: Call) async throws -> [String] {
    let office = try call.office
    return try await lanes.query(ContractStore.list(in: office.tenant), in: .tenant(office.tenant.number)).map(\.id)
      .filter(office.membership.sees(contract:))
  }
}
