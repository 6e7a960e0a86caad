// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

@testable import Domain

/// Contracts at random, of everything the vocabulary has that reaches money: plans of payments, measures, rates, bounds, destinations, caps,
/// retention, duties that deem, and later papers that change any of it.
struct RandomContract {
  var random: SeededGenerator
  private let parties: JSON
  private let paper: JSON
  private var from = CivilDate.first
  private var to = CivilDate.first

  init(seed: UInt64) throws {
    random = SeededGenerator(seed: seed)
    let base = try JSON.parse(RepositoryFiles.bytes("Tests/Offices/yunling/contracts/hotline-2026/original.json"))
    (parties, paper) = (try #require(base["parties"]), try #require(base["paper"]))
  }

  // MARK: chance

  private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
  private mutating func chance(_ percent: Int) -> Bool { number(0...99) < percent }
  private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(0...elements.count - 1)] }
  private mutating func some(_ elements: [String], _ range: ClosedRange<Int>) -> [JSON] {
    Array(elements.shuffled(using: &random).prefix(number(range))).map { .string($0) }
  }

  private mutating func yuan(_ range: ClosedRange<Int64>) -> JSON { .string(Fen(Int64.random(in: range, using: &random)).yuan) }
  private mutating func share(_ most: Int) -> JSON { .string(Self.percent(number(1...most * 100))) }

  /// Hundredths of a per cent as a share.
  private static func percent(_ hundredths: Int) -> String {
    let rest = hundredths % 100
    return "\(hundredths / 100)" + (rest == 0 ? "" : rest < 10 ? ".0\(rest)" : rest % 10 == 0 ? ".\(rest / 10)" : ".\(rest)") + "%"
  }

  private func cited(_ id: String, _ more: JSONObject) -> JSON {
    var item: JSONObject = [
      "id": .string(id), "clause": .string("§ \(id)"), "says": ["zh": .string("关于 \(id)。"), "en": .string("On \(id).")],
    ]
    for member in more.members { item[member.name] = member.value }
    return .object(item)
  }

  // MARK: the first paper

  mutating func make() throws -> Contract {
    let first = try original()
    var chain = [try Self.decoded(first)]
    var latest = first
    for _ in 0..<pick([0, 1, 1, 2, 3]) {
      // A change that the papers before do not allow is left out, and another one is tried.
      for _ in 0..<4 {
        guard let next = try later(latest, chain), case .success(let document) = ContractDocument.shape.decode(next),
          let contract = try? Contract(chain + [document]), contract.paperFaults().isEmpty
        else { continue }
        chain.append(document)
        latest = next
        break
      }
    }
    return try Contract(chain)
  }

  static func decoded(_ json: JSON) throws -> ContractDocument {
    switch ContractDocument.shape.decode(json) {
    case .success(let document): return document
    case .failure(let faults):
      for fault in faults.list { Issue.record("\(fault.pointer): \(fault.code): \(fault.detail.en)") }
      throw faults
    }
  }

  private mutating func original() throws -> JSON {
    from = try #require(CivilDate("2023-12-20")).adding(days: number(0...300))
    to = chance(75) ? try from.adding(months: number(2...12)).adding(days: -1) : try from.adding(days: number(40...360))
    var paper: JSONObject = [
      "vocabulary": 1, "id": "random", "title": ["zh": "随机合同", "en": "A random contract"],
      "revision": ["kind": "original", "effectiveFrom": .string("\(from)"), "clause": "1", "says": ["zh": "原合同。", "en": "The original."]],
      "parties": parties, "paper": self.paper,
    ]
    paper["signing"] = cited("signing", ["effective": .string("\(from)"), "dates": [["at": "cover", "on": .string("\(from)")]]])
    paper["term"] = cited("term", ["from": .string("\(from)"), "to": .string("\(to)")])
    var total: JSONObject = ["amount": yuan(10_000...500_000_000)]
    if chance(30) { total["month"] = yuan(1_000...50_000_000) }
    paper["total"] = cited("total", total)
    paper["payments"] = .array(try payments())
    if chance(30) { paper["audit"] = cited("audit", [:]) }
    if chance(50) { paper["carryOver"] = cited("carry-over", [:]) }
    if chance(50) { paper["retention"] = cited("retention", ["release": deadline(of: ["serviceEnd", "accepted"])]) }
    if chance(50) { paper["holdOver"] = cited("hold-over", chance(50) ? ["monthly": yuan(1_000...50_000_000)] : ["sameTerms": true]) }
    paper["events"] = .array(["started", "scheduled", "done", "closing", "reported"].map { cited($0, ["recordedBy": "either"]) })
    paper["scores"] = [
      cited("quality", ["per": .string(pick(["month", "period"])), "subject": "team"]),
      cited("seats", ["per": .string(pick(["month", "period"])), "subject": "staff", "start": "100", "floor": "0"]),
    ]
    paper["grades"] = [
      cited(
        "praise",
        ["per": .string(pick(["month", "period"])), "scale": .array(Self.grades.map { ["grade": .string($0), "en": .string($0)] })])
    ]
    paper["incidents"] = .array(
      Self.incidents.map { id in
        id == "rude"
          ? cited(id, ["subject": "staff", "points": ["series": "seats", "take": "5", "upTo": "40"]]) : cited(id, ["subject": "party"])
      })
    paper["duties"] = .array(duties())
    var rules: [JSON] = []
    for index in 0..<number(4...12) { rules.append(rule("rule-\(index)", hasRetention: paper["retention"] != nil)) }
    paper["consequences"] = .array(rules)
    paper["caps"] = .array(caps(over: rules))
    return .object(paper)
  }

  private static let grades = ["甲", "乙", "丙", "丁"]
  private static let incidents = ["late", "loss", "leak", "rude", "walked-out"]

  // MARK: payments

  private mutating func payments() throws -> [JSON] {
    let days = to.days(since: from) + 1
    switch number(0...3) {
    case 0:
      // Instalments only; each takes up what lies before its day.
      let count = number(1...4)
      var untils = Set((0..<count - 1).map { _ in number(0...days) }).sorted()
      if untils.count < count - 1 { untils = Array(untils.prefix(untils.count)) }
      var list: [JSON] = []
      for (index, place) in untils.enumerated() {
        let day = try from.adding(days: place)
        list.append(instalment("part-\(index)", ["until": .string("\(day)")], fixed: day))
      }
      return list + [instalment("rest", [:], fixed: nil)]
    case 1: return [periodic("period")]
    case 2: return [instalment("advance", [:], fixed: from), periodic("period")]
    default: return [instalment("advance", [:], fixed: from), periodic("period"), instalment("rest", [:], fixed: nil)]
    }
  }

  private mutating func amount() -> JSON { chance(50) ? ["share": share(50), "of": "total"] : ["fixed": yuan(100...80_000_000)] }

  private mutating func instalment(_ id: String, _ more: JSONObject, fixed day: CivilDate?) -> JSON {
    var members = more
    members["amount"] = amount()
    if let day {
      if chance(80) { members["due"] = ["on": .string("\(day)"), "rolls": .bool(chance(50))] }
    } else if chance(80) {
      members["due"] = deadline(of: ["serviceEnd", "invoice", "accepted"])
    }
    members["needs"] = .array(some(["invoice", "accepted", "appraisalConfirmed"], 0...2))
    return cited(id, members)
  }

  private mutating func periodic(_ id: String) -> JSON {
    var every: JSONObject = chance(80) ? ["months": .integer(number(1...6))] : ["cycles": .integer(number(1...2))]
    every["align"] = .string(pick(["term", "term", "calendar"]))
    every["cut"] = .string(pick(["byDays", "byDays", "whole"]))
    var members: JSONObject = ["every": .object(every), "amount": amount()]
    if chance(80) { members["due"] = deadline(of: ["periodEnd", "invoice", "appraisalConfirmed"]) }
    members["needs"] = .array(some(["invoice", "appraisalConfirmed"], 0...2))
    return cited(id, members)
  }

  private mutating func span() -> JSON {
    switch number(0...3) {
    case 0: ["workingDays": .integer(number(1...20))]
    case 1: ["months": .integer(number(1...2))]
    default: ["days": .integer(number(1...45))]
    }
  }

  private mutating func deadline(of events: [String]) -> JSON {
    let after: JSON = ["after": .array(some(events, 1...2)), "within": span()]
    return switch number(0...4) {
    case 0: ["latest": [after, ["after": [.string(events[0])], "within": span()]]]
    case 1: ["earliest": [after, ["after": [.string(events[0])], "within": span()]]]
    default: after
    }
  }

  // MARK: duties

  private mutating func duties() -> [JSON] {
    [
      cited("finish", ["who": "vendor", "due": ["after": ["started"], "within": span()], "doneBy": ["done"]]),
      cited("deliver", ["who": "vendor", "due": ["agreed": "scheduled"], "doneBy": ["deliverablesSubmitted"]]),
      cited(
        "accept",
        [
          "who": "office", "due": ["after": ["deliverablesSubmitted"], "within": span()], "doneBy": ["accepted", "rejected"],
          "deems": "accepted",
        ]),
      cited(
        "report", ["who": "vendor", "every": chance(50) ? ["months": 1] : ["days": .integer(number(10...40))], "doneBy": ["reported"]]),
      cited("answer", ["who": "office", "due": ["on": .string("\(day())"), "rolls": .bool(chance(50))], "doneBy": ["closing"]]),
      cited(
        "announce", ["who": "office", "due": ["before": "serviceEnd", "by": ["days": .integer(number(5...30))]], "doneBy": ["closing"]]),
    ]
  }

  private mutating func day() -> CivilDate { (try? from.adding(days: number(0...max(0, to.days(since: from))))) ?? from }

  // MARK: consequences

  private struct Kind {
    let measure: JSON
    let bases: [String]
    var isOfIncidents = false
    var isOfNumbers = false
    var isOfGrades = false
    var isOfLateness = false
  }

  private mutating func kind() -> Kind {
    let plain = ["total", "annualFee", "periodFee", "monthFee", "paid", "unserved"]
    switch number(0...11) {
    case 0, 1:
      return Kind(
        measure: ["score": ["series": .string(pick(["quality", "seats"])), "over": .string(pick(["mean", "least", "sum", "each"]))]],
        bases: plain, isOfNumbers: true)
    case 2: return Kind(measure: ["grade": "praise"], bases: plain, isOfGrades: true)
    case 3, 4, 5: return Kind(measure: ["incidents": .array(some(Self.incidents, 1...3))], bases: plain + ["stake"], isOfIncidents: true)
    case 6: return Kind(measure: ["amounts": .array(some(["loss", "leak"], 1...2))], bases: ["stake"], isOfIncidents: true)
    case 7: return Kind(measure: ["daysLate": "payment"], bases: plain + ["overdue"], isOfNumbers: true, isOfLateness: true)
    case 8:
      return Kind(
        measure: ["daysLate": .string(pick(["finish", "deliver", "answer"]))], bases: plain, isOfNumbers: true, isOfLateness: true)
    case 9, 10: return Kind(measure: ["missed": .string(pick(["finish", "deliver", "report", "answer", "announce"]))], bases: plain)
    default: return Kind(measure: ["always": .string(pick(["payment", "payment", "contract"]))], bases: plain)
    }
  }

  private mutating func effect(of kind: Kind) -> JSON {
    chance(35) ? ["fixed": yuan(1...5_000_000)] : ["share": share(kind.isOfLateness ? 1 : 20), "of": .string(pick(kind.bases))]
  }

  private mutating func rate(of kind: Kind) -> JSON {
    if kind.isOfGrades {
      var table: JSONObject = [:]
      for (index, grade) in Self.grades.enumerated() {
        table[grade] = ["fixed": .string(Fen(Int64(number(0...2_000_000)) * (index > 1 ? -1 : 1)).yuan)]
      }
      return ["table": .object(table)]
    }
    if kind.isOfNumbers, chance(60) {
      if chance(50) {
        return [
          "steps": [
            pick(["below", "above"]): .string("\(number(5...95))"), "of": .string(pick(["1", "2.5", "10"])),
            "count": .string(pick(["whole", "proRata"])), "pays": effect(of: kind),
          ]
        ]
      }
      return [
        "bands": [["from": "90", "pays": effect(of: kind)], ["from": "60.5", "pays": effect(of: kind)], ["pays": effect(of: kind)]]
      ]
    }
    if kind.isOfIncidents, kind.measure["incidents"] != nil, chance(30) {
      let least = number(1...100_000)
      return [
        "range": [
          "from": ["fixed": .string(Fen(Int64(least)).yuan)], "to": ["fixed": .string(Fen(Int64(least + number(0...5_000_000))).yuan)],
          "setBy": "office",
        ]
      ]
    }
    return ["each": effect(of: kind)]
  }

  private mutating func limits(_ bases: [String], withFloor: Bool = true) -> JSON {
    func amount(_ generator: inout RandomContract) -> JSON {
      generator.chance(50)
        ? ["fixed": generator.yuan(1...20_000_000)] : ["share": generator.share(30), "of": .string(generator.pick(bases))]
    }
    return !withFloor || chance(70)
      ? ["atMost": amount(&self)] : ["atLeast": ["fixed": yuan(1...50_000)], "atMost": ["fixed": yuan(50_000...20_000_000)]]
  }

  private mutating func rule(_ id: String, hasRetention: Bool) -> JSON {
    let kind = kind()
    var members: JSONObject = ["measure": kind.measure]
    if kind.isOfNumbers, chance(40) { members["where"] = [pick(["below", "above"]): .string("\(number(1...90))")] }
    if kind.isOfGrades, chance(30) { members["where"] = ["grades": .array(some(Self.grades, 1...3))] }
    if chance(30) {
      let scope = JSON.string(pick(["payment", "contract"]))
      members["fires"] =
        switch number(0...2) {
        case 0: ["once": scope]
        case 1: ["from": .integer(number(2...3)), "per": scope]
        default: ["inARow": .integer(number(2...3))]
        }
    }
    if kind.isOfLateness, chance(50) { members["excusedBy"] = .array(some(["closing", "report", "started"], 1...2)) }
    if chance(12) {
      members["gives"] = [
        "to": .string(pick(kind.isOfIncidents ? ["office", "vendor", "either", "counterparty"] : ["office", "vendor", "either"])),
        "right": .string(pick(["terminate", "renegotiate", "withholdPayment"])),
      ]
      return cited(id, members)
    }
    var bounds: JSONObject = [:]
    if chance(25) { bounds["case"] = limits(kind.bases) }
    // A floor for either side at once could not be told from the other side's ceiling when it is checked.
    let debtor = pick(kind.isOfIncidents ? ["office", "vendor", "breaching"] : ["office", "vendor", "vendor"])
    if chance(25) { bounds["payment"] = limits(["total", "periodFee"], withFloor: debtor != "breaching") }
    if chance(25) { bounds["contract"] = limits(["total"], withFloor: debtor != "breaching") }
    let isInterest = kind.measure["daysLate"]?.string == "payment"
    let destinations =
      isInterest ? ["claim"] : ["thisPayment", "thisPayment", "thisPayment", "lastPayment", "claim"] + (hasRetention ? ["retention"] : [])
    members["pays"] = [
      "map": rate(of: kind), "owedBy": .string(debtor),
      "to": .string(pick(destinations)), "bounds": .object(bounds),
    ]
    return cited(id, members)
  }

  private mutating func caps(over rules: [JSON]) -> [JSON] {
    let paying = rules.filter { $0["pays"] != nil }.compactMap { $0["id"]?.string }
    guard !paying.isEmpty else { return [] }
    return (0..<number(0...3)).map { index in
      let scope = pick(["payment", "contract"])
      let bases = ["total", "annualFee", "monthFee"] + (scope == "payment" ? ["periodFee"] : [])
      return cited(
        "cap-\(index)",
        [
          "owedBy": .string(pick(["office", "vendor", "each"])), "over": .string(scope),
          "atMost": chance(40) ? ["fixed": yuan(0...20_000_000)] : ["share": share(20), "of": .string(pick(bases))],
          "rules": .array(some(paying, 1...paying.count)),
        ])
    }
  }

  // MARK: later papers

  /// The whole document as it is from some later day on, or nil where there is no room for it.
  private mutating func later(_ json: JSON, _ chain: [ContractDocument]) throws -> JSON? {
    let last = try #require(chain.last)
    if chance(20) { return try renewal(json, last) }
    let start = max(last.revision.effectiveFrom, last.terms.term.range.first)
    let room = last.terms.term.range.last.days(since: start)
    guard room > 2 else { return nil }
    var next = try head(json, "supplement", try start.adding(days: number(1...room)))
    for _ in 0..<number(1...4) { next = try changed(next, last) }
    return next
  }

  private func head(_ json: JSON, _ kind: String, _ day: CivilDate) throws -> JSON {
    try json.setting("/revision/kind", to: .string(kind)).setting("/revision/effectiveFrom", to: .string("\(day)"))
  }

  private mutating func changed(_ json: JSON, _ last: ContractDocument) throws -> JSON {
    let rules = json["consequences"]?.array ?? []
    let index = number(0...max(0, rules.count - 1))
    switch number(0...8) {
    case 0: return try json.setting("/payments/\(number(0...max(0, last.terms.payments.count - 1)))/amount", to: amount())
    case 1: return try json.setting("/total/amount", to: yuan(10_000...500_000_000))
    case 2 where !rules.isEmpty:
      let id = rules[index]["id"]?.string ?? ""
      return try json.setting("/consequences/\(index)", to: rule(id, hasRetention: json["retention"] != nil))
    case 3:
      return try json.setting(
        "/consequences/-", to: rule("rule-\(rules.count)-\(number(0...999_999))", hasRetention: json["retention"] != nil))
    case 4:
      let caps = json["caps"]?.array ?? []
      guard !caps.isEmpty else { return json }
      return try json.setting("/caps/\(number(0...caps.count - 1))/atMost", to: ["fixed": yuan(0...20_000_000)])
    case 5: return try json.setting("/duties/finish/due/within", to: span())
    case 6: return try json.setting("/term/to", to: .string("\(try last.terms.term.range.last.adding(days: number(-20...60)))"))
    case 7: return json["holdOver"]?["monthly"] == nil ? json : try json.setting("/holdOver/monthly", to: yuan(1_000...50_000_000))
    default:
      guard let place = json["payments"]?.array?.firstIndex(where: { $0["every"] != nil }) else { return json }
      return try json.setting("/payments/\(place)/every", to: ["months": .integer(number(1...4))])
    }
  }

  private mutating func renewal(_ json: JSON, _ last: ContractDocument) throws -> JSON? {
    let start = try last.terms.term.range.last.adding(days: chance(70) ? 1 : number(2...40))
    guard start > last.revision.effectiveFrom, let latest = CivilDate("2025-12-31"), start < latest else { return nil }
    (from, to) = (start, min(try start.adding(months: number(1...8)).adding(days: -1), latest))
    guard to >= from else { return nil }
    var next = try head(json, "renewal", start)
    next = try next.setting("/term/from", to: .string("\(from)")).setting("/term/to", to: .string("\(to)"))
    // A new term has new instalments; periods may go on under their name.
    var list: [JSON] = []
    for payment in try payments() {
      guard case .object(var members) = payment, let id = payment["id"]?.string else { continue }
      if payment["every"] == nil || chance(50) { members["id"] = .string("\(id)-\(start)") }
      list.append(.object(members))
    }
    return try next.setting("/payments", to: .array(list))
  }
}
