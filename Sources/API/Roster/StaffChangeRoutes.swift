// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Changes of staff 更换人员 for which a contract wants the office's written consent: asked by the vendor, decided by the office.
enum StaffChangeRoutes {
  static func all(_ services: Services) -> [Route] {
    [
      list(services), one(services), ask(services), decide(.consented, services), decide(.refused, services), decide(.withdrawn, services),
    ]
  }

  private static let members = [
    "id", "contract", "post", "leaves", "comes", "on", "reason", "state", "requestedBy", "requestedAt", "decidedBy", "decidedAt",
    "document",
    "note", "version",
  ]

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/staff-changes", .tenant(.staffRead),
      Operation(
        "listStaffChanges", Text(zh: "换人申请，新的在前", en: "Changes of staff asked for, newest first"),
        query: Keyset.parameters + [
          .init(
            "state", Text(zh: "只列此状态的", en: "In this state only"),
            schema: ["type": "string", "enum": .array(StaffChangeStore.State.allCases.map { .string($0.rawValue) })])
        ], answer: Listing.schematic(Listing.named(members)))
    ) { call in
      let tenant = try call.office.tenant
      let query = call.request.target.query
      let page = try Keyset(query)
      let rows = try await services.lanes.query(
        StaffChangeStore.page(
          of: call.variable(1), state: ObligationFilter.word("state", query), after: page.afterIdentifier(), limit: page.limit, in: tenant),
        in: .tenant(tenant.number))
      return Listing.response(rows, limit: page.limit, next: { "\($0.id)" }, write)
    }
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/staff-changes/{change}", .tenant(.staffRead),
      Operation("getStaffChange", Text(zh: "一项换人申请", en: "A change of staff asked for"), answer: Listing.named(members), entityTag: .sent)
    ) { call in
      let row = try await row(call, services)
      var writer = JSONWriter(capacity: 512)
      write(row, to: &writer)
      return .json(writer.bytes, version: Int64(row.version))
    }
  }

  private static func row(_ call: Call, _ services: Services) async throws -> StaffChangeStore.Row {
    let tenant = try call.office.tenant
    let query = StaffChangeStore.one(try call.identifier(2), of: try call.variable(1), in: tenant)
    guard let row = try await services.lanes.first(query, in: .tenant(tenant.number)) else { throw Problem.notFound }
    return row
  }

  private static func write(_ row: StaffChangeStore.Row, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("id")
    writer.uuid(row.id)
    writer.key("contract")
    writer.string(row.contract)
    writer.key("post")
    writer.string(row.post)
    writer.key("leaves")
    writer.optional(row.leaves)
    writer.key("comes")
    writer.optional(row.comes)
    writer.key("on")
    writer.date(row.on)
    writer.key("reason")
    writer.string(row.reason)
    writer.key("state")
    writer.string(row.state.rawValue)
    writer.key("requestedBy")
    writer.uuid(row.requestedBy)
    writer.key("requestedAt")
    writer.instant(row.requestedAt)
    writer.key("decidedBy")
    if let user = row.decidedBy { writer.uuid(user) } else { writer.null() }
    writer.key("decidedAt")
    if let at = row.decidedAt { writer.instant(at) } else { writer.null() }
    writer.key("document")
    writer.optional(row.document)
    writer.key("note")
    writer.optional(row.note)
    writer.key("version")
    writer.integer(row.version)
    writer.endObject()
  }

  // MARK: asking

  private struct Asking: Sendable {
    let post: String
    let leaves: String?
    let comes: String?
    let on: CivilDate
    let reason: String
  }

  private static let asking: Shape<Asking> = Shape<Asking>.object(
    "staffChangeAsking", about: Text(zh: "谁离岗、谁接任、何日、何故。", en: "Who leaves the post, who comes to it, when and why."),
    Field("post", .code), Field(optional: "leaves", .code), Field(optional: "comes", .code), Field("on", .date),
    Field("reason", .string(minLength: 1, maxLength: 2000))
  ) { Asking(post: $0, leaves: $1, comes: $2, on: $3, reason: $4) }.refine { asking in
    guard asking.leaves == asking.comes else { return nil }
    return asking.comes == nil
      ? Fault(pointer: "/comes", code: "missing-member", detail: Text(zh: "须写明谁离岗或谁接任。", en: "Say who leaves or who comes."))
      : Fault(pointer: "/comes", code: "bad-combination", detail: Text(zh: "与离岗者是同一人。", en: "This is who leaves."))
  }

  private static func ask(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/staff-changes", .tenant(.staffAssign), body: asking,
      Operation(
        "askStaffChange", Text(zh: "乙方申请更换人员", en: "Ask, as the vendor, for a change of staff"),
        answer: Listing.named(["id", "state", "version"]), status: 201, failures: [409])
    ) { call, body in
      let office = try call.office
      if office.membership.side != .vendor { throw Problem.forbidden(Permission.staffAssign.rawValue) }
      let contract = try call.variable(1)
      let desk = try await StaffDesk(of: contract, call, services)
      try await judge(body, desk, call, services)
      let id = services.identities.next(at: call.now)
      let event = desk.contract.inForce(on: call.now.date).service.staffing?.change?.asked
      let fact = try event.map { try recorded($0, about: body.comes ?? body.leaves, contract, note: body.reason, call, services) }
      let new = StaffChangeStore.New(
        id: id, contract: contract, post: body.post, leaves: body.leaves, comes: body.comes, on: body.on, reason: body.reason,
        askedFact: fact?.id)
      var data: JSONObject = ["contract": .string(contract), "post": .string(body.post)]
      data["leaves"] = body.leaves.map { .string($0) }
      data["comes"] = body.comes.map { .string($0) }
      return try await Deed(
        statements: (fact.map { FactStore.add($0.fact, in: office.tenant) } ?? []) + [
          StaffChangeStore.add(new, by: try call.principal.user, at: call.now, in: office.tenant),
          try call.note("staff-change.ask", "staff-change", "\(id)", .object(data), id: services.identities.next(at: call.now)),
        ],
        answer: call.receipt(
          id, StaffChangeStore.State.requested.rawValue, version: 1,
          at: "/v1/tenants/\(office.code)/contracts/\(contract)/staff-changes/\(id)", status: .created)
      ).perform(for: call, on: services.lanes)
    }
  }

  /// Refuses what no consent is needed for, and who is not there.
  private static func judge(_ body: Asking, _ desk: StaffDesk, _ call: Call, _ services: Services) async throws {
    guard desk.check.needsConsent(on: body.on) else {
      throw Problem.conflict(
        "no-consent-needed", Text(zh: "合同未规定这一变动须经甲方同意。", en: "The contract asks for no consent to this change."))
    }
    var faults: [Fault] = []
    let document = desk.contract.inForce(on: body.on)
    let posts = document.service.staffing?.posts.map(\.id) ?? []
    if !posts.contains(body.post) {
      let known = posts.joined(separator: ", ")
      faults.append(
        Fault(
          pointer: "/post", code: "unknown-reference",
          detail: Text(zh: "合同的岗位有：\(known)。", en: "The contract's posts are: \(known).")))
    }
    if let leaves = body.leaves,
      !desk.postings.contains(where: { $0.person == leaves && $0.post == body.post && $0.holds(on: call.now.date) })
    {
      faults.append(
        Fault(pointer: "/leaves", code: "not-posted", detail: Text(zh: "此人现不在该岗位。", en: "The person is not on this post now.")))
    }
    if let comes = body.comes {
      let person = try await services.staff(comes, for: call)
      if person?.organisation != document.terms.vendor.organisation { faults.append(.unknownStaff(comes, at: "/comes")) }
    }
    guard faults.isEmpty else { throw Problem(Faults(faults)) }
  }

  /// An event of the contract that comes with a change, recorded by the caller's side.
  private static func recorded(
    _ event: ContractEvent, about subject: String?, _ contract: String, note: String, _ call: Call, _ services: Services
  ) throws -> (id: UUIDv7, fact: FactStore.New) {
    let id = services.identities.next(at: call.now)
    return (
      id,
      FactStore.New(
        id: id, content: FactContent(on: call.now.date, body: .event(FactBody.Event(event, subject: subject))), kind: "event",
        contract: contract, note: note, user: try call.principal.user, side: try call.office.membership.side.rawValue, at: call.now)
    )
  }

  // MARK: deciding

  private struct Decision: Sendable {
    let document: String?
    let note: String?
  }

  private static let words = Shape<String>.string(minLength: 1, maxLength: 2000)
  private static let consent: Shape<Decision> = .object(
    "staffChangeConsent", about: Text(zh: "同意所凭的书面文件。", en: "The paper on which the office consents."),
    Field("document", .string(minLength: 1, maxLength: 200)), Field(optional: "note", words)
  ) { Decision(document: $0, note: $1) }
  private static let refusal: Shape<Decision> = .object(
    "staffChangeRefusal", about: Text(zh: "理由。", en: "Why."), Field("note", words)
  ) { Decision(document: nil, note: $0) }

  private static func decide(_ state: StaffChangeStore.State, _ services: Services) -> Route {
    let path: PathTemplate
    let (id, summary, body): (String, Text, Shape<Decision>)
    let side: Side = state == .withdrawn ? .vendor : .office
    switch state {
    case .consented:
      path = "/v1/tenants/{tenant}/contracts/{contract}/staff-changes/{change}/consent"
      (id, summary, body) = ("consentStaffChange", Text(zh: "甲方书面同意换人", en: "Consent in writing, as the office"), consent)
    case .withdrawn:
      path = "/v1/tenants/{tenant}/contracts/{contract}/staff-changes/{change}/withdraw"
      (id, summary, body) = ("withdrawStaffChange", Text(zh: "乙方撤回申请", en: "Take it back, as the vendor"), refusal)
    case .refused, .requested:
      path = "/v1/tenants/{tenant}/contracts/{contract}/staff-changes/{change}/refuse"
      (id, summary, body) = ("refuseStaffChange", Text(zh: "甲方不同意换人", en: "Refuse, as the office"), refusal)
    }
    return Route(
      .post, path, .tenant(side == .office ? .staffDecide : .staffAssign), body: body,
      Operation(id, summary, answer: Listing.named(["id", "state", "version"]), failures: [409], entityTag: .required)
    ) { call, decision in
      let office = try call.office
      if office.membership.side != side { throw Problem.forbidden((side == .office ? Permission.staffDecide : .staffAssign).rawValue) }
      let row = try await row(call, services)
      let tag = try EntityTag.required(by: call.request)
      let user = try call.principal.user
      var statements = [
        StaffChangeStore.decide(
          row.id, version: Int32(clamping: tag.version), state: state, document: decision.document, note: decision.note, by: user,
          at: call.now, in: office.tenant)
      ]
      statements += try await facts(of: row, state, decision, call, services)
      var data: JSONObject = ["contract": .string(row.contract)]
      data["document"] = decision.document.map { .string($0) }
      statements.append(
        try call.note(
          "staff-change.\(state.rawValue)", "staff-change", "\(row.id)", .object(data), id: services.identities.next(at: call.now)))
      let deed = Deed(statements: statements, answer: call.receipt(row.id, state.rawValue, version: tag.version + 1))
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError where error.state == .changed || error.violatesUnique(FactStore.voidedConstraint) {
        if row.state != .requested {
          throw Problem.alreadyDecided(row.state.name)
        }
        throw Problem.changedSince
      }
    }
  }

  /// The consent is an event of the contract; a request that came to nothing takes its own event back.
  private static func facts(
    of row: StaffChangeStore.Row, _ state: StaffChangeStore.State, _ decision: Decision, _ call: Call, _ services: Services
  ) async throws -> [Statement] {
    let office = try call.office
    guard state != .consented else {
      let desk = try await StaffDesk(of: row.contract, call, services)
      guard let event = desk.contract.inForce(on: call.now.date).service.staffing?.change?.consented else { return [] }
      let fact = try recorded(event, about: row.comes ?? row.leaves, row.contract, note: decision.document ?? "", call, services)
      return FactStore.add(fact.fact, in: office.tenant)
    }
    guard let asked = row.askedFact else { return [] }
    return [
      FactStore.void(
        asked, of: row.contract, id: services.identities.next(at: call.now), reason: decision.note ?? "", by: try call.principal.user,
        side: office.membership.side.rawValue, at: call.now, in: office.tenant)
    ]
  }
}
