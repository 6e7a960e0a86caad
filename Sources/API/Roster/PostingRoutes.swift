// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Who is on which post of a contract: put there when the conditions are on record, taken off when everything is cleared.
enum PostingRoutes {
  static func all(_ services: Services) -> [Route] { [staffing(services), list(services), assign(services), end(services)] }

  // MARK: the rule and the people

  private static let day = Operation.Parameter(
    "on", Text(zh: "哪一日，默认今日", en: "On which day, today unless told"), schema: ["type": "string", "format": "date"])

  private static func day(_ call: Call) throws -> CivilDate {
    guard let text = call.request.target.query["on"] else { return call.now.date }
    guard let day = CivilDate(text) else {
      throw Problem.badQuery("on", Text(zh: "on 须为 YYYY-MM-DD。", en: "on must be YYYY-MM-DD."))
    }
    return day
  }

  private static func staffing(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/staffing", .tenant(.staffRead),
      Operation(
        "getStaffing",
        Text(
          zh: "合同的人员配备：岗位、人数、上岗条件、在岗人员、缺员", en: "The contract's staffing: posts, numbers, conditions, who is there, who is wanting"),
        query: [day],
        answer: Listing.named(["contract", "on", "clause", "says", "atLeast", "changeNeeds", "posted", "short", "posts"]))
    ) { call in
      let on = try day(call)
      let contract = try call.variable(1)
      let desk = try await StaffDesk(of: contract, call, services)
      guard let staffing = desk.contract.inForce(on: on).service.staffing else {
        throw Problem.conflict("no-staffing", Text(zh: "合同没有人员配备条款。", en: "The contract has no staffing rule."))
      }
      let review = StaffingReview(staffing, postings: desk.postings, records: desk.records, on: on)
      var writer = JSONWriter(capacity: 4096)
      writer.beginObject()
      writer.key("contract")
      writer.string(contract)
      writer.key("on")
      writer.date(on)
      review.writeMembers(to: &writer)
      writer.endObject()
      return Response.json(writer.bytes)
    }
  }

  private static let members = ["contract", "person", "displayName", "post", "from", "to", "planned", "ended", "replaces", "version"]

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/assignments", .tenant(.staffRead),
      Operation(
        "listAssignments", Text(zh: "任岗记录，按岗位和起始日；离岗的也在内", en: "Who is and was on which post, by post and first day"),
        answer: Listing.schematic(Listing.named(members)))
    ) { call in
      let desk = try await StaffDesk(of: call.variable(1), call, services)
      return Listing.response(desk.rows, write)
    }
  }

  static func write(_ row: PostingStore.Row, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("contract")
    writer.string(row.contract)
    row.posting.writeMembers(to: &writer)
    writer.key("displayName")
    writer.string(row.name)
    writer.key("endedBecause")
    writer.optional(row.endedBecause)
    writer.key("version")
    writer.integer(row.version)
    writer.endObject()
  }

  // MARK: coming

  private struct Coming: Sendable {
    let key: Posting.Key
    let to: CivilDate?
    let replaces: (person: String, from: CivilDate)?
    let change: UUIDv7?
    let demand: UUIDv7?
  }

  private static let replaced: Shape<(person: String, from: CivilDate)> = .object(
    Field("person", .code), Field("from", .date)
  ) { (person: $0, from: $1) }

  private static let coming: Shape<Coming> = .object(
    "assigning",
    about: Text(
      zh: "派人任岗；合同规定换人须经同意的，写明 change。",
      en: "Puts somebody on a post; names the change that the office consented to, where the contract asks for it."),
    Field("person", .code), Field("post", .code), Field("from", .date), Field(optional: "to", .date), Field(optional: "replaces", replaced),
    Field(optional: "change", .uuid), Field(optional: "demand", .uuid)
  ) { person, post, from, to, replaces, change, demand in
    Coming(key: Posting.Key(person: person, post: post, from: from), to: to, replaces: replaces, change: change, demand: demand)
  }

  private static func assign(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/assignments", .tenant(.staffAssign), body: coming,
      Operation(
        "assignStaff", Text(zh: "派人任岗；培训、保密承诺、甲方同意等条件须已登记", en: "Put somebody on a post whose conditions are on record"),
        answer: Listing.named(["person", "post", "from", "version"]), status: 201, failures: [409])
    ) { call, body in
      let contract = try call.variable(1)
      let deed: Deed
      do {
        deed = try await assigning(body, contract, call, services)
      } catch {
        // A repeated request gets its answer also when things have moved on since.
        if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
        throw error
      }
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError {
        throw explain(error)
      }
    }
  }

  private static func assigning(_ body: Coming, _ contract: String, _ call: Call, _ services: Services) async throws -> Deed {
    let office = try call.office
    let desk = try await StaffDesk(of: contract, call, services)
    let person = try await services.staff(body.key.person, at: "/person", for: call)
    let named = body.replaces.map { Posting.Key(person: $0.person, post: body.key.post, from: $0.from) }
    let progress = DemandProgress(desk: desk, call: call, services: services)
    let demand = try progress.demand(body.demand, for: body.key, replacing: named)
    // Who meets a demand stands in for the person whom it is about.
    let replaces = named ?? demand?.demand.posting
    let proposal = PostingCheck.Proposal(body.key, to: body.to, replaces: replaces, organisation: person.organisation)
    let faults = desk.check.faults(in: proposal)
    guard faults.isEmpty else { throw Problem(Faults(faults)) }
    let consent = try await consent(body.change, contract, call, services)
    if let problem = desk.check.refusal(of: proposal, consent) { throw problem }
    let new = PostingStore.New(contract: contract, key: body.key, to: body.to, replaces: replaces, change: body.change)
    var data: JSONObject = [:]
    data["change"] = body.change.map { .string("\($0)") }
    data["demand"] = demand.map { .string("\($0.demand.id)") }
    let met = try demand.map { try progress.coming(body.key, $0) } ?? []
    return Deed(
      statements: PostingStore.add(new, by: try call.principal.user, at: call.now, in: office.tenant) + met + [
        try call.note("staff.assign", on: body.key, of: contract, data, services)
      ], answer: receipt(body.key, version: 1, status: .created))
  }

  /// What the office consented to under a name.
  private static func consent(
    _ change: UUIDv7?, _ contract: String, _ call: Call, _ services: Services
  ) async throws -> PostingCheck.Consent? {
    guard let change else { return nil }
    let tenant = try call.office.tenant
    guard let row = try await services.lanes.first(StaffChangeStore.one(change, of: contract, in: tenant), in: .tenant(tenant.number))
    else {
      throw Problem(
        Faults([
          Fault(
            pointer: "/change", code: "unknown-reference", detail: Text(zh: "没有此换人申请。", en: "No such change was asked for."))
        ]))
    }
    return row.consent
  }

  static func explain(_ error: PostgresError) -> any Error {
    if error.state == .alreadyRecorded {
      return Problem.conflict("already-posted", Text(zh: "此人在这段时间已任该岗位。", en: "The person holds this post in that time already."))
    }
    if error.state == .changed { return Problem.changedSince }
    if PostingStore.consentConstraints.contains(where: error.violatesUnique) {
      return Problem.conflict(
        "consent-used", Text(zh: "该同意已用于另一次任岗或离岗。", en: "This consent has been used for another who came or left."))
    }
    return error
  }

  private static func receipt(_ key: Posting.Key, version: Int64, status: Status) -> Response {
    var writer = JSONWriter(capacity: 128)
    writer.beginObject()
    writer.key("person")
    writer.string(key.person)
    writer.key("post")
    writer.string(key.post)
    writer.key("from")
    writer.date(key.from)
    writer.key("version")
    writer.integer(version)
    writer.endObject()
    return .json(writer.bytes, version: version, status: status)
  }

  // MARK: leaving

  private struct Leaving: Sendable {
    let on: CivilDate
    let reason: String
    let change: UUIDv7?
  }

  private static let leaving: Shape<Leaving> = .object(
    "assignmentEnding", about: Text(zh: "最后在岗日和原因。", en: "The last day on the post, and why."),
    Field("on", .date), Field("reason", .string(minLength: 1, maxLength: 2000)), Field(optional: "change", .uuid)
  ) { Leaving(on: $0, reason: $1, change: $2) }

  private static func end(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/assignments/{post}/{person}/{from}/end", .tenant(.staffAssign), body: leaving,
      Operation(
        "endAssignment", Text(zh: "结束任岗；资料归还、数据销毁须已登记", en: "Take somebody off a post, when materials and data are cleared"),
        answer: Listing.named(["person", "post", "from", "version"]), failures: [409], entityTag: .required)
    ) { call, body in
      let contract = try call.variable(1)
      let deed: Deed
      do {
        deed = try await ending(body, contract, call, services)
      } catch {
        if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
        throw error
      }
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError {
        throw explain(error)
      }
    }
  }

  private static func ending(_ body: Leaving, _ contract: String, _ call: Call, _ services: Services) async throws -> Deed {
    let office = try call.office
    guard let from = CivilDate(try call.variable(4)) else { throw Problem.notFound }
    let key = Posting.Key(person: try call.variable(3), post: try call.variable(2), from: from)
    let desk = try await StaffDesk(of: contract, call, services)
    let row = try desk.row(key)
    guard try await services.staff(key.person, for: call) != nil else { throw Problem.notFound }
    let tag = try EntityTag.required(by: call.request)
    let faults = desk.check.faults(inEnding: row.posting, on: body.on, today: call.now.date)
    guard row.posting.ended != nil || faults.isEmpty else { throw Problem(Faults(faults)) }
    let consent = try await consent(body.change, contract, call, services)
    let clearances = try await services.lanes.query(
      ClearanceStore.list(ofPerson: key.person, in: office.tenant), in: .tenant(office.tenant.number))
    let isDemanded = desk.demands.contains { $0.demand.state == .open && $0.demand.posting == key }
    let cleared = clearances.filter { $0.contract == contract && $0.state != .rejected }.map(\.done)
    if let problem = desk.check.refusal(ofEnding: row.posting, on: body.on, clearances: cleared, consent, isDemanded: isDemanded) {
      throw problem
    }
    var data: JSONObject = ["on": .string("\(body.on)"), "reason": .string(body.reason)]
    data["change"] = body.change.map { .string("\($0)") }
    return Deed(
      statements: PostingStore.end(
        key, of: contract, version: Int32(clamping: tag.version), on: body.on, because: body.reason, change: body.change,
        by: try call.principal.user, at: call.now, in: office.tenant)
        + (try DemandProgress(desk: desk, call: call, services: services).leaving(key, on: body.on, of: contract)) + [
          try call.note("staff.leave", on: key, of: contract, data, services)
        ], answer: receipt(key, version: tag.version + 1, status: .ok))
  }
}
