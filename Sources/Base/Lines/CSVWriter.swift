// SPDX-License-Identifier: Apache-2.0

/// Writes comma-separated values (RFC 4180) as spreadsheets open them: UTF-8 with a byte order mark, lines that end with CR LF.
package struct CSVWriter: Sendable {
  package private(set) var bytes: [UInt8]
  private var isAtStart = true

  /// - Parameter isContinued: whether something stands before, so that no mark is written.
  package init(isContinued: Bool = false) { bytes = isContinued ? [] : [0xEF, 0xBB, 0xBF] }

  /// Adds a field to the line.
  ///
  /// What a spreadsheet would take for a formula is kept a text by an apostrophe before it.
  package mutating func field(_ text: String) {
    if !isAtStart { bytes.append(UInt8(ascii: ",")) }
    isAtStart = false
    let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
    guard isFormula || text.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) else {
      bytes += text.utf8
      return
    }
    bytes.append(UInt8(ascii: "\""))
    if isFormula { bytes.append(UInt8(ascii: "'")) }
    for octet in text.utf8 {
      if octet == UInt8(ascii: "\"") { bytes.append(octet) }
      bytes.append(octet)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Ends the line.
  package mutating func endLine() {
    bytes += "\r\n".utf8
    isAtStart = true
  }

  /// Adds a line.
  package mutating func line(_ fields: String...) {
    for text in fields { field(text) }
    endLine()
  }
}
