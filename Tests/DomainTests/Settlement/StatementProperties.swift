// SPDX-License-Identifier: Apache-2.0
import Base
import Testing

@testable import Domain

/// What holds for the statements of any contract under any facts.
struct StatementProperties {
  let contract: Contract
  let statements: [SettlementStatement]
  /// The contract and the seed, for whoever has to find it again.
  let said: Comment

  func check() throws {
    try checkSums()
    try checkCaps()
    try checkBounds()
    checkRevisions()
    try checkUnits()
  }

  /// Lines sum to what is payable, each rounds once, nothing payable is negative, and nothing that is carried over is lost.
  func checkSums() throws {
    var carried = Fen.zero
    var withoutCarry = Fen.zero
    for statement in statements {
      #expect(try Fen.sum(statement.lines.map(\.amount)) == statement.payable, said)
      #expect(!statement.payable.isNegative, said)
      for line in statement.lines + statement.claims { #expect(try line.unrounded.rounded() == line.amount, said) }
      let carriedIn = try Fen.sum(statement.lines.filter { $0.kind == .carryIn }.map(\.amount)).negated()
      #expect(carriedIn == carried, said)
      #expect(statement.lines.first?.kind == .carryIn || carried == .zero, said)
      carried = statement.carriedOut
      withoutCarry = try withoutCarry + Fen.sum(statement.lines.filter { $0.kind != .carryIn && $0.kind != .carryOut }.map(\.amount))
      #expect(statement.isDefinitive == statement.pending.isEmpty)
    }
    let remainder = try Fen.sum(statements.flatMap(\.claims).filter { $0.kind == .remainder }.map(\.amount))
    #expect(try remainder == carried.negated(), said)
    #expect(try Fen.sum(statements.map(\.payable)) == withoutCarry - remainder, said)
    let releases = statements.contains { if case .release = $0.payment.source { true } else { false } }
    #expect(!releases || statements.last?.retained == .zero, said)
  }

  /// Each statement can be written for people and for machines.
  func checkWords() {
    for statement in statements {
      for language in Language.allCases { #expect(!statement.rendered(in: language).isEmpty, said) }
      var writer = JSONWriter()
      statement.write(to: &writer)
      #expect(throws: Never.self) { try JSON.parse(writer.bytes) }
    }
  }

  // MARK: caps

  private func rule(_ line: Line) -> Consequence? { contract.revisions[line.revision].appraisal.consequences.first { $0.id == line.rule } }

  /// The side whose account a line of a rule stands on: a bound that takes away stands on the account of whom it relieves.
  private func debtor(_ line: Line) -> Party? {
    switch rule(line)?.charge?.owedBy {
    case .office: .office
    case .vendor: .vendor
    case .breaching: line.kind == .bound ? line.owedBy?.counterparty : line.owedBy
    case nil: nil
    }
  }

  private func price(_ amount: Amount, _ revision: Int, _ statement: SettlementStatement?) throws -> ExactAmount? {
    let fee = try Fen.sum((statement?.lines ?? []).filter { $0.kind == .fee || $0.kind == .audit }.filter { $0.kind == .fee }.map(\.amount))
    let context = PriceContext(revision: revision, periodFee: ExactAmount(fee), paid: .zero, unserved: nil)
    return try FeeBook(contract).price(amount, of: nil, in: context)?.amount
  }

  /// What each side owes under a cap's rules, less what this and other caps took off, is within the most that the cap ever was.
  func checkCaps() throws {
    for name in Set(contract.revisions.flatMap { $0.appraisal.caps.map(\.id) }) {
      func cap(_ statement: SettlementStatement) -> Cap? {
        contract.revisions[statement.payment.revision].appraisal.caps.first { $0.id == name }
      }
      let capped = statements.filter { cap($0) != nil }
      guard let first = capped.first, let scope = cap(first)?.scope else { continue }
      for group in scope == .contract ? [capped] : capped.map({ [$0] }) {
        for party in Party.allCases {
          var owed = Fen.zero
          var most: ExactAmount?
          for statement in group {
            guard let cap = cap(statement), cap.owedBy == .each || cap.owedBy.rawValue == party.rawValue else { continue }
            guard let price = try price(cap.atMost, statement.payment.revision, statement) else {
              // A cap whose basis nobody knows is waited for.
              let isAsked = (statement.lines + statement.claims).contains { $0.kind == .charge && cap.rules.contains($0.rule) }
              #expect(!isAsked || statement.pending.contains { $0.code == "basis-missing" && $0.rule == name }, said)
              continue
            }
            let caps = contract.revisions[statement.payment.revision].appraisal.caps
            let related = caps.filter { !Set($0.rules).isDisjoint(with: cap.rules) }.map(\.id)
            for section in [statement.lines, statement.claims] {
              owed = try owed + charged(section, under: cap, party)
              for line in section where line.kind == .cap && related.contains(line.rule) && line.owedBy == party.counterparty {
                owed = try owed + (party == .vendor ? line.amount.negated() : line.amount)
              }
            }
            most = max(most ?? price, price)
          }
          if let most { #expect(ExactAmount(owed) <= most, "\(said.rawValue): \(name) of \(party)") }
        }
      }
    }
  }

  /// What a side owes under a cap's rules before the cap: its own lines, or, where a bound changed a rule's, what they leave together.
  private func charged(_ lines: [Line], under cap: Cap, _ party: Party) throws -> Fen {
    struct Key: Hashable {
      let rule: String
      let revision: Int
    }
    let charges = lines.filter { ($0.kind == .charge || $0.kind == .bound) && cap.rules.contains($0.rule) }
    var owed = Fen.zero
    for (_, group) in Dictionary(grouping: charges, by: { Key(rule: $0.rule, revision: $0.revision) }) {
      let isOfEither = group.first.flatMap { rule($0) }?.charge?.owedBy == .breaching
      let own = isOfEither ? group.filter { debtor($0) == party } : group
      let amounts = try own.map { party == .vendor ? try $0.amount.negated() : $0.amount }
      if own.contains(where: { $0.kind == .bound }) {
        owed = try owed + max(.zero, Fen.sum(amounts))
      } else {
        owed = try owed + Fen.sum(amounts.filter { $0 > .zero })
      }
    }
    return owed
  }

  /// What a rule comes to within a payment and over the contract is within its own ceilings.
  func checkBounds() throws {
    let names = Set(contract.revisions.flatMap { $0.appraisal.consequences.map(\.id) })
    for name in names {
      for party in Party.allCases {
        try checkBounds(of: name, party, over: [statements]) { $0.perContract }
        // A floor over the contract goes before the ceiling of a short payment.
        try checkBounds(of: name, party, over: statements.map { [$0] }) { $0.perContract?.atLeast == nil ? $0.perPayment : nil }
      }
    }
  }

  private func checkBounds(
    of name: String, _ party: Party, over groups: [[SettlementStatement]], _ limits: (Bounds) -> Bounds.Limits?
  ) throws {
    for group in groups {
      var owed = Fen.zero
      var most: ExactAmount? = .zero
      for statement in group {
        for line in statement.lines + statement.claims where line.rule == name && (line.kind == .charge || line.kind == .bound) {
          guard debtor(line) == party, let charge = rule(line)?.charge else { continue }
          owed = try owed + (party == .vendor ? line.amount.negated() : line.amount)
          let limit = try limits(charge.bounds)?.atMost.flatMap { try price($0, line.revision, statement) }
          most = if let known = most, let limit { max(known, limit) } else { nil }
        }
      }
      if let most { #expect(ExactAmount(owed) <= most, "\(said.rawValue): \(name) of \(party)") }
    }
  }

  // MARK: revisions and rounding

  /// Each line is computed by the paper that governs its day.
  func checkRevisions() {
    for line in statements.flatMap({ $0.lines + $0.claims }) where line.kind == .charge {
      #expect(contract.revisionIndex(on: line.day) == line.revision, "\(said.rawValue): \(line.rule) on \(line.day)")
    }
    for statement in statements where statement.payment.period != nil {
      for line in statement.lines where line.kind == .fee {
        #expect(contract.revisionIndex(on: line.day) == line.revision, "\(said.rawValue): \(line.rule) on \(line.day)")
      }
    }
  }

  /// A line with a price for each and nothing else about it is that price times its number, rounded at the end alone.
  func checkUnits() throws {
    for line in statements.flatMap({ $0.lines + $0.claims }) where line.kind == .charge {
      guard let rule = rule(line), let charge = rule.charge, case .each(let amount) = charge.tariff, charge.bounds.perCase == nil,
        rule.firing == .each, case .incidents = rule.measure, let count = line.quantity
      else { continue }
      switch amount {
      case .fixed, .share(_, of: .total), .share(_, of: .annualFee), .share(_, of: .monthFee):
        let unit = try #require(try price(amount, line.revision, nil))
        let whole = try unit * count
        #expect(line.unrounded == (line.owedBy == .vendor ? -whole : whole) || whole == .zero, "\(said.rawValue): \(line.rule)")
      default: continue
      }
    }
  }
}
