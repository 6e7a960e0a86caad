// SPDX-License-Identifier: Apache-2.0
import Testing

/// Lets the tests of a suite block, on threads that are made for it.
package struct BlockingTrait: SuiteTrait, TestScoping {
  package func provideScope(for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void) async throws {
    try await BlockingThreads.run(body)
  }
}

extension Trait where Self == BlockingTrait {
  package static var blocking: Self { BlockingTrait() }
}
