// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// A month's roster as a spreadsheet and to print.
enum RosterTableRoutes {
  static func all(_ services: Services) -> [Route] {
    TableRoutes.pair(
      "/v1/tenants/{tenant}/roster", .tenant(.shiftRead), "Roster",
      Text(zh: "一个月的排班：人员逐日的班次、工时与缺口", en: "a month's roster: everybody's shifts by day, their hours, and the gaps"),
      query: RosterDesk.monthParameters
    ) { call, language in
      try await table(call, services, language)
    }
  }

  private static func table(_ call: Call, _ services: Services, _ language: Language) async throws -> Table {
    let contract = call.request.target.query["contract"]
    let days = try RosterDesk.month(call)
    let desk = try await RosterDesk(call, services, of: contract)
    let (tenant, context) = (try call.office.tenant, Context.tenant(try call.office.tenant.number))
    let staff = try await desk.staff(for: days)
    let duty = staff.planned.map(\.shift).filter { desk.contracts.contains($0.contract) }
    let gaps = Coverage.gaps(between: try desk.wanted(in: days), and: duty, in: days.time)
    let month = RosterMonth(days, people: staff.people, duty: duty, gaps: gaps)
    let names = StaffStore.names(of: month.posts.flatMap { $0.lines.map(\.person) }, in: tenant)
    let posts = StaffStore.posts(in: tenant)
    let answers = try await services.lanes.rows([names.statement, posts.statement], in: context, .read)
    let writing = RosterTable(
      month: month, names: Dictionary(try answers[0].decoded(by: names).map { ($0.code, $0.name) }) { first, _ in first },
      posts: try answers[1].decoded(by: posts), language: language)
    return writing.table(name: "roster-\(try call.office.code)-\(days.first.month)", of: contract)
  }
}

/// Puts a month's roster into rows.
private struct RosterTable {
  let month: RosterMonth
  /// What people are called.
  let names: [String: String]
  let posts: [StaffStore.Post]
  let language: Language

  private func pick(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

  func table(name: String, of contract: String?) -> Table {
    var facts: [(name: String, value: SheetCell.Value)] = [(pick("月份", "Month"), .text(month.days.first.month))]
    if let contract { facts.append((pick("合同", "Contract"), .text(contract))) }
    for (place, turn) in month.turns.enumerated() {
      facts.append((pick("班次 \(Self.mark(place))", "Shift \(Self.mark(place))"), .text(says(turn))))
    }
    facts.append(
      (
        pick("说明", "Notes"),
        .text(
          pick(
            "班次记在其开始之日；“假”为已批准的休假；缺口以人时计。", "A shift stands on the day it begins; “L” is approved leave; gaps are in hours of people."))
      ))
    let missing = month.posts.reduce(0) { $0 + $1.missing.reduce(0, +) }
    facts.append((pick("缺口合计（人时）", "Missing (hours)"), .decimal(Self.hours(missing))))
    return Table(
      name: name, title: pick("排班表", "Roster"), facts: facts,
      columns: [.init(pick("姓名", "Name"), 10), .init(pick("代码", "Code"), 12)]
        + month.days.each.map { Table.Column("\($0.first.components.day) \($0.first.weekday.mark[language])", 4) }
        + [.init(pick("班数", "Shifts"), 5), .init(pick("工时", "Hours"), 7)],
      isDense: true, language: language, rows: month.posts.flatMap(rows))
  }

  private func says(_ turn: RosterMonth.Turn) -> String {
    let (end, isNextDay) = turn.end
    let hours = Self.hours(turn.minutes)
    return pick(
      "\(turn.from)–\(isNextDay ? "次日" : "")\(end)，\(hours) 小时", "\(turn.from)–\(end)\(isNextDay ? " of the next day" : ""), \(hours) hours"
    )
  }

  private func rows(_ post: RosterMonth.Post) -> [[SheetCell]] {
    let width = month.days.days + 4
    let title = posts.first { $0.contract == post.contract && $0.code == post.post }?.title[language] ?? post.post
    var rows = [[SheetCell(.text(pick("\(title)（\(post.contract)）", "\(title) (\(post.contract))")), .label, span: width)]]
    for line in post.lines {
      rows.append(
        [.text(names[line.person] ?? line.person), .text(line.person)] + line.days.map { .text(text($0)) } + [
          .integer(line.shifts), SheetCell(.decimal(Self.hours(line.minutes))),
        ])
    }
    let lines = post.lines
    rows.append(
      [SheetCell(.text(pick("在岗班次", "Shifts")), .total, span: 2)]
        + month.days.each.indices.map { day in SheetCell(.integer(Int64(lines.reduce(0) { $0 + $1.days[day].turns.count })), .total) } + [
          SheetCell(.integer(Int64(lines.reduce(0) { $0 + $1.shifts })), .total),
          SheetCell(.decimal(Self.hours(lines.reduce(0) { $0 + $1.minutes })), .total),
        ])
    rows.append(
      [SheetCell(.text(pick("缺口（人时）", "Missing (hours)")), .total, span: 2)]
        + post.missing.map { SheetCell($0 == 0 ? .empty : .decimal(Self.hours($0)), .total) } + [
          SheetCell(.empty, .total), SheetCell(.decimal(Self.hours(post.missing.reduce(0, +))), .total),
        ])
    return rows
  }

  private func text(_ day: RosterMonth.Day) -> String {
    let marks = day.turns.map(Self.mark).joined(separator: " ")
    guard day.isAway else { return marks }
    return marks.isEmpty ? pick("假", "L") : "\(marks) \(pick("假", "L"))"
  }

  /// A letter; with a number behind it from the second round on.
  private static func mark(_ place: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(place % 26)))
    return place < 26 ? letter : "\(letter)\(place / 26 + 1)"
  }

  /// Minutes as hours, to the hundredth.
  static func hours(_ minutes: Int) -> String {
    let hundredths = (minutes * 10 + 3) / 6
    let (whole, part) = (hundredths / 100, hundredths % 100)
    if part == 0 { return "\(whole)" }
    return part % 10 == 0 ? "\(whole).\(part / 10)" : "\(whole).\(part < 10 ? "0" : "")\(part)"
  }
}

extension Weekday {
  /// What it is in the head of a narrow column.
  var mark: Text { Text(zh: String(name.zh.suffix(1)), en: String(name.en.prefix(2))) }
}
