// SPDX-License-Identifier: Apache-2.0
import Base

/// The small words that formulas are put together from.
enum Words {
  static let yuan = Text(zh: " 元", en: " yuan")
  static let times = Text(zh: "次", en: "times")
  static let days = Text(zh: "天", en: "days")
  static let points = Text(zh: "分", en: "points")
  static let none = Text(zh: "", en: "")

  /// The same characters in both languages.
  static func both(_ text: String) -> Text { Text(zh: text, en: text) }

  /// `1,114,000.00 元`, or `833.33… 元` where it is no whole number of fen.
  static func money(_ amount: ExactAmount) -> Text { both(figures(amount)) + yuan }
  static func money(_ amount: Fen) -> Text { both(amount.grouped) + yuan }

  static func figures(_ amount: ExactAmount) -> String {
    amount.isWhole ? ((try? amount.rounded())?.grouped ?? amount.yuan) : amount.yuan
  }

  /// `71.666…`
  static func number(_ value: Rational) -> String { value.decimal(places: value.isInteger ? 0 : 3, limit: 4) }

  /// `8 分`
  static func quantity(_ value: Rational, _ unit: Text) -> Text { both(number(value) + " ") + unit }

  static func list(_ parts: [Text], zh: String = "、", en: String = ", ") -> Text {
    Text(zh: parts.map(\.zh).joined(separator: zh), en: parts.map(\.en).joined(separator: en))
  }

  static func sum(_ parts: [Text]) -> Text { list(parts, zh: " + ", en: " + ") }

  /// A long sum is shown by its ends.
  static func shortSum(_ parts: [Text]) -> Text {
    parts.count <= 12 ? sum(parts) : sum(Array(parts.prefix(6)) + [both("…")] + Array(parts.suffix(2)))
  }
}
