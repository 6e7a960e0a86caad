// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Base

/// Spreadsheets as another implementation reads them.
@Suite("Spreadsheets")
struct WorkbookWriterTests {
  private static let moment = Instant("2026-03-08T17:45:31+08:00") ?? Instant(.first)

  /// One sheet of these rows, as openpyxl reads it.
  private func read(
    _ rows: [[SheetCell]], layout: WorkbookWriter.Layout, sheets: [String] = ["表"], title: String = "题"
  ) throws -> JSON {
    var writer = try WorkbookWriter(title: title, sheets: sheets, at: Self.moment)
    for _ in sheets {
      try writer.beginSheet(layout)
      for row in rows { writer.row(row) }
      try writer.endSheet()
    }
    try writer.finish()
    let hex = writer.take().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return try Oracle.ask("workbook", ["workbook": .string(hex)])
  }

  private func cells(_ workbook: JSON) -> [String: JSON] {
    Dictionary((workbook["sheets"]?.array?.first?["cells"]?.array ?? []).map { ($0["at"]?.string ?? "", $0) }, uniquingKeysWith: { $1 })
  }

  @Test("numbers are numbers, to the fen; days and moments are dates; the head stays in sight and on every page")
  func kinds() throws {
    let row: [SheetCell.Value] = [
      .integer(-9_007_199_254_740_991), .money(Fen(-5)), .money(Fen(419_750_000)), .money(Fen(999_999_999_999_999)),
      .decimal("71.666"), .date(try #require(CivilDate("2024-02-29"))), .instant(Self.moment), .text("甲"), .empty,
    ]
    let workbook = try read(
      [row.map { SheetCell($0, .header) }, row.map { SheetCell($0) }],
      layout: .init(widths: [8, 12, 14, 20, 9, 12, 20, 30, 4], frozen: 1, isLandscape: true), title: "<结算 & 单>")
    #expect(workbook["title"]?.string == "<结算 & 单>")
    let cells = cells(workbook)
    let wanted: [(String, String, String, String)] = [
      ("A2", "number", "-9007199254740991", "0"), ("B2", "number", "-0.05", "#,##0.00"), ("C2", "number", "4197500", "#,##0.00"),
      ("D2", "number", "9999999999999.99", "#,##0.00"), ("E2", "number", "71.666", "General"),
      ("F2", "date", "2024-02-29 00:00:00", "yyyy\\-mm\\-dd"), ("G2", "date", "2026-03-08 17:45:31", "yyyy\\-mm\\-dd\\ hh:mm:ss"),
      ("H2", "text", "甲", "@"),
    ]
    for (place, kind, value, format) in wanted {
      let cell = cells[place]
      #expect(
        cell?["kind"]?.string == kind && cell?["value"]?.string == value && cell?["format"]?.string == format, "\(place): \(cell ?? .null)")
      #expect(cell?["bold"] == .bool(false) && cells[place.replacing("2", with: "1")]?["bold"] == .bool(true))
    }
    #expect(cells["I2"] == nil)
    let sheet = try #require(workbook["sheets"]?.array?.first)
    #expect(sheet["frozen"]?.string == "A2" && sheet["titles"]?.string == "$1:$1")
    #expect(sheet["orientation"]?.string == "landscape" && sheet["paper"]?.string == "9")
    #expect(sheet["widths"]?.array?.first?.string == "8.7" && sheet["widths"]?.array?.count == 9)
  }

  @Test("every second of a day, and every day since 1900-03-01, is read as it was; days before are texts")
  func times() throws {
    var rows: [[SheetCell]] = []
    var expected: [String] = []
    for second in stride(from: 0, to: 86_400, by: 41) {
      let instant = try Instant(try #require(CivilDate("2026-02-28"))).adding(microseconds: Int64(second) * 1_000_000)
      rows.append([SheetCell(.instant(instant))])
      expected.append("\(instant.date) \("\(instant)".dropFirst(11).prefix(8))")
    }
    for day in stride(from: -25_508, to: 47_482, by: 97) {
      let date = try #require(CivilDate(day: day))
      rows.append([SheetCell(.date(date))])
      expected.append("\(date) 00:00:00")
    }
    rows.append([SheetCell(.date(try #require(CivilDate("1900-02-28"))))])
    let cells = cells(try read(rows, layout: .init(widths: [20])))
    for (place, text) in expected.enumerated() { #expect(cells["A\(place + 1)"]?["value"]?.string == text) }
    let old = cells["A\(rows.count)"]
    #expect(old?["kind"]?.string == "text" && old?["value"]?.string == "1900-02-28")
  }

  @Test("a text is never a formula, nor markup, nor cut within a character; what XML cannot say is replaced")
  func texts() throws {
    let texts = [
      "=1+1", "+86", "-2", "@SUM(A1)", "\t=cmd|' /C calc'!A0", "<c t=\"n\"><v>1</v></c>", "a&b]]>", "  两端空格  ", "一\n二", "_x0041_",
      "x_x00e9_y", "007",
      "1e5", "😀𠀀", "#REF!", "true",
    ]
    let cells = cells(try read(texts.map { [SheetCell(.text($0))] }, layout: .init(widths: [20])))
    for (place, text) in texts.enumerated() {
      let cell = cells["A\(place + 1)"]
      #expect(cell?["kind"]?.string == "text" && cell?["value"]?.string == text, "\(text): \(cell ?? .null)")
    }
    let odd = self.cells(try read([[SheetCell(.text("a\u{0}b\u{1B}c\u{FFFE}d\u{FFFF}\u{FFFD}"))]], layout: .init(widths: [20])))
    #expect(odd["A1"]?["value"]?.string == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}\u{FFFD}")
    for text in [String(repeating: "诉", count: 40_000), "a" + String(repeating: "😀", count: 20_000)] {
      let cell = self.cells(try read([[SheetCell(.text(text))]], layout: .init(widths: [20])))["A1"]?["value"]?.string ?? ""
      #expect(cell.utf16.count <= 32_767 && cell.utf16.count > 32_760 && cell.hasSuffix("…") && text.hasPrefix(cell.dropLast()))
    }
    let whole = String(repeating: "诉", count: 32_767)
    #expect(self.cells(try read([[SheetCell(.text(whole))]], layout: .init(widths: [20])))["A1"]?["value"]?.string == whole)
  }

  @Test("cells that cover others are merged, rows have only the sheet's columns, sheets have names that references can be made of")
  func shapes() throws {
    let rows = [
      [SheetCell(.text("题"), .title, span: 3)], [SheetCell(.text("a"), span: 2), SheetCell(.text("b"))],
      [SheetCell(.integer(1)), SheetCell(.integer(2)), SheetCell(.integer(3)), SheetCell(.integer(4))],
      [SheetCell(.integer(1)), SheetCell(.text("wide"), span: 9)],
    ]
    let workbook = try read(
      rows, layout: .init(widths: [5, 5, 5], frozen: 2), sheets: ["a/b[c]:d*e?", "A b c  d e ", "", "it's \"q\" & <r>"])
    let sheets = try #require(workbook["sheets"]?.array)
    #expect(sheets.compactMap { $0["name"]?.string } == ["a b c  d e ", "A b c  d e  2", "Sheet3", "it s ”q” & <r>"])
    for sheet in sheets {
      #expect(sheet["merged"] == ["A1:C1", "A2:B2", "B4:C4"] && sheet["frozen"]?.string == "A3" && sheet["titles"]?.string == "$1:$2")
    }
    let cells = cells(workbook)
    #expect(cells["C3"]?["value"]?.string == "3" && cells["D3"] == nil && cells["C2"]?["value"]?.string == "b")
    #expect((0...703).map(WorkbookWriter.letters).suffix(3) == ["ZZ", "AAA", "AAB"] && WorkbookWriter.letters(25) == "Z")
  }
}
