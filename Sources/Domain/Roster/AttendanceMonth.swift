// SPDX-License-Identifier: Apache-2.0
import Base

/// A month's attendance by person and day, with totals.
package struct AttendanceMonth: Sendable, Hashable {
  /// What a shift came to.
  package struct Cell: Sendable, Hashable {
    package let arrived: Instant?
    package let left: Instant?
    /// Whether approved leave left nothing of it.
    package let isAway: Bool
    package let isJudged: Bool
    /// Nothing before it is judged.
    package let found: [ShiftAttendance.Found]
  }

  /// How often something was so; all of judged shifts only.
  package struct Sums: Sendable, Hashable {
    package private(set) var shifts = 0
    /// Those to which somebody came.
    package private(set) var came = 0
    package private(set) var found: [ShiftAttendance.Finding: Int] = [:]
    /// The minutes of what was found, together.
    package private(set) var minutes = 0

    package init() {}

    fileprivate mutating func add(_ cell: Cell) {
      guard cell.isJudged else { return }
      shifts += 1
      came += cell.arrived == nil ? 0 : 1
      for found in cell.found {
        self.found[found.finding, default: 0] += 1
        minutes += found.minutes
      }
    }

    package mutating func add(_ other: Sums) {
      shifts += other.shifts
      came += other.came
      found.merge(other.found) { $0 + $1 }
      minutes += other.minutes
    }
  }

  package struct Line: Sendable, Hashable {
    package let person: String
    /// The shifts that begin on each day, in the order of time.
    package fileprivate(set) var days: [[Cell]]
    package fileprivate(set) var sums = Sums()
  }

  package let days: DateRange
  /// By the codes of people.
  package let lines: [Line]

  /// - Parameter shifts: what was planned, in the order of time, with what the marks come to, nil where no rule judges it; what begins on
  ///   other days is left out.
  package init(days: DateRange, shifts: [(shift: DutyShift, attendance: ShiftAttendance?, isJudged: Bool)]) {
    self.days = days
    var lines: [String: Line] = [:]
    for (shift, attendance, isJudged) in shifts where days.contains(shift.interval.lowerBound) {
      let cell = Cell(
        arrived: attendance?.arrived, left: attendance?.left, isAway: attendance.map { $0.duty == nil } ?? false, isJudged: isJudged,
        found: isJudged ? attendance?.found ?? [] : [])
      var line = lines[shift.person] ?? Line(person: shift.person, days: Array(repeating: [], count: days.days))
      line.days[shift.interval.lowerBound.date.days(since: days.first)].append(cell)
      line.sums.add(cell)
      lines[shift.person] = line
    }
    self.lines = lines.values.sorted { $0.person < $1.person }
  }
}
