// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import HTTP
import Postgres
import Store

/// A month's attendance as a spreadsheet and to print: what `…/attendance` tells, with a row for everybody and a column for every day.
enum AttendanceTableRoutes {
  static func all(_ services: Services) -> [Route] {
    TableRoutes.pair(
      "/v1/tenants/{tenant}/attendance", .tenant(.attendanceRead), "Attendance",
      Text(zh: "一个月的考勤：人员逐日的到离岗与认定，各人合计", en: "a month's attendance: everybody's coming, going and findings by day, with totals"),
      query: RosterDesk.monthParameters
    ) { call, language in
      try await table(call, services, language)
    }
  }

  private static func table(_ call: Call, _ services: Services, _ language: Language) async throws -> Table {
    let days = try RosterDesk.month(call)
    let (tenant, context) = (try call.office.tenant, Context.tenant(try call.office.tenant.number))
    let contracts = try await ShiftRoutes.contracts(call, services)
    let duty = try await services.lanes.query(ShiftStore.begun(in: days.time, under: contracts, in: tenant), in: context)
    let reading = try await AttendanceReading(duty, proposed: false, in: tenant, services)
    let names = try await services.lanes.query(StaffStore.names(of: Set(duty.map(\.duty.shift.person)).sorted(), in: tenant), in: context)
    let month = AttendanceMonth(
      days: days,
      shifts: duty.map { stored in
        let entry = reading.entry(of: stored)
        let isJudged = entry.map { $0.rules.judged(stored.duty.shift.interval) <= call.now } ?? false
        return (stored.duty.shift, entry?.attendance, isJudged)
      })
    return AttendanceTable(
      month: month, names: Dictionary(names.map { ($0.code, $0.name) }) { first, _ in first }, language: language
    ).table(name: "attendance-\(try call.office.code)-\(days.first.month)", of: call.request.target.query["contract"])
  }
}

/// Puts a month's attendance into rows.
private struct AttendanceTable {
  let month: AttendanceMonth
  /// What people are called.
  let names: [String: String]
  let language: Language

  private func pick(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

  func table(name: String, of contract: String?) -> Table {
    var facts: [(name: String, value: SheetCell.Value)] = [(pick("月份", "Month"), .text(month.days.first.month))]
    if let contract { facts.append((pick("合同", "Contract"), .text(contract))) }
    let marks = ShiftAttendance.Finding.allCases.map { "\(mark($0))=\($0.name[language])" }.joined(separator: pick("，", ", "))
    facts.append(
      (
        pick("说明", "Notes"),
        .text(
          pick(
            "每格为当日起始的班次的到岗、离岗时刻与认定及其分钟数：\(marks)；假=全班在假；·=尚未认定。",
            "Each cell has when somebody came and went, and what is found, in minutes, of the shift that begins on the day: \(marks); X=on leave for all of it; ·=not judged yet."
          ))
      ))
    let findings = ShiftAttendance.Finding.allCases
    return Table(
      name: name, title: pick("考勤表", "Attendance"), facts: facts,
      columns: [.init(pick("姓名", "Name"), 10), .init(pick("代码", "Code"), 12)]
        + month.days.each.map { Table.Column("\($0.first.components.day) \($0.first.weekday.mark[language])", 6) }
        + [.init(pick("已认定", "Judged"), 6), .init(pick("到岗", "Came"), 6)] + findings.map { .init($0.name[language], 6) }
        + [.init(pick("分钟", "Minutes"), 10)],
      isDense: true, language: language, rows: month.lines.map(row) + [total])
  }

  private func row(_ line: AttendanceMonth.Line) -> [SheetCell] {
    [.text(names[line.person] ?? line.person), .text(line.person)]
      + line.days.map { day in SheetCell(day.isEmpty ? .empty : .text(day.map(text).joined(separator: " "))) } + sums(line.sums, .plain)
  }

  private var total: [SheetCell] {
    [SheetCell(.text(pick("合计", "Total")), .total, span: 2)] + month.days.each.map { _ in SheetCell(.empty, .total) }
      + sums(month.lines.reduce(into: AttendanceMonth.Sums()) { $0.add($1.sums) }, .total)
  }

  private func sums(_ sums: AttendanceMonth.Sums, _ weight: SheetCell.Weight) -> [SheetCell] {
    ([sums.shifts, sums.came] + ShiftAttendance.Finding.allCases.map { sums.found[$0] ?? 0 } + [sums.minutes]).map {
      SheetCell(.integer(Int64($0)), weight)
    }
  }

  private func text(_ cell: AttendanceMonth.Cell) -> String {
    var parts = [cell.arrived, cell.left].compactMap { $0.map { String("\($0.time)".prefix(5)) } }
    if cell.isAway { parts.append(pick("假", "X")) }
    guard cell.isJudged else { return (parts + ["·"]).joined(separator: " ") }
    parts += cell.found.map { "\(mark($0.finding))\($0.minutes)" }
    return parts.joined(separator: " ")
  }

  /// A finding in a cell.
  private func mark(_ finding: ShiftAttendance.Finding) -> String {
    switch finding {
    case .late: pick("迟", "L")
    case .early: pick("早", "E")
    case .offPost: pick("脱", "O")
    case .absent: pick("缺", "A")
    }
  }
}
