// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Support
import Testing

/// The clocks of an office's orders by their histories alone, beside those that the database keeps.
struct ClockReplay {
  private let tenant: String
  private let sql: (String) throws -> String
  private let packs: RulePacks
  private let book: ClockBook
  private let reckoner: ClockReckoner

  /// - Parameters:
  ///   - tenant: one of the repository's offices.
  ///   - sql: runs a statement.
  init(_ tenant: String, sql: @escaping (String) throws -> String) throws {
    (self.tenant, self.sql) = (tenant, sql)
    let files = try OfficeDirectory("deploy/tenants/\(tenant)").decoded()
    packs = RulePacks(try Self.documents("rule-packs").map { try RulePack.shape.decode(bytes: Array($0.utf8)).get() })
    let calendar = try WorkingCalendar(try Self.documents("calendars").map { try CalendarYear.shape.decode(bytes: Array($0.utf8)).get() })
    book = ClockBook(try #require(files.contracts.first).contract.original, revision: 1, packs: packs)
    reckoner = ClockReckoner(calendar: calendar, hours: files.office.dutyHours)
  }

  /// The clocks of an order as they are stored, sorted.
  func stored(_ order: String) throws -> [String] {
    try sql(
      """
      SELECT rule, number, state, started_at = opens_at, extract(epoch FROM started_at)::bigint,
        coalesce(extract(epoch FROM outside_at)::bigint::text, 'none'), coalesce(extract(epoch FROM ended_at)::bigint::text, 'none'),
        coalesce(jsonb_array_length(pauses), 0)
      FROM work_order_clock WHERE order_id = '\(order)'
      """
    ).split(separator: "\n").map(String.init).sorted()
  }

  /// The clocks of an order by its history alone, sorted.
  func clocks(of order: String, until now: Instant) throws -> [String] {
    let history = try sql(
      "SELECT jsonb_build_object('seq', seq, 'at', (extract(epoch FROM at) * 1000000)::bigint, 'side', side, 'kind', kind, 'data', data)::text "
        + "FROM work_order_event WHERE order_id = '\(order)' ORDER BY seq")
    var clocks = OrderClocks()
    var known: WorkOrder?
    for line in history.split(separator: "\n") {
      let entry = try Self.entry(JSON.parse(Array(line.utf8)))
      let before = known
      if known == nil, case .received(let facts) = entry.move {
        known = WorkOrder(try #require(UUIDv7(order)), facts, at: entry.at)
      } else {
        known?.take(entry)
      }
      let after = try #require(known)
      let step = ClockStep(
        entry.move.step.event, at: entry.at, reported: before == nil ? after.reportedAt : nil, grade: after.grade,
        before: before?.waits ?? [], after: after.waits, isOpen: after.stage.isOpen)
      try clocks.take(step, book, reckoner) { rule in
        // What the predicates of the two offices ask.
        switch rule.id {
        case "hand-over" where tenant == "anding": after.attributes["massIncident"] != true
        case "appeal": after.tags.contains("不合理诉求")
        case "visits": after.attributes["keyComplainant"] == true
        default: true
        }
      }
    }
    try clocks.settle(at: now, reckoner)
    return clocks.clocks.map { clock in
      func seconds(_ instant: Instant?) -> String {
        // As PostgreSQL rounds.
        instant.map { "\(($0.microseconds + 500_000) / 1_000_000)" } ?? "none"
      }
      return [
        clock.rule.id, "\(clock.number)", clock.state.rawValue, clock.started == clock.opens ? "t" : "f", seconds(clock.started),
        seconds(clock.deadline?.outside), seconds(clock.ended), "\(clock.pauses.count)",
      ].joined(separator: "|")
    }.sorted()
  }

  private static func entry(_ json: JSON) throws -> OrderEntry {
    let step = try #require(json["kind"]?.string.flatMap(OrderStep.init(rawValue:)))
    let at = try #require(json["at"]?.integer.flatMap { Instant(microseconds: $0) })
    let move = try OrderMove.shape(of: step).decode(try #require(json["data"])).get()
    return OrderEntry(
      seq: Int32(try #require(json["seq"]?.integer)), at: at, actor: nil, side: .system, move: move)
  }

  private static func documents(_ directory: String) throws -> [String] {
    try Command.run(["ls", "\(Cluster.checkout)/deploy/\(directory)"]).output.split(separator: "\n").map {
      try TestDatabase.file("deploy/\(directory)/\($0)")
    }
  }
}
