// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Grades 等次: proposed by one of the office with reasons, decided by another.
enum GradeRoutes {
  static func all(_ services: Services) -> [Route] {
    [list(services), one(services), propose(services), decide(services), void(services)]
  }

  private static let members = [
    "id", "contract", "series", "period", "state", "proposed", "reason", "evidence", "proposedBy", "proposer", "proposedAt", "decided",
    "payment", "fact", "events", "voided", "version",
  ]

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/grades", .tenant(.gradeRead),
      Operation(
        "listGrades", Text(zh: "等次，新的在前；乙方只见已决定的", en: "Grades, newest first; the vendor sees those that were decided"),
        query: Keyset.parameters + [
          .init(
            "state", Text(zh: "只列此状态的", en: "In this state only"),
            schema: ["type": "string", "enum": .array(GradeLife.State.allCases.map { .string($0.rawValue) })]),
          .init("period", Text(zh: "只列此期间的", en: "For this period only")),
        ], answer: Listing.schematic(Listing.named(members)))
    ) { call in
      let office = try call.office
      let query = call.request.target.query
      let page = try Keyset(query)
      let contract = try call.variable(1)
      let grades = GradeStore.page(
        of: contract, state: try ObligationFilter.word("state", query), period: query["period"],
        decidedOnly: office.membership.side != .office, after: try page.afterIdentifier(), limit: page.limit, in: office.tenant)
      let answers = try await services.lanes.rows(
        [ContractStore.exists(contract, in: office.tenant), grades.statement], in: .tenant(office.tenant.number), .read)
      guard !answers[0].isEmpty else { throw Problem.notFound }
      return Listing.response(try answers[1].decoded(by: grades), limit: page.limit, next: { "\($0.id)" }) { $1.value($0.json) }
    }
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/grades/{grade}", .tenant(.gradeRead),
      Operation("getGrade", Text(zh: "一项等次", en: "One grade"), answer: Listing.named(members), entityTag: .sent)
    ) { call in
      let row = try await row(call, services)
      let tag = EntityTag(version: Int64(row.version))
      if tag.isKnown(to: call.request) { return Response(.notModified, headers: [.entityTag: tag.headerValue]) }
      var writer = JSONWriter(capacity: 1024)
      writer.value(row.json)
      return .json(writer.bytes, version: tag.version)
    }
  }

  /// The grade; a vendor's people see those that were decided, and no proposal of the office.
  ///
  /// - Throws: 404 where there is none for the caller.
  private static func row(_ call: Call, _ services: Services) async throws -> GradeStore.Row {
    let office = try call.office
    let query = GradeStore.one(try call.identifier(2), of: try call.variable(1), in: office.tenant)
    guard let row = try await services.lanes.first(query, in: .tenant(office.tenant.number)),
      office.membership.side == .office || row.decided != nil
    else { throw Problem.notFound }
    return row
  }

  private static func allow(_ refuse: () throws(AppraisalRefusal) -> Void) throws {
    do throws(AppraisalRefusal) {
      try refuse()
    } catch {
      throw Problem(error)
    }
  }

  // MARK: Proposing

  private struct Proposal: Sendable {
    let series: String
    let period: String
    let grade: String
    let reason: String
    let evidence: [JSON]
  }

  private static let label = Shape<String>.string(minLength: 1, maxLength: 64)
  private static let name = Shape<String>.string(minLength: 1, maxLength: 40)
  private static let words = Shape<String>.string(minLength: 1, maxLength: 2000)

  private static let proposal: Shape<Proposal> = .object(
    "gradeProposal", about: Text(zh: "提议的等次、理由与所据的评价表等。", en: "A grade that is proposed, why, and the form and other proof it rests on."),
    Field("series", .code), Field("period", label), Field("grade", name), Field("reason", words),
    Field("evidence", .array(of: IncidentBody.evidence, max: 100), default: [])
  ) { Proposal(series: $0, period: $1, grade: $2, reason: $3, evidence: $4) }

  private static func propose(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/grades", .tenant(.gradePropose), body: proposal,
      Operation(
        "proposeGrade", Text(zh: "提议一个等次；另一人决定后方计入结算", en: "Propose a grade; it counts once another person has decided"),
        answer: Listing.named(["id", "state", "version"]), status: 201, failures: [409])
    ) { call, body in
      let office = try call.office
      if office.membership.side != .office { throw Problem(AppraisalRefusal.officeOnly) }
      let contract = try call.variable(1)
      let dossier = try await services.dossier(of: contract, for: call)
      let check = try dossier.check(on: call.now.date)
      let content = FactContent(on: call.now.date, body: .grade(series: body.series, period: body.period, grade: body.grade))
      // A proposal has no day but today's.
      let faults = check.faults(in: content).map { $0.pointer == "/on" ? Fault(pointer: "/period", code: $0.code, detail: $0.detail) : $0 }
      if !faults.isEmpty {
        // A repeated request gets its answer also when things have moved on since.
        if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
        throw Problem(Faults(faults))
      }
      let id = services.identities.next(at: call.now)
      let new = GradeStore.New(
        id: id, of: contract, series: body.series, period: body.period, grade: body.grade, reason: body.reason, evidence: body.evidence,
        by: try call.principal.user,
        event: try event(
          dossier.contract.event(ofGrade: body.series, body.period, isDecided: false, on: call.now.date), of: contract, call, services))
      let note = try call.note(
        "grade.propose", "grade", "\(id)",
        ["contract": .string(contract), "period": .string(body.period), "grade": .string(body.grade)],
        id: services.identities.next(at: call.now))
      let deed = Deed(
        statements: GradeStore.add(new, at: call.now, in: office.tenant) + [note],
        answer: call.receipt(
          id, GradeLife.State.proposed.rawValue, version: 1, at: "/v1/tenants/\(office.code)/contracts/\(contract)/grades/\(id)",
          status: .created))
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError where error.violatesUnique(GradeStore.onceConstraint) {
        throw Problem.alreadyRecorded
      }
    }
  }

  /// The event to be recorded with a step, where the contract has one; both sides see it, so it does not say which grade, nor why.
  private static func event(
    _ content: FactContent?, of contract: String, _ call: Call, _ services: Services
  ) throws -> FactStore.New? {
    guard let content else { return nil }
    return FactStore.New(
      id: services.identities.next(at: call.now), content: content, kind: "event", contract: contract, note: nil,
      user: try call.principal.user, side: Side.office.rawValue, at: call.now)
  }

  // MARK: Deciding

  private struct Decision: Sendable {
    let on: CivilDate?
    let grade: String?
    let reason: String?
    let correctsConfirmed: Bool
  }

  private static let decision: Shape<Decision> = .object(
    "gradeDecision",
    about: Text(
      zh: "决定：按提议，或另定等次并写明理由；on 为决定之日，默认今日。",
      en: "The decision: as proposed, or another grade with the reason; `on` is the day of the decision, today unless told."),
    Field(optional: "on", .date), Field(optional: "grade", name), Field(optional: "reason", words),
    Field("correctsConfirmed", .bool, default: false)
  ) { Decision(on: $0, grade: $1, reason: $2, correctsConfirmed: $3) }

  private static func decide(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/grades/{grade}/decide", .tenant(.gradeDecide), body: decision,
      Operation(
        "decideGrade", Text(zh: "决定等次，计入结算；不得由提议人决定", en: "Decide a grade, as somebody else than its proposer: it counts"),
        answer: Listing.named(["id", "state", "version"]), failures: [409], entityTag: .required)
    ) { call, body in
      let row = try await row(call, services)
      return try await AppraisalStep.take(on: row.id, version: row.version, call, services) { tag in
        try await decided(row, body, tag, call, services)
      }
    }
  }

  private static func decided(
    _ row: GradeStore.Row, _ body: Decision, _ tag: EntityTag, _ call: Call, _ services: Services
  ) async throws -> AppraisalStep {
    let office = try call.office
    let user = try call.principal.user
    let grade = body.grade ?? row.life.grade
    var wantsReason = false
    try allow { () throws(AppraisalRefusal) in
      wantsReason = try row.life.checkDecision(grade, by: user, of: office.membership.side, reason: body.reason)
    }
    let dossier = try await services.dossier(of: row.contract, for: call)
    let content = FactContent(on: body.on ?? call.now.date, body: .grade(series: row.series, period: row.period, grade: grade))
    var faults = try dossier.check(on: call.now.date).faults(in: content)
    if content.on > call.now.date { faults.append(.afterToday("/on")) }
    if wantsReason {
      faults.append(
        Fault(
          pointer: "/reason", code: "missing-member",
          detail: Text(zh: "另定等次的，须写明理由。", en: "Say why it is another grade than was proposed.")))
    }
    guard faults.isEmpty else { throw Problem(Faults(faults)) }
    let payment = try AppraisalStep.payment(
      taking: content.body, correctsConfirmed: body.correctsConfirmed, by: dossier, on: call.now.date)
    let fact = FactStore.New(
      id: row.id, content: content, kind: "grade", contract: row.contract, note: body.reason ?? row.reason, user: user,
      side: Side.office.rawValue, at: call.now)
    let recorded = try event(
      dossier.contract.event(ofGrade: row.series, row.period, isDecided: true, on: content.on), of: row.contract, call, services)
    return AppraisalStep(
      statements: GradeStore.decide(
        grade, version: Int32(clamping: tag.version), reason: body.reason, fact, event: recorded, by: user, taking: payment,
        correctsConfirmed: body.correctsConfirmed, in: office.tenant),
      state: GradeLife.State.decided.rawValue, action: "grade.decide", data: ["grade": .string(grade), "payment": .string(payment)],
      payment: payment)
  }

  // MARK: Voiding

  private static let voiding: Shape<String> = .object(
    "gradeVoiding", about: Text(zh: "作废的理由。", en: "Why it is voided."), Field("reason", words)
  ) { $0 }

  private static func void(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/grades/{grade}/void", .tenant(.factVoid), body: voiding,
      Operation(
        "voidGrade",
        Text(
          zh: "撤回提议，或作废已决定的等次；已计入已确认结算单的，列为下期更正",
          en: "Take a proposal back, or void what was decided; a confirmed statement is corrected by the next"),
        answer: Listing.named(["id", "state", "version"]), failures: [409], entityTag: .required)
    ) { call, reason in
      let office = try call.office
      let row = try await row(call, services)
      return try await AppraisalStep.take(on: row.id, version: row.version, call, services) { tag in
        let user = try call.principal.user
        let mine = row.life.state == .proposed && user == row.life.proposedBy
        guard try mine || office.membership.may(.gradeDecide, scopes: call.principal.scopes, at: call.now) else {
          throw Problem.forbidden(Permission.gradeDecide.rawValue)
        }
        try allow { () throws(AppraisalRefusal) in try row.life.checkVoiding(by: user, of: office.membership.side) }
        return AppraisalStep(
          statements: GradeStore.void(
            row, version: Int32(clamping: tag.version), reason: reason, by: user, identity: { services.identities.next(at: $0) },
            at: call.now, in: office.tenant), state: GradeLife.State.voided.rawValue, action: "grade.void")
      }
    }
  }
}

extension GradeStore.Row {
  /// The grade as the API shows it.
  var json: JSON {
    [
      "id": .string("\(id)"), "contract": .string(contract), "series": .string(series), "period": .string(period),
      "state": .string(life.state.rawValue), "proposed": .string(life.grade), "reason": .string(reason), "evidence": evidence,
      "proposedBy": .string("\(life.proposedBy)"), "proposer": proposer.map { .string($0) } ?? .null,
      "proposedAt": .string("\(proposedAt)"),
      "decided": decided.map { decided in
        [
          "grade": .string(decided.grade), "on": .string("\(decided.on)"), "reason": decided.reason.map { .string($0) } ?? .null,
          "by": .string("\(decided.by)"), "name": decided.name.map { .string($0) } ?? .null, "at": .string("\(decided.at)"),
        ]
      } ?? .null, "payment": decided.map { .string($0.payment) } ?? .null,
      // What was decided once has a fact of its name, also after it was voided.
      "fact": decided == nil ? .null : .string("\(id)"),
      "events": [
        "proposed": proposedEvent.map { .string("\($0)") } ?? .null, "decided": decidedEvent.map { .string("\($0)") } ?? .null,
      ],
      "voided": voidedAt.map { at in
        ["at": .string("\(at)"), "reason": voidedBecause.map { .string($0) } ?? .null]
      } ?? .null, "version": .integer(Int64(version)),
    ]
  }
}
