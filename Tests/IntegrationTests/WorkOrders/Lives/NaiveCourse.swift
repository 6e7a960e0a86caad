// SPDX-License-Identifier: Apache-2.0

/// The course of one clock that does not recur: when it stands still, and when it runs out.
struct NaiveCourse {
  typealias Pause = (from: Int64, to: Int64?)

  private let clocks: NaiveClocks
  private let rule: NaiveRule
  private let limit: NaiveRule.Limit
  private let start: Int64
  private var pauses: [Pause] = []

  init(_ clocks: NaiveClocks, _ rule: NaiveRule, _ limit: NaiveRule.Limit, _ start: Int64) {
    (self.clocks, self.rule, self.limit, self.start) = (clocks, rule, limit, start)
  }

  /// Runs through the steps from its start on.
  ///
  /// - Parameter isEnded: whether the last of them ends it.
  consuming func run(_ steps: [NaiveStep], isEnded: Bool, _ number: Int, _ now: Int64) -> NaiveClock {
    for (place, step) in steps.enumerated() {
      let isWaiting = rule.pausedWhile.contains { step.after.waits.contains($0) }
      if isPaused, !isWaiting { pauses[pauses.count - 1].to = step.at }
      if isEnded, place == steps.count - 1 { break }
      // What has run out does not stand still any more.
      if !isPaused, isWaiting, let outside, outside > step.at { pauses.append((step.at, nil)) }
    }
    let end = isEnded ? steps.last : nil
    var clock = NaiveClock(rule: rule, number: number, start: start, outside: outside, warning: warning)
    (clock.ended, clock.pauses, clock.meetsPause) = (end?.at, pauses.count, meetsPause)
    if let outside = clock.outside, outside <= end?.at ?? now {
      clock.state = "missed"
    } else if let end {
      clock.state = end.kind == rule.to ? "met" : "lapsed"
    } else if isPaused {
      clock.state = "paused"
    }
    return clock
  }

  private var isPaused: Bool { pauses.last.map { $0.to == nil } ?? false }

  /// The first moment that is too late; nil while it stands still.
  private var outside: Int64? {
    if isPaused { return nil }
    if limit.isOfMoments { return moment(after: limit.length) + 1 }
    let last = clocks.lastDay(limit.count, limit.unit, after: NaiveCalendar.day(of: start), rule, pauses)
    return NaiveCalendar.start(of: last + 1)
  }

  /// Whether pauses lie at the edges of the day that its end would roll to without them.
  private var meetsPause: (begun: Bool, ended: Bool) {
    guard !isPaused, rule.rolls, !limit.isOfMoments, limit.unit != "workingDays" else { return (false, false) }
    let plain = clocks.plainLastDay(limit.count, limit.unit, after: NaiveCalendar.day(of: start), pauses)
    guard !clocks.calendar.isWorking(plain) else { return (false, false) }
    var day = plain
    while !clocks.calendar.isWorking(day) { day += 1 }
    return (
      pauses.contains { NaiveCalendar.day(of: $0.from) == day && $0.from < $0.to ?? .max },
      pauses.contains { $0.to == NaiveCalendar.start(of: day) && NaiveCalendar.day(of: $0.from) > plain }
    )
  }

  /// When its end is warned of; nil while it stands still.
  private var warning: Int64? {
    outside.map { limit.isOfMoments ? moment(after: rule.warning(of: limit.length)) : start + rule.warning(of: $0 - start) }
  }

  /// Walks through the hours that count, day by day.
  private func moment(after amount: Int64) -> Int64 {
    var left = amount
    var day = NaiveCalendar.day(of: start)
    while true {
      let list = rule.isOnDuty ? (clocks.calendar.isWorking(day) ? clocks.hours.working : clocks.hours.rest) : [0...NaiveCalendar.day]
      for hours in list {
        var place = max(start, NaiveCalendar.start(of: day) + hours.lowerBound)
        let end = NaiveCalendar.start(of: day) + hours.upperBound
        while place < end {
          if let pause = pauses.first(where: { $0.from <= place && place < ($0.to ?? .max) }) {
            place = pause.to ?? .max
            continue
          }
          let stop = min(end, pauses.map(\.from).filter { $0 > place }.min() ?? .max)
          if left <= stop - place { return standing(at: place + left) }
          left -= stop - place
          place = stop
        }
      }
      day += 1
    }
  }

  /// The end, where the last instant is just used up; when a wait begins with that very instant, it stands still with nothing left.
  private func standing(at end: Int64) -> Int64 { pauses.first { $0.from == end && end < $0.to ?? .max }?.to ?? end }

  /// Whether some part of a day lies in a pause.
  static func isTouched(_ day: Int64, _ pauses: [Pause]) -> Bool {
    let (begin, end) = (NaiveCalendar.start(of: day), NaiveCalendar.start(of: day + 1))
    return pauses.contains { $0.from < end && $0.from < $0.to ?? .max && ($0.to ?? .max) > begin }
  }
}
