// SPDX-License-Identifier: Apache-2.0
import Base
import Support
import Testing

/// A month's roster as a spreadsheet and on paper, against what the API says of the same month.
@Suite("Rosters on paper and as spreadsheets", .deployment(at: "2019-12-20T09:00:00+08:00"), .serialized)
struct RosterPaperTests {
  private struct Roster {
    let rows: [[String]]
    let head: Int
    /// The shifts' letters by when they begin and end: `08:00–20:00`.
    let marks: [String: String]

    init(_ rows: [[String]]) throws {
      self.rows = rows
      head = try #require(rows.firstIndex { $0.first == "姓名" }, "\(rows)")
      marks = Dictionary(
        rows.prefix(head).compactMap { row in
          guard let name = row.first, name.hasPrefix("班次 "), let says = row.dropFirst().first(where: { !$0.isEmpty }) else { return nil }
          return (String(says.prefix { $0 != "，" }), String(name.dropFirst(3)))
        }
      ) { first, _ in first }
    }

    /// The row of somebody by their code.
    func row(_ person: String) throws -> [String] {
      try #require(rows.dropFirst(head).first { $0.count > 1 && $0[1] == person }, "\(person)")
    }

    /// The rows of a name, one of each post, as numbers by day.
    func hours(_ name: String) -> [[String]] { rows.dropFirst(head).filter { $0.first == name }.map { Array($0.dropFirst(2)) } }
  }

  private func sheet(_ office: RosterOffice, _ query: String, as name: String) throws -> Roster {
    let answer = try office.who("supervisor").fetch("\(office.path)/roster/sheet?\(query)")
    try #require(answer.status == 200, "\(answer.text)")
    #expect(answer.fields["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    #expect(answer.fields["content-disposition"]?.contains("roster-\(office.tenant)-") == true)
    return try Roster(try Paper(office.deployment).sheet(answer.body, as: name))
  }

  @Test("every shift of the month stands in its person's row on the day it begins, hours and gaps are numbers that add up")
  func month() throws {
    let office = try RosterOffice("sanjianfang")
    try office.generate("2020-01-01", "2020-01-31")
    let leave: JSON = [
      "person": "seat-1", "startsAt": "2020-01-06T00:00:00+08:00", "endsAt": "2020-01-09T00:00:00+08:00", "reason": "家中有事",
    ]
    let id = try office.who("seat-1").make("\(office.path)/leaves", leave)
    #expect(
      try office.who("leader").post("\(office.path)/leaves/\(id)/approve", [:], ["If-Match": "\"1\""]).json["open"]?.array?.count == 2)

    let roster = try sheet(office, "month=2020-01", as: "roster")
    #expect(roster.rows[0][0] == "排班表" && roster.rows[roster.head].count == 35)
    #expect(roster.rows[roster.head][2] == "1 三" && roster.rows[roster.head][32] == "31 五")
    #expect(Set(roster.marks.keys) == ["08:00–20:00", "09:00–18:00", "20:00–次日08:00"], "\(roster.marks)")
    let shifts = try office.shifts("from=2020-01-01&to=2020-01-31&state=planned").filter { $0.from.hasPrefix("2020-01") }
    #expect(shifts.count == 77)
    for person in ["seat-1", "seat-2", "seat-3", "seat-4", "analyst-1"] {
      let row = try roster.row(person)
      let mine = shifts.filter { $0.person == person }
      var minutes = 0
      for day in 1...31 {
        let date = "2020-01-\(day < 10 ? "0" : "")\(day)"
        var wanted = mine.filter { $0.from.hasPrefix(date) }.map { shift in
          let (from, to) = (shift.from.dropFirst(11).prefix(5), shift.to.dropFirst(11).prefix(5))
          let isNext = !shift.to.hasPrefix(date)
          minutes += (Int(to.prefix(2)) ?? 0) * 60 - (Int(from.prefix(2)) ?? 0) * 60 + (isNext ? 1440 : 0)
          return roster.marks["\(from)–\(isNext ? "次日" : "")\(to)"] ?? "?"
        }
        if person == "seat-1", 6...8 ~= day { wanted.append("假") }
        #expect(row[day + 1] == wanted.joined(separator: " "), "\(person) \(date)")
      }
      #expect(row[33] == "\(mine.count)" && row[34] == "\(minutes / 60)", "\(row)")
    }
    // The night before the first day was planned by nobody, and the two shifts of the leave are open: one past midnight counts on both days.
    let missing = roster.hours("缺口（人时）")
    #expect(missing.count == 2 && missing[0].allSatisfy { $0.isEmpty || $0 == "0" }, "\(missing)")
    var hours = Array(repeating: "", count: 31)
    (hours[0], hours[5], hours[6], hours[7]) = ("8", "12", "4", "8")
    #expect(missing[1] == hours + ["", "32"], "\(missing[1])")
    #expect(try office.coverage("2020-01-01", "2020-01-31").json["missingMinutes"]?.integer == 32 * 60)
    let total = roster.hours("在岗班次")[1]
    #expect(total[0] == "2" && total[5] == "1" && total[31] == "60" && total[32] == "720", "\(total)")
    #expect(roster.rows.prefix(roster.head).contains { $0.first == "缺口合计（人时）" && $0.contains("32") })
  }

  @Test("on paper a month fits the width of a sheet of A4, in both languages; whoever may not see shifts sees none of it")
  func paper() throws {
    let office = try RosterOffice("sanjianfang")
    try office.generate("2020-03-01", "2020-03-31")
    let page = try office.who("vendor-manager").get("\(office.path)/roster/page?month=2020-03")
    #expect(page.status == 200 && page.fields["content-type"] == "text/html; charset=utf-8")
    let printed = try Paper(office.deployment).print(page.text, as: "roster")
    #expect(printed.size.contains("841.92x594.96"), "\(printed.size)")
    for text in ["排班表", "2020-03", "水嘉言", "坐席", "缺口（人时）", "20:00–次日08:00，12 小时"] { #expect(printed.text.contains(text), "\(text)") }
    let english = try office.who("seat-1").get("\(office.path)/roster/page?month=2020-03&lang=en&contract=seats-2019")
    #expect(english.text.contains("Missing (hours)") && english.text.contains("08:00–20:00, 12 hours"))
    // The month of today unless told.
    #expect(try office.who("seat-1").get("\(office.path)/roster/page").text.contains("2019-12"))
    #expect(try office.who("finance").get("\(office.path)/roster/page").status == 403)
    #expect(try office.who("supervisor").get("\(office.path)/roster/page?month=2020-13").status == 422)
    #expect(try office.who("supervisor").get("\(office.path)/roster/sheet?contract=other").status == 404)
    #expect(try RosterOffice("anding").who("leader").get("\(office.path)/roster/sheet").status == 404)
  }

  @Test("attendance of a month has for every shift what the API says of it, and totals by person that add up")
  func attendance() throws {
    let office = try RosterOffice("sanjianfang")
    let desk = AttendanceDesk(office: office)
    try office.generate("2020-04-01", "2020-04-14")
    try desk.setClock("2020-04-13T12:00:00+08:00")
    // The 4th to the 6th is a holiday; nobody comes on the 3rd, the 8th and the 9th.
    try desk.mark([
      "analyst-1 in 2020-04-01T09:12:00", "analyst-1 out 2020-04-01T18:00:00", "analyst-1 in 2020-04-02T08:55:00",
      "analyst-1 out 2020-04-02T17:30:00", "analyst-1 in 2020-04-07T08:50:00", "analyst-1 out 2020-04-07T12:00:00",
      "analyst-1 in 2020-04-07T13:05:00", "analyst-1 out 2020-04-07T18:05:00", "analyst-1 in 2020-04-10T08:59:00",
      "analyst-1 out 2020-04-10T18:00:00",
    ])
    let supervisor = try office.who("supervisor")
    let answer = try supervisor.fetch("\(desk.path)/sheet?month=2020-04")
    try #require(answer.status == 200, "\(answer.text)")
    let rows = try Paper(office.deployment).sheet(answer.body, as: "attendance")
    let head = try #require(rows.firstIndex { $0.first == "姓名" })
    #expect(rows[0][0] == "考勤表" && rows[head][2] == "1 三" && rows[head].suffix(7) == ["已认定", "到岗", "迟到", "早退", "脱岗", "缺勤", "分钟"])
    let lines = Dictionary(rows.dropFirst(head + 1).map { ($0[1], $0) }) { first, _ in first }
    let analyst = try #require(lines["analyst-1"])
    #expect(analyst[2] == "09:12 18:00 迟12" && analyst[3] == "08:55 17:30 早30" && analyst[4] == "缺540" && analyst[5] == "")
    #expect(analyst[8] == "08:50 18:05 脱65" && analyst[11] == "08:59 18:00" && analyst[14] == "·", "\(analyst)")
    // The 13th is not over yet: seven shifts, four of them come to.
    #expect(analyst.suffix(7) == ["7", "4", "1", "1", "1", "3", "1727"], "\(analyst)")

    let marks = ["late": "迟", "early": "早", "offPost": "脱", "absent": "缺"]
    let items = try desk.read("supervisor", "from=2020-04-01&to=2020-04-30&limit=500").json["items"]?.array ?? []
    #expect(items.count > 30)
    for item in items where item["startsAt"]?.string?.hasPrefix("2020-04") == true {
      let time = { (name: String) in item[name]?.string.map { String($0.dropFirst(11).prefix(5)) } }
      var parts = [time("arrivedAt"), time("leftAt")].compactMap { $0 }
      if item["judged"] == false { parts.append("·") }
      for found in item["findings"]?.array ?? [] {
        parts.append("\(marks[found["finding"]?.string ?? ""] ?? "?")\(found["minutes"]?.integer ?? -1)")
      }
      let day = try #require(Int((item["startsAt"]?.string ?? "").dropFirst(8).prefix(2)))
      let person = item["person"]?.string ?? ""
      #expect(lines[person]?[day + 1] == parts.joined(separator: " "), "\(person) \(day)")
    }
    let total = try #require(rows.last { $0.first == "合计" }).suffix(7).compactMap(Int.init)
    let sums = lines.values.filter { $0[0] != "合计" && $0.count == rows[head].count }.map { $0.suffix(7).compactMap(Int.init) }
    #expect(total == (0..<7).map { place in sums.reduce(0) { $0 + $1[place] } }, "\(total)")

    let printed = try Paper(office.deployment).print(supervisor.get("\(desk.path)/page?month=2020-04").text, as: "attendance")
    #expect(printed.size.contains("841.92x594.96") && printed.text.contains("考勤表") && printed.text.contains("1727"), "\(printed.size)")
    #expect(try office.who("seat-1").get("\(desk.path)/sheet").status == 403)
    #expect(try RosterOffice("anding").who("leader").get("\(desk.path)/page").status == 404)
    #expect(try supervisor.get("\(desk.path)/page?month=4").status == 422)
    #expect(try supervisor.get("\(desk.path)/page?contract=other").status == 404)
  }
}
