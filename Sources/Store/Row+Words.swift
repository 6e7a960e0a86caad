// SPDX-License-Identifier: Apache-2.0
import Postgres

extension Row {
  /// A text that is one of an enumeration's words.
  package func word<Word: RawRepresentable>(_ column: Int, _: Word.Type = Word.self) throws(DecodingFailure) -> Word
  where Word.RawValue == String {
    guard let word = Word(rawValue: try text(column)) else { throw .value(column: column) }
    return word
  }
}
