// SPDX-License-Identifier: Apache-2.0

/// A text as it is searched: its pairs of neighbouring characters, the Latin capitals taken for small letters.
package enum OrderText {
  /// The text with A to Z small, as `lower` in the collation "C" makes it.
  package static func folded(_ text: String) -> String {
    String(decoding: text.utf8.map { 0x41...0x5A ~= $0 ? $0 + 0x20 : $0 }, as: UTF8.self)
  }

  /// Every pair of characters that stands in a text, as a number.
  ///
  /// Two characters of the basic plane are told apart from all others; rarer ones may share a number, so what is found is looked at again.
  package static func grams(_ text: String) -> Set<Int32> {
    var grams: Set<Int32> = []
    var previous: UInt32?
    for scalar in folded(text).unicodeScalars {
      if let previous { grams.insert(gram(previous, scalar.value)) }
      previous = scalar.value
    }
    return grams
  }

  private static func gram(_ first: UInt32, _ second: UInt32) -> Int32 {
    func half(_ value: UInt32) -> UInt32 { value < 0x1_0000 ? value : (value &* 0x9E37_79B1) >> 16 }
    return Int32(bitPattern: half(first) << 16 | half(second))
  }

  /// How like two texts are by their pairs of characters, in percent: twice what they share of what they have.
  package static func likeness(_ a: Set<Int32>, _ b: Set<Int32>) -> Int {
    a.isEmpty || b.isEmpty ? 0 : 200 * a.intersection(b).count / (a.count + b.count)
  }
}
