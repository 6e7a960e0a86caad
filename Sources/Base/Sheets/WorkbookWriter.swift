// SPDX-License-Identifier: Apache-2.0

/// Writes a spreadsheet (ECMA-376, `.xlsx`) row by row, in memory that does not grow with the rows.
///
/// Rows go where they come; a sheet's columns, its frozen head and how it is printed are said before its first row.
package struct WorkbookWriter: Sendable {
  /// What is said of a sheet before its rows.
  package struct Layout: Sendable {
    /// The widths of the columns, in characters.
    package let widths: [Int]
    /// How many rows at the top stay in sight and are printed on every page; zero for none.
    package let frozen: Int
    package let isLandscape: Bool

    package init(widths: [Int], frozen: Int = 0, isLandscape: Bool = false) {
      (self.widths, self.frozen, self.isLandscape) = (widths, frozen, isLandscape)
    }
  }

  /// The media type of what is written.
  package static let mediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
  /// How many rows a sheet has at most, as Excel has it.
  package static let greatestRows = 1_048_576
  /// The height of a line, and the greatest of a row as Excel has it, in points.
  private static let lineHeight = 15
  private static let greatestHeight = 409
  /// How much XML is gathered before it is compressed.
  private static let gathered = 32_768

  private var zip: ZipWriter
  private var xml: [UInt8] = []
  private let sheets: [String]
  private var current = 0
  private var layout = Layout(widths: [])
  private var merged: [String] = []
  /// How many rows stay in sight, sheet by sheet.
  private var frozen: [Int] = []
  /// The letters of the columns, as octets.
  private var letters: [[UInt8]] = []
  /// How many rows the sheet has so far.
  package private(set) var rows = 0

  /// How much is ready to be taken.
  package var ready: Int { zip.octets.count }

  /// - Parameters:
  ///   - title: what the workbook's properties call it.
  ///   - sheets: the names of the sheets, in their order.
  package init(title: String, sheets: [String], at moment: Instant) throws(ZipWriter.TooLarge) {
    self.sheets = Self.names(sheets)
    zip = ZipWriter(at: moment)
    try zip.add("[Content_Types].xml", WorkbookParts.contentTypes(sheets.count))
    try zip.add("_rels/.rels", WorkbookParts.relations)
    try zip.add("docProps/core.xml", WorkbookParts.properties(title: title, at: moment))
    try zip.add("xl/_rels/workbook.xml.rels", WorkbookParts.workbookRelations(sheets.count))
    try zip.add("xl/styles.xml", Array(SheetStyles.part.utf8))
    xml.reserveCapacity(Self.gathered + 4096)
  }

  /// Gives what is written so far and forgets it.
  package mutating func take() -> [UInt8] { zip.take() }

  // MARK: Sheets

  /// Begins the next sheet.
  package mutating func beginSheet(_ layout: Layout) throws(ZipWriter.TooLarge) {
    self.layout = layout
    (rows, merged) = (0, [])
    letters = layout.widths.indices.map { Array(Self.letters($0).utf8) }
    try zip.begin("xl/worksheets/sheet\(current + 1).xml")
    put("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n")
    put("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">")
    put("<sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><sheetViews><sheetView workbookViewId=\"0\"")
    if current == 0 { put(" tabSelected=\"1\"") }
    put(">")
    if layout.frozen > 0 {
      put("<pane ySplit=\"\(layout.frozen)\" topLeftCell=\"A\(layout.frozen + 1)\" activePane=\"bottomLeft\" state=\"frozen\"/>")
      put("<selection pane=\"bottomLeft\"/>")
    }
    put("</sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/><cols>")
    for (place, width) in layout.widths.enumerated() {
      put("<col min=\"\(place + 1)\" max=\"\(place + 1)\" width=\"\(width).7\" customWidth=\"1\"/>")
    }
    put("</cols><sheetData>")
  }

  /// Writes a row; cells beyond the columns are left out.
  ///
  /// - Parameter height: in points; by its content unless told.
  package mutating func row(_ cells: [SheetCell], height: Int? = nil) {
    rows += 1
    put("<row r=\"")
    put(Int64(rows))
    if let height {
      put("\" ht=\"")
      put(Int64(height))
      put("\" customHeight=\"1")
    } else {
      // Readers differ in whether they make room for what runs over several lines by themselves.
      let lines = self.lines(of: cells)
      if lines > 1 {
        put("\" ht=\"")
        put(Int64(min(lines * Self.lineHeight, Self.greatestHeight)))
      }
    }
    put("\">")
    var column = 0
    for cell in cells {
      guard column < letters.count else { break }
      write(cell, column)
      // What a cell covers has its frame.
      let end = min(column + cell.span, letters.count)
      for covered in column + 1..<max(end, column + 1) { write(SheetCell(.empty, cell.weight), covered) }
      if end - column > 1 { merged.append("\(Self.letters(column))\(rows):\(Self.letters(end - 1))\(rows)") }
      column = end
    }
    put("</row>")
    if xml.count >= Self.gathered { flush() }
  }

  /// How many lines the longest text of a row takes in its columns.
  private func lines(of cells: [SheetCell]) -> Int {
    var (lines, column) = (1, 0)
    for cell in cells where column < layout.widths.count {
      let end = min(column + cell.span, layout.widths.count)
      if case .text(let text) = cell.value {
        let width = layout.widths[column..<end].reduce(0, +)
        if text.utf8.count > width || text.utf8.contains(0x0A) { lines = max(lines, SheetText.lines(of: text, width: width)) }
      }
      column = end
    }
    return lines
  }

  /// Ends the sheet.
  package mutating func endSheet() throws(ZipWriter.TooLarge) {
    put("</sheetData>")
    if !merged.isEmpty {
      put("<mergeCells count=\"\(merged.count)\">")
      for range in merged { put("<mergeCell ref=\"\(range)\"/>") }
      put("</mergeCells>")
    }
    put("<pageMargins left=\"0.6\" right=\"0.6\" top=\"0.6\" bottom=\"0.7\" header=\"0.3\" footer=\"0.3\"/>")
    // A4, as many pages long as it takes.
    put("<pageSetup paperSize=\"9\" orientation=\"\(layout.isLandscape ? "landscape" : "portrait")\" fitToWidth=\"1\" fitToHeight=\"0\"/>")
    put("<headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter></worksheet>")
    flush()
    try zip.end()
    frozen.append(layout.frozen)
    current += 1
  }

  /// Ends the workbook; every sheet must have been written.
  package mutating func finish() throws(ZipWriter.TooLarge) {
    try zip.add("xl/workbook.xml", WorkbookParts.workbook(sheets, frozen: frozen))
    try zip.finish()
  }

  private mutating func flush() {
    xml.withUnsafeBytes { zip.append($0) }
    xml.removeAll(keepingCapacity: true)
  }

  // MARK: Cells

  private mutating func write(_ cell: SheetCell, _ column: Int) {
    if case .date(let date) = cell.value, Self.serial(date) < Self.firstSerial {
      return write(SheetCell(.text("\(date)"), cell.weight), column)
    }
    put("<c r=\"")
    xml += letters[column]
    put(Int64(rows))
    put("\" s=\"")
    put(Int64(cell.style))
    switch cell.value {
    case .empty, .text(""):
      put("\"/>")
      return
    case .text(let text):
      put("\" t=\"inlineStr\"><is><t xml:space=\"preserve\">")
      SheetText.append(text, to: &xml)
      put("</t></is></c>")
      return
    case .integer(let number):
      put("\"><v>")
      put(number)
    case .money(let fen):
      put("\"><v>")
      put(fen)
    case .decimal(let digits):
      put("\"><v>")
      xml += digits.utf8
    case .date(let date):
      put("\"><v>")
      put(Self.serial(date))
    case .instant(let instant):
      put("\"><v>")
      put(instant)
    }
    put("</v></c>")
  }

  /// A day as spreadsheets count them: 1900-03-01 is 61. Before that they count a day that was none: such days are texts.
  private static let firstSerial: Int64 = 61
  private static func serial(_ date: CivilDate) -> Int64 { Int64(date.day) + 25_569 }

  private mutating func put(_ text: StaticString) { text.withUTF8Buffer { xml.append(contentsOf: $0) } }

  private mutating func put(_ text: String) { xml += text.utf8 }

  private mutating func put(_ number: Int64) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      guard let start = digits.baseAddress else { return }
      xml.append(contentsOf: digits[..<writeDecimal(number, at: start)])
    }
  }

  /// Yuan, without what would make the number longer: a spreadsheet keeps fifteen digits.
  private mutating func put(_ fen: Fen) {
    let (whole, rest) = fen.count.magnitude.quotientAndRemainder(dividingBy: 100)
    if fen.isNegative { put("-") }
    put(Int64(whole))
    guard rest > 0 else { return }
    put(rest < 10 ? ".0" : ".")
    put(Int64(rest))
  }

  /// Shanghai's clock as a fraction of a day, to the second, in eleven decimals: rounding them gives the second again.
  private mutating func put(_ instant: Instant) {
    let time = instant.time
    let seconds = Int64(time.hour) * 3600 + Int64(time.minute) * 60 + Int64(time.second)
    put(Self.serial(instant.date))
    guard seconds > 0 else { return }
    let fraction = (seconds * 100_000_000_000 + 43_200) / 86_400
    put(".")
    var lead: Int64 = 10_000_000_000
    while fraction < lead {
      put("0")
      lead /= 10
    }
    put(fraction)
  }

  // MARK: Names

  /// The letters of a column, from zero on: A … Z, AA …
  static func letters(_ column: Int) -> String {
    var (letters, rest) = ("", column)
    while true {
      letters = String(Character(Unicode.Scalar(UInt8(ascii: "A") + UInt8(rest % 26)))) + letters
      rest = rest / 26 - 1
      if rest < 0 { return letters }
    }
  }

  /// Names that a sheet may have: at most 31 characters, none of those that references are made of, each once.
  static func names(_ wanted: [String]) -> [String] {
    var used: Set<String> = []
    return wanted.enumerated().map { place, name in
      var fit = String(name.map { "[]:*?/\\'".contains($0) || $0.isNewline ? " " : $0 }.prefix(24))
      if fit.allSatisfy(\.isWhitespace) { fit = "Sheet\(place + 1)" }
      if used.contains(fit.lowercased()) { fit += " \(place + 1)" }
      used.insert(fit.lowercased())
      return fit
    }
  }
}
