// SPDX-License-Identifier: Apache-2.0
import Base

/// Reads work orders out of a file that comes in pieces: CSV with a heading line, or a JSON object a line.
///
/// It keeps one record and does no I/O. What a line is refused for is told with its number; the lines around it are read as usual.
package struct OrderFile {
  package enum Format: String, Sendable, CaseIterable {
    case csv
    case ndjson
  }

  /// One order of the file, or what is wrong with it.
  package struct Line: Sendable {
    /// Where it begins, from 1.
    package let number: Int
    package let intake: Result<OrderIntake, Faults>
  }

  /// What headings mean.
  package enum Meaning: Sendable {
    /// The usual ones, and these.
    case usual(besides: [String: OrderColumn])
    /// These and no others; the file must have each.
    case only(OrderedMap<OrderColumn>)
  }

  /// The headings that a file turned out to have, as they may be shown.
  package struct Headings: Sendable {
    /// Those that nothing is known of; their cells are passed over, since nobody knows whether a citizen stands in them.
    package fileprivate(set) var ignored: [String] = []
    fileprivate var names: [OrderColumn: String] = [:]

    /// The heading of the column that a line's fault is about; nil where it is about none.
    package func heading(of fault: Fault) -> String? {
      let parts = fault.pointer.split(separator: "/")
      // A citizen's members and the office's own stand one deeper.
      return [1, 2].lazy.compactMap { count in OrderColumn(parts.prefix(count).joined(separator: ".")).flatMap { names[$0] } }.first
    }
  }

  /// What holds for the whole file.
  package struct Options: Sendable {
    package var format: Format
    package var meaning = Meaning.usual(besides: [:])
    /// How times are written; nil for the usual ways.
    package var dates: DatePattern?
    /// What lines mean that say nothing of it: members of an intake.
    package var standard: JSONObject = [:]

    package init(format: Format) { self.format = format }
  }

  private static let longestLine = 1 << 17

  private let options: Options
  /// Makes text of octets; nil for octets that are none.
  private let decode: ([UInt8]) -> String?
  private var table: HeadedTable<OrderColumn>
  private var lines: LineReader
  private var mark = ByteOrderMark()
  private let found: Found

  /// What became of the headings, written once by the table's reading of them.
  private final class Found {
    var headings = Headings()
  }

  package init(_ options: Options, decode: @escaping ([UInt8]) -> String?) {
    self.options = options
    self.decode = decode
    let found = Found()
    self.found = found
    table = HeadedTable(longest: Self.longestLine, decode: decode) { texts throws(Faults) in
      let (columns, headings) = try Self.columns(texts, options)
      // Not before: a first line that is no heading is an order, and somebody stands in it.
      found.headings = headings
      return columns
    }
    lines = LineReader(limit: Self.longestLine)
  }

  package var headings: Headings { found.headings }

  /// Reads what comes next.
  ///
  /// - Throws: `Faults` for headings that no order can be read by.
  package mutating func take(_ piece: [UInt8]) throws(Faults) -> [Line] {
    switch options.format {
    case .csv: return try table.take(piece).map(read)
    case .ndjson: return mark.strip(piece).map { read($0) } ?? []
    }
  }

  /// Reads the end of the file.
  package mutating func finish() throws(Faults) -> [Line] {
    switch options.format {
    case .csv: return try table.finish().map(read)
    case .ndjson:
      var found = read(mark.finish())
      if let last = lines.finish(), let line = judge(last) { found.append(line) }
      return found
    }
  }

  private mutating func read(_ piece: [UInt8]) -> [Line] {
    var found: [Line] = []
    var position = 0
    while let next = lines.next(piece.span, &position) {
      if let line = judge(next) { found.append(line) }
    }
    return found
  }

  // MARK: Lines

  private func judge(_ line: LineReader.Line) -> Line? {
    guard let octets = line.octets else { return refused(line.number, "line-too-long", Text(zh: "行过长。", en: "The line is too long.")) }
    guard octets.contains(where: { $0 > UInt8(ascii: " ") }) else { return nil }
    guard let text = decode(octets) else { return undecodable(line.number) }
    do throws(JSONError) {
      guard let object = try JSON.parse(Array(text.utf8)).object else {
        return refused(line.number, "wrong-type", Text(zh: "应为 JSON 对象。", en: "It must be a JSON object."))
      }
      return read(object, line.number)
    } catch {
      return Line(number: line.number, intake: .failure(Faults([Fault(code: "malformed-json", detail: error.text)])))
    }
  }

  private func read(_ row: HeadedTable<OrderColumn>.Row) -> Line {
    switch row.cells {
    case .failure(let faults): return Line(number: row.number, intake: .failure(faults))
    case .success(let cells):
      var intake = JSONObject()
      for cell in cells { cell.column.put(cell.text, into: &intake, dates: options.dates) }
      return read(intake, row.number)
    }
  }

  private static func columns(_ texts: [String], _ options: Options) throws(Faults) -> ([OrderColumn?], Headings) {
    var columns: [OrderColumn?] = []
    var headings = Headings()
    for heading in texts {
      let column = meaning(of: heading, options)
      if let column, columns.contains(column) {
        throw Faults([
          Fault(
            pointer: "/\(column.name)", code: "repeated-heading",
            detail: Text(zh: "“\(heading)”与另一列含义相同。", en: "“\(heading)” means the same as another column."))
        ])
      }
      let shown = MaskedCitizen.numbers(in: String(heading.prefix(60)))
      if let column { headings.names[column] = shown } else { headings.ignored.append(shown) }
      columns.append(column)
    }
    try requireAll(columns, options)
    guard columns.contains(.externalNumber) else {
      throw Faults([
        Fault(
          pointer: "/externalNumber", code: "missing-heading",
          detail: Text(zh: "表头中没有工单编号一列；可用 map 指明。", en: "No heading means the external number; say which with map."))
      ])
    }
    return (columns, headings)
  }

  private static func meaning(of heading: String, _ options: Options) -> OrderColumn? {
    switch options.meaning {
    case .usual(let besides): besides[heading] ?? OrderColumn(heading)
    case .only(let map): map[heading]
    }
  }

  /// - Throws: each heading that a map names and the file has not.
  private static func requireAll(_ columns: [OrderColumn?], _ options: Options) throws(Faults) {
    guard case .only(let map) = options.meaning else { return }
    let faults = map.entries.filter { !columns.contains($0.value) }.map { entry in
      Fault(
        pointer: JSONPointer.appending(entry.name, to: "/headings"), code: "missing-heading",
        detail: Text(zh: "文件没有表头“\(entry.name)”。", en: "The file has no heading “\(entry.name)”."))
    }
    guard faults.isEmpty else { throw Faults(faults) }
  }

  private func read(_ object: JSONObject, _ number: Int) -> Line {
    var object = object
    for member in options.standard.members where object[member.name] == nil { object[member.name] = member.value }
    return Line(number: number, intake: OrderIntake.shape.decode(.object(object)))
  }

  private func undecodable(_ number: Int) -> Line {
    refused(number, "undecodable", Text(zh: "含有所用编码中不存在的字节。", en: "It holds octets that are nothing in the file's encoding."))
  }

  private func refused(_ number: Int, _ code: String, _ detail: Text) -> Line {
    Line(number: number, intake: .failure(Faults([Fault(code: code, detail: detail)])))
  }
}
