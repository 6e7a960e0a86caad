// SPDX-License-Identifier: Apache-2.0
import Base

/// When the orders of a year come in: more on working days, by day, in the heating season and in summer.
struct DemoYear: Sendable {
  /// Of the months, January first.
  private static let months = [10, 8, 10, 9, 9, 10, 12, 11, 9, 9, 12, 11]
  /// Of the hours of a day.
  private static let hours = [2, 1, 1, 1, 1, 3, 8, 16, 30, 40, 42, 34, 22, 26, 36, 38, 34, 28, 24, 22, 20, 14, 8, 4]
  private static let wholeDay = hours.reduce(0, +)

  let days: DateRange
  /// What the days before each weigh, and all of them at the end.
  private let before: [Int]

  /// - Parameter calendar: says which days are working days, as far as it is known.
  init(_ days: DateRange, seed: UInt64, calendar: WorkingCalendar) {
    self.days = days
    var before = [0]
    before.reserveCapacity(days.days + 1)
    for place in 0..<days.days {
      var chance = DemoChance(seed: seed, place: place)
      let date = CivilDate(day: Int(days.first.day) + place) ?? days.first
      let isWorking = (try? calendar.isWorking(date)) ?? !date.weekday.isWeekend
      before.append(before[place] + Self.months[date.components.month - 1] * (isWorking ? 10 : 7) * chance.within(80...120))
    }
    self.before = before
  }

  /// When one of so many comes in; later ones come later.
  func arrival(of place: Int, among count: Int, _ chance: inout DemoChance) -> Instant {
    let whole = before[before.count - 1]
    let weight = (place * whole + chance.below(whole)) / count
    var (low, high) = (0, before.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if before[middle] <= weight { low = middle } else { high = middle }
    }
    let date = CivilDate(day: Int(days.first.day) + low) ?? days.last
    // How far into the day, as a share of its weight, and from there to the hour.
    let length = before[low + 1] - before[low]
    var share = (weight - before[low]) * Self.wholeDay * 3_600_000 / length
    var hour = 0
    while hour < 23, share >= Self.hours[hour] * 3_600_000 {
      share -= Self.hours[hour] * 3_600_000
      hour += 1
    }
    let time = Int64(hour) * Instant.hour + Int64(share / Self.hours[hour]) * 1000
    return Instant(date, CivilTime(microseconds: min(time, Instant.day - 1)) ?? .midnight)
  }
}
