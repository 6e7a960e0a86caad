// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A value that several threads share, touched only while its lock is held.
///
/// A `pthread` mutex and not `Synchronization.Mutex`: the thread sanitizer knows the former, and reports a race for whatever the latter protects.
// Unchecked: `value` is reached through `withLock` alone.
package final class Guarded<Value: Sendable>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  package init(_ value: Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs `body` with the value while nobody else has it; `body` must not come back to the same value.
  package func withLock<Result, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
