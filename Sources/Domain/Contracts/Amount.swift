// SPDX-License-Identifier: Apache-2.0
import Base

/// A sum as a contract names it: a fixed one, or a share of something.
package enum Amount: Sendable, Hashable {
  case fixed(Fen)
  case share(Share, of: Basis)
}

/// What a share is taken of.
package enum Basis: String, Sendable, Hashable, CaseIterable {
  /// The whole price of the contract.
  case total
  /// The price of twelve months.
  case annualFee
  /// The fee of the period that is being paid.
  case periodFee
  /// The price of one month.
  case monthFee
  /// The part of a payment that is late.
  case overdue
  /// The amount that an incident carries: a loss, a cost.
  case stake
  /// What has been paid so far.
  case paid
  /// What was paid for the time after an early end.
  case unserved

  package var name: Text {
    switch self {
    case .total: Text(zh: "合同总价", en: "the whole price")
    case .annualFee: Text(zh: "年服务费", en: "the annual fee")
    case .periodFee: Text(zh: "本期服务费", en: "the period's fee")
    case .monthFee: Text(zh: "月服务费", en: "the monthly fee")
    case .overdue: Text(zh: "逾期金额", en: "the overdue sum")
    case .stake: Text(zh: "所涉金额", en: "the amount at stake")
    case .paid: Text(zh: "已付款项", en: "what was paid")
    case .unserved: Text(zh: "未服务期间已付费用", en: "what was paid for time not served")
    }
  }
}

extension Amount {
  static let shape: Shape<Amount> = .oneOf(
    "amount", about: Text(zh: "固定金额，或某一基数的份额。", en: "A fixed sum, or a share of a basis."),
    Alternative("fixed", .fen) { .fixed($0) },
    Alternative("share", Field("share", .share), Field("of", .enumeration(Basis.self))) { .share($0, of: $1) })
}

/// An amount as the paper prints it, in figures and in capital numerals, so that the two can be compared.
package struct PrintedAmount: Sendable, Hashable {
  package let clause: String
  package let figures: Fen
  package let capitals: String?

  static let shape: Shape<PrintedAmount> = .object(
    "printedAmount", about: Text(zh: "合同上印的金额：数字与大写。", en: "An amount as printed: figures and capital numerals."),
    Field("clause", .string(minLength: 1, maxLength: 80)), Field("figures", .fen),
    Field(optional: "capitals", .string(minLength: 1, maxLength: 80))
  ) { PrintedAmount(clause: $0, figures: $1, capitals: $2) }
}
