// SPDX-License-Identifier: Apache-2.0

/// Amounts in capital numerals (人民币大写), by the People's Bank of China's basic rules for filling in bills and settlement
/// vouchers (正确填写票据和结算凭证的基本规定, annex 1 of 支付结算办法).
///
/// Where the rules leave a 零 to the writer (the place of ten thousands or of yuan is 0 and the next lower one is not), it is left out,
/// unless all four places of 万 are empty: 叁亿捌仟元 would be heard as 380 million.
package enum CapitalNumerals {
  static let digits: [Character] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"]
  private static let units = ["仟", "佰", "拾", ""]

  /// The amount in capital numerals: `肆佰壹拾玖万柒仟伍佰元整`; a negative one begins with 负.
  package static func text(_ amount: Fen) -> String { text(amount, optionalZeros: 0) }

  /// The places where the rules leave a 零 to the writer, as bits.
  enum OptionalZero {
    static let thousands = 1
    static let tenMillions = 2
    static let jiao = 4
    /// Over four empty places of 万, where it is usually written: the bit leaves it out.
    static let emptyMyriads = 8
    static let all = 0..<16
  }

  /// - Parameter optionalZeros: the `OptionalZero` bits to depart from the usual in.
  static func text(_ amount: Fen, optionalZeros: Int) -> String {
    let (yuan, rest) = amount.count.magnitude.quotientAndRemainder(dividingBy: 100)
    let (jiao, fen) = (Int(rest / 10), Int(rest % 10))
    var text = amount.isNegative ? "负" : ""
    if yuan > 0 || rest == 0 { text += whole(yuan, optionalZeros) + "元" }
    if rest == 0 { return text + "整" }
    if jiao > 0 {
      if yuan > 0, yuan.isMultiple(of: 10), optionalZeros & OptionalZero.jiao != 0 { text += "零" }
      text.append(digits[jiao])
      text += "角"
    } else if yuan > 0 {
      text += "零"
    }
    if fen > 0 {
      text.append(digits[fen])
      text += "分"
    }
    return text
  }

  /// A number of yuan; hundreds of millions (亿) are said as a number of their own.
  private static func whole(_ number: UInt64, _ optionalZeros: Int) -> String {
    let (high, low) = number.quotientAndRemainder(dividingBy: 100_000_000)
    if high == 0 { return number == 0 ? "零" : belowHundredMillion(Int(low), optionalZeros) }
    let text = whole(high, optionalZeros) + "亿"
    if low == 0 { return text }
    let zero =
      switch low {
      case 10_000_000...: high.isMultiple(of: 10) && optionalZeros & OptionalZero.tenMillions != 0
      case 1000..<10_000: optionalZeros & OptionalZero.emptyMyriads == 0
      default: true
      }
    return text + (zero ? "零" : "") + belowHundredMillion(Int(low), optionalZeros)
  }

  private static func belowHundredMillion(_ number: Int, _ optionalZeros: Int) -> String {
    let (high, low) = number.quotientAndRemainder(dividingBy: 10_000)
    if high == 0 { return belowTenThousand(low) }
    let text = belowTenThousand(high) + "万"
    if low == 0 { return text }
    let isOptional = low >= 1000 && high.isMultiple(of: 10) && optionalZeros & OptionalZero.thousands != 0
    return text + (low < 1000 || isOptional ? "零" : "") + belowTenThousand(low)
  }

  /// A number from 1 to 9,999; zeros inside are one 零, zeros at the end none.
  private static func belowTenThousand(_ number: Int) -> String {
    var text = ""
    var rest = number
    var divisor = 1000
    var skipped = false
    for unit in units {
      let digit = rest / divisor
      if digit > 0 {
        if skipped, !text.isEmpty { text += "零" }
        text.append(digits[digit])
        text += unit
      }
      skipped = digit == 0
      rest %= divisor
      divisor /= 10
    }
    return text
  }
}

extension Fen {
  /// The amount in capital numerals (人民币大写).
  package var capitals: String { CapitalNumerals.text(self) }
}
