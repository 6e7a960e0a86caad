// SPDX-License-Identifier: Apache-2.0
import Base

/// What a column of a source's table says of an order, and how its cells are written as the members of an intake.
package enum OrderColumn: Sendable, Hashable {
  case source, externalNumber, contract, grade, category, area, community, title, content, tags, special, reportedAt, reportedDue
  case name, phone, address
  /// An attribute of the office's own, for decision tables to ask.
  case attribute(String)

  private static let words: [(column: OrderColumn, words: [String])] = [
    (.source, ["source", "来源", "工单来源", "诉求来源"]),
    (.externalNumber, ["externalNumber", "工单编号", "诉求编号", "案件编号", "工单号", "编号", "单号"]),
    (.contract, ["contract", "合同"]),
    (.grade, ["grade", "紧急程度", "响应级别", "工单等级", "办理时限"]),
    (.category, ["category", "诉求类别", "问题分类", "问题类别", "类别", "分类"]),
    (.area, ["area", "区域", "所属区域", "地区"]),
    (.community, ["community", "社区", "村居", "社区村", "社区/村", "所属社区"]),
    (.title, ["title", "标题", "诉求标题"]),
    (.content, ["content", "诉求内容", "主要内容", "问题描述", "内容"]),
    (.tags, ["tags", "标签"]),
    (.special, ["special", "特殊", "是否特殊", "特殊工单"]),
    (.reportedAt, ["reportedAt", "派单时间", "来电时间", "下派时间", "受理时间"]),
    (.reportedDue, ["reportedDue", "截止时间", "办理截止时间", "要求办结时间"]),
    (.name, ["citizen.name", "name", "诉求人", "来电人", "姓名", "诉求人姓名"]),
    (.phone, ["citizen.phone", "phone", "联系电话", "来电号码", "电话", "诉求人电话"]),
    (.address, ["citizen.address", "address", "地址", "诉求地址", "问题地址"]),
  ]

  /// The column of a name: a member's in the API, or one of the headings that the city's and the districts' exports have.
  package init?(_ name: String) {
    let name = String(name.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    if let known = Self.words.first(where: { $0.words.contains(name) }) {
      self = known.column
    } else if name.hasPrefix("attributes."), (1...60).contains(name.count - 11) {
      self = .attribute(String(name.dropFirst(11)))
    } else {
      return nil
    }
  }

  /// The name of the member in an intake.
  package var name: String {
    if case .attribute(let name) = self { return "attributes.\(name)" }
    return Self.words.first { $0.column == self }?.words.first ?? ""
  }

  /// Puts a cell that says something into an intake.
  ///
  /// - Parameter dates: how the source writes times; nil for the usual ways.
  func put(_ cell: String, into intake: inout JSONObject, dates: DatePattern? = nil) {
    switch self {
    case .name, .phone, .address:
      var citizen = intake["citizen"]?.object ?? JSONObject()
      citizen[String(name.dropFirst(8))] = .string(cell)
      intake["citizen"] = .object(citizen)
    case .attribute(let name):
      var attributes = intake["attributes"]?.object ?? JSONObject()
      attributes[name] = .string(cell)
      intake["attributes"] = .object(attributes)
    case .tags:
      let separators: Set<Character> = [";", "；", "、", "|", ",", "，"]
      intake["tags"] = .array(cell.split { separators.contains($0) }.map { JSON.string(String($0)) })
    case .special: intake[name] = Self.truth(cell).map { JSON.bool($0) } ?? .string(cell)
    case .reportedAt, .reportedDue:
      intake[name] = .string((dates.map { $0.instant(cell) } ?? Instant(exported: cell))?.description ?? cell)
    case .source: intake[name] = .string(Self.source(cell)?.rawValue ?? cell)
    case .grade: intake[name] = .string(Self.grade(cell))
    default: intake[name] = .string(cell)
    }
  }

  private static func truth(_ cell: String) -> Bool? {
    switch cell.lowercased() {
    case "是", "true", "yes", "y", "1": true
    case "否", "false", "no", "n", "0": false
    default: nil
    }
  }

  private static func source(_ cell: String) -> OrderSource? {
    switch cell {
    case "市级", "市级平台", "12345", "市12345", "市民热线": .city
    case "区级", "区级平台", "区城指中心": .district
    case "网格", "网格巡查", "网格上报": .grid
    case "城管考评", "城市管理考评", "城管": .cityManagement
    case "自查", "自行发现", "未诉先办", "主动治理": .selfFound
    default: OrderSource(rawValue: cell)
    }
  }

  /// `2小时`, `7 天`, `15日` as `2h`, `7d`, `15d`.
  private static func grade(_ cell: String) -> String {
    let digits = cell.prefix { $0.isASCII && $0.isNumber }
    let unit = cell.dropFirst(digits.count).drop { $0 == " " }
    guard !digits.isEmpty else { return cell }
    return switch unit {
    case "小时", "时", "h", "H": "\(digits)h"
    case "天", "日", "d", "D": "\(digits)d"
    default: cell
    }
  }
}

extension Instant {
  /// A time as exports write it, in Shanghai where it has no offset: `2026-11-01 10:00`, `2026/11/1 10:00:05`.
  init?(exported cell: String) {
    if let instant = Instant(cell) ?? Instant(regular: cell) {
      self = instant
      return
    }
    let parts = cell.split { $0 == " " || $0 == "T" }
    guard (1...2).contains(parts.count) else { return nil }
    let numbers = parts[0].split { $0 == "-" || $0 == "/" || $0 == "." }.compactMap { Int($0) }
    guard numbers.count == 3, let date = CivilDate(year: numbers[0], month: numbers[1], day: numbers[2]) else { return nil }
    guard parts.count == 2 else {
      self.init(date)
      return
    }
    let time = parts[1].split(separator: ":").compactMap { Int($0) }
    guard (2...3).contains(time.count),
      let time = CivilTime(hour: time[0], minute: time[1], second: time.count == 3 ? time[2] : 0)
    else { return nil }
    self.init(date, time)
  }

  /// A time with all its digits, as most exports write it: `2026-11-01 10:00`, `2026/11/01T10:00:05`.
  private init?(regular cell: String) {
    var cell = cell
    let found = cell.withUTF8 { octets -> Instant? in
      guard octets.count == 16 || octets.count == 19 else { return nil }
      func number(_ places: Range<Int>) -> Int? {
        var number = 0
        for octet in octets[places] {
          guard octet &- UInt8(ascii: "0") < 10 else { return nil }
          number = number * 10 + Int(octet - UInt8(ascii: "0"))
        }
        return number
      }
      let mark = octets[4]
      guard mark == octets[7], mark == UInt8(ascii: "-") || mark == UInt8(ascii: "/") || mark == UInt8(ascii: "."),
        octets[10] == UInt8(ascii: " ") || octets[10] == UInt8(ascii: "T"), octets[13] == UInt8(ascii: ":"),
        octets.count == 16 || octets[16] == UInt8(ascii: ":"), let year = number(0..<4), let month = number(5..<7),
        let day = number(8..<10), let hour = number(11..<13), let minute = number(14..<16),
        let second = octets.count == 16 ? 0 : number(17..<19), let date = CivilDate(year: year, month: month, day: day),
        let time = CivilTime(hour: hour, minute: minute, second: second)
      else { return nil }
      return Instant(date, time)
    }
    guard let found else { return nil }
    self = found
  }
}
