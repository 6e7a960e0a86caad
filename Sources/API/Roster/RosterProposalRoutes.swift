// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Rosters worked out for a month: proposed by the vendor, accepted by whom the office's rules name, and then shifts.
enum RosterProposalRoutes {
  static func all(_ services: Services) -> [Route] {
    [list(services), propose(services), one(services), accept(services), reject(services), withdraw(services)]
  }

  // MARK: Reading

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/roster/proposals", .tenant(.shiftRead),
      Operation(
        "listRosterProposals", Text(zh: "排班方案，新的在前", en: "Proposed rosters, newest first"), query: Keyset.parameters,
        answer: Listing.schematic(Listing.named(members)))
    ) { call in
      let office = try call.office
      let page = try Keyset(call.request.target.query)
      let heads = try await services.lanes.query(
        RosterProposalStore.page(
          among: office.membership.contracts, after: page.afterIdentifier(), limit: page.limit, in: office.tenant),
        in: .tenant(office.tenant.number))
      return Listing.response(heads, limit: page.limit, next: { "\($0.id)" }) { head, writer in
        writer.beginObject()
        write(head, to: &writer)
        writer.endObject()
      }
    }
  }

  private static let members = [
    "id", "contract", "from", "to", "state", "placed", "openCount", "proposedBy", "proposedAt", "decidedAt", "note", "version",
  ]

  private static func write(_ head: RosterProposalStore.Head, to writer: inout JSONWriter) {
    writer.key("id")
    writer.uuid(head.id)
    writer.key("contract")
    writer.optional(head.contract)
    writer.key("from")
    writer.date(head.days.first)
    writer.key("to")
    writer.date(head.days.last)
    writer.key("state")
    writer.string(head.state.rawValue)
    writer.key("placed")
    writer.integer(head.placed)
    writer.key("openCount")
    writer.integer(head.open)
    writer.key("proposedBy")
    writer.uuid(head.proposedBy)
    writer.key("proposedAt")
    writer.instant(head.proposedAt)
    writer.key("decidedAt")
    if let at = head.decidedAt { writer.instant(at) } else { writer.null() }
    writer.key("note")
    writer.optional(head.note)
    writer.key("version")
    writer.integer(head.version)
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/roster/proposals/{proposal}", .tenant(.shiftRead),
      Operation(
        "getRosterProposal", Text(zh: "一份排班方案：谁在何班，哪些排不上、为何", en: "A proposed roster: who is where, what cannot be filled and why"),
        answer: Listing.named(["id", "contract", "from", "to", "state", "version", "placements", "open", "proofs"]), entityTag: .sent)
    ) { call in
      let (head, proposal) = try await stored(call, services)
      var writer = JSONWriter(capacity: 4096 + proposal.placements.count * 192)
      writer.beginObject()
      writer.key("id")
      writer.uuid(head.id)
      writer.key("contract")
      writer.optional(head.contract)
      writer.key("from")
      writer.date(head.days.first)
      writer.key("to")
      writer.date(head.days.last)
      writer.key("state")
      writer.string(head.state.rawValue)
      writer.key("proposedBy")
      writer.uuid(head.proposedBy)
      writer.key("proposedAt")
      writer.instant(head.proposedAt)
      writer.key("note")
      writer.optional(head.note)
      writer.key("version")
      writer.integer(head.version)
      writer.key("complete")
      writer.bool(proposal.isComplete)
      writer.shortfall(of: proposal, in: call.language)
      writer.key("placements")
      writer.beginArray()
      for placement in proposal.placements {
        writer.beginObject()
        writer.key("person")
        writer.string(placement.person)
        writer.members(of: placement.slot)
        writer.endObject()
      }
      writer.endArray()
      writer.endObject()
      return .json(writer.bytes, version: Int64(head.version))
    }
  }

  static func stored(_ call: Call, _ services: Services) async throws -> (
    head: RosterProposalStore.Head, proposal: RosterProposal
  ) {
    let office = try call.office
    guard
      let stored = try await services.lanes.first(
        RosterProposalStore.one(call.identifier(1), in: office.tenant), in: .tenant(office.tenant.number)),
      stored.head.contract.map(office.membership.sees(contract:)) ?? true
    else { throw Problem.notFound }
    return stored
  }

  // MARK: Proposing

  private struct Wanted: Sendable {
    let days: DateRange
    let contract: String?
  }

  /// A month: `2026-03`.
  private static let month: Shape<DateRange> = .text(
    ["pattern": "^[0-9]{4}-[0-9]{2}$"], meaning: Text(zh: "月份，如 2026-03", en: "a month, such as 2026-03")
  ) { DateRange(month: $0) }

  private static let days = Alternative<DateRange>("from", Field("from", .date), Field("to", .date)) { DateRange($0, orThrough: $1) }

  private static let wanted: Shape<Wanted> = Shape<Wanted>.object(
    "rosterWanted", about: Text(zh: "为哪个月（或哪几日）、哪份合同排班。", en: "For which month, or which days, and which contract."),
    Field<DateRange>.oneOf(Alternative("month", month) { $0 }, days), Field(optional: "contract", .code)
  ) { Wanted(days: $0, contract: $1) }.refine { wanted in
    wanted.days.days <= RosterDesk.mostDays
      ? nil
      : Fault(
        pointer: "/to", code: "out-of-range",
        detail: Text(zh: "至多 \(RosterDesk.mostDays) 天。", en: "At most \(RosterDesk.mostDays) days."))
  }

  private static func propose(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/roster/proposals", .tenant(.shiftWrite), body: wanted,
      Operation(
        "proposeRoster",
        Text(
          zh: "排出一个月：满足岗位与休息规定，或说明哪条规定无法满足及其证明",
          en: "Work out a month that meets coverage and rest, or says which rule cannot be met, with the proof"),
        answer: Listing.named(["id", "state", "version", "complete", "placed", "openCount", "open", "proofs"]), status: 201, failures: [409]
      )
    ) { call, body in
      if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
      let office = try call.office
      let contract = try await contract(body.contract, call, services)
      let desk = try await RosterDesk(call, services, of: contract)
      let staff = try await desk.staff(for: body.days)
      let slots = Slot.unfilled(try desk.slots(in: body.days), by: staff.planned)
      let proposal = try await services.calculations.run {
        RosterProposal(filling: slots, with: staff.people, staff.rest, known: staff.planned.map(\.shift))
      }
      let id = services.identities.next(at: call.now)
      let new = RosterProposalStore.New(id: id, contract: contract, days: body.days, proposal: proposal)
      return try await Deed(
        statements: [
          RosterProposalStore.add(
            new, by: try call.principal.user, side: office.membership.side, at: call.now, in: office.tenant),
          try call.note(
            "roster.propose", "roster", "\(id)",
            ["contract": .string(contract), "placed": .integer(proposal.placements.count), "open": .integer(proposal.open.count)],
            id: services.identities.next(at: call.now)),
        ], answer: receipt(id, proposal, in: call)
      ).perform(for: call, on: services.lanes)
    }
  }

  /// The contract that is asked for, or the only one there is.
  private static func contract(_ asked: String?, _ call: Call, _ services: Services) async throws -> String {
    let seen = try await services.contracts(seenBy: call)
    if let asked, !seen.contains(asked) {
      throw Problem(
        Faults([
          Fault(
            pointer: "/contract", code: "unknown-reference",
            detail: Text(zh: "没有合同“\(asked)”。", en: "There is no contract “\(asked)”."))
        ]))
    }
    guard let contract = asked ?? (seen.count == 1 ? seen[0] : nil) else {
      throw Problem(
        Faults([
          Fault(
            pointer: "/contract", code: "missing-member",
            detail: Text(zh: "合同不止一份，须写明哪一份。", en: "There are several contracts: say which."))
        ]))
    }
    return contract
  }

  private static func receipt(_ id: UUIDv7, _ proposal: RosterProposal, in call: Call) throws -> Response {
    var writer = JSONWriter(capacity: 4096)
    writer.beginObject()
    writer.key("id")
    writer.uuid(id)
    writer.key("state")
    writer.string(RosterProposalStore.State.proposed.rawValue)
    writer.key("version")
    writer.integer(1)
    writer.key("complete")
    writer.bool(proposal.isComplete)
    writer.key("placed")
    writer.integer(proposal.placements.count)
    writer.shortfall(of: proposal, in: call.language)
    writer.endObject()
    var response = Response.json(writer.bytes, status: .created)
    if let location = HeaderValue("/v1/tenants/\(try call.office.code)/roster/proposals/\(id)") {
      response.headers.append(.location, location)
    }
    response.headers.append(.entityTag, EntityTag(version: 1).headerValue)
    return response
  }
}
