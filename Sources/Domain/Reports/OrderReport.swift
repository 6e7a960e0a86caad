// SPDX-License-Identifier: Apache-2.0
import Base

/// What the orders of a period come to beside those of the periods before: made of counts, whatever orders they are of.
package struct OrderReport: Sendable {
  /// By what orders are counted.
  package enum Dimension: String, Sendable, Hashable, CaseIterable { case source, category, department, community, grade }

  /// Which orders a number is of: a value for each dimension that it is held to; empty for none.
  package typealias Key = [Dimension: String]

  /// How many orders of one period have a key.
  package struct Cell: Sendable, Hashable {
    /// 0 for the period of the report, 1 for the one before, and so on.
    package let back: Int
    package let key: Key
    package let orders: Int64
    /// Those among them that repeat an earlier one, and those that are closed by now.
    package let repeats: Int64
    package let closed: Int64

    package init(back: Int, key: Key, orders: Int64, repeats: Int64, closed: Int64) {
      self.back = back
      self.key = key
      self.orders = orders
      self.repeats = repeats
      self.closed = closed
    }
  }

  /// A number of orders with the key that they have.
  package struct Line: Sendable, Hashable {
    package let key: Key
    package let trend: Trend
  }

  /// A number that is far above what was usual.
  package struct Surge: Sendable, Hashable {
    package let key: Key
    package let count: Int64
    /// The counts of the periods before, together, and how many they are.
    package let earlier: Int64
    package let periods: Int

    /// The mean of the periods before, with one decimal, half up.
    package var usual: String {
      let tenths = (earlier * 20 / Int64(periods) + 1) / 2
      return "\(tenths / 10).\(tenths % 10)"
    }
  }

  package private(set) var orders = Trend()
  package private(set) var repeats = Trend()
  package private(set) var closed = Trend()
  /// By each dimension, the most first.
  package private(set) var lines: [Dimension: [Line]] = [:]
  /// Which matters of which communities came most, two orders and up.
  package private(set) var topics: [Line] = []
  package private(set) var surges: [Surge] = []

  /// - Parameters:
  ///   - cells: of the period and of as many before as the rule asks for; of a period and key one at most.
  ///   - top: how many lines of each list are kept.
  package init(_ cells: [Cell], under rule: SurgeRule, top: Int) {
    var trends: [Key: Trend] = [:]
    var earlier: [Key: Int64] = [:]
    for cell in cells {
      switch cell.back {
      case 0: trends[cell.key, default: Trend()].count += cell.orders
      case 1: trends[cell.key, default: Trend()].previous += cell.orders
      default: break
      }
      if cell.back >= 1, cell.back <= rule.periods { earlier[cell.key, default: 0] += cell.orders }
      guard cell.key.isEmpty, cell.back <= 1 else { continue }
      if cell.back == 0 {
        (repeats.count, closed.count) = (cell.repeats, cell.closed)
      } else {
        (repeats.previous, closed.previous) = (cell.repeats, cell.closed)
      }
    }
    orders = trends[[:]] ?? Trend()
    func sorted(_ lines: [Line]) -> [Line] {
      Array(
        lines.sorted { Self.precedes(($0.trend.count, $0.trend.previous, $0.key), ($1.trend.count, $1.trend.previous, $1.key)) }.prefix(top)
      )
    }
    for dimension in Dimension.allCases {
      lines[dimension] = sorted(
        trends.filter { $0.key.count == 1 && $0.key[dimension] != nil }.map { Line(key: $0.key, trend: $0.value) })
    }
    topics = sorted(trends.filter { $0.key.count == 2 && $0.value.count > 1 }.map { Line(key: $0.key, trend: $0.value) })
    surges = trends.filter { key, trend in
      (key.count == 2 || key[.category] != nil || key[.community] != nil) && rule.isSurge(trend.count, earlier: earlier[key] ?? 0)
    }.map { Surge(key: $0.key, count: $0.value.count, earlier: earlier[$0.key] ?? 0, periods: rule.periods) }
      .sorted { Self.precedes(($0.count, -$0.earlier, $0.key), ($1.count, -$1.earlier, $1.key)) }
    surges = Array(surges.prefix(top))
  }

  private static func precedes(_ a: (Int64, Int64, Key), _ b: (Int64, Int64, Key)) -> Bool {
    if (a.0, a.1) != (b.0, b.1) { return (a.0, a.1) > (b.0, b.1) }
    return word(a.2) < word(b.2)
  }

  private static func word(_ key: Key) -> String { Dimension.allCases.map { key[$0] ?? "" }.joined(separator: "\u{1}") }
}
