// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Postgres
import Store

/// The ledger on a key complainant: meetings, visits and counselling; and what is personal in it, read in clear with a reason.
enum ComplainantRecordRoutes {
  static func all(_ services: Services) -> [Route] { [list(services), add(services), disclose(services)] }

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/key-complainants/{complainant}/records", .tenant(.complainantRead),
      Operation(
        "listKeyComplainantRecords", Text(zh: "台账，新的在前；记录内容另行申请查看", en: "The ledger, newest first, without what is personal in it"),
        query: Keyset.parameters + [
          .init(
            "kind", Text(zh: "只列此类的", en: "Of this kind only"),
            schema: ["type": "string", "enum": .array(ComplainantRecord.Kind.allCases.map { .string($0.rawValue) })])
        ], answer: Listing.schematic(Listing.named(["id", "kind", "form", "on", "reached", "recordedBy", "side", "recordedAt"])))
    ) { call in
      let page = try Keyset(call.request.target.query)
      let known = try await ComplainantRoutes.complainant(call, services)
      let records = try await records(of: known.id, after: page.afterIdentifier(), limit: page.limit, call, services)
      return Listing.response(records, limit: page.limit, next: { "\($0.id)" }) { record, writer in
        writer.beginObject()
        record.writeMembers(to: &writer)
        writer.endObject()
      }
    }
  }

  private static func records(
    of complainant: UUIDv7, after: UUIDv7?, limit: Int32, _ call: Call, _ services: Services
  ) async throws -> [ComplainantRecordStore.Record] {
    let tenant = try call.office.tenant
    let kind: ComplainantRecord.Kind? = try call.request.target.query.word("kind")
    return try await services.lanes.query(
      ComplainantRecordStore.page(of: complainant, kind: kind, after: after, limit: limit, in: tenant), in: .tenant(tenant.number))
  }

  private static func add(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/key-complainants/{complainant}/records", .tenant(.complainantWrite), body: ComplainantRecord.shape,
      Operation(
        "recordOnKeyComplainant",
        Text(zh: "记台账：研判或约谈、回访、心理疏导；回访到本人的，回访计划顺延", en: "Write a line of the ledger; a visit that reached them moves the plan on"),
        answer: ComplainantRoutes.receipt, status: 201, failures: [409, 422])
    ) { call, record in
      if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
      if record.day > call.now.date {
        throw Problem(
          Faults([
            Fault(pointer: "/on", code: "out-of-range", detail: Text(zh: "不得晚于今日。", en: "This must not be after today."))
          ]))
      }
      for _ in 1...3 {
        do {
          return try await write(record, call, services)
        } catch let error as PostgresError where error.state == .changed {
          // Somebody else changed the plan meanwhile: it is worked out again.
          continue
        }
      }
      throw Problem.overloaded
    }
  }

  private static func write(_ record: ComplainantRecord, _ call: Call, _ services: Services) async throws -> Response {
    let office = try call.office
    let tenant = office.tenant
    let known = try await ComplainantRoutes.complainant(call, services)
    if known.closed != nil { throw Problem.complainantClosed }
    let ring = try await services.citizens.ring(of: tenant, on: services.lanes, at: call.now)
    let id = services.identities.next(at: call.now)
    var statements = [
      try ComplainantRecordStore.add(
        record, id: id, to: known.id, ring: ring, by: try call.principal.user, side: try call.orderActor.side, at: call.now, in: tenant),
      try call.note(
        "complainant.record", "key-complainant", "\(known.id)", ["record": .string("\(id)"), "kind": .string(record.kind.rawValue)],
        id: services.identities.next(at: call.now)),
    ]
    // One that is written down late does not take the plan back.
    if record.kind == .visit, record.isReached, record.day >= known.plan.from {
      let rules = try await services.clocks.clocks(of: tenant, on: services.lanes)
      let plan = try VisitPlan(
        every: known.plan.every, from: record.day, under: rules.complainants, rules.reckoner.calendar, at: call.now)
      statements.append(ComplainantStore.put(plan, of: known.id, version: known.version, in: tenant))
    }
    let answer = ComplainantRoutes.receipt(
      id, version: 1, at: "/v1/tenants/\(office.code)/key-complainants/\(known.id)/records", status: .created)
    return try await Deed(statements: statements, answer: answer).perform(for: call, on: services.lanes)
  }

  private static func disclose(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/key-complainants/{complainant}/disclose", .tenant(.complainantDisclose), body: OrderMove.reason,
      Operation(
        "discloseKeyComplainant",
        Text(zh: "查看身份与台账记录的明文；须说明理由，每次留痕", en: "Read who they are and what was noted of them, with a reason; every reading is noted"),
        query: Keyset.parameters + [
          .init(
            "kind", Text(zh: "只看此类的记录", en: "Notes of this kind only"),
            schema: ["type": "string", "enum": .array(ComplainantRecord.Kind.allCases.map { .string($0.rawValue) })])
        ], answer: Listing.named(["name", "phone", "address", "items"]))
    ) { call, reason in
      let tenant = try call.office.tenant
      let page = try Keyset(call.request.target.query)
      let known = try await ComplainantRoutes.complainant(call, services)
      let records = try await records(of: known.id, after: page.afterIdentifier(), limit: page.limit, call, services)
      var (citizen, ring) = try await ComplainantMarkRoutes.person(known.id, call, services)
      var notes: [ComplainantRecord.Notes] = []
      for record in records {
        if !ring.opens(record.key) {
          ring = try await services.citizens.ring(of: tenant, opening: record.key, on: services.lanes, at: call.now)
        }
        let json = try ring.open(record.sealed, with: record.key, in: .record, of: record.id)
        notes.append(try ComplainantRecord.notesShape.decode(json).get())
      }
      // First the note, then the answer; an answer that is not stored, so no key is heeded.
      let note = try call.note(
        "complainant.disclose", "key-complainant", "\(known.id)",
        ["reason": .string(MaskedCitizen.text(reason, of: citizen)), "records": .integer(Int64(records.count))],
        id: services.identities.next(at: call.now))
      _ = try await services.lanes.rows(note, in: .tenant(tenant.number), .write)
      var writer = JSONWriter(capacity: 1024 + notes.count * 1024)
      writer.beginObject()
      writer.key("name")
      writer.optional(citizen.name)
      writer.key("phone")
      writer.optional(citizen.phone)
      writer.key("address")
      writer.optional(citizen.address)
      writer.key("items")
      writer.beginArray()
      for (record, notes) in zip(records, notes) {
        writer.beginObject()
        record.writeMembers(to: &writer)
        writer.key("participants")
        writer.strings(notes.participants)
        writer.key("notes")
        writer.string(notes.text)
        writer.endObject()
      }
      writer.endArray()
      if records.count == Int(page.limit), let last = records.last {
        writer.key("next")
        writer.string("\(last.id)")
      }
      writer.endObject()
      return .json(writer.bytes)
    }
  }
}

extension ComplainantRecordStore.Record {
  /// Writes what may be shown without asking, as members of an object.
  func writeMembers(to writer: inout JSONWriter) {
    writer.key("id")
    writer.uuid(id)
    writer.key("kind")
    writer.string(kind.rawValue)
    writer.key("form")
    writer.string(form.rawValue)
    writer.key("on")
    writer.date(day)
    writer.key("reached")
    writer.bool(isReached)
    writer.key("recordedBy")
    writer.uuid(by)
    writer.key("side")
    writer.string(side.rawValue)
    writer.key("recordedAt")
    writer.instant(at)
  }
}
