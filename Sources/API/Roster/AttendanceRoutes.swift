// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Attendance 考勤: clock marks, and what they come to, shift by shift.
enum AttendanceRoutes {
  static func all(_ services: Services) -> [Route] { [list(services), mark(services)] }

  // MARK: Marks

  private static func mark(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/attendance/marks", .tenant(.attendanceWrite), body: AttendanceBody.marks,
      Operation(
        "recordClockMarks", Text(zh: "登记打卡；同一人同一刻的同一打卡只记一次", en: "Record clock marks; the same one again is the same mark"),
        answer: Listing.named(["received"]), status: 201, failures: [422])
    ) { call, marks in
      let office = try call.office
      let known = Set(
        try await services.lanes.query(
          AttendanceStore.people(marks.map(\.person), of: call.vendor, in: office.tenant), in: .tenant(office.tenant.number)))
      let faults = marks.enumerated().compactMap { place, mark in
        AttendanceBody.fault(mark, known: known, at: call.now, "/marks/\(place)")
      }
      guard faults.isEmpty else { throw Problem(Faults(faults)) }
      var writer = JSONWriter(capacity: 64)
      writer.beginObject()
      writer.key("received")
      writer.integer(marks.count)
      writer.endObject()
      return try await Deed(
        statements: [
          AttendanceStore.record(marks, by: try call.principal.user, at: call.now, look: call.now, in: office.tenant).statement,
          try call.note(
            "attendance.mark", "attendance", marks[0].person, ["marks": .integer(marks.count)],
            id: services.identities.next(at: call.now)),
        ], answer: .json(writer.bytes, status: .created)
      ).perform(for: call, on: services.lanes)
    }
  }

  // MARK: Shifts

  private static let members = [
    "shift", "person", "contract", "post", "startsAt", "endsAt", "duty", "judged", "judgedFrom", "arrivedAt", "leftAt", "marks", "findings",
  ]

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/attendance", .tenant(.attendanceRead),
      Operation(
        "listAttendance",
        Text(zh: "逐班次的考勤：应到、打卡、认定（更正后）", en: "Attendance by shift: what was planned, the marks, what is found after corrections"),
        query: Keyset.parameters + RosterDesk.dayParameters + [
          .init("person", Text(zh: "只列此人的", en: "Of this person only")),
          .init("contract", Text(zh: "只列此合同的", en: "Of this contract only")),
        ], answer: Listing.schematic(Listing.named(members)))
    ) { call in
      let query = call.request.target.query
      let page = try Keyset(query)
      let days = try RosterDesk.days(query)
      let tenant = try call.office.tenant
      let context = Context.tenant(tenant.number)
      let filter = ShiftStore.Filter(
        time: days.time, contracts: try await ShiftRoutes.contracts(call, services), post: nil, state: .planned, person: query["person"])
      let rows = try await services.lanes.rows(
        ShiftStore.page(filter, after: try page.after.map(ShiftRoutes.place), limit: page.limit, in: tenant), in: context)
      var listed: [ShiftStore.Stored] = []
      for row in rows { listed.append(try ShiftStore.stored(row)) }
      let entries = try await entries(listed, in: tenant, services)
      let numbers = entries.values.flatMap { entry, _ in
        entry.attendance.found.map { $0.number(of: entry.planned.id) }
      }
      let proposed = try await services.lanes.query(IncidentStore.numbered(numbers, source: .attendance, in: tenant), in: context)
      var incidents: [String: IncidentStore.Numbered] = [:]
      for incident in proposed { incidents[incident.number] = incident }
      return Listing.response(
        listed, limit: page.limit, next: { "\($0.duty.shift.interval.lowerBound.microseconds).\($0.id)" }
      ) { stored, writer in
        write(stored, entries[stored.id], incidents, at: call.now, to: &writer)
      }
    }
  }

  /// What a shift comes to, and the marks that belong to it.
  private typealias Judged = (entry: AttendanceSheet.Entry, marks: [StandingMark])

  /// What the shifts come to, by their identifiers; without those of which the rules say nothing.
  private static func entries(
    _ listed: [ShiftStore.Stored], in tenant: TenantID, _ services: Services
  ) async throws -> [UUIDv7: Judged] {
    var times: [String: Range<Instant>] = [:]
    for stored in listed {
      let (start, person) = (stored.duty.shift.interval.lowerBound, stored.duty.shift.person)
      let end = stored.duty.shift.interval.upperBound
      times[person] = times[person].map { min($0.lowerBound, start)..<max($0.upperBound, end) } ?? start..<end
    }
    let revisions = RosterRulesStore.revisions(in: tenant)
    let answers = try await services.lanes.rows(
      [revisions.statement] + AttendanceStore.statements(times.map { .init($0.key, $0.value) }, in: tenant), in: .tenant(tenant.number),
      .read)
    let rules = try RosterRulesStore.revisions(answers[0].decoded(by: revisions))
    let asked = Set(listed.map(\.id))
    var entries: [UUIDv7: Judged] = [:]
    for sheet in try AttendanceStore.sheets(answers.dropFirst()).values {
      for entry in sheet.entries(rules) where asked.contains(entry.planned.id) {
        entries[entry.planned.id] = (entry, sheet.marks(of: entry))
      }
    }
    return entries
  }

  /// - Parameter found: nil where the rules say nothing of attendance.
  private static func write(
    _ stored: ShiftStore.Stored, _ found: Judged?, _ incidents: [String: IncidentStore.Numbered], at now: Instant,
    to writer: inout JSONWriter
  ) {
    let shift = stored.duty.shift
    let entry = found?.entry
    writer.beginObject()
    writer.key("shift")
    writer.uuid(stored.id)
    writer.key("person")
    writer.string(shift.person)
    writer.key("contract")
    writer.string(shift.contract)
    writer.key("post")
    writer.string(shift.post)
    writer.key("startsAt")
    writer.instant(shift.interval.lowerBound)
    writer.key("endsAt")
    writer.instant(shift.interval.upperBound)
    let judged = entry.map { $0.rules.judged(shift.interval) }
    let isJudged = judged.map { $0 <= now } ?? false
    let attendance = entry?.attendance
    writer.key("duty")
    if let entry, let duty = entry.attendance.duty {
      writer.string(duty == shift.interval ? "whole" : "shortened")
    } else if entry != nil {
      writer.string("onLeave")
    } else {
      writer.null()
    }
    writer.key("judged")
    writer.bool(isJudged)
    writer.key("judgedFrom")
    if let judged { writer.instant(judged) } else { writer.null() }
    writer.key("arrivedAt")
    if let at = attendance?.arrived { writer.instant(at) } else { writer.null() }
    writer.key("leftAt")
    if let at = attendance?.left { writer.instant(at) } else { writer.null() }
    writer.key("marks")
    writer.beginArray()
    for mark in found?.marks ?? [] { writer.mark(mark) }
    writer.endArray()
    writer.key("findings")
    writer.beginArray()
    for found in isJudged ? attendance?.found ?? [] : [] {
      let incident = incidents[found.number(of: stored.id)]
      writer.beginObject()
      writer.key("finding")
      writer.string(found.finding.rawValue)
      writer.key("minutes")
      writer.integer(found.minutes)
      writer.key("rule")
      writer.beginObject()
      writer.key("over")
      writer.integer(entry?.rules.rule(of: found.finding)?.over ?? 0)
      writer.key("incident")
      writer.optional(found.incident)
      writer.endObject()
      writer.key("incident")
      if let incident { writer.uuid(incident.id) } else { writer.null() }
      writer.key("incidentState")
      writer.optional(incident?.state.rawValue)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }
}

extension JSONWriter {
  /// A clock mark as it stands after corrections.
  mutating func mark(_ mark: StandingMark) {
    beginObject()
    key("at")
    instant(mark.recorded.mark.at)
    key("direction")
    string(mark.recorded.mark.direction.rawValue)
    key("source")
    string(mark.recorded.source.rawValue)
    key("device")
    optional(mark.recorded.device)
    key("externalNumber")
    optional(mark.recorded.externalNumber)
    key("voided")
    bool(!mark.isEffective)
    key("correction")
    if let correction = mark.correction { uuid(correction) } else { null() }
    endObject()
  }
}
