// SPDX-License-Identifier: Apache-2.0
import Testing

/// Lets the tests of a suite block, on threads that are made for it.
package struct BlockingTrait: SuiteTrait, TestScoping {
  let isBrief: Bool

  package func provideScope(for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void) async throws {
    try await BlockingThreads.run(on: isBrief ? BlockingThreads.brief : BlockingThreads.shared, body)
  }
}

extension Trait where Self == BlockingTrait {
  package static var blocking: Self { BlockingTrait(isBrief: false) }

  /// For tests that block for moments only.
  package static var blockingBriefly: Self { BlockingTrait(isBrief: true) }
}
