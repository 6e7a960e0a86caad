// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import FoundationEssentials

/// Decodes and settles many contracts: those of a deployment, each many times with other numbers and a life of its own.
struct SettlementBenchmark {
  struct Result {
    var contracts = 0
    var payments = 0
    var facts = 0
    var lines = 0
    var decoding = 0.0
    var settling = 0.0

    var json: JSON {
      [
        "contracts": .number("\(contracts)"), "payments": .number("\(payments)"), "facts": .number("\(facts)"),
        "lines": .number("\(lines)"), "decodingSeconds": .number("\(decoding)"), "settlingSeconds": .number("\(settling)"),
        "seconds": .number("\(decoding + settling)"),
      ]
    }
  }

  private let documents: [JSON]
  private let calendar: WorkingCalendar
  private let packs: RulePacks

  /// - Parameter directory: with `tenants`, `calendars` and `rule-packs` below it.
  init(directory: String) throws {
    documents = try Benchmarks.files(directory + "/tenants", ending: "/original.json").map { try JSON.parse($0.bytes) }
    calendar = try WorkingCalendar(
      Benchmarks.files(directory + "/calendars", ending: ".json").map { try CalendarYear.shape.decode(bytes: $0.bytes).get() })
    packs = RulePacks(
      try Benchmarks.files(directory + "/rule-packs", ending: ".json").map { try RulePack.shape.decode(bytes: $0.bytes).get() })
    guard !documents.isEmpty else { throw CocoaError(.fileNoSuchFile) }
  }

  /// Settles every payment that each of so many contracts foresees; only decoding and settling are timed.
  func run(contracts count: Int) throws -> Result {
    var result = Result()
    for number in 0..<count {
      let bytes = documents[number % documents.count].scaledAmounts(by: 1000 + number / documents.count, over: 1000).canonical
      let (contract, decoding) = try Benchmarks.timed { try Contract([ContractDocument.shape.decode(bytes: bytes).get()]) }
      let life = try InventedLife(of: contract, packs: packs, seed: number)
      let (statements, settling) = try Benchmarks.timed {
        try Settlement(contract, facts: life.facts, calendar: calendar, packs: packs, asOf: life.asOf).statements()
      }
      result.contracts += 1
      result.payments += statements.count
      result.facts += life.facts.count
      result.lines += statements.reduce(0) { $0 + $1.lines.count + $1.claims.count }
      result.decoding += decoding
      result.settling += settling
    }
    return result
  }
}

extension SettlementBenchmark {
  /// Settles each of the deployment's contracts with so many incidents, and says how long the slowest of them took.
  func run(incidents count: Int) throws -> JSON {
    var (slowest, contracts) = (0.0, 0)
    for document in documents {
      let contract = try Contract([ContractDocument.shape.decode(bytes: document.canonical).get()])
      let kinds = contract.latest.appraisal.incidents.count { $0.subject != .party }
      guard kinds > 0 else { continue }
      let life = try InventedLife(of: contract, packs: packs, seed: contracts, incidents: (count + kinds - 1) / kinds)
      let (statements, seconds) = try Benchmarks.timed {
        try Settlement(contract, facts: life.facts, calendar: calendar, packs: packs, asOf: life.asOf).statements()
      }
      guard !statements.isEmpty else { continue }
      contracts += 1
      slowest = max(slowest, seconds)
    }
    return ["contracts": .number("\(contracts)"), "incidents": .number("\(count)"), "seconds": .number("\(slowest)")]
  }
}

extension JSON {
  /// The same document with every amount in yuan changed, rounded to the fen.
  fileprivate func scaledAmounts(by factor: Int, over divisor: Int) -> JSON {
    switch self {
    case .null, .bool, .number: return self
    case .string(let text):
      // An amount has two decimals; nothing else in a contract is written so.
      let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      guard parts.count == 2, parts[1].count == 2, let fen = Fen(yuan: text) else { return self }
      return .string(Fen(fen.count * Int64(factor) / Int64(divisor)).yuan)
    case .array(let elements): return .array(elements.map { $0.scaledAmounts(by: factor, over: divisor) })
    case .object(let object):
      var changed = JSONObject()
      for member in object.members { changed[member.name] = member.value.scaledAmounts(by: factor, over: divisor) }
      return .object(changed)
    }
  }
}
