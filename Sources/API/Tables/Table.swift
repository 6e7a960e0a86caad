// SPDX-License-Identifier: Apache-2.0
import Base

/// A table as it is had on paper and as a spreadsheet, in one language: what it is, what is said above it, its columns, and its rows as they come.
struct Table: Sendable {
  struct Column: Sendable {
    let title: String
    /// In characters of the spreadsheet; on paper the columns share the width in this proportion.
    let width: Int

    init(_ title: String, _ width: Int) { (self.title, self.width) = (title, width) }
  }

  /// Some rows, and where those behind them begin; nil for the last.
  struct Batch: Sendable {
    let rows: [[SheetCell]]
    let next: String?

    init(_ rows: [[SheetCell]], next: String? = nil) { (self.rows, self.next) = (rows, next) }
  }

  /// The name of the file without its ending, of letters, digits, hyphens and dots.
  let name: String
  let title: String
  /// What is said above the table, each with its name.
  let facts: [(name: String, value: SheetCell.Value)]
  let columns: [Column]
  let isLandscape: Bool
  /// Whether its columns are so many that they are set close; its texts are short marks then.
  let isDense: Bool
  let language: Language
  /// Gives the rows from a place on, the first ones for nil.
  let batch: @Sendable (_ place: String?) async throws -> Batch

  init(
    name: String, title: String, facts: [(name: String, value: SheetCell.Value)] = [], columns: [Column], isLandscape: Bool = true,
    isDense: Bool = false, language: Language, batch: @escaping @Sendable (_ place: String?) async throws -> Batch
  ) {
    (self.name, self.title, self.facts, self.columns) = (name, title, facts, columns)
    (self.isLandscape, self.isDense, self.language, self.batch) = (isLandscape, isDense, language, batch)
  }

  /// The same with all rows at hand.
  init(
    name: String, title: String, facts: [(name: String, value: SheetCell.Value)] = [], columns: [Column], isLandscape: Bool = true,
    isDense: Bool = false, language: Language, rows: [[SheetCell]]
  ) {
    self.init(name: name, title: title, facts: facts, columns: columns, isLandscape: isLandscape, isDense: isDense, language: language) {
      _ in
      Batch(rows)
    }
  }
}

extension SheetCell {
  /// A text.
  static func text(_ text: String?) -> SheetCell { SheetCell(text.map { .text($0) } ?? .empty) }
  static func money(_ fen: Fen?) -> SheetCell { SheetCell(fen.map { .money($0) } ?? .empty) }
  static func date(_ date: CivilDate?) -> SheetCell { SheetCell(date.map { .date($0) } ?? .empty) }
  static func instant(_ instant: Instant?) -> SheetCell { SheetCell(instant.map { .instant($0) } ?? .empty) }
  static func integer(_ number: some BinaryInteger) -> SheetCell { SheetCell(.integer(Int64(clamping: number))) }
}
