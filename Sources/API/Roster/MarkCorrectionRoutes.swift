// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Corrections of clock marks 考勤更正: asked for with the reason, and counted when a second person has signed.
enum MarkCorrectionRoutes {
  static func all(_ services: Services) -> [Route] {
    [
      list(services), ask(services), one(services), decide(.approved, services), decide(.rejected, services), withdraw(services),
    ]
  }

  // MARK: Reading

  private static let members = ["person", "at", "direction", "kind"] + RosterRequest.members

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/attendance/corrections", .tenant(.attendanceRead),
      Operation(
        "listMarkCorrections", Text(zh: "打卡更正，新提出的在前", en: "Corrections of clock marks, what was asked for last first"),
        query: Keyset.parameters + [
          .init("person", Text(zh: "只列此人的", en: "Of this person only")),
          RosterRequest.stateParameter,
        ], answer: Listing.schematic(Listing.named(members)))
    ) { call in
      let tenant = try call.office.tenant
      let query = call.request.target.query
      let page = try Keyset(query)
      let rows = try await services.lanes.query(
        MarkCorrectionStore.page(
          person: query["person"], state: ObligationFilter.word("state", query), of: call.vendor, after: page.afterIdentifier(),
          limit: page.limit, in: tenant), in: .tenant(tenant.number))
      return Listing.response(rows, limit: page.limit, next: { "\($0.request.id)" }, write)
    }
  }

  private static func write(_ row: MarkCorrectionStore.Row, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("person")
    writer.string(row.correction.person)
    writer.key("at")
    writer.instant(row.correction.mark.at)
    writer.key("direction")
    writer.string(row.correction.mark.direction.rawValue)
    writer.key("kind")
    writer.string(row.correction.kind.rawValue)
    row.request.writeMembers(to: &writer)
    writer.endObject()
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/attendance/corrections/{correction}", .tenant(.attendanceRead),
      Operation("getMarkCorrection", Text(zh: "一项打卡更正", en: "One correction"), answer: Listing.named(members), entityTag: .sent)
    ) { call in
      let row = try await row(call, services)
      var writer = JSONWriter(capacity: 512)
      write(row, to: &writer)
      return .json(writer.bytes, version: Int64(row.request.version))
    }
  }

  private static func row(_ call: Call, _ services: Services) async throws -> MarkCorrectionStore.Row {
    let tenant = try call.office.tenant
    let query = MarkCorrectionStore.one(try call.identifier(1), of: try call.vendor, in: tenant)
    guard let row = try await services.lanes.first(query, in: .tenant(tenant.number)) else { throw Problem.notFound }
    return row
  }

  // MARK: Asking

  private struct Asking: Sendable {
    let mark: RecordedMark
    let kind: MarkCorrection.Kind
    let reason: String
  }

  private static let asking: Shape<Asking> = .object(
    "markCorrectionAsking", about: Text(zh: "补一次打卡，或作废一次打卡，何故。", en: "A mark to be added or to be voided, and why."),
    Field("person", .code), Field("at", .instant), Field("direction", .enumeration(ClockMark.Direction.self)),
    Field("kind", .enumeration(MarkCorrection.Kind.self)), Field("reason", ShiftBody.reason)
  ) { Asking(mark: RecordedMark(person: $0, ClockMark(at: $1, $2), source: .correction), kind: $3, reason: $4) }

  private static func ask(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/attendance/corrections", .tenant(.attendanceCorrect), body: asking,
      Operation(
        "askMarkCorrection", Text(zh: "申请补卡或作废打卡，附理由，由另一人签字", en: "Ask for a mark to be added or voided; somebody else signs"),
        answer: Listing.named(["id", "state", "version"]), status: 201, failures: [409])
    ) { call, body in
      if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
      let office = try call.office
      let context = Context.tenant(office.tenant.number)
      let known = AttendanceBody.known(
        try await services.lanes.query(AttendanceStore.people([body.mark.person], of: call.vendor, in: office.tenant), in: context))
      // A mark that is there may be voided whenever it claims to be.
      if body.kind == .add || known.isEmpty, let fault = AttendanceBody.fault(body.mark, known: known, at: call.now) {
        throw Problem(Faults([fault]))
      }
      let stands = try await services.lanes.first(
        MarkCorrectionStore.stands(body.mark.person, body.mark.mark, in: office.tenant), in: context)
      switch (body.kind, stands ?? false) {
      case (.add, true): throw Problem.conflict("already-marked", Text(zh: "已有此打卡。", en: "This mark is there already."))
      case (.void, false): throw Problem.conflict("not-marked", Text(zh: "没有此打卡，或已作废。", en: "There is no such mark, or it is voided."))
      default: break
      }
      let id = services.identities.next(at: call.now)
      let correction = MarkCorrection(id: id, person: body.mark.person, body.mark.mark, body.kind)
      let deed = Deed(
        statements: [
          MarkCorrectionStore.add(
            correction, because: body.reason, by: try call.principal.user, side: office.membership.side, at: call.now, in: office.tenant),
          try notice(correction).waits(for: .office, call, services),
          try call.note(
            "attendance.correct", "mark-correction", "\(id)", ["person": .string(body.mark.person), "kind": .string(body.kind.rawValue)],
            id: services.identities.next(at: call.now)),
        ],
        answer: try call.receipt(asking: id, in: "attendance/corrections"))
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError where error.violatesUnique(MarkCorrectionStore.openConstraint) {
        throw Problem.conflict("already-asked", Text(zh: "此打卡已有待签的更正。", en: "A correction of this mark waits to be signed already."))
      }
    }
  }

  private static func notice(_ correction: MarkCorrection) -> RequestNotice {
    RequestNotice(
      kind: .correction, id: correction.id,
      data: [
        "at": .string("\(correction.mark.at)"), "direction": .string(correction.mark.direction.rawValue),
        "kind": .string(correction.kind.rawValue),
      ])
  }

  // MARK: Deciding

  private static func decide(_ state: RosterRequest.State, _ services: Services) -> Route {
    let signs = state == .approved
    let path: PathTemplate =
      signs
      ? "/v1/tenants/{tenant}/attendance/corrections/{correction}/approve"
      : "/v1/tenants/{tenant}/attendance/corrections/{correction}/reject"
    return Route(
      .post, path, .tenant(.attendanceDecide), body: signs ? ShiftBody.note : ShiftBody.reasoned,
      Operation(
        signs ? "approveMarkCorrection" : "rejectMarkCorrection",
        signs
          ? Text(zh: "甲方另一人签字，更正生效，所涉班次重新认定", en: "Sign as a second person of the office; the shifts concerned are judged again")
          : Text(zh: "驳回更正", en: "Reject a correction"),
        answer: Listing.named(["id", "state", "version"]), failures: [409], entityTag: .required)
    ) { call, note in
      try await settle(state, note, call, services) {
        try await $0.request.demandDecider(.office, about: [$0.correction.person], call, services)
      }
    }
  }

  private static func withdraw(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/attendance/corrections/{correction}/withdraw", .tenant(.attendanceCorrect), body: ShiftBody.note,
      Operation(
        "withdrawMarkCorrection", Text(zh: "撤回更正申请", en: "Take back what was asked for"),
        answer: Listing.named(["id", "state", "version"]), failures: [409], entityTag: .required)
    ) { call, note in
      try await settle(.withdrawn, note, call, services) { try $0.request.demandAsker(call) }
    }
  }

  private static func settle(
    _ state: RosterRequest.State, _ note: String?, _ call: Call, _ services: Services,
    _ check: (MarkCorrectionStore.Row) async throws -> Void
  ) async throws -> Response {
    let tag = try EntityTag.required(by: call.request)
    if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
    let row = try await row(call, services)
    try row.request.demand([.requested], tag)
    try await check(row)
    let tenant = try call.office.tenant
    return try await Deed(
      statements: MarkCorrectionStore.decide(
        RosterRequest.Decision(state, of: row.request, note: note), on: row.correction, by: call.principal.user, at: call.now, in: tenant)
        + [
          call.note(
            "attendance.correction-\(state.rawValue)", "mark-correction", "\(row.request.id)",
            ["person": .string(row.correction.person)], id: services.identities.next(at: call.now))
        ] + notice(row.correction).became(state, of: row.request, call, services),
      answer: call.receipt(row.request.id, state.rawValue, version: tag.version + 1)
    ).performFromVersion(for: call, on: services.lanes)
  }
}
