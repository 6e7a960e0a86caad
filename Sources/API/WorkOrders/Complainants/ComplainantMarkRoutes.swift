// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Postgres
import Store

/// Marking key complainants 重点诉求人, planning how often they are visited, and ending that they are.
enum ComplainantMarkRoutes {
  static func all(_ services: Services) -> [Route] { [mark(services), plan(services), close(services)] }

  private struct Marking: Sendable {
    let order: UUIDv7
    let ground: ComplainantGround
    let reason: String
    let also: [UUIDv7]
    let visitEvery: Span?
  }

  private static let marking: Shape<Marking> = .object(
    "keyComplainantMarking",
    about: Text(zh: "由一张工单列入其诉求人。", en: "Marks the citizen of an order."),
    Field("order", .uuid), Field("ground", .enumeration(ComplainantGround.self)), Field("reason", .string(minLength: 1, maxLength: 2000)),
    Field("also", .array(of: .uuid, max: 200, uniqueBy: nil) { "\($0)" }, default: []), Field(optional: "visitEvery", ComplainantRule.days)
  ) { Marking(order: $0, ground: $1, reason: $2, also: $3, visitEvery: $4) }

  private static func mark(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/key-complainants", .tenant(.complainantWrite), body: marking,
      Operation(
        "markKeyComplainant", Text(zh: "列为重点诉求人", en: "Mark a key complainant"), answer: ComplainantRoutes.receipt, status: 201,
        failures: [409, 422])
    ) { call, body in
      if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
      let office = try call.office
      let tenant = office.tenant
      let actor = try call.orderActor
      let user = try call.principal.user
      let read = OrderContentStore.one(body.order, in: tenant)
      let others = ComplainantStore.known(body.also, in: tenant)
      let answers = try await services.lanes.rows([read.statement, others.statement], in: .tenant(tenant.number), .read)
      guard let content = try answers[0].decoded(by: read).first else { throw Problem(Faults([.unknownOrder("/order")])) }
      let known = Set(try answers[1].decoded(by: others))
      let faults = body.also.enumerated().filter { !known.contains($0.element) }.map { Fault.unknownOrder("/also/\($0.offset)") }
      guard faults.isEmpty else { throw Problem(Faults(faults)) }
      let (citizen, ring) = try await services.content(of: body.order, content, call)
      let count = try await orders(behind: body, citizen, ring, call, services)
      let rules = try await services.clocks.clocks(of: tenant, on: services.lanes)
      let id = services.identities.next(at: call.now)
      let plan = try VisitPlan(
        every: body.visitEvery ?? rules.complainants.visitEvery, from: call.now.date, under: rules.complainants, rules.reckoner.calendar,
        at: call.now)
      let person = Citizen(name: citizen.name, phone: citizen.phone, address: citizen.address)
      let new = ComplainantStore.New(
        id: id, order: body.order, ground: body.ground, orders: count, reason: MaskedCitizen.text(body.reason, of: citizen),
        citizen: person, ring: ring, plan: plan, by: user, side: actor.side)
      var statements = [try ComplainantStore.add(new, at: call.now, in: tenant)]
      let ground: ComplainantGround = body.ground == .content ? .content : .judgement
      let linked = citizen.phone == nil ? [body.order] + body.also : body.also
      if !linked.isEmpty { statements.append(ComplainantStore.link(linked, to: id, ground, by: user, at: call.now, in: tenant)) }
      statements.append(
        try call.note(
          "complainant.mark", "key-complainant", "\(id)", ["order": .string("\(body.order)"), "ground": .string(body.ground.rawValue)],
          id: services.identities.next(at: call.now)))
      let answer = ComplainantRoutes.receipt(id, version: 1, at: "/v1/tenants/\(office.code)/key-complainants/\(id)", status: .created)
      do {
        return try await Deed(statements: statements, answer: answer).perform(for: call, on: services.lanes)
      } catch let error as PostgresError where error.violatesUnique(ComplainantStore.constraint) {
        throw Problem.conflict("already-marked", Text(zh: "此人已列为重点诉求人。", en: "They are marked already."))
      }
    }
  }

  /// How many orders speak for marking.
  ///
  /// - Throws: 422 where nobody is known, or where the ground does not hold.
  private static func orders(
    behind marking: Marking, _ citizen: Citizen, _ ring: KeyRing, _ call: Call, _ services: Services
  ) async throws -> Int32 {
    let tenant = try call.office.tenant
    guard citizen.name != nil || citizen.phone != nil else {
      throw Problem(
        Faults([
          Fault(
            pointer: "/order", code: "no-citizen", detail: Text(zh: "该工单没有登记诉求人。", en: "Nobody is on record as this order's citizen."))
        ]))
    }
    var count = Int32(clamping: marking.also.filter { $0 != marking.order }.count + 1)
    if let code = try ring.phoneCode(of: citizen) {
      let calls = try await services.lanes.first(ComplainantStore.count(ofPhone: code, in: tenant), in: .tenant(tenant.number)) ?? 0
      if marking.ground == .phone { count = Int32(clamping: calls) }
    } else if marking.ground == .phone {
      count = 0
    }
    guard marking.ground == .judgement || count > 1 else {
      throw Problem(
        Faults([
          Fault(
            pointer: "/ground", code: "not-repeated",
            detail: marking.ground == .phone
              ? Text(zh: "此电话没有其他工单。", en: "No other order came from this telephone.")
              : Text(zh: "须在 also 中列出内容相同的其他工单。", en: "The other orders on the same matter are to be named in `also`."))
        ]))
    }
    return count
  }

  // MARK: Plan and end

  private static let planning: Shape<(every: Span, from: CivilDate?)> = .object(
    "visitPlanning", Field("visitEvery", ComplainantRule.days), Field(optional: "from", .date)
  ) { ($0, $1) }

  private static func plan(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/key-complainants/{complainant}/plan", .tenant(.complainantWrite), body: planning,
      Operation(
        "planKeyComplainantVisits",
        Text(
          zh: "改定回访计划：多久一次；自某日（默认上次回访日）起算", en: "Say how often they are visited, counted from a day: that of the last visit unless told"),
        answer: ComplainantRoutes.receipt, failures: [409], entityTag: .required)
    ) { call, body in
      let tag = try EntityTag.required(by: call.request)
      let tenant = try call.office.tenant
      let known = try await ComplainantRoutes.complainant(call, services)
      if known.closed != nil { throw Problem.complainantClosed }
      let rules = try await services.clocks.clocks(of: tenant, on: services.lanes)
      let plan = try VisitPlan(
        every: body.every, from: body.from ?? known.plan.from, under: rules.complainants, rules.reckoner.calendar, at: call.now)
      let statements = [
        ComplainantStore.put(plan, of: known.id, version: Int32(clamping: tag.version), in: tenant),
        try call.note(
          "complainant.plan", "key-complainant", "\(known.id)", ["every": plan.every.json, "from": .string("\(plan.from)")],
          id: services.identities.next(at: call.now)),
      ]
      return try await change(statements, known.id, version: tag.version + 1, call, services)
    }
  }

  private static func close(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/key-complainants/{complainant}/close", .tenant(.complainantWrite), body: OrderMove.reason,
      Operation(
        "closeKeyComplainant", Text(zh: "销册：不再列为重点诉求人", en: "End that somebody is a key complainant"), answer: ComplainantRoutes.receipt,
        failures: [409],
        entityTag: .required)
    ) { call, reason in
      let tag = try EntityTag.required(by: call.request)
      let tenant = try call.office.tenant
      let known = try await ComplainantRoutes.complainant(call, services)
      let (citizen, _) = try await person(known.id, call, services)
      let statements = [
        ComplainantStore.close(
          known.id, version: Int32(clamping: tag.version), because: MaskedCitizen.text(reason, of: citizen), by: try call.principal.user,
          at: call.now, in: tenant),
        try call.note("complainant.close", "key-complainant", "\(known.id)", id: services.identities.next(at: call.now)),
      ]
      do {
        return try await change(statements, known.id, version: tag.version + 1, call, services)
      } catch let problem as Problem where problem == .changedSince && known.closed != nil {
        throw Problem.complainantClosed
      }
    }
  }

  /// Changes somebody of a known version.
  static func change(
    _ statements: [Statement], _ id: UUIDv7, version: Int64, _ call: Call, _ services: Services
  ) async throws -> Response {
    do {
      return try await Deed(statements: statements, answer: ComplainantRoutes.receipt(id, version: version, at: nil, status: .ok))
        .perform(for: call, on: services.lanes)
    } catch let error as PostgresError where error.state == .changed {
      throw Problem.changedSince
    }
  }

  /// Who somebody is, in clear, and the keys that open what is kept of them.
  static func person(_ id: UUIDv7, _ call: Call, _ services: Services) async throws -> (citizen: Citizen, ring: KeyRing) {
    let tenant = try call.office.tenant
    guard let sealed = try await services.lanes.first(ComplainantStore.sealed(id, in: tenant), in: .tenant(tenant.number)) else {
      throw Problem.notFound
    }
    let ring = try await services.citizens.ring(of: tenant, opening: sealed.key, on: services.lanes, at: call.now)
    let json = try ring.open(sealed.bytes, with: sealed.key, in: .complainant, of: id)
    return (try Citizen.sealedShape.decode(json).get(), ring)
  }
}
