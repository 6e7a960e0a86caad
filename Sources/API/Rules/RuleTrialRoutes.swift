// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// Trying out a decision table on past orders, before it decides anything; nothing is stored.
enum RuleTrialRoutes {
  static func all(_ services: Services) -> [Route] { [simulate(services), lint(services)] }

  // MARK: What would change

  private static func simulate(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/rules/{purpose}/simulate", .tenant(.ruleRead), body: RuleBody.trial,
      Operation(
        "simulateRules",
        Text(
          zh: "以拟用的决策表重判既往工单，看有何变化；不存任何内容", en: "Decide past orders by a table as it might be, and see what would change; nothing is stored"
        ),
        answer: Listing.named(["orders", "changed", "against", "outcomes", "rows", "items"]), failures: [422])
    ) { call, trial in
      let tenant = try call.office.tenant
      let purpose = try RuleRoutes.purpose(call)
      try await RuleJudge(purpose: purpose, services: services).judge(trial.table, at: "/table", for: call)
      let revisions = try await services.lanes.query(
        RuleTableStore.revisions(of: purpose.rawValue, in: tenant), in: .tenant(tenant.number))
      let against = revisions.inForce(on: call.now.date)
      let comparison = RuleComparison(from: try against.map { try RuleTableStore.table($0) }, to: trial.table)
      let scope = try trial.scope(needed: OrderMember.needed(for: comparison.members), at: call.now)
      let query = SimulationStore.compare(comparison, over: scope, after: trial.after, limit: trial.limit, in: tenant)
      let findings = try await services.lanes.transaction(in: .tenant(tenant.number), .snapshot) { try await $0.query(query) }
      return answer(comparison, against: against?.number, findings, limit: trial.limit)
    }
  }

  private static func answer(
    _ comparison: RuleComparison, against: Int32?, _ findings: [SimulationStore.Finding], limit: Int32
  ) -> Response {
    var tally = RuleTally(comparison)
    var examples: [(old: Int, new: Int, id: UUIDv7, number: String, title: String)] = []
    for finding in findings {
      switch finding {
      case .count(let old, let new, let orders): tally.add(orders, old: old, new: new)
      case .example(let old, let new, let id, let number, let title): examples.append((old, new, id, number, title))
      }
    }
    var writer = JSONWriter(capacity: 4096)
    writer.beginObject()
    writer.key("orders")
    writer.integer(tally.orders)
    writer.key("changed")
    writer.integer(tally.changed)
    writer.key("against")
    if let against { writer.integer(against) } else { writer.null() }
    writer.key("outcomes")
    writer.beginArray()
    for pair in tally.pairs {
      writer.beginObject()
      writer.outcome("from", comparison.outcomes[pair.old])
      writer.outcome("to", comparison.outcomes[pair.new])
      writer.key("orders")
      writer.integer(pair.orders)
      writer.endObject()
    }
    writer.endArray()
    writer.key("rows")
    writer.beginArray()
    for (row, orders) in zip(comparison.new.rows.map { Optional($0.id) } + [nil], tally.ofRows) {
      writer.beginObject()
      writer.key("row")
      writer.optional(row)
      writer.key("orders")
      writer.integer(orders)
      writer.endObject()
    }
    writer.endArray()
    writer.key("items")
    writer.beginArray()
    for example in examples {
      writer.beginObject()
      writer.key("order")
      writer.uuid(example.id)
      writer.key("externalNumber")
      writer.string(example.number)
      writer.key("title")
      writer.string(example.title)
      writer.outcome("from", comparison.outcomes[comparison.oldOutcomes[example.old - 1]])
      writer.outcome("to", comparison.outcomes[comparison.newOutcomes[example.new - 1]])
      writer.endObject()
    }
    writer.endArray()
    if examples.count == Int(limit), let last = examples.last {
      writer.key("next")
      writer.uuid(last.id)
    }
    writer.endObject()
    return .json(writer.bytes)
  }

  // MARK: What is doubtful

  private static func lint(_ services: Services) -> Route {
    Route(
      .post, "/v1/tenants/{tenant}/rules/{purpose}/lint", .tenant(.ruleRead), body: RuleBody.trial,
      Operation(
        "lintRules", Text(zh: "查看决策表中可疑之处；不存任何内容", en: "What is doubtful in a decision table; nothing is stored"),
        answer: Listing.named(["warnings"]), failures: [422])
    ) { call, trial in
      let tenant = try call.office.tenant
      try await RuleJudge(purpose: RuleRoutes.purpose(call), services: services).judge(trial.table, at: "/table", for: call)
      let table = trial.table
      let members = table.rows.flatMap { Predicate($0.when).members }
      let scope = try trial.scope(needed: OrderMember.needed(for: members), at: call.now)
      let asked = table.attributesAskedFor
      let (known, overlaps) = try await services.lanes.transaction(in: .tenant(tenant.number), .snapshot) { transaction in
        let known = asked.isEmpty ? [] : try await transaction.query(SimulationStore.attributes(asked, over: scope, in: tenant))
        return (known, try await transaction.query(SimulationStore.overlaps(of: table, over: scope, in: tenant)))
      }
      let seen = overlaps.compactMap {
        table.overlap(of: $0.first - 1, with: $0.later - 1, orders: $0.orders, example: "\($0.example)")
      }
      var writer = JSONWriter(capacity: 1024)
      writer.beginObject()
      writer.key("warnings")
      writer.warnings(table.warnings(attributes: Set(known)) + seen, in: call.language)
      writer.endObject()
      return Response.json(writer.bytes)
    }
  }
}

/// How many orders fall to which outcomes and rows.
private struct RuleTally {
  private let comparison: RuleComparison
  private var counts: [Int: Int] = [:]
  private(set) var orders = 0
  private(set) var changed = 0
  /// Of the new table, the default behind the last.
  private(set) var ofRows: [Int]

  init(_ comparison: RuleComparison) {
    self.comparison = comparison
    ofRows = Array(repeating: 0, count: comparison.newOutcomes.count)
  }

  mutating func add(_ count: Int, old: Int, new: Int) {
    let from = comparison.oldOutcomes[old - 1]
    let to = comparison.newOutcomes[new - 1]
    counts[from * comparison.outcomes.count + to, default: 0] += count
    orders += count
    if from != to { changed += count }
    ofRows[new - 1] += count
  }

  /// The most frequent first.
  var pairs: [(old: Int, new: Int, orders: Int)] {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      ($0.key / comparison.outcomes.count, $0.key % comparison.outcomes.count, $0.value)
    }
  }
}

extension JSONWriter {
  fileprivate mutating func outcome(_ name: StaticString, _ outcome: OrderedMap<JSON>?) {
    key(name)
    guard let outcome else { return null() }
    beginObject()
    for entry in outcome.entries {
      key(escaping: entry.name)
      value(entry.value)
    }
    endObject()
  }
}
