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
      let known = AttendanceBody.known(
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
      let reading = try await AttendanceReading(listed, in: tenant, services)
      return Listing.response(
        listed, limit: page.limit, next: { "\($0.duty.shift.interval.lowerBound.microseconds).\($0.id)" }
      ) { stored, writer in
        reading.write(stored, at: call.now, to: &writer)
      }
    }
  }
}
