// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Planning shifts: what is asked for is judged by everybody's roster, and written unless a roster was changed meanwhile.
struct ShiftPlanning: Sendable {
  let call: Call
  let services: Services

  /// How often it is worked out anew when somebody was faster.
  private static let attempts = 3

  /// Works something out and writes it, again where rosters have changed in between.
  ///
  /// - Throws: 409 where they keep changing.
  func again(_ make: () async throws -> Deed) async throws -> Response {
    if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
    for _ in 1...Self.attempts {
      do {
        return try await make().perform(for: call, on: services.lanes)
      } catch let error as PostgresError where error.state == .changed { continue }
    }
    throw Problem.rosterChanged
  }

  /// Does something to a version that the caller has read: who comes too late is told so.
  func once(_ make: () async throws -> Deed) async throws -> Response {
    if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
    do {
      return try await make().perform(for: call, on: services.lanes)
    } catch let error as PostgresError where error.state == .changed {
      throw Problem.rosterChanged
    }
  }

  // MARK: From the rules

  /// Fills what the rules want on days and is not planned yet, as far as that can be done.
  func generate(_ wanted: ShiftBody.Generation) async throws -> Response {
    try await again {
      let desk = try await RosterDesk(call, services, of: wanted.contract)
      try refuseWhereDecided(desk, on: wanted.days.first)
      let staff = try await desk.staff(for: wanted.days)
      let slots = Slot.unfilled(try desk.slots(in: wanted.days), by: staff.planned)
      let proposal = try await services.calculations.run {
        RosterProposal(filling: slots, with: staff.people, staff.rest, known: staff.planned.map(\.shift))
      }
      let shifts = proposal.placements.map {
        ShiftStore.New(id: services.identities.next(at: call.now), person: $0.person, $0.slot)
      }
      return try deed(shifts, from: ShiftStore.Source(.generated), desk, staff) { writer in
        writer.shortfall(of: proposal, in: call.language)
      }
    }
  }

  /// Refuses to plan without the office where its rules want it to decide on rosters.
  private func refuseWhereDecided(_ desk: RosterDesk, on day: CivilDate) throws {
    if try desk.needsOffice(\.roster, on: day) {
      throw Problem.needsApproval(
        Text(zh: "本单位的排班由甲方批准：请提出排班方案（roster/proposals）。", en: "The office decides on rosters: propose one (roster/proposals)."))
    }
  }

  // MARK: One by one

  /// Plans shifts that somebody thought out; each must be one that the person may take.
  func plan(_ listed: ShiftBody.Listed) async throws -> Response {
    try await again {
      let desk = try await RosterDesk(call, services)
      let days = Self.days(listed.shifts.map(\.interval))
      guard days.days <= RosterDesk.mostDays else {
        throw Problem(
          Faults([
            Fault(
              pointer: "/shifts", code: "out-of-range",
              detail: Text(zh: "须在 \(RosterDesk.mostDays) 天之内。", en: "They must lie within \(RosterDesk.mostDays) days."))
          ]))
      }
      try refuseWhereDecided(desk, on: days.first)
      let staff = try await desk.staff(for: days)
      try judge(listed, desk, staff)
      let shifts = listed.shifts.map {
        ShiftStore.New(id: services.identities.next(at: call.now), PlannedDuty($0, pattern: nil, turn: nil))
      }
      return try deed(shifts, from: ShiftStore.Source(.planned, reason: listed.reason), desk, staff) { _ in }
    }
  }

  private static func days(_ intervals: [Range<Instant>]) -> DateRange {
    let first = intervals.map(\.lowerBound).min().map(\.date) ?? .first
    return DateRange(first, orThrough: intervals.map(\.lowerBound).max().map(\.date) ?? first)
  }

  private func judge(_ listed: ShiftBody.Listed, _ desk: RosterDesk, _ staff: RosterDesk.Staff) throws {
    var faults: [Fault] = []
    var rosters = PersonalRoster.all(staff.people, staff.rest, doing: staff.planned.map(\.shift))
    for (index, shift) in listed.shifts.enumerated() {
      guard desk.contracts.contains(shift.contract) else {
        faults.append(
          Fault(
            pointer: "/shifts/\(index)/contract", code: "unknown-reference",
            detail: Text(zh: "没有合同“\(shift.contract)”。", en: "There is no contract “\(shift.contract)”.")))
        continue
      }
      let slot = Slot(shift)
      let hindrance = rosters[shift.person].map { $0.hindrance(slot) } ?? .notQualified
      if let hindrance, !(hindrance.isOfRest && listed.reason != nil) {
        faults.append(Fault(pointer: "/shifts/\(index)/person", code: hindrance.code, detail: hindrance.text))
      } else {
        rosters[shift.person]?.add(slot)
      }
    }
    guard faults.isEmpty else { throw Problem(Faults(faults)) }
  }

  // MARK: Answers

  private func deed(
    _ shifts: [ShiftStore.New], from source: ShiftStore.Source, _ desk: RosterDesk, _ staff: RosterDesk.Staff,
    _ more: (inout JSONWriter) -> Void
  ) throws -> Deed {
    var writer = JSONWriter(capacity: 256 + shifts.count * 48)
    writer.beginObject()
    writer.key("planned")
    writer.integer(shifts.count)
    writer.key("ids")
    writer.beginArray()
    for shift in shifts { writer.uuid(shift.id) }
    writer.endArray()
    more(&writer)
    writer.endObject()
    let office = try call.office
    let statements =
      try shifts.isEmpty
      ? []
      : desk.hold(shifts.map(\.duty.shift.person), as: staff) + [
        ShiftStore.add(shifts, from: source, by: call.principal.user, at: call.now, in: office.tenant),
        call.note(
          "shift.plan", "roster", source.origin.rawValue, ["planned": .integer(shifts.count)], id: services.identities.next(at: call.now)),
      ]
    return Deed(statements: statements, answer: .json(writer.bytes, status: .created))
  }

  static let receipt: Operation.Schematic = { _ in
    [
      "type": "object", "required": ["planned", "ids"],
      "properties": [
        "planned": ["type": "integer"], "ids": ["type": "array", "items": ["type": "string", "format": "uuid"]],
        "openCount": ["type": "integer"], "open": ["type": "array"], "proofs": ["type": "array"],
      ],
    ]
  }
}
