// SPDX-License-Identifier: Apache-2.0
import Base

/// What a confirmed statement leaves to those after it: what it paid, what it carried over, and how much of each payment is taken in by it.
///
/// It never changes. What is recorded or voided later is the difference between the accounts of all confirmed statements and a settlement
/// of the facts as they are now: a correction in the next statement.
package struct ConfirmedStatement: Sendable, Hashable {
  /// How much of one payment is taken in: of the statement's own, or of an earlier one that it corrects.
  package struct Account: Sendable, Hashable {
    package let payment: String
    package let name: Text
    /// The sum of its lines, without what is carried from payment to payment.
    package let lines: Fen
    package let claims: Fen
    /// The facts that those lines cite.
    package let facts: [UUIDv7]

    package init(payment: String, name: Text, lines: Fen, claims: Fen, facts: [UUIDv7]) {
      (self.payment, self.name, self.lines, self.claims, self.facts) = (payment, name, lines, claims, facts)
    }
  }

  package let payment: String
  package let asOf: CivilDate
  package let payable: Fen
  package let carriedOut: Fen
  /// Its own account first, then those of the payments that it corrects.
  package let accounts: [Account]

  package init(payment: String, asOf: CivilDate, payable: Fen, carriedOut: Fen, accounts: [Account]) {
    (self.payment, self.asOf, self.payable, self.carriedOut, self.accounts) = (payment, asOf, payable, carriedOut, accounts)
  }

  /// How much more it carries out than it carried in: what it adds to the vendor's debt, below zero where it takes some in.
  ///
  /// A statement that was confirmed out of the plan's order has taken in what one before it carried out; nobody else may.
  var leftOwing: Fen {
    get throws(ArithmeticError) { try payable - Fen.sum(accounts.map(\.lines)) }
  }

  /// What a line is, as far as it matters to later statements.
  private struct Entry {
    let kind: Line.Kind
    let amount: Fen
    let facts: [UUIDv7]
    let correction: Line.Correction?
  }

  /// What a statement would leave, were it confirmed.
  package init(_ statement: SettlementStatement) throws(ArithmeticError) {
    func entries(_ lines: [Line]) -> [Entry] {
      lines.map { Entry(kind: $0.kind, amount: $0.amount, facts: $0.facts, correction: $0.correction) }
    }
    self.init(
      payment: statement.payment.id, asOf: statement.asOf, payable: statement.payable, carriedOut: statement.carriedOut,
      accounts: try Self.accounts(statement.payment.id, statement.payment.name, entries(statement.lines), entries(statement.claims)))
  }

  /// What a statement's JSON says it leaves; nil for JSON that is none of a statement.
  package init?(statement: JSON) {
    func fen(_ json: JSON?) -> Fen? { json?["fen"]?.integer.map { Fen($0) } }
    func text(_ json: JSON?) -> Text? { json.flatMap { try? Text.shape.decode($0).get() } }
    func entries(_ lines: JSON?) -> [Entry]? {
      guard let lines = lines?.array else { return nil }
      let entries = lines.compactMap { line -> Entry? in
        guard let kind = line["kind"]?.string.flatMap(Line.Kind.init), let amount = fen(line["amount"]), let facts = line["facts"]?.array
        else { return nil }
        let correction = line["corrects"].flatMap { json in
          json["payment"]?.string.flatMap { payment in text(json["name"]).map { Line.Correction(payment: payment, name: $0) } }
        }
        return Entry(kind: kind, amount: amount, facts: facts.compactMap { $0.string.flatMap { UUIDv7($0) } }, correction: correction)
      }
      return entries.count == lines.count ? entries : nil
    }
    guard let payment = statement.value(at: "/payment/id")?.string, let name = text(statement.value(at: "/payment/name")),
      let asOf = statement["asOf"]?.string.flatMap({ CivilDate($0) }), let payable = fen(statement["payable"]),
      let carriedOut = fen(statement["carriedOut"]), let lines = entries(statement["lines"]), let claims = entries(statement["claims"]),
      let accounts = try? Self.accounts(payment, name, lines, claims)
    else { return nil }
    self.init(payment: payment, asOf: asOf, payable: payable, carriedOut: carriedOut, accounts: accounts)
  }

  private static func accounts(
    _ payment: String, _ name: Text, _ lines: [Entry], _ claims: [Entry]
  ) throws(ArithmeticError) -> [Account] {
    let own = lines.filter { ![.carryIn, .carryOut, .correction].contains($0.kind) }
    let ownClaims = claims.filter { $0.kind != .correction }
    var accounts = [
      Account(
        payment: payment, name: name, lines: try Fen.sum(own.map(\.amount)), claims: try Fen.sum(ownClaims.map(\.amount)),
        facts: (own + ownClaims).flatMap(\.facts).sortedOnce)
    ]
    var corrected: [Line.Correction] = []
    for entry in lines + claims {
      if let correction = entry.correction, !corrected.contains(correction) { corrected.append(correction) }
    }
    for correction in corrected {
      let lines = lines.filter { $0.correction == correction }
      let claims = claims.filter { $0.correction == correction }
      accounts.append(
        Account(
          payment: correction.payment, name: correction.name, lines: try Fen.sum(lines.map(\.amount)),
          claims: try Fen.sum(claims.map(\.amount)), facts: (lines + claims).flatMap(\.facts).sortedOnce))
    }
    return accounts
  }
}

extension Sequence where Element == UUIDv7 {
  /// Each once, in order.
  var sortedOnce: [UUIDv7] { Set(self).sorted() }
}

// MARK: JSON

extension ConfirmedStatement.Account {
  package static let shape: Shape<Self> = .object(
    Field("payment", .string(minLength: 1, maxLength: 200)), Field("name", Text.shape), Field("lines", .fen), Field("claims", .fen),
    Field("facts", .array(of: .uuid, max: 1_000_000))
  ) { Self(payment: $0, name: $1, lines: $2, claims: $3, facts: $4) }

  package func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("payment")
    writer.string(payment)
    writer.key("name")
    writer.text(name)
    writer.key("lines")
    writer.string(lines.yuan)
    writer.key("claims")
    writer.string(claims.yuan)
    writer.key("facts")
    writer.identities(facts)
    writer.endObject()
  }
}

extension ConfirmedStatement {
  package static let shape: Shape<Self> = .object(
    Field("payment", .string(minLength: 1, maxLength: 200)), Field("asOf", .date), Field("payable", .fen), Field("carriedOut", .fen),
    Field("accounts", .array(of: Account.shape, min: 1, max: 10_000))
  ) { Self(payment: $0, asOf: $1, payable: $2, carriedOut: $3, accounts: $4) }

  package func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("payment")
    writer.string(payment)
    writer.key("asOf")
    writer.date(asOf)
    writer.key("payable")
    writer.string(payable.yuan)
    writer.key("carriedOut")
    writer.string(carriedOut.yuan)
    writer.key("accounts")
    writer.beginArray()
    for account in accounts { account.write(to: &writer) }
    writer.endArray()
    writer.endObject()
  }
}
