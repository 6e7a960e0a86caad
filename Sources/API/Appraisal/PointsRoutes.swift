// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Points by person and quarter: what everybody starts from, what incidents took, what is left, and which lines of the statement rest on it.
enum PointsRoutes {
  static func all(_ services: Services) -> [Route] { [list(services)] }

  private static func list(_ services: Services) -> Route {
    Route(
      .get, "/v1/tenants/{tenant}/contracts/{contract}/points", .tenant(.settlementRead),
      Operation(
        "listPoints",
        Text(
          zh: "一期内各人（或团队）的积分：起始或评价表得分、各违约事项扣分、余分，及依合同由此产生的结算项",
          en:
            "Everybody's points in a period: the start or the sheet's score, what each incident took, what is left, and the statement's lines that rest on it"
        ),
        query: [
          .init("quarter", Text(zh: "哪一期，按付款计划中的名称", en: "Which period, by its payment's name in the plan")), SettlementRoutes.asOf,
        ], answer: Listing.named(["quarter", "asOf", "confirmed", "series"]), failures: [409])
    ) { call in
      guard let quarter = call.request.target.query["quarter"] else {
        throw Problem.badQuery("quarter", Text(zh: "须写明 quarter，如 quarter-1。", en: "Say which quarter, like quarter-1."))
      }
      let office = try call.office
      let name = SettlementStore.Name(tenant: office.tenant, contract: try call.variable(1), payment: quarter)
      let view = try await SettlementView.read(name, asOf: SettlementRoutes.day(call), call, services)
      let settlement = try view.asStated()
      let statement = try view.statement()
      let people = try await services.lanes.query(StaffStore.people(in: office.tenant), in: .tenant(office.tenant.number))
      let vendor = try call.vendor
      let known = people.filter { person in vendor.map { $0 == person.organisation } ?? true }
      let report = PointsReport(
        statement: statement, names: Dictionary(known.map { ($0.code, $0.displayName) }) { first, _ in first })
      var writer = JSONWriter(capacity: 1 << 13)
      writer.value([
        "quarter": .string(quarter), "asOf": statement["asOf"] ?? .null, "confirmed": .bool(view.frozen != nil),
        "series": .array(try settlement.points(in: quarter).map { try report.json($0) }),
      ])
      return Response.json(writer.bytes)
    }
  }
}

extension SettlementView {
  /// What the statement that is shown was computed from: the facts on record, or those that were frozen with it.
  func asStated() throws -> Settlement {
    guard let frozen else { return settlement }
    guard let snapshot = frozen.snapshot else { throw Problem.snapshotDamaged(name) }
    return try Settlement(
      dossier.contract, facts: snapshot.inputs.facts, calendar: dossier.calendar, packs: dossier.packs, asOf: snapshot.asOf)
  }
}

/// The points of a series beside the lines of the statement that rest on them.
struct PointsReport {
  let statement: JSONObject
  /// The names of people by their codes.
  let names: [String: String]

  func json(_ points: SeriesPoints) throws -> JSON {
    let totals = try points.totals()
    return [
      "series": .string(points.series.id), "clause": .string(points.series.citation.clause), "says": points.series.citation.says.json,
      "period": .string(points.occasion), "from": .string("\(points.days.first)"), "to": .string("\(points.days.last)"),
      "subject": .string(points.series.subject.rawValue), "subjects": .array(points.subjects.map(json)),
      "sum": totals.map { .string($0.sum.decimal()) } ?? .null, "mean": try points.meanWords().map { .string($0) } ?? .null,
      "consequences": .array(points.rules.map { json($0, points) }),
    ]
  }

  private func json(_ subject: SubjectPoints) -> JSON {
    [
      "subject": subject.subject.isEmpty ? .null : .string(subject.subject), "name": names[subject.subject].map { .string($0) } ?? .null,
      "start": subject.start.map { .string($0.decimal()) } ?? .null, "scoreSheet": subject.score.map { .string("\($0)") } ?? .null,
      "incidents": .array(
        subject.taken.map { taken in
          [
            "incident": .string("\(taken.fact)"), "kind": .string(taken.incident.kind), "clause": .string(taken.citation.clause),
            "says": taken.citation.says.json, "on": .string("\(taken.on)"), "quantity": .integer(Int64(taken.incident.quantity)),
            "points": .string((-taken.points).decimal()),
          ]
        }), "value": subject.value.map { .string($0.decimal()) } ?? .null,
    ]
  }

  /// A rule that hangs on the points, with the statement's lines that it gave for them.
  private func json(_ rule: Consequence, _ points: SeriesPoints) -> JSON {
    let facts = Set(points.subjects.flatMap(\.facts).map { "\($0)" })
    var lines: [JSON] = []
    for section in ["lines", "claims"] {
      for (index, line) in (statement[section]?.array ?? []).enumerated() where line["rule"]?.string == rule.id {
        guard (line["facts"]?.array ?? []).contains(where: { $0.string.map(facts.contains) ?? false }) else { continue }
        lines.append([
          "section": .string(section), "line": .integer(Int64(index + 1)), "amount": line["amount"] ?? .null,
          "formula": line["formula"] ?? .null,
        ])
      }
    }
    return [
      "rule": .string(rule.id), "clause": .string(rule.citation.clause), "says": rule.citation.says.json,
      "reading": rule.citation.reading?.json ?? .null, "lines": .array(lines),
    ]
  }
}
