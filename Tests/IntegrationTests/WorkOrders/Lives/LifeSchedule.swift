// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Synchronization
import Testing

/// How the time of the lives passes: by leaps of chance, from one edge of days off to the next, and with stands on the very boundaries of deadlines.
struct LifeSchedule {
  /// With what an order begins to wait, and with what it waits no longer.
  private static let beginnings = ["await-citizen", "hang", "ask-exclusion", "ask-approval"]
  private static let ends = ["citizen-answered", "resume", "decide-exclusion", "approve"]

  private let calendar: NaiveCalendar

  init() throws { calendar = try NaiveCalendar() }

  /// Every third phase lies on the last of some days off, and the one behind it on the working day that follows.
  private static func isOnEve(_ phase: Int) -> Bool { phase % 3 == 1 }
  private static func isBehindEdge(_ phase: Int) -> Bool { phase % 3 == 2 }

  /// What is done more often in a phase than by chance alone.
  static func leanings(_ phase: Int) -> [String] { phase % 3 == 0 ? [] : beginnings + ends }

  /// When a phase begins.
  func begin(of phase: Int, after now: Instant, _ random: inout SeededRandom) throws -> Instant {
    let edge = edge(after: now)
    // So long before it that the phase is over by then.
    if Self.isOnEve(phase) { return try max(now.adding(minutes: 1), edge.adding(minutes: -Int64.random(in: 40...1439, using: &random))) }
    if Self.isBehindEdge(phase) { return try edge.adding(minutes: Int64.random(in: 1...1000, using: &random)) }
    // Minutes, hours, days.
    let spans: [ClosedRange<Int64>] = [7...45, 7...45, 180...540, 1440...4000]
    return try now.adding(minutes: Int64.random(in: spans.randomElement(using: &random) ?? 7...45, using: &random))
  }

  /// The first moment of the next working day that follows a day off.
  private func edge(after now: Instant) -> Instant {
    var day = NaiveCalendar.day(of: now.microseconds) + 1
    while !calendar.isWorking(day) || calendar.isWorking(day - 1) { day += 1 }
    return Instant(microseconds: NaiveCalendar.start(of: day)) ?? now
  }

  // MARK: Stands

  /// A moment at which the clock stands for some steps, each of another order.
  struct Stand {
    let moment: Int64
    let office: Int
    let cells: [(cell: LifeOrders.Cell, verbs: [String])]
  }

  /// Where the clock is to stand on the way to a phase.
  func stands(
    _ phase: Int, from now: Instant, to next: Instant, _ offices: [LifeOffice], _ orders: [LifeOrders], _ random: inout SeededRandom
  ) throws -> [Stand] {
    var stands: [Stand] = []
    if Self.isBehindEdge(phase) {
      let edge = edge(after: now)
      // Those first whose time ends with that day: most of them were to end on a day off.
      let due = try Deployment.current.database.sql(
        """
        SELECT DISTINCT order_id FROM work_order_clock
        WHERE ended_at IS NULL AND state = 'running' AND paused_while <> '{}' AND outside_at = '\(edge.adding(minutes: 1440))'
        """)
      let ids = Set(due.split(separator: "\n").map(String.init))
      for (office, orders) in orders.enumerated() { stands += Self.overEdge(edge.microseconds, office, orders, due: ids, &random) }
    }
    return try (stands + brinks(from: now, to: next, offices, orders, &random)).sorted { $0.moment < $1.moment }
  }

  /// Some orders begin to wait on the last of the days off, and wait no longer with its last moment or the first of the working day; others
  /// begin with that, and wait for some minutes.
  private static func overEdge(
    _ edge: Int64, _ office: Int, _ orders: LifeOrders, due ids: Set<String>, _ random: inout SeededRandom
  ) -> [Stand] {
    let due = orders.all.filter { ids.contains($0.id) }.shuffled(using: &random)
    let others = orders.all.filter { !ids.contains($0.id) }.shuffled(using: &random)
    let waiting = due.prefix(16) + others.prefix(4)
    let late = due.dropFirst(16).prefix(6) + others.dropFirst(4).prefix(6)
    let minute = Instant.minute
    func stand(_ moment: Int64, _ cells: some Sequence<LifeOrders.Cell>, _ verbs: [String]) -> Stand {
      Stand(moment: moment, office: office, cells: cells.map { ($0, verbs) })
    }
    return [
      stand(edge - 10 * minute, waiting, beginnings), stand(edge - 1, waiting.prefix(4), ends),
      stand(edge, waiting.dropFirst(4).prefix(12), ends), stand(edge, late, beginnings), stand(edge + minute / 2, late, ends),
    ]
  }

  private static let brinks = 12

  /// Deadlines on the way, at whose last moment in time or first moment too late something is done that they wait for.
  private func brinks(
    from now: Instant, to next: Instant, _ offices: [LifeOffice], _ orders: [LifeOrders], _ random: inout SeededRandom
  ) throws -> [Stand] {
    let verbs = Dictionary(uniqueKeysWithValues: NaiveBook.kinds.map { ($0.value, $0.key) })
    let rows = try Deployment.current.database.sql(
      """
      SELECT code, order_id, done_by, (extract(epoch FROM outside_at) * 1000000)::bigint FROM work_order_clock c JOIN tenant USING (tenant_id)
      WHERE ended_at IS NULL AND c.state = 'running' AND outside_at > '\(now.adding(minutes: 3))' AND outside_at < '\(next)'
      """)
    var stands: [Stand] = []
    var taken: Set<String> = []
    for row in rows.split(separator: "\n").map({ $0.split(separator: "|").map(String.init) }).shuffled(using: &random) {
      guard stands.count < Self.brinks, let office = offices.firstIndex(where: { $0.tenant == row[0] }), let outside = Int64(row[3]),
        let verb = verbs[row[2]], let cell = orders[office].all.first(where: { $0.id == row[1] }),
        cell.order.withLock({ NaiveBook.outcome(verb, $0) == .taken }), taken.insert(row[1]).inserted
      else { continue }
      let moment = Bool.random(using: &random) ? outside : outside - 1
      let isWait = Int.random(in: 0..<4, using: &random) == 0
      stands.append(Stand(moment: moment, office: office, cells: [(cell, isWait ? Self.beginnings + Self.ends : [verb])]))
    }
    return stands
  }
}
