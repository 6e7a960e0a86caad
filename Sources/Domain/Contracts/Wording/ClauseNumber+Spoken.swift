// SPDX-License-Identifier: Apache-2.0

extension ClauseNumber {
  /// A number in characters, as articles are numbered: 十一; in digits from a hundred on.
  static func spoken(_ number: Int) -> String {
    guard (1..<100).contains(number) else { return "\(number)" }
    let digits = Array("零一二三四五六七八九")
    let (tens, ones) = number.quotientAndRemainder(dividingBy: 10)
    return (tens == 0 ? "" : tens == 1 ? "十" : "\(digits[tens])十") + (ones == 0 ? "" : "\(digits[ones])")
  }
}
