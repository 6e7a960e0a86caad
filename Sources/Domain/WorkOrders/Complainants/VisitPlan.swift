// SPDX-License-Identifier: Apache-2.0
import Base

/// When a key complainant is to be visited next, and what was told of it.
package struct VisitPlan: Sendable, Hashable {
  /// What both sides are told: that the day comes near, and that it has passed.
  package enum Notice: String, Sendable, Hashable, CaseIterable {
    case due = "complainant.visit-due"
    case missed = "complainant.visit-missed"
  }

  package enum Told: String, Sendable, Hashable, CaseIterable { case nothing, due, missed }

  package let every: Span
  /// The day of the last visit, or of the marking where there was none: the plan runs from it.
  package let from: CivilDate
  /// The last day of the next visit; nil while no calendar is known for the year in which it lies.
  package let due: CivilDate?
  package let told: Told
  /// When somebody is to look at it again; nil when nothing is left to tell.
  package let next: Instant?

  package init(every: Span, from: CivilDate, due: CivilDate?, told: Told, next: Instant?) {
    self.every = every
    self.from = from
    self.due = due
    self.told = told
    self.next = next
  }

  /// The plan after a visit, or after the marking.
  ///
  /// - Parameter now: where no calendar is known for the end, it is asked for again a day later.
  /// - Throws: `outOfRange` beyond year 9999.
  package init(
    every: Span, from: CivilDate, under rule: ComplainantRule, _ calendar: WorkingCalendar, at now: Instant
  ) throws(CalendarError) {
    let due = try Self.lastDay(every, from, rule, calendar)
    self.init(
      every: every, from: from, due: due, told: .nothing,
      next: try due.map { day throws(CalendarError) in try Self.reminder(of: day, rule) }
        ?? Instant(microseconds: now.microseconds + Instant.day))
  }

  private static func lastDay(
    _ every: Span, _ from: CivilDate, _ rule: ComplainantRule, _ calendar: WorkingCalendar
  ) throws(CalendarError) -> CivilDate? {
    do throws(CalendarError) {
      return try calendar.deadline(every, after: from, rolls: rule.rolls).lastDay
    } catch {
      guard case .missingYear = error else { throw error }
      return nil
    }
  }

  /// 00:00 of the day from which on the visit is reminded of.
  private static func reminder(of day: CivilDate, _ rule: ComplainantRule) throws(CalendarError) -> Instant {
    guard let day = CivilDate(day: Int(day.day) - Int(rule.remindBefore.count)) else { throw .outOfRange }
    return Instant(day)
  }

  /// What the passing of time makes of the plan.
  ///
  /// - Returns: the plan as it is then, and what is to be told now; of a visit whose day has passed before it was reminded of, only that.
  /// - Throws: `outOfRange` beyond year 9999.
  package func tick(
    at now: Instant, under rule: ComplainantRule, _ calendar: WorkingCalendar
  ) throws(CalendarError) -> (plan: VisitPlan, notice: Notice?) {
    let known = if let due { due as CivilDate? } else { try Self.lastDay(every, from, rule, calendar) }
    guard let due = known else {
      return (VisitPlan(every: every, from: from, due: nil, told: told, next: Instant(microseconds: now.microseconds + Instant.day)), nil)
    }
    guard let after = CivilDate(day: Int(due.day) + 1) else { throw .outOfRange }
    let outside = Instant(after)
    func plan(_ told: Told, _ next: Instant?) -> VisitPlan { VisitPlan(every: every, from: from, due: due, told: told, next: next) }
    if now >= outside { return (plan(.missed, nil), told == .missed ? nil : .missed) }
    switch told {
    case .missed: return (plan(.missed, nil), nil)
    case .due: return (plan(.due, outside), nil)
    case .nothing:
      let reminder = try Self.reminder(of: due, rule)
      return now >= reminder ? (plan(.due, outside), .due) : (plan(.nothing, reminder), nil)
    }
  }
}
