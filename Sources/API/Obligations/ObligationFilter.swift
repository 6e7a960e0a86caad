// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP

/// Which obligations a caller asks for.
struct ObligationFilter: Sendable {
  let state: Obligation.State?
  let side: Party?
  let from: CivilDate?
  let to: CivilDate?

  static let parameters = [
    Operation.Parameter(
      "state", Text(zh: "只列此状态的", en: "In this state only"),
      schema: ["type": "string", "enum": .array(Obligation.State.allCases.map { .string($0.rawValue) })]),
    side,
    Operation.Parameter("from", Text(zh: "最后一日不早于", en: "With a last day not before"), schema: ["type": "string", "format": "date"]),
    Operation.Parameter("to", Text(zh: "最后一日不晚于", en: "With a last day not after"), schema: ["type": "string", "format": "date"]),
  ]

  static let side = Operation.Parameter(
    "side", Text(zh: "只列由此方履行的（双方的也在内）", en: "Of this side only, what falls to both among it"),
    schema: ["type": "string", "enum": .array(Party.allCases.map { .string($0.rawValue) })])

  /// - Throws: 422 for a value that is none of these.
  init(_ query: HTTP.Query) throws {
    state = try Self.word("state", query)
    side = try Self.word("side", query)
    from = try Self.day("from", query)
    to = try Self.day("to", query)
  }

  func admits(_ obligation: Obligation) -> Bool {
    if let state, obligation.state != state { return false }
    if let side, !obligation.bearer.includes(side) { return false }
    guard from != nil || to != nil else { return true }
    guard let day = obligation.date?.lastDay else { return false }
    return from.map { $0 <= day } ?? true && to.map { day <= $0 } ?? true
  }

  static func word<Word: RawRepresentable & CaseIterable>(_ name: String, _ query: HTTP.Query) throws -> Word?
  where Word.RawValue == String {
    guard let text = query[name] else { return nil }
    guard let word = Word(rawValue: text) else {
      let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw Problem.badQuery(name, Text(zh: "\(name) 须为：\(known)", en: "\(name) is one of: \(known)"))
    }
    return word
  }

  static func day(_ name: String, _ query: HTTP.Query) throws -> CivilDate? {
    guard let text = query[name] else { return nil }
    guard let day = CivilDate(text) else {
      throw Problem.badQuery(name, Text(zh: "\(name) 须为 YYYY-MM-DD。", en: "\(name) must be YYYY-MM-DD."))
    }
    return day
  }
}
