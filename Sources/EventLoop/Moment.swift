// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A point on the machine's monotonic clock; it says nothing of the time of day.
package struct Moment: Comparable, Hashable, Sendable {
  /// Nanoseconds since an arbitrary start, the same for every thread of this machine.
  package let nanoseconds: UInt64

  package init(nanoseconds: UInt64) {
    self.nanoseconds = nanoseconds
  }

  /// Later than every deadline.
  package static let never = Moment(nanoseconds: .max)

  /// Reads the clock.
  package static func read() -> Moment {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Moment(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
  }

  package static func < (left: Moment, right: Moment) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The moment that comes `nanoseconds` later, or ``never`` when the clock cannot say it.
  package func adding(nanoseconds: UInt64) -> Moment {
    let (sum, overflow) = self.nanoseconds.addingReportingOverflow(nanoseconds)
    return overflow ? .never : Moment(nanoseconds: sum)
  }

  /// The moment `duration` later; a negative duration counts as zero.
  package static func + (moment: Moment, duration: Duration) -> Moment {
    moment.adding(nanoseconds: duration.wholeNanoseconds)
  }

  /// How long ago `earlier` was, zero when it lies ahead.
  package func since(_ earlier: Moment) -> Duration {
    .nanoseconds(earlier < self ? Int64(clamping: nanoseconds - earlier.nanoseconds) : 0)
  }
}

extension Duration {
  /// The duration in nanoseconds, rounded down, bounded by zero and by what fits.
  package var wholeNanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max : product &+ UInt64(attoseconds / 1_000_000_000)
  }
}
