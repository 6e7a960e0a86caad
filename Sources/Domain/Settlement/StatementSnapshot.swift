// SPDX-License-Identifier: Apache-2.0
import Base

/// A statement as it was confirmed, with all that it was computed from: from the inputs alone the statement can be made again, byte for byte.
package struct StatementSnapshot: Sendable, Hashable {
  /// The version of this form and of the computation; one that changes what old inputs give gets another number. One that only says it in
  /// other words is another `FormulaWording`.
  package static let format = 1

  /// A stored document that was used, by its number and the SHA-256 of its canonical form.
  package struct Document: Sendable, Hashable {
    /// A contract's paper has the contract's name, a rule pack its code.
    package let name: String
    package let revision: Int
    /// In hexadecimal digits.
    package let sha256: String

    package init(name: String, revision: Int, sha256: String) {
      (self.name, self.revision, self.sha256) = (name, revision, sha256)
    }
  }

  /// A year of the working calendar as it was known, whole: a later notice may amend it.
  package struct Year: Sendable, Hashable {
    package let year: CalendarYear
    /// Of the file that it was loaded from.
    package let sha256: String

    package init(year: CalendarYear, sha256: String) { (self.year, self.sha256) = (year, sha256) }
  }

  /// What a statement is computed from.
  package struct Inputs: Sendable, Hashable {
    /// In the order in which they count.
    package let facts: [Fact]
    package let papers: [Document]
    package let calendar: [Year]
    package let packs: [Document]
    /// The statements that were confirmed before.
    package let confirmed: [ConfirmedStatement]

    package init(facts: [Fact], papers: [Document], calendar: [Year], packs: [Document], confirmed: [ConfirmedStatement]) {
      self.facts = facts.sorted()
      (self.papers, self.calendar, self.packs, self.confirmed) = (papers, calendar, packs, confirmed)
    }

    /// The same with other facts in the place of these.
    package func with(_ facts: [Fact]) -> Inputs {
      Inputs(facts: facts, papers: papers, calendar: calendar, packs: packs, confirmed: confirmed)
    }
  }

  package let contract: String
  package let payment: String
  package let asOf: CivilDate
  package let inputs: Inputs
  /// The statement's JSON.
  package let statement: JSON

  /// Settles a payment and keeps what that took.
  ///
  /// - Parameters:
  ///   - contract: the papers that the inputs name.
  ///   - packs: the rule packs that they name.
  /// - Throws: as `Settlement`; `CalendarError` for years that leave a gap.
  package static func make(
    of payment: String, _ contract: Contract, _ inputs: Inputs, packs: RulePacks, asOf day: CivilDate,
    wording: FormulaWording = .current
  ) throws -> (snapshot: StatementSnapshot, statement: SettlementStatement) {
    let calendar = try WorkingCalendar(inputs.calendar.map(\.year))
    // What is dated later cannot count; it is no input.
    let inputs = inputs.with(inputs.facts.filter { $0.on <= day })
    let settlement = try Settlement(
      contract, facts: inputs.facts, calendar: calendar, packs: packs, asOf: day, confirmed: inputs.confirmed,
      wording: wording)
    let statement = try settlement.statement(of: payment)
    return (
      StatementSnapshot(contract: contract.id, payment: payment, asOf: day, inputs: inputs, statement: statement.json), statement
    )
  }

  /// Settles again what this one says it was computed from, perhaps with the facts as they are read from the record; in the words of its
  /// time, where it is the same.
  package func replayed(_ contract: Contract, packs: RulePacks, facts: [Fact]? = nil) throws -> (
    snapshot: StatementSnapshot, statement: SettlementStatement
  ) {
    let inputs = facts.map(inputs.with) ?? inputs
    let again = try Self.make(of: payment, contract, inputs, packs: packs, asOf: asOf)
    if again.snapshot.statementBytes == statementBytes { return again }
    for wording in FormulaWording.earlier {
      let worded = try Self.make(of: payment, contract, inputs, packs: packs, asOf: asOf, wording: wording)
      if worded.snapshot.statementBytes == statementBytes { return worded }
    }
    return again
  }

  /// What is kept and hashed: one byte sequence for one meaning.
  package var bytes: [UInt8] { json.canonical }

  /// The statement alone, in the same form: what people agree to.
  package var statementBytes: [UInt8] { statement.canonical }
}

extension SettlementStatement {
  /// The whole statement, as `write(to:)` writes it.
  package var json: JSON {
    var writer = JSONWriter(capacity: 8192)
    write(to: &writer)
    // What we have written is JSON.
    return (try? JSON.parse(writer.bytes)) ?? .null
  }
}
