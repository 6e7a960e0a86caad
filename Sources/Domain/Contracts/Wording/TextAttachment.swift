// SPDX-License-Identifier: Apache-2.0
import Base

extension ContractText {
  /// Reads the octets of a text that is to be attached.
  ///
  /// - Throws: a fault where they are no text: not UTF-8, with control characters, too long, or empty.
  package static func read(_ octets: [UInt8]) throws(Faults) -> String {
    guard octets.count <= greatestSize else {
      throw refused("too-long", zh: "文本超过 \(greatestSize / 1024) KiB。", en: "The text is longer than \(greatestSize / 1024) KiB.")
    }
    let body = octets.starts(with: [0xEF, 0xBB, 0xBF]) ? octets[3...] : octets[...]
    guard let text = String(validating: body, as: UTF8.self) else {
      throw refused("not-utf-8", zh: "文本须为 UTF-8。", en: "The text must be UTF-8.")
    }
    let isClean = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F || "\n\r\t\u{0C}".unicodeScalars.contains($0) }
    guard isClean else { throw refused("bad-format", zh: "文本中有控制字符。", en: "There are control characters in the text.") }
    guard text.contains(where: { !$0.isWhitespace }) else { throw refused("too-short", zh: "文本是空的。", en: "The text is empty.") }
    guard ContractText(text).clauses.count <= greatestCount else {
      throw refused("too-long", zh: "文本的条款超过 \(greatestCount) 条。", en: "The text has more than \(greatestCount) clauses.")
    }
    return text
  }

  private static func refused(_ code: String, zh: String, en: String) -> Faults {
    Faults([Fault(code: code, detail: Text(zh: zh, en: en))])
  }
}
