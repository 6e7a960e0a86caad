// SPDX-License-Identifier: Apache-2.0
import Base

extension JSONWriter {
  /// A list of words.
  mutating func strings(_ words: [String]) {
    beginArray()
    for word in words { string(word) }
    endArray()
  }

  /// A text in both languages: `{"zh": …, "en": …}`.
  mutating func text(_ text: Text) {
    beginObject()
    key("zh")
    string(text.zh)
    key("en")
    string(text.en)
    endObject()
  }

  /// A word, or null where there is none.
  mutating func optional(_ word: String?) {
    if let word { string(word) } else { null() }
  }
}
