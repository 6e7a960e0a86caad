// SPDX-License-Identifier: Apache-2.0

/// How a paper's characters are compared: in one width, without the blanks that scanning and typesetting leave.
enum PrintedCharacters {
  /// The character in its narrow form: `５` is 5, `（` is (, the ideographic blank is a blank.
  static func narrow(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    case 0x3000, 0x00A0: " "
    case 0xFFE5: "¥"
    default: scalar
    }
  }

  /// The text's characters in their narrow form, blanks left out.
  static func bare(_ text: some StringProtocol) -> [Unicode.Scalar] {
    var bare: [Unicode.Scalar] = []
    bare.reserveCapacity(text.utf8.count / 2)
    for scalar in text.unicodeScalars {
      let narrow = narrow(scalar)
      if !narrow.properties.isWhitespace { bare.append(narrow) }
    }
    return bare
  }

  static func digit(_ scalar: Unicode.Scalar) -> Int? {
    (0x30...0x39).contains(scalar.value) ? Int(scalar.value - 0x30) : nil
  }

  /// The digits and units of numbers as they are spoken: 十二.
  static func isSpoken(_ scalar: Unicode.Scalar) -> Bool { spoken.contains(scalar) }

  private static let spoken: Set<Unicode.Scalar> = Set("零〇一二两三四五六七八九十百千".unicodeScalars)

  static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }
}
