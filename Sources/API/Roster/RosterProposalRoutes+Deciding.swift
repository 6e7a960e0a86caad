// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

// What becomes of a proposed roster.

extension RosterProposalRoutes {
  static func accept(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/roster/proposals/{proposal}/accept", .tenant(.rosterDecide), body: ShiftBody.note,
      Operation(
        "acceptRoster", Text(zh: "接受排班方案，使其成为班次", en: "Accept a proposed roster, so that it becomes shifts"), answer: decided,
        failures: [409], entityTag: .required)
    ) { call, note in
      let tag = try EntityTag.required(by: call.request)
      return try await ShiftPlanning(call: call, services: services).once {
        let (head, proposal) = try await stored(call, services)
        let desk = try await RosterDesk(call, services, of: head.contract)
        try judge(head, tag, desk, call)
        let staff = try await desk.staff(for: head.days)
        try check(proposal, desk, staff, head.days)
        let shifts = proposal.placements.map {
          ShiftStore.New(id: services.identities.next(at: call.now), person: $0.person, $0.slot)
        }
        let tenant = try call.office.tenant
        let planned =
          try shifts.isEmpty
          ? []
          : desk.hold(shifts.map(\.duty.shift.person), as: staff) + [
            ShiftStore.add(
              shifts, from: ShiftStore.Source(.proposal, of: head.id), by: call.principal.user, at: call.now, in: tenant)
          ]
        return try deed(.accepted, head, note, planned, planned: shifts.count, call, services)
      }
    }
  }

  /// Whether every place of a proposal is still free, and everybody in it may still take theirs.
  private static func check(_ proposal: RosterProposal, _ desk: RosterDesk, _ staff: RosterDesk.Staff, _ days: DateRange) throws {
    struct Name: Hashable {
      let slot: Slot
      init(_ slot: Slot) { self.slot = slot.within(slot.interval, missing: 1) }
    }
    var left: [Name: Int] = [:]
    for slot in Slot.unfilled(try desk.slots(in: days), by: staff.planned) { left[Name(slot), default: 0] += slot.people }
    var rosters = PersonalRoster.all(staff.people, staff.rest, doing: staff.planned.map(\.shift))
    for placement in proposal.placements {
      let name = Name(placement.slot)
      let hindrance = rosters[placement.person].map { $0.hindrance(placement.slot) } ?? .notQualified
      guard left[name] ?? 0 > 0, hindrance == nil else {
        let why = hindrance?.text ?? Text(zh: "该班次已有人或不再需要", en: "the slot is taken, or wanted no more")
        let time = "\(placement.slot.interval.lowerBound.date) \(placement.slot.interval.lowerBound.time)"
        throw Problem.conflict(
          "roster-changed",
          Text(
            zh: "提出之后情况有变，请重新提出：\(time) \(placement.person)：\(why.zh)。",
            en: "Things have changed since it was proposed; propose anew: \(placement.person) at \(time): \(why.en)."))
      }
      left[name] = (left[name] ?? 0) - 1
      rosters[placement.person]?.add(placement.slot)
    }
  }

  static func reject(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/roster/proposals/{proposal}/reject", .tenant(.rosterDecide), body: ShiftBody.reasoned,
      Operation(
        "rejectRoster", Text(zh: "驳回排班方案", en: "Reject a proposed roster"), answer: decided, failures: [409], entityTag: .required)
    ) { call, note in
      let tag = try EntityTag.required(by: call.request)
      return try await ShiftPlanning(call: call, services: services).once {
        let (head, _) = try await stored(call, services)
        try judge(head, tag, await RosterDesk(call, services, of: head.contract), call)
        return try deed(.rejected, head, note, [], planned: 0, call, services)
      }
    }
  }

  static func withdraw(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/roster/proposals/{proposal}/withdraw", .tenant(.shiftWrite), body: ShiftBody.note,
      Operation(
        "withdrawRoster", Text(zh: "撤回排班方案", en: "Withdraw a proposed roster"), answer: decided, failures: [409], entityTag: .required)
    ) { call, note in
      let tag = try EntityTag.required(by: call.request)
      return try await ShiftPlanning(call: call, services: services).once {
        let (head, _) = try await stored(call, services)
        try judgeState(head, tag)
        guard try call.office.membership.side == head.side else { throw Problem.notYourSideOfRoster }
        return try deed(.withdrawn, head, note, [], planned: 0, call, services)
      }
    }
  }

  private static func judgeState(_ head: RosterProposalStore.Head, _ tag: EntityTag) throws {
    guard head.state == .proposed else { throw Problem.alreadyDecided(head.state.name) }
    guard Int64(head.version) == tag.version else { throw Problem.changedSince }
  }

  /// The side that the rules name decides. Where that is the vendor, a roster is the vendor's own plan, and whoever may plan adopts it.
  private static func judge(_ head: RosterProposalStore.Head, _ tag: EntityTag, _ desk: RosterDesk, _ call: Call) throws {
    try judgeState(head, tag)
    let side = desk.side(deciding: \.roster, on: head.days.first)
    guard try call.office.membership.side.rawValue == side.rawValue else { throw Problem.notYourSideOfRoster }
    if side == .office, head.proposedBy == (try call.principal.user) { throw Problem.ownRequest }
  }

  private static func deed(
    _ state: RosterProposalStore.State, _ head: RosterProposalStore.Head, _ note: String?, _ more: [Statement], planned: Int, _ call: Call,
    _ services: Services
  ) throws -> Deed {
    var writer = JSONWriter(capacity: 128)
    writer.beginObject()
    writer.key("id")
    writer.uuid(head.id)
    writer.key("state")
    writer.string(state.rawValue)
    writer.key("version")
    writer.integer(head.version + 1)
    writer.key("planned")
    writer.integer(planned)
    writer.endObject()
    return Deed(
      statements: more + [
        RosterProposalStore.decide(
          head.id, version: head.version, state, note: note, by: try call.principal.user, at: call.now, in: try call.office.tenant),
        try call.note(
          "roster.\(state.rawValue)", "roster", "\(head.id)", ["planned": .integer(planned)],
          id: services.identities.next(at: call.now)),
      ], answer: .json(writer.bytes, version: Int64(head.version) + 1))
  }

  private static let decided: Operation.Schematic = Listing.named(["id", "state", "version", "planned"])
}

extension Problem {
  /// 403: the office's rules leave the decision to the other side.
  static let notYourSideOfRoster = Problem(
    status: 403, code: "not-your-side", title: Text(zh: "不属本方", en: "Not your side's"),
    detail: Text(zh: "依本单位排班规则，此事由另一方办理。", en: "By the office's roster rules this is the other side's to do."))

  /// 409: it is decided, or taken back.
  static func alreadyDecided(_ state: Text) -> Problem {
    .conflict("already-decided", Text(zh: "此事已有决定（\(state.zh)）。", en: "This is decided already (\(state.en))."))
  }

  /// 403: whoever asked for it does not decide on it.
  static let ownRequest = Problem.ownProposal(
    Text(zh: "任何人不批准自己提出的。", en: "Nobody decides on what they asked for themselves."))

  /// 403: whomever it is about does not decide on it.
  static let ownMatter = Problem(
    status: 403, code: "own-matter", title: Text(zh: "不得自行决定", en: "Not yours to decide"),
    detail: Text(zh: "此事涉及本人，须由他人决定。", en: "This is about yourself: somebody else must decide on it."))
}
