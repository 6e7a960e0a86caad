// SPDX-License-Identifier: Apache-2.0
internal import CLinux
import Glibc

/// A few threads for what blocks or takes long, so that no loop does: password hashing, cancelling a statement.
// Unchecked: `waiting` and `isStopping` are touched only while holding `lock`, `threads` by `init` and `stop()` alone.
package final class Offload: @unchecked Sendable {
  /// Why work was not done.
  package enum Failure: Error, Equatable {
    /// More work waits already than the bound allows.
    case overloaded
    case stopped
  }

  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let arrival: UnsafeMutablePointer<pthread_cond_t>
  private let bound: Int
  private var waiting: [@Sendable () -> Void] = []
  private var isStopping = false
  private var threads: [pthread_t] = []

  /// Starts the threads.
  ///
  /// - Parameters:
  ///   - threads: how many pieces of work run at once.
  ///   - bound: how many more may wait.
  package init(threads count: Int, bound: Int = 1024) throws(SystemError) {
    lock = .allocate(capacity: 1)
    arrival = .allocate(capacity: 1)
    self.bound = bound
    pthread_mutex_init(lock, nil)
    pthread_cond_init(arrival, nil)
    for _ in 0..<count {
      var thread = pthread_t()
      let argument = Unmanaged.passRetained(self)
      let result = pthread_create(
        &thread, nil,
        { argument in
          Unmanaged<Offload>.fromOpaque(argument!).takeRetainedValue().work()
          return nil
        }, argument.toOpaque())
      guard result == 0 else {
        argument.release()
        stop()
        throw SystemError("pthread_create", code: result)
      }
      threads.append(thread)
    }
  }

  deinit {
    pthread_mutex_destroy(lock)
    pthread_cond_destroy(arrival)
    lock.deallocate()
    arrival.deallocate()
  }

  /// Runs `body` on one of the threads and comes back to the caller's executor with what it returned or threw.
  ///
  /// - Throws: ``Failure``, or what `body` throws.
  package func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Value, any Error>) in
      let failure = add { continuation.resume(with: Result(catching: body)) }
      if let failure { continuation.resume(throwing: failure) }
    }
  }

  /// Runs `body` on one of the threads; nobody waits for it.
  package func detach(_ body: @escaping @Sendable () -> Void) throws(Failure) {
    if let failure = add(body) { throw failure }
  }

  private func add(_ body: @escaping @Sendable () -> Void) -> Failure? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    guard !isStopping else { return .stopped }
    guard waiting.count < bound else { return .overloaded }
    waiting.append(body)
    pthread_cond_signal(arrival)
    return nil
  }

  /// Finishes what waits, then ends the threads and waits for them.
  package func stop() {
    pthread_mutex_lock(lock)
    let wasStopping = isStopping
    isStopping = true
    pthread_cond_broadcast(arrival)
    pthread_mutex_unlock(lock)
    guard !wasStopping else { return }
    for thread in threads { pthread_join(thread, nil) }
  }

  private func work() {
    clinux_name_thread("offload")
    while let body = next() { body() }
  }

  private func next() -> (@Sendable () -> Void)? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while waiting.isEmpty {
      if isStopping { return nil }
      pthread_cond_wait(arrival, lock)
    }
    return waiting.removeFirst()
  }
}
