// SPDX-License-Identifier: Apache-2.0
import Base
import Crypto
import Domain
import HTTP
import Postgres
import Store

/// The decision tables of an office: what is in force, every revision, a new one.
enum RuleRoutes {
  static func all(_ services: Services) -> [Route] {
    [list(services), one(services), put(services), revisions(services), revision(services)] + RuleTrialRoutes.all(services)
  }

  /// The purpose that the path names.
  ///
  /// - Throws: 404 where there is no such purpose.
  static func purpose(_ call: Call) throws -> RuleTable.Purpose {
    guard let purpose = RuleTable.Purpose(rawValue: try call.variable(1)) else { throw Problem.notFound }
    return purpose
  }

  // MARK: Reading

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/rules", .tenant(.ruleRead),
      Operation(
        "listRules", Text(zh: "今日有效的决策表", en: "The decision tables in force today"),
        answer: Listing.schematic(Listing.named(["purpose"] + RuleTableStore.Revision.members)))
    ) { call in
      let tenant = try call.office.tenant
      return Listing.response(
        try await services.lanes.query(RuleTableStore.inForce(on: call.now.date, in: tenant), in: .tenant(tenant.number)), write)
    }
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/rules/{purpose}", .tenant(.ruleRead),
      Operation(
        "getRules", Text(zh: "一张决策表：今日有效的全文、各版本", en: "A decision table: what is in force today, its revisions"),
        answer: { definitions in
          [
            "type": "object", "required": ["purpose", "revisions"],
            "properties": [
              "purpose": ["type": "string"], "revisions": ["type": "array"], "inForce": ["type": "integer"],
              "table": RuleTable.fileShape.schema(collecting: &definitions),
            ],
          ]
        }, entityTag: .sent)
    ) { call in
      let revisions = try await stored(call, services)
      let inForce = revisions.inForce(on: call.now.date)
      var writer = JSONWriter(capacity: 1 << 14)
      writer.beginObject()
      writer.key("purpose")
      writer.string(try purpose(call).rawValue)
      writer.key("revisions")
      writer.beginArray()
      for revision in revisions { write(revision, to: &writer) }
      writer.endArray()
      if let inForce {
        writer.key("inForce")
        writer.integer(inForce.number)
        writer.key("table")
        writer.value(inForce.document)
      }
      writer.endObject()
      return .json(writer.bytes, version: Int64(revisions.last?.number ?? 0))
    }
  }

  private static func revisions(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/rules/{purpose}/revisions", .tenant(.ruleRead),
      Operation(
        "listRuleRevisions", Text(zh: "决策表的各版本", en: "The revisions of a decision table"),
        answer: Listing.schematic(Listing.named(["purpose"] + RuleTableStore.Revision.members)))
    ) { call in
      Listing.response(try await stored(call, services), write)
    }
  }

  private static func revision(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/rules/{purpose}/revisions/{revision}", .tenant(.ruleRead),
      Operation(
        "getRuleRevision", Text(zh: "决策表的一个版本", en: "One revision of a decision table"),
        answer: { RuleTable.fileShape.schema(collecting: &$0) })
    ) { call in
      try await stored(call, services).document(numberedBy: 2, call)
    }
  }

  /// Every revision of the table that the path names.
  ///
  /// - Throws: 404 where the office has none.
  private static func stored(_ call: Call, _ services: Services) async throws -> [RuleTableStore.Revision] {
    let tenant = try call.office.tenant
    let revisions = try await services.lanes.query(
      RuleTableStore.revisions(of: purpose(call).rawValue, in: tenant), in: .tenant(tenant.number))
    guard !revisions.isEmpty else { throw Problem.notFound }
    return revisions
  }

  private static func write(_ revision: RuleTableStore.Revision, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("purpose")
    writer.string(revision.purpose)
    revision.writeMembers(to: &writer)
    writer.endObject()
  }

  // MARK: Writing

  private static func put(_ services: Services) -> Route {
    Route(
      .put, "/v1/tenants/{tenant}/rules/{purpose}", .tenant(.ruleWrite), body: RuleBody.revision,
      Operation(
        "putRules", Text(zh: "以整张表写入决策表的新版本", en: "Write a whole table as a new revision"),
        answer: Listing.named(["purpose", "revision", "effectiveFrom", "warnings"]), failures: [404, 422], entityTag: .required)
    ) { call, body in
      let office = try call.office
      let purpose = try purpose(call)
      let known = try known(by: call.request)
      let day = body.effectiveFrom ?? call.now.date
      try await RuleJudge(purpose: purpose, services: services).judge(body.table.table, at: "/table", for: call)
      if day < call.now.date {
        throw Problem(
          Faults([
            Fault(
              pointer: "/effectiveFrom", code: "out-of-range",
              detail: Text(
                zh: "不得早于今日：已作的决定依当时的版本。", en: "This must not be before today: what was decided rests on the revision of its time."))
          ]))
      }
      let json = body.table.json
      let rules = OfficeState.Rules(
        purpose: purpose.rawValue, document: OfficeState.Filed(path: "", json: json, digest: try SHA256.digest(of: json.canonical)))
      let deed = Deed(
        statements: RuleTableStore.add(
          rules, behind: known, from: day, by: try call.principal.user, at: call.now, in: office.tenant) + [
            try call.note(
              "rule.write", "rule", purpose.rawValue, ["revision": .integer(known + 1), "effectiveFrom": .string("\(day)")],
              id: services.identities.next(at: call.now))
          ],
        answer: receipt(purpose, known + 1, day, body.table.table.warnings(), in: call.language))
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError where error.state == .changed || error.violatesUnique(RuleTableStore.key) {
        throw Problem.changedSince
      }
    }
  }

  /// The latest revision as the caller knows it: `If-Match`, or `If-None-Match: *` for the first.
  private static func known(by request: Request) throws -> Int32 {
    if request.headers[.ifMatch] == nil, request.headers[.ifNoneMatch] == "*" { return 0 }
    return Int32(clamping: try EntityTag.required(by: request).version)
  }

  private static func receipt(
    _ purpose: RuleTable.Purpose, _ revision: Int32, _ day: CivilDate, _ warnings: [Fault], in language: Language
  ) -> Response {
    var writer = JSONWriter(capacity: 512)
    writer.beginObject()
    writer.key("purpose")
    writer.string(purpose.rawValue)
    writer.key("revision")
    writer.integer(revision)
    writer.key("effectiveFrom")
    writer.date(day)
    writer.key("warnings")
    writer.warnings(warnings, in: language)
    writer.endObject()
    return .json(writer.bytes, version: Int64(revision))
  }
}

extension JSONWriter {
  /// What is doubtful in a table, with pointers into the body that it stands in.
  mutating func warnings(_ warnings: [Fault], in language: Language) {
    beginArray()
    for warning in warnings { warning.within("/table").write(to: &self, in: language) }
    endArray()
  }
}
