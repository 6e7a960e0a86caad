// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Store

/// What a report says, and how it is written as JSON: each number with the address of its orders.
struct ReportWriting {
  /// Of the office.
  let path: String
  let office: Text
  let period: ReportPeriod
  let previous: ReportPeriod
  let filter: OrderReport.Key
  let report: OrderReport
  let callers: [OrderReportStore.Caller]
  /// What departments are called.
  let names: [String: Text]
  let rates: RateQuestion
  /// Of the office, by department, by community.
  let counts: [[RateStore.Line]]
  let top: Int

  var octets: [UInt8] {
    var writer = JSONWriter(capacity: 16_384)
    writer.beginObject()
    writer.key("kind")
    writer.string(period.kind.rawValue)
    write(period.days, to: &writer)
    writer.key("previous")
    writer.beginObject()
    write(previous.days, to: &writer)
    writer.endObject()
    for (name, trend, more) in [
      ("orders", report.orders, ""), ("repeats", report.repeats, "&repeats=true"), ("closed", report.closed, "&closed=true"),
    ] {
      writer.key(escaping: name)
      writer.beginObject()
      write(trend, [:], more, to: &writer)
      writer.endObject()
    }
    for dimension in OrderReport.Dimension.allCases {
      writer.key(escaping: "by" + dimension.rawValue.prefix(1).uppercased() + dimension.rawValue.dropFirst())
      writer.beginArray()
      for line in report.lines[dimension] ?? [] {
        writer.beginObject()
        writer.key("key")
        writer.string(line.key[dimension] ?? "")
        if dimension == .department {
          writer.key("name")
          if let name = names[line.key[dimension] ?? ""] { writer.text(name) } else { writer.null() }
        }
        write(line.trend, line.key, to: &writer)
        writer.endObject()
      }
      writer.endArray()
    }
    writer.key("topics")
    writer.beginArray()
    for line in report.topics {
      writer.beginObject()
      write(line.key, to: &writer)
      write(line.trend, line.key, to: &writer)
      writer.endObject()
    }
    writer.endArray()
    writeCallers(to: &writer)
    writer.key("surges")
    writer.beginArray()
    for surge in report.surges {
      writer.beginObject()
      write(surge.key, to: &writer)
      writer.key("count")
      writer.integer(surge.count)
      writer.key("usual")
      writer.string(surge.usual)
      writer.key("periods")
      writer.integer(surge.periods)
      writer.key("link")
      writer.string(link(surge.key))
      writer.endObject()
    }
    writer.endArray()
    writeRates(to: &writer)
    writer.endObject()
    return writer.bytes
  }

  private func write(_ days: DateRange, to writer: inout JSONWriter) {
    writer.key("from")
    writer.date(days.first)
    writer.key("to")
    writer.date(days.last)
  }

  private func write(_ key: OrderReport.Key, to writer: inout JSONWriter) {
    for dimension in OrderReport.Dimension.allCases {
      guard let value = key[dimension] else { continue }
      writer.key(escaping: dimension.rawValue)
      writer.string(value)
    }
  }

  private func write(_ trend: Trend, _ key: OrderReport.Key, _ more: String = "", to writer: inout JSONWriter) {
    writer.key("count")
    writer.integer(trend.count)
    writer.key("previous")
    writer.integer(trend.previous)
    writer.key("change")
    writer.optional(trend.change)
    writer.key("link")
    writer.string(link(key) + more)
  }

  /// Where the orders of a number are listed.
  private func link(_ key: OrderReport.Key) -> String {
    var link = "\(path)/reports/\(period.kind.rawValue)/orders?"
    link += period.kind == .special ? "from=\(period.days.first)&to=\(period.days.last)" : "date=\(period.days.first)"
    for dimension in OrderReport.Dimension.allCases {
      if let value = key[dimension] ?? filter[dimension] { link += "&\(dimension.rawValue)=\(PercentEncoding.encode(value))" }
    }
    return link
  }

  private func writeCallers(to writer: inout JSONWriter) {
    writer.key("callers")
    writer.beginArray()
    for caller in callers {
      writer.beginObject()
      writer.key("citizen")
      caller.masked.write(to: &writer)
      writer.key("count")
      writer.integer(caller.orders)
      writer.key("latest")
      writer.uuid(caller.latest)
      writer.key("title")
      writer.string(caller.title)
      writer.key("link")
      writer.string("\(path)/work-orders/\(caller.latest)/repeats")
      writer.endObject()
    }
    writer.endArray()
  }

  // MARK: Rates

  /// How somebody stands by the three rates; who stands alike has one rank.
  struct Ranked {
    let rank: Int
    let key: String
    let rates: ThreeRates
  }

  /// The three rates of the days, of the whole office whatever the report is held to.
  var officeRates: ThreeRates { rated(counts[0]).first?.rates ?? ThreeRates([:], by: rates.rule) }
  var departments: [Ranked] { ranked(counts[1]) }
  var communities: [Ranked] { ranked(counts[2]) }

  private func rated(_ lines: [RateStore.Line]) -> [(key: String, rates: ThreeRates)] {
    Dictionary(grouping: lines, by: \.key).map { key, lines in
      var counts: [RateClass: RateCounts] = [:]
      for line in lines { counts[line.kind, default: RateCounts()] += line.counts }
      return (key, ThreeRates(counts, by: rates.rule))
    }
  }

  /// By the composite where there are weights, else by what was resolved; who has nothing to be judged by stands in no order.
  private func ranked(_ lines: [RateStore.Line]) -> [Ranked] {
    var graded: [(key: String, rates: ThreeRates, grade: Rational)] = []
    for one in rated(lines) where !one.key.isEmpty {
      if let grade = one.rates.composite ?? one.rates.resolution.value { graded.append((key: one.key, rates: one.rates, grade: grade)) }
    }
    graded.sort { a, b in
      if a.grade == b.grade { return a.key < b.key }
      return b.grade < a.grade
    }
    var ranked: [Ranked] = []
    for (place, one) in graded.prefix(top).enumerated() {
      let isAlike = place > 0 && graded[place - 1].grade == one.grade
      ranked.append(Ranked(rank: isAlike ? ranked[place - 1].rank : place + 1, key: one.key, rates: one.rates))
    }
    return ranked
  }

  private func writeRates(to writer: inout JSONWriter) {
    writer.key("rates")
    writer.beginObject()
    officeRates.write(to: &writer)
    writer.endObject()
    writer.key("rankings")
    writer.beginObject()
    for (name, by, list) in [("departments", "department", departments), ("communities", "community", communities)] {
      writer.key(escaping: name)
      writer.beginArray()
      for one in list {
        writer.beginObject()
        writer.key("rank")
        writer.integer(one.rank)
        writer.key("key")
        writer.string(one.key)
        writer.key("name")
        if let name = names[one.key] { writer.text(name) } else { writer.null() }
        one.rates.write(to: &writer)
        writer.key("link")
        let days = "from=\(period.days.first)&to=\(period.days.last)"
        writer.string("\(path)/reports/rates/orders?\(days)&by=\(by)&key=\(PercentEncoding.encode(one.key))")
        writer.endObject()
      }
      writer.endArray()
    }
    writer.endObject()
  }
}
