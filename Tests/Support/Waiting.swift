// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Waits for a state, never for a time: asks again and again until it holds.
///
/// A state that never comes is a failure that says what was waited for; no test needs the two minutes.
///
/// - Throws: `Command.Failure` after two minutes, or what `condition` throws.
package func wait(for state: String, _ condition: () throws -> Bool) throws {
  let deadline = monotonicSeconds() + 120
  while !(try condition()) {
    guard monotonicSeconds() < deadline else { throw Command.Failure(description: "waited two minutes in vain for: \(state)") }
    usleep(5000)
  }
}

/// Seconds of a clock that is never set.
package func monotonicSeconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return time.tv_sec
}
