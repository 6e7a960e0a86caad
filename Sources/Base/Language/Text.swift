// SPDX-License-Identifier: Apache-2.0

/// What a person reads, in both languages the platform speaks.
package struct Text: Sendable, Hashable {
  package let zh: String
  package let en: String

  package init(zh: String, en: String) {
    self.zh = zh
    self.en = en
  }

  package subscript(language: Language) -> String {
    switch language {
    case .zh: zh
    case .en: en
    }
  }

  /// Puts one text directly behind another.
  package static func + (a: Text, b: Text) -> Text { Text(zh: a.zh + b.zh, en: a.en + b.en) }
}
