// SPDX-License-Identifier: Apache-2.0
import Base

extension Settlement {
  /// The limits on some lines that cannot be kept, because what they are a share of is not known: the statement waits for it, and does not
  /// pass them over in silence.
  ///
  /// - Parameter context: of the payment that the lines belong to.
  func unpriced(limitsOf lines: [Line], _ context: PriceContext) throws(ArithmeticError) -> [Pending] {
    let charges = lines.filter { $0.kind == .charge }
    var pending: [Pending] = []
    for cap in contract.revisions[context.revision].appraisal.caps where charges.contains(where: { cap.rules.contains($0.rule) }) {
      if let basis = try unpriced(cap.atMost, context) { pending.append(Self.waiting(cap.id, basis)) }
    }
    for line in charges {
      guard let bounds = contract.revisions[line.revision].appraisal.consequences.first(where: { $0.id == line.rule })?.charge?.bounds
      else {
        continue
      }
      var own = context
      own.revision = line.revision
      for limits in [bounds.perCase, bounds.perPayment, bounds.perContract] {
        for amount in [limits?.atLeast, limits?.atMost] {
          guard let amount, let basis = try unpriced(amount, own) else { continue }
          pending.append(Self.waiting(line.rule, basis))
        }
      }
    }
    return pending
  }

  /// What an amount is a share of, where that hangs on the papers alone and they do not say it.
  private func unpriced(_ amount: Amount, _ context: PriceContext) throws(ArithmeticError) -> Basis? {
    guard case .share(_, let basis) = amount, basis == .annualFee || basis == .monthFee,
      try fees.price(amount, of: nil, in: context) == nil
    else { return nil }
    return basis
  }

  private static func waiting(_ rule: String, _ basis: Basis) -> Pending {
    Pending(
      "basis-missing", rule: rule, zh: "“\(rule)”的限额以\(basis.name.zh)为基数，而合同没有载明，未能适用。",
      en: "The limit of “\(rule)” is a share of \(basis.name.en), which the contract does not say; it was not applied.")
  }
}
