// SPDX-License-Identifier: Apache-2.0

/// The course of one clock that does not recur: when it stands still, and when it runs out.
struct Course {
  private let clocks: NaiveClocks
  private let rule: NaiveRule
  private let limit: NaiveRule.Limit
  private let start: Int64
  private var pauses: [(from: Int64, to: Int64?)] = []

  init(_ clocks: NaiveClocks, _ rule: NaiveRule, _ limit: NaiveRule.Limit, _ start: Int64) {
    (self.clocks, self.rule, self.limit, self.start) = (clocks, rule, limit, start)
  }

  /// Runs through the steps from its start on.
  ///
  /// - Parameter isEnded: whether the last of them ends it.
  consuming func run(_ steps: [NaiveStep], isEnded: Bool, _ number: Int, _ now: Int64) -> (line: String, outside: Int64?) {
    for (place, step) in steps.enumerated() {
      let isWaiting = rule.pausedWhile.contains { step.after.waits.contains($0) }
      let isPaused = pauses.last.map { $0.to == nil } ?? false
      if isPaused, !isWaiting { pauses[pauses.count - 1].to = step.at }
      if isEnded, place == steps.count - 1 { break }
      // What has run out does not stand still any more.
      if !isPaused, isWaiting, let outside, outside > step.at { pauses.append((step.at, nil)) }
    }
    let end = isEnded ? steps.last : nil
    let outside = outside
    if let end, pauses.last.map({ $0.to == nil }) ?? false { pauses[pauses.count - 1].to = end.at }
    let state: String
    if let outside, outside <= end?.at ?? now {
      state = "missed"
    } else if let end {
      state = end.kind == rule.to ? "met" : "lapsed"
    } else {
      state = outside == nil ? "paused" : "running"
    }
    let words = [
      rule.id, "\(number)", state, "\(start)", outside.map { "\($0)" } ?? "none", end.map { "\($0.at)" } ?? "none", "\(pauses.count)",
    ]
    return (words.joined(separator: "|"), outside)
  }

  /// The first moment that is too late; nil while it stands still.
  private var outside: Int64? {
    if pauses.last.map({ $0.to == nil }) ?? false { return nil }
    switch limit.unit {
    case "minutes": return moment(after: limit.count * 60 * NaiveCalendar.second) + 1
    case "hours": return moment(after: limit.count * 3600 * NaiveCalendar.second) + 1
    default: return NaiveCalendar.start(of: lastDay + 1)
    }
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
          if left <= stop - place { return place + left }
          left -= stop - place
          place = stop
        }
      }
      day += 1
    }
  }

  /// Counts whole days behind the first, those on which it did not stand still.
  private var lastDay: Int64 {
    var day = NaiveCalendar.day(of: start)
    var left = limit.count
    while left > 0 {
      day += 1
      if !Self.isTouched(day, pauses) { left -= 1 }
    }
    return clocks.rolled(day, rule, pauses)
  }

  /// Whether some part of a day lies in a pause.
  static func isTouched(_ day: Int64, _ pauses: [(from: Int64, to: Int64?)]) -> Bool {
    let (begin, end) = (NaiveCalendar.start(of: day), NaiveCalendar.start(of: day + 1))
    return pauses.contains { $0.from < end && $0.from < $0.to ?? .max && ($0.to ?? .max) > begin }
  }
}
