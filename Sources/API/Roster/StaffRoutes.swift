// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// The people who work for an office: a new one, and everything that is on record of one.
enum StaffRoutes {
  static func all(_ services: Services) -> [Route] { [add(services), one(services)] }

  private struct New: Sendable {
    let code: String
    let name: String
    let department: String?
  }

  private static let new: Shape<New> = .object(
    "staffMember", about: Text(zh: "一名人员，属本人所在一方的组织。", en: "A person, of the caller's own organisation."),
    Field("code", .code), Field("name", .string(minLength: 1, maxLength: 80)), Field(optional: "department", .code)
  ) { New(code: $0, name: $1, department: $2) }

  private static func add(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/staff", .tenant(.staffWrite), body: new,
      Operation(
        "addStaff", Text(zh: "登记一名人员，属本人所在的组织", en: "Add a person of one's own organisation"), answer: Listing.named(["code"]),
        status: 201, failures: [409])
    ) { call, body in
      let office = try call.office
      let person = StaffList.Person(
        code: body.code, name: body.name, organisation: try call.principal.organisation, department: body.department)
      var writer = JSONWriter(capacity: 64)
      writer.beginObject()
      writer.key("code")
      writer.string(body.code)
      writer.endObject()
      var answer = Response.json(writer.bytes, status: .created)
      if let location = HeaderValue("/v1/tenants/\(office.code)/staff/\(body.code)") { answer.headers.append(.location, location) }
      let deed = Deed(
        statements: [
          StaffStore.add(person, in: office.tenant),
          try call.note(
            "staff.add", "staff", body.code, ["organisation": .string(person.organisation)], id: services.identities.next(at: call.now)),
        ], answer: answer)
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError where body.department != nil && error.state == .foreignKeyViolation {
        throw Problem(
          Faults([
            Fault(
              pointer: "/department", code: "unknown-reference", detail: Text(zh: "本单位没有此科室。", en: "The office has no such department."))
          ]))
      }
    }
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/staff/{person}", .tenant(.staffRead),
      Operation(
        "getStaffMember", Text(zh: "一名人员：任岗、上岗条件、离岗清理", en: "A person: posts, conditions met, what was cleared on leaving"),
        answer: Listing.named(["code", "displayName", "organisation", "department", "assignments", "conditions", "clearances"]))
    ) { call in
      let office = try call.office
      let code = try call.variable(1)
      guard let person = try await services.staff(code, for: call) else { throw Problem.notFound }
      let (postings, conditions, clearances) = (
        PostingStore.list(ofPerson: code, in: office.tenant), StaffConditionStore.list(ofPerson: code, in: office.tenant),
        ClearanceStore.list(ofPerson: code, in: office.tenant)
      )
      let answers = try await services.lanes.rows(
        [postings.statement, conditions.statement, clearances.statement], in: .tenant(office.tenant.number), .read)
      let sees = office.membership.sees(contract:)
      var writer = JSONWriter(capacity: 2048)
      writer.beginObject()
      writer.key("code")
      writer.string(person.code)
      writer.key("displayName")
      writer.string(person.displayName)
      writer.key("organisation")
      writer.string(person.organisation)
      writer.key("department")
      writer.optional(person.department)
      writer.key("assignments")
      writer.beginArray()
      for row in try answers[0].decoded(by: postings) where sees(row.contract) { PostingRoutes.write(row, to: &writer) }
      writer.endArray()
      writer.key("conditions")
      writer.beginArray()
      for row in try answers[1].decoded(by: conditions) where sees(row.contract) { ConditionRoutes.write(row, to: &writer) }
      writer.endArray()
      writer.key("clearances")
      writer.beginArray()
      for row in try answers[2].decoded(by: clearances) where sees(row.contract) { ClearanceRoutes.write(row, to: &writer) }
      writer.endArray()
      writer.endObject()
      return Response.json(writer.bytes)
    }
  }
}
