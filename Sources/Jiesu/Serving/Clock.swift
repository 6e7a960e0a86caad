// SPDX-License-Identifier: Apache-2.0
import Base
import Glibc

/// The wall clock of this machine.
enum Clock {
  /// Now, to the microsecond.
  static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000) ?? Instant(.first)
  }
}
