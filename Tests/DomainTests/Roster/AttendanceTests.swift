// SPDX-License-Identifier: Apache-2.0
import Base
import Domain
import Testing

@Suite("Attendance of a shift")
struct AttendanceTests {
  private let rules = AttendanceRules(
    late: .init(over: 0, incident: "late-or-early"), early: .init(over: 0, incident: "late-or-early"),
    offPost: .init(over: 15, incident: nil),
    absent: .init(over: 0, incident: "absence"))

  private func at(_ text: String) throws -> Instant { try #require(Instant("\(text):00+08:00")) }

  /// Marks written as `in 2020-02-03T08:00`.
  private func marks(_ texts: [String]) throws -> [ClockMark] {
    try texts.map { text in
      let parts = text.split(separator: " ").map(String.init)
      return ClockMark(
        at: try #require(Instant(parts[1] + (parts[1].count == 16 ? ":00" : "") + "+08:00")), parts[0] == "in" ? .entering : .leaving)
    }
  }

  /// A night shift from 20:00 to 08:00.
  private func judge(_ texts: [String], _ rules: AttendanceRules? = nil) throws -> [String] {
    let shift = try self.at("2020-02-03T20:00")..<at("2020-02-04T08:00")
    return try ShiftAttendance(shift, marks(texts), before: at("2020-02-02T20:00"), after: at("2020-02-05T20:00"), rules ?? self.rules)
      .found
      .map { "\($0.finding) \($0.minutes)" }
  }

  @Test(
    "late, early, off the post, absent, past midnight",
    arguments: [
      (["in 2020-02-03T19:55", "out 2020-02-04T08:01"], [String]()),
      (["in 2020-02-03T20:00", "out 2020-02-04T08:00"], []),
      (["in 2020-02-03T20:00:01", "out 2020-02-04T08:00"], ["late 0"]),
      (["in 2020-02-03T20:12", "out 2020-02-04T07:30"], ["late 12", "early 30"]),
      ([], ["absent 720"]),
      (["in 2020-02-02T19:00", "out 2020-02-02T20:00"], ["absent 720"]),
      (["in 2020-02-03T19:50", "out 2020-02-04T02:00", "in 2020-02-04T02:15", "out 2020-02-04T08:10"], []),
      (["in 2020-02-03T19:50", "out 2020-02-04T02:00", "in 2020-02-04T02:16", "out 2020-02-04T08:10"], ["offPost 16"]),
      (["in 2020-02-03T19:50"], []),
      (["in 2020-02-03T19:50", "out 2020-02-04T02:00", "in 2020-02-04T02:15"], []),
      (["in 2020-02-03T19:50", "out 2020-02-04T07:30", "in 2020-02-04T08:30"], ["early 30"]),
      (["out 2020-02-04T08:00"], ["absent 720"]),
    ])
  func found(marks: [String], wanted: [String]) throws { #expect(try judge(marks) == wanted) }

  @Test("a tolerance of ten minutes holds at ten minutes and no further")
  func tolerance() throws {
    let rules = AttendanceRules(late: .init(over: 10, incident: nil), early: nil, offPost: nil, absent: nil)
    #expect(try judge(["in 2020-02-03T20:10", "out 2020-02-04T08:00"], rules) == [])
    #expect(try judge(["in 2020-02-03T20:10:01", "out 2020-02-04T08:00"], rules) == ["late 10"])
    #expect(try judge([], rules) == [])
  }

  @Test(
    "nobody is missed on leave: it ends a shift earlier, begins it later, or excuses all of it",
    arguments: [
      (["2020-02-03T20:00", "2020-02-04T08:00"], [String](), [String]()),
      (["2020-02-03T12:00", "2020-02-03T22:00"], ["in 2020-02-03T22:05", "out 2020-02-04T08:00"], ["late 5"]),
      (["2020-02-04T06:00", "2020-02-05T00:00"], ["in 2020-02-03T20:00", "out 2020-02-04T05:50"], ["early 10"]),
      (["2020-02-04T01:00", "2020-02-04T02:00"], ["in 2020-02-03T20:00", "out 2020-02-04T00:50", "in 2020-02-04T02:10"], ["offPost 20"]),
      (["2020-02-04T06:00", "2020-02-05T00:00"], [], ["absent 600"]),
    ])
  func leave(times: [String], marks: [String], wanted: [String]) throws {
    let shift = try at("2020-02-03T20:00")..<at("2020-02-04T08:00")
    let leave = try at(times[0])..<at(times[1])
    let judged = try ShiftAttendance(shift, self.marks(marks), before: nil, after: nil, leave: [leave], rules)
    #expect(judged.found.map { "\($0.finding) \($0.minutes)" } == wanted)
    #expect((judged.duty == nil) == (times == ["2020-02-03T20:00", "2020-02-04T08:00"]))
  }

  @Test("a shift is judged after the widest tolerance, or when the office says")
  func judgeAfter() {
    let late = AttendanceRules.Rule(over: 10, incident: nil)
    #expect(AttendanceRules(late: late, early: .init(over: 60, incident: nil), offPost: nil, absent: nil).judgeAfter == 60)
    #expect(AttendanceRules(late: late, early: nil, offPost: nil, absent: nil, judgeAfter: 1440).judgeAfter == 1440)
    #expect(rules.judgeAfter == 15)
  }
}
