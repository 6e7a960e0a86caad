// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Why a line of a statement says what it says: its rule and clause, the paper, the facts on record, what they rest on, and other lines that it
/// is made of.
struct LineReason {
  let line: JSON
  private let payment: String
  private let paper: JSON
  private var rests: [JSON] = []
  private var causes: [JSON] = []
  private var sentences: [Text] = []

  /// Reads what stands behind a line.
  ///
  /// - Parameters:
  ///   - place: its number within its section, from one.
  ///   - inClaims: whether it is one of the claims.
  /// - Throws: 404 where the statement has no such line.
  static func read(_ place: Int, inClaims: Bool, of view: SettlementView, _ call: Call, _ services: Services) async throws -> LineReason {
    let statement = try view.statement()
    let section = inClaims ? "claims" : "lines"
    guard let lines = statement[section]?.array, lines.indices.contains(place - 1) else { throw Problem.notFound }
    let line = lines[place - 1]
    let revision = line["revision"]?.integer.map { Int($0) } ?? 0
    let sources = view.dossier.sources.papers
    guard view.dossier.contract.revisions.indices.contains(revision) else { throw Problem.snapshotDamaged(view.name) }
    let document = view.dossier.contract.revisions[revision].revision
    var paper: JSONObject = [
      "contract": .string(view.name.contract), "revision": .integer(Int64(revision + 1)), "kind": .string(document.kind.rawValue),
      "effectiveFrom": .string("\(document.effectiveFrom)"),
    ]
    if sources.indices.contains(revision) { paper["sha256"] = .string(sources[revision].sha256) }
    var reason = LineReason(line: line, payment: view.name.payment, paper: .object(paper))
    reason.rests = reason.parts(lines, section, view)
    let isOffice = try call.office.membership.side == .office
    try await reason.readCauses(view.dossier.contract, view.name, showsProposals: isOffice, services)
    return reason
  }

  private init(line: JSON, payment: String, paper: JSON) { (self.line, self.payment, self.paper) = (line, payment, paper) }

  // MARK: other lines

  /// The lines that this one is made of, where it is made of lines.
  private func parts(_ lines: [JSON], _ section: String, _ view: SettlementView) -> [JSON] {
    guard let kind = line["kind"]?.string.flatMap(Line.Kind.init), let rule = line["rule"]?.string else { return [] }
    func chosen(_ admits: (JSON) -> Bool) -> [JSON] {
      lines.enumerated().filter { $0.element != line && admits($0.element) }.map {
        ["payment": .string(payment), "section": .string(section), "line": .integer(Int64($0.offset + 1))]
      }
    }
    let revisions = view.dossier.contract.revisions
    switch kind {
    case .fee, .audit, .charge: return []
    case .bound: return chosen { $0["kind"] == "charge" && $0["rule"]?.string == rule }
    case .cap:
      let capped = revisions.flatMap { $0.appraisal.caps }.filter { $0.id == rule }.flatMap(\.rules)
      return chosen { $0["kind"] != "cap" && capped.contains($0["rule"]?.string ?? "") }
    case .carryOut, .remainder: return chosen { $0.value(at: "/amount/fen")?.integer.map { $0 < 0 } ?? false }
    case .carryIn:
      let before = view.settlement.schedule.payments.prefix { $0.id != payment }.last?.id
      return before.map { [["payment": .string($0), "section": "lines", "kind": "carryOut"]] } ?? []
    case .correction: return line.value(at: "/corrects/payment").map { [["payment": $0]] } ?? []
    case .retention:
      return view.settlement.schedule.payments.prefix { $0.id != payment }.map { ["payment": .string($0.id), "section": "lines"] }
    }
  }

  // MARK: facts

  /// What two people of the office agreed to.
  private struct Agreed {
    let sheets: [ScoreSheetStore.Row]
    let grades: [GradeStore.Row]
  }

  /// - Parameter showsProposals: whether a grade that is proposed and not decided is shown: to the office it is, to the vendor it is not.
  private mutating func readCauses(
    _ contract: Contract, _ name: SettlementStore.Name, showsProposals: Bool, _ services: Services
  ) async throws {
    let tenant = name.tenant
    let ids = (line["facts"]?.array ?? []).compactMap { $0.string.flatMap { UUIDv7($0) } }
    guard !ids.isEmpty else { return }
    let context = Context.tenant(tenant.number)
    let (sheets, grades) = (ScoreSheetStore.named(ids, in: tenant), GradeStore.named(ids, in: tenant))
    let answers = try await services.lanes.rows(
      [FactStore.named(ids, in: tenant), IncidentStore.named(ids, in: tenant), sheets.statement, grades.statement], in: context, .read)
    let known = try answers[3].decoded(by: grades).filter { showsProposals || $0.decided != nil }
    let agreed = Agreed(sheets: try answers[2].decoded(by: sheets), grades: known)
    var incidents: [UUIDv7: (head: IncidentStore.Head, json: JSON)] = [:]
    for row in answers[1] {
      var writer = JSONWriter(capacity: 1024)
      try IncidentStore.write(row, by: nil, to: &writer)
      let head = try IncidentStore.head(row)
      incidents[head.id] = (head, try JSON.parse(writer.bytes))
    }
    let named = incidents.values.flatMap { incident in
      (incident.json["evidence"]?.array ?? []).filter { $0["kind"] == "workOrder" }
        .compactMap { $0["reference"]?.string.flatMap { UUIDv7($0) } }
    }
    let (orders, misses) = (CauseStore.orders(named, in: tenant), CauseStore.misses(of: named, in: tenant))
    var found: (orders: [CauseStore.Order], misses: [CauseStore.Clock]) = ([], [])
    if !named.isEmpty {
      let proof = try await services.lanes.rows([orders.statement, misses.statement], in: context, .read)
      found = (try proof[0].decoded(by: orders), try proof[1].decoded(by: misses))
    }
    let evidence = incidents.values.flatMap { $0.json["evidence"]?.array ?? [] }
    let attendance = try await AttendanceReading(evidence: evidence, of: name.contract, in: tenant, services)
    for row in answers[0] {
      var writer = JSONWriter(capacity: 1024)
      try FactStore.write(row, to: &writer)
      let fact = try JSON.parse(writer.bytes)
      let id = fact["id"]?.string.flatMap { UUIDv7($0) }
      try add(fact, id.flatMap { incidents[$0] }, found.orders, found.misses, agreed, contract, attendance, at: services.clock())
    }
  }

  private mutating func add(
    _ fact: JSON, _ incident: (head: IncidentStore.Head, json: JSON)?, _ orders: [CauseStore.Order], _ misses: [CauseStore.Clock],
    _ agreed: Agreed, _ contract: Contract, _ attendance: AttendanceReading, at now: Instant
  ) throws {
    var cause: JSONObject = ["fact": fact]
    var words = Text(zh: fact["fact"]?["on"]?.string ?? "", en: fact["fact"]?["on"]?.string ?? "")
    if let content = fact["fact"].flatMap({ try? FactContent.shape.decode($0).get() }) {
      words = words + Text(zh: "，", en: ", ") + content.body.words(by: contract.inForce(on: content.on).appraisal)
    }
    if fact["voided"] != .null { words = words + Text(zh: "（已作废）", en: " (voided)") }
    let name = fact["id"]?.string
    if let sheet = agreed.sheets.first(where: { "\($0.id)" == name }) {
      cause["scoreSheet"] = sheet.json(by: contract)
      words = words + sheet.signatures
    }
    if let id = name.flatMap({ UUIDv7($0) }), let grade = agreed.grades.first(where: { $0.has(fact: id) }) {
      cause["grade"] = grade.json
      words = words + grade.agreement
    }
    if let incident {
      cause["incident"] = incident.json
      words =
        words
        + Text(
          zh: "，由\(incident.head.proposedSide.name.zh)提出，\(incident.head.decidedAt.map { "\($0.date)" } ?? "")确认",
          en: ", proposed by \(incident.head.proposedSide.name.en), confirmed on \(incident.head.decidedAt.map { "\($0.date)" } ?? "")")
      let evidence = incident.json["evidence"]?.array ?? []
      let references = Set(evidence.compactMap { $0["reference"]?.string })
      let own = orders.filter { references.contains("\($0.id)") }
      cause["orders"] = .array(own.map(\.json))
      let clocks = misses.filter { clock in
        own.contains { $0.id == clock.order } && references.contains("\(clock.rule)/\(clock.number)")
      }
      cause["clocks"] = .array(clocks.map(\.json))
      for order in own { words = words + Text(zh: "；工单 \(order.number)", en: "; order \(order.number)") }
      for clock in clocks {
        let limit = clock.outside.map { "\($0)" } ?? "…"
        let level = contract.inForce(on: clock.started.date).service.levels.first { $0.id == clock.rule && clock.document == contract.id }
        let name = level?.citation.says.phrase ?? Text(zh: clock.rule, en: clock.rule)
        words =
          words
          + Text(
            zh: "，时限“\(name.zh)”自 \(clock.started) 起，\(limit) 起为超时，\(clock.ended.map { "\($0) 完成" } ?? "未完成")",
            en: ", clock “\(name.en)” from \(clock.started), too late from \(limit) on, \(clock.ended.map { "done \($0)" } ?? "not done")")
      }
      let shifts = attendance.shifts.filter { references.contains("\($0.id)") }
      cause["shifts"] = .array(try shifts.map { try attendance.json($0, at: now) })
      for shift in shifts { words = words + attendance.words(shift) }
    }
    causes.append(.object(cause))
    sentences.append(words)
  }

  // MARK: the answer

  /// The chain as a paragraph.
  var text: Text {
    func words(_ member: String) -> Text { line[member].flatMap { try? Text.shape.decode($0).get() } ?? Text(zh: "", en: "") }
    let yuan = line.value(at: "/amount/yuan")?.string ?? ""
    // What carries or corrects stands on no clause, and may be no sentence.
    let clause = line["clause"]?.string.flatMap { $0 == "—" ? nil : $0 }
    let says = words("says")
    var text =
      Text(zh: "\(payment)：\(yuan) 元。", en: "\(payment): \(yuan) yuan. ")
      + (clause.map { Text(zh: "依据条款 \($0)：", en: "By clause \($0): ") } ?? Text(zh: "", en: "")) + says
      + Text(zh: says.zh.hasSuffix("。") ? "" : "。", en: says.en.hasSuffix(".") ? "" : ".")
      + Text(zh: "算式：", en: " Computed: ") + words("formula") + Text(zh: "。", en: ".")
    if sentences.isEmpty {
      text =
        text
        + Text(
          zh: "文本自 \(paper["effectiveFrom"]?.string ?? "") 起适用。", en: " The paper governs from \(paper["effectiveFrom"]?.string ?? "") on.")
    } else {
      let shown = sentences.prefix(20)
      text = text + Text(zh: "事实：", en: " Facts:")
      for (index, sentence) in shown.enumerated() {
        text = text + Text(zh: index == 0 ? "" : "；", en: index == 0 ? "" : ";")
        text = text + Text(zh: "（\(index + 1)）", en: " (\(index + 1)) ") + sentence
      }
      text =
        text
        + (sentences.count > shown.count
          ? Text(zh: "；等共 \(sentences.count) 项。", en: "; and more, \(sentences.count) in all.") : Text(zh: "。", en: "."))
    }
    let from = rests.compactMap { part in
      part["payment"]?.string.map { name in part["line"]?.integer.map { "\(name) #\($0)" } ?? name }
    }
    if !from.isEmpty {
      text = text + Text(zh: "由以下各项得出：\(from.joined(separator: "、"))。", en: " Made of: \(from.joined(separator: ", ")).")
    }
    return text
  }

  func json(in language: Language) -> JSON {
    let text = self.text
    return [
      "payment": .string(payment), "line": line, "paper": paper, "lines": .array(rests), "causes": .array(causes),
      "text": ["zh": .string(text.zh), "en": .string(text.en)], "paragraph": .string(text[language]),
    ]
  }
}

extension ScoreSheetStore.Row {
  /// Who signed it, and when.
  fileprivate var signatures: Text {
    let (first, second) = (filler ?? "…", countersigner ?? "…")
    let days = (signedAt.map { "\($0.date)" } ?? "…", countersignedAt.map { "\($0.date)" } ?? "…")
    return Text(
      zh: "，评价表由\(first)填写（\(days.0) 签字），\(second)会签（\(days.1)）",
      en: ", on a sheet filled by \(first) (signed \(days.0)) and countersigned by \(second) (\(days.1))")
  }
}

extension GradeStore.Row {
  /// Who proposed and who decided it.
  fileprivate var agreement: Text {
    let (first, second) = (proposer ?? "…", decided?.name ?? "…")
    let day = decided.map { "\($0.on)" } ?? "…"
    return Text(
      zh: "，由\(first)提议“\(life.grade)”（\(proposedAt.date)），\(second)决定（\(day)）",
      en: ", proposed as “\(life.grade)” by \(first) (\(proposedAt.date)), decided by \(second) (\(day))")
  }
}

extension Incident.Proposer {
  fileprivate var name: Text {
    switch self {
    case .office: Text(zh: "甲方", en: "the office")
    case .vendor: Text(zh: "乙方", en: "the vendor")
    case .system: Text(zh: "平台", en: "the platform")
    }
  }
}

extension CauseStore.Order {
  fileprivate var json: JSON {
    ["id": .string("\(id)"), "source": .string(source), "externalNumber": .string(number), "receivedAt": .string("\(received)")]
  }
}

extension CauseStore.Clock {
  fileprivate var json: JSON {
    [
      "order": .string("\(order)"), "document": .string(document), "revision": .integer(Int64(revision)), "rule": .string(rule),
      "number": .integer(Int64(number)), "startedAt": .string("\(started)"), "outside": outside.map { .string("\($0)") } ?? .null,
      "endedAt": ended.map { .string("\($0)") } ?? .null,
    ]
  }
}
