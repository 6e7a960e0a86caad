// SPDX-License-Identifier: Apache-2.0
import Base

/// What can be paid under a payment's name: what its statement pays, what the vendor may demand beside it, and what was paid so far.
package struct PaymentRoom: Sendable, Hashable {
  package let payable: Fen
  /// What the vendor may demand beside it by the same statement: interest on what came late, costs of an early end.
  package let claimed: Fen
  package let paid: Fen
  /// Whether the statement is confirmed; otherwise it is as far as what is on record today says.
  package let isConfirmed: Bool

  /// The most that can have been paid in all.
  package var limit: Fen { get throws(ArithmeticError) { try payable + claimed } }

  /// What is left to be paid; never negative.
  package var rest: Fen { get throws(ArithmeticError) { max(.zero, try limit - paid) } }

  /// That an amount is more than what is left, and how it is recorded where it was paid all the same.
  package func excess() throws(ArithmeticError) -> Fault {
    let rest = try self.rest.grouped
    let basis = isConfirmed ? Text(zh: "已确认的结算单", en: "the confirmed statement") : Text(zh: "现有记录", en: "what is on record")
    let beside =
      claimed > .zero
      ? Text(zh: "，另可主张 \(claimed.grouped) 元", en: " and \(claimed.grouped) yuan may be claimed beside it") : Text(zh: "", en: "")
    return Fault(
      pointer: "/amount", code: "exceeds-payable",
      detail: Text(
        zh:
          "按\(basis.zh)，本笔应付 \(payable.grouped) 元\(beside.zh)；已付 \(paid.grouped) 元，至多再付 \(rest) 元。确已多付的，写明 exceedsPayable，并在 note 中说明理由。",
        en:
          "By \(basis.en) \(payable.grouped) yuan are payable\(beside.en); \(paid.grouped) yuan are paid, so at most \(rest) yuan more. If more was paid, say exceedsPayable, and in note why."
      ))
  }
}

extension Settlement {
  /// How much can be paid under a payment's name.
  ///
  /// - Throws: `unknownPayment`.
  package func room(for payment: String) throws(SettlementError) -> PaymentRoom {
    let open = try self.open()
    let corrections = open.corrections.filter { $0.correction?.payment == payment }
    if let statement = open.statements.first(where: { $0.payment.id == payment }) {
      return PaymentRoom(
        payable: statement.payable, claimed: max(.zero, statement.claimed), paid: statement.paid, isConfirmed: false)
    }
    guard let standing = open.standing.first(where: { $0.payment.id == payment }) else {
      throw .unknownPayment(payment, known: schedule.payments.map(\.id))
    }
    do throws(ArithmeticError) {
      let own = try Fen.sum(confirmed.filter { $0.payment == payment }.flatMap(\.accounts).map(\.claims))
      let claimed = try own + Fen.sum(corrections.map(\.amount))
      return PaymentRoom(payable: standing.payable, claimed: max(.zero, claimed), paid: standing.paid, isConfirmed: true)
    } catch {
      throw .arithmetic(error)
    }
  }
}
