// SPDX-License-Identifier: Apache-2.0
import Base

extension ContractDocument {
  /// Whether what a rule takes is withheld rather than lost.
  func withholds(_ rule: String) -> Bool {
    appraisal.consequences.contains { $0.id == rule && $0.charge?.destination == .retention }
  }
}

extension Contract {
  /// The part of the price that days of service earn: for each paper's days the part they have of the stretch that its price is for.
  func earned(in served: DateRange?) throws(ArithmeticError) -> ExactAmount {
    guard let served else { return .zero }
    var earned = ExactAmount.zero
    for stretch in stretches {
      for index in stretch.papers {
        // The first paper governs what lies before it too.
        let first = index == stretch.papers.lowerBound ? stretch.term.first : revisions[index].revision.effectiveFrom
        let last =
          index + 1 < stretch.papers.upperBound ? revisions[index + 1].revision.effectiveFrom.dayBefore ?? first : stretch.term.last
        guard let days = DateRange(max(first, stretch.term.first), through: last).flatMap({ served.intersection($0) }) else { continue }
        let part = try Rational(Int128(days.days), over: Int128(stretch.term.days))
        earned = try earned + revisions[index].terms.total.amount * part
      }
    }
    return earned
  }
}

extension Schedule {
  /// The payments of the stretch that one belongs to.
  func payments(besides payment: ScheduledPayment, of contract: Contract) -> [ScheduledPayment] {
    let place = contract.stretchIndex(of: payment.revision)
    return payments.filter { contract.stretchIndex(of: $0.revision) == place }
  }

  /// The last payment of the whole plan, where the audit's price is compared with all fees.
  var lastOfPlan: String? { payments.last { $0.isLast }?.id }

  /// Whether the term of a payment ended early.
  func isCut(_ payment: ScheduledPayment, in contract: Contract) -> Bool {
    end(of: payment, in: contract) < contract.stretches[contract.stretchIndex(of: payment.revision)].term.last
  }
}
