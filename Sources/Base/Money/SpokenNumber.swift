// SPDX-License-Identifier: Apache-2.0

/// Whole numbers below ten thousand as a contract says them: `五`, `三十`, `一百二十`, `10`.
package enum SpokenNumber {
  package static func value(of text: some StringProtocol) -> Int? {
    if text.utf8.count <= 4, !text.isEmpty, text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) { return Int(text) }
    var sum = 0
    var digit: Int?
    var lastUnit = 10_000
    for character in text {
      if let unit = units[character] {
        // 十二 says twelve without a leading one; no other unit may stand alone.
        guard unit < lastUnit, digit.map({ $0 > 0 }) ?? (unit == 10 && sum == 0) else { return nil }
        sum += (digit ?? 1) * unit
        digit = nil
        lastUnit = unit
      } else if let next = digits[character], digit == nil || (digit == 0 && sum > 0) {
        digit = next
      } else {
        return nil
      }
    }
    guard !text.isEmpty, digit != 0 || sum == 0 else { return nil }
    return sum + (digit ?? 0)
  }

  private static let units: [Character: Int] = ["十": 10, "百": 100, "千": 1000]
  private static let digits: [Character: Int] = [
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
  ]
}
