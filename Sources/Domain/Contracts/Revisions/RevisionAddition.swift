// SPDX-License-Identifier: Apache-2.0
import Base

/// A further paper on its way into a contract's chain.
package struct RevisionAddition: Sendable {
  package let document: ContractDocument
  /// The chain with it.
  package let contract: Contract

  /// - Throws: everything that speaks against the paper as the next of the chain; pointers are into it.
  package init(_ document: ContractDocument, to chain: Contract) throws(Faults) {
    self.document = document
    var faults: [Fault] = []
    if document.id != chain.id {
      faults.append(
        Fault(
          pointer: "/id", code: "wrong-place",
          detail: Text(zh: "标识须与合同“\(chain.id)”一致。", en: "The name must be that of the contract, “\(chain.id)”.")))
    }
    if document.revision.kind == .original {
      faults.append(
        Fault(pointer: "/revision/kind", code: Contract.ChainError.badOriginal.code, detail: Contract.ChainError.badOriginal.text))
    }
    let last = chain.latest.revision.effectiveFrom
    if document.revision.effectiveFrom <= last {
      faults.append(
        .range(
          "/revision/effectiveFrom", zh: "须晚于已有最后一份文本的生效日 \(last)：已适用的文本不再改变。",
          en: "This must be later than the last paper's date, \(last): what governs already is not changed."))
    }
    guard faults.isEmpty else { throw Faults(faults) }
    do throws(Contract.ChainError) {
      contract = try Contract(chain.revisions + [document])
    } catch {
      throw Faults([Fault(code: error.code, detail: error.text)])
    }
    let added = contract.revisions.count - 1
    faults = contract.paperFaults().filter { $0.revision == added }.map(\.fault)
    guard faults.isEmpty else { throw Faults(faults) }
  }

  /// What would rewrite history: a payment that was paid, or whose statement was confirmed, would come to something else than it did.
  ///
  /// - Parameters:
  ///   - chain: the papers without it.
  ///   - facts: what is on record.
  ///   - confirmed: the payments whose statements were confirmed.
  ///   - asOf: the day of the judgement.
  package func rewritings(
    of chain: Contract, facts: [Fact], confirmed: Set<String>, calendar: WorkingCalendar, packs: RulePacks, asOf: CivilDate
  ) throws(SettlementError) -> [Fault] {
    let paid = Set(facts.compactMap { if case .payment(let payment, _) = $0.body { payment } else { nil } })
    let settled = paid.union(confirmed)
    guard !settled.isEmpty else { return [] }
    let before = try Settlement(chain, facts: facts, calendar: calendar, packs: packs, asOf: asOf).statements()
    let after = try Settlement(contract, facts: facts, calendar: calendar, packs: packs, asOf: asOf).statements()
    return before.filter { settled.contains($0.payment.id) }.compactMap { old in
      let new = after.first { $0.payment.id == old.payment.id }
      if let new, new.payable == old.payable, new.outline == old.outline { return nil }
      let amounts = (old.payable.grouped, new?.payable.grouped ?? "—")
      return Fault(
        pointer: "/revision/effectiveFrom", code: "rewrites-history",
        detail: Text(
          zh:
            "付款“\(old.payment.id)”\(confirmed.contains(old.payment.id) ? "的结算单已确认" : "已付")；按本文本其结算将改变（应付 \(amounts.0) 元 → \(amounts.1) 元）。请推迟生效日。",
          en:
            "\(confirmed.contains(old.payment.id) ? "The statement of “\(old.payment.id)” was confirmed" : "“\(old.payment.id)” has been paid"), and this paper would change it (payable \(amounts.0) → \(amounts.1) yuan). Take a later date."
        ))
    }
  }
}

extension SettlementStatement {
  /// What its lines and claims come to, without the words.
  fileprivate var outline: [String] { (lines + claims).map { "\($0.kind) \($0.rule) \($0.amount)" }.sorted() }
}
