// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

/// One rule of a contract's levels, or the city's limits of the grades, as its file has it.
struct NaiveRule: Sendable {
  struct Limit: Sendable {
    let count: Int64
    /// `minutes hours days workingDays months`
    let unit: String

    init(_ json: JSON?) {
      let member = json?.object?.members.first
      (count, unit) = (member?.value.integer ?? 0, member?.name ?? "")
    }

    /// Its length in microseconds, a month taken for thirty days.
    var length: Int64 {
      switch unit {
      case "minutes": count * 60 * NaiveCalendar.second
      case "hours": count * 3600 * NaiveCalendar.second
      case "months": count * 30 * NaiveCalendar.day
      default: count * NaiveCalendar.day
      }
    }

    var isOfMoments: Bool { unit == "minutes" || unit == "hours" }
  }

  let id: String
  let from: String?
  let state: String?
  let to: String
  let mootBy: [String]
  let pausedWhile: [String]
  /// Nil: the order's grade says how long.
  let limits: [Limit]?
  let recurs: Bool
  let isOnDuty: Bool
  let rolls: Bool
  let isAsReported: Bool
  let when: String?
  let unless: String?
  /// How long before the end it is warned of; nil where a share of the limit says so.
  private let warnedBefore: Limit?
  private let warnedAtPercent: Int64
  /// The incident that is proposed where the vendor misses it.
  let proposes: String?

  /// Nil for a level that is no clock.
  init?(_ level: JSON) {
    func words(_ json: JSON?) -> [String] { (json?.array ?? []).compactMap(\.string) }
    let recurring = level["recurring"]
    guard let clock = level["clock"] ?? recurring else { return nil }
    id = level["id"]?.string ?? ""
    to = clock["to"]?.string ?? ""
    state = recurring?["while"]?.string
    from = recurring == nil ? clock["from"]?.string : state == nil ? "received" : nil
    mootBy = words(clock["mootBy"])
    pausedWhile = words(clock["pausedWhile"])
    recurs = recurring != nil
    if let every = recurring?["every"] {
      limits = [Limit(every)]
    } else if let within = clock["limit"]?["within"] {
      limits = [Limit(within)]
    } else {
      limits = clock["limit"]?["stages"]?.array.map { $0.map { Limit($0) } }
    }
    isOnDuty = clock["time"] == "duty"
    rolls = clock["rolls"] != false
    isAsReported = clock["asReported"] == true
    when = level["when"]?.string
    unless = level["unless"]?.string
    warnedBefore = clock["warn"]?["before"].map { Limit($0) }
    warnedAtPercent = clock["warn"]?["used"]?.string.flatMap { Int64($0.dropLast()) } ?? 80
    proposes = level["owner"] == "vendor" ? level["miss"]?.string : nil
  }

  /// The city's: a reply within the grade's limit.
  static let city = NaiveRule(["id": "grade", "clock": ["from": "received", "to": "replied", "limit": ["own": true]]])

  /// Whether it is the grade's limit for every order, so that the city's is not asked for.
  var isOwnOfAll: Bool { limits == nil && when == nil && unless == nil }

  /// How much of a length is used up when its end is warned of.
  func warning(of length: Int64) -> Int64 {
    warnedBefore.map { max(0, length - $0.length) } ?? length * warnedAtPercent / 100
  }

  func holds(for order: NaiveOrder) throws -> Bool {
    let isWhen = try when.map { try Self.judge($0, order) } ?? true
    let isUnless = try unless.map { try Self.judge($0, order) } ?? false
    return isWhen && !isUnless
  }

  /// What offices by chance ask of orders.
  static let predicates = ["$.massIncident == true", "$.keyComplainant == true", "$.tags[*] == \"不合理诉求\""]

  private static func judge(_ predicate: String, _ order: NaiveOrder) throws -> Bool {
    switch predicate {
    case predicates[0]: return order.attributes["massIncident"] == true
    case predicates[1]: return order.attributes["keyComplainant"] == true
    case predicates[2]: return order.tags.contains("不合理诉求")
    default:
      Issue.record("a predicate that the test does not know: \(predicate)")
      return false
    }
  }
}

/// A step of an order with what it left behind.
struct NaiveStep: Sendable {
  let kind: String
  let at: Int64
  let before: [String]
  let after: NaiveOrder
}

/// What one clock of an order came to; times are microseconds since 1970.
struct NaiveClock: Sendable {
  let rule: NaiveRule
  let number: Int
  let start: Int64
  /// The first moment that is too late, and when that is warned of; nil while it stands still.
  var outside: Int64?
  var warning: Int64?
  var state = "running"
  var ended: Int64?
  var pauses = 0
  /// Whether the day that its end rolled to is one that a pause begins on, and one that a pause before it ends with the first moment of.
  var meetsPause = (begun: false, ended: false)

  var line: String {
    func moment(_ moment: Int64?) -> String { moment.map { "\($0)" } ?? "none" }
    return "\(rule.id)|\(number)|\(state)|\(start)|\(moment(outside))|\(moment(warning))|\(moment(ended))|\(pauses)"
  }

  /// The last day on which it is in time.
  var lastDay: Int64 { NaiveCalendar.day(of: (outside ?? .max) - 1) }
}
