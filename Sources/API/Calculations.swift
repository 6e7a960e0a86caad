// SPDX-License-Identifier: Apache-2.0
import Base
import EventLoop

/// A thread of its own for what takes long to work out, so that the loop that asked goes on serving others: one thing after the other.
package struct Calculations: Sendable {
  private let threads: Offload

  /// How many may wait beyond the one that is worked out; who comes then is asked to come back (503).
  private static let waiting = 16

  package init() throws { threads = try Offload(threads: 1, bound: Self.waiting) }

  /// - Throws: 503 while too many wait.
  func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async throws -> Value {
    do {
      return try await threads.run(work)
    } catch is Offload.Failure {
      throw Problem.overloaded
    }
  }

  package func stop() { threads.stop() }
}
