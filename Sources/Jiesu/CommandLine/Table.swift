// SPDX-License-Identifier: Apache-2.0

/// Columns of text, aligned on a terminal where a Chinese character is two cells wide.
struct Table {
  let head: [String]
  private(set) var rows: [[String]] = []

  /// - Parameter head: none for a list of names and values.
  init(_ head: String...) { self.head = head }

  init(head: [String]) { self.head = head }

  mutating func add(_ row: String...) { rows.append(row) }

  mutating func add(row: [String]) { rows.append(row) }

  /// The table's lines, without blanks at their ends.
  var text: String {
    let all = (head.isEmpty ? [] : [head]) + rows
    guard let first = all.first else { return "" }
    let widths = first.indices.map { column in all.map { Self.cells($0[column]) }.max() ?? 0 }
    let lines = all.map { row in
      // What stands behind the last cell that has something would be blanks only.
      let last = row.lastIndex { !$0.isEmpty } ?? 0
      return row[...last].enumerated().map { column, cell in
        column == last ? cell : cell + String(repeating: " ", count: widths[column] - Self.cells(cell) + 2)
      }.joined()
    }
    return lines.joined(separator: "\n")
  }

  /// How many cells a text takes: two for wide East Asian characters (Unicode UAX #11), one for others.
  static func cells(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { sum, scalar in
      switch scalar.value {
      case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE4F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
        sum + 2
      default: sum + 1
      }
    }
  }
}
