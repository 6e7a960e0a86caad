// SPDX-License-Identifier: Apache-2.0

extension EventLoop {
  /// Suspends for `duration`, on the loop's own timers.
  ///
  /// - Throws: `CancellationError` when the task is cancelled meanwhile.
  package func sleep(for duration: Duration) async throws(CancellationError) {
    try await Alarm(on: self).sleep(for: duration)
  }

  /// Runs `body` on this loop and comes back.
  @concurrent
  package func run<Value: Sendable, Failure: Error>(
    _ body: @concurrent @Sendable () async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withTaskExecutorPreference(self) {
      do throws(Failure) {
        return .success(try await body())
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Starts a task that lives on this loop.
  @discardableResult
  package func task<Value: Sendable>(_ body: sending @escaping () async -> Value) -> Task<Value, Never> {
    Task(executorPreference: self) { await body() }
  }
}
