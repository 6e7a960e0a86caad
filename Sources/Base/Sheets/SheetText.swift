// SPDX-License-Identifier: Apache-2.0

/// Texts as a spreadsheet's XML has them.
enum SheetText {
  /// The most characters of a cell, in units of UTF-16, as Excel counts them.
  static let longest = 32_767

  /// Appends a text, escaped; one that is longer than a cell holds ends in an ellipsis.
  static func append(_ text: String, to xml: inout [UInt8]) {
    var text = text
    // Only where the octets might be too many are characters counted.
    if text.utf8.count > longest, text.utf16.count > longest { text = String(cut(text)) + "…" }
    text.withUTF8 { append($0, to: &xml) }
  }

  /// How many lines a text takes that is so many characters wide, a Chinese character counted twice.
  static func lines(of text: String, width: Int) -> Int {
    var (lines, place) = (1, 0)
    for scalar in text.unicodeScalars {
      if scalar == "\n" {
        (lines, place) = (lines + 1, 0)
        continue
      }
      let wide = scalar.value < 0x1100 ? 1 : 2
      if place + wide > width { (lines, place) = (lines + 1, 0) }
      place += wide
    }
    return lines
  }

  private static func cut(_ text: String) -> Substring {
    var units = 0
    let end = text.unicodeScalars.firstIndex { scalar in
      units += UTF16.width(scalar)
      return units > longest - 1
    }
    return text[..<(end ?? text.endIndex)]
  }

  private static func append(_ octets: UnsafeBufferPointer<UInt8>, to xml: inout [UInt8]) {
    var start = 0
    func copy(upTo place: Int, _ xml: inout [UInt8]) {
      if start < place { xml.append(contentsOf: octets[start..<place]) }
    }
    var place = 0
    while place < octets.count {
      let octet = octets[place]
      let replacement: StaticString
      var width = 1
      switch octet {
      case UInt8(ascii: "&"): replacement = "&amp;"
      case UInt8(ascii: "<"): replacement = "&lt;"
      case UInt8(ascii: ">"): replacement = "&gt;"
      // A reader takes `_x0041_` for the character of that number: the underscore itself is written so.
      case UInt8(ascii: "_") where isEscape(octets, place): replacement = "_x005F_"
      case 0x09, 0x0A: replacement = ""
      case 0x0D: replacement = "_x000D_"
      // XML has no place for control characters, nor for U+FFFE and U+FFFF.
      case 0..<0x20, 0x7F: replacement = "\u{FFFD}"
      case 0xEF where place + 2 < octets.count && octets[place + 1] == 0xBF && octets[place + 2] >= 0xBE:
        replacement = "\u{FFFD}"
        width = 3
      default: replacement = ""
      }
      if replacement.utf8CodeUnitCount > 0 {
        copy(upTo: place, &xml)
        replacement.withUTF8Buffer { xml.append(contentsOf: $0) }
        start = place + width
      }
      place += width
    }
    copy(upTo: octets.count, &xml)
  }

  private static func isEscape(_ octets: UnsafeBufferPointer<UInt8>, _ place: Int) -> Bool {
    guard place + 6 < octets.count, octets[place + 1] == UInt8(ascii: "x"), octets[place + 6] == UInt8(ascii: "_") else { return false }
    return octets[place + 2...place + 5].allSatisfy { octet in
      octet &- UInt8(ascii: "0") < 10 || octet | 0x20 &- UInt8(ascii: "a") < 6
    }
  }
}
