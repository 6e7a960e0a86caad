// SPDX-License-Identifier: Apache-2.0
import EventLoop

/// Threads for tests that block: that run programs, wait for them, ask the database without a loop.
///
/// Swift's own threads are as many as the machine has cores; a test that blocks one of them holds up every other test, and those that
/// look at a clock then fail for nothing.
package final class BlockingThreads: TaskExecutor {
  package static let shared = Result { try BlockingThreads(count: 16) }

  /// Those of tests that block for moments only, and wait for what a loop does: behind whole programs they would wait for minutes, and what
  /// they talk to would have given them up.
  package static let brief = Result { try BlockingThreads(count: 8) }

  private let threads: Offload

  private init(count: Int) throws(SystemError) {
    // Jobs must not be lost; there are never so many.
    threads = try Offload(threads: count, bound: .max)
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedTaskExecutor()
    do {
      try threads.detach { job.runSynchronously(on: executor) }
    } catch {
      preconditionFailure("these threads are never stopped")
    }
  }

  /// Runs `body`, and the tasks inside of it, on these threads.
  package static func run<Value: Sendable>(
    on threads: Result<BlockingThreads, any Error> = shared, _ body: @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withTaskExecutorPreference(try threads.get()) { try await body() }
  }
}
