// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP

/// Which days the three rates are asked for, by what, and how they are counted.
struct RateQuestion: Sendable {
  let dimension: RateDimension
  let days: DateRange
  /// Nil where the caller named the days.
  let cycle: EvaluationCycle?
  let rule: RateRule
  /// The office's weights, else the city's.
  let isWeightedByCity: Bool

  /// - Throws: 422 for what cannot be read.
  init(_ query: HTTP.Query, rule: RateRule, packs: RulePacks, today: CivilDate) throws {
    dimension = try query.word("by") ?? .office
    if query["from"] != nil || query["to"] != nil {
      let first = try Self.day(query, "from")
      let last = try Self.day(query, "to")
      guard let days = DateRange(first, through: last) else {
        throw Problem.badQuery("to", Text(zh: "不得早于 from。", en: "This must not be before from."))
      }
      self.days = days
      cycle = nil
    } else {
      let day = try query["cycle"].map(Self.dayOfCycle) ?? today
      do throws(DateError) {
        let cycle = try EvaluationCycle(containing: day, packs: packs)
        self.cycle = cycle
        days = cycle.days
      } catch {
        throw Self.badCycle
      }
    }
    let city = rule.weights == nil ? packs.weights(on: days.last) : nil
    isWeightedByCity = city != nil
    self.rule = city.map { rule.weighted(by: $0) } ?? rule
  }

  /// The days of something else, such as a report.
  init(by dimension: RateDimension, on days: DateRange, rule: RateRule, packs: RulePacks) {
    self.dimension = dimension
    self.days = days
    cycle = nil
    let city = rule.weights == nil ? packs.weights(on: days.last) : nil
    isWeightedByCity = city != nil
    self.rule = city.map { rule.weighted(by: $0) } ?? rule
  }

  private static let badCycle = Problem.badQuery(
    "cycle", Text(zh: "cycle 须为日（2026-03-05）或月（2026-03）。", en: "cycle is a day (2026-03-05) or a month (2026-03)."))

  private static func dayOfCycle(_ text: String) throws -> CivilDate {
    guard let day = CivilDate(text) ?? CivilDate(text + "-01") else { throw badCycle }
    return day
  }

  private static func day(_ query: HTTP.Query, _ name: String) throws -> CivilDate {
    guard let day = query[name].flatMap({ CivilDate($0) }) else {
      throw Problem.badQuery(name, Text(zh: "\(name) 须为日期，如 2026-03-05。", en: "\(name) must be a day, such as 2026-03-05."))
    }
    return day
  }

  /// Writes the members that say what the answer is of.
  func write(to writer: inout JSONWriter) {
    writer.key("by")
    writer.string(dimension.rawValue)
    writer.key("from")
    writer.date(days.first)
    writer.key("to")
    writer.date(days.last)
    writer.key("cycle")
    if let cycle {
      writer.beginObject()
      writer.key("months")
      writer.integer(cycle.months)
      writer.key("rulePack")
      writer.optional(cycle.pack)
      writer.endObject()
    } else {
      writer.null()
    }
    writer.key("leaves")
    writer.strings(RateClass.allCases.filter { rule.leaves.contains($0) }.map(\.rawValue))
    writer.key("weights")
    guard let weights = rule.weights else {
      writer.null()
      writer.key("compositeMissing")
      writer.text(Text(zh: "本单位未设权重，无综合成绩。", en: "The office has set no weights, so there is no composite."))
      return
    }
    writer.beginObject()
    for (name, share) in [("response", weights.response), ("resolution", weights.resolution), ("satisfaction", weights.satisfaction)] {
      writer.key(escaping: name)
      writer.string(share.text)
    }
    writer.key("by")
    writer.string(isWeightedByCity ? "city" : "office")
    writer.endObject()
  }
}

extension RateRule {
  fileprivate func weighted(by weights: RulePack.Weights) -> RateRule {
    RateRule(leaves: leaves, resolved: resolved, satisfied: satisfied, weights: weights)
  }
}

extension HTTP.Query {
  /// A parameter that is one of some words; nil where it is not given.
  ///
  /// - Throws: 422 for another word.
  func word<Word: RawRepresentable & CaseIterable>(_ name: String, _: Word.Type = Word.self) throws -> Word? where Word.RawValue == String {
    guard let text = self[name] else { return nil }
    guard let word = Word(rawValue: text) else {
      let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw Problem.badQuery(name, Text(zh: "\(name) 须为：\(known)。", en: "\(name) is one of: \(known)."))
    }
    return word
  }
}

extension ThreeRates {
  /// Writes the members that say how it stands.
  func write(to writer: inout JSONWriter) {
    for (name, ratio) in [("response", response), ("resolution", resolution), ("satisfaction", satisfaction)] {
      writer.key(escaping: name)
      writer.beginObject()
      writer.key("numerator")
      writer.integer(ratio.part)
      writer.key("denominator")
      writer.integer(ratio.whole)
      writer.key("percent")
      writer.optional(ratio.percent)
      writer.endObject()
    }
    writer.key("composite")
    writer.optional(composite.flatMap(Ratio.percent))
    writer.key("left")
    writer.beginObject()
    for kind in RateClass.allCases {
      guard let orders = left[kind] else { continue }
      writer.key(escaping: kind.rawValue)
      writer.integer(orders)
    }
    writer.endObject()
  }
}
