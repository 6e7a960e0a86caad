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

  package init(late: Rule?, early: Rule?, offPost: Rule?, absent: Rule?) {
    (self.late, self.early, self.offPost, self.absent) = (late, early, offPost, absent)
  }
}

extension AttendanceRules {
  private static let rule: Shape<Rule> = .object(
    Field("over", .object(Field("minutes", .integer(0...1440))) { $0 }), Field(optional: "incident", .code)
  ) { Rule(over: $0, incident: $1) }

  static let shape: Shape<AttendanceRules> = .object(
    "attendanceRules", about: Text(zh: "迟到、早退、脱岗、旷工的认定。", en: "When somebody counts as late, early, off the post or absent."),
    Field(optional: "late", rule), Field(optional: "early", rule), Field(optional: "offPost", rule), Field(optional: "absent", rule)
  ) { AttendanceRules(late: $0, early: $1, offPost: $2, absent: $3) }
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

  /// How long before the shift a clock-in, and after it a clock-out, still belongs to it, unless another shift is nearer.
  package static let reach: Int64 = 4 * Instant.hour

  /// Judges a shift that is over by the marks near it.
  ///
  /// - Parameters:
  ///   - shift: when the person was to be on duty.
  ///   - marks: the person's, in the order of time; those of other shifts may be among them.
  ///   - before: the end of the shift before this one, and `after` the beginning of the next: marks nearer to those are theirs.
  package init(_ shift: Range<Instant>, _ marks: [ClockMark], before: Instant?, after: Instant?, _ rules: AttendanceRules) {
    let from = max(
      shift.lowerBound.microseconds - Self.reach, before.map { ($0.microseconds + shift.lowerBound.microseconds) / 2 } ?? .min)
    let to = min(
      shift.upperBound.microseconds + Self.reach, after.map { ($0.microseconds + shift.upperBound.microseconds) / 2 } ?? .max)
    let mine = marks.filter { $0.at.microseconds >= from && $0.at.microseconds <= to }
    let arrived = mine.first { $0.direction == .entering && $0.at < shift.upperBound }?.at
    let left = mine.last { $0.direction == .leaving && $0.at > shift.lowerBound }?.at
    (self.arrived, self.left) = (arrived, left)
    let minutes = { (span: Int64) in Int(max(0, span) / Instant.minute) }
    // Somebody who never came in is absent; who came and never went out is not known to have left early.
    guard let arrived else {
      let whole = minutes(shift.upperBound.microseconds(since: shift.lowerBound))
      found = rules.absent.map { whole > $0.over ? [Found(finding: .absent, minutes: whole, incident: $0.incident)] : [] } ?? []
      return
    }
    var found: [Found] = []
    func note(_ finding: Finding, _ span: Int64, _ rule: AttendanceRules.Rule?) {
      // A tolerance of ten minutes is kept at ten minutes and no seconds.
      guard let rule, span > Int64(rule.over) * Instant.minute else { return }
      found.append(Found(finding: finding, minutes: minutes(span), incident: rule.incident))
    }
    note(.late, arrived.microseconds(since: shift.lowerBound), rules.late)
    if let left, left > arrived { note(.early, shift.upperBound.microseconds(since: left), rules.early) }
    var away: Int64 = 0
    var out: Instant?
    for mark in mine where mark.at >= arrived {
      switch mark.direction {
      case .leaving: if out == nil { out = mark.at }
      case .entering:
        if let since = out {
          away += max(0, min(mark.at, shift.upperBound).microseconds(since: max(since, shift.lowerBound)))
          out = nil
        }
      }
    }
    note(.offPost, away, rules.offPost)
    self.found = found
  }
}
