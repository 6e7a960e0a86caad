// SPDX-License-Identifier: Apache-2.0
import Base

/// When somebody counts as late, early, absent or off the post, and which incident that proposes; the office's own.
package struct AttendanceRules: Sendable, Hashable {
  /// From how many minutes on a finding proposes an incident, and which.
  package struct Rule: Sendable, Hashable {
    /// The finding must exceed so many minutes.
    package let over: Int
    /// The incident's kind in the contract; nil where it is found and proposes nothing.
    package let incident: String?

    package init(over: Int, incident: String?) { (self.over, self.incident) = (over, incident) }
  }

  package let late: Rule?
  package let early: Rule?
  package let offPost: Rule?
  package let absent: Rule?
  /// How many minutes after its end a shift is judged, so that the marks of all doors and telephones are in by then.
  package let judgeAfter: Int

  /// - Parameter judgeAfter: nil for the widest of the tolerances.
  package init(late: Rule?, early: Rule?, offPost: Rule?, absent: Rule?, judgeAfter: Int? = nil) {
    (self.late, self.early, self.offPost, self.absent) = (late, early, offPost, absent)
    self.judgeAfter = judgeAfter ?? [late, early, offPost, absent].compactMap { $0?.over }.max() ?? 0
  }

  package func rule(of finding: ShiftAttendance.Finding) -> Rule? {
    switch finding {
    case .late: late
    case .early: early
    case .offPost: offPost
    case .absent: absent
    }
  }
}

extension AttendanceRules {
  private static let rule: Shape<Rule> = .object(
    Field("over", .object(Field("minutes", .integer(0...1440))) { $0 }), Field(optional: "incident", .code)
  ) { Rule(over: $0, incident: $1) }

  static let shape: Shape<AttendanceRules> = .object(
    "attendanceRules", about: Text(zh: "迟到、早退、脱岗、旷工的认定。", en: "When somebody counts as late, early, off the post or absent."),
    Field(optional: "late", rule), Field(optional: "early", rule), Field(optional: "offPost", rule), Field(optional: "absent", rule),
    Field(optional: "judgeAfter", .object(Field("minutes", .integer(0...10_080))) { $0 })
  ) { AttendanceRules(late: $0, early: $1, offPost: $2, absent: $3, judgeAfter: $4) }
}

/// A clock-in or clock-out.
package struct ClockMark: Sendable, Hashable {
  package enum Direction: String, Sendable, Hashable, CaseIterable {
    case entering = "in"
    case leaving = "out"
  }

  package let at: Instant
  package let direction: Direction

  package init(at: Instant, _ direction: Direction) { (self.at, self.direction) = (at, direction) }
}

/// What the marks of one shift come to.
package struct ShiftAttendance: Sendable, Hashable {
  package enum Finding: String, Sendable, Hashable, CaseIterable { case late, early, offPost, absent }

  package struct Found: Sendable, Hashable {
    package let finding: Finding
    /// Whole minutes, those begun not counted.
    package let minutes: Int
    package let incident: String?
  }

  package let arrived: Instant?
  package let left: Instant?
  package let found: [Found]
  /// The time of the shift without leave at its beginning and end; nil where leave covers all of it.
  package let duty: Range<Instant>?
  /// The time whose marks belong to the shift.
  package let window: ClosedRange<Instant>

  /// How long before the shift a clock-in, and after it a clock-out, still belongs to it, unless another shift is nearer.
  package static let reach: Int64 = 4 * Instant.hour

  /// Judges a shift that is over by the marks near it.
  ///
  /// - Parameters:
  ///   - shift: when the person was to be on duty.
  ///   - marks: the person's, in the order of time; those of other shifts may be among them.
  ///   - before: the end of the shift before this one, and `after` the beginning of the next: marks nearer to those are theirs.
  ///   - leave: the person's time off that was approved; nobody is missed in it.
  package init(
    _ shift: Range<Instant>, _ marks: some Sequence<ClockMark>, before: Instant?, after: Instant?, leave: [Range<Instant>] = [],
    _ rules: AttendanceRules
  ) {
    let from = max(
      shift.lowerBound.microseconds - Self.reach, before.map { ($0.microseconds + shift.lowerBound.microseconds) / 2 } ?? .min)
    let to = min(
      shift.upperBound.microseconds + Self.reach, after.map { ($0.microseconds + shift.upperBound.microseconds) / 2 } ?? .max)
    let mine = marks.filter { $0.at.microseconds >= from && $0.at.microseconds <= to }
    window = (Instant(microseconds: from) ?? shift.lowerBound)...(Instant(microseconds: to) ?? shift.upperBound)
    duty = leave.isEmpty ? shift : Self.duty(shift, without: leave)
    guard let duty else {
      (arrived, left, found) = (nil, nil, [])
      return
    }
    let arrived = mine.first { $0.direction == .entering && $0.at < duty.upperBound }?.at
    // Who came back after going out has not left by that.
    let back = mine.last { $0.direction == .entering && $0.at < duty.upperBound }?.at ?? duty.lowerBound
    let left = mine.last { $0.direction == .leaving && $0.at > max(back, duty.lowerBound) }?.at
    (self.arrived, self.left) = (arrived, left)
    let minutes = { (span: Int64) in Int(max(0, span) / Instant.minute) }
    // Somebody who never came in is absent; who came and never went out is not known to have left early.
    guard let arrived else {
      let whole = minutes(duty.upperBound.microseconds(since: duty.lowerBound))
      found = rules.absent.map { whole > $0.over ? [Found(finding: .absent, minutes: whole, incident: $0.incident)] : [] } ?? []
      return
    }
    var found: [Found] = []
    func note(_ finding: Finding, _ span: Int64, _ rule: AttendanceRules.Rule?) {
      // A tolerance of ten minutes is kept at ten minutes and no seconds.
      guard let rule, span > Int64(rule.over) * Instant.minute else { return }
      found.append(Found(finding: finding, minutes: minutes(span), incident: rule.incident))
    }
    note(.late, arrived.microseconds(since: duty.lowerBound), rules.late)
    if let left { note(.early, duty.upperBound.microseconds(since: left), rules.early) }
    var away: Int64 = 0
    var out: Instant?
    for mark in mine where mark.at >= arrived {
      switch mark.direction {
      case .leaving: if out == nil { out = mark.at }
      case .entering:
        // Who comes back after the end has left early, and is not off the post as well.
        if let since = out, mark.at < duty.upperBound {
          away += Self.span(from: max(since, duty.lowerBound), to: mark.at, without: leave)
          out = nil
        }
      }
    }
    note(.offPost, away, rules.offPost)
    self.found = found
  }

  private static func duty(_ shift: Range<Instant>, without leave: [Range<Instant>]) -> Range<Instant>? {
    var (start, end) = (shift.lowerBound, shift.upperBound)
    for time in leave.sorted(by: { $0.lowerBound < $1.lowerBound }) where time.lowerBound <= start { start = max(start, time.upperBound) }
    for time in leave.sorted(by: { $0.upperBound > $1.upperBound }) where time.upperBound >= end { end = min(end, time.lowerBound) }
    return start < end ? start..<end : nil
  }

  /// How long a time is, those parts left out in which nobody is missed.
  private static func span(from start: Instant, to end: Instant, without leave: [Range<Instant>]) -> Int64 {
    guard start < end else { return 0 }
    let excused = leave.reduce(Int64(0)) { sum, time in
      let common = time.clamped(to: start..<end)
      return sum + common.upperBound.microseconds(since: common.lowerBound)
    }
    return max(0, end.microseconds(since: start) - excused)
  }
}

extension ShiftAttendance.Finding {
  package var name: Text {
    switch self {
    case .late: Text(zh: "迟到", en: "late")
    case .early: Text(zh: "早退", en: "left early")
    case .offPost: Text(zh: "脱岗", en: "off the post")
    case .absent: Text(zh: "缺勤", en: "absent")
    }
  }
}
