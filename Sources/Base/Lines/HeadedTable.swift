// SPDX-License-Identifier: Apache-2.0

/// Cuts a table that comes in pieces into rows of text under the headings of its first record: CSV, with or without a byte order mark.
///
/// It keeps one record and does no I/O. What a row is refused for is told with its number; the rows around it are read as usual.
package struct HeadedTable<Column: Sendable & Equatable> {
  /// One row, or what is wrong with it.
  package struct Row {
    /// The line on which it begins, from 1.
    package let number: Int
    /// The cells that are not empty, under the columns that mean something.
    package let cells: Result<[(column: Column, text: String)], Faults>
  }

  /// What each heading means, nil where it means nothing; throws what is wrong with the headings together.
  package typealias Interpretation = ([String]) throws(Faults) -> [Column?]

  /// Makes text of octets; nil for octets that are none.
  private let decode: ([UInt8]) -> String?
  private let interpret: Interpretation
  private var records: CSVReader
  private var mark = ByteOrderMark()
  private var columns: [Column?]?

  /// - Parameter longest: the octets that a record may have.
  package init(longest: Int, decode: @escaping ([UInt8]) -> String?, _ interpret: @escaping Interpretation) {
    (self.decode, self.interpret) = (decode, interpret)
    var limits = CSVReader.Limits()
    limits.record = longest
    records = CSVReader(limits: limits)
  }

  /// Reads what comes next.
  ///
  /// - Throws: `Faults` for headings that no row can be read by.
  package mutating func take(_ piece: [UInt8]) throws(Faults) -> [Row] {
    guard let piece = mark.strip(piece) else { return [] }
    return try read(piece)
  }

  /// Reads the end of the table.
  package mutating func finish() throws(Faults) -> [Row] {
    var found = try read(mark.finish())
    if let record = records.finish(), let row = try judge(record) { found.append(row) }
    guard columns != nil else { throw Self.noHeadings }
    return found
  }

  private mutating func read(_ piece: [UInt8]) throws(Faults) -> [Row] {
    var found: [Row] = []
    var position = 0
    while let record = records.next(piece.span, &position) {
      if let row = try judge(record) { found.append(row) }
    }
    return found
  }

  private mutating func judge(_ record: CSVReader.Record) throws(Faults) -> Row? {
    guard let columns else {
      guard case .success(let fields) = record.fields else { throw Self.noHeadings }
      var headings: [String] = []
      for field in fields {
        guard let heading = decode(field) else { throw Self.noHeadings }
        headings.append(heading.trimmed)
      }
      self.columns = try interpret(headings)
      return nil
    }
    let fields: [[UInt8]]
    switch record.fields {
    case .success(let read): fields = read
    case .failure(let failure): return refused(record.line, failure.fault.rawValue, failure.fault.says)
    }
    guard fields.count == columns.count else {
      return refused(
        record.line, "wrong-field-count",
        Text(zh: "有 \(fields.count) 列，表头有 \(columns.count) 列。", en: "It has \(fields.count) fields, the headings \(columns.count)."))
    }
    var cells: [(column: Column, text: String)] = []
    cells.reserveCapacity(fields.count)
    for (place, field) in fields.enumerated() {
      guard let column = columns[place], !field.isEmpty else { continue }
      guard let text = decode(field) else {
        return refused(
          record.line, "undecodable", Text(zh: "含有所用编码中不存在的字节。", en: "It holds octets that are nothing in the file's encoding."))
      }
      let cell = text.trimmed
      if !cell.isEmpty { cells.append((column, cell)) }
    }
    return Row(number: record.line, cells: .success(cells))
  }

  private func refused(_ number: Int, _ code: String, _ detail: Text) -> Row {
    Row(number: number, cells: .failure(Faults([Fault(code: code, detail: detail)])))
  }

  private static var noHeadings: Faults {
    Faults([Fault(code: "no-headings", detail: Text(zh: "文件没有可读的表头行。", en: "The file has no heading line that can be read."))])
  }
}

/// Takes the byte order mark off the beginning of a file that comes in pieces.
package struct ByteOrderMark {
  /// U+FEFF in UTF-8 and in GB 18030.
  private static let marks: [[UInt8]] = [[0xEF, 0xBB, 0xBF], [0x84, 0x31, 0x95, 0x33]]

  /// The first octets, until it is known whether they are a mark; nil behind them.
  private var start: [UInt8]? = []

  package init() {}

  /// What a piece is without the mark; nil where more must come to say.
  package mutating func strip(_ piece: [UInt8]) -> [UInt8]? {
    guard var start else { return piece }
    start += piece
    let mark = Self.marks.first(where: start.starts)
    guard mark != nil || !Self.marks.contains(where: { $0.starts(with: start) }) else {
      self.start = start
      return nil
    }
    self.start = nil
    return mark.map { Array(start.dropFirst($0.count)) } ?? start
  }

  /// What was kept back when the file ended.
  package mutating func finish() -> [UInt8] {
    defer { start = nil }
    return start ?? []
  }
}

extension String {
  private static let marks: Range<UInt8> = 0x21..<0x80
  /// The first octets of U+4000 to U+9FFF.
  private static let chinese: ClosedRange<UInt8> = 0xE4...0xE9

  /// Without white space at its ends.
  package var trimmed: String {
    // Most cells begin and end with what is none, and say so by their octets: those of ASCII's marks, or the three of a Chinese character.
    let octets = utf8
    guard let first = octets.first, let last = octets.last else { return self }
    let beginsPlainly = Self.marks ~= first || Self.chinese ~= first
    if beginsPlainly,
      Self.marks ~= last || octets.count >= 3 && Self.chinese ~= octets[octets.index(octets.endIndex, offsetBy: -3)]
    {
      return self
    }
    return String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}

extension CSVReader.Fault {
  package var says: Text {
    switch self {
    case .strayQuote: Text(zh: "未以引号开头的字段中出现引号。", en: "A quote stands inside a field that does not begin with one.")
    case .textAfterQuote: Text(zh: "字段结束引号之后还有内容。", en: "Something stands behind a closing quote.")
    case .openQuote: Text(zh: "文件在引号内结束。", en: "The file ends within quotes.")
    case .fieldTooLong: Text(zh: "字段过长。", en: "A field is too long.")
    case .tooManyFields: Text(zh: "字段过多。", en: "There are too many fields.")
    case .recordTooLong: Text(zh: "记录过长。", en: "The record is too long.")
    }
  }
}
