// SPDX-License-Identifier: Apache-2.0
import Base
import Synchronization

/// How often each calendar feed was fetched from this process of late: a program that asks too often is told to wait.
package final class FeedFetches: Sendable {
  /// How many fetches a feed has in one span, whichever devices share it.
  package static let greatest = 30
  /// Ten minutes.
  static let span = 10 * Instant.minute
  /// How many feeds are kept count of before all counts begin anew.
  private static let bound = 50_000

  private let counts = Mutex<[UUIDv7: (since: Instant, count: Int)]>([:])

  package init() {}

  /// Counts a fetch, and says whether it is within bounds.
  func admits(_ feed: UUIDv7, at now: Instant) -> Bool {
    counts.withLock { counts in
      if let known = counts[feed], (0..<Self.span).contains(now.microseconds(since: known.since)) {
        counts[feed] = (known.since, known.count + 1)
        return known.count < Self.greatest
      }
      if counts.count >= Self.bound { counts = [:] }
      counts[feed] = (now, 1)
      return true
    }
  }
}

extension Problem {
  /// 429: a feed that is fetched too often.
  static let tooManyFetches = Problem(
    status: 429, code: "too-many-fetches", title: Text(zh: "读取过于频繁", en: "Fetched too often"),
    detail: Text(
      zh: "一个日历订阅每十分钟最多读取 \(FeedFetches.greatest) 次。",
      en: "A calendar feed is fetched at most \(FeedFetches.greatest) times in ten minutes."))
}
