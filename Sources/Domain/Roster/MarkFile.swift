// SPDX-License-Identifier: Apache-2.0
import Base

/// What a column of a door's or a telephone system's table says of a clock mark.
package enum MarkColumn: String, Sendable, CaseIterable {
  case person, at, direction, device, externalNumber

  private var words: [String] {
    switch self {
    case .person: ["人员", "人员编号", "工号", "员工编号", "人员代码"]
    case .at: ["时间", "打卡时间", "刷卡时间", "考勤时间", "通行时间"]
    case .direction: ["方向", "进出", "进出方向", "打卡类型", "类型"]
    case .device: ["设备", "设备名称", "门禁", "打卡设备", "打卡地点"]
    case .externalNumber: ["编号", "流水号", "记录编号"]
    }
  }

  /// The column of a name: a member's in the API, or one of the headings that such systems write.
  package init?(_ name: String) {
    guard let known = Self.allCases.first(where: { $0.rawValue == name || $0.words.contains(name) }) else { return nil }
    self = known
  }

  /// How many characters are kept of it.
  fileprivate var most: Int { self == .device ? 60 : 100 }

  fileprivate static func direction(_ cell: String) -> ClockMark.Direction? {
    switch cell {
    case "in", "IN", "In", "进", "进门", "入", "上班", "上班打卡", "签到": .entering
    case "out", "OUT", "Out", "出", "出门", "下班", "下班打卡", "签退": .leaving
    default: nil
    }
  }
}

/// Reads clock marks out of a table that comes in pieces.
package struct MarkFile {
  /// One mark of the file, or what is wrong with it.
  package struct Line: Sendable {
    /// Where it begins, from 1.
    package let number: Int
    package let mark: Result<RecordedMark, Faults>
  }

  private static let longestLine = 1 << 14

  private var table: HeadedTable<MarkColumn>
  private let names: Names

  /// What became of the headings, written once by the table's reading of them.
  private final class Names {
    var ignored: [String] = []
  }

  /// - Parameters:
  ///   - headings: what a heading means, where it is not among the known ones or means something else.
  ///   - decode: makes text of octets; nil for octets that are none.
  package init(_ headings: [String: MarkColumn], decode: @escaping ([UInt8]) -> String?) {
    let names = Names()
    self.names = names
    table = HeadedTable(longest: Self.longestLine, decode: decode) { texts throws(Faults) in
      let columns = texts.map { headings[$0] ?? MarkColumn($0) }
      for (place, column) in columns.enumerated() {
        guard let column, columns.prefix(place).contains(column) else { continue }
        throw Faults([
          Fault(
            pointer: "/\(column.rawValue)", code: "repeated-heading",
            detail: Text(zh: "“\(texts[place])”与另一列含义相同。", en: "“\(texts[place])” means the same as another column."))
        ])
      }
      let missing = [MarkColumn.person, .at, .direction].filter { !columns.contains($0) }
      guard missing.isEmpty else {
        throw Faults(
          missing.map { column in
            Fault(
              pointer: "/\(column.rawValue)", code: "missing-heading",
              detail: Text(
                zh: "表头中没有 \(column.rawValue) 一列；可用 map 指明。", en: "No heading means \(column.rawValue); say which with map."))
          })
      }
      names.ignored = zip(texts, columns).filter { $0.1 == nil }.map { String($0.0.prefix(60)) }
      return columns
    }
  }

  /// The headings that nothing is known of; their cells are passed over.
  package var ignored: [String] { names.ignored }

  /// Reads what comes next.
  ///
  /// - Throws: `Faults` for headings that no mark can be read by.
  package mutating func take(_ piece: [UInt8]) throws(Faults) -> [Line] { try table.take(piece).map(Self.line) }

  /// Reads the end of the file.
  package mutating func finish() throws(Faults) -> [Line] { try table.finish().map(Self.line) }

  private static func line(_ row: HeadedTable<MarkColumn>.Row) -> Line {
    Line(number: row.number, mark: row.cells.flatMap(mark))
  }

  private static func mark(_ cells: [(column: MarkColumn, text: String)]) -> Result<RecordedMark, Faults> {
    var texts = Texts()
    for cell in cells { texts[cell.column] = cell.text }
    let (at, direction) = (texts.at.flatMap(Instant.init(exported:)), texts.direction.flatMap(MarkColumn.direction))
    if let person = texts.person, let at, let direction, !texts.isTooLong(.device), !texts.isTooLong(.externalNumber) {
      return .success(
        RecordedMark(
          person: person, ClockMark(at: at, direction), source: .import, device: texts.device, externalNumber: texts.externalNumber))
    }
    var faults: [Fault] = []
    func fail(_ column: MarkColumn, _ code: String, _ zh: String, _ en: String) {
      faults.append(Fault(pointer: "/\(column.rawValue)", code: code, detail: Text(zh: zh, en: en)))
    }
    for column in [MarkColumn.person, .at, .direction] where texts[column] == nil {
      fail(column, "missing-member", "缺少此项。", "This is missing.")
    }
    for column in [MarkColumn.device, .externalNumber] where texts.isTooLong(column) {
      fail(column, "too-long", "至多 \(column.most) 字。", "At most \(column.most) characters.")
    }
    if texts.at != nil, at == nil { fail(.at, "not-a-time", "不是可读的时间。", "This is no time that can be read.") }
    if texts.direction != nil, direction == nil {
      fail(.direction, "not-in-list", "须为进或出（in、out、上班、下班等）。", "This says neither in nor out.")
    }
    return .failure(Faults(faults))
  }

  /// What a row says.
  private struct Texts {
    var person: String?
    var at: String?
    var direction: String?
    var device: String?
    var externalNumber: String?

    subscript(column: MarkColumn) -> String? {
      get {
        switch column {
        case .person: person
        case .at: at
        case .direction: direction
        case .device: device
        case .externalNumber: externalNumber
        }
      }
      set {
        switch column {
        case .person: person = newValue
        case .at: at = newValue
        case .direction: direction = newValue
        case .device: device = newValue
        case .externalNumber: externalNumber = newValue
        }
      }
    }

    func isTooLong(_ column: MarkColumn) -> Bool {
      // Nothing has more characters than octets.
      self[column].map { $0.utf8.count > column.most && $0.count > column.most } ?? false
    }
  }
}
