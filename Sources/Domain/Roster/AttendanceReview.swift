// SPDX-License-Identifier: Apache-2.0
import Base

/// One person's shifts judged by that person's marks.
package enum AttendanceReview {
  /// Judges shifts, those that the rules have something to say of.
  ///
  /// - Parameters:
  ///   - shifts: the person's, in the order of time; those around the judged ones should be among them, since marks belong to the nearest.
  ///   - marks: the person's, in the order of time.
  ///   - leave: that was approved.
  ///   - rules: those that a shift is judged by; nil where it is not judged.
  /// - Returns: what each shift comes to.
  package static func judge(
    _ shifts: [Range<Instant>], by marks: [ClockMark], leave: [Range<Instant>], _ rules: (Range<Instant>) -> AttendanceRules?
  ) -> [ShiftAttendance?] {
    var first = 0
    var judged: [ShiftAttendance?] = []
    judged.reserveCapacity(shifts.count)
    for (place, shift) in shifts.enumerated() {
      let (from, to) = (
        shift.lowerBound.microseconds - ShiftAttendance.reach, shift.upperBound.microseconds + ShiftAttendance.reach
      )
      while first < marks.count, marks[first].at.microseconds < from { first += 1 }
      guard let rules = rules(shift) else {
        judged.append(nil)
        continue
      }
      judged.append(
        ShiftAttendance(
          shift, marks[first...].prefix { $0.at.microseconds <= to }, before: place > 0 ? shifts[place - 1].upperBound : nil,
          after: place + 1 < shifts.count ? shifts[place + 1].lowerBound : nil, leave: leave.filter { $0.overlaps(shift) }, rules))
    }
    return judged
  }
}

extension AttendanceRules {
  /// The first instant at which a shift is judged.
  package func judged(_ shift: Range<Instant>) -> Instant {
    Instant(microseconds: shift.upperBound.microseconds + Int64(judgeAfter) * Instant.minute) ?? shift.upperBound
  }
}
