// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Score sheets 验收评价表: the contract's form, sheets filled by it for people or the team, and their way to two signatures.
enum ScoreSheetRoutes {
  static func all(_ services: Services) -> [Route] {
    [template(services), list(services), one(services), draft(services)] + steps(services)
  }

  // MARK: The form

  private static func template(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/score-sheets/template", .tenant(.scoreRead),
      Operation(
        "getScoreSheetTemplate",
        Text(
          zh: "合同的评分：对谁、哪些期间、按什么评分表（各项、各选项及分值）",
          en: "What is scored under the contract: whom, for which periods, by which form, item by item"),
        query: [
          .init(
            "on", Text(zh: "按何日生效的文本，默认今日", en: "As the papers stand on this day; today unless told"),
            schema: ["type": "string", "format": "date"])
        ],
        answer: Listing.schematic(Listing.named(["series", "clause", "says", "per", "subject", "periods", "start", "floor", "form"])))
    ) { call in
      let contract = try call.variable(1)
      let day = try ObligationFilter.day("on", call.request.target.query) ?? call.now.date
      let dossier = try await services.dossier(of: contract, for: call)
      let schedule = try dossier.schedule(on: day)
      let appraisal = dossier.contract.inForce(on: day).appraisal
      return Listing.response(appraisal.scores) { series, writer in
        writer.value(
          [
            "series": .string(series.id), "clause": .string(series.citation.clause), "says": series.citation.says.json,
            "per": .string(series.pace.rawValue), "subject": .string(series.subject.rawValue),
            "periods": .array(
              schedule.payments.flatMap { $0.occasions(series.pace, of: dossier.contract) }.map { .string($0.label) }),
            "start": series.start.map { .string($0.decimal()) } ?? .null, "floor": series.floor.map { .string($0.decimal()) } ?? .null,
            "form": series.sheet.flatMap { name in appraisal.sheets.first { $0.id == name } }?.json ?? .null,
          ])
      }
    }
  }

  // MARK: Reading

  private static let members = [
    "id", "contract", "series", "period", "subject", "subjectName", "on", "form", "marks", "value", "opinion", "state", "filledBy",
    "filler",
    "filledAt", "signedAt", "countersignedBy", "countersigner", "countersignedAt", "payment", "fact", "version",
  ]

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/score-sheets", .tenant(.scoreRead),
      Operation(
        "listScoreSheets", Text(zh: "评价表，新的在前；乙方只见已会签的", en: "Score sheets, newest first; the vendor sees those that were countersigned"),
        query: Keyset.parameters + [
          .init(
            "state", Text(zh: "只列此状态的", en: "In this state only"),
            schema: ["type": "string", "enum": .array(SheetLife.State.allCases.map { .string($0.rawValue) })]),
          .init("period", Text(zh: "只列此期间的", en: "For this period only")),
          .init("subject", Text(zh: "只列此人的", en: "About this person only")),
        ], answer: Listing.schematic(Listing.named(members)))
    ) { call in
      let office = try call.office
      let query = call.request.target.query
      let page = try Keyset(query)
      let choice = ScoreSheetStore.Choice(
        state: try ObligationFilter.word("state", query), period: query["period"], subject: query["subject"],
        countedOnly: office.membership.side != .office)
      let contract = try call.variable(1)
      let sheets = ScoreSheetStore.page(of: contract, choice, after: try page.afterIdentifier(), limit: page.limit, in: office.tenant)
      let answers = try await services.lanes.rows(
        [ContractStore.exists(contract, in: office.tenant), sheets.statement], in: .tenant(office.tenant.number), .read)
      guard !answers[0].isEmpty else { throw Problem.notFound }
      let rows = try answers[1].decoded(by: sheets)
      return Listing.response(rows, limit: page.limit, next: { "\($0.id)" }) { row, writer in
        writer.beginObject()
        row.writeMembers(to: &writer)
        writer.endObject()
      }
    }
  }

  private static func one(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/score-sheets/{sheet}", .tenant(.scoreRead),
      Operation(
        "getScoreSheet", Text(zh: "一份评价表：各项所选，及各步", en: "One score sheet: what was ticked of each item, and the steps that were taken"),
        answer: Listing.named(members + ["sections", "steps"]), entityTag: .sent)
    ) { call in
      let tenant = try call.office.tenant
      let desk = try await ScoreSheetDesk(call, services)
      let row = desk.row
      let tag = EntityTag(version: Int64(row.version))
      if tag.isKnown(to: call.request) { return Response(.notModified, headers: [.entityTag: tag.headerValue]) }
      let steps = ScoreSheetStore.steps(of: row.id, in: tenant)
      guard
        let (contract, answers) = try await services.dossiers.contract(
          of: row.contract, in: tenant, on: services.lanes, asking: [steps.statement])
      else { throw Problem.notFound }
      var writer = JSONWriter(capacity: 4096)
      writer.beginObject()
      row.writeMembers(to: &writer)
      writer.key("sections")
      writer.value(row.sections(by: contract))
      writer.key("steps")
      writer.value(.array(try answers[0].decoded(by: steps).map(\.json)))
      writer.endObject()
      return .json(writer.bytes, version: tag.version)
    }
  }

  // MARK: Filling

  private static func draft(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/contracts/{contract}/score-sheets", .tenant(.scoreWrite), body: FilledSheet.shape,
      Operation(
        "draftScoreSheet",
        Text(zh: "填写一份评价表；两人签字后方计入结算", en: "Fill a score sheet; it counts once two people have signed it"),
        answer: Listing.named(["id", "state", "version"]),
        status: 201, failures: [409])
    ) { call, filled in
      let office = try call.office
      if office.membership.side != .office { throw Problem(AppraisalRefusal.officeOnly) }
      let contract = try call.variable(1)
      let dossier = try await services.dossier(of: contract, for: call)
      let scored: ScoreSheetDesk.Scored
      do {
        scored = try await ScoreSheetDesk.scored(filled, by: dossier, call, services)
      } catch {
        // A repeated request gets its answer also when things have moved on since.
        if let earlier = try await Deed.earlier(for: call, on: services.lanes) { return earlier }
        throw error
      }
      let id = services.identities.next(at: call.now)
      let step = ScoreSheetStore.Step(on: id, version: 0, by: try call.principal.user, at: call.now)
      let note = try call.note(
        "score-sheet.fill", "score-sheet", "\(id)", ["contract": .string(contract), "value": .string(scored.value.decimal())],
        id: services.identities.next(at: call.now))
      let deed = Deed(
        statements: ScoreSheetStore.add(filled, form: scored.form?.id, value: scored.value, of: contract, step, in: office.tenant) + [note],
        answer: call.receipt(
          id, SheetLife.State.draft.rawValue, version: 1, at: "/v1/tenants/\(office.code)/contracts/\(contract)/score-sheets/\(id)",
          status: .created))
      do {
        return try await deed.perform(for: call, on: services.lanes)
      } catch let error as PostgresError where error.violatesUnique(ScoreSheetStore.onceConstraint) {
        throw Problem.alreadyRecorded
      }
    }
  }

  // MARK: Steps

  private static let remark: Shape<String?> = .object(
    "scoreSheetSigning", about: Text(zh: "签字；可附说明。", en: "The filler's signature, with a remark if there is one."),
    Field(optional: "note", .string(minLength: 1, maxLength: 2000))
  ) { $0 }

  private static let reason: Shape<String> = .object(
    "appraisalReason", about: Text(zh: "退回或作废的理由。", en: "Why it is given back or voided."),
    Field("reason", .string(minLength: 1, maxLength: 2000))
  ) { $0 }

  private static func steps(_ services: Services) -> [Route] {
    [
      step(
        .put, "/v1/tenants/{tenant}/contracts/{contract}/score-sheets/{sheet}", .scoreWrite, FilledSheet.Refilling.shape, "fillScoreSheet",
        Text(zh: "重新填写草稿或被退回的评价表", en: "Fill a draft or a returned sheet anew"), services
      ) { try await $0.fill($1, $2) },
      step(
        .post, "/v1/tenants/{tenant}/contracts/{contract}/score-sheets/{sheet}/sign", .scoreWrite, remark, "signScoreSheet",
        Text(zh: "填表人签字，交会签", en: "Sign it as its filler"), services
      ) { try $0.sign($1, $2) },
      step(
        .post, "/v1/tenants/{tenant}/contracts/{contract}/score-sheets/{sheet}/countersign", .scoreCountersign,
        ScoreSheetDesk.Countersigning.shape, "countersignScoreSheet",
        Text(zh: "另一人会签，计入结算", en: "Countersign it, as another person: it counts"), services
      ) { try await $0.countersign($1, $2) },
      step(
        .post, "/v1/tenants/{tenant}/contracts/{contract}/score-sheets/{sheet}/return", .scoreCountersign, reason, "returnScoreSheet",
        Text(zh: "退回填表人", en: "Give it back to be filled anew"), services
      ) { try $0.giveBack($1, $2) },
      step(
        .post, "/v1/tenants/{tenant}/contracts/{contract}/score-sheets/{sheet}/void", .factVoid, reason, "voidScoreSheet",
        Text(zh: "作废；已计入已确认结算单的，列为下期更正", en: "Void it; a confirmed statement that took it in is corrected by the next"), services
      ) { try $0.void($1, $2) },
    ]
  }

  private static func step<Body: Sendable>(
    _ method: Method, _ path: PathTemplate, _ permission: Permission, _ body: Shape<Body>, _ operation: String, _ summary: Text,
    _ services: Services, _ taking: @escaping @Sendable (ScoreSheetDesk, Body, EntityTag) async throws -> AppraisalStep
  ) -> Route {
    Route(
      method, path, .tenant(permission), body: body,
      Operation(operation, summary, answer: Listing.named(["id", "state", "version"]), failures: [409], entityTag: .required)
    ) { call, body in
      let desk = try await ScoreSheetDesk(call, services)
      return try await AppraisalStep.take(on: desk.row.id, version: desk.row.version, call, services) { tag in
        try await taking(desk, body, tag)
      }
    }
  }
}

extension ScoreSheetStore.Row {
  /// What was ticked of each item of the contract's form, section by section; null where there is none.
  func sections(by contract: Contract) -> JSON {
    guard case .marks(let marks) = filled.score, let form = contract.form(of: filled.series, on: filled.on) else { return .null }
    return form.filled(marks)
  }

  /// The sheet and what was ticked.
  func json(by contract: Contract) -> JSON {
    var writer = JSONWriter(capacity: 2048)
    writer.beginObject()
    writeMembers(to: &writer)
    writer.key("sections")
    writer.value(sections(by: contract))
    writer.endObject()
    // What we have written is JSON.
    return (try? JSON.parse(writer.bytes)) ?? .null
  }

  /// Writes the sheet as the API shows it, without braces.
  func writeMembers(to writer: inout JSONWriter) {
    writer.key("id")
    writer.uuid(id)
    writer.key("contract")
    writer.string(contract)
    writer.key("series")
    writer.string(filled.series)
    writer.key("period")
    writer.string(filled.period)
    writer.key("subject")
    writer.optional(filled.subject)
    writer.key("subjectName")
    writer.optional(subjectName)
    writer.key("on")
    writer.date(filled.on)
    writer.key("form")
    writer.optional(form)
    writer.key("marks")
    if case .marks(let marks) = filled.score { writer.value(marks.json) } else { writer.null() }
    writer.key("value")
    writer.string(value)
    writer.key("opinion")
    writer.optional(filled.opinion)
    writer.key("state")
    writer.string(life.state.rawValue)
    writer.key("filledBy")
    writer.uuid(life.filledBy)
    writer.key("filler")
    writer.optional(filler)
    writer.key("filledAt")
    writer.instant(filledAt)
    writer.key("signedAt")
    if let signedAt { writer.instant(signedAt) } else { writer.null() }
    writer.key("countersignedBy")
    if let countersignedBy { writer.uuid(countersignedBy) } else { writer.null() }
    writer.key("countersigner")
    writer.optional(countersigner)
    writer.key("countersignedAt")
    if let countersignedAt { writer.instant(countersignedAt) } else { writer.null() }
    writer.key("payment")
    writer.optional(payment)
    writer.key("fact")
    // What counted once has a fact of its name, also after it was voided.
    if counted { writer.uuid(id) } else { writer.null() }
    writer.key("version")
    writer.integer(version)
  }
}

extension ScoreSheetStore.Taken {
  fileprivate var json: JSON {
    [
      "step": .string(step.rawValue), "version": .integer(Int64(version)), "at": .string("\(at)"), "by": .string("\(actor)"),
      "name": name.map { .string($0) } ?? .null, "note": note.map { .string($0) } ?? .null, "filled": filled ?? .null,
    ]
  }
}
