// SPDX-License-Identifier: Apache-2.0
import Base
import Synchronization

/// What the ``Timekeeper`` counts, by the name of the work.
final class TimerMetrics: Sendable {
  struct Numbers: Sendable {
    /// What was done since the process began.
    var fired = 0
    /// Rounds and transactions that failed.
    var failures = 0
    /// How long the oldest thing due had been so when it was last looked, in microseconds.
    var lag: Int64 = 0
  }

  private let numbers: Mutex<[String: Numbers]>

  init(_ works: [DueWork]) {
    numbers = Mutex(Dictionary(uniqueKeysWithValues: works.map { ($0.name, Numbers()) }))
  }

  func fired(_ work: String, _ count: Int) { numbers.withLock { $0[work]?.fired += count } }

  func failed(_ work: String) { numbers.withLock { $0[work]?.failures += 1 } }

  func saw(_ work: String, oldest: Instant?, at now: Instant) {
    numbers.withLock { $0[work]?.lag = oldest.map { max(0, now.microseconds(since: $0)) } ?? 0 }
  }

  /// The numbers of each work, by name.
  var all: [(work: String, numbers: Numbers)] {
    numbers.withLock { $0 }.map { (work: $0.key, numbers: $0.value) }.sorted { $0.work < $1.work }
  }
}
