// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// What is demanded about a contract's people: that somebody be replaced or taken off, or that a place which fell vacant be filled.
enum StaffDemandRoutes {
  static func all(_ services: Services) -> [Route] { [list(services), one(services), raise(services), withdraw(services)] }

  private static let members = [
    "id", "contract", "kind", "post", "person", "postedFrom", "on", "reason", "evidence", "state", "left", "successor", "metOn",
    "raisedSide",
    "raisedBy", "raisedAt", "withdrawn", "version", "obligations",
  ]

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/staff-demands", .tenant(.staffRead),
      Operation(
        "listStaffDemands", Text(zh: "对人员的要求与缺员，附各自的期限，新的在前", en: "Demands about staff and vacancies, with their deadlines, newest first"),
        query: Keyset.parameters + [
          .init(
            "state", Text(zh: "只列此状态的", en: "In this state only"),
            schema: ["type": "string", "enum": .array(StaffDemand.State.allCases.map { .string($0.rawValue) })])
        ], answer: Listing.schematic(Listing.named(members)))
    ) { call in
      let tenant = try call.office.tenant
      let query = call.request.target.query
      let page = try Keyset(query)
      let contract = try call.variable(1)
      let rows = try await services.lanes.query(
        StaffDemandStore.page(
          of: contract, state: ObligationFilter.word("state", query), after: page.afterIdentifier(), limit: page.limit, in: tenant),
        in: .tenant(tenant.number))
      let obligations = try await obligations(of: rows, contract, call, services)
      return Listing.response(rows, limit: page.limit, next: { "\($0.demand.id)" }) { row, writer in
        write(row, obligations[row.demand.id] ?? [], on: call.now.date, to: &writer)
      }
    }
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/staff-demands/{demand}", .tenant(.staffRead),
      Operation("getStaffDemand", Text(zh: "一项要求或缺员", en: "A demand or a vacancy"), answer: Listing.named(members), entityTag: .sent)
    ) { call in
      let row = try await row(call, services)
      let obligations = try await obligations(of: [row], row.contract, call, services)
      var writer = JSONWriter(capacity: 2048)
      write(row, obligations[row.demand.id] ?? [], on: call.now.date, to: &writer)
      return .json(writer.bytes, version: Int64(row.version))
    }
  }

  private static func row(_ call: Call, _ services: Services) async throws -> StaffDemandStore.Row {
    let tenant = try call.office.tenant
    let query = StaffDemandStore.one(try call.identifier(2), of: try call.variable(1), in: tenant)
    guard let row = try await services.lanes.first(query, in: .tenant(tenant.number)) else { throw Problem.notFound }
    return row
  }

  /// What the vendor owes because of each demand, by the event with which it began.
  private static func obligations(
    of rows: [StaffDemandStore.Row], _ contract: String, _ call: Call, _ services: Services
  ) async throws -> [UUIDv7: [Obligation]] {
    guard rows.contains(where: { $0.openedFact != nil }) else { return [:] }
    let all = try await services.dossier(of: contract, for: call).settlement(asOf: call.now.date).obligations(at: call.now)
    var found: [UUIDv7: [Obligation]] = [:]
    for row in rows {
      guard let fact = row.openedFact else { continue }
      found[row.demand.id] = all.filter { $0.id.hasSuffix("@\(fact)") }
    }
    return found
  }

  private static func write(_ row: StaffDemandStore.Row, _ obligations: [Obligation], on day: CivilDate, to writer: inout JSONWriter) {
    let demand = row.demand
    writer.beginObject()
    writer.key("id")
    writer.uuid(demand.id)
    writer.key("contract")
    writer.string(row.contract)
    writer.key("kind")
    writer.string(demand.kind.rawValue)
    writer.key("post")
    writer.string(demand.post)
    writer.key("person")
    writer.optional(demand.posting?.person)
    writer.key("postedFrom")
    if let from = demand.posting?.from { writer.date(from) } else { writer.null() }
    writer.key("on")
    writer.date(demand.on)
    writer.key("reason")
    writer.string(row.reason)
    writer.key("evidence")
    writer.value(row.evidence)
    writer.key("state")
    writer.string(demand.state.rawValue)
    writer.key("left")
    if let left = demand.left { writer.date(left) } else { writer.null() }
    writer.key("successor")
    if let successor = demand.successor {
      writer.beginObject()
      writer.key("person")
      writer.string(successor.person)
      writer.key("from")
      writer.date(successor.from)
      writer.endObject()
    } else {
      writer.null()
    }
    writer.key("metOn")
    if let met = row.metOn { writer.date(met) } else { writer.null() }
    writer.key("raisedSide")
    writer.string(row.side)
    writer.key("raisedBy")
    if let user = row.raisedBy { writer.uuid(user) } else { writer.null() }
    writer.key("raisedAt")
    writer.instant(row.raisedAt)
    writer.key("withdrawn")
    if let at = row.withdrawnAt {
      writer.beginObject()
      writer.key("at")
      writer.instant(at)
      writer.key("reason")
      writer.optional(row.withdrawnBecause)
      writer.endObject()
    } else {
      writer.null()
    }
    writer.key("version")
    writer.integer(row.version)
    writer.key("obligations")
    writer.beginArray()
    for obligation in obligations {
      writer.beginObject()
      obligation.writeMembers(on: day, to: &writer)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }

  // MARK: raising

  private struct Raising: Sendable {
    let kind: Staffing.Demand.Kind
    let key: Posting.Key
    let reason: String
    let evidence: [JSON]
  }

  private static let raising: Shape<Raising> = .object(
    "staffDemandRaising",
    about: Text(zh: "要求更换或退回哪个岗位上的谁，理由与证据。", en: "Who on which post is to be replaced or taken off, why, and the proof."),
    Field("kind", .enumeration([("replacement", Staffing.Demand.Kind.replacement), ("removal", .removal)])), Field("person", .code),
    Field("post", .code), Field("from", .date), Field("reason", .string(minLength: 1, maxLength: 2000)),
    Field("evidence", .array(of: IncidentBody.evidence, max: 100), default: [])
  ) { kind, person, post, from, reason, evidence in
    Raising(kind: kind, key: Posting.Key(person: person, post: post, from: from), reason: reason, evidence: evidence)
  }

  private static func raise(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/staff-demands", .tenant(.staffDemand), body: raising,
      Operation(
        "demandStaff",
        Text(zh: "甲方要求更换或退回人员；期限自今日起算", en: "Demand, as the office, that somebody be replaced or taken off; the time runs from today"),
        answer: Listing.named(["id", "state", "version"]), status: 201, failures: [409])
    ) { call, body in
      let office = try call.office
      if office.membership.side != .office { throw Problem.forbidden(Permission.staffDemand.rawValue) }
      let contract = try call.variable(1)
      let today = call.now.date
      let desk = try await StaffDesk(of: contract, call, services)
      guard let rule = desk.contract.demandRule(body.kind, on: today) else {
        throw Problem.conflict(
          "not-in-contract", Text(zh: "合同没有这一要求的约定。", en: "The contract knows no demand of this kind."))
      }
      guard let posting = desk.postings.first(where: { $0.key == body.key }), posting.holds(on: today) else {
        throw Problem(
          Faults([
            Fault(pointer: "/person", code: "not-posted", detail: Text(zh: "此人现不在该岗位。", en: "The person is not on this post now."))
          ]))
      }
      let user = try call.principal.user
      let id = services.identities.next(at: call.now)
      let fact = services.identities.next(at: call.now)
      let event = FactStore.New(
        id: fact, content: FactContent(on: today, body: .event(FactBody.Event(rule.opens, subject: body.key.person))), kind: "event",
        contract: contract, note: body.reason, user: user, side: Side.office.rawValue, at: call.now)
      let demand = StaffDemand(
        id: id, kind: body.kind, post: body.key.post, posting: body.key, on: today, state: .open, left: nil, successor: nil)
      var statements = FactStore.add(event, in: office.tenant)
      statements.append(
        StaffDemandStore.add(
          StaffDemandStore.New(demand, of: contract, reason: body.reason, evidence: body.evidence, openedFact: fact, user: user),
          at: call.now, in: office.tenant))
      if let again = try again(rule, posting, demand, desk, call, services) { statements.append(again) }
      statements.append(
        try call.note(
          "staff.demand", on: body.key, of: contract, ["demand": .string("\(id)"), "kind": .string(body.kind.rawValue)], services))
      let deed = Deed(
        statements: statements,
        answer: call.receipt(
          id, StaffDemand.State.open.rawValue, version: 1,
          at: "/v1/tenants/\(office.code)/contracts/\(contract)/staff-demands/\(id)", status: .created))
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError where error.violatesUnique(StaffDemandStore.openConstraint) {
        throw Problem.conflict("already-demanded", Text(zh: "对此人已有未了的要求。", en: "A demand about this person is open already."))
      }
    }
  }

  /// The incident that is proposed where somebody who came in place of a person demanded to be replaced is demanded to be replaced too.
  private static func again(
    _ rule: Staffing.Demand, _ posting: Posting, _ demand: StaffDemand, _ desk: StaffDesk, _ call: Call, _ services: Services
  ) throws -> Statement? {
    guard let name = rule.again,
      let before = desk.demands.first(where: { $0.demand.successor == posting.key && $0.demand.kind == demand.kind }),
      desk.contract.inForce(on: call.now.date).appraisal.incidents.contains(where: { $0.id == name })
    else { return nil }
    let text = Text(
      zh: "接替“\(before.demand.posting?.person ?? "")”的人员再次被要求更换。",
      en: "Who came in place of “\(before.demand.posting?.person ?? "")” is demanded to be replaced again.")
    let proposal = Incident.Proposal(
      contract: desk.contract.id, occurredAt: call.now, incident: FactBody.Incident(kind: name, subject: posting.person),
      description: text.zh + "\n" + text.en,
      evidence: [
        ["kind": "staffDemand", "reference": .string("\(before.demand.id)")],
        ["kind": "staffDemand", "reference": .string("\(demand.id)"), "note": .string(rule.citation.clause)],
      ], source: "staff", externalNumber: "\(demand.id)/again")
    return IncidentStore.add(
      proposal, id: services.identities.next(at: call.now), by: try call.principal.user, side: .office, at: call.now,
      in: try call.office.tenant)
  }

  // MARK: withdrawing

  private static let withdrawal: Shape<String> = .object(
    "staffDemandWithdrawal", about: Text(zh: "撤回的理由。", en: "Why it is taken back."), Field("reason", .string(minLength: 1, maxLength: 2000))
  ) { $0 }

  private static func withdraw(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/staff-demands/{demand}/withdraw", .tenant(.staffDemand), body: withdrawal,
      Operation(
        "withdrawStaffDemand",
        Text(zh: "甲方撤回要求；缺员不能撤回，可免除其义务", en: "Take a demand back, as the office; of a vacancy the obligation may be waived"),
        answer: Listing.named(["id", "state", "version"]), failures: [409], entityTag: .required)
    ) { call, reason in
      let office = try call.office
      if office.membership.side != .office { throw Problem.forbidden(Permission.staffDemand.rawValue) }
      let row = try await row(call, services)
      let tag = try EntityTag.required(by: call.request)
      if row.demand.kind == .vacancy {
        throw Problem.conflict(
          "not-withdrawable",
          Text(zh: "缺员是事实，不能撤回；可免除补充人员的义务。", en: "A vacancy is a fact and not taken back; waive the obligation to fill it."))
      }
      let user = try call.principal.user
      var statements = [
        StaffDemandStore.withdraw(
          row.demand.id, version: Int32(clamping: tag.version), because: reason, by: user, at: call.now, in: office.tenant)
      ]
      if let fact = row.openedFact {
        statements.append(
          FactStore.void(
            fact, of: row.contract, id: services.identities.next(at: call.now), reason: reason, by: user, side: Side.office.rawValue,
            at: call.now, in: office.tenant))
      }
      statements.append(
        try call.note(
          "staff.demand-withdraw", "staff", row.demand.posting?.person ?? row.demand.post, ["demand": .string("\(row.demand.id)")],
          id: services.identities.next(at: call.now)))
      let deed = Deed(statements: statements, answer: call.receipt(row.demand.id, "withdrawn", version: tag.version + 1))
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError where error.state == .changed || error.violatesUnique(FactStore.voidedConstraint) {
        if row.demand.state != .open {
          throw Problem.conflict(
            "already-decided", Text(zh: "该要求已了结（\(row.demand.state.name.zh)）。", en: "This demand is over (\(row.demand.state.name.en))."))
        }
        throw Problem.changedSince
      }
    }
  }
}
