// SPDX-License-Identifier: Apache-2.0

/// What a cell of a spreadsheet holds: numbers are numbers, days are days, and a text is a text whatever it begins with.
package struct SheetCell: Sendable {
  package enum Value: Sendable, Equatable {
    case empty
    /// Never a formula: texts are written where no formula is looked for.
    case text(String)
    case integer(Int64)
    /// Yuan with two decimals, exactly.
    case money(Fen)
    /// A decimal number in digits: `71.5`.
    case decimal(String)
    case date(CivilDate)
    case instant(Instant)
  }

  /// How much a cell stands out.
  package enum Weight: Int, Sendable, CaseIterable {
    /// A cell of a table, framed.
    case plain
    /// A sum.
    case total
    /// The head of a column.
    case header
    /// The name of the whole.
    case title
    /// A heading, or the name of a value, without a frame.
    case label
    /// A place to sign, with room for it.
    case signature
    /// A remark or a value, without a frame.
    case note
  }

  package let value: Value
  package let weight: Weight
  /// How many columns it covers.
  package let span: Int

  package init(_ value: Value, _ weight: Weight = .plain, span: Int = 1) {
    (self.value, self.weight, self.span) = (value, weight, max(span, 1))
  }

  /// How a value is shown.
  enum Format: Int, CaseIterable { case text, integer, money, decimal, date, instant }

  private var format: Format {
    switch value {
    case .empty, .text: .text
    case .integer: .integer
    case .money: .money
    case .decimal: .decimal
    case .date: .date
    case .instant: .instant
    }
  }

  /// The number of its style among the workbook's.
  var style: Int { weight.rawValue * Format.allCases.count + format.rawValue }
}
