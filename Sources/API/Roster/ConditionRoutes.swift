// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// What must be so before somebody is posted, as papers show it: training, a confidentiality pledge, the office's approval.
enum ConditionRoutes {
  static func all(_ services: Services) -> [Route] { [list(services), record(services), withdraw(services)] }

  static let person = Operation.Parameter("person", Text(zh: "只列此人的", en: "Of this person only"))

  private static let members = [
    "id", "contract", "person", "condition", "on", "expires", "document", "recordedSide", "recordedBy", "recordedAt", "withdrawn",
  ]

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/conditions", .tenant(.staffRead),
      Operation(
        "listConditions", Text(zh: "培训、保密承诺、甲方同意的记录，新的在前", en: "Training, pledges and approvals on record, newest first"),
        query: Keyset.parameters + [person], answer: Listing.schematic(Listing.named(members)))
    ) { call in
      let tenant = try call.office.tenant
      let query = call.request.target.query
      let page = try Keyset(query)
      let rows = try await services.lanes.query(
        StaffConditionStore.page(
          of: call.variable(1), person: query["person"], after: page.afterIdentifier(), limit: page.limit, in: tenant),
        in: .tenant(tenant.number))
      return Listing.response(rows, limit: page.limit, next: { "\($0.id)" }, write)
    }
  }

  static func write(_ row: StaffConditionStore.Row, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("id")
    writer.uuid(row.id)
    writer.key("contract")
    writer.string(row.contract)
    writer.key("person")
    writer.string(row.record.person)
    writer.key("condition")
    writer.string(row.record.condition.rawValue)
    writer.key("on")
    writer.date(row.record.on)
    writer.key("expires")
    if let expires = row.record.expires { writer.date(expires) } else { writer.null() }
    writer.key("document")
    writer.string(row.document)
    writer.key("recordedSide")
    writer.string(row.side.rawValue)
    writer.key("recordedBy")
    writer.uuid(row.recordedBy)
    writer.key("recordedAt")
    writer.instant(row.recordedAt)
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
    writer.endObject()
  }

  private struct Recording: Sendable {
    let record: ConditionRecord
    let document: String
  }

  private static let recording: Shape<Recording> = .object(
    "conditionRecording",
    about: Text(zh: "某人满足某项上岗条件，凭哪份文件。", en: "That somebody meets a condition before posting, and on which paper it stands."),
    Field("person", .code), Field("condition", .enumeration(Staffing.Condition.self)), Field("on", .date),
    Field(optional: "expires", .date),
    Field("document", .string(minLength: 1, maxLength: 200))
  ) { Recording(record: ConditionRecord(person: $0, condition: $1, on: $2, expires: $3), document: $4) }

  private static func record(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/conditions", .tenant(.staffWrite), body: recording,
      Operation(
        "recordCondition", Text(zh: "登记培训、保密承诺；甲方同意只由甲方登记", en: "Record a training or a pledge; an approval is the office's to record"),
        answer: Listing.named(["id"]), status: 201)
    ) { call, body in
      let office = try call.office
      let contract = try call.variable(1)
      guard try await services.lanes.rows(ContractStore.exists(contract, in: office.tenant), in: .tenant(office.tenant.number)).first != nil
      else { throw Problem.notFound }
      _ = try await services.staff(body.record.person, at: "/person", for: call)
      var faults: [Fault] = []
      if body.record.on > call.now.date {
        faults.append(Fault(pointer: "/on", code: "out-of-range", detail: Text(zh: "不得晚于今日。", en: "This must not be after today.")))
      }
      if let expires = body.record.expires, expires < body.record.on {
        faults.append(Fault(pointer: "/expires", code: "out-of-range", detail: Text(zh: "早于 on。", en: "This is before on.")))
      }
      guard faults.isEmpty else { throw Problem(Faults(faults)) }
      if body.record.condition == .approved, office.membership.side != .office { throw Problem.forbidden(Permission.staffDecide.rawValue) }
      let id = services.identities.next(at: call.now)
      var writer = JSONWriter(capacity: 64)
      writer.beginObject()
      writer.key("id")
      writer.uuid(id)
      writer.endObject()
      return try await Deed(
        statements: [
          StaffConditionStore.add(
            body.record, id: id, of: contract, document: body.document, by: try call.principal.user, side: office.membership.side,
            at: call.now, in: office.tenant),
          try call.note(
            "staff.condition", "staff", body.record.person,
            ["contract": .string(contract), "condition": .string(body.record.condition.rawValue), "id": .string("\(id)")],
            id: services.identities.next(at: call.now)),
        ], answer: Response.json(writer.bytes, status: .created)
      ).perform(for: call, on: services.lanes)
    }
  }

  private static let withdrawal: Shape<String> = .object(
    "conditionWithdrawal", about: Text(zh: "撤销的理由。", en: "Why it is withdrawn."), Field("reason", .string(minLength: 1, maxLength: 2000))
  ) { $0 }

  private static func withdraw(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/conditions/{condition}/withdraw", .tenant(.staffWrite), body: withdrawal,
      Operation(
        "withdrawCondition", Text(zh: "撤销有误的记录；乙方只撤销本方的", en: "Withdraw a record that was wrong; the vendor its own only"),
        answer: Listing.named(["id"]), failures: [409])
    ) { call, reason in
      let office = try call.office
      let id = try call.identifier(2)
      guard
        let row = try await services.lanes.first(
          StaffConditionStore.one(id, of: call.variable(1), in: office.tenant), in: .tenant(office.tenant.number)),
        try await services.staff(row.record.person, for: call) != nil
      else { throw Problem.notFound }
      if office.membership.side != .office, row.side != office.membership.side { throw Problem.recordOfOtherSide }
      var writer = JSONWriter(capacity: 64)
      writer.beginObject()
      writer.key("id")
      writer.uuid(id)
      writer.endObject()
      let deed = Deed(
        statements: [
          StaffConditionStore.withdraw(id, because: reason, by: try call.principal.user, at: call.now, in: office.tenant),
          try call.note(
            "staff.condition-withdraw", "staff", row.record.person, ["id": .string("\(id)"), "reason": .string(reason)],
            id: services.identities.next(at: call.now)),
        ], answer: Response.json(writer.bytes))
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError where error.state == .changed {
        throw Problem.conflict("already-withdrawn", Text(zh: "该记录已撤销。", en: "This record is withdrawn already."))
      }
    }
  }
}

extension Problem {
  /// 403: a record of the other side's.
  fileprivate static let recordOfOtherSide = Problem(
    status: 403, code: "not-your-side", title: Text(zh: "不由本方撤销", en: "Not for your side to withdraw"),
    detail: Text(zh: "该记录由对方作出，须由对方撤销。", en: "The other side made this record; it is theirs to withdraw."))
}
