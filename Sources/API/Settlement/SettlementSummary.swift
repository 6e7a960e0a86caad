// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Store

/// What a payment comes to, in short.
struct SettlementSummary {
  let payment: String
  private let name: Text
  let payable: Fen
  private let due: SettlementStatement.Due
  let paid: Fen
  private let isDefinitive: Bool

  /// Every payment that the contract foresees, in the order of its plan, behind those that it foresees no more and that were confirmed.
  static func all(_ dossier: Dossier, _ settlement: Settlement) throws -> [SettlementSummary] {
    let open = try settlement.open()
    let gone = dossier.confirmed.filter { settlement.isConfirmed($0.payment) && settlement.schedule[$0.payment] == nil }
    let planned = settlement.schedule.payments.compactMap { payment -> SettlementSummary? in
      if let standing = open.standing.first(where: { $0.payment.id == payment.id }) {
        return SettlementSummary(
          payment: payment.id, name: payment.name, payable: standing.payable, due: standing.due, paid: standing.paid, isDefinitive: true)
      }
      return open.statements.first { $0.payment.id == payment.id }.map { draft in
        SettlementSummary(
          payment: payment.id, name: payment.name, payable: draft.payable, due: draft.due, paid: draft.paid,
          isDefinitive: draft.isDefinitive)
      }
    }
    return try gone.map { try SettlementSummary(gone: $0, dossier.facts) } + planned
  }

  private init(payment: String, name: Text, payable: Fen, due: SettlementStatement.Due, paid: Fen, isDefinitive: Bool) {
    (self.payment, self.name, self.payable, self.due, self.paid, self.isDefinitive) = (payment, name, payable, due, paid, isDefinitive)
  }

  /// A confirmed statement of a payment that is foreseen no more, as when the service ended early.
  private init(gone statement: ConfirmedStatement, _ facts: [Fact]) throws {
    let paid = facts.compactMap { fact in if case .payment(statement.payment, let amount) = fact.body { amount } else { nil } }
    self.init(
      payment: statement.payment, name: statement.accounts[0].name, payable: statement.payable,
      due: .unknown(Text(zh: "合同不再有此笔付款。", en: "The contract foresees this payment no more.")), paid: try Fen.sum(paid), isDefinitive: true)
  }

  func write(state: SettlementLife.State, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("payment")
    writer.string(payment)
    writer.key("name")
    writer.text(name)
    writer.key("payable")
    writer.fen(payable)
    writer.key("due")
    due.write(to: &writer)
    writer.key("paid")
    writer.fen(paid)
    writer.key("definitive")
    writer.bool(isDefinitive)
    writer.key("state")
    writer.string(state.rawValue)
    writer.endObject()
  }
}
