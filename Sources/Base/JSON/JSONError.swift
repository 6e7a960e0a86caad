// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a JSON text, and where; it carries none of the text itself.
package struct JSONError: Error, Sendable, Hashable {
  package enum Reason: String, Sendable, Hashable, CaseIterable {
    case unexpectedEnd = "unexpected-end"
    case unexpectedByte = "unexpected-byte"
    case byteOrderMark = "byte-order-mark"
    case invalidUTF8 = "invalid-utf8"
    case controlCharacter = "control-character"
    case badEscape = "bad-escape"
    case loneSurrogate = "lone-surrogate"
    case badNumber = "bad-number"
    case duplicateName = "duplicate-name"
    case tooDeep = "too-deep"
    case trailingBytes = "trailing-bytes"
  }

  package let reason: Reason
  /// Bytes before the fault.
  package let offset: Int
  /// Counted from one.
  package let line: Int
  /// Counted from one, in characters (code points).
  package let column: Int

  init(_ reason: Reason, at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
    self.reason = reason
    self.offset = offset
    var line = 1
    var column = 1
    for byte in bytes.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    self.line = line
    self.column = column
  }

  /// The fault as a sentence, with its line and column.
  package var text: Text {
    let (zh, en) = sentence
    return Text(zh: "第 \(line) 行第 \(column) 列：\(zh)", en: "Line \(line), column \(column): \(en)")
  }

  private var sentence: (zh: String, en: String) {
    switch reason {
    case .unexpectedEnd: ("JSON 在此处意外结束。", "the JSON text ends too early.")
    case .unexpectedByte: ("此处的字符不符合 JSON 语法。", "this character does not fit JSON syntax here.")
    case .byteOrderMark: ("不得以字节顺序标记（BOM）开头。", "a byte order mark is not allowed.")
    case .invalidUTF8: ("不是有效的 UTF-8。", "this is not valid UTF-8.")
    case .controlCharacter: ("字符串中的控制字符必须转义。", "a control character in a string must be escaped.")
    case .badEscape: ("无效的转义序列。", "this escape sequence does not exist.")
    case .loneSurrogate: ("转义的代理项不成对。", "an escaped surrogate stands alone.")
    case .badNumber: ("数字写法无效。", "this is not how JSON writes a number.")
    case .duplicateName: ("同一对象中成员名重复。", "this name stands twice in one object.")
    case .tooDeep: ("嵌套过深。", "the nesting is too deep.")
    case .trailingBytes: ("JSON 之后还有多余内容。", "something follows after the JSON value.")
    }
  }
}
